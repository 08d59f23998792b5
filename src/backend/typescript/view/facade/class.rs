//! `facade.ts`: the classes with what they know and what they can do.

use crate::backend::pretty::Doc;
use crate::backend::scope::Scope;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{call, generic, key, lay_out, signature, string, typed};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::imports::Imports;
use crate::backend::typescript::names::{Kind, LANGUAGE, identifier};
use crate::backend::typescript::types::{Place, Uses};
use crate::backend::typescript::view::client::Method;
use crate::backend::typescript::view::methods::{params_type, result_type};
use crate::backend::typescript::view::{Member, above};
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Facade, Gives, Name, Peer, Presence, Request, Resource, TypeId};

use super::operation::Builder;
use super::{OptionsView, place, prose};

/// `facade.ts`.
pub struct ClassesView {
    /// The import statements.
    pub imports: String,
    /// The classes.
    pub classes: Vec<ClassView>,
}

/// A class.
pub struct ClassView {
    /// The comment above it.
    pub doc: String,
    /// From `class` to the brace.
    pub head: String,
    /// What it knows.
    pub properties: Vec<Member>,
    /// The comment above its constructor.
    pub constructor_doc: String,
    /// Its constructor up to the brace.
    pub constructor: String,
    /// The statements of the constructor.
    pub statements: Vec<String>,
    /// How it starts the server, for the root class.
    pub start: Option<Start>,
    /// How its work is followed, if it follows work.
    pub end: Option<End>,
    /// What it can do.
    pub methods: Vec<Method>,
}

/// How the root class is made.
pub struct Start {
    /// The function that starts a server, up to its brace.
    pub head: String,
    /// What it gives, as a statement.
    pub body: String,
}

/// How work is followed.
pub struct End {
    /// What the work is called.
    pub work: String,
    /// The wire name of the notification that ends it, as a literal.
    pub closing: String,
    /// The method that waits for it, up to its brace.
    pub head: String,
}

/// What a module speaks of, as far as it has been written.
#[derive(Default)]
pub struct Needs {
    /// The types of the protocol.
    pub uses: Uses,
    /// Everything else.
    pub imports: Imports,
}

impl ClassesView {
    /// The classes; tells of names that clash.
    pub fn new(
        catalog: &Catalog<'_>,
        facade: &Facade,
        options: &OptionsView,
        client: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut needs = Needs::default();
        let mut classes = Vec::new();
        for resource in &facade.resources {
            let mut maker = Maker { catalog, facade, options, resource, client, needs: &mut needs, problems };
            classes.push(maker.class());
        }
        if !needs.uses.types.is_empty() {
            needs.imports.types();
        }
        Self { imports: needs.imports.print(), classes }
    }
}

/// Makes one class.
struct Maker<'a, 'n, 'p> {
    catalog: &'a Catalog<'a>,
    facade: &'a Facade,
    options: &'a OptionsView,
    resource: &'a Resource,
    client: &'a str,
    needs: &'n mut Needs,
    problems: &'p mut Vec<Diagnostic>,
}

/// What the constructor of a class takes, and what it keeps of it.
#[derive(Default)]
struct Making {
    parameters: Vec<Doc>,
    properties: Vec<Member>,
    statements: Vec<String>,
}

impl Making {
    /// Takes something and keeps it.
    fn keep(&mut self, name: &str, property: &str, types: Vec<Doc>, comment: &Comment) {
        self.parameters.push(typed(format!("{name}:"), types.clone()));
        self.has(property, types, comment, name);
    }

    /// Keeps something under a name.
    fn has(&mut self, property: &str, types: Vec<Doc>, comment: &Comment, value: &str) {
        let code = Doc::Concat(vec![typed(format!("readonly {property}:"), types), Doc::text(";")]);
        self.properties.push(Member::new(comment, 2, lay_out(&code, 2)));
        let place =
            if property.starts_with(['"', '\'']) { format!("this[{property}]") } else { format!("this.{property}") };
        self.statements.push(format!("{place} = {value};"));
    }
}

