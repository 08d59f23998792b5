//! The profile: what a protocol's schema doesn't say, written by people.
//!
//! The types of the file and how it is read. Whether an entry matches the schema is for the lowering to check.

mod facade;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::Diagnostic;

pub use facade::{
    CollectingEntry, FacadeEntry, OperationEntry, PresetEntry, ResourceEntry, ShorthandEntry, ShorthandItemEntry,
};

/// A profile file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the protocol is called.
    pub protocol: ProtocolEntry,
    /// How to read the schema.
    #[serde(default)]
    pub schema: SchemaEntry,
    /// Which definitions name the methods.
    #[serde(default)]
    pub methods: MethodsEntry,
    /// Result types of methods whose name doesn't tell: wire name of the request to type name.
    #[serde(default)]
    pub responses: IndexMap<String, String>,
    /// The answer that refuses, by wire name of a server's request that asks for approval.
    #[serde(default)]
    pub refusals: IndexMap<String, Value>,
    /// Old wire names.
    #[serde(default)]
    pub aliases: AliasesEntry,
    /// Members for which absent, `null` and a value all differ: `Type.member`.
    #[serde(default)]
    pub three_state: Vec<String>,
    /// Other names for what the schema names.
    #[serde(default)]
    pub rename: RenameEntry,
    /// Members whose wire name the schema has wrong: `Type.member` to the name that is really sent.
    #[serde(default)]
    pub corrections: IndexMap<String, String>,
    /// Modules that hold several families of methods: module to first segments of wire names.
    #[serde(default)]
    pub domains: IndexMap<String, Vec<String>>,
    /// Work that a request opens and a notification ends, by its name.
    #[serde(default)]
    pub correlations: IndexMap<String, CorrelationEntry>,
    /// How a connection starts.
    pub handshake: Option<HandshakeEntry>,
    /// How the server is found and started.
    pub launch: LaunchEntry,
    /// What the packages are called, by language.
    #[serde(default)]
    pub packages: BTreeMap<String, PackageEntry>,
    /// Wire names of members whose values must never reach a log.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// The convenience layer.
    pub facade: Option<FacadeEntry>,
    /// Why a method or a member (`Type.member`) should no longer be used, and what to use instead.
    #[serde(default)]
    pub deprecated: IndexMap<String, String>,
    /// Prose.
    #[serde(default)]
    pub docs: DocsEntry,
}

/// What the protocol is called.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProtocolEntry {
    /// Its name, one word or several; also the folder of templates that only its packages have.
    pub name: String,
    /// Its name as people write it.
    pub title: String,
}

/// How to read the schema.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SchemaEntry {
    /// Members of `definitions` that hold definitions of their own.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// Words that the usual rule would split, such as `OAuth`.
    #[serde(default)]
    pub words: Vec<String>,
}

/// The definitions that name the methods of each direction: unions with an arm a method.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MethodsEntry {
    /// Requests that the client sends.
    pub client_requests: String,
    /// Requests that the server sends.
    pub server_requests: String,
    /// Notifications that the client sends.
    pub client_notifications: String,
    /// Notifications that the server sends.
    pub server_notifications: String,
    /// The member beside a notification's params that says when it was sent, in milliseconds since 1970.
    pub sent_at: Option<String>,
}

impl Default for MethodsEntry {
    fn default() -> Self {
        Self {
            client_requests: "ClientRequest".to_owned(),
            server_requests: "ServerRequest".to_owned(),
            client_notifications: "ClientNotification".to_owned(),
            server_notifications: "ServerNotification".to_owned(),
            sent_at: None,
        }
    }
}

/// Old wire names, each with the canonical one.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AliasesEntry {
    /// Notifications.
    #[serde(default)]
    pub notifications: IndexMap<String, String>,
    /// Requests, of either side.
    #[serde(default)]
    pub requests: IndexMap<String, String>,
}

