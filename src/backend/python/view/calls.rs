//! What the clients can do, whether they block or are awaited: the methods, their parameters and their docs.

use std::collections::{BTreeMap, BTreeSet};

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::Catalog;
use crate::backend::python::code::{string, union};
use crate::backend::python::docstring::Docstring;
use crate::backend::python::names::{Kind, LANGUAGE, identifier, parameter};
use crate::backend::python::types::{ANY, Position, Uses};
use crate::backend::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::ir::{Correlation, Field, Params, Peer, Presence, Request, Stability, Type, TypeId};

use super::methods::constant;
use super::notifications;

/// All methods of the clients.
pub struct Calls {
    /// The methods, by family.
    pub families: BTreeMap<String, Vec<Operation>>,
    /// The handshake, where there is one.
    pub greeting: Option<Greeting>,
    /// The names that annotations speak of.
    pub uses: Uses,
    /// The constants of requests that are needed.
    pub constants: BTreeSet<String>,
    /// The classes of notifications that are needed.
    pub notifications: BTreeSet<String>,
    /// Whether some request opens work.
    pub opens_work: bool,
}

/// The handshake.
#[derive(Clone)]
pub struct Greeting {
    /// The constant of its request.
    pub constant: String,
    /// The type of its result.
    pub result: String,
}

/// A method.
pub struct Operation {
    /// Its name.
    pub name: String,
    /// Its parameters, `self` first.
    pub parameters: Vec<Doc>,
    /// What it gives.
    pub outcome: Outcome,
    /// Its docstring.
    pub doc: String,
    /// The function of the runtime that does the work.
    pub function: &'static str,
    /// What that function is given.
    pub arguments: Vec<Doc>,
}

/// What a method gives.
pub enum Outcome {
    /// A value of this type.
    Value(String),
    /// Open work whose opening request has a result of this type.
    Work(String),
}

/// What a request's methods take, worked out once for all of them.
struct Call<'a> {
    request: &'a Request,
    name: String,
    parameters: Vec<Doc>,
    /// What is handed on.
    given: Doc,
    /// Whether that is the params as a whole.
    whole: bool,
    result: String,
    args: Vec<String>,
}

impl Calls {
    /// The methods for all requests of the client; tells of names that clash.
    pub fn new(catalog: &Catalog<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut builder = Builder { catalog, uses: Uses::default(), problems };
        let mut calls = Self {
            families: BTreeMap::new(),
            greeting: builder.greeting(),
            uses: Uses::default(),
            constants: BTreeSet::new(),
            notifications: BTreeSet::new(),
            opens_work: !catalog.protocol.correlations.is_empty(),
        };
        calls.constants.extend(calls.greeting.as_ref().map(|greeting| greeting.constant.clone()));
        let mut scope = Scope::new(LANGUAGE, "the client");
        for request in catalog.protocol.requests_from(Peer::Client) {
            let call = builder.call(request);
            let mut operations = vec![call.plain(catalog)];
            for correlation in catalog.protocol.correlations.iter().filter(|work| work.opens == request.wire) {
                operations.push(call.stream(correlation));
                if let Some((class, operation)) = wait(catalog, correlation) {
                    calls.notifications.insert(class);
                    operations.push(operation);
                }
            }
            builder
                .problems
                .extend(operations.iter().filter_map(|operation| scope.take(&operation.name, &request.meta)));
            calls.constants.insert(constant(request));
            calls.families.entry(request.domain.to_string()).or_default().extend(operations);
        }
        calls.uses = builder.uses;
        calls
    }
}

struct Builder<'a, 'p> {
    catalog: &'a Catalog<'a>,
    uses: Uses,
    problems: &'p mut Vec<Diagnostic>,
}

impl<'a> Builder<'a, '_> {
    fn greeting(&mut self) -> Option<Greeting> {
        let handshake = self.catalog.protocol.handshake.as_ref()?;
        let mut requests = self.catalog.protocol.requests_from(Peer::Client);
        let request = requests.find(|request| request.wire == handshake.request)?;
        Some(Greeting { constant: constant(request), result: self.result(request) })
    }

    fn result(&mut self, request: &Request) -> String {
        union(self.catalog.annotation(&request.result, Position::Model, &mut self.uses)).flat()
    }

    fn call(&mut self, request: &'a Request) -> Call<'a> {
        let name = identifier(&request.name, Kind::Method);
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
                self.keywords(id, &name, &mut parameters, &mut args)
            }
            (Params::Required(ty) | Params::Optional(ty), None) => {
                let optional = matches!(request.params, Params::Optional(_));
                parameters.extend([self.parameter("params", ty, optional), Doc::text("*")]);
                whole = true;
                Doc::text("params")
            }
        };
        parameters.push(Doc::text("timeout: float | Omit | None = omit"));
        Call { request, name, parameters, given, whole, result: self.result(request), args }
    }

    /// The fields of a params type as keyword parameters; gives the mapping that hands them on.
    fn keywords(&mut self, id: TypeId, method: &str, parameters: &mut Vec<Doc>, args: &mut Vec<String>) -> Doc {
        let (required, optional): (Vec<&Field>, Vec<&Field>) =
            self.catalog.fields(id).into_iter().partition(|field| field.presence == Presence::Required);
        let mut scope = Scope::new(LANGUAGE, format!("the parameters of `{method}`"));
        let mut entries = Vec::new();
        for field in required.into_iter().chain(optional) {
            let name = parameter(&field.name);
            self.problems.extend(scope.take(&name, &field.meta));
            parameters.push(self.parameter(&name, &field.ty, field.presence != Presence::Required));
            args.extend(explained(self.catalog, &name, field));
            let key = string(&identifier(&field.name, Kind::Field));
            entries.extend([Doc::HardLine, Doc::text(format!("{key}: {name},"))]);
        }
        if entries.is_empty() {
            return Doc::text("{}");
        }
        Doc::Concat(vec![Doc::text("{"), Doc::indent(entries), Doc::HardLine, Doc::text("}")])
    }

    fn parameter(&mut self, name: &str, ty: &Type, optional: bool) -> Doc {
        argument(self.catalog, name, ty, optional, &mut self.uses)
    }
}

