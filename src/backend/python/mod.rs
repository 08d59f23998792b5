//! Python packages: pydantic models, clients for threads and for asyncio.
//!
//! Knows the model of a protocol and Python; knows no protocol. [`catalog`] settles the names, [`types`] says types,
//! [`view`] makes up what the templates print, [`code`] lays lines out as ruff's formatter does.

mod catalog;
mod code;
mod docstring;
#[cfg(test)]
mod fixture;
mod imports;
mod names;
mod order;
mod reserved;
mod templates;
mod terms;
mod types;
mod view;
mod words;

pub use words::words;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::ir::{Launch, Package, Protocol, TypeId};

use super::shapes::{message_counts, module_summary};
use super::{DuplicatePath, Files, Language, plain};
use catalog::Catalog;
use order::Order;
use templates::Printer;
use view::{
    Calls, ClientView, FacadeViews, FactsView, HandlersView, MethodsView, NotificationsView, PackageView, Style,
    TypesBuilder, TypesModule,
};

/// The folder of the templates that becomes the import package.
const PACKAGE: &str = "PACKAGE";

/// The Python package of `protocol`.
pub fn render(protocol: &Protocol) -> Result<Files, Vec<Diagnostic>> {
    let (package, launch) = required(protocol)?;
    let mut problems = Vec::new();
    let catalog = Catalog::new(protocol, &mut problems);
    let views = Views::new(&catalog, package, launch, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    views.print(protocol, package).map_err(|error| vec![Diagnostic::error("", "", error.to_string())])
}

/// What a Python package can't do without.
fn required(protocol: &Protocol) -> Result<(&Package, &Launch), Vec<Diagnostic>> {
    match (protocol.packages.get("python"), &protocol.launch) {
        (Some(package), Some(launch)) => Ok((package, launch)),
        (package, launch) => {
            let missing = |table: &str| {
                Diagnostic::error("", "", format!("a profile without the table `{table}`"))
                    .help("the Python package takes its names from it")
            };
            let package = package.is_none().then(|| missing("packages.python"));
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
    async_client: ClientView,
    facade: Option<FacadeViews>,
    types: Vec<(String, TypesModule)>,
    dicts: Vec<(String, view::DictsModule)>,
}

impl<'a> Views<'a> {
    fn new(catalog: &Catalog<'a>, package: &'a Package, launch: &'a Launch, problems: &mut Vec<Diagnostic>) -> Self {
        let order = Order::new(catalog);
        let modules = modules(catalog, &order);
        let builder = TypesBuilder { catalog, order: &order };
        let name = launch.client.pascal();
        let calls = Calls::new(catalog, problems);
        let facade = catalog.protocol.facade.as_ref();
        let messages = message_counts(catalog.protocol);
        let types = modules.iter().map(|(name, ids)| {
            let family = ids.first().map(|id| &catalog.protocol.types[*id].domain);
            (name.clone(), builder.module(name, ids, module_summary(name, family, &messages)))
        });
        let client = |style| ClientView::new(catalog, &calls, style, &name, &launch.title);
        Self {
            package: PackageView::new(catalog.protocol, package, launch),
            facts: FactsView::new(catalog.protocol, package, launch),
            methods: MethodsView::new(catalog, problems),
            handlers: HandlersView::new(catalog, problems),
            notifications: NotificationsView::new(catalog, problems),
            client: client(Style::Sync),
            async_client: client(Style::Async),
            facade: facade.map(|facade| FacadeViews::new(catalog, facade, &name, problems)),
            types: types.collect(),
            dicts: modules
                .iter()
                .filter_map(|(name, ids)| Some((name.clone(), view::dicts_module(catalog, name, ids)?)))
                .collect(),
        }
    }

    fn print(&self, protocol: &Protocol, package: &Package) -> Result<Files, Failure> {
        let mut files = Files::new();
        for (path, content) in plain::files("python") {
            files.insert(path.replace(PACKAGE, &package.module), content)?;
        }
        let mut printer = Printer::new(&mut files, &package.module);
        printer.package(&self.package)?;
        printer.facts(&self.facts)?;
        printer.methods(&self.methods)?;
        printer.handlers(&self.handlers)?;
        printer.notifications(&self.notifications)?;
        printer.client(&self.client)?;
        printer.async_client(&self.async_client)?;
        if let Some(facade) = &self.facade {
            printer.facade(facade)?;
        }
        printer.types(&self.types)?;
        printer.dicts(&self.dicts)?;
        for (path, content) in plain::own(protocol, Language::Python) {
            files.replace(path.replace(PACKAGE, &package.module), content);
        }
        Ok(files)
    }
}

/// A bug of this backend.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("bug in the Python backend: {0}")]
    Path(#[from] DuplicatePath),
    #[error("bug in a template of the Python backend: {0}")]
    Template(#[from] askama::Error),
}

/// The types of each module, in the order of their definitions.
fn modules(catalog: &Catalog<'_>, order: &Order) -> BTreeMap<String, Vec<TypeId>> {
    let mut modules: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for id in &order.ids {
        modules.entry(catalog.module(*id).to_owned()).or_default().push(*id);
    }
    modules
}

#[cfg(test)]
mod tests {
    use super::fixture::{TEXT, field, file, notification, object, protocol, reference, request, strings};
    use super::*;
    use crate::ir::{Params, Peer, Presence};

    #[test]
    fn a_package_is_complete() {
        let mut protocol = protocol(vec![("ThingParams", object(vec![field("x", TEXT, Presence::Required)]))]);
        protocol.requests.push(request("thing/do", Peer::Client, Params::Required(reference(0)), reference(0)));
        protocol.notifications.push(notification("thing/done", Params::Required(reference(0))));
        let files = render(&protocol).unwrap();
        for path in ["pyproject.toml", "README.md", "src/thing_sdk/py.typed", "src/thing_sdk/_runtime/model.py"] {
            assert!(files.get(path).is_some(), "{path}");
        }
        assert!(files.iter().all(|(path, _)| !path.contains(PACKAGE)));
        assert!(files.iter().all(|(_, content)| content.is_empty() || content.ends_with(b"\n")));
    }

    #[test]
    fn clashes_are_told_all_at_once() {
        let fields = vec![field("aB", TEXT, Presence::Required), field("a_b", TEXT, Presence::Required)];
        let problems = render(&protocol(vec![("T", object(fields)), ("E", strings(&["x-y", "xY"]))])).unwrap_err();
        let found: Vec<&str> = problems.iter().map(|problem| problem.found.as_str()).collect();
        assert_eq!(
            found,
            ["in Python, two things are called `a_b` in `T`", "in Python, two things are called `x_y` in `E`"]
        );
    }

    #[test]
    fn a_notification_may_be_called_as_its_params() {
        let mut protocol = protocol(vec![("ThingNotification", object(Vec::new()))]);
        protocol.notifications.push(notification("thing/notification", Params::Required(reference(0))));
        let text = file(&protocol, "notifications.py");
        assert!(text.contains("class ThingNotification(Notification):"));
        assert!(text.contains("    params_type = \"thing:ThingNotification\"\n    params: types.ThingNotification\n"));
    }

    #[test]
    fn what_a_package_needs_is_asked_for() {
        let mut protocol = protocol(Vec::new());
        protocol.launch = None;
        protocol.packages.clear();
        assert_eq!(render(&protocol).unwrap_err().len(), 2);
    }
}
