//! Names as TypeScript wants them: case, then escape. Members keep their wire names and are no matter of this module.
//!
//! A reserved name gets an underscore behind it; a name that would start with a digit gets the kind of thing it is
//! before it.

use crate::backend::letters::spelt_out;
use crate::ir::Name;

use super::reserved::is_reserved;

/// The language, for messages.
pub const LANGUAGE: &str = "TypeScript";

/// What kind of thing a name is for, which decides what is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An interface or a type alias, and the object of an enum's values.
    Type,
    /// A member of such an object.
    Value,
    /// A method of the client, or a handler.
    Method,
    /// A module.
    Module,
    /// A class, a function or a type of the convenience layer.
    Export,
    /// A method or a property of such a class.
    Operation,
    /// A parameter of such a method.
    Parameter,
}

/// `name` in the casing of `kind`, escaped.
pub fn identifier(name: &Name, kind: Kind) -> String {
    let cased = match kind {
        Kind::Type | Kind::Export => name.pascal(),
        Kind::Value | Kind::Method | Kind::Operation | Kind::Parameter => name.camel(),
        Kind::Module => name.snake().replace('_', "-"),
    };
    let cased = spelt_out(cased);
    if cased.starts_with(char::is_numeric) {
        return format!("{}{cased}", digit_prefix(kind));
    }
    if is_reserved(&cased, kind) { format!("{cased}_") } else { cased }
}

fn digit_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Type => "Type",
        Kind::Export => "Export",
        Kind::Value | Kind::Parameter => "value",
        Kind::Method | Kind::Operation => "call",
        Kind::Module => "types-",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::letters;

    fn identifier_of(text: &str, kind: Kind) -> String {
        identifier(&Name::split(text, &[]).unwrap(), kind)
    }

    #[test]
    fn names_are_cased_then_escaped() {
        assert_eq!(identifier_of("thread/name/set", Kind::Method), "threadNameSet");
        assert_eq!(identifier_of("on-request", Kind::Value), "onRequest");
        assert_eq!(identifier_of("mcpServer", Kind::Module), "mcp-server");
        assert_eq!(identifier_of("promise", Kind::Type), "Promise_");
        assert_eq!(identifier_of("close", Kind::Method), "close_");
        assert_eq!(identifier_of("index", Kind::Module), "index_");
    }

    #[test]
    fn members_may_be_keywords() {
        assert_eq!(identifier_of("delete", Kind::Method), "delete");
        assert_eq!(identifier_of("default", Kind::Value), "default");
    }

    #[test]
    fn every_letter_becomes_part_of_an_identifier() {
        for name in letters::tests::names() {
            for kind in [Kind::Type, Kind::Value] {
                letters::tests::assert_identifier(&identifier(&name, kind));
            }
        }
    }

    #[test]
    fn a_digit_does_not_come_first() {
        assert_eq!(identifier_of("3d", Kind::Type), "Type3d");
        assert_eq!(identifier_of("2fa", Kind::Value), "value2fa");
    }
}
