//! Names as Python wants them: case, then escape, then check that a scope has no two alike.
//!
//! Knows which words Python, pydantic and the runtime keep for themselves, grouped by who keeps them. A reserved
//! name gets an underscore behind it; a name that would start with a digit gets the kind of thing it is before it.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::ir::{Meta, Name};

/// Words that are no identifiers. The soft ones (`match`, `type`, `case`) are.
const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Builtins that annotations speak of: an attribute of that name would hide them from the attributes after it.
const ANNOTATION_BUILTINS: &[&str] = &["bool", "bytes", "dict", "float", "int", "list", "str"];

/// What pydantic's `BaseModel` has; a field of that name is an error or a warning, and both type checkers object.
const MODEL_ATTRIBUTES: &[&str] = &[
    "construct", "copy", "dict", "from_orm", "json", "model_computed_fields", "model_config", "model_construct",
    "model_copy", "model_extra", "model_fields", "model_fields_set", "model_json_schema", "model_parametrized_name",
    "model_post_init", "model_rebuild", "parse_file", "parse_obj", "parse_raw", "schema", "schema_json",
    "update_forward_refs", "validate",
];

/// Pydantic warns of any field that starts like this.
const MODEL_PREFIXES: &[&str] = &["model_dump", "model_validate"];

/// What every string has; enum members are strings too, and must stay usable as such.
const STRING_ATTRIBUTES: &[&str] = &[
    "capitalize", "casefold", "center", "count", "encode", "endswith", "expandtabs", "find", "format", "format_map",
    "index", "isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "isidentifier", "islower", "isnumeric",
    "isprintable", "isspace", "istitle", "isupper", "join", "ljust", "lower", "lstrip", "maketrans", "partition",
    "removeprefix", "removesuffix", "replace", "rfind", "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "startswith", "strip", "swapcase", "title", "translate", "upper", "zfill",
];

/// What `enum.Enum` and the runtime's base of enums have.
const ENUM_ATTRIBUTES: &[&str] = &["is_known", "mro", "name", "value"];

/// What the runtime's connections have beside the protocol's methods.
const CLIENT_ATTRIBUTES: &[&str] = &[
    "close", "closed", "config", "handlers", "is_closed", "next_notification", "notifications", "notify", "off", "on",
    "request", "request_with_retry_on_overload", "server_info", "server_version", "start", "stream_text",
    "wait_for_turn_completed",
];

/// Names that every generated method has for itself.
const METHOD_PARAMETERS: &[&str] = &["self", "timeout"];

/// Builtins that a class of the same name would hide from whoever imports it.
const BUILTIN_CLASSES: &[&str] = &["Ellipsis", "Exception", "NotImplemented", "Warning"];

/// What generated modules import beside the protocol's own names.
const IMPORTED_CLASSES: &[&str] = &[
    "Annotated", "Any", "ClassVar", "ClosedEnum", "External", "Handler", "Literal", "Mapping", "Method", "NeverNull",
    "NonEmpty", "NotRequired", "Notification", "Omit", "OpenEnum", "Sequence", "ServerNotification", "Tagged",
    "TaggedModel", "TypeAlias", "TypedDict", "UnknownNotification", "UnknownVariant", "Untagged", "Wire", "WireModel",
];

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
        Kind::Field | Kind::Member | Kind::Method | Kind::Parameter | Kind::Module => name.snake(),
    };
    escape(cased, kind)
}

/// The keyword parameter for a field: the field's identifier, where no method has such a parameter already.
pub fn parameter(name: &Name) -> String {
    escape(identifier(name, Kind::Field), Kind::Parameter)
}

fn escape(cased: String, kind: Kind) -> String {
    if cased.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("{}{cased}", digit_prefix(kind));
    }
    if is_reserved(&cased, kind) { format!("{cased}_") } else { cased }
}

fn is_reserved(name: &str, kind: Kind) -> bool {
    let lists: &[&[&str]] = match kind {
        Kind::Class => &[BUILTIN_CLASSES, IMPORTED_CLASSES],
        Kind::Field => &[ANNOTATION_BUILTINS, MODEL_ATTRIBUTES],
        Kind::Member => &[STRING_ATTRIBUTES, ENUM_ATTRIBUTES],
        Kind::Method => &[ANNOTATION_BUILTINS, CLIENT_ATTRIBUTES],
        Kind::Parameter => &[METHOD_PARAMETERS],
        Kind::Module | Kind::Constant => &[],
    };
    KEYWORDS.contains(&name)
        || lists.iter().any(|list| list.contains(&name))
        || kind == Kind::Field && MODEL_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

fn digit_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Class => "Type",
        Kind::Field => "field_",
        Kind::Member => "value_",
        Kind::Method => "call_",
        Kind::Parameter => "param_",
        Kind::Module => "types_",
        Kind::Constant => "METHOD_",
    }
}

/// The names of one scope, each with where it comes from, so that no two things get the same.
pub struct Scope {
    what: String,
    taken: HashMap<String, String>,
}

impl Scope {
    /// A scope without names; `what` says what it is, for messages.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), taken: HashMap::new() }
    }

    /// Takes `identifier` for the node at `meta`, and says so if something else already has it.
    pub fn take(&mut self, identifier: &str, meta: &Meta) -> Option<Diagnostic> {
        let pointer = &meta.origin.pointer;
        let Some(first) = self.taken.insert(identifier.to_owned(), pointer.clone()) else { return None };
        let found = format!("in Python, two things are called `{identifier}` in {}", self.what);
        let help = format!("the other one is at {first}; rename one of the two in the profile");
        Some(Diagnostic::error("", pointer, found).expected("a name of its own").help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Doc, Origin, Stability};

    fn name(text: &str) -> Name {
        Name::split(text, &[]).unwrap()
    }

    fn meta(pointer: &str) -> Meta {
        let origin = Origin { pointer: pointer.into() };
        Meta { doc: Doc::default(), origin, stability: Stability::Stable, deprecated: None }
    }

    #[test]
    fn names_are_cased_then_escaped() {
        assert_eq!(identifier(&name("approvalPolicy"), Kind::Field), "approval_policy");
        assert_eq!(identifier(&name("$schema"), Kind::Field), "schema_");
        assert_eq!(identifier(&name("_meta"), Kind::Field), "meta");
        assert_eq!(identifier(&name("import"), Kind::Field), "import_");
        assert_eq!(identifier(&name("modelConfig"), Kind::Field), "model_config_");
        assert_eq!(identifier(&name("modelProvider"), Kind::Field), "model_provider");
        assert_eq!(identifier(&name("modelDumpAll"), Kind::Field), "model_dump_all_");
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
    fn a_digit_does_not_come_first() {
        assert_eq!(identifier(&name("3d"), Kind::Class), "Type3d");
        assert_eq!(identifier(&name("2fa"), Kind::Field), "field_2fa");
    }

    #[test]
    fn two_things_with_one_name_are_a_problem() {
        let mut scope = Scope::new("`Thread`");
        assert_eq!(scope.take("id", &meta("/a")), None);
        let problem = scope.take("id", &meta("/b")).unwrap();
        assert_eq!(problem.pointer, "/b");
        assert!(problem.found.contains("`id` in `Thread`"));
        assert!(problem.help.contains("/a"));
    }
}
