//! Objects with known members: the struct, its table, and for what clients send, a way to make one.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::ident;
use crate::backend::rust::table::{Table, Tables};
use crate::backend::rust::values::tag;
use crate::ir::TypeId;

use super::Helpers;
use super::member::Member;

/// The struct `id` and all that belongs to it.
pub fn structure(catalog: &Catalog<'_>, id: TypeId, tables: &mut Tables, helpers: &mut Helpers) -> TokenStream {
    let def = catalog.def(id);
    let name = ident(catalog.name(id));
    let mut head = name.to_string();
    let mut members = Vec::new();
    for field in catalog.fields(id) {
        match tag(field) {
            Some(value) => _ = write!(head, " with {:?} = {value:?}", field.wire),
            None => members.push(Member::new(catalog, id, field, helpers)),
        }
    }
    helpers.runtime("Extra");
    helpers.runtime("structure");
    let table = tables.add(&Table::new("structure", head, members.iter().map(Member::row).collect()));
    let sent = def.usage.sent;
    let derived = sent && members.iter().all(|member| !member.is_required() && !member.has_default());
    let docs = catalog.docs(id).outer(0);
    let default = derived.then(|| quote!(, Default));
    let must_use = sent.then(|| quote!(#[must_use]));
    let declarations = members.iter().map(Member::declaration);
    let extra = Docs::text("Members that this version of the package doesn't know.").outer(4);
    let making = sent.then(|| making(&name, &members, derived));
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq #default)]
        #[non_exhaustive]
        #must_use
        pub struct #name {
            #(#declarations)*
            #extra
            pub extra: Extra,
        }
        #table
        #making
    }
}

/// `new` with what is required, and a setter for each of the others.
fn making(name: &proc_macro2::Ident, members: &[Member], derived: bool) -> TokenStream {
    let (required, others): (Vec<&Member>, Vec<&Member>) = members.iter().partition(|member| member.is_required());
    let parameters = required.iter().map(|member| member.parameter());
    let value = if derived {
        quote!(Self::default())
    } else {
        let initial = members.iter().map(Member::initial);
        quote!(Self { #(#initial,)* extra: Extra::default() })
    };
    let setters = others.iter().map(|member| member.setter());
    let docs =
        Docs::text(if required.is_empty() { "Starts with nothing given." } else { "Starts with what is required." });
    let docs = docs.outer(4);
    let default = (required.is_empty() && !derived).then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    quote! {
        impl #name {
            #docs
            pub fn new(#(#parameters),*) -> Self {
                #value
            }
            #(#setters)*
        }
        #default
    }
}
