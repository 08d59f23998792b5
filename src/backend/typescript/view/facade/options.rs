//! `options.ts`: what the methods of the convenience layer take beside what stands first.

use crate::backend::pretty::Doc;
use crate::backend::scope::Scope;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{key, lay_out, string, typed};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::imports::Imports;
use crate::backend::typescript::names::{Kind, LANGUAGE, identifier};
use crate::backend::typescript::types::{Place, Uses};
use crate::backend::typescript::view::types::{Interface, Item, member};
use crate::backend::typescript::view::{Member, above};
use crate::backend::words::NOT_SENT;
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Facade, Name, Operation, Pages, Parameter, Presence, Preset, Resource, Source};

use super::{place, prose};

/// `options.ts`.
pub struct OptionsView {
    /// The import statements; empty if there are none.
    pub imports: String,
    /// The types, in order.
    pub items: Vec<Item>,
    named: Vec<Named>,
}

/// The options of an operation.
struct Named {
    class: Name,
    operation: Name,
    name: String,
}

impl OptionsView {
    /// The options of all operations that have any; tells of names that clash.
    pub fn new(catalog: &Catalog<'_>, facade: &Facade, problems: &mut Vec<Diagnostic>) -> Self {
        let mut builder = Builder { catalog, facade, uses: Uses::default(), imports: Imports::default(), problems };
        let mut items = Vec::new();
        let mut named = Vec::new();
        for resource in &facade.resources {
            let mut same: Vec<(&Operation, String)> = Vec::new();
            for operation in resource.operations.iter().filter(|operation| parameters(operation, None).count() > 0) {
                let name = builder.name(resource, &operation.name);
                let twin = same.iter().find(|(other, _)| alike(other, operation)).map(|(_, name)| name.clone());
                items.push(match twin {
                    Some(twin) => Builder::alias(resource, &operation.name, &name, &twin),
                    None => Item::Interface(builder.interface(resource, operation, &name)),
                });
                if let Some(pages) = operation.pages.as_ref().filter(|pages| takes_more(operation, pages)) {
                    let all = builder.name(resource, &pages.name);
                    let without = format!("Omit<{name}, {}>", string(&pages.cursor));
                    items.push(Builder::alias(resource, &pages.name, &all, &without));
                    named.push(Named { class: resource.name.clone(), operation: pages.name.clone(), name: all });
                }
                named.push(Named {
                    class: resource.name.clone(),
                    operation: operation.name.clone(),
                    name: name.clone(),
                });
                same.push((operation, name));
            }
        }
        let Builder { uses, mut imports, .. } = builder;
        if !uses.types.is_empty() {
            imports.types();
        }
        Self { imports: imports.print(), items, named }
    }

    /// The names of all types, each with the operation that it belongs to.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Name)> {
        self.named.iter().map(|named| (named.name.as_str(), &named.operation))
    }

    /// The type of what an operation takes by name, if it does.
    pub fn of(&self, class: &Name, operation: &Name) -> Option<&str> {
        let same = |named: &&Named| named.class == *class && named.operation == *operation;
        self.named.iter().find(same).map(|named| named.name.as_str())
    }
}

/// What an operation takes by name; going through pages, not where a page begins.
pub fn parameters<'a>(
    operation: &'a Operation,
    pages: Option<&'a Pages>,
) -> impl Iterator<Item = &'a Parameter> + use<'a> {
    let cursor = pages.map(|pages| pages.cursor.as_str());
    let is_cursor = move |taken: &Parameter| match &taken.source {
        Source::Field(field) => Some(field.wire.as_str()) == cursor,
        Source::Shorthand { .. } | Source::Preset { .. } => false,
    };
    operation.parameters.iter().filter(move |taken| !taken.positional && !is_cursor(taken))
}

/// Whether an operation can't be called without one of its options.
pub fn is_needed(parameter: &Parameter) -> bool {
    match &parameter.source {
        Source::Field(field) | Source::Shorthand { field, .. } => field.presence == Presence::Required,
        Source::Preset { .. } => false,
    }
}

