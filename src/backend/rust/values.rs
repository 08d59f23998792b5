//! JSON values as Rust expressions.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use crate::ir::{Field, Format, Literal as Constant, Presence, Tagging, Type, TypeId, TypeKind, Union, Variant};

use super::catalog::Catalog;
use super::names::{Kind, ident, identifier};

/// The value that a member of `field`'s type must have, if there is only one: then it is no member of the struct.
pub fn tag(field: &Field) -> Option<&str> {
    match (&field.ty, &field.presence) {
        (Type::Literal(Constant::String(value)), Presence::Required) => Some(value),
        _ => None,
    }
}

/// `value` as an expression of type `ty`, where it can be written without building an object.
pub fn expression(catalog: &Catalog<'_>, ty: &Type, value: &Value) -> Option<TokenStream> {
    Writer { catalog, path: TokenStream::new() }.expression(ty, value)
}

/// `value` as an expression of type `ty`, objects included, for modules that import `types` as a whole.
pub fn qualified(catalog: &Catalog<'_>, ty: &Type, value: &Value) -> Option<TokenStream> {
    let writer = Writer { catalog, path: quote!(types::) };
    writer.expression(ty, value).or_else(|| writer.object(ty, value))
}

/// `payload`, a value of the struct of this id, as the union's value that holds it, for modules that import `types` as
/// a whole. The struct may belong to a union that is a variant itself.
pub fn arm(catalog: &Catalog<'_>, union: TypeId, payload: TypeId, value: &TokenStream) -> Option<TokenStream> {
    let direct = |union: TypeId, payload: TypeId, value: &TokenStream| {
        let variant = variants(catalog, union).find(|(_, held)| *held == payload)?.0;
        let (name, variant) = (ident(catalog.name(union)), ident(&identifier(&variant.name, Kind::Variant)));
        Some(quote!(types::#name::#variant(Box::new(#value))))
    };
    direct(union, payload, value).or_else(|| {
        variants(catalog, union).find_map(|(_, inner)| direct(union, inner, &direct(inner, payload, value)?))
    })
}

/// The variants of a union that hold something named, and what that is.
fn variants<'a>(catalog: &Catalog<'a>, union: TypeId) -> impl Iterator<Item = (&'a Variant, TypeId)> {
    let types = &catalog.protocol.types;
    let variants = match &catalog.def(union).kind {
        TypeKind::Union(union) => union.variants.as_slice(),
        TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::Alias(_) => &[],
    };
    variants.iter().filter_map(move |variant| match types.resolve(variant.payload.as_ref()?) {
        Type::Ref(id) => Some((variant, *id)),
        _ => None,
    })
}

/// Writes values, with `path` before the names of types.
struct Writer<'a> {
    catalog: &'a Catalog<'a>,
    path: TokenStream,
}

