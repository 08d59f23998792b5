//! Rust crates: tokio, serde, and no macro of anybody else's.
//!
//! Knows the model of a protocol and Rust; knows no protocol. [`catalog`] settles the names, [`types`] says types,
//! [`emit`] makes up the tokens of the modules, [`print`] lays them out through syn and prettyplease, as
//! rustfmt would. What is text
//! rather than code, such as the manifest, comes from templates.

mod catalog;
mod docs;
mod emit;
mod layout;
mod names;
mod print;
mod recursion;
mod table;
mod templates;
mod terms;
mod types;
mod values;
mod words;

pub use words::words;

use std::thread;

use proc_macro2::TokenStream;

use crate::diagnostic::Diagnostic;
use crate::ir::{Launch, Package, Protocol};

use super::{DuplicatePath, Files, Language, plain};
use catalog::Catalog;
use emit::Module;
use table::Tables;
use templates::CrateView;

/// The folder of what only crates with a convenience layer have.
const FACADE: &str = "src/facade/";

/// The Rust crate of `protocol`.
pub fn render(protocol: &Protocol) -> Result<Files, Vec<Diagnostic>> {
    let (package, launch) = required(protocol)?;
    let mut problems = Vec::new();
    let catalog = Catalog::new(protocol, &mut problems);
    let (types, rest) = thread::scope(|scope| {
        let types = scope.spawn(|| emit::modules(&catalog));
        let rest = modules(&catalog, package, launch, &mut problems);
        (types.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), rest)
    });
    if !problems.is_empty() {
        return Err(problems);
    }
    let view = CrateView::new(protocol, package, launch);
    files(protocol, &view, types, rest).map_err(|error| vec![Diagnostic::error("", "", error.to_string())])
}

/// What a crate can't do without.
fn required(protocol: &Protocol) -> Result<(&Package, &Launch), Vec<Diagnostic>> {
    match (protocol.packages.get("rust"), &protocol.launch) {
        (Some(package), Some(launch)) => Ok((package, launch)),
        (package, launch) => {
            let missing = |table: &str| {
                Diagnostic::error("profile.toml", "", format!("there is no table `{table}`"))
                    .help("the Rust package takes its names from it")
            };
            let package = package.is_none().then(|| missing("packages.rust"));
            Err(package.into_iter().chain(launch.is_none().then(|| missing("launch"))).collect())
        }
    }
}

/// The modules beside those of `types`; tells of names that clash.
fn modules(
    catalog: &Catalog<'_>,
    package: &Package,
    launch: &Launch,
    problems: &mut Vec<Diagnostic>,
) -> Result<Vec<Module>, syn::Error> {
    let mut tables = Tables::default();
    let mut modules = vec![
        ("client", emit::client(catalog, launch, problems)),
        ("handlers", emit::handlers(catalog, launch, problems)),
        ("methods", emit::methods(catalog, &mut tables, problems)),
        ("notifications", emit::notifications(catalog, &mut tables, problems)),
        ("facts", emit::facts(catalog, package, launch)),
        ("types/mod", emit::list(catalog)),
    ];
    if let Some(facade) = &catalog.protocol.facade {
        modules.extend(emit::facade(catalog, facade, launch, &mut tables, problems));
    }
    let print = |(path, tokens): (&str, TokenStream)| {
        Ok(Module { path: path.to_owned(), text: print::module(tokens, &tables)? })
    };
    modules.into_iter().map(print).collect()
}

fn files(
    protocol: &Protocol,
    view: &CrateView<'_>,
    types: Result<Vec<Module>, syn::Error>,
    rest: Result<Vec<Module>, syn::Error>,
) -> Result<Files, Failure> {
    let mut files = Files::new();
    let facade = protocol.facade.is_some();
    for (path, content) in plain::files("rust").filter(|(path, _)| facade || !path.starts_with(FACADE)) {
        files.insert(path, content)?;
    }
    view.print(&mut files)?;
    for module in rest?.into_iter().chain(types?) {
        files.insert(format!("src/{}.rs", module.path), module.text)?;
    }
    for (path, content) in plain::own(protocol, Language::Rust) {
        files.replace(path, content);
    }
    Ok(files)
}

/// A bug of this backend.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("bug in the Rust backend: {0}")]
    Path(#[from] DuplicatePath),
    #[error("bug in the Rust backend: what it made up is no Rust: {0}")]
    Syntax(#[from] syn::Error),
    #[error("bug in a template of the Rust backend: {0}")]
    Template(#[from] askama::Error),
}
