//! The words that TypeScript, JavaScript's globals and the runtime keep for themselves, grouped by who keeps them.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::names::Kind;

/// Globals that types and programs speak of: a type of that name would hide them from its whole module, and from
/// whoever imports it.
const GLOBALS: &str = "
    AbortSignal Array AsyncIterable AsyncIterator Awaited BigInt Boolean Date Error Exclude Extract Function Infinity
    Iterable Iterator JSON Map NaN Number Object Omit Partial Pick Promise ReadonlyArray ReadonlyMap ReadonlySet
    Readonly Record RegExp Required Set String Symbol
";

/// What modules of types import beside each other's.
const IMPORTED_TYPES: &str = "UnknownVariant";

/// What every object has, what makes one a promise, and what the runtime's connection and the generated client have
/// beside the protocol's methods.
const CLIENT_MEMBERS: &str = "
    constructor hasOwnProperty isPrototypeOf propertyIsEnumerable then toLocaleString toString valueOf
    call callWork close closed handlers nextNotification notifications notify on pid request requestWithRetryOnOverload
    serverInfo serverVersion start stderrTail waitForEnd
";

/// What every object has: a value of that name is found on objects that don't have it.
const OBJECT_MEMBERS: &str = "
    constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString valueOf
";

/// What the root module exports beside the client and the convenience layer, and what the latter's modules import.
const EXPORTS: &str = "
    CallOptions ClientRequests ConnectionSettings DecodeError EncodeError ExperimentalApiError Handler HandlerContext
    InternalError InvalidParams InvalidRequest JsonRpcError Known LogEntry MethodNotFound Notice OptionalParams Overflow
    ParseError Preset ProcessEnd RequestTimeoutError RetryLimitExceeded RetryOptions RetryPolicy SERVER_VERSION SdkError
    ServerBusy ServerError ServerNotFoundError ServerNotification ServerNotifications ServerRequestHandlers
    ServerRequests StartError Stream TransportClosed TransportError UNKNOWN Unknown UnknownKind UnknownNotification
    UnknownValue UnknownValueError UnknownVariant VERSION VersionMismatch Work
";

/// What classes of the convenience layer have beside their operations.
const CLASS_MEMBERS: &str = "client close start stream then wait";

/// What can't be the name of a variable in a module.
const KEYWORDS: &str = "
    arguments await break case catch class const continue debugger default delete do else enum eval export extends false
    finally for function if implements import in instanceof interface let new null package private protected public
    return static super switch this throw true try typeof var void while with yield
";

/// What methods of the convenience layer call for themselves.
const LOCALS: &str = "asList call expected handle next options page params place result setting work";

/// Modules of `types` that are no family of methods.
const MODULES: &str = "index";

type Words = LazyLock<HashSet<&'static str>>;

static TYPES: Words = LazyLock::new(|| words(&[GLOBALS, IMPORTED_TYPES]));
static VALUES: Words = LazyLock::new(|| words(&[OBJECT_MEMBERS]));
static METHODS: Words = LazyLock::new(|| words(&[CLIENT_MEMBERS]));
static EXPORTED: Words = LazyLock::new(|| words(&[GLOBALS, EXPORTS]));
static OPERATIONS: Words = LazyLock::new(|| words(&[OBJECT_MEMBERS, CLASS_MEMBERS]));
static PARAMETERS: Words = LazyLock::new(|| words(&[KEYWORDS, LOCALS]));
static OTHERS: Words = LazyLock::new(|| words(&[MODULES]));

fn words(lists: &[&'static str]) -> HashSet<&'static str> {
    lists.iter().flat_map(|list| list.split_whitespace()).collect()
}

/// Whether something of this kind can't be called `name`. Keywords are no matter: types begin with a capital, and
/// members may be called so.
pub fn is_reserved(name: &str, kind: Kind) -> bool {
    let words = match kind {
        Kind::Type => &TYPES,
        Kind::Value => &VALUES,
        Kind::Method => &METHODS,
        Kind::Export => &EXPORTED,
        Kind::Operation => &OPERATIONS,
        Kind::Parameter => &PARAMETERS,
        Kind::Module => &OTHERS,
    };
    words.contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_connection_has_is_reserved() {
        let runtime = include_str!("../../../templates/typescript/src/runtime/connection.ts");
        let (_, class) = runtime.split_once("export abstract class Connection").unwrap();
        let members = class.lines().filter_map(|line| {
            let line = line.strip_prefix("  ")?;
            let words = ["protected ", "async ", "get "];
            let name = words.iter().fold(line, |rest, word| rest.strip_prefix(word).unwrap_or(rest));
            let end = name.find(|letter: char| !letter.is_ascii_alphanumeric())?;
            (end > 0 && name[end..].starts_with(['(', '<'])).then(|| &name[..end])
        });
        let members: Vec<&str> = members.collect();
        assert!(members.contains(&"callWork") && members.contains(&"pid"), "{members:?}");
        assert!(members.iter().all(|name| is_reserved(name, Kind::Method)), "{members:?}");
    }

    #[test]
    fn whatever_the_root_module_exports_is_reserved() {
        let root = include_str!("../../../templates/typescript/src/index.ts.j2");
        let lists = root.split("export ").skip(1).filter_map(|statement| statement.split_once("} from"));
        let names = lists.flat_map(|(list, _)| list.split([',', '{']).map(str::trim));
        let names = names.map(|name| name.strip_prefix("type ").unwrap_or(name));
        // The convenience layer's own names begin with a capital; a function's can't be in its way.
        let names: Vec<&str> = names.filter(|name| name.starts_with(char::is_uppercase)).collect();
        assert!(names.contains(&"SdkError") && names.contains(&"Work"), "{names:?}");
        assert!(names.iter().all(|name| is_reserved(name, Kind::Export)), "{names:?}");
    }
}