impl Maker<'_, '_, '_> {
    fn class(&mut self) -> ClassView {
        let name = identifier(&self.resource.name, Kind::Export);
        let root = self.resource.name == self.facade.root;
        let Making { parameters, properties, mut statements } = if root { self.root() } else { self.made() };
        let mut base = String::new();
        if self.resource.extends {
            let parts = format!("{name}Parts");
            self.needs.imports.value("./handmade.js", &parts);
            base = format!(" extends {parts}");
            statements.insert(0, "super();".to_owned());
        }
        let constructor = if root { "private constructor" } else { "constructor" };
        let mut constructor_doc = Comment::default();
        if !root {
            constructor_doc.paragraph("Made by the methods that give it.");
        }
        ClassView {
            doc: above(&prose(&self.resource.doc), 0),
            head: format!("export class {name}{base} {{"),
            properties,
            constructor_doc: above(&constructor_doc, 2),
            constructor: head(signature(constructor, parameters, None)),
            statements,
            start: root.then(|| self.start(&name)),
            end: self.resource.work.as_ref().and_then(|work| self.end(work)),
            methods: self.methods(&name),
        }
    }

    /// The root class has the client for all to see.
    fn root(&mut self) -> Making {
        let class = self.client_class();
        let mut comment = Comment::default();
        comment.paragraph("The typed client underneath.");
        let mut making = Making::default();
        making.keep("client", "client", vec![Doc::text(class)], &comment);
        making
    }

    /// The others are made by a method of another class, of what that knows and of what the server said.
    fn made(&mut self) -> Making {
        let (silent, resource) = (Comment::default(), self.resource);
        let mut making = Making::default();
        let giver = self.facade.giver(resource);
        if calls(resource) {
            making.keep("client", "#client", vec![Doc::text(self.client_class())], &silent);
        }
        let opening = giver.filter(|_| resource.work.is_some());
        let opening = opening.and_then(|(_, operation)| request(self.catalog, &operation.request));
        if let Some(request) = opening {
            self.needs.imports.name_type("./runtime/stream.js", "Work");
            self.needs.imports.name_type("./notifications.js", "ServerNotification");
            let result = result_type(self.catalog, request, &mut self.needs.uses);
            let work = generic("Work", vec![vec![Doc::text("ServerNotification")], result]);
            making.keep("work", "#work", vec![work], &silent);
        }
        for identity in &resource.identity {
            let name = identifier(&identity.name, Kind::Operation);
            let mut comment = Comment::default();
            comment.paragraph(&identity.said());
            let text = vec![Doc::text("string")];
            if resource.work.is_some() && giver.is_none_or(|(giver, _)| identity.shared_with(giver).is_none()) {
                making.has(&name, text, &comment, "work.id ?? \"\"");
            } else {
                making.keep(&identifier(&identity.name, Kind::Parameter), &name, text, &comment);
            }
        }
        self.shown(&mut making, giver.and_then(|(_, operation)| variant(&operation.gives)));
        making
    }

    /// The members of the result that the class shows. A variant has been told apart by who gives it.
    fn shown(&mut self, making: &mut Making, variant: Option<TypeId>) {
        let mut result = "work.result";
        if let Some(variant) = variant.filter(|_| !self.resource.shows.is_empty()) {
            self.needs.uses.types.insert(variant);
            making.parameters.push(Doc::text(format!("result: types.{}", self.catalog.name(variant))));
            result = "result";
        }
        for field in &self.resource.shows {
            let mut types = self.catalog.expression(&field.ty, Place::Root, &mut self.needs.uses);
            types.extend((field.presence != Presence::Required).then(|| Doc::text("undefined")));
            let fallback = format!("`{}` on the wire.", field.wire);
            let comment = Comment::of(&field.meta, Some(&fallback)).marked(&field.meta);
            making.has(&key(&field.wire), types, &comment, &member(result, &field.wire));
        }
    }

    fn start(&mut self, name: &str) -> Start {
        let config = format!("{}Config", self.client);
        self.needs.imports.name_type("./config.js", &config);
        self.needs.imports.value("./client.js", &format!("{}Client", self.client));
        let parameters = vec![Doc::text(format!("config: {config} = {{}}"))];
        let result = Doc::text(format!("Promise<{name}>"));
        let client = format!("await {}Client.start(config)", self.client);
        let body = Doc::Concat(vec![
            Doc::text("return "),
            call(&format!("new {name}"), vec![Doc::text(client)]),
            Doc::text(";"),
        ]);
        Start { head: head(signature("static async start", parameters, Some(result))), body: lay_out(&body, 4) }
    }

    /// How the work ends, and what the runtime's streams are called.
    fn end(&mut self, work: &Name) -> Option<End> {
        let correlation = self.catalog.protocol.correlations.iter().find(|correlation| correlation.name == *work)?;
        let mut notifications = self.catalog.protocol.notifications_from(Peer::Server);
        let closing = notifications.find(|notification| notification.wire == correlation.closes)?;
        let params = params_type(self.catalog, &closing.params, &mut self.needs.uses);
        for (module, name) in [
            ("./notifications.js", "ServerNotification"),
            ("./runtime/options.js", "CallOptions"),
            ("./runtime/stream.js", "Stream"),
        ] {
            self.needs.imports.name_type(module, name);
        }
        let options = vec![Doc::text("options?: CallOptions")];
        let head = head(signature("async wait", options, Some(generic("Promise", vec![params]))));
        Some(End { work: work.to_string(), closing: string(&closing.wire), head })
    }

    fn methods(&mut self, class: &str) -> Vec<Method> {
        let pointer = child("/resources", &self.resource.name.pascal());
        let mut scope = Scope::new(LANGUAGE, format!("`{class}`"));
        let collects = self.resource.collects.as_ref().map(|collects| identifier(&collects.name, Kind::Operation));
        let identity = self.resource.identity.iter().map(|identity| identifier(&identity.name, Kind::Operation));
        let shown = self.resource.shows.iter().map(|field| field.wire.clone());
        let work: &[&str] = if self.resource.work.is_some() { &["stream", "wait"] } else { &[] };
        let work = work.iter().map(|own| (*own).to_owned());
        for name in work.chain(identity).chain(shown).chain(collects) {
            self.problems.extend(scope.take(&name, &place(&pointer)));
        }
        let mut methods = Vec::new();
        for operation in &self.resource.operations {
            let at = child(&child(&pointer, "operations"), &operation.name.snake());
            let mut builder = Builder {
                catalog: self.catalog,
                facade: self.facade,
                options: self.options,
                resource: self.resource,
                needs: self.needs,
                problems: self.problems,
            };
            for (name, method) in builder.methods(operation, &at) {
                self.problems.extend(scope.take(&name, &place(&at)));
                methods.push(method);
            }
        }
        methods
    }

    fn client_class(&mut self) -> String {
        let class = format!("{}Client", self.client);
        self.needs.imports.name_type("./client.js", &class);
        class
    }
}

/// Whether a class makes calls, and so has a client.
pub fn calls(resource: &Resource) -> bool {
    !resource.operations.is_empty()
}

/// `value.member`.
pub fn member(value: &str, wire: &str) -> String {
    let name = key(wire);
    if name == wire { format!("{value}.{wire}") } else { format!("{value}[{name}]") }
}

/// The variant that the result of an operation must be.
fn variant(gives: &Gives) -> Option<TypeId> {
    match gives {
        Gives::Work { variant, .. } => *variant,
        Gives::Nothing | Gives::Result | Gives::Resource { .. } => None,
    }
}

/// The request of this wire name.
pub fn request<'a>(catalog: &Catalog<'a>, wire: &str) -> Option<&'a Request> {
    catalog.protocol.requests_from(Peer::Client).find(|request| request.wire == wire)
}

/// A signature and the brace behind it.
pub fn head(signature: Doc) -> String {
    lay_out(&Doc::Concat(vec![signature, Doc::text(" {")]), 2)
}
