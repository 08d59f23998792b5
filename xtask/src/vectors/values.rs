//! Values of a type expression, one at a time: those that it allows and those that it doesn't.
//!
//! Named types are not taken apart here; they have vectors of their own.

use super::model::{Kinds, Model};
use super::sample::{Style, in_every_style, integer, literal_value, sample};
use super::text::{KEYS, LONG, ODD, UNHEARD, element, member};
use super::unions;
use super::vector::{Case, Notes, Outcome, Place, Unknown, UnknownKind};
use rpcsmith::backend::shapes::Width;
use rpcsmith::ir::{Format, IntRange, Type, TypeKind};
use serde_json::{Map, Value, json};

/// The largest whole number up to which a double has every one.
const SAFE: i128 = (1 << 53) - 1;

/// A value that a type allows, and what is to be said of it.
#[derive(Debug, Clone)]
pub struct Good {
    pub value: Value,
    pub notes: Notes,
}

/// A value that a type doesn't allow.
#[derive(Debug, Clone)]
pub struct Bad {
    /// What is wrong, in a word or two.
    pub what: String,
    pub value: Value,
    pub place: Place,
}

impl Good {
    pub fn plain(value: Value) -> Self {
        Self { value, notes: Notes::default() }
    }

    pub fn unknown(kind: UnknownKind, value: Value) -> Self {
        let unknown = Unknown { kind, path: String::new(), raw: value.clone() };
        Self { value, notes: Notes { unknown: vec![unknown], ..Notes::default() } }
    }
}

impl Bad {
    pub fn here(what: impl Into<String>, value: Value) -> Self {
        Self { what: what.into(), value, place: Place::default() }
    }

    /// The same, seen from one step further out.
    pub fn within(self, step: &str, value: impl FnOnce(Value) -> Value) -> Self {
        Self { what: self.what, value: value(self.value), place: self.place.within(step) }
    }

    /// What is wrong is a member of the value, and not the whole.
    pub fn at(self, wire: &str) -> Self {
        Self { place: self.place.within(&member(wire)), ..self }
    }

    /// What is wrong may be told to be further in.
    pub fn or_inside(self) -> Self {
        Self { place: Place { inside: true, ..self.place }, ..self }
    }

    /// The vector of it, with something behind its name.
    pub fn case(self, behind: &str) -> Case {
        Case::new(self.what + behind, self.value, Outcome::Invalid(self.place))
    }

    /// The same of something with a name.
    pub fn of(self, name: &str) -> Self {
        Self { what: format!("{name}, {}", self.what), ..self }
    }
}

/// The vectors of a type that is another name for `target`.
pub fn of_alias(model: &Model<'_>, target: &Type) -> Vec<Case> {
    let samples = in_every_style("", |style| sample(model, target, style));
    samples.into_iter().chain(cases(goods(model, target), bads(model, target))).collect()
}

/// Vectors of values that stand for themselves.
pub fn cases(goods: Vec<Good>, bads: Vec<Bad>) -> Vec<Case> {
    let goods = goods.into_iter().enumerate();
    let goods = goods.map(|(index, good)| Case::new(format!("value {index}"), good.value, Outcome::Valid(good.notes)));
    goods.chain(bads.into_iter().map(|bad| bad.case(""))).collect()
}

/// Values that `ty` allows. What lists and maps hold is shown in one of them, as far as it needs none of its own.
pub fn goods(model: &Model<'_>, ty: &Type) -> Vec<Good> {
    let plain = |values: Vec<Value>| values.into_iter().map(Good::plain).collect();
    match ty {
        Type::Bool => plain(vec![json!(true), json!(false)]),
        Type::Int(range) => integers(*range),
        Type::Float => plain(vec![json!(-0.0), json!(3), json!(LONG), json!(f64::MAX), json!(5e-324), json!(-1e21)]),
        Type::String(Format::Text) => plain(vec![json!(""), json!(ODD)]),
        Type::String(Format::NonEmpty) => plain(vec![json!(" "), json!(ODD)]),
        Type::Null => plain(vec![Value::Null]),
        Type::Any => plain(vec![Value::Null, json!(false), json!(-7), json!(1.5), json!(ODD), json!([]), json!({})]),
        Type::Literal(literal) => plain(vec![literal_value(literal)]),
        Type::Nullable(inner) => {
            let mut goods = goods(model, inner);
            goods.push(Good::plain(Value::Null));
            goods
        }
        Type::List(item) => lists(goods(model, item)),
        Type::Map(value) => maps(goods(model, value)),
        Type::Ref(_) if !model.is_possible(ty) => Vec::new(),
        Type::Ref(id) => match &model.types[*id].kind {
            TypeKind::Alias(target) => goods(model, target),
            TypeKind::Struct(_) => plain(vec![sample(model, ty, Style::Minimal)]),
            TypeKind::Enum(values) => {
                let first = values.values.first().map(|value| Good::plain(Value::from(value.wire.as_str())));
                let unknown = values.open.then(|| Good::unknown(UnknownKind::EnumValue, json!(UNHEARD)));
                first.into_iter().chain(unknown).collect()
            }
            TypeKind::Union(union) => {
                let unknown = unions::unknown(model, *id, union).into_iter().next();
                std::iter::once(Good::plain(sample(model, ty, Style::Minimal))).chain(unknown).collect()
            }
        },
    }
}

