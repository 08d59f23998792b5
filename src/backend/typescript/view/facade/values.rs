//! `presets.ts` and `shorthands.ts`: the simpler values that the convenience layer takes.

use serde_json::Value;

use crate::backend::pretty::Doc;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{array, json, key, lay_out, object, property, signature, string, typed};
use crate::backend::typescript::names::{Kind, identifier};
use crate::backend::typescript::types::{Place, Uses};
use crate::backend::typescript::view::types::Interface;
use crate::backend::typescript::view::{Member, above};
use crate::ir::{Facade, Field, Literal, Preset, Shorthand, ShorthandItem, Source, Type, TypeId};

use super::prose;

/// `presets.ts`.
pub struct PresetsView {
    /// The presets.
    pub presets: Vec<PresetView>,
    /// Whether the types of the protocol are spoken of.
    pub types: bool,
}

/// A preset.
pub struct PresetView {
    /// The comment above it.
    pub doc: String,
    /// Its name.
    pub name: String,
    /// The object of its values.
    pub values: Vec<Member>,
    /// The interface of the members that it sets.
    pub members: Interface,
    /// What its values stand for: the constant's name.
    pub table: String,
    /// What each value sets, as entries of an object.
    pub sets: Vec<String>,
}

impl PresetsView {
    pub fn new(catalog: &Catalog<'_>, facade: &Facade) -> Self {
        let mut uses = Uses::default();
        let view = |(index, preset)| preset_view(catalog, preset, &set_by(facade, index), &mut uses);
        let presets = facade.presets.iter().enumerate().map(view).collect();
        Self { presets, types: !uses.types.is_empty() }
    }
}

/// The constant that says what the values of a preset stand for.
pub fn table(preset: &Preset) -> String {
    format!("{}Preset", preset.name.camel())
}

/// The members that a preset sets, of whatever params.
fn set_by(facade: &Facade, preset: usize) -> Vec<&Field> {
    let parameters = facade.resources.iter().flat_map(|resource| &resource.operations);
    let mut members: Vec<&Field> = Vec::new();
    for parameter in parameters.flat_map(|operation| &operation.parameters) {
        let Source::Preset { preset: of, fields, .. } = &parameter.source else { continue };
        for field in fields.iter().filter(|_| *of == preset) {
            if members.iter().all(|known| known.wire != field.wire) {
                members.push(field);
            }
        }
    }
    members
}

fn preset_view(catalog: &Catalog<'_>, preset: &Preset, members: &[&Field], uses: &mut Uses) -> PresetView {
    let name = identifier(&preset.name, Kind::Export);
    let values = preset.values.iter().map(|value| {
        let name = identifier(&value.name, Kind::Value);
        let code = Doc::Concat(vec![property(&name, Doc::text(string(&name))), Doc::text(",")]);
        Member::new(&prose(&value.doc), 2, lay_out(&code, 2))
    });
    let typed_members = members.iter().map(|field| {
        let types = catalog.expression(field.ty.without_null(), Place::Root, uses);
        let code = Doc::Concat(vec![typed(format!("{}?:", key(&field.wire)), types), Doc::text(";")]);
        Member { doc: String::new(), code: lay_out(&code, 2) }
    });
    let doc = format!("/** The members of params that `{name}` sets. */\n");
    let interface = Interface { doc, name: format!("{name}Members"), members: typed_members.collect() };
    let sets = preset.values.iter().map(|value| {
        let set = |field: &&Field| Some((key(&field.wire), json(value.sets.get(&field.wire)?)));
        let entry = property(&identifier(&value.name, Kind::Value), object(members.iter().filter_map(set).collect()));
        lay_out(&Doc::Concat(vec![entry, Doc::text(",")]), 4)
    });
    PresetView {
        doc: above(&prose(&preset.doc), 0),
        values: values.collect(),
        members: interface,
        table: table(preset),
        sets: sets.collect(),
        name,
    }
}

/// `shorthands.ts`.
pub struct ShorthandsView {
    /// The functions that make an item.
    pub items: Vec<ItemView>,
    /// The aliases of what may be written, as statements.
    pub aliases: Vec<Member>,
}

/// A function that makes an item.
pub struct ItemView {
    /// The comment above it.
    pub doc: String,
    /// From `function` to the brace.
    pub head: String,
    /// What it gives, as a statement.
    pub body: String,
}

impl ShorthandsView {
    pub fn new(catalog: &Catalog<'_>, facade: &Facade) -> Self {
        let items = facade.shorthands.iter().flat_map(|shorthand| &shorthand.items);
        Self {
            items: items.map(|item| item_view(catalog, item)).collect(),
            aliases: facade.shorthands.iter().map(|shorthand| alias(catalog, shorthand)).collect(),
        }
    }
}

/// A text, one item, or several of either.
fn alias(catalog: &Catalog<'_>, shorthand: &Shorthand) -> Member {
    let name = identifier(&shorthand.name, Kind::Export);
    let item = || Doc::text(format!("types.{}", catalog.name(shorthand.union)));
    let several = Doc::Concat(vec![Doc::text("readonly "), array(vec![Doc::text("string"), item()])]);
    let parts = vec![Doc::text("string"), item(), several];
    let code = Doc::Concat(vec![typed(format!("export type {name} ="), parts), Doc::text(";")]);
    Member::new(&prose(&shorthand.doc), 0, lay_out(&code, 0))
}

fn item_view(catalog: &Catalog<'_>, item: &ShorthandItem) -> ItemView {
    let mut parameters = Vec::new();
    let mut members = tags(catalog, item.payload);
    for field in &item.takes {
        let name = identifier(&field.name, Kind::Parameter);
        let types = catalog.expression(&field.ty, Place::Root, &mut Uses::default());
        parameters.push(typed(format!("{name}:"), types));
        members.push(named(&field.wire, &name));
    }
    let start = format!("export function {}", identifier(&item.name, Kind::Export));
    let result = Doc::text(format!("types.{}", catalog.name(item.payload)));
    let head = Doc::Concat(vec![signature(&start, parameters, Some(result)), Doc::text(" {")]);
    let body = Doc::Concat(vec![Doc::text("return "), members_of(members), Doc::text(";")]);
    ItemView { doc: above(&prose(&item.doc), 0), head: lay_out(&head, 0), body: lay_out(&body, 2) }
}

/// The members of a struct that can hold one text only, with that text.
pub fn tags(catalog: &Catalog<'_>, id: TypeId) -> Vec<Doc> {
    let tag = |field: &&Field| match &field.ty {
        Type::Literal(Literal::String(tag)) => Some(property(&key(&field.wire), json(&Value::from(tag.as_str())))),
        _ => None,
    };
    catalog.fields(id).iter().filter_map(tag).collect()
}

/// `wire: local`, or `wire` alone where both are the same.
pub fn named(wire: &str, local: &str) -> Doc {
    if wire == local { Doc::text(wire.to_owned()) } else { property(&key(wire), Doc::text(local.to_owned())) }
}

/// `{ first, second }`.
pub fn members_of(members: Vec<Doc>) -> Doc {
    if members.is_empty() {
        return Doc::text("{}");
    }
    let inside = vec![Doc::Line, Doc::join(members, ","), Doc::IfBroken(",")];
    Doc::group(vec![Doc::text("{"), Doc::indent(inside), Doc::Line, Doc::text("}")])
}
