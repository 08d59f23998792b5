//! Names as Rust wants them: case, then escape.
//!
//! Knows which words Rust and the runtime keep for themselves, grouped by who keeps them. A reserved name gets an
//! underscore behind it, which reads better than `r#` before it; a name that would start with a digit gets the kind
//! of thing it is before it.

use proc_macro2::{Ident, Span};

use crate::backend::letters::spelt_out;
use crate::ir::Name;

/// Words that are no identifiers, in any edition so far.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// What generated code speaks of by its bare name, of the standard library and of serde.
const PRELUDE_TYPES: &[&str] = &[
    "BTreeMap",
    "Box",
    "Clone",
    "Debug",
    "Default",
    "Err",
    "From",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Some",
    "String",
    "Value",
    "Vec",
];

/// What modules of types import from the runtime.
const RUNTIME_TYPES: &[&str] = &["Defaulted", "Extra", "NonEmpty", "ThreeState", "UnknownVariant"];

/// What generated structs have beside the protocol's own members.
const OWN_FIELDS: &[&str] = &["extra"];

/// What generated structs can do; the setter of a member would stand in its way.
const OWN_FUNCTIONS: &[&str] = &[
    "clone",
    "decode",
    "default",
    "deserialize",
    "encode",
    "eq",
    "fmt",
    "from",
    "into",
    "is_absent",
    "new",
    "serialize",
];

/// The variant for what the schema doesn't know.
const OWN_VARIANTS: &[&str] = &["Unrecognized"];

/// What is to be known of the protocol as a whole.
const OWN_CONSTANTS: &[&str] = &["PROTOCOL"];

/// What clients have beside a method for each request.
const CLIENT_FUNCTIONS: &[&str] = &[
    "clone",
    "close",
    "deref",
    "fmt",
    "into_table",
    "new",
    "next_notification",
    "notifications",
    "notify",
    "on",
    "request",
    "send",
    "server_info",
    "server_version",
    "set_handlers",
    "start",
];

/// What classes of the convenience layer have beside what they can do.
const CLASS_FUNCTIONS: &[&str] = &["client", "clone", "close", "fmt", "new", "start", "stream", "wait"];

/// What the convenience layer speaks of by its bare name beside its own classes, and what users import from the root.
const ROOT_TYPES: &[&str] = &[
    "Arc",
    "Call",
    "CallFuture",
    "Connection",
    "DecodeError",
    "Decoding",
    "Defaulted",
    "Error",
    "Event",
    "EventStream",
    "Extra",
    "FromStr",
    "HandlerResult",
    "NonEmpty",
    "Notification",
    "Open",
    "Overflow",
    "Page",
    "Pages",
    "Problem",
    "ProcessEnd",
    "Request",
    "RetryPolicy",
    "RpcError",
    "RpcErrorKind",
    "ServerAge",
    "ServerNotFound",
    "ServerNotification",
    "ServerRequestHandlers",
    "ThreeState",
    "Unknown",
    "UnknownKind",
    "UnknownNotification",
    "UnknownPreset",
    "UnknownValueError",
    "UnknownVariant",
    "UntypedCall",
    "VersionMismatch",
    "Wire",
    "Work",
];

/// The language, for messages.
pub const LANGUAGE: &str = "Rust";

/// What kind of thing a name is for, which decides what is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A struct, an enum or an alias.
    Type,
    /// A member of a struct, and the method that sets it.
    Field,
    /// A variant of an enum.
    Variant,
    /// A method of the client, or a handler.
    Method,
    /// A class of the convenience layer, or a type that belongs to it.
    Class,
    /// What a class of the convenience layer can do.
    Operation,
    /// A module.
    Module,
    /// A constant.
    Constant,
}

/// `name` in the casing of `kind`, escaped.
pub fn identifier(name: &Name, kind: Kind) -> String {
    let cased = match kind {
        Kind::Constant => name.screaming(),
        Kind::Type | Kind::Class | Kind::Variant => name.pascal(),
        Kind::Field | Kind::Method | Kind::Operation | Kind::Module => name.snake(),
    };
    escape(cased, kind)
}

/// An identifier as a token.
pub fn ident(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}

fn escape(cased: String, kind: Kind) -> String {
    let cased = spelt_out(cased);
    if cased.starts_with(char::is_numeric) {
        return format!("{}{cased}", digit_prefix(kind));
    }
    if is_reserved(&cased, kind) { format!("{cased}_") } else { cased }
}

fn is_reserved(name: &str, kind: Kind) -> bool {
    let lists: &[&[&str]] = match kind {
        Kind::Type => &[PRELUDE_TYPES, RUNTIME_TYPES],
        Kind::Field => &[OWN_FIELDS, OWN_FUNCTIONS],
        Kind::Variant => &[OWN_VARIANTS],
        Kind::Method => &[CLIENT_FUNCTIONS],
        Kind::Class => &[PRELUDE_TYPES, ROOT_TYPES],
        Kind::Operation => &[CLASS_FUNCTIONS],
        Kind::Module => &[],
        Kind::Constant => &[OWN_CONSTANTS],
    };
    KEYWORDS.contains(&name) || lists.iter().any(|list| list.contains(&name))
}

fn digit_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Type => "Type",
        Kind::Class => "Class",
        Kind::Operation => "do_",
        Kind::Field => "field_",
        Kind::Variant => "Value",
        Kind::Method => "call_",
        Kind::Module => "types_",
        Kind::Constant => "WORK_",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::letters;

    fn name(text: &str) -> Name {
        Name::split(text, &[]).unwrap()
    }

    #[test]
    fn names_are_cased_then_escaped() {
        assert_eq!(identifier(&name("approvalPolicy"), Kind::Field), "approval_policy");
        assert_eq!(identifier(&name("type"), Kind::Field), "type_");
        assert_eq!(identifier(&name("_meta"), Kind::Field), "meta");
        assert_eq!(identifier(&name("self"), Kind::Variant), "Self_");
        assert_eq!(identifier(&name("option"), Kind::Type), "Option_");
        assert_eq!(identifier(&name("unrecognized"), Kind::Variant), "Unrecognized_");
    }

    #[test]
    fn every_keyword_is_escaped_into_an_identifier() {
        for keyword in KEYWORDS {
            let escaped = identifier(&name(keyword), Kind::Field);
            assert!(syn::parse_str::<Ident>(&escaped).is_ok(), "{escaped}");
        }
    }

    #[test]
    fn every_letter_becomes_part_of_an_identifier() {
        for name in letters::tests::names() {
            for kind in [Kind::Type, Kind::Field, Kind::Constant] {
                ident(&identifier(&name, kind));
            }
        }
    }

    #[test]
    fn a_digit_does_not_come_first() {
        assert_eq!(identifier(&name("3d"), Kind::Type), "Type3d");
        assert_eq!(identifier(&name("2fa"), Kind::Field), "field_2fa");
    }
}
