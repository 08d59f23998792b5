//! `presets.rs` and `shorthands.rs`: the simpler values that the convenience layer takes.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, ident, identifier};
use crate::backend::rust::table::{Table, Tables};
use crate::backend::rust::values::{arm, flat, qualified, tag};
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Field, Presence, Preset, Shorthand, ShorthandItem, Source, Type};

use super::super::member::Member;
use super::super::{Helpers, NOT_BY_HAND};
use super::classes::docs_of;
use super::{Builder, class, imports};

impl Builder<'_> {
    /// `presets.rs`; tells of values that can't be written.
    pub fn presets(&self, tables: &mut Tables, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let presets = self.facade.presets.iter().map(|preset| self.preset(preset, tables, problems));
        let body: TokenStream = presets.collect();
        let mut docs = Docs::text("Choices by name, each of which stands for members of params.");
        docs.paragraph(NOT_BY_HAND);
        let docs = docs.inner();
        let imports = imports(&[("crate", &["types"])], &body, "");
        quote! {
            #docs
            use super::tables::preset;
            #imports
            #body
        }
    }

    fn preset(&self, preset: &Preset, tables: &mut Tables, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let name = ident(&class(&preset.name));
        let docs = docs_of(&preset.doc).outer(0);
        let variants = preset.values.iter().map(|value| {
            let (docs, name) = (docs_of(&value.doc).outer(4), ident(&identifier(&value.name, Kind::Variant)));
            quote!(#docs #name,)
        });
        let rows = preset
            .values
            .iter()
            .map(|value| format!("{} = {:?}", identifier(&value.name, Kind::Variant), value.name.snake()));
        let table = tables.add(&Table::new("preset", name.to_string(), rows.collect()));
        let fields = self.set_by(preset);
        let settings = fields.iter().map(|field| self.setting(preset, field, problems));
        let settings: Vec<TokenStream> = settings.collect();
        quote! {
            #docs
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
            #[non_exhaustive]
            pub enum #name {
                #(#variants)*
            }
            #table
            impl #name {
                #(#settings)*
            }
        }
    }

    /// The members that a preset sets, each once.
    fn set_by(&self, preset: &Preset) -> Vec<&Field> {
        let operations = self.facade.resources.iter().flat_map(|resource| &resource.operations);
        let mut all: Vec<&Field> = Vec::new();
        for taken in operations.flat_map(|operation| &operation.parameters) {
            let Source::Preset { preset: place, fields, .. } = &taken.source else { continue };
            if self.facade.presets[*place].name != preset.name {
                continue;
            }
            for field in fields {
                if !all.iter().any(|other| other.wire == field.wire) {
                    all.push(field);
                }
            }
        }
        all
    }

    /// What each value of a preset sets a member to.
    fn setting(&self, preset: &Preset, field: &Field, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let ty = field.ty.without_null();
        let always = preset.values.iter().all(|value| value.sets.contains_key(&field.wire));
        let arms = preset.values.iter().map(|value| {
            let name = ident(&identifier(&value.name, Kind::Variant));
            let Some(set) = value.sets.get(&field.wire) else { return quote!(Self::#name => None,) };
            let expression = qualified(self.catalog, ty, set).unwrap_or_else(|| {
                let pointer = child("/facade/presets", &preset.name.pascal());
                let pointer = child(&child(&pointer, "values"), &value.name.snake());
                let pointer = child(&child(&pointer, "sets"), &field.wire);
                problems.push(
                    Diagnostic::error("profile.toml", pointer, format!("`{set}`, which the member can't be"))
                        .expected("a value of the member's type"),
                );
                TokenStream::new()
            });
            if always { quote!(Self::#name => #expression,) } else { quote!(Self::#name => Some(#expression),) }
        });
        let arms: Vec<TokenStream> = arms.collect();
        let name = ident(&identifier(&field.name, Kind::Field));
        let docs = Docs::text(&format!("What it sets `{}` to.", field.wire)).outer(4);
        let ty = self.catalog.path(ty);
        let ty = if always { ty } else { quote!(Option<#ty>) };
        quote! {
            #docs
            pub(super) fn #name(self) -> #ty {
                match self { #(#arms)* }
            }
        }
    }

    /// `shorthands.rs`; tells of items that can't be made.
    pub fn shorthands(&self, tables: &mut Tables, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let lists = self.facade.shorthands.iter().map(|shorthand| self.shorthand(shorthand, tables, problems));
        let body: TokenStream = lists.collect();
        let mut docs = Docs::text("Simpler ways to write what some calls take.");
        docs.paragraph(NOT_BY_HAND);
        let docs = docs.inner();
        quote! {
            #docs
            use super::tables::shorthand;
            use crate::types;
            #body
        }
    }

    fn shorthand(&self, shorthand: &Shorthand, tables: &mut Tables, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let name = ident(&class(&shorthand.name));
        let union = self.catalog.path(&Type::Ref(shorthand.union));
        let mut docs = docs_of(&shorthand.doc);
        docs.markup("Made from any of these by `into`; see [`and`](Self::and) for several of different kinds.");
        let docs = docs.outer(0);
        let text = &shorthand.items[shorthand.text];
        let others = shorthand.items.iter().filter(|item| item.name != text.name);
        let rows = std::iter::once(text).chain(others).map(|item| class(&item.name)).collect();
        let table = tables.add(&Table::new("shorthand", format!("{name} of {}", flat(&union)), rows));
        let items = shorthand.items.iter().map(|item| self.item_of(shorthand, item, problems));
        let items: Vec<TokenStream> = items.collect();
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            pub struct #name(Vec<#union>);
            #table
            #(#items)*
        }
    }

    /// A variant with a name of its own.
    fn item_of(&self, shorthand: &Shorthand, item: &ShorthandItem, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let name = ident(&class(&item.name));
        let payload = self.catalog.path(&Type::Ref(item.payload));
        let union = self.catalog.path(&Type::Ref(shorthand.union));
        let member = |field: &Field| Member::qualified(self.catalog, item.payload, field, &mut Helpers::default());
        let parameters = item.takes.iter().map(|field| member(field).parameter());
        let (mut required, mut optional) = (Vec::new(), Vec::new());
        for field in self.catalog.fields(item.payload).into_iter().filter(|field| tag(field).is_none()) {
            let name = ident(&identifier(&field.name, Kind::Field));
            let taken = item.takes.iter().any(|taken| taken.wire == field.wire);
            match (&field.presence, taken) {
                (Presence::Required, true) => required.push(name),
                (Presence::Required, false) => {
                    let pointer = child("/facade/shorthands", &shorthand.name.snake());
                    let pointer = child(&child(&child(&pointer, "items"), &item.name.pascal()), "takes");
                    let found = format!("an item without `{}`, which its variant must have", field.wire);
                    problems.push(Diagnostic::error("profile.toml", pointer, found).help("add it to the list"));
                }
                (_, true) => optional.push(quote!(.#name(#name))),
                (_, false) => {}
            }
        }
        let docs = docs_of(&item.doc).outer(0);
        let made = arm(self.catalog, shorthand.union, item.payload, &quote!(item.0)).unwrap_or_default();
        quote! {
            #docs
            #[derive(Debug, Clone, PartialEq)]
            pub struct #name(#payload);

            impl #name {
                /// Makes one.
                #[must_use]
                pub fn new(#(#parameters),*) -> Self {
                    Self(#payload::new(#(#required),*) #(#optional)*)
                }
            }

            impl From<#name> for #union {
                fn from(item: #name) -> Self {
                    #made
                }
            }
        }
    }
}
