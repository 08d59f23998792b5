//! Type expressions of the IR as Rust types.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::shapes::Width;
use crate::ir::{Format, IntRange, Literal, Type};

use super::catalog::Catalog;
use super::names::ident;

impl Catalog<'_> {
    /// `ty` as a Rust type.
    pub fn ty(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::Bool | Type::Literal(Literal::Bool(_)) => quote!(bool),
            Type::Int(range) => integer(*range),
            Type::Float => quote!(f64),
            Type::String(Format::Text) | Type::Literal(Literal::String(_)) => quote!(String),
            Type::String(Format::NonEmpty) => quote!(NonEmpty),
            Type::Null => quote!(()),
            Type::Any => quote!(Value),
            Type::Literal(Literal::Int(_)) => quote!(i64),
            Type::List(item) => {
                let item = self.ty(item);
                quote!(Vec<#item>)
            }
            Type::Map(value) => {
                let value = self.ty(value);
                quote!(BTreeMap<String, #value>)
            }
            Type::Nullable(inner) => {
                let inner = self.ty(inner);
                quote!(Option<#inner>)
            }
            Type::Ref(id) => {
                let name = ident(self.name(*id));
                quote!(#name)
            }
        }
    }

    /// `ty` as a Rust type, for modules that import `types` as a whole.
    pub fn path(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::List(item) => {
                let item = self.path(item);
                quote!(Vec<#item>)
            }
            Type::Map(value) => {
                let value = self.path(value);
                quote!(std::collections::BTreeMap<String, #value>)
            }
            Type::Nullable(inner) => {
                let inner = self.path(inner);
                quote!(Option<#inner>)
            }
            Type::String(Format::NonEmpty) => quote!(crate::runtime::NonEmpty),
            Type::Any => quote!(serde_json::Value),
            Type::Ref(id) => {
                let name = ident(self.name(*id));
                quote!(types::#name)
            }
            Type::Bool | Type::Int(_) | Type::Float | Type::String(Format::Text) | Type::Null | Type::Literal(_) => {
                self.ty(ty)
            }
        }
    }
}

/// Whether `ty` names a type of the protocol.
pub fn speaks_of_types(ty: &Type) -> bool {
    match ty {
        Type::Ref(_) => true,
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => speaks_of_types(inner),
        _ => false,
    }
}

/// The integer type that has all of `range`.
fn integer(range: IntRange) -> TokenStream {
    let Width { signed, bits } = Width::of(range);
    let name = ident(&format!("{}{bits}", if signed { 'i' } else { 'u' }));
    quote!(#name)
}
