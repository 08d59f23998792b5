//! `client.ts`: one method for each request, and more for those that open work.

use std::collections::{BTreeMap, BTreeSet};

use crate::backend::pretty::Doc;
use crate::backend::scope::Scope;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{call, generic, lay_out, signature, string, typed};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::names::{Kind, LANGUAGE, identifier};
use crate::backend::typescript::types::Uses;
use crate::diagnostic::Diagnostic;
use crate::ir::{Correlation, Launch, Name, Params, Peer, Presence, Request, Stability};

use super::above;
use super::methods::{params_type, result_type};

/// What can be said about a call.
const PLAIN_OPTIONS: &str = "CallOptions";
/// The same where the params are among it.
const OPTIONAL_PARAMS: &str = "OptionalParams";

/// `client.ts`.
pub struct ClientView {
    /// The first part of the names of its classes.
    pub client: String,
    /// The server as people call it.
    pub title: String,
    /// The type of what the server says of itself, where there is a handshake.
    pub greeting: Option<String>,
    /// Whether a part of it is made by hand.
    pub parts: bool,
    /// The constructor up to its brace.
    pub constructor: String,
    /// The function that starts a client, up to its brace.
    pub start: String,
    /// The statement that makes the connection.
    pub link: String,
    /// Whether the types of the protocol are spoken of.
    pub types: bool,
    /// The runtime's types of what can be said about a call, as an import statement names them.
    pub options: String,
    /// Whether some methods open work.
    pub work: bool,
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
    /// The comment above it.
    pub doc: String,
    /// What stands before its statements.
    pub head: String,
    /// What it does.
    pub body: String,
}

/// What a request's method takes and gives, worked out once for all methods that take the same.
struct Call<'a> {
    request: &'a Request,
    name: String,
    parameters: Vec<Doc>,
    /// The runtime's type of what can be said about the call.
    options: &'static str,
    /// What it hands on.
    arguments: Vec<Doc>,
    result: Vec<Doc>,
}

impl ClientView {
    /// The client; tells of names that clash.
    pub fn new(catalog: &Catalog<'_>, launch: &Launch, bin: &str, problems: &mut Vec<Diagnostic>) -> Self {
        let protocol = catalog.protocol;
        let handshake = protocol.handshake.as_ref().map(|handshake| handshake.request.as_str());
        let mut scope = Scope::new(LANGUAGE, "the client");
        let mut families: BTreeMap<String, Vec<Method>> = BTreeMap::new();
        let mut greeting = None;
        let mut uses = Uses::default();
        let mut options: BTreeSet<&str> = BTreeSet::new();
        let mut work = false;
        for request in protocol.requests_from(Peer::Client) {
            if handshake == Some(request.wire.as_str()) {
                greeting = Some(lay_out(&Doc::Concat(result_type(catalog, request, &mut uses)), 0));
            }
            let call = Call::new(catalog, request, &mut uses);
            options.insert(call.options);
            let methods = families.entry(request.domain.camel()).or_default();
            problems.extend(scope.take(&call.name, &request.meta));
            methods.push(call.plain());
            for correlation in protocol.correlations.iter().filter(|correlation| correlation.opens == request.wire) {
                work = true;
                options.insert(PLAIN_OPTIONS);
                problems.extend(scope.take(&call.stream_name(), &request.meta));
                methods.push(call.stream(correlation));
                let wait = wait_name(correlation);
                problems.extend(scope.take(&wait, &request.meta));
                methods.push(waiting(&wait, correlation));
            }
        }
        let client = launch.client.pascal();
        Self {
            title: launch.title.clone(),
            parts: protocol.facade.as_ref().is_some_and(|facade| facade.extends_client),
            constructor: constructor(greeting.as_deref()),
            start: start(&client),
            link: link(bin, greeting.as_deref()),
            types: !uses.types.is_empty(),
            options: options.into_iter().collect::<Vec<_>>().join(", "),
            work,
            client,
            greeting,
            families: families.into_iter().map(|(name, methods)| Family { name, methods }).collect(),
        }
    }
}

