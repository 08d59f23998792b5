//! `notifications.py`: one class for each notification of the server.

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{annotated, assignment, lay_out, string, subscript};
use crate::backend::python::imports::{Imports, exported};
use crate::backend::python::names::{Kind, LANGUAGE, identifier};
use crate::backend::python::types::with_none;
use crate::backend::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::ir::{Notification, Params, Peer, Type};

use super::mapping;
use super::methods::{reference, unnamed};

/// `notifications.py`.
pub struct NotificationsView {
    /// The import statements.
    pub imports: String,
    /// Those that only type checkers see.
    pub checked_imports: String,
    /// The value of `__all__`, as a statement.
    pub exported: String,
    /// A notification to show in the examples.
    pub example: Option<Example>,
    /// The classes.
    pub classes: Vec<NotificationClass>,
    /// The union of all, as a statement.
    pub union: String,
    /// The classes by wire name, as an expression.
    pub registry: String,
    /// Old wire names and today's, as an expression.
    pub aliases: String,
}

/// A notification's class.
pub struct NotificationClass {
    /// Its name.
    pub name: String,
    /// Its docstring.
    pub doc: String,
    /// The wire name, as a literal.
    pub wire: String,
    /// The line that declares `method`.
    pub method: String,
    /// Where the runtime finds the type of its params, as a literal.
    pub params_type: Option<String>,
    /// The line that declares `params`.
    pub params: String,
}

/// A notification to show in examples.
pub struct Example {
    /// Its class.
    pub class: String,
    /// Its wire name.
    pub wire: String,
}

/// The class of a notification.
pub fn class(notification: &Notification) -> String {
    identifier(&notification.name, Kind::Class)
}

impl NotificationsView {
    /// All notifications of the server; tells of names that clash.
    pub fn new(catalog: &Catalog<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut scope = Scope::new(LANGUAGE, "`notifications`");
        let mut classes = Vec::new();
        for notification in catalog.protocol.notifications_from(Peer::Server) {
            problems.extend(scope.take(&class(notification), &notification.meta));
            match notification_class(catalog, notification) {
                Some(class) => classes.push(class),
                None => problems.push(unnamed(&notification.wire, &notification.meta)),
            }
        }
        let mut imports = Imports::default();
        let mut checked = Imports::default();
        for name in ["TYPE_CHECKING", "TypeAlias"] {
            imports.add("typing", name);
        }
        for name in ["Notification", "UnknownNotification"] {
            imports.add("._runtime.notification", name);
        }
        checked.add("collections.abc", "Mapping");
        if !classes.is_empty() {
            imports.add("typing", "ClassVar");
            imports.add("typing", "Literal");
            // As a module: some classes are called as the type of their params is.
            checked.add(".", "types");
        }
        let entries: Vec<String> = classes.iter().map(|class| format!("{}: {},", class.wire, class.name)).collect();
        let names = classes.iter().map(|class| class.name.clone());
        let own = ["ALIASES", "REGISTRY", "ServerNotification", "UnknownNotification"].map(str::to_owned);
        let arms = names.clone().chain(["UnknownNotification".to_owned()]).map(Doc::text).collect();
        let aliases = &catalog.protocol.aliases.notifications;
        Self {
            imports: imports.print(0),
            checked_imports: checked.print(4),
            exported: exported(names.chain(own).collect()),
            example: example(catalog, &classes),
            classes,
            union: lay_out(&assignment("ServerNotification: TypeAlias", arms), 0),
            registry: mapping(&entries),
            aliases: mapping(&aliases.iter().map(alias).collect::<Vec<_>>()),
        }
    }
}

fn alias((old, new): (&String, &String)) -> String {
    format!("{}: {},", string(old), string(new))
}

/// What ends some work says most about how notifications are used.
fn example(catalog: &Catalog<'_>, classes: &[NotificationClass]) -> Option<Example> {
    let closing = catalog.protocol.correlations.last().map(|correlation| string(&correlation.closes));
    let class = classes.iter().find(|class| Some(&class.wire) == closing.as_ref()).or_else(|| classes.first())?;
    Some(Example { class: class.name.clone(), wire: class.wire.clone() })
}

fn notification_class(catalog: &Catalog<'_>, notification: &Notification) -> Option<NotificationClass> {
    let ty = notification.params.ty().map(Type::without_null);
    let params_type = reference(catalog, ty)?;
    let named = match ty {
        Some(Type::Ref(id)) => format!("types.{}", catalog.class(*id)),
        Some(_) => "Any".to_owned(),
        None => "None".to_owned(),
    };
    let params = match &notification.params {
        Params::None | Params::Required(_) => vec![Doc::text(named)],
        Params::Optional(_) => with_none(vec![Doc::text(named)]),
    };
    let fallback = format!("Sent as `{}`.", notification.wire);
    let doc = catalog.docstring(&notification.meta, Some(&fallback)).marked(&notification.meta);
    let wire = string(&notification.wire);
    let literal = subscript("ClassVar", vec![subscript("Literal", vec![Doc::text(wire.clone())])]);
    Some(NotificationClass {
        name: class(notification),
        doc: doc.print(4).unwrap_or_default(),
        method: lay_out(&annotated("method", &[literal], Some(Doc::text(wire.clone()))), 4),
        wire,
        params: lay_out(&annotated("params", &params, None), 4),
        params_type: (params_type != "None").then_some(params_type),
    })
}
