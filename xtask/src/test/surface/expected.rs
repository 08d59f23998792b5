//! What the model says that users can name, with names that no language has changed yet.

use super::plain;
use rpcsmith::ir::{Facade, Name, Operation, Peer, Protocol, Request, Resource};
use std::collections::{BTreeMap, BTreeSet};

/// What every client has beside a method for each request.
const OF_EVERY_CLIENT: &[&str] = &[
    "close",
    "next_notification",
    "notifications",
    "notify",
    "request",
    "request_with_retry_on_overload",
    "server_info",
    "server_version",
    "stderr_tail",
    "stream_text",
];

/// What every root exports beside the convenience layer.
const OF_EVERY_ROOT: &[&str] = &[
    "AppServerClient",
    "AppServerConfig",
    "RetryPolicy",
    "SERVER_VERSION",
    "ServerRequestHandlers",
    "retry_on_overload",
];

/// The parameters of each method; nothing for what is no method, or where they are all in one value.
pub type Members = BTreeMap<String, Option<BTreeSet<String>>>;

pub struct Expected {
    pub root: BTreeSet<String>,
    pub notifications: BTreeSet<String>,
    /// The members of the convenience layer's classes, of the client, and of what holds the handlers.
    pub classes: BTreeMap<String, Members>,
    /// The classes that are made by hand, whose members are those of the other languages.
    pub handmade: Vec<String>,
    /// The classes of the convenience layer.
    pub facade: Vec<String>,
}

impl Expected {
    pub fn of(protocol: &Protocol) -> Self {
        let mut classes = BTreeMap::from([
            (plain("AppServerClient"), client(protocol)),
            (plain("ServerRequestHandlers"), handlers(protocol)),
        ]);
        let mut root: BTreeSet<String> = OF_EVERY_ROOT.iter().map(|name| plain(name)).collect();
        let (mut made, mut own) = (Vec::new(), Vec::new());
        if let Some(facade) = &protocol.facade {
            for resource in &facade.resources {
                own.push(name(&resource.name));
                classes.insert(name(&resource.name), members(protocol, facade, resource));
            }
            for preset in &facade.presets {
                let values = preset.values.iter().map(|value| (name(&value.name), None));
                classes.insert(name(&preset.name), values.collect());
            }
            made = facade.handmade.iter().map(name).collect();
            root.extend(own.iter().chain(&made).cloned());
            root.extend(facade.presets.iter().map(|preset| name(&preset.name)));
            for shorthand in &facade.shorthands {
                root.insert(name(&shorthand.name));
                root.extend(shorthand.items.iter().map(|item| name(&item.name)));
            }
        }
        let notifications = protocol.notifications_from(Peer::Server).map(|one| plain(&one.wire)).collect();
        Self { root, notifications, classes, handmade: made, facade: own }
    }
}

/// A name of the model, without what languages differ in.
fn name(name: &Name) -> String {
    plain(&name.snake())
}

fn client(protocol: &Protocol) -> Members {
    let mut members: Members = OF_EVERY_CLIENT.iter().map(|name| (plain(name), None)).collect();
    for request in protocol.requests_from(Peer::Client).filter(|request| !is_handshake(protocol, request)) {
        members.insert(name(&request.name), parameters(protocol, request));
    }
    for correlation in &protocol.correlations {
        members.insert(format!("waitfor{}completed", name(&correlation.name)), None);
        let opens = protocol.requests_from(Peer::Client).find(|request| request.wire == correlation.opens);
        if let Some(request) = opens {
            members.insert(format!("{}stream", name(&request.name)), parameters(protocol, request));
        }
    }
    members
}

/// The client makes the handshake itself.
fn is_handshake(protocol: &Protocol, request: &Request) -> bool {
    protocol.handshake.as_ref().is_some_and(|handshake| handshake.request == request.wire)
}

/// The members of its params; nothing where these are no struct.
fn parameters(protocol: &Protocol, request: &Request) -> Option<BTreeSet<String>> {
    let (_, structure) = protocol.types.as_struct(request.params.ty()?)?;
    Some(structure.fields.iter().map(|field| name(&field.name)).collect())
}

fn handlers(protocol: &Protocol) -> Members {
    protocol.requests_from(Peer::Server).map(|request| (name(&request.name), None)).collect()
}

fn members(protocol: &Protocol, facade: &Facade, resource: &Resource) -> Members {
    let mut members = Members::new();
    members.extend(resource.identity.iter().map(|identity| (name(&identity.name), None)));
    members.extend(resource.shows.iter().map(|field| (name(&field.name), None)));
    if resource.name == facade.root {
        members.extend(["client", "close"].map(|name| (plain(name), None)));
    }
    if resource.work.is_some() {
        members.extend(["stream", "wait"].map(|name| (plain(name), None)));
    }
    members.extend(resource.collects.iter().map(|collects| (name(&collects.name), None)));
    for operation in &resource.operations {
        let takes = taken(operation);
        if let Some(pages) = &operation.pages {
            let request = protocol.requests_from(Peer::Client).find(|request| request.wire == operation.request);
            let all = request.and_then(|request| protocol.types.as_struct(request.params.ty()?));
            let cursor = all.and_then(|(_, params)| params.fields.iter().find(|field| field.wire == pages.cursor));
            let mut without = takes.clone();
            cursor.map(|field| without.remove(&name(&field.name)));
            members.insert(name(&pages.name), Some(without));
        }
        members.insert(name(&operation.name), Some(takes));
    }
    members
}

fn taken(operation: &Operation) -> BTreeSet<String> {
    operation.parameters.iter().map(|parameter| name(&parameter.name)).collect()
}
