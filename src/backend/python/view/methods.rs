//! `methods.py`, the table of requests, and `handlers.py`, what answers those of the server.

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{annotated, call, keyword, lay_out, string, subscript, union};
use crate::backend::python::imports::{Imports, Place};
use crate::backend::python::names::{Kind, LANGUAGE, identifier};
use crate::backend::python::types::{Position, Uses, with_none};
use crate::backend::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::ir::{Meta, Params, Peer, Request, Stability, Type};

use super::{Member, mapping};

/// `methods.py`.
pub struct MethodsView {
    /// The import statements that only type checkers see.
    pub checked_imports: String,
    /// The requests, by who makes them.
    pub groups: Vec<Group>,
}

/// The requests that one side makes.
pub struct Group {
    /// Whose they are.
    pub title: &'static str,
    /// A constant each.
    pub methods: Vec<String>,
}

impl MethodsView {
    /// The table of all requests; tells of names that clash.
    pub fn new(catalog: &Catalog<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut uses = Uses::default();
        let mut scope = Scope::new(LANGUAGE, "`methods`");
        let mut constants = |sender: Peer| {
            let mut constants = Vec::new();
            for request in catalog.protocol.requests_from(sender) {
                problems.extend(scope.take(&constant(request), &request.meta));
                constants.extend(descriptor(catalog, request, &mut uses, problems));
            }
            constants
        };
        let mut groups = vec![
            Group { title: "What the client asks.", methods: constants(Peer::Client) },
            Group { title: "What the server asks.", methods: constants(Peer::Server) },
        ];
        groups.retain(|group| !group.methods.is_empty());
        let mut imports = Imports::default();
        imports.uses(Place::Root, &uses, catalog);
        Self { checked_imports: imports.print(4), groups }
    }
}

/// The constant of a request.
pub fn constant(request: &Request) -> String {
    identifier(&request.name, Kind::Constant)
}

/// Where the runtime finds a type: `"module:Name"`, or `None` where whatever comes is taken as it is.
pub fn reference(catalog: &Catalog<'_>, ty: Option<&Type>) -> Option<String> {
    match ty {
        None | Some(Type::Null | Type::Any) => Some("None".to_owned()),
        Some(Type::Ref(id)) => Some(string(&format!("{}:{}", catalog.module(*id), catalog.class(*id)))),
        Some(_) => None,
    }
}

/// The problem of a message whose params or result the runtime could not find by name.
pub fn unnamed(wire: &str, meta: &Meta) -> Diagnostic {
    let found = format!("in Python, `{wire}` needs a named type, and has one without a name");
    Diagnostic::error("", &meta.origin.pointer, found).help("give the type a definition of its own in the schema")
}

fn descriptor(
    catalog: &Catalog<'_>,
    request: &Request,
    uses: &mut Uses,
    problems: &mut Vec<Diagnostic>,
) -> Option<String> {
    let params = reference(catalog, request.params.ty().map(Type::without_null));
    let result = reference(catalog, Some(&request.result));
    let (Some(params), Some(result)) = (params, result) else {
        problems.push(unnamed(&request.wire, &request.meta));
        return None;
    };
    let mut arguments = vec![
        Doc::HardLine,
        Doc::text(format!("{},", string(&request.wire))),
        Doc::HardLine,
        Doc::text(format!("params={params},")),
        Doc::HardLine,
        Doc::text(format!("result={result},")),
    ];
    match request.meta.stability {
        Stability::Stable => {}
        Stability::Experimental => arguments.extend([Doc::HardLine, Doc::text("experimental=True,")]),
    }
    if matches!(request.params, Params::Optional(_)) {
        arguments.extend([Doc::HardLine, Doc::text("params_optional=True,")]);
    }
    let types = vec![
        params_annotation(catalog, request, uses),
        union(catalog.annotation(&request.result, Position::Model, uses)),
    ];
    let value = Doc::Concat(vec![Doc::text("Method("), Doc::indent(arguments), Doc::HardLine, Doc::text(")")]);
    Some(lay_out(&annotated(&constant(request), &[subscript("Method", types)], Some(value)), 0))
}

/// What the params of a request are for a type checker.
fn params_annotation(catalog: &Catalog<'_>, request: &Request, uses: &mut Uses) -> Doc {
    match request.params.ty() {
        None => Doc::text("None"),
        Some(ty) => union(catalog.annotation(ty.without_null(), Position::Model, uses)),
    }
}

/// `handlers.py`.
pub struct HandlersView {
    /// The constants of `methods.py` that it needs, imported.
    pub method_imports: Option<String>,
    /// The import statements that only type checkers see.
    pub checked_imports: String,
    /// The attributes that hold handlers.
    pub handlers: Vec<Member>,
    /// The table by wire name, as an expression.
    pub table: String,
}

impl HandlersView {
    /// One handler for each request of the server; tells of names that clash.
    pub fn new(catalog: &Catalog<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let requests: Vec<&Request> = catalog.protocol.requests_from(Peer::Server).collect();
        let mut scope = Scope::new(LANGUAGE, "`ServerRequestHandlers`");
        let mut uses = Uses::default();
        let mut handlers = Vec::with_capacity(requests.len());
        let mut entries = Vec::with_capacity(requests.len());
        let mut methods = Imports::default();
        for request in &requests {
            let name = identifier(&request.name, Kind::Method);
            problems.extend(scope.take(&name, &request.meta));
            handlers.push(handler(catalog, request, &name, &mut uses));
            let arguments =
                vec![keyword("method", Doc::text(constant(request))), keyword("handler", Doc::text(string(&name)))];
            let entry = vec![Doc::text(format!("{}: ", string(&request.wire))), call("ServerRequest", arguments)];
            entries.push(lay_out(&Doc::Concat(vec![Doc::Concat(entry), Doc::text(",")]), 4));
            methods.add(".methods", constant(request));
        }
        let mut imports = Imports::default();
        imports.add("collections.abc", "Mapping");
        if !requests.is_empty() {
            imports.add("._runtime.handler", "Handler");
        }
        imports.uses(Place::Root, &uses, catalog);
        let method_imports = (!methods.is_empty()).then(|| methods.print(0));
        Self { method_imports, checked_imports: imports.print(4), handlers, table: mapping(&entries) }
    }
}

fn handler(catalog: &Catalog<'_>, request: &Request, name: &str, uses: &mut Uses) -> Member {
    let params = match &request.params {
        Params::None => vec![Doc::text("None")],
        Params::Required(ty) => catalog.annotation(ty, Position::Model, uses),
        Params::Optional(ty) => with_none(catalog.annotation(ty, Position::Model, uses)),
    };
    let result = union(catalog.annotation(&request.result, Position::Argument, uses));
    let parts = with_none(vec![subscript("Handler", vec![union(params), result])]);
    let fallback = format!("Answers `{}`.", request.wire);
    let mut doc = catalog.docstring(&request.meta, Some(&fallback)).marked(&request.meta);
    if request.refusal.is_some() {
        doc.paragraph("Without a handler it is declined.");
    }
    doc.paragraph(&format!("Wire method: `{}`.", request.wire));
    Member { code: lay_out(&annotated(name, &parts, Some(Doc::text("None"))), 4), doc: doc.print(4) }
}
