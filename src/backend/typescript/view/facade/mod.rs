//! The convenience layer: presets, shorthands, the classes, and what their methods take.

mod class;
mod operation;
mod options;
mod values;

pub use class::ClassesView;
pub use options::{OptionsView, member_name};
pub use values::{PresetsView, ShorthandsView};

use crate::backend::scope::Scope;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{lay_out, names_from};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::names::{Kind, LANGUAGE, identifier};
use crate::backend::{Language, handmade};
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Doc as Prose, Facade, Meta, Name, Origin, Stability};

/// What a protocol's package has of the convenience layer that is made by hand.
const HANDMADE: &str = "src/handmade.ts";

/// All modules of the convenience layer.
pub struct FacadeView {
    /// `presets.ts`.
    pub presets: PresetsView,
    /// `shorthands.ts`.
    pub shorthands: ShorthandsView,
    /// `options.ts`.
    pub options: OptionsView,
    /// `facade.ts`.
    pub classes: ClassesView,
    /// What the root module exports of it, as statements.
    pub exports: Vec<String>,
}

impl FacadeView {
    /// The convenience layer of `facade`; `client` is the first part of the names of the client's classes.
    pub fn new(catalog: &Catalog<'_>, facade: &Facade, client: &str, problems: &mut Vec<Diagnostic>) -> Self {
        problems.extend(handmade::missing(catalog.protocol, facade, Language::TypeScript, LANGUAGE, HANDMADE));
        let options = OptionsView::new(catalog, facade, problems);
        Self {
            exports: exports(facade, &options, client, problems),
            classes: ClassesView::new(catalog, facade, &options, client, problems),
            presets: PresetsView::new(catalog, facade),
            shorthands: ShorthandsView::new(catalog, facade),
            options,
        }
    }
}

/// What users import from the package's root; tells of names that clash.
fn exports(facade: &Facade, options: &OptionsView, client: &str, problems: &mut Vec<Diagnostic>) -> Vec<String> {
    let mut scope = Scope::new(LANGUAGE, "the package");
    for name in ["Client", "Config"] {
        problems.extend(scope.take(&format!("{client}{name}"), &place("")));
    }
    let mut taken = |name: String, part: &str, of: &Name| {
        let meta = place(&child(&child("", part), &of.pascal()));
        problems.extend(scope.take(&name, &meta));
        name
    };
    let export = |name: &Name| identifier(name, Kind::Export);
    let classes = facade.resources.iter().map(|made| taken(export(&made.name), "resources", &made.name)).collect();
    let handmade = facade.handmade.iter().map(|name| taken(export(name), "handmade", name)).collect();
    let presets = facade.presets.iter().map(|preset| taken(export(&preset.name), "presets", &preset.name)).collect();
    let mut shorthands = Vec::new();
    for shorthand in &facade.shorthands {
        shorthands.push(format!("type {}", taken(export(&shorthand.name), "shorthands", &shorthand.name)));
        shorthands.extend(shorthand.items.iter().map(|item| taken(export(&item.name), "shorthands", &item.name)));
    }
    let named = options.names().map(|(name, operation)| taken(name.to_owned(), "resources", operation)).collect();
    let statements: [(&str, Vec<String>, &str); 5] = [
        ("export", classes, "./facade.js"),
        ("export", handmade, "./handmade.js"),
        ("export type", named, "./options.js"),
        ("export", presets, "./presets.js"),
        ("export", shorthands, "./shorthands.js"),
    ];
    let statements = statements.into_iter().filter(|(_, names, _)| !names.is_empty());
    let print = |(start, mut names, module): (&str, Vec<String>, &str)| {
        names.sort_unstable_by_key(|name| name.trim_start_matches("type ").to_owned());
        lay_out(&names_from(start, names, module), 0)
    };
    statements.map(print).collect()
}

/// Something in the profile's tables of the convenience layer, which has no place in the schema.
fn place(pointer: &str) -> Meta {
    let origin = Origin { pointer: format!("/facade{pointer}") };
    Meta { doc: Prose::default(), origin, stability: Stability::Stable, deprecated: None }
}

/// Prose as a comment.
fn prose(doc: &Prose) -> Comment {
    Comment::of(&Meta { doc: doc.clone(), ..place("") }, None)
}
