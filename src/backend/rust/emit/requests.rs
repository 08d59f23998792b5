//! `methods.rs`: a marker type for each request; and what client and handlers say of requests too.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, LANGUAGE, ident, identifier};
use crate::backend::rust::table::{Tables, WIDTH};
use crate::backend::rust::types::speaks_of_types;
use crate::backend::rust::values::flat;
use crate::backend::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::ir::{Meta, Params, Peer, Request, Stability, Type, TypeKind};

use super::NOT_BY_HAND;

/// The marker type of a request.
pub fn marker(request: &Request) -> Ident {
    ident(&identifier(&request.name, Kind::Type))
}

/// The client's method for a request, or the handlers'.
pub fn method(request: &Request) -> String {
    identifier(&request.name, Kind::Method)
}

/// What a request takes, as a type with `types` before its name.
pub fn params(catalog: &Catalog<'_>, params: &Params) -> TokenStream {
    match params {
        Params::None => quote!(()),
        Params::Required(ty) => catalog.path(ty),
        Params::Optional(ty) => {
            let ty = catalog.path(ty.without_null());
            quote!(Option<#ty>)
        }
    }
}

/// Whether a request's params are a struct, which has a name of its own for what it is made from.
pub fn takes_struct(catalog: &Catalog<'_>, ty: &Type) -> bool {
    match catalog.protocol.types.resolve(ty) {
        Type::Ref(id) => matches!(catalog.def(*id).kind, TypeKind::Struct(_)),
        _ => false,
    }
}

/// The prose of a request, and that it takes opting in; `config` is the config's struct.
pub fn prose(meta: &Meta, fallback: &str, config: &str) -> Docs {
    let mut docs = Docs::of(meta, fallback);
    if let Some(reason) = &meta.deprecated {
        docs.paragraph(&format!("Deprecated: {reason}"));
    }
    match meta.stability {
        Stability::Stable => {}
        Stability::Experimental => {
            docs.markup(&format!("Experimental: needs [`experimental_api`](crate::{config}::experimental_api)."));
        }
    }
    docs
}

/// `methods.rs`; tells of names that clash.
pub fn methods(catalog: &Catalog<'_>, tables: &mut Tables, problems: &mut Vec<Diagnostic>) -> TokenStream {
    let requests = &catalog.protocol.requests;
    let mut scope = Scope::new(LANGUAGE, "`methods`");
    let mut rows = Vec::with_capacity(requests.len());
    for request in requests {
        let name = marker(request).to_string();
        problems.extend(scope.take(&name, &request.meta));
        rows.push(row(catalog, request, &name));
    }
    let rows = if rows.is_empty() { String::new() } else { format!("\n{}", rows.concat()) };
    let table = tables.add_text(format!("requests! {{{rows}}}"));
    let mut docs = Docs::text("Each request as a type that ties its method, params and result together.");
    docs.paragraph(NOT_BY_HAND);
    let docs = docs.inner();
    let named =
        |request: &Request| request.params.ty().is_some_and(speaks_of_types) || speaks_of_types(&request.result);
    let types = requests.iter().any(named).then(|| {
        quote!(
            use crate::types;
        )
    });
    quote!(#docs use crate::runtime::requests; #types #table)
}

/// A request's lines in the table.
fn row(catalog: &Catalog<'_>, request: &Request, name: &str) -> String {
    let wire = &request.wire;
    let sender = match request.sender {
        Peer::Client => "",
        Peer::Server => " of the server",
    };
    let params = flat(&params(catalog, &request.params));
    let result = flat(&catalog.path(&request.result));
    let experimental = match request.meta.stability {
        Stability::Stable => "",
        Stability::Experimental => ", experimental",
    };
    let first = format!("    {name} = {wire:?}:");
    let second = format!("{params} => {result}{experimental};");
    let space = if first.len() + second.len() < WIDTH { " ".to_owned() } else { format!("\n{:8}", "") };
    format!("    /// The request `{wire}`{sender}.\n{first}{space}{second}\n")
}
