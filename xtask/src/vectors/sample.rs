//! A value of a type, in one of several styles.

use super::model::Model;
use super::text::{KEYS, LONG, ODD, UNHEARD};
use super::vector::{Case, Rule};
use rpcsmith::backend::shapes::Width;
use rpcsmith::ir::{Field, Format, IntRange, Literal, Presence, Struct, Tagging, Type, TypeId, TypeKind, Variant};
use serde_json::{Map, Value, json};

/// How much of a type a value shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// What must be there, and as little of it as there can be.
    Minimal,
    /// Everything that may be there, but no `null`.
    Full,
    /// The same, with texts and numbers that are hard to keep.
    Odd,
    /// The same as full, with members that no schema has in every object.
    Extra,
}

impl Style {
    /// All of them, by name.
    pub const ALL: [(&str, Self); 4] =
        [("minimal", Self::Minimal), ("full", Self::Full), ("odd", Self::Odd), ("extra", Self::Extra)];
}

/// How many objects, lists and unions inside one another are filled: many types come back to themselves somewhere.
const DEEP: usize = 4;

/// A value of `ty`.
pub fn sample(model: &Model<'_>, ty: &Type, style: Style) -> Value {
    Sampler { model, style }.of(ty, 0)
}

/// A vector for each style in which `make` gives another value.
pub fn in_every_style(name: &str, make: impl Fn(Style) -> Value) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::with_capacity(Style::ALL.len());
    for (style_name, style) in Style::ALL {
        let case = Case::plain(format!("{name}{style_name}"), make(style));
        if cases.iter().all(|other| other.message != case.message) {
            cases.push(if style == Style::Extra { case.showing(Rule::C17) } else { case });
        }
    }
    cases
}

/// A value of a union's variant.
pub fn variant(model: &Model<'_>, tagging: &Tagging, variant: &Variant, style: Style) -> Value {
    Sampler { model, style }.variant(tagging, variant, 0)
}

struct Sampler<'a> {
    model: &'a Model<'a>,
    style: Style,
}

