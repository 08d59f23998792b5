//! The methods of the convenience layer's classes: what they take, which call they make, what they give.

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{call, keyword, lay_out, signature, string};
use crate::backend::python::docstring::Docstring;
use crate::backend::python::names::{Kind, LANGUAGE, identifier, parameter, taken};
use crate::backend::python::view::calls::{argument, explained};
use crate::backend::python::view::client::{Method, Style};
use crate::backend::scope::Scope;
use crate::backend::words::NOT_SENT;
use crate::diagnostic::Diagnostic;
use crate::ir::{
    Facade, Field, Gives, Literal, Name, Operation, Pages, Parameter, Presence, Request, Resource, Shorthand, Source,
    Stability, Type, TypeId,
};

use super::class::{Needs, qualified, request};
use super::class_name;
use super::values::{prose, tags};

/// What going through pages calls the place of the next one.
const PLACE: &str = "place";

/// Writes the methods of one class.
pub struct Builder<'a, 'n, 'p> {
    pub catalog: &'a Catalog<'a>,
    pub facade: &'a Facade,
    pub resource: &'a Resource,
    pub style: Style,
    pub needs: &'n mut Needs,
    pub problems: &'p mut Vec<Diagnostic>,
}

/// What a method is made of, beside its name.
struct Parts<'a> {
    request: &'a Request,
    parameters: Vec<Doc>,
    explained: Vec<String>,
    arguments: Vec<Doc>,
}

impl<'a> Builder<'a, '_, '_> {
    /// The methods of an operation, each with its name: one, or two where there are pages.
    pub fn methods(&mut self, operation: &Operation) -> Vec<(String, Method)> {
        let Some(request) = request(self.catalog, &operation.request) else { return Vec::new() };
        let name = identifier(&operation.name, Kind::Operation);
        let parts = self.parts(operation, request, None);
        let mut methods = vec![(name.clone(), self.method(operation, &name, &parts))];
        if let Some(pages) = &operation.pages {
            let parts = self.parts(operation, request, Some(pages));
            methods.extend(self.all_pages(operation, &name, pages, &parts));
        }
        methods
    }

