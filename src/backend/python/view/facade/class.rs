//! `facade.py` and `async_facade.py`: the classes with what they know and what they can do.

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{lay_out, signature};
use crate::backend::python::docstring::Docstring;
use crate::backend::python::imports::{Imports, Place, exported};
use crate::backend::python::names::{Kind, LANGUAGE, identifier};
use crate::backend::python::types::{Position, Uses};
use crate::backend::python::view::client::{Method, Style};
use crate::backend::scope::Scope;
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Facade, Gives, Meta, Name, Operation, Origin, Peer, Request, Resource, Stability, TypeId};

use super::class_name;
use super::operation::Builder;
use super::values::prose;

/// One of the two modules.
pub struct ClassesView {
    /// Whether calls are awaited.
    pub awaited: bool,
    /// The import statements.
    pub imports: String,
    /// Those that only type checkers see.
    pub checked_imports: String,
    /// The value of `__all__`, as a statement.
    pub exported: String,
    /// The class of the client.
    pub client: String,
    /// The class of its config.
    pub config: String,
    /// The classes.
    pub classes: Vec<ClassView>,
}

/// A class.
pub struct ClassView {
    /// Its name.
    pub name: String,
    /// What it derives from, in parentheses, if anything.
    pub base: String,
    /// Its docstring.
    pub doc: String,
    /// Whether it starts the server.
    pub root: bool,
    /// From `def __init__` to the colon, for the others.
    pub constructor: String,
    /// The statements of the constructor.
    pub statements: Vec<String>,
    /// What is printed of it, as the text between the quotes of an f-string, if it has an identity to show.
    pub shown: Option<String>,
    /// What its work gives in the end, if it follows work.
    pub end: Option<End>,
    /// What it can do.
    pub methods: Vec<Method>,
}

/// How work is followed.
pub struct End {
    /// What the work is called.
    pub work: String,
    /// The class of the notification that ends it.
    pub class: String,
    /// From `def wait` to the colon.
    pub signature: String,
}

/// What a module imports, as far as it has been written.
#[derive(Default)]
pub struct Needs {
    /// Names of the protocol that annotations speak of.
    pub uses: Uses,
    /// What annotations speak of beside these.
    pub checked: Imports,
    /// What code needs.
    pub imports: Imports,
}

impl ClassesView {
    pub fn new(
        catalog: &Catalog<'_>,
        facade: &Facade,
        style: Style,
        client: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let (module, class) = match style {
            Style::Sync => (".client", format!("{client}Client")),
            Style::Async => (".async_client", format!("Async{client}Client")),
        };
        let mut needs = Needs::default();
        needs.imports.add(module, &class);
        needs.checked.add(".config", format!("{client}Config"));
        needs.checked.add(".handlers", "ServerRequestHandlers");
        needs.checked.add("types", "TracebackType");
        needs.checked.add("typing_extensions", "Self");
        needs.imports.add("typing", "TYPE_CHECKING");
        let classes: Vec<ClassView> = facade
            .resources
            .iter()
            .map(|resource| class_view(catalog, facade, resource, style, &class, &mut needs, problems))
            .collect();
        needs.checked.uses(Place::Root, &needs.uses, catalog);
        needs.checked.without(&needs.imports);
        Self {
            awaited: style == Style::Async,
            imports: needs.imports.print(0),
            checked_imports: needs.checked.print(4),
            exported: exported(classes.iter().map(|class| class.name.clone()).collect()),
            client: class,
            config: format!("{client}Config"),
            classes,
        }
    }
}

fn class_view(
    catalog: &Catalog<'_>,
    facade: &Facade,
    resource: &Resource,
    style: Style,
    client: &str,
    needs: &mut Needs,
    problems: &mut Vec<Diagnostic>,
) -> ClassView {
    let name = class_name(&resource.name, style);
    let pointer = child("/facade/resources", &resource.name.pascal());
    let mut scope = Scope::new(LANGUAGE, format!("`{name}`"));
    for own in own_names(facade, resource) {
        problems.extend(scope.take(&own, &meta(pointer.clone())));
    }
    let mut methods = Vec::new();
    for operation in &resource.operations {
        let meta = meta(child(&child(&pointer, "operations"), &operation.name.snake()));
        let mut builder = Builder { catalog, facade, resource, style, needs, problems };
        for method in builder.methods(operation) {
            builder.problems.extend(scope.take(&method.0, &meta));
            methods.push(method.1);
        }
    }
    let base = if resource.extends {
        let base = format!("{name}Parts");
        needs.imports.add("._handmade", &base);
        format!("({base})")
    } else {
        String::new()
    };
    let root = resource.name == facade.root;
    let (constructor, statements) =
        if root { (String::new(), Vec::new()) } else { constructor(catalog, facade, resource, style, client, needs) };
    let shown = (!resource.identity.is_empty()).then(|| format!("{name}({})", shown(resource)));
    let end = resource.work.as_ref().and_then(|work| end(catalog, work, style, needs));
    ClassView {
        name,
        base,
        doc: prose(catalog, &resource.doc).print(4).unwrap_or_default(),
        root,
        constructor,
        statements,
        shown,
        end,
        methods,
    }
}

/// What a class has beside its operations.
fn own_names(facade: &Facade, resource: &Resource) -> Vec<String> {
    let root: &[&str] = if resource.name == facade.root { &["client", "close"] } else { &[] };
    let work: &[&str] = if resource.work.is_some() { &["stream", "wait"] } else { &[] };
    let identity = resource.identity.iter().map(|identity| identifier(&identity.name, Kind::Field));
    let shown = resource.shows.iter().map(|field| identifier(&field.name, Kind::Field));
    let collects = resource.collects.iter().map(|collects| identifier(&collects.name, Kind::Operation));
    let given = root.iter().chain(work).map(|own| (*own).to_owned());
    given.chain(identity).chain(shown).chain(collects).collect()
}

