//! `notifications.rs`: one variant for each notification of the server.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, LANGUAGE, ident, identifier};
use crate::backend::rust::table::{Table, Tables};
use crate::backend::rust::types::speaks_of_types;
use crate::backend::rust::values::flat;
use crate::backend::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::ir::{Notification, Params, Peer};

use super::NOT_BY_HAND;

/// The variant of a notification.
pub fn variant(notification: &Notification) -> Ident {
    ident(&identifier(&notification.name, Kind::Variant))
}

/// `notifications.rs`; tells of names that clash.
pub fn notifications(catalog: &Catalog<'_>, tables: &mut Tables, problems: &mut Vec<Diagnostic>) -> TokenStream {
    let mut scope = Scope::new(LANGUAGE, "`ServerNotification`");
    let mut variants = Vec::new();
    let mut rows = Vec::new();
    let mut types = false;
    for notification in catalog.protocol.notifications_from(Peer::Server) {
        let name = variant(notification);
        problems.extend(scope.take(&name.to_string(), &notification.meta));
        types |= notification.params.ty().is_some_and(speaks_of_types);
        let payload = payload(catalog, &notification.params);
        let mut docs = Docs::of(&notification.meta, &format!("`{}`.", notification.wire));
        docs.notes(&notification.meta);
        docs.paragraph(&format!("Wire name: `{}`.", notification.wire));
        let docs = docs.outer(4);
        let holds = payload.as_ref().map(|payload| quote!((#payload)));
        let shown = holds.as_ref().map(flat).unwrap_or_default();
        rows.push(format!("{name}{shown} = {:?}", notification.wire));
        variants.push(quote!(#docs #name #holds,));
    }
    let aliases = &catalog.protocol.aliases.notifications;
    let mut aliases: Vec<String> = aliases.iter().map(|(old, new)| format!("{old:?} = {new:?}")).collect();
    aliases.sort_unstable();
    let blocks = vec![("ServerNotification".to_owned(), rows), ("aliases".to_owned(), aliases)];
    let table = tables.add(&Table { name: "notifications", blocks });
    let mut docs = Docs::text("What the server announces.");
    docs.paragraph(NOT_BY_HAND);
    let docs = docs.inner();
    let types = types.then(|| {
        quote!(
            use crate::types;
        )
    });
    quote! {
        #docs
        use crate::runtime::{UnknownNotification, notifications};
        #types
        /// A notification of the server, with its params.
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum ServerNotification {
            #(#variants)*
            /// A notification that this version of the package doesn't know, or can't read.
            Unrecognized(UnknownNotification),
        }
        #table
    }
}

fn payload(catalog: &Catalog<'_>, params: &Params) -> Option<TokenStream> {
    match params {
        Params::None => None,
        Params::Required(ty) => {
            let ty = catalog.path(ty);
            Some(quote!(Box<#ty>))
        }
        Params::Optional(ty) => {
            let ty = catalog.path(ty.without_null());
            Some(quote!(Option<Box<#ty>>))
        }
    }
}
