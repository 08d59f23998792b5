//! What concerns the package as a whole: its names, its root module, its metadata.

use crate::backend::pretty::Doc;
use crate::backend::python::code::{dict, lay_out, string};
use crate::backend::python::imports::{Imports, exported};
use crate::backend::python::names::{Kind, identifier};
use crate::ir::{Launch, Name, Package, Protocol, RuntimePackage};

/// The names at the package's root that are the runtime's, and the modules they come with.
const ROOT: &[(&str, &[&str])] = &[
    ("_runtime.aio_stream", &["AsyncStream", "AsyncWork"]),
    ("_runtime.omit", &["Omit", "omit"]),
    ("_runtime.report", &["Overflow", "Unknown", "VersionMismatch"]),
    ("_runtime.retry", &["RetryPolicy", "async_retry_on_overload", "retry_on_overload"]),
    ("_runtime.sync_stream", &["SyncStream", "SyncWork"]),
    ("_runtime.unknown", &["UnknownVariant"]),
    (
        "errors",
        &[
            "DecodeError",
            "EncodeError",
            "ExperimentalApiError",
            "InternalError",
            "InvalidParams",
            "InvalidRequest",
            "JsonRpcError",
            "MethodNotFound",
            "ParseError",
            "RequestTimeoutError",
            "RetryLimitExceeded",
            "SdkError",
            "ServerBusy",
            "ServerError",
            "ServerNotFoundError",
            "StartError",
            "TransportClosed",
            "TransportError",
            "UnknownValueError",
            "is_retryable_error",
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
    pub version: String,
    /// The server's version.
    pub server_version: &'a str,
    /// The server as people call it.
    pub title: &'a str,
    /// The first part of the names of its classes.
    pub client: String,
    /// The server's command.
    pub command: &'a str,
    /// The config's field for the server's binary.
    pub binary: String,
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
        names.extend(protocol.facade.iter().flat_map(super::facade::exports));
        names.sort_unstable();
        let mut imports = Imports::default();
        for (name, module) in &names {
            imports.add(&format!(".{module}"), name);
        }
        let own = ["SERVER_VERSION", "__version__"].map(str::to_owned);
        Self {
            name: &package.name,
            module: &package.module,
            version: version(&protocol.version),
            server_version: &protocol.version,
            title: &launch.title,
            client,
            command: &launch.command,
            binary: binary(&launch.command),
            variable: &launch.variable,
            runtime: package.runtime.as_ref(),
            checked_imports: imports.print(4),
            modules: table("_MODULES", names.iter().map(|(name, module)| (name.as_str(), *module))),
            exported: exported(names.iter().map(|(name, _)| name.clone()).chain(own).collect()),
        }
    }
}

/// `server` as a version of a Python package. What Python could not order counts as no version.
pub fn version(server: &str) -> String {
    let numbers = |text: &str| text.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()));
    let (release, preview) = server.split_once('-').unwrap_or((server, ""));
    let stages = [("alpha.", "a"), ("beta.", "b"), ("rc.", "rc")];
    let preview = match preview {
        "" => Some(String::new()),
        _ => stages.iter().find_map(|(long, short)| {
            preview.strip_prefix(long).filter(|number| numbers(number)).map(|number| format!("{short}{number}"))
        }),
    };
    preview.filter(|_| numbers(release)).map_or_else(|| "0".to_owned(), |preview| format!("{release}{preview}"))
}

/// The config's field for the binary of `command`.
fn binary(command: &str) -> String {
    Name::split(&format!("{command} bin"), &[]).map_or_else(|| "bin".to_owned(), |name| identifier(&name, Kind::Field))
}

/// `name = {"key": "value"}`.
pub fn table<'t>(name: &str, entries: impl Iterator<Item = (&'t str, &'t str)>) -> String {
    let entries = entries.map(|(key, value)| (string(key), Doc::text(string(value)))).collect();
    lay_out(&Doc::Concat(vec![Doc::text(format!("{name} = ")), dict(entries)]), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_pythons() {
        assert_eq!(version("0.163.0"), "0.163.0");
        assert_eq!(version("0.164.0-alpha.2"), "0.164.0a2");
        assert_eq!(version("unknown"), "0");
        assert_eq!(version("1.0-nightly"), "0");
    }

    #[test]
    fn the_binary_is_an_identifier() {
        assert_eq!(binary("codex"), "codex_bin");
        assert_eq!(binary("my-server"), "my_server_bin");
    }
}
