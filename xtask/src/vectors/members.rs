//! The vectors of an object: which members it has, and what each of them holds.

use super::model::Model;
use super::sample::{Style, in_every_style, sample};
use super::text::member;
use super::values::{Bad, Good, bads, goods};
use super::vector::{Case, Notes, Outcome};
use rpcsmith::ir::{Field, Presence, Struct, Type, TypeId};
use serde_json::{Value, json};

/// The vectors of the struct `id`.
pub fn cases(model: &Model<'_>, id: TypeId, structure: &Struct) -> Vec<Case> {
    let ty = Type::Ref(id);
    let mut cases = in_every_style("", |style| sample(model, &ty, style));
    let object = Object { model, fields: model.fields(id, structure), base: sample(model, &ty, Style::Minimal) };
    cases.extend(object.nulls());
    cases.extend(object.values());
    cases.extend(object.fields.iter().flat_map(|field| object.wide(field)));
    cases.extend(bads(model, &ty).into_iter().map(|bad| bad.case("")));
    cases.extend(object.fields.iter().flat_map(|field| object.wrong(field)));
    cases
}

struct Object<'a> {
    model: &'a Model<'a>,
    fields: Vec<&'a Field>,
    /// What must be there, and nothing else.
    base: Value,
}

impl Object<'_> {
    fn with(&self, field: &Field, value: Value) -> Value {
        let mut message = self.base.clone();
        message[field.wire.as_str()] = value;
        message
    }

    /// All members that may be `null` are; and each alone for which that means something of its own.
    fn nulls(&self) -> Vec<Case> {
        let nullable: Vec<&Field> = self.fields.iter().copied().filter(|field| self.may_be_null(field)).collect();
        if nullable.is_empty() {
            return Vec::new();
        }
        let mut message = self.base.clone();
        let mut notes = Notes::default();
        for field in &nullable {
            message[field.wire.as_str()] = Value::Null;
            notes.extend(notes_of(field, &Good::plain(Value::Null)));
        }
        let all = Case::new("all null", message, Outcome::Valid(notes));
        let alone = nullable.iter().filter(|field| field.presence == Presence::ThreeState);
        let alone =
            alone.map(|field| Case::plain(format!("null alone: {}", field.wire), self.with(field, Value::Null)));
        std::iter::once(all).chain(alone).collect()
    }

    fn may_be_null(&self, field: &Field) -> bool {
        field.presence == Presence::ThreeState || self.model.kinds(&field.ty).null
    }

    /// The first value of each member, then the second of those that have two, and so on.
    fn values(&self) -> Vec<Case> {
        let goods: Vec<(&Field, Vec<Good>)> = self.fields.iter().map(|field| (*field, self.goods(field))).collect();
        let most = goods.iter().map(|(_, goods)| goods.len()).max().unwrap_or_default();
        let case = |index: usize| {
            let mut message = self.base.clone();
            let mut notes = Notes::default();
            for (field, good) in goods.iter().filter_map(|(field, goods)| Some((field, goods.get(index)?))) {
                message[field.wire.as_str()] = good.value.clone();
                notes.extend(notes_of(field, good));
            }
            Case::new(format!("values {index}"), message, Outcome::Valid(notes))
        };
        (0..most).map(case).collect()
    }

    fn goods(&self, field: &Field) -> Vec<Good> {
        goods(self.model, &field.ty).into_iter().filter(|good| good.notes.wide.is_none()).collect()
    }

    fn wide(&self, field: &Field) -> Vec<Case> {
        let wide = goods(self.model, &field.ty).into_iter().filter(|good| good.notes.wide.is_some());
        let case = |(index, good): (usize, Good)| {
            let notes = good.notes.within(&member(&field.wire));
            Case::new(format!("wide {index}: {}", field.wire), self.with(field, good.value), Outcome::Valid(notes))
        };
        wide.enumerate().map(case).collect()
    }

    /// The member is missing where it must be there, or holds what it mustn't.
    fn wrong(&self, field: &Field) -> Vec<Case> {
        let bads = bads(self.model, &field.ty).into_iter();
        let bads = bads.filter(|bad| !(bad.value.is_null() && self.may_be_null(field)));
        let bads = bads.map(|bad| bad.within(&member(&field.wire), |value| self.with(field, value)));
        let missing = (field.presence == Presence::Required).then(|| {
            let mut message = self.base.clone();
            message.as_object_mut().map(|members| members.shift_remove(&field.wire));
            Bad::here("missing", message).at(&field.wire)
        });
        missing.into_iter().chain(bads).map(|bad| bad.case(&format!(": {}", field.wire))).collect()
    }
}

/// What is to be said of a member that holds `good`. `null` says the same as nothing where the member may be left out,
/// unless the schema says otherwise.
fn notes_of(field: &Field, good: &Good) -> Notes {
    let mut notes = good.notes.clone().within(&member(&field.wire));
    if good.value == json!(null) && field.presence == Presence::Optional {
        notes.null_or_absent.push(member(&field.wire));
    }
    notes
}
