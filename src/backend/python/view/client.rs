//! `client.py` and `async_client.py`: the same methods, once to block and once to be awaited.

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{call, lay_out, signature};
use crate::backend::python::imports::{Imports, Place};
use crate::backend::python::types::Helper;

use super::calls::{Calls, Greeting, Operation, Outcome};

const SELF: Helper = Helper { module: "typing_extensions", name: "Self" };

/// Whether calls block or are awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// They block.
    Sync,
    /// They are awaited.
    Async,
}

impl Style {
    /// The start of a method.
    pub fn define(self) -> &'static str {
        match self {
            Self::Sync => "def ",
            Self::Async => "async def ",
        }
    }

    /// What stands before a call.
    pub fn wait(self) -> &'static str {
        match self {
            Self::Sync => "",
            Self::Async => "await ",
        }
    }

    /// The runtime's module, connection and open work.
    fn runtime(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Sync => ("._runtime.sync", "SyncConnection", "SyncWork"),
            Self::Async => ("._runtime.aio", "AsyncConnection", "AsyncWork"),
        }
    }
}

/// One of the two modules.
pub struct ClientView {
    /// The class.
    pub class: String,
    /// What it is made from.
    pub bases: String,
    /// The class of its config.
    pub config: String,
    /// The server as people call it.
    pub title: String,
    /// The import statements.
    pub imports: String,
    /// Those that only type checkers see.
    pub checked_imports: String,
    /// The handshake, where there is one.
    pub greeting: Option<Greeting>,
    /// The methods, by family.
    pub families: Vec<Family>,
}

/// The methods of one family.
pub struct Family {
    /// Its name, for a comment.
    pub name: String,
    /// The methods.
    pub methods: Vec<Method>,
}

/// A method.
pub struct Method {
    /// From `def` to the colon.
    pub signature: String,
    /// The docstring.
    pub doc: String,
    /// What it does.
    pub body: String,
}

impl ClientView {
    /// The client that can do `calls` in `style`; `client` is the name of the protocol's client.
    pub fn new(catalog: &Catalog<'_>, calls: &Calls, style: Style, client: &str, title: &str) -> Self {
        let mut uses = calls.uses.clone();
        let class = match style {
            Style::Sync => format!("{client}Client"),
            Style::Async => {
                uses.helper(SELF);
                format!("Async{client}Client")
            }
        };
        let (_, connection, _) = style.runtime();
        let connection = format!("{connection}[ServerNotification]");
        let parts = catalog.protocol.facade.as_ref().filter(|facade| facade.extends_client);
        let parts = parts.map(|_| format!("{class}Parts"));
        let mut checked = Imports::default();
        checked.uses(Place::Root, &uses, catalog);
        let config = format!("{client}Config");
        let families = calls.families.iter().map(|(name, operations)| Family {
            name: name.clone(),
            methods: operations.iter().map(|operation| method(operation, style)).collect(),
        });
        Self {
            imports: imports(calls, style, &config, parts.as_deref(), !checked.is_empty()),
            bases: parts.into_iter().chain([connection]).collect::<Vec<_>>().join(", "),
            class,
            config,
            title: title.to_owned(),
            checked_imports: checked.print(4),
            greeting: calls.greeting.clone(),
            families: families.collect(),
        }
    }
}

fn imports(calls: &Calls, style: Style, config: &str, parts: Option<&str>, checked: bool) -> String {
    let (runtime, connection, work) = style.runtime();
    let mut imports = Imports::default();
    for (module, name) in [
        ("._facts", "PROTOCOL"),
        (runtime, connection),
        ("._runtime.settings", "settings_of"),
        (".config", config),
        (".handlers", "ServerRequestHandlers"),
        (".notifications", "ServerNotification"),
    ] {
        imports.add(module, name);
    }
    if let Some(parts) = parts {
        imports.add("._handmade", parts);
    }
    if checked {
        imports.add("typing", "TYPE_CHECKING");
    }
    if !calls.families.is_empty() {
        imports.add("._runtime.omit", "Omit");
        imports.add("._runtime.omit", "omit");
    }
    if calls.opens_work {
        imports.add(runtime, work);
    }
    for constant in &calls.constants {
        imports.add(".methods", constant);
    }
    for class in &calls.notifications {
        imports.add(".notifications", class);
    }
    imports.print(0)
}

