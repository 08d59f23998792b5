//! `presets.py` and `shorthands.py`: the simpler values that the convenience layer takes.

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{assignment, dict, json, lay_out, string, union};
use crate::backend::python::docstring::Docstring;
use crate::backend::python::imports::{Imports, Place, exported};
use crate::backend::python::names::{Kind, identifier, parameter};
use crate::backend::python::types::{Position, SEQUENCE, Uses};
use crate::ir::{self, Facade, Field, Literal, Preset, Shorthand, ShorthandItem, Type, TypeId};

/// `presets.py`.
pub struct PresetsView {
    /// The presets.
    pub classes: Vec<PresetClass>,
    /// What each value sets, as an expression.
    pub settings: String,
    /// The value of `__all__`, as a statement.
    pub exported: String,
}

/// A preset.
pub struct PresetClass {
    /// Its name.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// Its values.
    pub values: Vec<PresetMember>,
}

/// A value of a preset.
pub struct PresetMember {
    /// Its name.
    pub name: String,
    /// The string below it.
    pub doc: String,
}

impl PresetsView {
    pub fn new(catalog: &Catalog<'_>, facade: &Facade) -> Self {
        let classes: Vec<PresetClass> = facade.presets.iter().map(|preset| preset_class(catalog, preset)).collect();
        let entries = facade.presets.iter().flat_map(|preset| {
            let class = identifier(&preset.name, Kind::Class);
            preset.values.iter().map(move |value| {
                let sets = value.sets.iter().map(|(wire, value)| (string(wire), json(value))).collect();
                (format!("{class}.{}", identifier(&value.name, Kind::Member)), dict(sets))
            })
        });
        let start = Doc::text("_SETS: Mapping[Preset, Mapping[str, Any]] = ");
        let settings = lay_out(&Doc::Concat(vec![start, dict(entries.collect())]), 0);
        let names = classes.iter().map(|class| class.name.clone());
        let exported = exported(names.chain(["Preset", "setting"].map(str::to_owned)).collect());
        Self { classes, settings, exported }
    }
}

fn preset_class(catalog: &Catalog<'_>, preset: &Preset) -> PresetClass {
    let values = preset.values.iter().map(|value| PresetMember {
        name: identifier(&value.name, Kind::Member),
        doc: prose(catalog, &value.doc).print(4).unwrap_or_default(),
    });
    PresetClass {
        name: identifier(&preset.name, Kind::Class),
        doc: prose(catalog, &preset.doc).print(4).unwrap_or_default(),
        values: values.collect(),
    }
}

/// `shorthands.py`.
pub struct ShorthandsView {
    /// The import statements.
    pub imports: String,
    /// Those that only type checkers see.
    pub checked_imports: String,
    /// The aliases of what may be written, as statements.
    pub aliases: Vec<Alias>,
    /// The items.
    pub items: Vec<ItemClass>,
    /// The value of `__all__`, as a statement.
    pub exported: String,
}

/// What may be written for a list of a union's values.
pub struct Alias {
    /// Its name.
    pub name: String,
    /// The statement that says what one item is.
    pub item: String,
    /// The statement.
    pub code: String,
    /// The string below it.
    pub doc: String,
}

/// A variant with a name of its own.
pub struct ItemClass {
    /// Its name.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// From `def` to the colon.
    pub signature: String,
    /// What its constructor hands on.
    pub body: String,
}

impl ShorthandsView {
    pub fn new(catalog: &Catalog<'_>, facade: &Facade) -> Self {
        let mut uses = Uses::default();
        let mut imports = Imports::default();
        let mut checked = Imports::default();
        for name in ["TYPE_CHECKING", "Any", "TypeAlias"] {
            imports.add("typing", name);
        }
        let aliases: Vec<Alias> =
            facade.shorthands.iter().map(|shorthand| alias(catalog, shorthand, &mut uses)).collect();
        let mut items = Vec::new();
        for item in facade.shorthands.iter().flat_map(|shorthand| &shorthand.items) {
            items.push(item_class(catalog, item, &mut uses));
        }
        checked.uses(Place::Root, &uses, catalog);
        let names = facade.shorthands.iter().map(|shorthand| identifier(&shorthand.name, Kind::Class));
        let names = names.chain(items.iter().map(|item| item.name.clone()));
        Self {
            imports: imports.print(0),
            checked_imports: checked.print(4),
            aliases,
            exported: exported(names.collect()),
            items,
        }
    }
}

/// A text, one item, or several of either.
fn alias(catalog: &Catalog<'_>, shorthand: &Shorthand, uses: &mut Uses) -> Alias {
    let name = identifier(&shorthand.name, Kind::Class);
    let mut items = catalog.annotation(&Type::Ref(shorthand.union), Position::Argument, uses);
    items.extend(shorthand.items.iter().map(|item| Doc::text(identifier(&item.name, Kind::Class))));
    let item = format!("_{name}Item");
    let sequence = uses.helper(SEQUENCE);
    Alias {
        item: lay_out(&assignment(&format!("{item}: TypeAlias"), items), 4),
        code: format!("{name}: TypeAlias = str | {item} | {sequence}[str | {item}]"),
        name,
        doc: prose(catalog, &shorthand.doc).print(4).unwrap_or_default(),
    }
}

fn item_class(catalog: &Catalog<'_>, item: &ShorthandItem, uses: &mut Uses) -> ItemClass {
    let mut parameters = vec![Doc::text("self")];
    let mut members: Vec<String> =
        tags(catalog, item.payload).iter().map(|(name, tag)| format!("{name}={tag}")).collect();
    for field in &item.takes {
        let annotation = union(catalog.annotation(&field.ty, Position::Argument, uses));
        let name = parameter(&field.name);
        parameters.push(Doc::Concat(vec![Doc::text(format!("{name}: ")), annotation]));
        members.push(format!("{}={name}", identifier(&field.name, Kind::Field)));
    }
    let signature = crate::backend::python::code::signature("def __init__", parameters, "None");
    ItemClass {
        name: identifier(&item.name, Kind::Class),
        doc: prose(catalog, &item.doc).print(4).unwrap_or_default(),
        signature: lay_out(&signature, 4),
        body: format!("super().__init__({})", members.join(", ")),
    }
}

/// The members of a struct that can hold one text only, with that text as a literal.
pub fn tags(catalog: &Catalog<'_>, id: TypeId) -> Vec<(String, String)> {
    let literal = |field: &&Field| match &field.ty {
        Type::Literal(Literal::String(tag)) => Some((identifier(&field.name, Kind::Field), string(tag))),
        _ => None,
    };
    catalog.fields(id).iter().filter_map(literal).collect()
}

/// Prose in Python's terms.
pub fn prose(catalog: &Catalog<'_>, doc: &ir::Doc) -> Docstring {
    let mut docstring = Docstring::default();
    doc.paragraphs.iter().for_each(|text| docstring.paragraph(&catalog.translate(text)));
    docstring
}
