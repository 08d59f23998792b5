//! The words that Python, pydantic and the runtime keep for themselves, grouped by who keeps them.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::names::Kind;

/// Words that are no identifiers. The soft ones (`match`, `type`, `case`) are.
const KEYWORDS: &str = "
    False None True and as assert async await break class continue def del elif else except finally for from global if
    import in is lambda nonlocal not or pass raise return try while with yield
";

/// Builtins that annotations speak of: an attribute of that name would hide them from the attributes after it.
const ANNOTATION_BUILTINS: &str = "bool bytes dict float int list str";

/// What pydantic's `BaseModel` has; a field of that name is an error or a warning, and both type checkers object.
const MODEL_ATTRIBUTES: &str = "
    construct copy dict from_orm json model_computed_fields model_config model_construct model_copy model_dump
    model_dump_json model_extra model_fields model_fields_set model_json_schema model_parametrized_name model_post_init
    model_rebuild model_validate model_validate_json model_validate_strings parse_file parse_obj parse_raw schema
    schema_json update_forward_refs validate
";

/// What every string has; enum members are strings too, and must stay usable as such.
const STRING_ATTRIBUTES: &str = "
    capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip
    maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines
    startswith strip swapcase title translate upper zfill
";

/// What `enum.Enum` and the runtime's base of enums have.
const ENUM_ATTRIBUTES: &str = "is_known mro name value";

/// What the runtime's connections and the generated clients have beside the protocol's methods.
const CLIENT_ATTRIBUTES: &str = "
    close closed handlers next_notification notifications notify pid request request_with_retry_on_overload server_info
    server_version start stderr_tail
";

/// Parameters that every generated method has for itself.
const METHOD_PARAMETERS: &str = "omit self timeout";

/// What classes of the convenience layer have beside their operations.
const CLASS_ATTRIBUTES: &str = "client close start stream wait";

/// What methods of the convenience layer call, and the variables that they have for themselves.
const LOCALS: &str = "as_list expected given handle item page place result setting types work";

/// Builtins that a class of the same name would hide from whoever imports it.
const BUILTIN_CLASSES: &str = "Ellipsis Exception NotImplemented Warning";

/// What generated modules import beside the protocol's own names.
const IMPORTED_CLASSES: &str = "
    ALIASES AsyncConnection AsyncWork PROTOCOL REGISTRY Self ServerRequestHandlers SyncConnection SyncWork TYPE_CHECKING
    Annotated Any ClassVar ClosedEnum Either External ExternalModel Handler Int8 Int16 Int32 Int64 Literal Mapping Method
    NeverNull NonEmpty NotRequired UInt8 UInt16 UInt32 UInt64
    Notification Omit OpenEnum Sequence ServerNotification Tagged TaggedModel TypeAlias TypeAliasType TypedDict UnknownNotification
    UnknownVariant Untagged Wire WireModel
";

/// What linters take for digits.
const AMBIGUOUS: &str = "I O l";

type Words = LazyLock<HashSet<&'static str>>;

static CLASSES: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS, BUILTIN_CLASSES, IMPORTED_CLASSES]));
static FIELDS: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS, ANNOTATION_BUILTINS, MODEL_ATTRIBUTES]));
static MEMBERS: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS, STRING_ATTRIBUTES, ENUM_ATTRIBUTES]));
static METHODS: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS, ANNOTATION_BUILTINS, CLIENT_ATTRIBUTES]));
static PARAMETERS: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS, METHOD_PARAMETERS]));
static OPERATIONS: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS, ANNOTATION_BUILTINS, CLASS_ATTRIBUTES]));
static TAKEN: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS, METHOD_PARAMETERS, LOCALS]));
static OTHERS: Words = LazyLock::new(|| words(&[KEYWORDS, AMBIGUOUS]));

fn words(lists: &[&'static str]) -> HashSet<&'static str> {
    lists.iter().flat_map(|list| list.split_whitespace()).collect()
}

/// Whether something of this kind can't be called `name`.
pub fn is_reserved(name: &str, kind: Kind) -> bool {
    let words = match kind {
        Kind::Class => &CLASSES,
        Kind::Field => &FIELDS,
        Kind::Member => &MEMBERS,
        Kind::Method => &METHODS,
        Kind::Parameter => &PARAMETERS,
        Kind::Operation => &OPERATIONS,
        Kind::Taken => &TAKEN,
        Kind::Module | Kind::Constant => &OTHERS,
    };
    words.contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_types_are_built_from_is_reserved() {
        let text = include_str!("../../../templates/python/src/PACKAGE/_runtime/model.py");
        let names = text.split_once("__all__ = [").and_then(|(_, rest)| rest.split_once(']')).unwrap().0;
        let classes: Vec<&str> = names.split('"').filter(|name| name.contains(char::is_lowercase)).collect();
        assert!(classes.contains(&"WireModel"));
        let free: Vec<&&str> = classes.iter().filter(|name| !is_reserved(name, Kind::Class)).collect();
        assert!(free.is_empty(), "{free:?}");
    }

    #[test]
    fn whatever_the_connections_have_is_reserved() {
        let runtime = [
            include_str!("../../../templates/python/src/PACKAGE/_runtime/sync.py"),
            include_str!("../../../templates/python/src/PACKAGE/_runtime/aio.py"),
        ];
        let is_connection = |class: &&str| class.contains("Connection(");
        let connections = runtime.map(|text| text.split("\nclass ").find(is_connection).unwrap());
        let methods = connections.iter().flat_map(|class| class.lines()).filter_map(|line| {
            let line = line.strip_prefix("    ")?;
            line.strip_prefix("async ").unwrap_or(line).strip_prefix("def ")?.split('(').next()
        });
        let public: Vec<&str> = methods.filter(|method| !method.starts_with('_')).collect();
        assert!(public.contains(&"notify"));
        assert!(public.iter().all(|method| is_reserved(method, Kind::Method)), "{public:?}");
    }
}
