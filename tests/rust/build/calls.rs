//! Writes the way from a wire method to the generated client's own method, one line a method.
//!
//! Names are the words of the model in Rust's casing. Where the generator escapes one, the line doesn't compile, and
//! the escape is to be added here.

use std::fmt::Write;

use rpcsmith::ir::{Correlation, Params, Peer, Protocol, Request};

/// The functions that `src/calls.rs` includes, which also has what they call.
pub fn source(protocol: &Protocol) -> String {
    let client = || protocol.requests_from(Peer::Client);
    let opened = |correlation: &Correlation| client().find(|request| request.wire == correlation.opens);
    let correlations = &protocol.correlations;
    let calls = client().map(|request| call(request, "", "call"));
    let opens = correlations.iter().filter_map(opened).map(|request| call(request, "_stream", "open"));
    let ends = correlations.iter().map(end);
    let handlers = protocol.requests_from(Peer::Server).map(handler);
    let methods = client().map(|request| format!("    {:?},\n", request.wire));
    [
        format!(
            "/// The wire names of all calls.\npub const METHODS: &[&str] = &[\n{}];\n",
            methods.collect::<String>()
        ),
        function(
            "The typed call of this wire name; `None` if there is none.",
            "call<'a>(client: &'a AppServerClient, method: &str, params: Option<Value>, terms: &Terms) \
             -> Option<Answer<'a>>",
            calls,
        ),
        function(
            "The typed call of this wire name that opens work and follows it; `None` if there is none.",
            "open<'a>(client: &'a AppServerClient, method: &str, params: Option<Value>, terms: &Terms) \
             -> Option<Opening<'a>>",
            opens,
        ),
        function(
            "What the package calls the work that a call of this wire name opens; `None` if it opens none.",
            "work(method: &str) -> Option<&'static str>",
            correlations.iter().map(work),
        ),
        function(
            "Waits for the end of the work that a notification of this wire name ends; `None` if none does.",
            "wait_end<'a>(client: &'a AppServerClient, method: &str, id: &'a str) -> Option<Answer<'a>>",
            ends,
        ),
        function(
            "Sets the typed handler of this wire name; `None` if there is none.",
            "set_handler(handlers: ServerRequestHandlers, method: &str, handler: PlainHandler) \
             -> Option<ServerRequestHandlers>",
            handlers,
        ),
    ]
    .join("\n")
}

/// A function that chooses by `method`.
fn function(about: &str, signature: &str, arms: impl Iterator<Item = String>) -> String {
    let arms: String = arms.collect();
    let flat = "#[allow(clippy::too_many_lines, reason = \"a flat match, one line a method\")]";
    let body = format!("    Some(match method {{\n{arms}        _ => return None,\n    }})\n");
    format!("/// {about}\n{flat}\npub fn {signature} {{\n{body}}}\n")
}

/// The arm that makes a call through the client's own method, whose name ends with `ending`, and passes it to one of
/// the functions that begin with `how`.
fn call(request: &Request, ending: &str, how: &str) -> String {
    let mut arm = format!("        {:?} => ", request.wire);
    let (marker, method) = (request.name.pascal(), format!("{}{ending}", request.name.snake()));
    let written = match request.params {
        Params::None => write!(arm, "{how}_bare(client.{method}(), params, terms)"),
        Params::Optional(_) => write!(arm, "{how}_optional(client.{method}(), params, terms)"),
        Params::Required(_) => write!(arm, "{how}_with::<methods::{marker}>(|it| client.{method}(it), params, terms)"),
    };
    written.expect("a string takes any text");
    arm + ",\n"
}

fn work(correlation: &Correlation) -> String {
    format!("        {:?} => {:?},\n", correlation.opens, correlation.name.to_string())
}

fn end(correlation: &Correlation) -> String {
    let name = correlation.name.snake();
    format!("        {:?} => Box::pin(encoded(client.wait_for_{name}_completed(id))),\n", correlation.closes)
}

fn handler(request: &Request) -> String {
    let name = request.name.snake();
    format!("        {:?} => handlers.{name}(typed(handler)),\n", request.wire)
}