/// A parameter for a value of type `ty`, which may be left out if it is `optional`.
pub fn argument(catalog: &Catalog<'_>, name: &str, ty: &Type, optional: bool, uses: &mut Uses) -> Doc {
    let mut parts = catalog.annotation(ty, Position::Argument, uses);
    let none = Doc::text("None");
    let nullable = catalog.accepts_null(ty) && !parts.contains(&Doc::text(ANY.name));
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

impl Call<'_> {
    fn plain(&self, catalog: &Catalog<'_>) -> Operation {
        let fallback = format!("Calls `{}`.", self.request.wire);
        let doc = catalog.docstring(&self.request.meta, Some(&fallback));
        let function = if self.whole { "_call_with" } else { "_call" };
        self.operation(self.name.clone(), Outcome::Value(self.result.clone()), doc, function)
    }

    fn stream(&self, correlation: &Correlation) -> Operation {
        let mut doc = Docstring::default();
        doc.paragraph(&format!("Like `{}`, and follows the {} to its end.", self.name, correlation.name));
        let function = if self.whole { "_open_work_with" } else { "_open_work" };
        self.operation(format!("{}_stream", self.name), Outcome::Work(self.result.clone()), doc, function)
    }

    fn operation(&self, name: String, outcome: Outcome, mut doc: Docstring, function: &'static str) -> Operation {
        match self.request.meta.stability {
            Stability::Stable => {}
            Stability::Experimental => doc.paragraph("Experimental: needs `experimental_api=True`."),
        }
        doc.section("Args:", self.args.clone());
        doc.paragraph(&format!("Wire method: `{}`.", self.request.wire));
        Operation {
            name,
            parameters: self.parameters.clone(),
            outcome,
            doc: doc.print(8).unwrap_or_default(),
            function,
            arguments: vec![Doc::text(constant(self.request)), self.given.clone()],
        }
    }
}

/// What the method is called that waits for the end of work which was opened elsewhere.
pub fn wait_name(correlation: &Correlation) -> String {
    format!("wait_for_{}_completed", correlation.name.snake())
}

/// The method that waits for the end of work that was opened elsewhere, and the class of what it waits for.
fn wait(catalog: &Catalog<'_>, correlation: &Correlation) -> Option<(String, Operation)> {
    let mut closing = catalog.protocol.notifications_from(Peer::Server);
    let class = notifications::class(closing.find(|notification| notification.wire == correlation.closes)?);
    let work = correlation.name.snake();
    let mut doc = Docstring::default();
    doc.paragraph(&format!(
        "Waits until a {} has ended, also when it already has and is among the last 128 that did.",
        correlation.name
    ));
    doc.section(
        "Args:",
        vec![
            format!("{work}_id: The {}'s id.", correlation.name),
            "timeout: Seconds to wait at most. There is no deadline unless one is given.".to_owned(),
        ],
    );
    let operation = Operation {
        name: wait_name(correlation),
        parameters: vec![
            Doc::text("self"),
            Doc::text(format!("{work}_id: str")),
            Doc::text("*"),
            Doc::text("timeout: float | None = None"),
        ],
        outcome: Outcome::Value(class.clone()),
        doc: doc.print(8).unwrap_or_default(),
        function: "_wait_for_end",
        arguments: vec![Doc::text(class.clone()), Doc::text(format!("{work}_id"))],
    };
    Some((class, operation))
}

/// An entry of the section on arguments, for a field that there is something to say about.
pub fn explained(catalog: &Catalog<'_>, name: &str, field: &Field) -> Option<String> {
    let mut sentences: Vec<String> = field.meta.doc.paragraphs.iter().map(|text| catalog.translate(text)).collect();
    if field.presence == Presence::ThreeState {
        sentences.push("Leaving it out is not the same as `None`.".to_owned());
    }
    let deprecated = field.meta.deprecated.as_ref();
    sentences.extend(deprecated.map(|reason| format!("Deprecated: {}", catalog.translate(reason))));
    match field.meta.stability {
        Stability::Stable => {}
        Stability::Experimental => sentences.push("Experimental.".to_owned()),
    }
    (!sentences.is_empty()).then(|| format!("{name}: {}", sentences.join(" ")))
}
