//! What concerns the package as a whole: its names, its root module, its metadata.

use crate::backend::python::code::{dict, lay_out, string};
use crate::backend::python::imports::{Imports, exported};
use crate::backend::pretty::Doc;
use crate::ir::{Launch, Package, Protocol, RuntimePackage};

/// The names at the package's root that are the runtime's, and the modules they come with.
const ROOT: &[(&str, &[&str])] = &[
    ("_runtime.omit", &["Omit", "omit"]),
    ("_runtime.report", &["Overflow", "Unknown"]),
    ("_runtime.retry", &["RetryPolicy", "async_retry_on_overload", "retry_on_overload"]),
    (
        "errors",
        &[
            "DecodeError", "EncodeError", "ExperimentalApiError", "InternalError", "InvalidParams", "InvalidRequest",
            "JsonRpcError", "MethodNotFound", "ParseError", "RequestTimeoutError", "RetryLimitExceeded", "SdkError",
            "ServerBusy", "ServerError", "ServerNotFoundError", "StartError", "TransportClosed", "TransportError",
            "UnknownValueError", "is_retryable_error",
        ],
    ),
    ("handlers", &["ServerRequestHandlers"]),
];

/// The package as a whole.
pub struct PackageView<'a> {
    /// The name it is installed by.
    pub name: &'a str,
    /// The name it is imported by.
    pub module: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The server as people call it.
    pub title: &'a str,
    /// The first part of the names of its classes.
    pub client: String,
    /// The server's command.
    pub command: &'a str,
    /// The environment variable that names the server's binary.
    pub variable: &'a str,
    /// The package that brings the server's binary.
    pub runtime: Option<&'a RuntimePackage>,
    /// The import statements that only type checkers see.
    pub checked_imports: String,
    /// Which name comes with which module, as a statement.
    pub modules: String,
    /// The value of `__all__`, as a statement.
    pub exported: String,
}

impl<'a> PackageView<'a> {
    /// The package of `protocol`.
    pub fn new(protocol: &'a Protocol, package: &'a Package, launch: &'a Launch) -> Self {
        let client = launch.client.pascal();
        let mut names: Vec<(String, &str)> = vec![
            (format!("{client}Client"), "client"),
            (format!("Async{client}Client"), "async_client"),
            (format!("{client}Config"), "config"),
        ];
        for (module, of_module) in ROOT {
            names.extend(of_module.iter().map(|name| ((*name).to_owned(), *module)));
        }
        names.sort_unstable();
        let mut imports = Imports::default();
        names.iter().for_each(|(name, module)| imports.add(&format!(".{module}"), name));
        let own = ["SERVER_VERSION", "__version__"].map(str::to_owned);
        Self {
            name: &package.name,
            module: &package.module,
            version: &protocol.version,
            title: &launch.title,
            client,
            command: &launch.command,
            variable: &launch.variable,
            runtime: package.runtime.as_ref(),
            checked_imports: imports.print(4),
            modules: table("_MODULES", names.iter().map(|(name, module)| (name.as_str(), *module))),
            exported: exported(names.iter().map(|(name, _)| name.clone()).chain(own).collect()),
        }
    }
}

/// `name = {"key": "value"}`.
pub fn table<'t>(name: &str, entries: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let entries = entries.map(|(key, value)| (string(key), Doc::text(string(value)))).collect();
    lay_out(&Doc::Concat(vec![Doc::text(format!("{name} = ")), dict(entries)]), 0)
}
