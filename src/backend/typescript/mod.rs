//! TypeScript packages: interfaces, descriptors for the decoder, one client.
//!
//! Knows the model of a protocol and TypeScript; knows no protocol. [`catalog`] settles the names, [`types`] says
//! types and [`descriptors`] says them for the runtime, [`view`] makes up what the templates print, [`code`] lays
//! lines out as the formatter does.

mod catalog;
mod code;
mod comment;
mod descriptors;
#[cfg(test)]
mod fixture;
mod imports;
mod names;
mod reserved;
mod templates;
mod types;
mod view;
mod words;

pub use words::words;

use crate::diagnostic::Diagnostic;
use crate::ir::{Launch, Package, Protocol};

use super::shapes::{message_counts, module_summary};
use super::{DuplicatePath, Files, Language, plain};
use catalog::{Catalog, domain};
use templates::Printer;
use view::{
    ClientView, DescriptorsModule, FacadeView, FactsView, HandlersView, MethodsView, NotificationsView, PackageView,
    TypesModule,
};

/// The TypeScript package of `protocol`.
pub fn render(protocol: &Protocol) -> Result<Files, Vec<Diagnostic>> {
    let (package, launch) = required(protocol)?;
    let mut problems = Vec::new();
    let catalog = Catalog::new(protocol, &mut problems);
    let views = Views::new(&catalog, package, launch, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    views.print(protocol).map_err(|error| vec![Diagnostic::error("", "", error.to_string())])
}

/// What a TypeScript package can't do without.
fn required(protocol: &Protocol) -> Result<(&Package, &Launch), Vec<Diagnostic>> {
    match (protocol.packages.get("typescript"), &protocol.launch) {
        (Some(package), Some(launch)) => Ok((package, launch)),
        (package, launch) => {
            let missing = |table: &str| {
                Diagnostic::error("profile.toml", "", format!("there is no table `{table}`"))
                    .help("the TypeScript package takes its names from it")
            };
            let package = package.is_none().then(|| missing("packages.typescript"));
            Err(package.into_iter().chain(launch.is_none().then(|| missing("launch"))).collect())
        }
    }
}

/// All that is printed.
struct Views<'a> {
    package: PackageView<'a>,
    facts: FactsView,
    methods: MethodsView,
    handlers: HandlersView,
    notifications: NotificationsView,
    client: ClientView,
    facade: Option<FacadeView>,
    types: Vec<(String, TypesModule)>,
    descriptors: Vec<(String, DescriptorsModule)>,
}

impl<'a> Views<'a> {
    fn new(catalog: &Catalog<'a>, package: &'a Package, launch: &'a Launch, problems: &mut Vec<Diagnostic>) -> Self {
        let modules = catalog.by_module();
        let messages = message_counts(catalog.protocol);
        let types = modules.iter().map(|(name, ids)| {
            let family = ids.first().map(|id| &catalog.def(*id).domain);
            let summary = module_summary(&domain(name), family, &messages);
            ((*name).to_owned(), TypesModule::new(catalog, name, ids, summary))
        });
        let descriptors =
            modules.iter().map(|(name, ids)| ((*name).to_owned(), DescriptorsModule::new(catalog, name, ids)));
        let mut package_view = PackageView::new(catalog.protocol, package, launch);
        let facade = catalog.protocol.facade.as_ref();
        let facade = facade.map(|facade| FacadeView::new(catalog, facade, &package_view.client, problems));
        package_view.exports = facade.iter().flat_map(|facade| facade.exports.iter().cloned()).collect();
        Self {
            facts: FactsView::new(catalog.protocol, package, launch),
            methods: MethodsView::new(catalog, problems),
            handlers: HandlersView::new(catalog, problems),
            notifications: NotificationsView::new(catalog, problems),
            client: ClientView::new(catalog, launch, &package_view.bin, problems),
            package: package_view,
            facade,
            types: types.collect(),
            descriptors: descriptors.collect(),
        }
    }

    fn print(&self, protocol: &Protocol) -> Result<Files, Failure> {
        let mut files = Files::new();
        for (path, content) in plain::files("typescript") {
            files.insert(path, content)?;
        }
        let mut printer = Printer::new(&mut files);
        printer.package(&self.package)?;
        printer.facts(&self.facts)?;
        printer.methods(&self.methods)?;
        printer.handlers(&self.handlers)?;
        printer.notifications(&self.notifications)?;
        printer.client(&self.client)?;
        if let Some(facade) = &self.facade {
            printer.facade(facade)?;
        }
        printer.types(&self.types)?;
        printer.descriptors(&self.descriptors)?;
        for (path, content) in plain::own(protocol, Language::TypeScript) {
            files.replace(path, content);
        }
        Ok(files)
    }
}

/// A bug of this backend.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("bug in the TypeScript backend: {0}")]
    Path(#[from] DuplicatePath),
    #[error("bug in a template of the TypeScript backend: {0}")]
    Template(#[from] askama::Error),
}

#[cfg(test)]
mod tests {
    use super::fixture::protocol;
    use super::*;

    #[test]
    fn a_package_needs_a_name_and_a_server() {
        let mut protocol = protocol(Vec::new());
        assert!(render(&protocol).is_ok());
        protocol.packages.clear();
        protocol.launch = None;
        let problems = render(&protocol).unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(problems[0].found.contains("packages.typescript"));
    }
}