/// The operations have no place in the schema.
fn meta(pointer: String) -> Meta {
    Meta { doc: crate::ir::Doc::default(), origin: Origin { pointer }, stability: Stability::Stable, deprecated: None }
}

/// How the work ends, and what the runtime's streams are called.
fn end(catalog: &Catalog<'_>, work: &Name, style: Style, needs: &mut Needs) -> Option<End> {
    let correlation = catalog.protocol.correlations.iter().find(|correlation| correlation.name == *work)?;
    let mut notifications = catalog.protocol.notifications_from(Peer::Server);
    let closing = notifications.find(|notification| notification.wire == correlation.closes)?;
    let class = super::super::notifications::class(closing);
    let params = closing.params.ty()?;
    needs.checked.add(".", "types");
    needs.imports.add(".notifications", &class);
    needs.checked.add(".notifications", "ServerNotification");
    let stream = match style {
        Style::Sync => ("._runtime.sync_stream", "SyncStream"),
        Style::Async => ("._runtime.aio_stream", "AsyncStream"),
    };
    needs.checked.add(stream.0, stream.1);
    let parameters = ["self", "*", "timeout: float | None = None"].map(Doc::text).to_vec();
    let head = format!("{}wait", style.define());
    let signature = lay_out(&signature(&head, parameters, &qualified(catalog, params)), 4);
    Some(End { work: work.to_string(), class, signature })
}

/// A type by its name in the module of all types, since classes of the convenience layer may be called like types.
pub fn qualified(catalog: &Catalog<'_>, ty: &crate::ir::Type) -> String {
    match ty {
        crate::ir::Type::Ref(id) => format!("types.{}", catalog.class(*id)),
        other => {
            crate::backend::python::code::union(catalog.annotation(other, Position::Model, &mut Uses::default())).flat()
        }
    }
}

/// What tells one of them from another.
fn shown(resource: &Resource) -> String {
    let names = resource.identity.iter().map(|identity| identifier(&identity.name, Kind::Field));
    names.map(|name| format!("{name}={{self.{name}!r}}")).collect::<Vec<_>>().join(", ")
}

/// The constructor of a class that another one's method gives.
fn constructor(
    catalog: &Catalog<'_>,
    facade: &Facade,
    resource: &Resource,
    style: Style,
    client: &str,
    needs: &mut Needs,
) -> (String, Vec<String>) {
    let mut parameters = vec![Doc::text("self"), Doc::text(format!("client: {client}"))];
    let mut statements = vec!["self._client = client".to_owned()];
    let giver = facade.giver(resource);
    let mut named = Vec::new();
    let mut properties = Vec::new();
    for identity in &resource.identity {
        let name = identifier(&identity.name, Kind::Field);
        let own = resource.work.is_some() && giver.is_none_or(|(giver, _)| identity.shared_with(giver).is_none());
        if own {
            properties.push(format!("self.{name} = work.id or \"\""));
        } else {
            named.push(Doc::text(format!("{name}: str")));
            properties.push(format!("self.{name} = {name}"));
        }
        let mut doc = Docstring::default();
        doc.paragraph(&identity.said());
        properties.extend(doc.print(8));
    }
    let variant = giver.and_then(|(_, operation)| result_variant(operation));
    let opening =
        giver.filter(|_| resource.work.is_some()).and_then(|(_, operation)| request(catalog, &operation.request));
    if let Some(request) = opening {
        let work = match style {
            Style::Sync => ("._runtime.sync_stream", "SyncWork"),
            Style::Async => ("._runtime.aio_stream", "AsyncWork"),
        };
        needs.checked.add(work.0, work.1);
        needs.checked.add(".notifications", "ServerNotification");
        needs.checked.add(".", "types");
        let result = qualified(catalog, &request.result);
        parameters.push(Doc::text(format!("work: {}[ServerNotification, {result}]", work.1)));
        statements.push("self._work = work".to_owned());
    }
    // A variant of the result has been told apart by who gives it.
    let shown = variant.map_or("work.result", |_| "result");
    if let Some(variant) = variant.filter(|_| !resource.shows.is_empty()) {
        named.push(Doc::text(format!("result: types.{}", catalog.class(variant))));
    }
    if !named.is_empty() {
        parameters.push(Doc::text("*"));
        parameters.extend(named);
    }
    statements.extend(properties);
    for field in &resource.shows {
        let (name, ty) = (identifier(&field.name, Kind::Field), qualified(catalog, &field.ty));
        statements.push(format!("self.{name}: {ty} = {shown}.{name}"));
        let doc = catalog.docstring(&field.meta, Some(&format!("`{}` on the wire.", field.wire)));
        statements.extend(doc.print(8));
    }
    (lay_out(&signature("def __init__", parameters, "None"), 4), statements)
}

/// The variant that the result of an operation must be.
fn result_variant(operation: &Operation) -> Option<TypeId> {
    match operation.gives {
        Gives::Work { variant, .. } => variant,
        Gives::Nothing | Gives::Result | Gives::Resource { .. } => None,
    }
}

/// The request of this wire name.
pub fn request<'a>(catalog: &Catalog<'a>, wire: &str) -> Option<&'a Request> {
    catalog.protocol.requests_from(Peer::Client).find(|request| request.wire == wire)
}