/// Other names for what the schema names.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameEntry {
    /// Types: `Type` or, where two namespaces hold different ones, `namespace/Type`.
    #[serde(default)]
    pub types: IndexMap<String, String>,
    /// Methods, by wire name.
    #[serde(default)]
    pub methods: IndexMap<String, String>,
    /// The server's requests, by wire name, where they need other names than under `methods`: a method may be called in
    /// both directions.
    #[serde(default)]
    pub server_requests: IndexMap<String, String>,
    /// Members and enum values: `Type.member`, `Type.value`.
    #[serde(default)]
    pub members: IndexMap<String, String>,
    /// Variants: `Union.tag`, or `Union.{required,members}` where there is no tag.
    #[serde(default)]
    pub variants: IndexMap<String, String>,
}

/// Work that a request opens and a notification ends. Places are wire names joined by dots.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrelationEntry {
    /// The request that opens it.
    pub opens: String,
    /// Where that request's result carries the id.
    pub result_key: String,
    /// A member that the opening request's params and the notifications share.
    pub scope: Option<String>,
    /// Where a notification may carry the id; the first place that exists counts.
    pub keys: Vec<String>,
    /// The notification that ends it.
    pub closes: String,
}

/// The messages that start a connection. Places are wire names joined by dots.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HandshakeEntry {
    /// The first request.
    pub request: String,
    /// The notification that follows its answer.
    pub notification: String,
    /// Where the request says who the client is.
    pub client_info: String,
    /// Where the request opts in to what is experimental.
    pub experimental: Option<String>,
    /// Where the answer tells the server's version.
    pub version: Option<VersionEntry>,
}

/// Where the answer to the first request tells the server's version.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VersionEntry {
    /// The place of the text that has it.
    pub at: String,
    /// What stands before the version in that text; of several, the last one counts.
    pub after: Option<String>,
    /// What stands behind the version in that text; of several, the first one counts, and before `after` does.
    pub before: Option<String>,
}

/// How the server is found and started.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchEntry {
    /// What classes of the client and its config are called.
    pub client: String,
    /// The server as people call it.
    pub title: String,
    /// The command on the search path.
    pub command: String,
    /// The environment variable that names the binary.
    pub variable: String,
    /// Arguments that make the binary serve the protocol.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The option before each config override.
    pub override_option: Option<String>,
    /// What an overloaded server says: error codes, and strings in an error's data.
    #[serde(default)]
    pub overload: OverloadEntry,
}

/// What an overloaded server says.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OverloadEntry {
    /// JSON-RPC error codes.
    #[serde(default)]
    pub codes: Vec<i64>,
    /// Strings that an error's data holds, in every spelling there was.
    #[serde(default)]
    pub data: Vec<String>,
}

/// The package of one language.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageEntry {
    /// The name it is installed by.
    pub name: String,
    /// The name it is imported by.
    pub module: String,
    /// The package that brings the server's binary.
    pub runtime: Option<RuntimeEntry>,
}

/// A package that brings the server's binary.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuntimeEntry {
    /// The name it is installed by.
    pub name: String,
    /// The name it is imported by.
    pub module: String,
    /// The path of the binary inside the package.
    pub binary: String,
}

/// Prose, by what it is about. A blank line separates paragraphs; the first sentence stands alone.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocsEntry {
    /// Requests of the client, by wire name.
    #[serde(default)]
    pub requests: IndexMap<String, String>,
    /// Requests of the server, by wire name.
    #[serde(default)]
    pub server_requests: IndexMap<String, String>,
    /// Notifications of the server, by wire name.
    #[serde(default)]
    pub notifications: IndexMap<String, String>,
    /// Notifications of the client, by wire name.
    #[serde(default)]
    pub client_notifications: IndexMap<String, String>,
    /// Types, by name.
    #[serde(default)]
    pub types: IndexMap<String, String>,
    /// Members, enum values and variants: `Type.member`, `Type.value`, `Union.tag`.
    #[serde(default)]
    pub members: IndexMap<String, String>,
}

impl Profile {
    /// Reads a profile; `file` is its name for messages.
    pub fn read(file: &str, text: &str) -> Result<Self, Diagnostic> {
        toml::from_str(text).map_err(|error| {
            Diagnostic::error(file, "", error.to_string().trim_end().to_owned())
                .expected("a profile")
                .help("`rpcsmith ir --schema-of profile` prints what a profile may hold")
        })
    }
}
