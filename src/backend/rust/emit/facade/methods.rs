//! The methods of the classes that begin operations: what they take at once, and what they say of themselves.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, ident, identifier};
use crate::backend::rust::values::tag;
use crate::ir::{Parameter, Presence, Source, Stability, Type, TypeId};

use super::classes::{INDENT, docs_of};
use super::groups::{Group, Use, is_required, wire};
use super::{Builder, class};

impl Builder<'_> {
    /// The method of a class that begins an operation, with its name.
    pub fn function(&self, group: &Group<'_>, one: &Use<'_>) -> (String, TokenStream) {
        let name = one.name();
        let docs = self.function_docs(one, group).outer(INDENT);
        let operation = ident(&group.name);
        let gives = group.is_generic().then(|| self.gives(one)).map(|gives| quote!(<#gives>));
        let taken = one.operation.parameters.iter().filter(|taken| taken.positional || is_required(taken));
        let parameters = group.params.iter().flat_map(|params| {
            taken.clone().map(|taken| match &taken.source {
                Source::Field(field) => self.member(*params, field).parameter(),
                Source::Shorthand { shorthand, .. } => {
                    let name = ident(&identifier(&taken.name, Kind::Field));
                    let list = ident(&class(&self.facade.shorthands[*shorthand].name));
                    quote!(#name: impl Into<#list>)
                }
                Source::Preset { .. } => TokenStream::new(),
            })
        });
        let params = group.params.map(|params| self.params(one, params));
        let begin = params.as_ref().map(|params| quote!(let params = #params;));
        let argument = params.map(|_| quote!(params)).into_iter();
        let defaults = one.operation.parameters.iter().filter_map(|taken| self.default_of(taken));
        let function = ident(&name);
        (
            name,
            quote! {
                #docs
                pub fn #function(&self #(, #parameters)*) -> operations::#operation #gives {
                    #begin
                    operations::#operation::new(self.client.clone() #(, #argument)*) #(#defaults)*
                }
            },
        )
    }

    fn function_docs(&self, one: &Use<'_>, group: &Group<'_>) -> Docs {
        let mut docs = if one.pages.is_some() {
            let name = identifier(&one.operation.name, Kind::Operation);
            let mut docs = Docs::default();
            docs.markup(&format!("Like [`{name}`](Self::{name}), through all pages, item by item."));
            docs
        } else {
            docs_of(&one.operation.doc)
        };
        for taken in one.operation.parameters.iter().filter(|taken| taken.positional || is_required(taken)) {
            if let Source::Field(field) | Source::Shorthand { field, .. } = &taken.source {
                let name = identifier(&taken.name, Kind::Field);
                let prose = field.meta.doc.paragraphs.join(" ");
                let wire = format!("`{}` on the wire.", field.wire);
                docs.paragraph(&format!("`{name}`: {}", if prose.is_empty() { &wire } else { &prose }));
            }
        }
        match group.request.meta.stability {
            Stability::Stable => {}
            Stability::Experimental => {
                docs.markup(&format!(
                    "Experimental: needs [`experimental_api`](crate::{}::experimental_api).",
                    self.config
                ));
            }
        }
        docs.paragraph(&format!("Wire method: `{}`.", one.operation.request));
        docs
    }

    /// The params as they are at first.
    fn params(&self, one: &Use<'_>, id: TypeId) -> TokenStream {
        let ty = self.catalog.path(&Type::Ref(id));
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        for field in self.catalog.fields(id).into_iter().filter(|field| tag(field).is_none()) {
            let identity = one.resource.identity.iter().find(|known| known.members.contains(&field.wire));
            let taken = one.operation.parameters.iter().find(|taken| wire(taken) == Some(&field.wire));
            let given = match (identity, taken) {
                (Some(identity), _) => {
                    let name = ident(&identifier(&identity.name, Kind::Operation));
                    quote!(self.#name.clone())
                }
                (None, Some(taken)) if taken.positional || is_required(taken) => {
                    let name = ident(&identifier(&taken.name, Kind::Field));
                    match taken.source {
                        Source::Shorthand { .. } => quote!(#name.into()),
                        Source::Field(_) | Source::Preset { .. } => quote!(#name),
                    }
                }
                _ => continue,
            };
            let name = ident(&identifier(&field.name, Kind::Field));
            match field.presence {
                Presence::Required => required.push(given),
                _ => optional.push(quote!(.#name(#given))),
            }
        }
        quote!(#ty::new(#(#required),*) #(#optional)*)
    }

    /// The setter's call for a preset that leaving out stands for one of its values.
    fn default_of(&self, taken: &Parameter) -> Option<TokenStream> {
        let Source::Preset { preset, default: Some(default), .. } = &taken.source else { return None };
        let (name, preset) = (ident(&identifier(&taken.name, Kind::Field)), &self.facade.presets[*preset]);
        let value = ident(&identifier(&preset.values[*default].name, Kind::Variant));
        let preset = ident(&class(&preset.name));
        Some(quote!(.#name(#preset::#value)))
    }
}
