//! A member of a struct: how it is declared, read, written, set and initialised.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, ident, identifier};
use crate::backend::rust::values;
use crate::ir::{Field, Literal, Presence, Type, TypeId, TypeKind};

use super::Helpers;

/// How a member may be absent, as the runtime's tables call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Required,
    Optional,
    Omissible,
    ThreeState,
    Defaulted,
}

impl Mode {
    fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Optional => "optional",
            Self::Omissible => "omissible",
            Self::ThreeState => "three_state",
            Self::Defaulted => "defaulted",
        }
    }
}

/// A member as it is printed.
pub struct Member {
    name: Ident,
    wire: String,
    mode: Mode,
    /// The declared type, without what the mode, a `Box` or an `Option` puts around it.
    inner: TokenStream,
    /// Whether it may be `null` beside what the mode says.
    nullable: bool,
    boxed: bool,
    taken: Taken,
    /// What it means to leave it out.
    default: Option<TokenStream>,
    docs: Docs,
}

/// How a function takes a value of the member's type.
enum Taken {
    /// As it is.
    Plain,
    /// As anything that becomes it.
    Into,
    /// As anything that gives what becomes its elements.
    Each(TokenStream),
}

impl Member {
    /// The member for `field` of the struct `owner`, for the module that this stands in.
    pub fn new(catalog: &Catalog<'_>, owner: TypeId, field: &Field, helpers: &mut Helpers) -> Self {
        Self::written(catalog, owner, field, helpers, Catalog::ty)
    }

    /// The same for modules that import `types` as a whole.
    pub fn qualified(catalog: &Catalog<'_>, owner: TypeId, field: &Field, helpers: &mut Helpers) -> Self {
        Self::written(catalog, owner, field, helpers, Catalog::path)
    }

    /// The member, with its type as `ty` writes types.
    fn written<'a>(
        catalog: &Catalog<'a>,
        owner: TypeId,
        field: &Field,
        helpers: &mut Helpers,
        write: fn(&Catalog<'a>, &Type) -> TokenStream,
    ) -> Self {
        let mut docs = Docs::of(&field.meta, &format!("`{}` on the wire.", field.wire));
        docs.notes_within(&field.meta, &catalog.def(owner).meta);
        let (mode, default) = mode(catalog, field, &mut docs);
        let ty = field.ty.without_null();
        let nullable = !matches!(mode, Mode::Optional | Mode::ThreeState) && matches!(field.ty, Type::Nullable(_));
        let boxed = catalog.boxes(owner, ty);
        helpers.of_type(ty);
        match mode {
            Mode::ThreeState => helpers.runtime("ThreeState"),
            Mode::Defaulted => helpers.runtime("Defaulted"),
            Mode::Required | Mode::Optional | Mode::Omissible => {}
        }
        Self {
            name: ident(&identifier(&field.name, Kind::Field)),
            wire: field.wire.clone(),
            mode,
            inner: write(catalog, ty),
            nullable,
            boxed,
            taken: taken(catalog, ty, write),
            default,
            docs,
        }
    }

    /// Whether it must be given.
    pub fn is_required(&self) -> bool {
        self.mode == Mode::Required
    }

    /// Whether leaving it out means a value of its own.
    pub fn has_default(&self) -> bool {
        self.mode == Mode::Defaulted
    }

