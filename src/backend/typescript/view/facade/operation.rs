//! The methods of the convenience layer's classes: what they take, which call they make, what they give.

use crate::backend::pretty::Doc;
use crate::backend::scope::Scope;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{call, generic, key, lay_out, property, signature, string, typed};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::names::{Kind, LANGUAGE, identifier};
use crate::backend::typescript::types::Place;
use crate::backend::typescript::view::above;
use crate::backend::typescript::view::client::Method;
use crate::backend::typescript::view::methods::{params_type, result_type};
use crate::diagnostic::Diagnostic;
use crate::ir::{
    Facade, Field, Gives, Name, Operation, Pages, Parameter, Params, Presence, Request, Resource, Source, Stability,
    Tagging, Type, TypeId, TypeKind,
};

use super::class::{Needs, calls, head, member, request};
use super::options::{OptionsView, is_needed, member_name, parameters};
use super::values::{members_of, named, table, tags};
use super::{place, prose};

/// Writes the methods of one class.
pub struct Builder<'a, 'n, 'p> {
    pub catalog: &'a Catalog<'a>,
    pub facade: &'a Facade,
    pub options: &'a OptionsView,
    pub resource: &'a Resource,
    pub needs: &'n mut Needs,
    pub problems: &'p mut Vec<Diagnostic>,
}

/// What a method is made of, beside its name and its result.
struct Parts<'a> {
    request: &'a Request,
    comment: Comment,
    parameters: Vec<Doc>,
    /// The statement that takes the options apart, if they have to be.
    setup: Option<String>,
    /// The members of the params.
    members: Vec<Doc>,
}

impl<'a> Builder<'a, '_, '_> {
    /// The methods of an operation, each with its name: one, or two where there are pages. `at` is where it stands.
    pub fn methods(&mut self, operation: &'a Operation, at: &str) -> Vec<(String, Method)> {
        let Some(request) = request(self.catalog, &operation.request) else { return Vec::new() };
        let name = identifier(&operation.name, Kind::Operation);
        let parts = self.parts(operation, request, None, at);
        let mut methods = vec![(name.clone(), self.method(operation, &name, parts, at))];
        if let Some(pages) = &operation.pages {
            let parts = self.parts(operation, request, Some(pages), at);
            methods.extend(self.all_pages(pages, parts));
        }
        methods
    }