impl Writer<'_> {
    fn expression(&self, ty: &Type, value: &Value) -> Option<TokenStream> {
        Some(match (ty, value) {
            (Type::Nullable(_), Value::Null) => quote!(None),
            (Type::Nullable(inner), _) => {
                let inner = self.expression(inner, value)?;
                quote!(Some(#inner))
            }
            (Type::Bool, Value::Bool(value)) => quote!(#value),
            (Type::Int(_), Value::Number(number)) if number.is_i64() || number.is_u64() => number_literal(number)?,
            (Type::Float, Value::Number(number)) => {
                let literal = Literal::f64_unsuffixed(number.as_f64()?);
                quote!(#literal)
            }
            (Type::String(Format::Text), Value::String(text)) => quote!(#text.to_owned()),
            (Type::String(Format::NonEmpty), Value::String(text)) => quote!(#text.into()),
            (Type::List(_), Value::Array(items)) if items.is_empty() => quote!(Vec::new()),
            (Type::List(item), Value::Array(items)) => {
                let items = items.iter().map(|value| self.expression(item, value)).collect::<Option<Vec<_>>>()?;
                quote!(vec![#(#items),*])
            }
            (Type::Map(_), Value::Object(members)) if members.is_empty() => quote!(BTreeMap::new()),
            (Type::Ref(id), _) => self.named(*id, value)?,
            _ => return None,
        })
    }

    fn named(&self, id: TypeId, value: &Value) -> Option<TokenStream> {
        let (path, name) = (&self.path, ident(self.catalog.name(id)));
        match (&self.catalog.def(id).kind, value) {
            (TypeKind::Alias(target), _) => self.expression(target, value),
            (TypeKind::Enum(enumeration), Value::String(text)) => {
                match enumeration.values.iter().find(|known| known.wire == *text) {
                    Some(known) => {
                        let variant = ident(&identifier(&known.name, Kind::Variant));
                        Some(quote!(#path #name::#variant))
                    }
                    None if enumeration.open => Some(quote!(#path #name::from(#text))),
                    None => None,
                }
            }
            (TypeKind::Union(union), Value::String(text)) => {
                let bare = |tag: &Option<String>| tag.as_ref() == Some(text);
                let variant = union.variants.iter().find(|variant| variant.payload.is_none() && bare(&variant.tag))?;
                let variant = ident(&identifier(&variant.name, Kind::Variant));
                Some(quote!(#path #name::#variant))
            }
            _ => None,
        }
    }

    /// An object, made as users make it: `new` with what is required, and setters.
    fn object(&self, ty: &Type, value: &Value) -> Option<TokenStream> {
        let (Type::Ref(id), Value::Object(members)) = (self.catalog.protocol.types.resolve(ty.without_null()), value)
        else {
            return None;
        };
        match &self.catalog.def(*id).kind {
            TypeKind::Struct(_) => self.structure(*id, members),
            TypeKind::Union(Union { tagging: Tagging::Property { wire }, variants, .. }) => {
                let tag = members.get(wire)?.as_str()?;
                let variant = variants.iter().find(|variant| variant.tag.as_deref() == Some(tag))?;
                let (payload, _) = self.catalog.protocol.types.as_struct(variant.payload.as_ref()?)?;
                let made = self.structure(payload, members)?;
                match self::variants(self.catalog, *id).filter(|(_, held)| *held == payload).count() {
                    1 => Some(quote!(#made.into())),
                    // Which of the variants would it become?
                    _ => None,
                }
            }
            TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::Alias(_) => None,
        }
    }

    fn structure(&self, id: TypeId, members: &Map<String, Value>) -> Option<TokenStream> {
        let fields: Vec<_> = self.catalog.fields(id).into_iter().filter(|field| tag(field).is_none()).collect();
        let (mut required, mut setters) = (Vec::new(), Vec::new());
        for field in fields {
            let given = members.get(&field.wire).map(|value| {
                let ty = field.ty.without_null();
                self.expression(ty, value).or_else(|| self.object(ty, value))
            });
            let name = ident(&identifier(&field.name, Kind::Field));
            match (given, &field.presence) {
                (Some(value), Presence::Required) => required.push(value?),
                (None, Presence::Required) => return None,
                (Some(value), _) => {
                    let value = value?;
                    setters.push(quote!(.#name(#value)));
                }
                (None, _) => {}
            }
        }
        let (path, name) = (&self.path, ident(self.catalog.name(id)));
        Some(quote!(#path #name::new(#(#required),*) #(#setters)*))
    }
}

fn number_literal(number: &serde_json::Number) -> Option<TokenStream> {
    if let Some(value) = number.as_u64() {
        let literal = Literal::u64_unsuffixed(value);
        return Some(quote!(#literal));
    }
    let literal = Literal::i64_unsuffixed(number.as_i64()?);
    Some(quote!(#literal))
}

/// Tokens on one line, spaced as people do; only for the short expressions and types of tables.
pub fn flat(tokens: &TokenStream) -> String {
    let text = tokens.to_string();
    [
        (" :: ", "::"),
        (" (", "("),
        ("( ", "("),
        (" )", ")"),
        (" . ", "."),
        (" ! ", "!"),
        (" !", "!"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
    ]
    .into_iter()
    .fold(text, |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_spaced_as_people_do() {
        assert_eq!(flat(&quote!(Vec::new())), "Vec::new()");
        assert_eq!(flat(&quote!(vec![Mode::A, Mode::B])), "vec![Mode::A, Mode::B]");
        assert_eq!(flat(&quote!(Box<Vec<String>>)), "Box<Vec<String>>");
        assert_eq!(flat(&quote!("a b".to_owned())), "\"a b\".to_owned()");
    }
}