    /// What a method takes and hands on; going through pages, it takes no cursor.
    fn parts(&mut self, operation: &Operation, request: &'a Request, pages: Option<&Pages>) -> Parts<'a> {
        let cursor = pages.map(|pages| pages.cursor.as_str());
        let taken: Vec<&Parameter> = operation.parameters.iter().filter(|taken| !is_field(taken, cursor)).collect();
        let mut parameters = vec![Doc::text("self")];
        let mut explained = Vec::new();
        let mut scope = Scope::new(LANGUAGE, format!("the parameters of `{}`", operation.name.snake()));
        for one in taken.iter().filter(|one| one.positional) {
            parameters.push(self.parameter(one, &mut explained, &mut scope));
        }
        parameters.push(Doc::text("*"));
        for one in taken.iter().filter(|one| !one.positional) {
            parameters.push(self.parameter(one, &mut explained, &mut scope));
        }
        parameters.push(Doc::text("timeout: float | Omit | None = omit"));
        explained.push(timeout(operation, pages.is_some()));
        self.needs.imports.add("._runtime.omit", "Omit");
        self.needs.imports.add("._runtime.omit", "omit");
        let arguments = self.arguments(operation, request, &taken, cursor);
        Parts { request, parameters, explained, arguments }
    }

    fn parameter(&mut self, one: &Parameter, explain: &mut Vec<String>, scope: &mut Scope) -> Doc {
        let name = taken(&one.name);
        let catalog = self.catalog;
        match &one.source {
            Source::Field(field) => {
                self.problems.extend(scope.take(&name, &field.meta));
                explain.extend(explained(catalog, &name, field));
                let optional = field.presence != Presence::Required;
                argument(catalog, &name, &field.ty, optional, &mut self.needs.uses)
            }
            Source::Shorthand { field, shorthand } => {
                explain.extend(explained(catalog, &name, field));
                let class = identifier(&self.facade.shorthands[*shorthand].name, Kind::Class);
                self.needs.checked.add(".shorthands", &class);
                let default = if field.presence == Presence::Required { "" } else { " | Omit = omit" };
                Doc::text(format!("{name}: {class}{default}"))
            }
            Source::Preset { preset, default, .. } => {
                let preset = &self.facade.presets[*preset];
                let class = identifier(&preset.name, Kind::Class);
                self.needs.imports.add(".presets", &class);
                explain.push(format!("{name}: {} `None`: {NOT_SENT}", prose_line(catalog, &preset.doc)));
                let default = default.map(|value| identifier(&preset.values[value].name, Kind::Member));
                let default = default.map_or_else(|| "None".to_owned(), |value| format!("{class}.{value}"));
                Doc::text(format!("{name}: {class} | None = {default}"))
            }
        }
    }

    /// What the client's method is given.
    fn arguments(
        &mut self,
        operation: &Operation,
        request: &Request,
        parameters: &[&Parameter],
        cursor: Option<&str>,
    ) -> Vec<Doc> {
        let kind = if operation.variant.is_some() { Kind::Field } else { Kind::Parameter };
        let key = |field: &Field| match kind {
            Kind::Parameter => parameter(&field.name),
            _ => identifier(&field.name, Kind::Field),
        };
        let mut given: Vec<Doc> = self.constants(operation, request, key);
        for one in parameters {
            let name = taken(&one.name);
            match &one.source {
                Source::Field(field) => given.push(keyword(&key(field), Doc::text(name))),
                Source::Shorthand { field, shorthand } => {
                    let value = as_list(self.catalog, &self.facade.shorthands[*shorthand], &name);
                    self.needs.imports.add("._runtime.shorthand", "as_list");
                    given.push(keyword(&key(field), value));
                }
                Source::Preset { preset, fields, .. } => {
                    let class = identifier(&self.facade.presets[*preset].name, Kind::Class);
                    self.needs.imports.add(".presets", "setting");
                    for field in fields {
                        let arguments = vec![class.clone(), name.clone(), string(&field.wire)];
                        let value = call("setting", arguments.into_iter().map(Doc::text).collect());
                        given.push(keyword(&key(field), value));
                    }
                }
            }
        }
        let cursor = operation.parameters.iter().find(|taken| cursor.is_some() && is_field(taken, cursor));
        given.extend(cursor.map(|cursor| keyword(&parameter(&cursor.name), Doc::text(PLACE))));
        if operation.variant.is_some() {
            self.needs.imports.add("._runtime.shorthand", "given");
            given = vec![keyword("params", call("given", given))];
        }
        given.push(Doc::text("timeout=timeout"));
        given
    }

    /// What a class knows of itself, and the tag of a variant.
    fn constants(&self, operation: &Operation, request: &Request, key: impl Fn(&Field) -> String) -> Vec<Doc> {
        let types = &self.catalog.protocol.types;
        let id = operation.variant.or_else(|| types.as_struct(request.params.ty()?).map(|(id, _)| id));
        let Some(id) = id else { return Vec::new() };
        let constant = |field: &Field| {
            if let Type::Literal(Literal::String(tag)) = &field.ty {
                return Some(string(tag));
            }
            let identity = self.resource.identity.iter().find(|known| known.members.contains(&field.wire))?;
            Some(format!("self.{}", identifier(&identity.name, Kind::Field)))
        };
        let fields = self.catalog.fields(id);
        fields.into_iter().filter_map(|field| Some(keyword(&key(field), Doc::text(constant(field)?)))).collect()
    }

    fn method(&mut self, operation: &Operation, name: &str, parts: &Parts<'_>) -> Method {
        let client = identifier(&parts.request.name, Kind::Method);
        let wait = self.style.wait();
        let plain = || call(&format!("self._client.{client}"), parts.arguments.clone());
        let (result, body) = match &operation.gives {
            Gives::Nothing => ("None".to_owned(), statement(wait, plain())),
            Gives::Result => {
                self.needs.checked.add(".", "types");
                let body = statement(&format!("return {wait}"), plain());
                (qualified(self.catalog, &parts.request.result), body)
            }
            Gives::Resource { resource, key } => {
                let call = statement(&format!("result = {wait}"), plain());
                self.made_of_result(resource, &key.path, &call, parts.request)
            }
            Gives::Work { resource, variant, collected } => {
                let open = call(&format!("self._client.{client}_stream"), parts.arguments.clone());
                let call = statement(&format!("work = {wait}"), open);
                self.made_of_work(resource, *variant, *collected, &call)
            }
        };
        let head = format!("{}{name}", self.style.define());
        let doc = self.doc(operation, parts);
        Method { signature: lay_out(&signature(&head, parts.parameters.clone(), &result), 4), doc, body }
    }

    /// The class of a resource whose identity the result tells, and the statements that make one.
    fn made_of_result(&self, resource: &Name, key: &[String], call: &str, request: &Request) -> (String, String) {
        let class = class_name(resource, self.style);
        let identity = self.facade.resource(resource).and_then(|made| made.identity.first());
        let identity = identity.map(|identity| identifier(&identity.name, Kind::Field)).unwrap_or_default();
        let place = self.members(&request.result, key).join(".");
        let body = format!("{call}\n        return {class}(self._client, {identity}=result.{place})");
        (class, body)
    }

    /// The class of a resource that follows work, or of what comes of that, and the statements that make one.
    fn made_of_work(
        &mut self,
        resource: &Name,
        variant: Option<TypeId>,
        collected: bool,
        open: &str,
    ) -> (String, String) {
        let class = class_name(resource, self.style);
        let made = self.facade.resource(resource);
        let mut arguments = vec!["self._client".to_owned(), "work".to_owned()];
        for identity in made.iter().flat_map(|made| &made.identity) {
            if let Some(shared) = identity.shared_with(self.resource) {
                let [name, own] = [&identity.name, &shared.name].map(|name| identifier(name, Kind::Field));
                arguments.push(format!("{name}=self.{own}"));
            }
        }
        if let Some(variant) = variant.filter(|_| made.is_some_and(|made| !made.shows.is_empty())) {
            self.needs.imports.add("._runtime.shorthand", "expected");
            self.needs.imports.add(".", "types");
            arguments.push(format!("result=expected(work.result, types.{})", self.catalog.class(variant)));
        }
        let making = call(&class, arguments.into_iter().map(Doc::text).collect());
        let Some(collects) = made.and_then(|made| made.collects.as_ref()).filter(|_| collected) else {
            return (class, format!("{open}\n        {}", statement("return ", making)));
        };
        let gives = identifier(&collects.gives, Kind::Class);
        self.needs.checked.add("._handmade", &gives);
        let making = statement("handle = ", making);
        let run = identifier(&collects.name, Kind::Operation);
        let body = format!("{open}\n        {making}\n        return {}handle.{run}()", self.style.wait());
        (gives, body)
    }

    /// Going through all pages, item by item.
    fn all_pages(
        &mut self,
        operation: &Operation,
        name: &str,
        pages: &Pages,
        parts: &Parts<'_>,
    ) -> Option<(String, Method)> {
        let (_, result) = self.catalog.protocol.types.as_struct(&parts.request.result)?;
        let find = |wire: &str| result.fields.iter().find(|field| field.wire == wire);
        let (items, next) = (find(&pages.items)?, find(&pages.next)?);
        let Type::List(item) = items.ty.without_null() else { return None };
        // Not iterators alone: whoever stops early may close them.
        let (generator, sends) = match self.style {
            Style::Sync => ("Generator", "None, None"),
            Style::Async => ("AsyncGenerator", "None"),
        };
        self.needs.checked.add("collections.abc", generator);
        self.needs.checked.add(".", "types");
        let always = items.presence == Presence::Required && items.ty.without_null() == &items.ty;
        let rest = if always { "" } else { " or ()" };
        let place = qualified(self.catalog, next.ty.without_null());
        let (items, next) = (identifier(&items.name, Kind::Field), identifier(&next.name, Kind::Field));
        let client = identifier(&parts.request.name, Kind::Method);
        let request = call(&format!("self._client.{client}"), parts.arguments.clone());
        let page = Doc::Concat(vec![Doc::text(format!("page = {}", self.style.wait())), request]);
        let yields = match self.style {
            Style::Sync => format!("yield from page.{items}{rest}"),
            Style::Async => format!("for item in page.{items}{rest}:\n                yield item"),
        };
        let body = format!(
            "{PLACE}: {place} | Omit = omit\n        while True:\n            {}\n            {yields}\n            \
             if page.{next} is None:\n                return\n            {PLACE} = page.{next}",
            lay_out(&page, 12)
        );
        let all = identifier(&pages.name, Kind::Operation);
        let mut doc = Docstring::default();
        doc.paragraph(&format!("Like `{name}`, through all pages, item by item."));
        doc.section("Args:", parts.explained.clone());
        doc.paragraph(&format!("Wire method: `{}`.", operation.request));
        let result = format!("{generator}[{}, {sends}]", qualified(self.catalog, item));
        let head = format!("{}{all}", self.style.define());
        let signature = lay_out(&signature(&head, parts.parameters.clone(), &result), 4);
        Some((all, Method { signature, doc: doc.print(8).unwrap_or_default(), body }))
    }

    fn doc(&self, operation: &Operation, parts: &Parts<'_>) -> String {
        let mut doc = prose(self.catalog, &operation.doc);
        match parts.request.meta.stability {
            Stability::Stable => {}
            Stability::Experimental => doc.paragraph("Experimental: needs `experimental_api=True`."),
        }
        doc.section("Args:", parts.explained.clone());
        doc.paragraph(&format!("Wire method: `{}`.", operation.request));
        doc.print(8).unwrap_or_default()
    }

    /// The Python names of members, followed from a result.
    fn members(&self, ty: &Type, path: &[String]) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = ty;
        for wire in path {
            let Some((_, structure)) = self.catalog.protocol.types.as_struct(at) else { break };
            let Some(field) = structure.fields.iter().find(|field| field.wire == *wire) else { break };
            names.push(identifier(&field.name, Kind::Field));
            at = &field.ty;
        }
        names
    }
}

