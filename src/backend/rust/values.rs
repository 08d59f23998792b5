//! JSON values as Rust expressions.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::ir::{Format, Type, TypeKind};

use super::catalog::Catalog;
use super::names::{Kind, ident, identifier};

/// `value` as an expression of type `ty`, where it can be written without building an object.
pub fn expression(catalog: &Catalog<'_>, ty: &Type, value: &Value) -> Option<TokenStream> {
    Some(match (ty, value) {
        (Type::Nullable(_), Value::Null) => quote!(None),
        (Type::Nullable(inner), _) => {
            let inner = expression(catalog, inner, value)?;
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
            let items = items.iter().map(|value| expression(catalog, item, value)).collect::<Option<Vec<_>>>()?;
            quote!(vec![#(#items),*])
        }
        (Type::Map(_), Value::Object(members)) if members.is_empty() => quote!(BTreeMap::new()),
        (Type::Ref(id), _) => match (&catalog.def(*id).kind, value) {
            (TypeKind::Alias(target), _) => expression(catalog, target, value)?,
            (TypeKind::Enum(enumeration), Value::String(text)) => {
                let name = ident(catalog.name(*id));
                match enumeration.values.iter().find(|known| known.wire == *text) {
                    Some(known) => {
                        let variant = ident(&identifier(&known.name, Kind::Variant));
                        quote!(#name::#variant)
                    }
                    None if enumeration.open => quote!(#name::from(#text)),
                    None => return None,
                }
            }
            (TypeKind::Union(union), Value::String(text)) => {
                let bare = |tag: &Option<String>| tag.as_ref() == Some(text);
                let variant = union.variants.iter().find(|variant| variant.payload.is_none() && bare(&variant.tag))?;
                let (name, variant) = (ident(catalog.name(*id)), ident(&identifier(&variant.name, Kind::Variant)));
                quote!(#name::#variant)
            }
            _ => return None,
        },
        _ => return None,
    })
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
