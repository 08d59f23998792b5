//! The convenience layer: presets, shorthands, and the classes, once to block and once to be awaited.

mod class;
mod operation;
mod values;

pub use class::ClassesView;
pub use values::{PresetsView, ShorthandsView};

use crate::backend::python::catalog::Catalog;
use crate::backend::python::names::{Kind, identifier};
use crate::backend::{Language, plain};
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Facade, Name, Protocol};

use super::client::Style;

/// What a protocol's package has of the convenience layer that is made by hand.
const HANDMADE: &str = "src/PACKAGE/_handmade.py";

/// All modules of the convenience layer.
pub struct FacadeViews {
    /// `presets.py`.
    pub presets: PresetsView,
    /// `shorthands.py`.
    pub shorthands: ShorthandsView,
    /// The classes that block.
    pub blocking: ClassesView,
    /// Those that are awaited.
    pub awaited: ClassesView,
}

impl FacadeViews {
    /// The convenience layer of `facade`; `client` is the name of the protocol's client.
    pub fn new(catalog: &Catalog<'_>, facade: &Facade, client: &str, problems: &mut Vec<Diagnostic>) -> Self {
        problems.extend(without_handmade(catalog.protocol, facade));
        let mut classes = |style| ClassesView::new(catalog, facade, style, client, problems);
        Self {
            blocking: classes(Style::Sync),
            awaited: classes(Style::Async),
            presets: PresetsView::new(catalog, facade),
            shorthands: ShorthandsView::new(catalog, facade),
        }
    }
}

/// Problems where the profile counts on a hand-made part and the protocol has none: what was generated could not be
/// imported.
fn without_handmade(protocol: &Protocol, facade: &Facade) -> Vec<Diagnostic> {
    if plain::own(protocol, Language::Python).any(|(path, _)| path == HANDMADE) {
        return Vec::new();
    }
    let entries = facade.resources.iter().flat_map(|resource| {
        let pointer = child("/facade/resources", &resource.name.pascal());
        let collects = resource.collects.as_ref().map(|_| child(&pointer, "collects"));
        collects.into_iter().chain(resource.extends.then(|| child(&pointer, "extends")))
    });
    let names = (!facade.handmade.is_empty()).then(|| "/facade/handmade".to_owned());
    let entries = names.into_iter().chain(entries);
    let report = |pointer| {
        Diagnostic::error("profile.toml", pointer, "a part made by hand, which this protocol does not have")
            .expected(format!("`{HANDMADE}` among the templates of its Python package"))
            .help("remove the entry; only protocols that this program is built with have parts made by hand")
    };
    entries.map(report).collect()
}

/// A class of the convenience layer.
fn class_name(name: &Name, style: Style) -> String {
    let name = identifier(name, Kind::Class);
    match style {
        Style::Sync => name,
        Style::Async => format!("Async{name}"),
    }
}

/// What users import from the package's root, with the module that each comes with.
pub fn exports(facade: &Facade) -> Vec<(String, &'static str)> {
    let class = |name: &Name| identifier(name, Kind::Class);
    let mut names: Vec<(String, &'static str)> = Vec::new();
    for resource in &facade.resources {
        names.push((class_name(&resource.name, Style::Sync), "facade"));
        names.push((class_name(&resource.name, Style::Async), "async_facade"));
    }
    names.extend(facade.presets.iter().map(|preset| (class(&preset.name), "presets")));
    for shorthand in &facade.shorthands {
        names.push((class(&shorthand.name), "shorthands"));
        names.extend(shorthand.items.iter().map(|item| (class(&item.name), "shorthands")));
    }
    names.extend(facade.handmade.iter().map(|name| (class(name), "_handmade")));
    names
}
