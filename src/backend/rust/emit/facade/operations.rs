//! `operations.rs`: what the methods of the classes give to be awaited, with a setter for all that may be left out.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::prose::wrap;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, LANGUAGE, ident, identifier};
use crate::backend::rust::table::Tables;
use crate::backend::rust::values::flat;
use crate::backend::scope::Scope;
use crate::backend::words::NOT_SENT;
use crate::diagnostic::Diagnostic;
use crate::ir::{Field, Gives, Operation, Pages, Parameter, Request, Source, Type, TypeId};

use super::super::member::Member;
use super::super::{Helpers, NOT_BY_HAND};
use super::classes::{INDENT, docs_of};
use super::groups::{Group, Groups, Use, wire};
use super::{Builder, class, imports, meta};

impl Builder<'_> {
    /// A member as it is set from here.
    pub fn member(&self, owner: TypeId, field: &Field) -> Member {
        Member::qualified(self.catalog, owner, field, &mut Helpers::default())
    }

    /// What comes of an operation.
    pub fn gives(&self, one: &Use<'_>) -> TokenStream {
        if let Some(pages) = one.pages {
            let item = self.item(one.operation, pages).unwrap_or_default();
            return quote!(Pages<#item>);
        }
        match &one.operation.gives {
            Gives::Nothing => quote!(()),
            Gives::Result => {
                self.request(one.operation).map(|request| self.catalog.path(&request.result)).unwrap_or_default()
            }
            Gives::Resource { resource, .. } => {
                let name = ident(&class(resource));
                quote!(#name)
            }
            Gives::Work { resource, collected, .. } => {
                let made = self.facade.resource(resource).and_then(|made| made.collects.as_ref());
                let name = made.filter(|_| *collected).map_or(resource, |collects| &collects.gives);
                let name = ident(&class(name));
                quote!(#name)
            }
        }
    }

    /// The type of the items of a list that comes in pages.
    pub fn item(&self, operation: &Operation, pages: &Pages) -> Option<TokenStream> {
        let result = &self.request(operation)?.result;
        let (_, structure) = self.catalog.protocol.types.as_struct(result)?;
        let items = structure.fields.iter().find(|field| field.wire == pages.items)?;
        match items.ty.without_null() {
            Type::List(item) => Some(self.catalog.path(item)),
            _ => None,
        }
    }

    /// `operations.rs`; tells of what can't be had.
    pub fn operations(&self, groups: &Groups<'_>, tables: &mut Tables, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let mut rows = String::new();
        let mut items = Vec::new();
        for group in &groups.groups {
            items.push(self.operation(group, tables, &mut rows, problems));
        }
        let mut docs = Docs::text(
            "What the methods of the convenience layer give to be awaited. Until then, whatever may be left out can be set.",
        );
        docs.paragraph(NOT_BY_HAND);
        let docs = docs.inner();
        let body = quote!(#(#items)*);
        let exported = super::exports(self.facade);
        let exported: Vec<&str> = exported.iter().map(String::as_str).collect();
        let client = self.client.to_string();
        let imports = imports(
            &[
                ("super::pages", &["Page"]),
                ("super::support", &["Timed"]),
                ("super::tables", &["operation"]),
                ("super", &exported),
                ("crate::client", &[&client]),
                ("crate::error", &["Error"]),
                ("crate::runtime", &["CallFuture", "Defaulted", "NonEmpty", "ThreeState"]),
                ("crate", &["types"]),
            ],
            // A trait is spoken of by its method alone.
            &quote!(#body Timed),
            &rows,
        );
        quote!(#docs #imports #body)
    }

    fn operation(
        &self,
        group: &Group<'_>,
        tables: &mut Tables,
        rows: &mut String,
        problems: &mut Vec<Diagnostic>,
    ) -> TokenStream {
        let row = self.row(group);
        rows.push_str(&row);
        let table = tables.add_item(row);
        let name = ident(&group.name);
        let (one, of) = if group.is_generic() { (Some(quote!(<G>)), Some(quote!(<G>))) } else { (None, None) };
        let mut scope = Scope::new(LANGUAGE, format!("`operations::{name}`"));
        for own in ["timeout", "make", "page", "stream", "into_future"] {
            problems.extend(scope.take(own, &meta(group.pointer())));
        }
        let mut setters = Vec::new();
        for taken in group.settable().filter(|taken| wire(taken).is_none_or(|wire| Some(wire) != group.cursor())) {
            problems.extend(scope.take(&identifier(&taken.name, Kind::Field), &meta(group.pointer())));
            setters.extend(group.params.map(|params| self.setter(params, taken, group.request)));
        }
        // What can be set and what is done stand together, unless only what is done depends on what comes of it.
        let (shared, own) = if group.is_generic() { (setters, Vec::new()) } else { (Vec::new(), setters) };
        let setters = (!shared.is_empty()).then(|| quote!(impl #one #name #of { #(#shared)* }));
        let mut ways = Vec::new();
        for one in &group.uses {
            let gives = self.gives(one);
            let of = group.is_generic().then(|| quote!(<#gives>));
            let key = quote!(#of).to_string();
            if ways.iter().any(|(other, _)| *other == key) {
                continue;
            }
            let make = self.make(group, one, &gives, problems);
            let cursor = group
                .settable()
                .filter(|taken| one.pages.is_none() && group.cursor().is_some() && wire(taken) == group.cursor());
            let cursor = cursor.filter_map(|taken| Some(self.setter(group.params?, taken, group.request)));
            ways.push((key, quote!(impl #name #of { #(#own)* #(#cursor)* #make })));
        }
        let ways = ways.into_iter().map(|(_, way)| way);
        quote!(#table #setters #(#ways)*)
    }

    /// The table that makes the struct.
    fn row(&self, group: &Group<'_>) -> String {
        let mut docs = String::new();
        let methods: Vec<String> = group
            .uses
            .iter()
            .map(|one| {
                let (class, name) = (class(&one.resource.name), one.name());
                format!("[`{class}::{name}`](crate::{class}::{name})")
            })
            .collect();
        let text = format!(" `{}` on its way: what {} gives.", group.request.wire, either(&methods));
        for line in wrap(text.trim(), 92) {
            docs.push_str("    /// ");
            docs.push_str(&line);
            docs.push('\n');
        }
        let mut fields = format!("client: {}", self.client);
        if let Some(params) = group.params {
            _ = write!(fields, ", params: {}", flat(&self.catalog.path(&Type::Ref(params))));
        }
        let mut gives: Vec<String> =
            group.uses.iter().filter(|one| one.pages.is_none()).map(|one| flat(&self.gives(one))).collect();
        gives.dedup();
        let one = if group.is_generic() { "<G>" } else { "" };
        format!("operation! {{\n{docs}    {}{one} {{ {fields} }} => {}\n}}", group.name, gives.join(", "))
    }

    fn setter(&self, params: TypeId, taken: &Parameter, request: &Request) -> TokenStream {
        let place = quote!(self.params);
        match &taken.source {
            Source::Field(field) => self.member(params, field).setter_of(&setter_docs(field, request), &place),
            Source::Shorthand { field, shorthand } => {
                let (member, docs) = (self.member(params, field), setter_docs(field, request).outer(INDENT));
                let list = ident(&class(&self.facade.shorthands[*shorthand].name));
                let name = member.name();
                let value = member.value_of(&quote!(list.into()));
                quote! {
                    #docs
                    pub fn #name(mut self, value: impl Into<#list>) -> Self {
                        let list: #list = value.into();
                        self.params.#name = #value;
                        self
                    }
                }
            }
            Source::Preset { preset, fields, .. } => {
                let preset = &self.facade.presets[*preset];
                let (name, ty) = (ident(&identifier(&taken.name, Kind::Field)), ident(&class(&preset.name)));
                let mut docs = docs_of(&preset.doc);
                docs.append(&format!("`None`: {NOT_SENT}"));
                let docs = docs.outer(INDENT);
                let value = ident("value");
                let sets = fields.iter().map(|field| {
                    let member = self.member(params, field);
                    let name = member.name();
                    let always = preset.values.iter().all(|value| value.sets.contains_key(&field.wire));
                    let chosen = member.chosen(&value, &quote!(#ty::#name), always);
                    quote!(self.params.#name = #chosen;)
                });
                quote! {
                    #docs
                    pub fn #name(mut self, value: impl Into<Option<#ty>>) -> Self {
                        let value = value.into();
                        #(#sets)*
                        self
                    }
                }
            }
        }
    }
}

/// What a member is for.
fn setter_docs(field: &Field, request: &Request) -> Docs {
    let mut docs = Docs::of(&field.meta, &format!("Sets `{}`.", field.wire));
    docs.notes_within(&field.meta, &request.meta);
    docs
}

/// `a`, `a or b`, `a, b or c`.
fn either(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}
