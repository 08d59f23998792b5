//! Requests, notifications, and the work they belong to.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{Meta, Name, Type};

/// One of the two ends of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Peer {
    /// The program that uses the SDK.
    Client,
    /// The program that the SDK talks to.
    Server,
}

/// A call that gets an answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Request {
    /// The method's name on the wire, e.g. `thread/start`.
    pub wire: String,
    /// The same as words.
    pub name: Name,
    /// Who calls.
    pub sender: Peer,
    /// What the call takes.
    pub params: Params,
    /// What the answer holds.
    pub result: Type,
    /// The family of methods it belongs to, which is also the module its types live in.
    pub domain: Name,
    /// The answer that refuses, for a request that asks for approval: given when nobody else answers.
    pub refusal: Option<Value>,
    /// Docs, origin, stability.
    pub meta: Meta,
}

/// A message that gets no answer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Notification {
    /// The method's name on the wire, e.g. `turn/completed`.
    pub wire: String,
    /// The same as words.
    pub name: Name,
    /// Who sends it.
    pub sender: Peer,
    /// What it carries.
    pub params: Params,
    /// The family of methods it belongs to.
    pub domain: Name,
    /// Docs, origin, stability.
    pub meta: Meta,
}

/// What a message takes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Params {
    /// Nothing.
    None,
    /// This, or nothing.
    Optional(Type),
    /// This.
    Required(Type),
}

impl Params {
    /// The params' type, if the message can take any.
    pub fn ty(&self) -> Option<&Type> {
        match self {
            Self::None => None,
            Self::Optional(ty) | Self::Required(ty) => Some(ty),
        }
    }
}

/// Work that a request opens and that notifications then report on until one of them ends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Correlation {
    /// What the work is called, e.g. `turn`.
    pub name: Name,
    /// Wire name of the request that opens it.
    pub opens: String,
    /// Where the opening request's result carries the work's id.
    pub result_key: Key,
    /// A member that the opening request's params and the notifications have in common (a turn's `threadId`), by
    /// which events can be held back until the id is known.
    pub scope: Option<String>,
    /// Where each notification that belongs to such work carries the id: wire name and place.
    pub carriers: Vec<(String, Key)>,
    /// Wire name of the notification that ends it.
    pub closes: String,
}

/// A place inside a message's payload: the wire names to follow from its top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Key {
    /// The wire names, outermost first.
    pub path: Vec<String>,
}