/// What the deadline is a deadline for.
fn timeout(operation: &Operation, pages: bool) -> String {
    let (what, rest) = match operation.gives {
        Gives::Work { collected: true, .. } => ("starting it", " Its end may take any time."),
        _ if pages => ("each call", ""),
        Gives::Nothing | Gives::Result | Gives::Resource { .. } | Gives::Work { .. } => ("the call", ""),
    };
    format!("timeout: Seconds that {what} may take. Left out, the config's default; `None`: no limit.{rest}")
}

/// A statement of a method.
fn statement(start: &str, code: Doc) -> String {
    lay_out(&Doc::Concat(vec![Doc::text(start.to_owned()), code]), 8)
}

fn is_field(taken: &Parameter, wire: Option<&str>) -> bool {
    matches!(&taken.source, Source::Field(field) if Some(field.wire.as_str()) == wire)
}

/// `as_list(name, {"type": "text"}, "text")`: how a text is written as an item.
fn as_list(catalog: &Catalog<'_>, shorthand: &Shorthand, name: &str) -> Doc {
    let text = &shorthand.items[shorthand.text];
    let tags: Vec<String> =
        tags(catalog, text.payload).iter().map(|(name, tag)| format!("{}: {tag}", string(name))).collect();
    let member = text.takes.first().map(|field| identifier(&field.name, Kind::Field)).unwrap_or_default();
    call(
        "as_list",
        vec![Doc::text(name.to_owned()), Doc::text(format!("{{{}}}", tags.join(", "))), Doc::text(string(&member))],
    )
}

fn prose_line(catalog: &Catalog<'_>, doc: &crate::ir::Doc) -> String {
    catalog.translate(&doc.paragraphs.join(" "))
}
