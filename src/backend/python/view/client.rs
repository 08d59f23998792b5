//! `client.py` and `async_client.py`: one method for each request, and more for those that open work.

use std::collections::BTreeMap;

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{call, lay_out, signature, string, union};
use crate::backend::python::docstring::Docstring;
use crate::backend::python::imports::{Imports, Place};
use crate::backend::python::names::{Kind, Scope, identifier, parameter};
use crate::backend::python::types::{ANY, Helper, Position, Uses};
use crate::diagnostic::Diagnostic;
use crate::ir::{Correlation, Field, Params, Peer, Presence, Request, Stability, Type, TypeId};

use super::methods::constant;
use super::notifications;

/// Whether calls block or are awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// They block.
    Sync,
    /// They are awaited.
    Async,
}

impl Style {
    fn define(self) -> &'static str {
        match self {
            Self::Sync => "def ",
            Self::Async => "async def ",
        }
    }

    fn wait(self) -> &'static str {
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

/// The handshake.
pub struct Greeting {
    /// The constant of its request.
    pub constant: String,
    /// The type of its result.
    pub result: String,
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

/// What a request's method takes, worked out once for all methods that take the same.
struct Call<'a> {
    request: &'a Request,
    name: String,
    parameters: Vec<Doc>,
    /// What it hands on, as the second argument.
    given: Doc,
    /// Whether `given` is the params as a whole.
    whole: bool,
    result: String,
    args: Vec<String>,
}

/// Builds one of the two modules.
struct Builder<'a> {
    catalog: &'a Catalog<'a>,
    style: Style,
    checked: Uses,
    imports: Imports,
}

impl ClientView {
    /// The client for `style`; `name` is that of the protocol's client. Tells of names that clash.
    pub fn new(
        catalog: &Catalog<'_>,
        style: Style,
        client: &str,
        title: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let (runtime, connection, work) = style.runtime();
        let mut imports = Imports::default();
        for (module, name) in [
            ("typing", "TYPE_CHECKING"),
            ("._facts", "PROTOCOL"),
            ("._runtime.omit", "Omit"),
            ("._runtime.omit", "omit"),
            (runtime, connection),
            (".handlers", "ServerRequestHandlers"),
            (".notifications", "ServerNotification"),
        ] {
            imports.add(module, name);
        }
        if !catalog.protocol.correlations.is_empty() {
            imports.add(runtime, work);
        }
        let config = format!("{client}Config");
        imports.add(".config", &config);
        let mut builder = Builder { catalog, style, checked: Uses::default(), imports };
        let greeting = builder.greeting();
        let families = builder.families(problems);
        if style == Style::Async {
            builder.checked.helper(Helper { module: "typing_extensions", name: "Self" });
        }
        let mut checked = Imports::default();
        checked.uses(Place::Root, &builder.checked, catalog);
        Self {
            class: match style {
                Style::Sync => format!("{client}Client"),
                Style::Async => format!("Async{client}Client"),
            },
            config,
            title: title.to_owned(),
            imports: builder.imports.print(0),
            checked_imports: checked.print(4),
            greeting,
            families,
        }
    }
}

impl<'a> Builder<'a> {
    fn greeting(&mut self) -> Option<Greeting> {
        let handshake = self.catalog.protocol.handshake.as_ref()?;
        let request = self.request(&handshake.request)?;
        self.imports.add(".methods", constant(request));
        let result = union(self.catalog.annotation(&request.result, Position::Model, &mut self.checked)).flat();
        Some(Greeting { constant: constant(request), result })
    }

