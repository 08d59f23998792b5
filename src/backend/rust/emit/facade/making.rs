//! What is done when an operation is awaited: the client's call, and what is made of its result.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::backend::rust::names::{Kind, ident, identifier};
use crate::backend::rust::values::arm;
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Gives, Key, Name, Pages, Params, Request, Type, TypeId, TypeKind, Variant};

use super::super::requests::method;
use super::classes::result_variant;
use super::groups::{Group, Use};
use super::{Builder, class};

impl Builder<'_> {
    /// What is done when an operation is awaited, or its pages are read.
    pub fn make(
        &self,
        group: &Group<'_>,
        one: &Use<'_>,
        gives: &TokenStream,
        problems: &mut Vec<Diagnostic>,
    ) -> TokenStream {
        if let Some(pages) = one.pages {
            return self.pages(group, one, pages, gives);
        }
        let begin = self.variant(group);
        let params = if begin.is_some() { quote!(params) } else { quote!(self.params) };
        let call = |end: &str| Self::call(group, end, &params);
        let body = match &one.operation.gives {
            Gives::Nothing => {
                let call = call("");
                quote!(#call.await?; Ok(()))
            }
            Gives::Result => {
                let call = call("");
                quote!(#call.await)
            }
            Gives::Resource { resource, key } => {
                let (call, class, place) = (call(""), ident(&class(resource)), self.place(group.request, key));
                quote! {
                    let result = #call.await?;
                    Ok(#class::new(self.client, result #(.#place)*))
                }
            }
            Gives::Work { resource, collected, .. } => {
                self.work(group, one, resource, *collected, &call("_stream"), problems)
            }
        };
        quote! {
            async fn make(self) -> Result<#gives, Error> {
                #begin
                #body
            }
        }
    }

    /// The statement that makes params of a variant of theirs.
    fn variant(&self, group: &Group<'_>) -> Option<TokenStream> {
        let params = arm(self.catalog, group.union?, group.params?, &quote!(self.params))?;
        Some(quote!(let params = #params;))
    }

    /// The client's call, with what it is given.
    fn call(group: &Group<'_>, end: &str, params: &TokenStream) -> TokenStream {
        let name = ident(&format!("{}{end}", method(group.request)));
        let call = match &group.request.params {
            Params::Optional(_) if group.params.is_some() => quote!(self.client.#name().with_params(#params)),
            Params::Optional(_) | Params::None => quote!(self.client.#name()),
            Params::Required(_) => quote!(self.client.#name(#params)),
        };
        quote!(#call.within(self.deadline))
    }

    /// What follows the work that a request opens, or collects it.
    fn work(
        &self,
        group: &Group<'_>,
        one: &Use<'_>,
        resource: &Name,
        collected: bool,
        open: &TokenStream,
        problems: &mut Vec<Diagnostic>,
    ) -> TokenStream {
        let made = self.facade.resource(resource);
        let class = ident(&class(resource));
        let (mut before, mut given) = (Vec::new(), Vec::new());
        for identity in made.iter().flat_map(|made| &made.identity) {
            let Some(shared) = identity.shared_with(one.resource) else { continue };
            let fields = group.params.map(|params| self.catalog.fields(params)).unwrap_or_default();
            let Some(field) = fields.into_iter().find(|field| shared.members.contains(&field.wire)) else {
                let pointer = child("/facade/resources", &resource.pascal());
                let found = format!("`{}`, which `{}` doesn't send", identity.name, one.operation.request);
                problems.push(Diagnostic::error("profile.toml", child(&pointer, "identity"), found));
                continue;
            };
            let (name, member) =
                (ident(&identifier(&identity.name, Kind::Operation)), ident(&identifier(&field.name, Kind::Field)));
            before.push(quote!(let #name = self.params.#member.clone();));
            given.push(quote!(#name));
        }
        let variant = result_variant(one.operation).filter(|_| made.is_some_and(|made| !made.shows.is_empty()));
        let checked = variant.and_then(|variant| self.checked(group.request, variant));
        // Read off the result before the work is handed on.
        let result = checked.as_ref().map(|_| quote!(&result)).into_iter();
        let end = if let Some(collects) = made.and_then(|made| made.collects.as_ref()).filter(|_| collected) {
            let run = ident(&identifier(&collects.name, Kind::Operation));
            quote!(#class::new(self.client, work #(, #given)* #(, #result)*).#run().await)
        } else {
            quote!(Ok(#class::new(self.client, work #(, #given)* #(, #result)*)))
        };
        quote! {
            #(#before)*
            let work = #open.await?;
            #checked
            #end
        }
    }

    /// The variant that a result has to be.
    fn checked(&self, request: &Request, variant: TypeId) -> Option<TokenStream> {
        let Type::Ref(union) = self.catalog.protocol.types.resolve(&request.result) else { return None };
        let TypeKind::Union(shape) = &self.catalog.def(*union).kind else { return None };
        let types = &self.catalog.protocol.types;
        let held = |one: &&Variant| {
            one.payload.as_ref().and_then(|payload| types.as_struct(payload)).is_some_and(|(id, _)| id == variant)
        };
        let arm = ident(&identifier(&shape.variants.iter().find(held)?.name, Kind::Variant));
        let (path, wire) = (self.catalog.path(&Type::Ref(*union)), &request.wire);
        Some(quote! {
            let #path::#arm(result) = work.result().clone() else {
                return Err(Error::unexpected(#wire));
            };
        })
    }

    /// The members of a result that lead to an identity.
    fn place(&self, request: &Request, key: &Key) -> Vec<Ident> {
        let mut names = Vec::new();
        let mut at = &request.result;
        for wire in &key.path {
            let Some((_, structure)) = self.catalog.protocol.types.as_struct(at) else { break };
            let Some(field) = structure.fields.iter().find(|field| field.wire == *wire) else { break };
            names.push(ident(&identifier(&field.name, Kind::Field)));
            at = &field.ty;
        }
        names
    }

    /// Going through all pages.
    fn pages(&self, group: &Group<'_>, one: &Use<'_>, pages: &Pages, gives: &TokenStream) -> TokenStream {
        let call = Self::call(group, "", &quote!(self.params.clone()));
        let types = &self.catalog.protocol.types;
        let result = types.as_struct(&group.request.result);
        let find = |wire: &str| {
            let (id, structure) = result?;
            Some(self.member(id, structure.fields.iter().find(|field| field.wire == wire)?))
        };
        let (Some(items), Some(next)) = (find(&pages.items), find(&pages.next)) else { return TokenStream::new() };
        let item = self.item(one.operation, pages).unwrap_or_default();
        let (list, place) = (items.name(), next.name());
        let list = if items.is_option() { quote!(page.#list.unwrap_or_default()) } else { quote!(page.#list) };
        let list = if items.has_default() { quote!(#list.into_inner()) } else { list };
        let place = if next.is_option() { quote!(page.#place) } else { quote!(Some(page.#place)) };
        let fields = group.params.map(|params| self.catalog.fields(params)).unwrap_or_default();
        let cursor = fields.into_iter().find(|field| field.wire == pages.cursor);
        let cursor = cursor.map(|field| ident(&identifier(&field.name, Kind::Field)));
        quote! {
            /// The items of all pages, which are fetched as these are read.
            pub fn stream(self) -> #gives {
                Pages::new(self.page())
            }

            fn page(self) -> CallFuture<'static, Page<#item>> {
                Box::pin(async move {
                    let page = #call.await?;
                    let further = |place| Self { params: self.params.#cursor(place), ..self };
                    let next = #place.map(|place| further(place).page());
                    Ok(Page { items: #list, next })
                })
            }
        }
    }
}