/// The bounds, and the last whole numbers that a double has.
fn integers(range: IntRange) -> Vec<Good> {
    let width = Width::of(range);
    let (min, max) = (width.min().max(range.min.into()), width.max().min(range.max.into()));
    let mut numbers = vec![min, max, -SAFE, SAFE];
    numbers.retain(|number| (min..=max).contains(number));
    numbers.dedup();
    let good = |number: i128| {
        let wide = (number.abs() > SAFE).then(String::new);
        Good { value: integer(number), notes: Notes { wide, ..Notes::default() } }
    };
    numbers.into_iter().map(good).collect()
}

fn lists(items: Vec<Good>) -> Vec<Good> {
    let (wide, items): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| item.notes.wide.is_some());
    let list = |items: Vec<Good>| {
        let mut notes = Notes::default();
        let mut values = Vec::with_capacity(items.len());
        for (index, item) in items.into_iter().enumerate() {
            notes.extend(item.notes.within(&element(index)));
            values.push(item.value);
        }
        Good { value: Value::Array(values), notes }
    };
    let wide = wide.into_iter().map(|item| list(vec![item]));
    std::iter::once(Good::plain(json!([]))).chain([list(items)]).chain(wide).collect()
}

/// Objects with the keys that mean something to some language.
fn maps(values: Vec<Good>) -> Vec<Good> {
    let (wide, values): (Vec<_>, Vec<_>) = values.into_iter().partition(|value| value.notes.wide.is_some());
    let map = |values: &[Good], keys: &[&str]| {
        let mut notes = Notes::default();
        let mut members = Map::new();
        for (key, good) in keys.iter().zip(values.iter().cycle()) {
            notes.extend(good.notes.clone().within(&member(key)));
            members.insert((*key).to_owned(), good.value.clone());
        }
        Good { value: Value::Object(members), notes }
    };
    let wide = wide.into_iter().map(|value| map(&[value], &["key"]));
    std::iter::once(Good::plain(json!({}))).chain([map(&values, KEYS)]).chain(wide).collect()
}

/// Values that `ty` doesn't allow: of other JSON types, `null`, beyond its bounds, and the same one step further in.
pub fn bads(model: &Model<'_>, ty: &Type) -> Vec<Bad> {
    let kinds = model.kinds(ty);
    let mut bads: Vec<Bad> =
        wrong(kinds).into_iter().map(|value| Bad::here(format!("wrong type {value}"), value)).collect();
    if !kinds.null {
        bads.push(Bad::here("null", Value::Null));
    }
    bads.extend(inner_bads(model, ty));
    bads
}

/// Values of the right JSON type that are wrong all the same.
pub fn inner_bads(model: &Model<'_>, ty: &Type) -> Vec<Bad> {
    match ty {
        Type::Bool | Type::Float | Type::String(Format::Text) | Type::Null | Type::Any => Vec::new(),
        Type::String(Format::NonEmpty) => vec![Bad::here("empty", json!(""))],
        Type::Int(range) => {
            let width = Width::of(*range);
            let beyond = [("below", width.min() - 1), ("above", width.max() + 1)];
            let beyond = beyond.map(|(what, number)| Bad::here(what, integer(number)));
            beyond.into_iter().chain([Bad::here("fraction", json!(1.5))]).collect()
        }
        Type::Literal(literal) => match literal_value(literal) {
            Value::String(_) => vec![Bad::here("another value", json!(UNHEARD))],
            Value::Bool(flag) => vec![Bad::here("another value", json!(!flag))],
            _ => vec![Bad::here("another value", json!(1_234_567))],
        },
        Type::Nullable(inner) => inner_bads(model, inner),
        Type::List(item) if !model.is_possible(item) => Vec::new(),
        Type::List(item) => {
            // What is wrong comes after something unknown, if there can be.
            let unknown = goods(model, item).into_iter().find(|good| !good.notes.unknown.is_empty());
            let first = unknown.map_or_else(|| sample(model, item, Style::Minimal), |good| good.value);
            let inner = outermost(bads(model, item)).into_iter();
            inner.map(|bad| named("in a list", bad.within("[1]", |value| json!([first, value])))).collect()
        }
        Type::Map(value) => {
            let inner = outermost(bads(model, value)).into_iter();
            inner.map(|bad| named("in a map", bad.within(&member("a.b"), |value| json!({"a.b": value})))).collect()
        }
        Type::Ref(id) => match &model.types[*id].kind {
            TypeKind::Alias(target) => inner_bads(model, target),
            TypeKind::Struct(_) => Vec::new(),
            TypeKind::Enum(values) if values.open => Vec::new(),
            TypeKind::Enum(_) => vec![Bad::here("unknown value", json!(UNHEARD))],
            TypeKind::Union(union) => unions::malformed(model, *id, union).into_iter().take(1).collect(),
        },
    }
}

/// Of what is wrong with an element: one of a wrong JSON type, and `null`.
fn outermost(bads: Vec<Bad>) -> Vec<Bad> {
    let (nulls, mut others): (Vec<_>, Vec<_>) = bads.into_iter().partition(|bad| bad.what == "null");
    others.truncate(1);
    others.into_iter().chain(nulls).collect()
}

fn named(place: &str, bad: Bad) -> Bad {
    Bad { what: format!("{} {place}", bad.what), ..bad }
}

/// Values of other JSON types, the most alike first.
fn wrong(kinds: Kinds) -> Vec<Value> {
    let mut values = Vec::new();
    if !kinds.string && (kinds.number || kinds.boolean) {
        values.push(json!("7"));
    }
    if !kinds.boolean && kinds.number {
        values.push(json!(true));
    }
    if !kinds.array && kinds.object {
        values.push(json!([]));
    }
    if !kinds.object && kinds.array {
        values.push(json!({}));
    }
    if !kinds.number && (kinds.boolean || kinds.string) {
        values.push(json!(0));
    }
    values
}