    fn request(&self, wire: &str) -> Option<&'a Request> {
        self.catalog.protocol.requests_from(Peer::Client).find(|request| request.wire == wire)
    }

    fn families(&mut self, problems: &mut Vec<Diagnostic>) -> Vec<Family> {
        let mut scope = Scope::new("the client");
        let mut families: BTreeMap<String, Vec<Method>> = BTreeMap::new();
        let handshake = self.catalog.protocol.handshake.as_ref().map(|handshake| handshake.request.as_str());
        let correlations = &self.catalog.protocol.correlations;
        for request in self.catalog.protocol.requests_from(Peer::Client) {
            if handshake == Some(request.wire.as_str()) {
                continue;
            }
            self.imports.add(".methods", constant(request));
            let call = self.call(request, problems);
            let methods = families.entry(request.domain.to_string()).or_default();
            problems.extend(scope.take(&call.name, &request.meta));
            methods.push(self.plain(&call));
            for correlation in correlations.iter().filter(|correlation| correlation.opens == request.wire) {
                problems.extend(scope.take(&format!("{}_stream", call.name), &request.meta));
                methods.push(self.stream(&call, correlation));
                methods.extend(self.wait(correlation));
            }
        }
        families.into_iter().map(|(name, methods)| Family { name, methods }).collect()
    }

    fn call(&mut self, request: &'a Request, problems: &mut Vec<Diagnostic>) -> Call<'a> {
        let name = identifier(&request.name, Kind::Method);
        let timeout = Doc::text("timeout: float | Omit | None = omit");
        let mut parameters = vec![Doc::text("self")];
        let mut args = Vec::new();
        let mut whole = false;
        let structure = request.params.ty().and_then(|ty| self.catalog.protocol.types.as_struct(ty));
        let given = match (&request.params, structure) {
            (Params::None, _) => {
                parameters.push(Doc::text("*"));
                Doc::text("None")
            }
            (Params::Required(_) | Params::Optional(_), Some((id, _))) => {
                parameters.push(Doc::text("*"));
                self.keywords(id, &name, &mut parameters, &mut args, problems)
            }
            (Params::Required(ty) | Params::Optional(ty), None) => {
                let optional = matches!(request.params, Params::Optional(_));
                parameters.push(self.parameter("params", ty, optional));
                parameters.push(Doc::text("*"));
                whole = true;
                Doc::text("params")
            }
        };
        parameters.push(timeout);
        let result = union(self.catalog.annotation(&request.result, Position::Model, &mut self.checked)).flat();
        Call { request, name, parameters, given, whole, result, args }
    }

    /// The fields of a params type as keyword parameters; gives the mapping that hands them on.
    fn keywords(
        &mut self,
        id: TypeId,
        method: &str,
        parameters: &mut Vec<Doc>,
        args: &mut Vec<String>,
        problems: &mut Vec<Diagnostic>,
    ) -> Doc {
        let (required, optional): (Vec<&Field>, Vec<&Field>) =
            self.catalog.fields(id).into_iter().partition(|field| field.presence == Presence::Required);
        let mut scope = Scope::new(format!("the parameters of `{method}`"));
        let mut entries = Vec::new();
        for field in required.into_iter().chain(optional) {
            let name = parameter(&field.name);
            problems.extend(scope.take(&name, &field.meta));
            parameters.push(self.parameter(&name, &field.ty, field.presence != Presence::Required));
            args.extend(explained(&name, field));
            let key = string(&identifier(&field.name, Kind::Field));
            entries.extend([Doc::HardLine, Doc::text(format!("{key}: {name},"))]);
        }
        if entries.is_empty() {
            return Doc::text("{}");
        }
        Doc::Concat(vec![Doc::text("{"), Doc::indent(entries), Doc::HardLine, Doc::text("}")])
    }

    fn parameter(&mut self, name: &str, ty: &Type, optional: bool) -> Doc {
        let mut parts = self.catalog.annotation(ty, Position::Argument, &mut self.checked);
        let none = Doc::text("None");
        let nullable = self.catalog.accepts_null(ty) && !parts.contains(&Doc::text(ANY.name));
        parts.retain(|part| *part != none);
        if optional {
            parts.push(Doc::text("Omit"));
        }
        // Linters want it last.
        if nullable {
            parts.push(none);
        }
        let default = if optional { " = omit" } else { "" };
        Doc::Concat(vec![Doc::text(format!("{name}: ")), union(parts), Doc::text(default)])
    }

    fn plain(&self, call: &Call<'_>) -> Method {
        let fallback = format!("Calls `{}`.", call.request.wire);
        let doc = Docstring::of(&call.request.meta, Some(&fallback));
        let function = if call.whole { "_call_with" } else { "_call" };
        self.method(call, &call.name, &call.result, doc, function)
    }

    fn stream(&self, call: &Call<'_>, correlation: &Correlation) -> Method {
        let mut doc = Docstring::default();
        doc.paragraph(&format!("Like `{}`, and follows the {} to its end.", call.name, correlation.name));
        let (_, _, work) = self.style.runtime();
        let result = format!("{work}[ServerNotification, {}]", call.result);
        let function = if call.whole { "_open_work_with" } else { "_open_work" };
        self.method(call, &format!("{}_stream", call.name), &result, doc, function)
    }

    fn method(&self, call: &Call<'_>, name: &str, result: &str, mut doc: Docstring, function: &str) -> Method {
        match call.request.meta.stability {
            Stability::Stable => {}
            Stability::Experimental => doc.paragraph("Experimental: needs `experimental_api=True`."),
        }
        doc.section("Args:", call.args.clone());
        doc.paragraph(&format!("Wire method: `{}`.", call.request.wire));
        let head = signature(&format!("{}{name}", self.style.define()), call.parameters.clone(), result);
        Method {
            signature: lay_out(&head, 4),
            doc: doc.print(8).unwrap_or_default(),
            body: self.handing_on(function, vec![Doc::text(constant(call.request)), call.given.clone()]),
        }
    }

    /// `return self._call(..., timeout)`.
    fn handing_on(&self, function: &str, mut arguments: Vec<Doc>) -> String {
        arguments.push(Doc::text("timeout"));
        let start = Doc::text(format!("return {}", self.style.wait()));
        lay_out(&Doc::Concat(vec![start, call(&format!("self.{function}"), arguments)]), 8)
    }

    /// The method that waits for the end of work that was opened elsewhere.
    fn wait(&mut self, correlation: &Correlation) -> Option<Method> {
        let mut closing = self.catalog.protocol.notifications_from(Peer::Server);
        let class = notifications::class(closing.find(|notification| notification.wire == correlation.closes)?);
        self.imports.add(".notifications", &class);
        let work = correlation.name.snake();
        let parameters = vec![
            Doc::text("self"),
            Doc::text(format!("{work}_id: str")),
            Doc::text("*"),
            Doc::text("timeout: float | None = None"),
        ];
        let head = signature(&format!("{}wait_for_{work}_completed", self.style.define()), parameters, &class);
        let mut doc = Docstring::default();
        doc.paragraph(&format!("Waits until a {} has ended, also when it already has.", correlation.name));
        doc.paragraph("There is no deadline unless one is given.");
        Some(Method {
            signature: lay_out(&head, 4),
            doc: doc.print(8).unwrap_or_default(),
            body: self.handing_on("_wait_for_end", vec![Doc::text(&class), Doc::text(format!("{work}_id"))]),
        })
    }
}

/// An entry of the section on arguments, for a field that there is something to say about.
fn explained(name: &str, field: &Field) -> Option<String> {
    let mut sentences = field.meta.doc.paragraphs.clone();
    if field.presence == Presence::ThreeState {
        sentences.push("Leaving it out is not the same as `None`.".to_owned());
    }
    sentences.extend(field.meta.deprecated.iter().map(|reason| format!("Deprecated: {reason}")));
    match field.meta.stability {
        Stability::Stable => {}
        Stability::Experimental => sentences.push("Experimental.".to_owned()),
    }
    (!sentences.is_empty()).then(|| format!("{name}: {}", sentences.join(" ")))
}
