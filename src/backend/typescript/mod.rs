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
mod names;
mod reserved;
mod templates;
mod types;
mod view;

use std::collections::{BTreeSet, HashMap};

use crate::diagnostic::Diagnostic;
use crate::ir::{Launch, Name, Package, Protocol};

use super::{DuplicatePath, Files, plain};
use catalog::{Catalog, domain};
use templates::Printer;
use view::{
    ClientView, DescriptorsModule, FactsView, HandlersView, MethodsView, NotificationsView, PackageView, TypesModule,
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
    types: Vec<(String, TypesModule)>,
    descriptors: Vec<(String, DescriptorsModule)>,
}

impl<'a> Views<'a> {
    fn new(catalog: &Catalog<'a>, package: &'a Package, launch: &'a Launch, problems: &mut Vec<Diagnostic>) -> Self {
        let modules = catalog.by_module();
        let messages = messages(catalog.protocol);
        let types = modules.iter().map(|(name, ids)| {
            let family = ids.first().map(|id| &catalog.def(*id).domain);
            let count = family.and_then(|family| messages.get(family)).copied();
            let summary = summary(&domain(name), count.unwrap_or_default());
            ((*name).to_owned(), TypesModule::new(catalog, name, ids, summary))
        });
        let descriptors =
            modules.iter().map(|(name, ids)| ((*name).to_owned(), DescriptorsModule::new(catalog, name, ids)));
        let package_view = PackageView::new(catalog.protocol, package, launch);
        Self {
            facts: FactsView::new(catalog.protocol, package, launch),
            methods: MethodsView::new(catalog, problems),
            handlers: HandlersView::new(catalog, problems),
            notifications: NotificationsView::new(catalog, problems),
            client: ClientView::new(catalog, launch, &package_view.bin, problems),
            package: package_view,
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
        printer.types(&self.types)?;
        printer.descriptors(&self.descriptors)?;
        // What only this protocol's packages have takes the place of what all have.
        let own = protocol.name.words.first().map(|word| word.to_lowercase()).unwrap_or_default();
        for (path, content) in plain::files(&format!("{own}/typescript")) {
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

/// How many messages each family has.
fn messages(protocol: &Protocol) -> HashMap<&Name, usize> {
    let requests = protocol.requests.iter().map(|request| (&request.domain, &request.wire));
    let notifications = protocol.notifications.iter().map(|notification| (&notification.domain, &notification.wire));
    let messages: BTreeSet<_> = requests.chain(notifications).collect();
    let mut counts = HashMap::new();
    messages.into_iter().for_each(|(family, _)| *counts.entry(family).or_default() += 1);
    counts
}

/// What a module of types says of itself.
fn summary(name: &str, messages: usize) -> String {
    match messages {
        0 => "Types that several families of methods use.".to_owned(),
        1 => format!("Types of the `{name}` method."),
        _ => format!("Types of the `{name}` methods."),
    }
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
