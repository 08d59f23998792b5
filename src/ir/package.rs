//! What a generated package is called, and how it reaches the server. Language-neutral: which package manager a
//! name belongs to is the backend's business.

use schemars::JsonSchema;
use serde::Serialize;

/// The package of one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Package {
    /// The name it is installed by.
    pub name: String,
    /// The name it is imported by.
    pub module: String,
    /// The package that brings the server's binary, in the same ecosystem.
    pub runtime: Option<RuntimePackage>,
}

/// A package that brings the server's binary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuntimePackage {
    /// The name it is installed by.
    pub name: String,
    /// The name it is imported by, where that differs from what it is installed by.
    pub module: String,
    /// The path of the binary inside the package, without the ending that executables have on Windows.
    pub binary: String,
}

/// The messages that start a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Handshake {
    /// Wire name of the first request.
    pub request: String,
    /// Wire name of the notification that follows its answer.
    pub notification: String,
    /// Where the request's params say who the client is: an object with `name`, `title` and `version`.
    pub client_info: Vec<String>,
    /// Where the request's params opt in to what is experimental: a boolean.
    pub experimental: Option<Vec<String>>,
    /// Where the request's result tells the server's version.
    pub version: Option<VersionPlace>,
}

/// Where the result of the first request tells the server's version: in the string at `path`, of which the part up to
/// the first `before` counts, and of that the part behind the last `after`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VersionPlace {
    /// The wire names to follow from the result's top.
    pub path: Vec<String>,
    /// What stands before the version; absent where nothing does.
    pub after: Option<String>,
    /// What stands behind it; absent where nothing does.
    pub before: Option<String>,
}

/// How the server's process is found and started.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Launch {
    /// The class of the client and its config, e.g. the words of `AppServer`.
    pub client: super::Name,
    /// The server as people call it, for messages.
    pub title: String,
    /// The command to look for on the search path.
    pub command: String,
    /// The environment variable that names the binary.
    pub variable: String,
    /// Arguments that make the binary serve this protocol.
    pub arguments: Vec<String>,
    /// The option before each config override, e.g. `--config`.
    pub override_option: Option<String>,
    /// JSON-RPC error codes that mean "overloaded, try again".
    pub overload_codes: Vec<i64>,
    /// Strings in an error's data that mean the same, in every spelling there was.
    pub overload_data: Vec<String>,
}
