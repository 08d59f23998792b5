//! The templates, each with what it prints: the files that are text rather than code. Their tree is that of the crate.

use std::collections::BTreeSet;

use askama::Template;

use crate::backend::Files;
use crate::backend::version::semantic;
use crate::ir::{Facade, Launch, Package, Protocol};

use super::names::{Kind, identifier};
use super::{Failure, emit, layout, terms};

/// The crate as a whole.
pub struct CrateView<'a> {
    /// The name it is installed by.
    name: &'a str,
    /// The name it is imported by.
    module: &'a str,
    /// Its version.
    release: &'a str,
    /// The server's version.
    version: &'a str,
    /// The server as people call it.
    title: &'a str,
    /// The first part of the names of its types.
    client: String,
    /// The server's command.
    command: &'a str,
    /// The environment variable that names the server's binary.
    variable: &'a str,
    /// The config's member that names the server's binary.
    binary: String,
    /// Proper names in the docs.
    proper_names: BTreeSet<&'a str>,
    /// Whether the server says something of itself.
    greets: bool,
    /// The class that starts the server, where there is a convenience layer.
    root: Option<String>,
    /// What the crate has, in a few words.
    offers: &'static str,
    /// What starts the server.
    starts: String,
    /// What a program imports that does so, in braces.
    begins: String,
    /// What tells what the server has said of itself, as a method of what has started it.
    info: &'static str,
    /// What users import of the convenience layer from the crate's root, as a statement.
    exports: String,
}

/// `pub use facade::{…};`, on as many lines as it needs.
fn exports(facade: &Facade) -> String {
    let names = emit::exports(facade);
    let text = format!("pub use facade::{{\n    {},\n}};\n", names.join(",\n    "));
    layout::join(&text).trim_end().to_owned()
}

macro_rules! templates {
    ($($name:ident = $path:literal;)*) => {
        $(
            #[derive(Template)]
            #[template(path = $path, escape = "none")]
            struct $name<'a> {
                view: &'a CrateView<'a>,
            }
        )*
    };
}

templates! {
    Manifest = "rust/Cargo.toml.j2";
    Clippy = "rust/clippy.toml.j2";
    Readme = "rust/README.md.j2";
    Root = "rust/src/lib.rs.j2";
    Config = "rust/src/config.rs.j2";
    Request = "rust/src/runtime/request.rs.j2";
}

impl<'a> CrateView<'a> {
    /// The crate of `protocol`.
    pub fn new(protocol: &'a Protocol, package: &'a Package, launch: &'a Launch) -> Self {
        let root = protocol.facade.as_ref().map(|facade| identifier(&facade.root, Kind::Class));
        let client = launch.client.pascal();
        let starts = root.clone().unwrap_or_else(|| format!("{client}Client"));
        let mut begins = [format!("{client}Config"), starts.clone()];
        begins.sort_unstable();
        Self {
            offers: match root {
                Some(_) => "what people do most, and every method typed",
                None => "every method typed",
            },
            info: if root.is_some() { "client().server_info()" } else { "server_info()" },
            begins: format!("{{{}}}", begins.join(", ")),
            starts,
            root,
            name: &package.name,
            module: &package.module,
            release: semantic(&protocol.version),
            version: &protocol.version,
            title: &launch.title,
            client,
            command: &launch.command,
            variable: &launch.variable,
            binary: format!("{}_bin", launch.command.replace(|letter: char| !letter.is_ascii_alphanumeric(), "_")),
            proper_names: terms::names(protocol),
            greets: protocol.handshake.is_some(),
            exports: protocol.facade.as_ref().map(exports).unwrap_or_default(),
        }
    }

    /// Prints all files that tell of the crate as a whole.
    pub fn print(&self, files: &mut Files) -> Result<(), Failure> {
        let mut insert = |path: &str, template: &dyn askama::DynTemplate| -> Result<(), Failure> {
            let mut text = template.dyn_render()?;
            text.push('\n');
            Ok(files.insert(path, text)?)
        };
        insert("Cargo.toml", &Manifest { view: self })?;
        insert("clippy.toml", &Clippy { view: self })?;
        insert("README.md", &Readme { view: self })?;
        insert("src/lib.rs", &Root { view: self })?;
        insert("src/config.rs", &Config { view: self })?;
        insert("src/runtime/request.rs", &Request { view: self })
    }
}
