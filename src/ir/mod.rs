//! The model of a protocol: what every backend reads, and all that it may read.
//!
//! Plain data without methods of its own beyond look-ups; no JSON Schema, no profile and no target language in it.
//! Whatever could be decided about the protocol has been decided by the time a [`Protocol`] exists: there are
//! no unresolved references, every name is settled, and all lists stand in their canonical order.

mod facade;
mod meta;
mod method;
mod name;
mod package;
mod types;

pub use facade::{
    Collecting, Facade, Gives, Identity, Operation, Pages, Parameter, Preset, PresetValue, Resource, Shorthand,
    ShorthandItem, Source,
};
pub use meta::{Doc, Meta, Origin, Stability};
pub use method::{Correlation, Key, Notification, Params, Peer, Request};
pub use name::Name;
pub use package::{Handshake, Launch, Package, RuntimePackage, VersionPlace};
pub use types::{
    EnumValue, Field, Format, IntRange, Literal, Presence, StringEnum, Struct, Tagging, Type, TypeDef, TypeId,
    TypeKind, Types, Union, Usage, Variant,
};

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;

/// A whole protocol.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Protocol {
    /// The protocol's name, e.g. the words of `codex app server`.
    pub name: Name,
    /// The name as people write it, for prose.
    pub title: String,
    /// The version of the server that the schema came from.
    pub version: String,
    /// Every request of both directions, ordered by sender and wire name.
    pub requests: Vec<Request>,
    /// Every notification of both directions, ordered by sender and wire name.
    pub notifications: Vec<Notification>,
    /// Every named type, ordered by name.
    pub types: Types,
    /// The member beside a notification's params that says when it was sent, in milliseconds since 1970.
    pub sent_at: Option<String>,
    /// Old wire names and what they are called today.
    pub aliases: Aliases,
    /// Work that a request opens and that notifications then report on, such as a turn.
    pub correlations: Vec<Correlation>,
    /// How a connection starts.
    pub handshake: Option<Handshake>,
    /// How the server's process is found and started.
    pub launch: Option<Launch>,
    /// What the package of each language is called, by the language's name.
    pub packages: BTreeMap<String, Package>,
    /// Wire names of members whose values must never reach a log.
    pub secrets: Vec<String>,
    /// The convenience layer, where the profile describes one.
    pub facade: Option<Facade>,
}

/// Old wire names, each with the canonical one it stands for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Aliases {
    /// Notifications.
    pub notifications: IndexMap<String, String>,
    /// Requests.
    pub requests: IndexMap<String, String>,
}

impl Protocol {
    /// The requests that `peer` sends, in order.
    pub fn requests_from(&self, peer: Peer) -> impl Iterator<Item = &Request> {
        self.requests.iter().filter(move |request| request.sender == peer)
    }

    /// The notifications that `peer` sends, in order.
    pub fn notifications_from(&self, peer: Peer) -> impl Iterator<Item = &Notification> {
        self.notifications.iter().filter(move |notification| notification.sender == peer)
    }
}
