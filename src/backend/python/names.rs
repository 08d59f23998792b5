//! Names as Python wants them: case, then escape.
//!
//! A reserved name gets an underscore behind it; a name that would start with a digit gets the kind of thing it is
//! before it.

use crate::backend::letters::spelt_out;
use crate::ir::Name;

use super::reserved::is_reserved;

/// The language, for messages.
pub const LANGUAGE: &str = "Python";

/// What kind of thing a name is for, which decides what is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A class or an alias.
    Class,
    /// A model's field.
    Field,
    /// A member of an enum.
    Member,
    /// A method of the client, or a handler.
    Method,
    /// A keyword parameter of a client's method.
    Parameter,
    /// A method of a class of the convenience layer.
    Operation,
    /// A parameter of such a method.
    Taken,
    /// A module.
    Module,
    /// A constant.
    Constant,
}

/// `name` in the casing of `kind`, escaped.
pub fn identifier(name: &Name, kind: Kind) -> String {
    let cased = match kind {
        Kind::Class => name.pascal(),
        Kind::Constant => name.screaming(),
        Kind::Field | Kind::Member | Kind::Method | Kind::Parameter | Kind::Operation | Kind::Taken | Kind::Module => {
            name.snake()
        }
    };
    escape(cased, kind)
}

/// The keyword parameter for a field: the field's identifier, where no method has such a parameter already.
pub fn parameter(name: &Name) -> String {
    escape(identifier(name, Kind::Field), Kind::Parameter)
}

/// The parameter of the convenience layer for the same: the client's, where the method has no such name for itself.
pub fn taken(name: &Name) -> String {
    escape(parameter(name), Kind::Taken)
}

fn escape(cased: String, kind: Kind) -> String {
    let cased = spelt_out(cased);
    if cased.starts_with(char::is_numeric) {
        return format!("{}{cased}", digit_prefix(kind));
    }
    if is_reserved(&cased, kind) { format!("{cased}_") } else { cased }
}

fn digit_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Class => "Type",
        Kind::Field => "field_",
        Kind::Member => "value_",
        Kind::Method | Kind::Operation => "call_",
        Kind::Parameter | Kind::Taken => "param_",
        Kind::Module => "types_",
        Kind::Constant => "METHOD_",
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
        assert_eq!(identifier(&name("$schema"), Kind::Field), "schema_");
        assert_eq!(identifier(&name("_meta"), Kind::Field), "meta");
        assert_eq!(identifier(&name("import"), Kind::Field), "import_");
        assert_eq!(identifier(&name("modelConfig"), Kind::Field), "model_config_");
        assert_eq!(identifier(&name("modelProvider"), Kind::Field), "model_provider");
        assert_eq!(identifier(&name("modelDump"), Kind::Field), "model_dump_");
    }

    #[test]
    fn soft_keywords_are_names() {
        assert_eq!(identifier(&name("type"), Kind::Field), "type");
        assert_eq!(identifier(&name("match"), Kind::Field), "match");
    }

    #[test]
    fn what_annotations_speak_of_is_not_hidden() {
        assert_eq!(identifier(&name("list"), Kind::Field), "list_");
        assert_eq!(identifier(&name("list"), Kind::Method), "list_");
    }

    #[test]
    fn members_stay_strings() {
        assert_eq!(identifier(&name("replace"), Kind::Member), "replace_");
        assert_eq!(identifier(&name("value"), Kind::Member), "value_");
        assert_eq!(identifier(&name("None"), Kind::Member), "none");
    }

    #[test]
    fn every_letter_becomes_part_of_an_identifier() {
        for name in letters::tests::names() {
            for kind in [Kind::Class, Kind::Field, Kind::Constant] {
                letters::tests::assert_identifier(&identifier(&name, kind));
            }
        }
    }

    #[test]
    fn a_digit_does_not_come_first() {
        assert_eq!(identifier(&name("3d"), Kind::Class), "Type3d");
        assert_eq!(identifier(&name("2fa"), Kind::Field), "field_2fa");
    }
}