    /// What a method takes and hands on; going through pages, it doesn't take where a page begins.
    fn parts(&mut self, operation: &'a Operation, request: &'a Request, pages: Option<&Pages>, at: &str) -> Parts<'a> {
        let mut comment = explained(operation, pages);
        let mut scope = Scope::new(LANGUAGE, format!("the parameters of `{}`", operation.name.snake()));
        let mut taken = Vec::new();
        let mut members = self.constants(operation, request);
        for parameter in operation.parameters.iter().filter(|parameter| parameter.positional) {
            let name = identifier(&parameter.name, Kind::Parameter);
            self.problems.extend(scope.take(&name, &place(at)));
            taken.push(self.positional(parameter, &name, &mut comment));
            members.push(self.handed_on(parameter, &name));
        }
        let listed: Vec<&Parameter> = parameters(operation, pages).collect();
        let mut setup = None;
        if !listed.is_empty() {
            let whole = pages.map_or(&operation.name, |pages| &pages.name);
            taken.push(self.options_parameter(whole, &listed));
            let apart: Vec<&Parameter> =
                listed.iter().copied().filter(|one| !matches!(one.source, Source::Field(_))).collect();
            let rest = listed.len() > apart.len();
            members.splice(0..0, rest.then(|| Doc::text(if apart.is_empty() { "...options" } else { "...params" })));
            setup = (!apart.is_empty()).then(|| self.taken_apart(&apart, rest));
            for parameter in apart {
                let name = identifier(&parameter.name, Kind::Parameter);
                self.problems.extend(scope.take(&name, &place(at)));
                members.push(self.handed_on(parameter, &name));
            }
        }
        self.needs.imports.name_type("./runtime/options.js", "CallOptions");
        taken.push(Doc::text("call?: CallOptions"));
        Parts { request, comment, parameters: taken, setup, members }
    }

    /// A parameter that stands alone.
    fn positional(&mut self, parameter: &Parameter, name: &str, comment: &mut Comment) -> Doc {
        let (types, field) = match &parameter.source {
            Source::Field(field) => {
                (self.catalog.expression(&field.ty, Place::Root, &mut self.needs.uses), Some(field))
            }
            Source::Shorthand { field, shorthand } => {
                let alias = identifier(&self.facade.shorthands[*shorthand].name, Kind::Export);
                self.needs.imports.name_type("./shorthands.js", &alias);
                (vec![Doc::text(alias)], Some(field))
            }
            Source::Preset { preset, .. } => {
                let class = identifier(&self.facade.presets[*preset].name, Kind::Export);
                self.needs.imports.name_type("./presets.js", &class);
                (vec![Doc::text(class)], None)
            }
        };
        let text = field.map(|field| field.meta.doc.paragraphs.join(" ")).unwrap_or_default();
        if !text.is_empty() {
            comment.tag(&format!("@param {name}"), &text);
        }
        typed(format!("{name}:"), types)
    }

    /// The parameter that has all that is named.
    fn options_parameter(&mut self, operation: &Name, listed: &[&Parameter]) -> Doc {
        let name = self.options.of(&self.resource.name, operation).unwrap_or("object").to_owned();
        self.needs.imports.name_type("./options.js", &name);
        let needed = listed.iter().any(|parameter| is_needed(parameter));
        Doc::text(format!("options: {name}{}", if needed { "" } else { " = {}" }))
    }

    /// `const { sandbox, ...params } = options;`
    fn taken_apart(&mut self, apart: &[&Parameter], rest: bool) -> String {
        let mut members: Vec<Doc> = apart.iter().map(|parameter| self.taken_out(parameter)).collect();
        members.extend(rest.then(|| Doc::text("...params")));
        let statement = vec![Doc::text("const "), members_of(members), Doc::text(" = options;")];
        lay_out(&Doc::Concat(statement), 4)
    }

    fn taken_out(&mut self, parameter: &Parameter) -> Doc {
        let (wire, local) = (member_name(parameter), identifier(&parameter.name, Kind::Parameter));
        let pattern = if wire == local { local } else { format!("{}: {local}", key(&wire)) };
        match &parameter.source {
            Source::Preset { preset, default: Some(default), .. } => {
                let preset = &self.facade.presets[*preset];
                let class = identifier(&preset.name, Kind::Export);
                self.needs.imports.value("./presets.js", &class);
                let value = identifier(&preset.values[*default].name, Kind::Value);
                Doc::text(format!("{pattern} = {class}.{value}"))
            }
            Source::Preset { .. } | Source::Field(_) | Source::Shorthand { .. } => Doc::text(pattern),
        }
    }

    /// What a parameter becomes in the params.
    fn handed_on(&mut self, parameter: &Parameter, name: &str) -> Doc {
        match &parameter.source {
            Source::Field(field) => named(&field.wire, name),
            Source::Shorthand { field, shorthand } => {
                let shorthand = &self.facade.shorthands[*shorthand];
                let text = identifier(&shorthand.items[shorthand.text].name, Kind::Export);
                self.needs.imports.value("./runtime/shorthand.js", "asList");
                self.needs.imports.value("./shorthands.js", &text);
                let list = property(&key(&field.wire), Doc::text(format!("asList({name}, {text})")));
                if parameter.positional || field.presence == Presence::Required {
                    return list;
                }
                Doc::text(format!("...({name} === undefined ? {{}} : {{ {} }})", list.flat()))
            }
            Source::Preset { preset, fields, .. } => {
                let table = table(&self.facade.presets[*preset]);
                self.needs.imports.value("./presets.js", &table);
                self.needs.imports.value("./runtime/preset.js", "setting");
                let members = fields.iter().map(|field| string(&field.wire));
                call("...setting", [table, name.to_owned()].into_iter().chain(members).map(Doc::text).collect())
            }
        }
    }

    /// What a class knows of itself, and the tag of a variant.
    fn constants(&self, operation: &Operation, request: &Request) -> Vec<Doc> {
        let types = &self.catalog.protocol.types;
        let id = operation.variant.or_else(|| request.params.ty().and_then(|ty| types.as_struct(ty)).map(|(id, _)| id));
        let Some(id) = id else { return Vec::new() };
        let known = |field: &Field| {
            let identity = self.resource.identity.iter().find(|known| known.members.contains(&field.wire))?;
            let value = format!("this.{}", identifier(&identity.name, Kind::Operation));
            Some(property(&key(&field.wire), Doc::text(value)))
        };
        let mut constants = tags(self.catalog, id);
        constants.extend(self.catalog.fields(id).into_iter().filter_map(known));
        constants
    }

    /// `this.client.threadStart({ ... }, call)`.
    fn call(&self, method: &str, parts: &Parts<'_>, more: Option<Doc>) -> Doc {
        let client = self.own_client();
        let mut members = parts.members.clone();
        members.extend(more);
        let params = match members.as_slice() {
            [Doc::Text(one)] if one.starts_with("...") && !one.starts_with("...(") => Doc::text(one[3..].to_owned()),
            _ => members_of(members),
        };
        let arguments = match &parts.request.params {
            Params::None => vec![Doc::text("call")],
            Params::Required(_) => vec![params, Doc::text("call")],
            Params::Optional(_) => {
                // An object that stands alone keeps its braces at the parentheses.
                let only = members_of(vec![Doc::text("...call"), property("params", params)]);
                return Doc::Concat(vec![Doc::text(format!("{client}.{method}(")), only, Doc::text(")")]);
            }
        };
        call(&format!("{client}.{method}"), arguments)
    }

    fn method(&mut self, operation: &Operation, name: &str, mut parts: Parts<'_>, at: &str) -> Method {
        let client = identifier(&parts.request.name, Kind::Method);
        let (result, statements) = match &operation.gives {
            Gives::Nothing => (vec![Doc::text("void")], vec![statement("await ", self.call(&client, &parts, None))]),
            Gives::Result => {
                let result = result_type(self.catalog, parts.request, &mut self.needs.uses);
                (result, vec![statement("return ", self.call(&client, &parts, None))])
            }
            Gives::Resource { resource, key } => {
                let called = statement("const result = await ", self.call(&client, &parts, None));
                let (class, made) = self.made_of_result(resource, &key.path);
                (vec![Doc::text(class)], vec![called, made])
            }
            Gives::Work { resource, variant, collected } => {
                let opened = self.call(&format!("{client}Stream"), &parts, None);
                let mut statements = vec![statement("const work = await ", opened)];
                let (class, made) = self.made_of_work(resource, *variant, *collected, parts.request, at);
                statements.extend(made);
                if *collected {
                    parts.comment.paragraph(
                        "`timeoutMs` is for the beginning alone. `signal` ends the wait for the end as well; what \
                         was begun goes on then.",
                    );
                }
                (vec![Doc::text(class)], statements)
            }
        };
        let start = format!("async {name}");
        finished(parts, &start, generic("Promise", vec![result]), statements)
    }

    /// The class of a resource whose identity the result tells, and the statement that makes one.
    fn made_of_result(&mut self, resource: &Name, key: &[String]) -> (String, String) {
        let class = identifier(resource, Kind::Export);
        let place = key.iter().fold("result".to_owned(), |value, wire| member(&value, wire));
        let client = self.facade.resource(resource).is_some_and(calls).then(|| self.own_client());
        let arguments = client.into_iter().chain([place]).map(Doc::text).collect();
        let made = statement("return ", call(&format!("new {class}"), arguments));
        (class, made)
    }

    /// The class of a resource that follows work, or of what comes of that, and the statements that make one.
    fn made_of_work(
        &mut self,
        resource: &Name,
        variant: Option<TypeId>,
        collected: bool,
        request: &Request,
        at: &str,
    ) -> (String, Vec<String>) {
        let class = identifier(resource, Kind::Export);
        let made = self.facade.resource(resource);
        let mut statements = Vec::new();
        let mut arguments: Vec<String> = made.is_some_and(calls).then(|| self.own_client()).into_iter().collect();
        arguments.push("work".to_owned());
        let shared = made.iter().flat_map(|made| &made.identity).filter_map(|one| one.shared_with(self.resource));
        arguments.extend(shared.map(|own| format!("this.{}", identifier(&own.name, Kind::Operation))));
        if let Some(variant) = variant.filter(|_| made.is_some_and(|made| !made.shows.is_empty())) {
            statements.extend(self.told_apart(request, variant, at));
            arguments.push("result".to_owned());
        }
        let making = call(&format!("new {class}"), arguments.into_iter().map(Doc::text).collect());
        let Some(collects) = made.and_then(|made| made.collects.as_ref()).filter(|_| collected) else {
            statements.push(statement("return ", making));
            return (class, statements);
        };
        let gives = identifier(&collects.gives, Kind::Export);
        self.needs.imports.name_type("./handmade.js", &gives);
        statements.push(statement("const handle = ", making));
        let run = identifier(&collects.name, Kind::Operation);
        statements.push(format!("return handle.{run}({{ signal: call?.signal }});"));
        (gives, statements)
    }

    /// The statement that takes the result for the variant which was asked for.
    fn told_apart(&mut self, request: &Request, variant: TypeId, at: &str) -> Option<String> {
        let types = &self.catalog.protocol.types;
        let found = match types.resolve(&request.result) {
            Type::Ref(id) => match &types[*id].kind {
                TypeKind::Union(union) => union.variants.iter().find_map(|arm| {
                    let (payload, _) = types.as_struct(arm.payload.as_ref()?)?;
                    let Tagging::Property { wire } = &union.tagging else { return None };
                    (payload == variant).then(|| Some((wire.clone(), arm.tag.clone()?)))?
                }),
                _ => None,
            },
            _ => None,
        };
        let Some((wire, tag)) = found else {
            let found = format!("a result of `{}` whose variants no member tells apart", request.wire);
            let problem = Diagnostic::error("profile.toml", format!("/facade{at}/variant"), found)
                .expected("a union with a tag")
                .help("give the class no members of the result to show");
            self.problems.push(problem);
            return None;
        };
        self.needs.imports.value("./runtime/shorthand.js", "expected");
        let arguments = vec![string(&request.wire), "work.result".to_owned(), string(&wire), string(&tag)];
        Some(statement("const result = ", call("expected", arguments.into_iter().map(Doc::text).collect())))
    }

    /// Going through all pages, item by item.
    fn all_pages(&mut self, pages: &Pages, parts: Parts<'_>) -> Option<(String, Method)> {
        let (_, result) = self.catalog.protocol.types.as_struct(&parts.request.result)?;
        let items = result.fields.iter().find(|field| field.wire == pages.items)?;
        let Type::List(item) = items.ty.without_null() else { return None };
        let item = self.catalog.expression(item, Place::Root, &mut self.needs.uses);
        let always = items.presence == Presence::Required && !self.catalog.accepts_null(&items.ty);
        let (client, cursor) = (identifier(&parts.request.name, Kind::Method), string(&pages.cursor));
        let params =
            params_type(self.catalog, &Params::Required(parts.request.params.ty()?.clone()), &mut self.needs.uses);
        let start = generic("Pick", vec![params, vec![Doc::text(cursor)]]);
        let start = Doc::Concat(vec![Doc::text("let place: "), start, Doc::text(" = {};")]);
        let page = self.call(&client, &parts, Some(Doc::text("...place")));
        let page = Doc::Concat(vec![Doc::text("const page = await "), page, Doc::text(";")]);
        let rest = if always { "" } else { " ?? []" };
        let statements = vec![
            lay_out(&start, 4),
            "for (;;) {".to_owned(),
            format!("  {}", lay_out(&page, 6)),
            format!("  yield* {}{rest};", member("page", &pages.items)),
            format!("  const next = {} ?? null;", member("page", &pages.next)),
            "  if (next === null) return;".to_owned(),
            format!("  place = {{ {}: next }};", key(&pages.cursor)),
            "}".to_owned(),
        ];
        let all = identifier(&pages.name, Kind::Operation);
        let result = generic("AsyncGenerator", vec![item, vec![Doc::text("void")], vec![Doc::text("undefined")]]);
        let method = finished(parts, &format!("async *{all}"), result, statements);
        Some((all, method))
    }

    fn own_client(&self) -> String {
        if self.resource.name == self.facade.root { "this.client".to_owned() } else { "this.#client".to_owned() }
    }
}

/// What an operation does.
fn explained(operation: &Operation, pages: Option<&Pages>) -> Comment {
    if pages.is_none() {
        return prose(&operation.doc);
    }
    let mut comment = Comment::default();
    let name = identifier(&operation.name, Kind::Operation);
    comment.paragraph(&format!("Like `{name}`, through all pages, item by item. `timeoutMs` is for each page."));
    comment
}

/// The method, with what there is to say about it.
fn finished(parts: Parts<'_>, start: &str, result: Doc, mut statements: Vec<String>) -> Method {
    let mut comment = parts.comment;
    match parts.request.meta.stability {
        Stability::Stable => {}
        Stability::Experimental => comment.paragraph("Experimental: needs `experimentalApi`."),
    }
    comment.paragraph(&format!("Wire method: `{}`.", parts.request.wire));
    statements.splice(0..0, parts.setup);
    Method {
        doc: above(&comment, 2),
        head: head(signature(start, parts.parameters, Some(result))),
        body: statements.join("\n    "),
    }
}

/// A statement of a method.
fn statement(start: &'static str, code: Doc) -> String {
    lay_out(&Doc::Concat(vec![Doc::text(start), code, Doc::text(";")]), 4)
}