fn constructor(greeting: Option<&str>) -> String {
    let parameters = ["link: Link", "handlers: ServerRequestHandlers"].into_iter().map(Doc::text);
    let greeting = greeting.map(|result| Doc::text(format!("serverInfo: {result}")));
    head(signature("private constructor", parameters.chain(greeting).collect(), None))
}

fn start(client: &str) -> String {
    let config = Doc::text(format!("config: {client}Config = {{}}"));
    let result = Doc::text(format!("Promise<{client}Client>"));
    head(signature("static async start", vec![config], Some(result)))
}

fn link(bin: &str, greeting: Option<&str>) -> String {
    let function = format!("new Link<{}>", greeting.unwrap_or("undefined"));
    let binary = Doc::text(format!("config.{bin}"));
    let arguments = vec![Doc::text("PROTOCOL"), Doc::text("config"), binary, Doc::text("handlers")];
    let statement = vec![Doc::text("const link = "), call(&function, arguments), Doc::text(";")];
    lay_out(&Doc::Concat(statement), 4)
}

impl<'a> Call<'a> {
    fn new(catalog: &Catalog<'_>, request: &'a Request, uses: &mut Uses) -> Self {
        let mut parameters = Vec::new();
        let mut options = PLAIN_OPTIONS;
        let mut option_types = vec![Doc::text(PLAIN_OPTIONS)];
        let given = match &request.params {
            Params::None => "undefined",
            Params::Required(_) => {
                let default = if can_be_empty(catalog, &request.params) { " = {}" } else { "" };
                let types = params_type(catalog, &request.params, uses);
                parameters.push(Doc::Concat(vec![typed("params:", types), Doc::text(default)]));
                "params"
            }
            Params::Optional(ty) => {
                options = OPTIONAL_PARAMS;
                let types = params_type(catalog, &Params::Required(ty.clone()), uses);
                option_types = vec![generic(OPTIONAL_PARAMS, vec![types])];
                "options?.params"
            }
        };
        parameters.push(typed("options?:", option_types));
        Self {
            request,
            name: identifier(&request.name, Kind::Method),
            parameters,
            options,
            arguments: vec![Doc::text(string(&request.wire)), Doc::text(given), Doc::text("options")],
            result: result_type(catalog, request, uses),
        }
    }

    fn plain(&self) -> Method {
        let comment = Comment::of(&self.request.meta, Some(&format!("Calls `{}`.", self.request.wire)));
        self.method(&self.name, generic("Promise", vec![self.result.clone()]), comment, "call")
    }

    fn stream_name(&self) -> String {
        stream_name(&self.name)
    }

    fn stream(&self, correlation: &Correlation) -> Method {
        let mut comment = Comment::default();
        comment.paragraph(&format!("Like `{}`, and follows the {} to its end.", self.name, correlation.name));
        let notification = vec![Doc::text("ServerNotification")];
        let work = generic("Work", vec![notification, self.result.clone()]);
        self.method(&self.stream_name(), generic("Promise", vec![vec![work]]), comment, "callWork")
    }

    fn method(&self, name: &str, result: Doc, mut comment: Comment, function: &str) -> Method {
        match self.request.meta.stability {
            Stability::Stable => {}
            Stability::Experimental => comment.paragraph("Experimental: needs `experimentalApi`."),
        }
        comment.paragraph(&format!("Wire method: `{}`.", self.request.wire));
        Method {
            doc: above(&comment, 2),
            head: head(signature(name, self.parameters.clone(), Some(result))),
            body: handing_on(function, self.arguments.clone()),
        }
    }
}

fn handing_on(function: &str, arguments: Vec<Doc>) -> String {
    let call = call(&format!("this.{function}"), arguments);
    lay_out(&Doc::Concat(vec![Doc::text("return "), call, Doc::text(";")]), 4)
}