/// The member of the options that a parameter is, by its name.
pub fn member_name(parameter: &Parameter) -> String {
    match &parameter.source {
        Source::Field(field) | Source::Shorthand { field, .. } => field.wire.clone(),
        Source::Preset { .. } => identifier(&parameter.name, Kind::Value),
    }
}

fn takes_more(operation: &Operation, pages: &Pages) -> bool {
    parameters(operation, Some(pages)).next().is_some()
}

/// Whether two operations take the same by name.
fn alike(one: &Operation, other: &Operation) -> bool {
    one.request == other.request && parameters(one, None).eq(parameters(other, None))
}

struct Builder<'a, 'p> {
    catalog: &'a Catalog<'a>,
    facade: &'a Facade,
    uses: Uses,
    imports: Imports,
    problems: &'p mut Vec<Diagnostic>,
}

impl Builder<'_, '_> {
    /// `ThreadRunOptions`; those of the root class have its name left out.
    fn name(&self, resource: &Resource, operation: &Name) -> String {
        let class = if resource.name == self.facade.root { String::new() } else { resource.name.pascal() };
        format!("{class}{}Options", operation.pascal())
    }

    fn doc(resource: &Resource, operation: &Name) -> Comment {
        let class = identifier(&resource.name, Kind::Export);
        let mut comment = Comment::default();
        comment.paragraph(&format!("What can be said to `{class}.{}`.", identifier(operation, Kind::Operation)));
        comment
    }

    fn alias(resource: &Resource, operation: &Name, name: &str, target: &str) -> Item {
        let code = typed(format!("export type {name} ="), vec![Doc::text(target.to_owned())]);
        let code = lay_out(&Doc::Concat(vec![code, Doc::text(";")]), 0);
        Item::Alias(Member::new(&Self::doc(resource, operation), 0, code))
    }

    fn interface(&mut self, resource: &Resource, operation: &Operation, name: &str) -> Interface {
        let mut scope = Scope::new(LANGUAGE, format!("`{name}`"));
        let pointer = child(&child("/resources", &resource.name.pascal()), &operation.name.snake());
        let mut members = Vec::new();
        for parameter in parameters(operation, None) {
            self.problems.extend(scope.take(&member_name(parameter), &place(&pointer)));
            members.push(self.member(parameter));
        }
        Interface { doc: above(&Self::doc(resource, &operation.name), 0), name: name.to_owned(), members }
    }

    fn member(&mut self, parameter: &Parameter) -> Member {
        match &parameter.source {
            Source::Field(field) => member(self.catalog, field, Place::Root, &mut self.uses),
            Source::Shorthand { field, shorthand } => {
                let alias = identifier(&self.facade.shorthands[*shorthand].name, Kind::Export);
                self.imports.name_type("./shorthands.js", &alias);
                let optional = if field.presence == Presence::Required { "" } else { "?" };
                let code = format!("{}{optional}: {alias};", key(&field.wire));
                Member::new(&Comment::of(&field.meta, None).marked(&field.meta), 2, code)
            }
            Source::Preset { preset, default, .. } => {
                let preset = &self.facade.presets[*preset];
                let class = identifier(&preset.name, Kind::Export);
                self.imports.name_type("./presets.js", &class);
                let code = format!("{}?: {class} | null;", key(&member_name(parameter)));
                Member::new(&explained(preset, &class, *default), 2, code)
            }
        }
    }
}

/// What a preset is for, and what leaving it out stands for.
fn explained(preset: &Preset, class: &str, default: Option<usize>) -> Comment {
    let mut comment = prose(&preset.doc);
    comment.paragraph(&match default {
        Some(value) => {
            let value = identifier(&preset.values[value].name, Kind::Value);
            format!("Left out: `{class}.{value}`. `null`: {NOT_SENT}")
        }
        None => format!("Left out, or `null`: {NOT_SENT}"),
    });
    comment
}
