//! Enums of strings.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, ident, identifier};
use crate::backend::rust::table::{Table, Tables};
use crate::ir::{StringEnum, TypeId};

use super::Helpers;

/// The enum `id` and its table.
pub fn enumeration(
    catalog: &Catalog<'_>,
    id: TypeId,
    enumeration: &StringEnum,
    tables: &mut Tables,
    helpers: &mut Helpers,
) -> TokenStream {
    let name = ident(catalog.name(id));
    let table = if enumeration.open { "open_enum" } else { "closed_enum" };
    helpers.runtime(table);
    let mut rows = Vec::with_capacity(enumeration.values.len());
    let mut variants = Vec::with_capacity(enumeration.values.len());
    for value in &enumeration.values {
        let variant = identifier(&value.name, Kind::Variant);
        let mut docs = Docs::of(&value.meta, &format!("`{}`.", value.wire));
        docs.notes_within(&value.meta, &catalog.def(id).meta);
        let docs = docs.outer(4);
        rows.push(format!("{variant} = {:?}", value.wire));
        let variant = ident(&variant);
        variants.push(quote!(#docs #variant));
    }
    let table = tables.add(&Table::new(table, name.to_string(), rows));
    let docs = catalog.docs(id).outer(0);
    let open = enumeration.open.then(|| quote!(#[non_exhaustive]));
    let unknown = enumeration.open.then(|| {
        let docs = Docs::text("A value that this version of the package doesn't know.").outer(4);
        quote!(#docs Unrecognized(String),)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #open
        pub enum #name {
            #(#variants,)*
            #unknown
        }
        #table
    }
}
