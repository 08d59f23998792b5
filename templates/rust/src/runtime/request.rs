//! What a request is, as a type.

use std::fmt::Debug;

use super::wire::Wire;

/// A request: its method, what it takes and what it gives.
///
/// The modules of the protocol have one type for each; whoever wants to call a method that they don't have can write
/// one.
///
/// ```
/// use codex_app_server::Request;
/// use serde_json::Value;
///
/// struct Ping;
///
/// impl Request for Ping {
///     type Params = ();
///     type Result = Value;
///
///     const METHOD: &'static str = "ping";
///     const EXPERIMENTAL: bool = false;
/// }
/// ```
pub trait Request: 'static {
    /// What the call takes: `()` for nothing, an [`Option`] where it may be left out.
    type Params: Wire + Debug + Send + Sync + 'static;
    /// What the answer holds.
    type Result: Wire + Send + 'static;

    /// The method's name on the wire.
    const METHOD: &'static str;
    /// Whether the server answers only clients that have opted in.
    const EXPERIMENTAL: bool;
}
