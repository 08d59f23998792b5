//! The convenience layer: presets, shorthands, and the classes, once to block and once to be awaited.

mod class;
mod operation;
mod values;

pub use class::ClassesView;
pub use values::{PresetsView, ShorthandsView};

use crate::backend::python::catalog::Catalog;
use crate::backend::python::names::{Kind, LANGUAGE, identifier};
use crate::backend::{Language, handmade};
use crate::diagnostic::Diagnostic;
use crate::ir::{Facade, Name};

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
        problems.extend(handmade::missing(catalog.protocol, facade, Language::Python, LANGUAGE, HANDMADE));
        let mut classes = |style| ClassesView::new(catalog, facade, style, client, problems);
        Self {
            blocking: classes(Style::Sync),
            awaited: classes(Style::Async),
            presets: PresetsView::new(catalog, facade),
            shorthands: ShorthandsView::new(catalog, facade),
        }
    }
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
