//! What the runtime has to be told about a protocol. Plain data; the generated part of the package fills it in, once.

use serde_json::Value;

use super::request::Request;
use super::wire::{Decoding, Problem, Wire};

/// All of it.
#[derive(Debug)]
pub(crate) struct Facts {
    /// The library's name, which is also what the client calls itself.
    pub(crate) package: &'static str,
    pub(crate) client_version: &'static str,
    /// The version of the server that the schema came from.
    pub(crate) server_version: &'static str,
    pub(crate) launch: Launch,
    pub(crate) handshake: Handshake,
    pub(crate) overload: Overload,
    /// Wire names of the requests that need an opt-in.
    pub(crate) experimental_methods: &'static [&'static str],
    /// Old wire names of requests, and what they are called today.
    pub(crate) request_aliases: &'static [(&'static str, &'static str)],
    /// The member beside a notification's params that says when it was sent.
    pub(crate) sent_at: Option<&'static str>,
    /// What the server may ask.
    pub(crate) server_requests: &'static [Asked],
    pub(crate) correlations: &'static [&'static Correlation],
    /// Wire names of members whose values must never reach a log.
    pub(crate) secrets: &'static [&'static str],
}

/// How the server's process is found and started.
#[derive(Debug)]
pub(crate) struct Launch {
    /// The server as people call it.
    pub(crate) title: &'static str,
    /// What to look for on the search path.
    pub(crate) command: &'static str,
    /// The environment variable that names the binary.
    pub(crate) variable: &'static str,
    /// What makes the binary serve this protocol.
    pub(crate) arguments: &'static [&'static str],
    /// The option that comes before each config override.
    pub(crate) override_option: Option<&'static str>,
    /// The command that installs the server; empty if there is none.
    pub(crate) install: &'static str,
}

/// The messages that start a connection; all of it is empty where there are none.
#[derive(Debug)]
pub(crate) struct Handshake {
    /// Wire name of the first request.
    pub(crate) request: &'static str,
    /// Wire name of the notification that follows the first answer.
    pub(crate) notification: &'static str,
    /// Where the first request's params say who the client is.
    pub(crate) client_info: &'static [&'static str],
    /// Where the first request's params opt in to what is experimental; empty if nowhere.
    pub(crate) experimental: &'static [&'static str],
    /// Where the first answer tells the server's version.
    pub(crate) version: Option<VersionPlace>,
}

/// Where the answer to the first call tells the server's version: in a text, of which the part up to the first `before`
/// counts, and of that the part behind the last `after`.
#[derive(Debug)]
pub(crate) struct VersionPlace {
    /// Where in the answer the text is.
    pub(crate) path: &'static [&'static str],
    /// What stands before the version.
    pub(crate) after: Option<&'static str>,
    /// What stands behind it.
    pub(crate) before: Option<&'static str>,
}

/// How the server says that it has too much to do.
#[derive(Debug)]
pub(crate) struct Overload {
    /// Error codes that always mean it.
    pub(crate) codes: &'static [i64],
    /// What error data say then. Case, hyphens and underscores don't matter.
    pub(crate) words: &'static [&'static str],
}

/// Work that a request opens and that notifications report on until one of them ends it.
#[derive(Debug)]
pub(crate) struct Correlation {
    /// What the work is called.
    pub(crate) name: &'static str,
    /// Where the opening request's result carries the work's id.
    pub(crate) result_key: &'static [&'static str],
    /// A member that the opening params and the notifications have in common.
    pub(crate) scope: Option<&'static str>,
    /// Where each notification that belongs to such work carries its id.
    pub(crate) carriers: &'static [(&'static str, &'static [&'static str])],
    /// Wire name of the notification that ends it.
    pub(crate) closes: &'static str,
}

/// A request that the server may make.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    /// The answer that refuses, as JSON, if the request asks for approval.
    pub(crate) refusal: Option<&'static str>,
    /// Reads the params, to see whether they can be read.
    pub(crate) check: fn(Value, &mut Decoding) -> Result<(), Problem>,
}

impl Asked {
    /// A request that is answered with an error if there is no handler.
    pub(crate) const fn new<R: Request>() -> Self {
        Self { method: R::METHOD, refusal: None, check: check::<R> }
    }

    /// A request for approval, with the answer that refuses.
    pub(crate) const fn refused<R: Request>(refusal: &'static str) -> Self {
        Self { method: R::METHOD, refusal: Some(refusal), check: check::<R> }
    }
}

fn check<R: Request>(params: Value, cx: &mut Decoding) -> Result<(), Problem> {
    R::Params::decode(params, cx).map(|_| ())
}

/// What is found in `value` by following wire names.
pub(crate) fn look_up<'a>(value: &'a Value, place: &[&str]) -> Option<&'a Value> {
    place.iter().try_fold(value, |value, key| value.get(key))
}