    /// `pub name: Type,`, with its docs.
    pub fn declaration(&self) -> TokenStream {
        let Self { name, .. } = self;
        let docs = self.docs.outer(4);
        let ty = self.declared();
        quote!(#docs pub #name: #ty,)
    }

    /// Its row in the table.
    pub fn row(&self) -> String {
        let Self { name, wire, mode, default, .. } = self;
        let row = format!("{} {name} = {wire:?}", mode.word());
        match default {
            Some(default) => format!("{row} or {}", values::flat(default)),
            None => row,
        }
    }

    /// The parameter of `new` for it.
    pub fn parameter(&self) -> TokenStream {
        let Self { name, .. } = self;
        let ty = self.argument();
        quote!(#name: #ty)
    }

    /// Its value in `new`.
    pub fn initial(&self) -> TokenStream {
        let Self { name, .. } = self;
        let value = if self.is_required() { self.given(name) } else { self.left_out() };
        if *name == value.to_string() { quote!(#name) } else { quote!(#name: #value) }
    }

    /// Its value where it is not given.
    fn left_out(&self) -> TokenStream {
        match (self.mode, &self.default) {
            (Mode::Required | Mode::Optional | Mode::Omissible, _) => quote!(None),
            (Mode::Defaulted, Some(default)) => quote!(Defaulted::left_out(#default)),
            (Mode::ThreeState, _) | (Mode::Defaulted, None) => quote!(ThreeState::Absent),
        }
    }

    /// The method that sets it.
    pub fn setter(&self) -> TokenStream {
        let docs = Docs::text(&format!("Sets `{}`.", self.wire));
        self.setter_of(&docs, &quote!(self))
    }

    /// A method that sets it in the struct at `place`, which is a part of `self`.
    pub fn setter_of(&self, docs: &Docs, place: &TokenStream) -> TokenStream {
        let Self { name, .. } = self;
        let docs = docs.outer(4);
        let given = self.given(&ident("value"));
        let ty = self.argument();
        let value = self.value_of(&given);
        quote! {
            #docs
            pub fn #name(mut self, value: #ty) -> Self {
                #place.#name = #value;
                self
            }
        }
    }

    /// What it is set to by a choice that gives a value, an `Option` where `always` isn't said, or leaves it out.
    pub fn chosen(&self, choice: &Ident, value: &TokenStream, always: bool) -> TokenStream {
        let chosen = if always { quote!(#choice.map(#value)) } else { quote!(#choice.and_then(#value)) };
        match (self.mode, self.boxed) {
            (Mode::Optional | Mode::Omissible, false) => chosen,
            (Mode::Optional | Mode::Omissible, true) => quote!(#chosen.map(Box::new)),
            (Mode::Required | Mode::ThreeState | Mode::Defaulted, _) => {
                let left_out = self.left_out();
                let value = self.value_of(&if self.boxed { quote!(Box::new(value)) } else { quote!(value.into()) });
                quote!(#chosen.map_or(#left_out, |value| #value))
            }
        }
    }

    /// `given` as a value of the declared type.
    pub fn value_of(&self, given: &TokenStream) -> TokenStream {
        match self.mode {
            Mode::Required | Mode::ThreeState => quote!(#given),
            Mode::Optional | Mode::Omissible => quote!(Some(#given)),
            Mode::Defaulted => quote!(Defaulted::given(#given)),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &Ident {
        &self.name
    }

    /// Whether it is `None` where it is not given.
    pub fn is_option(&self) -> bool {
        matches!(self.mode, Mode::Optional | Mode::Omissible)
    }

    /// Its type, as the struct declares it.
    pub fn declared(&self) -> TokenStream {
        let Self { inner, boxed, nullable, .. } = self;
        let inner = if *boxed { quote!(Box<#inner>) } else { inner.clone() };
        let inner = if *nullable { quote!(Option<#inner>) } else { inner };
        match self.mode {
            Mode::Required => inner,
            Mode::Optional | Mode::Omissible => quote!(Option<#inner>),
            Mode::ThreeState => quote!(ThreeState<#inner>),
            Mode::Defaulted => quote!(Defaulted<#inner>),
        }
    }

    fn argument(&self) -> TokenStream {
        let inner = &self.inner;
        match (&self.taken, self.mode) {
            _ if self.nullable => quote!(impl Into<Option<#inner>>),
            (_, Mode::ThreeState) => quote!(impl Into<ThreeState<#inner>>),
            (Taken::Plain, _) => quote!(#inner),
            (Taken::Into, _) => quote!(impl Into<#inner>),
            (Taken::Each(item), _) => quote!(impl IntoIterator<Item = impl Into<#item>>),
        }
    }

    /// The parameter `name` as a value of the declared type, without what the mode puts around it.
    fn given(&self, name: &Ident) -> TokenStream {
        let value = match &self.taken {
            _ if self.nullable || self.mode == Mode::ThreeState => quote!(#name.into()),
            Taken::Plain => quote!(#name),
            Taken::Into => quote!(#name.into()),
            Taken::Each(_) => quote!(#name.into_iter().map(Into::into).collect()),
        };
        match (self.boxed, self.nullable) {
            (false, _) => value,
            (true, false) => quote!(Box::new(#value)),
            (true, true) => quote!(#value.map(Box::new)),
        }
    }
}

fn mode(catalog: &Catalog<'_>, field: &Field, docs: &mut Docs) -> (Mode, Option<TokenStream>) {
    let optional = if matches!(field.ty, Type::Nullable(_)) { Mode::Optional } else { Mode::Omissible };
    match &field.presence {
        Presence::Required => (Mode::Required, None),
        Presence::Optional | Presence::Defaulted(Value::Null) => (optional, None),
        Presence::ThreeState => (Mode::ThreeState, None),
        Presence::Defaulted(default) => {
            let expression = values::expression(catalog, &field.ty, default);
            if expression.is_none() {
                docs.paragraph(&format!("Left out, it means `{default}`."));
            }
            (if expression.is_some() { Mode::Defaulted } else { optional }, expression)
        }
    }
}

fn taken<'a>(catalog: &Catalog<'a>, ty: &Type, write: fn(&Catalog<'a>, &Type) -> TokenStream) -> Taken {
    match ty {
        Type::Bool | Type::Int(_) | Type::Float | Type::Null | Type::Literal(Literal::Bool(_) | Literal::Int(_)) => {
            Taken::Plain
        }
        Type::String(_) | Type::Any | Type::Map(_) | Type::Nullable(_) | Type::Literal(Literal::String(_)) => {
            Taken::Into
        }
        Type::List(item) => match &**item {
            Type::List(_) | Type::Map(_) | Type::Nullable(_) => Taken::Into,
            item => Taken::Each(write(catalog, item)),
        },
        Type::Ref(id) => match &catalog.def(*id).kind {
            TypeKind::Alias(target) => match taken(catalog, target, write) {
                Taken::Plain => Taken::Plain,
                Taken::Into | Taken::Each(_) => Taken::Into,
            },
            TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::Union(_) => Taken::Into,
        },
    }
}
