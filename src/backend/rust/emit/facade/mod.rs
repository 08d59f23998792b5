//! The convenience layer: `facade/mod.rs` with the classes, `operations.rs` with what their methods give to be awaited,
//! `presets.rs` and `shorthands.rs` with the simpler values they take.

mod classes;
mod groups;
mod making;
mod methods;
mod operations;
mod values;

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::names::{Kind, LANGUAGE, ident, identifier};
use crate::backend::rust::table::Tables;
use crate::backend::scope::Scope;
use crate::backend::{Language, handmade};
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Doc, Facade, Launch, Meta, Name, Origin, Stability};

use groups::Groups;

/// What a protocol's package has of the convenience layer that is made by hand.
const HANDMADE: &str = "src/facade/handmade.rs";

/// What all of the convenience layer is made from.
struct Builder<'a> {
    catalog: &'a Catalog<'a>,
    facade: &'a Facade,
    /// The struct of the client.
    client: Ident,
    /// The struct of its config.
    config: Ident,
    /// The server as people call it.
    title: &'a str,
}

/// The modules of the convenience layer with their paths; tells of what can't be had.
pub fn facade(
    catalog: &Catalog<'_>,
    facade: &Facade,
    launch: &Launch,
    tables: &mut Tables,
    problems: &mut Vec<Diagnostic>,
) -> Vec<(&'static str, TokenStream)> {
    let name = launch.client.pascal();
    let [client, config] = ["Client", "Config"].map(|end| ident(&format!("{name}{end}")));
    let builder = Builder { catalog, facade, client, config, title: &launch.title };
    problems.extend(handmade::missing(catalog.protocol, facade, Language::Rust, LANGUAGE, HANDMADE));
    problems.extend(builder.clashes());
    let groups = Groups::new(&builder, problems);
    let mut modules = vec![
        ("facade/mod", builder.classes(&groups, problems)),
        ("facade/operations", builder.operations(&groups, tables, problems)),
    ];
    if !facade.presets.is_empty() {
        modules.push(("facade/presets", builder.presets(tables, problems)));
    }
    if !facade.shorthands.is_empty() {
        modules.push(("facade/shorthands", builder.shorthands(tables, problems)));
    }
    modules
}

/// What users import from the crate's root.
pub fn exports(facade: &Facade) -> Vec<String> {
    let mut names: Vec<String> = made_by_hand(facade).map(class).collect();
    names.extend(facade.resources.iter().map(|resource| class(&resource.name)));
    names.extend(facade.presets.iter().map(|preset| class(&preset.name)));
    for shorthand in &facade.shorthands {
        names.push(class(&shorthand.name));
        names.extend(shorthand.items.iter().map(|item| class(&item.name)));
    }
    names.extend(["Pages", "UnknownPreset"].map(str::to_owned));
    names.sort_unstable();
    names.push("operations".to_owned());
    names
}

/// The name of a class, or of a type that belongs to it.
fn class(name: &Name) -> String {
    identifier(name, Kind::Class)
}

/// The names of what is made by hand.
fn made_by_hand(facade: &Facade) -> impl Iterator<Item = &Name> {
    facade.handmade.iter().chain(facade.handmade_in.get(Language::Rust.name()).into_iter().flatten())
}

/// Whether there is a part that is made by hand.
fn has_handmade(facade: &Facade) -> bool {
    let by_hand = |resource: &crate::ir::Resource| resource.extends || resource.collects.is_some();
    facade.extends_client || made_by_hand(facade).next().is_some() || facade.resources.iter().any(by_hand)
}

impl Builder<'_> {
    /// Two types of the crate's root with one name.
    fn clashes(&self) -> Vec<Diagnostic> {
        let mut scope = Scope::new(LANGUAGE, "the root of the crate");
        let launch = [&self.client, &self.config].map(|name| (name.to_string(), "/launch/client".to_owned()));
        let resources =
            self.facade.resources.iter().map(|one| (&one.name, child("/facade/resources", &one.name.pascal())));
        let presets = self.facade.presets.iter().map(|one| (&one.name, child("/facade/presets", &one.name.pascal())));
        let shorthands = self.facade.shorthands.iter().flat_map(|one| {
            let pointer = child("/facade/shorthands", &one.name.snake());
            let items = one.items.iter().map(|item| &item.name);
            std::iter::once(&one.name).chain(items).map(move |name| (name, pointer.clone()))
        });
        let handmade = made_by_hand(self.facade).map(|name| (name, "/facade/handmade".to_owned()));
        let named = resources.chain(presets).chain(shorthands).chain(handmade);
        let all = launch.into_iter().chain(named.map(|(name, pointer)| (class(name), pointer)));
        all.filter_map(|(name, pointer)| scope.take(&name, &meta(pointer))).collect()
    }
}

/// Where an entry of the profile stands, as far as clashes of names are concerned.
fn meta(pointer: String) -> Meta {
    Meta { doc: Doc::default(), origin: Origin { pointer }, stability: Stability::Stable, deprecated: None }
}

/// The names that some code speaks of by themselves, without a path before them.
fn spoken_of(tokens: &TokenStream, names: &mut BTreeSet<String>) {
    let (mut colon, mut path) = (false, false);
    for token in tokens.clone() {
        let is_colon = matches!(&token, TokenTree::Punct(mark) if mark.as_char() == ':');
        match &token {
            TokenTree::Ident(name) if !path => _ = names.insert(name.to_string()),
            TokenTree::Group(group) => spoken_of(&group.stream(), names),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
        (path, colon) = (is_colon && colon, is_colon && !colon);
    }
}

/// The imports of a module, of those names that it speaks of: each with the path of its module.
fn imports(places: &[(&str, &[&str])], tokens: &TokenStream, tables: &str) -> TokenStream {
    let mut names = BTreeSet::new();
    spoken_of(tokens, &mut names);
    if let Ok(tables) = tables.parse() {
        spoken_of(&tables, &mut names);
    }
    let lines = places.iter().filter_map(|(path, from)| {
        let mut used: Vec<&str> = from.iter().copied().filter(|name| names.contains(*name)).collect();
        used.sort_unstable();
        let path: TokenStream = path.parse().ok()?;
        let used = used.into_iter().map(ident).collect::<Vec<_>>();
        match used.as_slice() {
            [] => None,
            [one] => Some(quote!(use #path::#one;)),
            several => Some(quote!(use #path::{#(#several),*};)),
        }
    });
    lines.collect()
}