/// Whether an object without members is valid for the params.
fn can_be_empty(catalog: &Catalog<'_>, params: &Params) -> bool {
    let structure = params.ty().and_then(|ty| catalog.protocol.types.as_struct(ty));
    structure.is_some_and(|(id, _)| catalog.fields(id).iter().all(|field| field.presence != Presence::Required))
}

/// What the method is called that follows the work which `method` opens.
pub fn stream_name(method: &str) -> String {
    format!("{method}Stream")
}

/// What the method is called that waits for the end of work which was opened elsewhere.
pub fn wait_name(correlation: &Correlation) -> String {
    let capitalized = Name {
        words: [vec!["wait".into(), "For".into()], correlation.name.words.clone(), vec!["completed".into()]].concat(),
    };
    capitalized.camel()
}

/// The method that waits for the end of work that was opened elsewhere.
fn waiting(name: &str, correlation: &Correlation) -> Method {
    let mut comment = Comment::default();
    let work = &correlation.name;
    comment.paragraph(&format!(
        "Waits until a {work} has ended, also when it already has and is among the last 128 that did. There is no \
         deadline unless one is given."
    ));
    let id = format!("{}Id", work.camel());
    comment.tag(&format!("@param {id}"), &format!("The {work}'s id."));
    let parameters = vec![Doc::text(format!("{id}: string")), Doc::text(format!("options?: {PLAIN_OPTIONS}"))];
    let closing = Doc::text(string(&correlation.closes));
    let known = generic("Known", vec![vec![Doc::text("ServerNotifications")], vec![closing.clone()]]);
    let result = generic("Promise", vec![vec![known]]);
    Method {
        doc: above(&comment, 2),
        head: head(signature(name, parameters, Some(result))),
        body: handing_on("waitForEnd", vec![closing, Doc::text(id), Doc::text("options")]),
    }
}

/// A signature and the brace behind it.
fn head(signature: Doc) -> String {
    lay_out(&Doc::Concat(vec![signature, Doc::text(" {")]), 2)
}

#[cfg(test)]
mod tests {
    use crate::backend::typescript::fixture::{TEXT, field, file, meta, name, object, protocol, reference};
    use crate::ir::{Params, Peer, Presence, Request};

    fn request(wire: &str, params: Params) -> Request {
        let (name, domain) = (name(wire), name("thing"));
        let sender = Peer::Client;
        Request {
            wire: wire.into(),
            name,
            sender,
            params,
            result: reference(0),
            domain,
            refusal: None,
            meta: meta(wire),
        }
    }

    #[test]
    fn what_a_method_takes_follows_from_its_params() {
        let mut protocol = protocol(vec![
            ("Empty", object(Vec::new())),
            ("Full", object(vec![field("id", TEXT, Presence::Required)])),
        ]);
        protocol.requests = vec![
            request("a/none", Params::None),
            request("b/optional", Params::Optional(reference(1))),
            request("c/all", Params::Required(reference(1))),
            request("d/any", Params::Required(reference(0))),
        ];
        let text = file(&protocol, "src/client.ts");
        for line in [
            "  aNone(options?: CallOptions): Promise<types.Empty> {\n    return this.call(\"a/none\", undefined, options);",
            "  bOptional(options?: OptionalParams<types.Full>): Promise<types.Empty> {",
            "    return this.call(\"b/optional\", options?.params, options);",
            "  cAll(params: types.Full, options?: CallOptions): Promise<types.Empty> {",
            "  dAny(params: types.Empty = {}, options?: CallOptions): Promise<types.Empty> {",
            "import type { CallOptions, OptionalParams } from \"./runtime/options.js\";",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("Work"));
    }

    #[test]
    fn two_methods_of_one_name_are_a_problem() {
        let mut protocol = protocol(vec![("Empty", object(Vec::new()))]);
        protocol.requests = vec![request("a/b", Params::None), request("aB", Params::None)];
        let problems = crate::backend::typescript::render(&protocol).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].found.contains("`aB` in the client"), "{}", problems[0].found);
    }
}
