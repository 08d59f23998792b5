//! `methods.ts`, the tables of requests, and `handlers.ts`, what answers those of the server.

use crate::backend::pretty::Doc;
use crate::backend::scope::Scope;
use crate::backend::typescript::catalog::{Catalog, domain};
use crate::backend::typescript::code::{generic, key, lay_out, property, string, tall_object, typed};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::names::{Kind, LANGUAGE, identifier};
use crate::backend::typescript::types::{Place, Uses};
use crate::diagnostic::Diagnostic;
use crate::ir::{Meta, Params, Peer, Request, Stability, Type};

use super::Member;

/// `methods.ts`.
pub struct MethodsView {
    /// What the client asks.
    pub of_client: Exchanges,
    /// What the server asks.
    pub of_server: Exchanges,
    /// Whether the types of the protocol are spoken of.
    pub types: bool,
}

/// The requests of one side.
#[derive(Default)]
pub struct Exchanges {
    /// The members that say each request's types.
    pub types: Vec<String>,
    /// The entries that say where these are described.
    pub described: Vec<String>,
}

impl MethodsView {
    /// The tables of all requests.
    pub fn new(catalog: &Catalog<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut uses = Uses::default();
        let mut exchanges = |sender: Peer| {
            let mut exchanges = Exchanges::default();
            for request in catalog.protocol.requests_from(sender) {
                exchanges.types.push(exchange(catalog, request, &mut uses));
                exchanges.described.push(description(catalog, request, problems));
            }
            exchanges
        };
        let (of_client, of_server) = (exchanges(Peer::Client), exchanges(Peer::Server));
        Self { of_client, of_server, types: !uses.types.is_empty() }
    }
}

/// A type that has no name, and so no description to find by it.
pub struct Unnamed;

/// Where the runtime finds the description of a type, as a literal; none for what holds nothing or is anything.
pub fn reference(catalog: &Catalog<'_>, ty: Option<&Type>) -> Result<Option<String>, Unnamed> {
    match ty {
        None | Some(Type::Null | Type::Any) => Ok(None),
        Some(Type::Ref(id)) => Ok(Some(string(&format!("{}.{}", domain(catalog.module(*id)), catalog.name(*id))))),
        Some(_) => Err(Unnamed),
    }
}

/// The type of a message's params, by its alternatives.
pub fn params_type(catalog: &Catalog<'_>, params: &Params, uses: &mut Uses) -> Vec<Doc> {
    let mut expression = |ty: &Type| catalog.expression(ty.without_null(), Place::Root, uses);
    match params {
        Params::None => vec![Doc::text("undefined")],
        Params::Required(ty) => expression(ty),
        Params::Optional(ty) => expression(ty).into_iter().chain([Doc::text("undefined")]).collect(),
    }
}

/// The type of a request's result, by its alternatives. One that says nothing is not given at all.
pub fn result_type(catalog: &Catalog<'_>, request: &Request, uses: &mut Uses) -> Vec<Doc> {
    match &request.result {
        Type::Null => vec![Doc::text("undefined")],
        result => catalog.expression(result, Place::Root, uses),
    }
}

/// A request's types, as a member of an interface.
fn exchange(catalog: &Catalog<'_>, request: &Request, uses: &mut Uses) -> String {
    let members = [
        Doc::HardLine,
        typed("params:", params_type(catalog, &request.params, uses)),
        Doc::text(";"),
        Doc::HardLine,
        typed("result:", result_type(catalog, request, uses)),
        Doc::text(";"),
    ];
    let open = Doc::text(format!("{}: {{", key(&request.wire)));
    lay_out(&Doc::Concat(vec![open, Doc::indent(members.into()), Doc::HardLine, Doc::text("};")]), 2)
}

/// Where a request's types are described, as an entry of a table.
fn description(catalog: &Catalog<'_>, request: &Request, problems: &mut Vec<Diagnostic>) -> String {
    let mut facts = Vec::new();
    for (name, ty) in [("params", request.params.ty().map(Type::without_null)), ("result", Some(&request.result))] {
        match reference(catalog, ty) {
            Ok(found) => facts.extend(found.map(|text| (name.to_owned(), Doc::text(text)))),
            Err(Unnamed) => problems.push(unnamed(name, &request.wire, &request.meta)),
        }
    }
    match request.meta.stability {
        Stability::Stable => {}
        Stability::Experimental => facts.push(("experimental".to_owned(), Doc::text("true"))),
    }
    let entry = property(&key(&request.wire), tall_object(facts));
    lay_out(&Doc::Concat(vec![entry, Doc::text(",")]), 2)
}

/// Says that the params or the result of a message have no name to find their description by.
pub fn unnamed(what: &str, wire: &str, meta: &Meta) -> Diagnostic {
    let found = format!("the {what} of `{wire}` is of a type without a name");
    Diagnostic::error("", &meta.origin.pointer, found).expected("a named type").help("give it a definition of its own")
}

/// `handlers.ts`.
pub struct HandlersView {
    /// The members that hold handlers.
    pub handlers: Vec<Member>,
    /// The entries of the table of their names.
    pub entries: Vec<String>,
    /// Whether the types of the protocol are spoken of.
    pub types: bool,
}

impl HandlersView {
    /// One handler for each request of the server; tells of names that clash.
    pub fn new(catalog: &Catalog<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut scope = Scope::new(LANGUAGE, "`ServerRequestHandlers`");
        let mut handlers: Vec<Member> = Vec::new();
        let mut entries = Vec::new();
        let mut uses = Uses::default();
        for request in catalog.protocol.requests_from(Peer::Server) {
            let name = identifier(&request.name, Kind::Method);
            problems.extend(scope.take(&name, &request.meta));
            let mut member = handler(catalog, request, &name, &mut uses);
            if !handlers.is_empty() {
                member.doc.insert(0, '\n');
            }
            handlers.push(member);
            let entry = property(&key(&request.wire), Doc::text(string(&name)));
            entries.push(lay_out(&Doc::Concat(vec![entry, Doc::text(",")]), 2));
        }
        Self { handlers, entries, types: !uses.types.is_empty() }
    }
}

fn handler(catalog: &Catalog<'_>, request: &Request, name: &str, uses: &mut Uses) -> Member {
    let mut comment = Comment::of(&request.meta, Some(&format!("Answers `{}`.", request.wire))).marked(&request.meta);
    if request.refusal.is_some() {
        comment.paragraph("Without a handler it is declined.");
    }
    comment.paragraph(&format!("Wire method: `{}`.", request.wire));
    let types = vec![params_type(catalog, &request.params, uses), result_type(catalog, request, uses)];
    let parts = vec![generic("Handler", types), Doc::text("undefined")];
    let code = Doc::Concat(vec![typed(format!("{name}?:"), parts), Doc::text(";")]);
    Member::new(&comment, 2, lay_out(&code, 2))
}