fn method(operation: &Operation, style: Style) -> Method {
    let (_, _, work) = style.runtime();
    let result = match &operation.outcome {
        Outcome::Value(result) => result.clone(),
        Outcome::Work(result) => format!("{work}[ServerNotification, {result}]"),
    };
    let name = format!("{}{}", style.define(), operation.name);
    let mut arguments = operation.arguments.clone();
    arguments.push(Doc::text("timeout"));
    let start = Doc::text(format!("return {}", style.wait()));
    let body = Doc::Concat(vec![start, call(&format!("self.{}", operation.function), arguments)]);
    Method {
        signature: lay_out(&signature(&name, operation.parameters.clone(), &result), 4),
        doc: operation.doc.clone(),
        body: lay_out(&body, 8),
    }
}

#[cfg(test)]
mod tests {
    use crate::backend::python::fixture::{
        TEXT, field, file, notification, object, protocol, reference, request, tag, union, variant,
    };
    use crate::ir::{Correlation, Key, Name, Params, Peer, Presence, Protocol, Tagging};

    fn example() -> Protocol {
        let fields = vec![
            field("later", TEXT, Presence::Optional),
            field("timeout", TEXT.nullable(), Presence::Required),
            field("maybe", TEXT.nullable(), Presence::ThreeState),
        ];
        let either =
            union(Tagging::Property { wire: "type".into() }, vec![variant("arm", Some(reference(2)))], Vec::new());
        let arm = object(vec![tag("arm")]);
        let mut protocol = protocol(vec![("DoParams", object(fields)), ("Choice", either), ("Arm", arm)]);
        let key = Key { path: vec!["id".into()] };
        protocol.requests = vec![
            request("do", Peer::Client, Params::Required(reference(0)), reference(2)),
            request("list", Peer::Client, Params::None, reference(2)),
            request("pick", Peer::Client, Params::Required(reference(1)), reference(2)),
        ];
        protocol.notifications = vec![notification("done", Params::Required(reference(2)))];
        protocol.correlations = vec![Correlation {
            name: Name { words: vec!["job".into()] },
            opens: "do".into(),
            result_key: key.clone(),
            scope: None,
            carriers: vec![("done".into(), key)],
            closes: "done".into(),
        }];
        protocol
    }

    #[test]
    fn parameters_are_the_fields_of_the_params() {
        let text = file(&example(), "client.py");
        let expected = "    def do(
        self,
        *,
        timeout_: str | None,
        later: str | Omit = omit,
        maybe: str | Omit | None = omit,
        timeout: float | Omit | None = omit,
    ) -> Arm:
        \"\"\"Calls `do`.

        Args:
            maybe: Leaving it out is not the same as `None`.

        Wire method: `do`.
        \"\"\"
        return self._call(
            DO,
            {
                \"timeout\": timeout_,
                \"later\": later,
                \"maybe\": maybe,
            },
            timeout,
        )
";
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("    def list_(self, *, timeout: float | Omit | None = omit) -> Arm:\n"));
        assert!(text.contains("        return self._call(LIST, None, timeout)\n"));
        assert!(text.contains("params: Choice | ChoiceDict, *,") || text.contains("params: Choice | ChoiceDict,\n"));
    }

    #[test]
    fn work_is_followed_and_waited_for() {
        let text = file(&example(), "async_client.py");
        assert!(text.contains("    async def do_stream(\n"));
        assert!(text.contains("    ) -> AsyncWork[ServerNotification, Arm]:\n"));
        assert!(text.contains("        return await self._open_work(\n"));
        assert!(text.contains("        return await self._wait_for_end(Done, job_id, timeout)\n"));
    }
}
