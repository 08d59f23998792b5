//! Unions: one variant a shape.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, ident, identifier};
use crate::backend::rust::table::{Table, Tables};
use crate::backend::rust::values::flat;
use crate::ir::{Tagging, Type, TypeId, Union, Variant};

use super::Helpers;

/// The union `id` and its table.
pub fn union(
    catalog: &Catalog<'_>,
    id: TypeId,
    union: &Union,
    tables: &mut Tables,
    helpers: &mut Helpers,
) -> TokenStream {
    let name = ident(catalog.name(id));
    let open = catalog.is_open(id);
    let mut variants = Vec::with_capacity(union.variants.len());
    for variant in &union.variants {
        if let Some(payload) = &variant.payload {
            helpers.of_type(payload);
        }
        variants.push(self::variant(catalog, id, variant));
    }
    let table = table(catalog, name.to_string(), union, open);
    helpers.runtime(table.name);
    let table = tables.add(&table);
    let docs = catalog.docs(id).outer(0);
    let non_exhaustive = open.then(|| quote!(#[non_exhaustive]));
    let unknown = open.then(|| {
        helpers.runtime("UnknownVariant");
        let docs = Docs::text("A shape that this version of the package doesn't know.").outer(4);
        quote!(#docs Unrecognized(UnknownVariant),)
    });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        #non_exhaustive
        pub enum #name {
            #(#variants,)*
            #unknown
        }
        #table
    }
}

fn variant(catalog: &Catalog<'_>, id: TypeId, variant: &Variant) -> TokenStream {
    let name = identifier(&variant.name, Kind::Variant);
    let fallback = match (&variant.tag, &variant.payload) {
        (Some(tag), _) => format!("`{tag}`."),
        (None, Some(Type::Ref(id))) => format!("Holds [`{}`].", catalog.name(*id)),
        (None, _) => format!("As {}.", variant.name.snake().replace('_', " ")),
    };
    let mut docs = Docs::default();
    if variant.meta.doc.is_empty() {
        docs.markup(&fallback);
    }
    variant.meta.doc.paragraphs.iter().for_each(|text| docs.paragraph(text));
    docs.notes_within(&variant.meta, &catalog.def(id).meta);
    let docs = docs.outer(4);
    let name = ident(&name);
    let payload = variant.payload.as_ref().map(|payload| self::payload(catalog, payload)).into_iter();
    quote!(#docs #name #((#payload))*)
}

/// What a variant holds: objects behind a `Box`, so that all variants are about as large.
fn payload(catalog: &Catalog<'_>, payload: &Type) -> TokenStream {
    let ty = catalog.ty(payload);
    if catalog.is_object(payload) { quote!(Box<#ty>) } else { ty }
}

fn table(catalog: &Catalog<'_>, name: String, union: &Union, open: bool) -> Table {
    let shown = |variant: &Variant| variant.payload.as_ref().map(|payload| flat(&self::payload(catalog, payload)));
    let payloads: Vec<String> = union.variants.iter().filter_map(shown).collect();
    let holding = |variant: &Variant| {
        let name = identifier(&variant.name, Kind::Variant);
        match shown(variant) {
            // Which of the two would a payload alone become?
            Some(payload) if payloads.iter().filter(|other| **other == payload).count() > 1 => format!("{name}(..)"),
            Some(payload) => format!("{name}({payload})"),
            None => name,
        }
    };
    let tagged = |variant: &Variant| format!("{} = {:?}", holding(variant), variant.tag.as_deref().unwrap_or_default());
    match &union.tagging {
        Tagging::Property { wire } => {
            let rows = union.variants.iter().map(tagged).collect();
            Table::new("tagged_union", format!("{name} by {wire:?}"), rows)
        }
        Tagging::External => {
            let (bare, holding): (Vec<_>, Vec<_>) =
                union.variants.iter().partition(|variant| variant.payload.is_none());
            let mut rows: Vec<String> = bare.into_iter().map(tagged).collect();
            if !holding.is_empty() {
                rows.push(String::new());
                rows.extend(holding.into_iter().map(tagged));
            }
            Table::new("external_union", name, rows)
        }
        Tagging::Untagged => {
            let rows = union.variants.iter().map(holding).collect();
            Table::new(if open { "untagged_union" } else { "closed_union" }, name, rows)
        }
    }
}