impl Sampler<'_> {
    fn of(&self, ty: &Type, depth: usize) -> Value {
        let minimal = self.style_at(depth) == Style::Minimal;
        match ty {
            Type::Bool => Value::from(!minimal),
            Type::Int(range) => whole(*range, self.style_at(depth)),
            Type::Float => Value::from(match self.style_at(depth) {
                Style::Minimal => 0.0,
                Style::Full | Style::Extra => 0.5,
                Style::Odd => LONG,
            }),
            Type::String(format) => Value::from(self.text(*format, depth)),
            Type::Null => Value::Null,
            Type::Any => self.anything(depth),
            Type::Literal(literal) => literal_value(literal),
            Type::List(item) if minimal || !self.model.is_possible(item) => json!([]),
            Type::List(item) => Value::Array(vec![self.of(item, depth + 1)]),
            Type::Map(value) if minimal || !self.model.is_possible(value) => json!({}),
            Type::Map(value) => self.map(value, depth + 1),
            Type::Nullable(inner) if minimal || !self.model.is_possible(inner) => Value::Null,
            Type::Nullable(inner) => self.of(inner, depth),
            Type::Ref(id) => self.named(*id, depth),
        }
    }

    fn style_at(&self, depth: usize) -> Style {
        if depth > DEEP { Style::Minimal } else { self.style }
    }

    fn text(&self, format: Format, depth: usize) -> &'static str {
        match (self.style_at(depth), format) {
            (Style::Minimal, Format::Text) => "",
            (Style::Minimal, Format::NonEmpty) => "x",
            (Style::Full | Style::Extra, _) => "text",
            (Style::Odd, _) => ODD,
        }
    }

    fn anything(&self, depth: usize) -> Value {
        match self.style_at(depth) {
            Style::Minimal => Value::Null,
            Style::Full | Style::Extra => json!({"any": ["thing", null, 1.5, true]}),
            Style::Odd => json!([{"__proto__": {"a": null}, "": [], "type": "$unknown", "raw": ODD}, [null, LONG]]),
        }
    }

    fn map(&self, value: &Type, depth: usize) -> Value {
        if self.style_at(depth) != Style::Odd {
            return json!({"key": self.of(value, depth)});
        }
        let mut members: Map<String, Value> =
            KEYS.iter().map(|key| ((*key).to_owned(), sample(self.model, value, Style::Minimal))).collect();
        members.insert("key".to_owned(), self.of(value, depth));
        Value::Object(members)
    }

    fn named(&self, id: TypeId, depth: usize) -> Value {
        match &self.model.types[id].kind {
            TypeKind::Struct(structure) => self.object(id, structure, depth + 1),
            TypeKind::Enum(values) => Value::from(values.values.first().map_or(UNHEARD, |value| value.wire.as_str())),
            TypeKind::Alias(target) => self.of(target, depth),
            TypeKind::Union(union) => {
                let minimal = self.style_at(depth) == Style::Minimal;
                let first = union.variants.iter().find(|variant| !minimal && self.model.is_possible_variant(variant));
                match first.or_else(|| self.model.smallest_variant(union)) {
                    Some(variant) => self.variant(&union.tagging, variant, depth + 1),
                    None => json!({}),
                }
            }
        }
    }

    fn variant(&self, tagging: &Tagging, variant: &Variant, depth: usize) -> Value {
        let tag = variant.tag.as_deref().unwrap_or_default();
        match (&variant.payload, tagging) {
            (None, _) => Value::from(tag),
            (Some(payload), Tagging::External) => {
                Value::Object(Map::from_iter([(tag.to_owned(), self.of(payload, depth + 1))]))
            }
            (Some(payload), Tagging::Property { .. } | Tagging::Untagged) => self.of(payload, depth),
        }
    }

    fn object(&self, id: TypeId, structure: &Struct, depth: usize) -> Value {
        let style = self.style_at(depth);
        let fields = self.model.fields(id, structure);
        let mut members = Map::new();
        for field in &fields {
            let possible = style != Style::Minimal && self.model.is_possible(&field.ty);
            if field.presence == Presence::Required || possible {
                members.insert(field.wire.clone(), self.of(&field.ty, depth));
            }
        }
        if style == Style::Extra {
            self.add_extra(&mut members, &fields, structure.extra.as_ref(), depth);
        }
        Value::Object(members)
    }

    /// Members beyond those of the schema; on top, also such as are called like a member in some language.
    fn add_extra(&self, members: &mut Map<String, Value>, fields: &[&Field], extra: Option<&Type>, depth: usize) {
        let mut names = vec![UNHEARD.to_owned(), "__proto__".to_owned()];
        if depth == 1 {
            names.extend(KEYS.iter().map(|key| (*key).to_owned()));
            names.extend(fields.iter().flat_map(|field| [field.name.snake(), field.name.camel()]));
        }
        for name in names {
            let value = match extra {
                None | Some(Type::Any) => json!({"a": [null, name]}),
                Some(ty) => sample(self.model, ty, Style::Minimal),
            };
            members.entry(name).or_insert(value);
        }
    }
}

fn whole(range: IntRange, style: Style) -> Value {
    let number = match style {
        Style::Minimal => 0,
        Style::Full | Style::Extra => 7,
        Style::Odd => -7,
    };
    let width = Width::of(range);
    let (min, max) = (width.min().max(range.min.into()), width.max().min(range.max.into()));
    integer(number.clamp(min, max))
}

/// A whole number as JSON. What has more than 64 bits is written as a power of ten.
pub fn integer(number: i128) -> Value {
    match (i64::try_from(number), u64::try_from(number)) {
        (Ok(number), _) => Value::from(number),
        (_, Ok(number)) => Value::from(number),
        (Err(_), Err(_)) => Value::from(if number < 0 { -1e20 } else { 1e20 }),
    }
}

pub fn literal_value(literal: &Literal) -> Value {
    match literal {
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Bool(flag) => Value::from(*flag),
        Literal::Int(number) => Value::from(*number),
    }
}
