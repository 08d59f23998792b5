//! What concerns the package as a whole: its names, its root module, its metadata.

use crate::backend::typescript::names::{Kind, identifier};
use crate::backend::version::semantic;
use crate::ir::{Launch, Name, Package, Peer, Protocol, Request, RuntimePackage};

use super::notifications::example;

/// The package as a whole.
pub struct PackageView<'a> {
    /// The name it is installed and imported by.
    pub name: &'a str,
    /// Its version.
    pub release: &'a str,
    /// The server's version.
    pub version: &'a str,
    /// The server as people call it.
    pub title: &'a str,
    /// The first part of the names of its classes.
    pub client: String,
    /// The server's command.
    pub command: &'a str,
    /// The member of the config that names the server's binary.
    pub bin: String,
    /// The environment variable that names the server's binary.
    pub variable: &'a str,
    /// Whether the server says something of itself when a client connects.
    pub greets: bool,
    /// The wire name of a notification to show in examples, as a literal.
    pub example: Option<String>,
    /// The name of a handler to show in an example.
    pub handler: Option<String>,
    /// The package that brings the server's binary.
    pub runtime: Option<&'a RuntimePackage>,
    /// What the root module exports of the convenience layer, as statements.
    pub exports: Vec<String>,
}

impl<'a> PackageView<'a> {
    /// The package of `protocol`.
    pub fn new(protocol: &'a Protocol, package: &'a Package, launch: &'a Launch) -> Self {
        let command = launch.command.split(|letter: char| !letter.is_ascii_alphanumeric());
        let words = command.filter(|word| !word.is_empty()).chain(["bin"]).map(str::to_owned).collect();
        Self {
            name: &package.name,
            release: semantic(&protocol.version),
            version: &protocol.version,
            title: &launch.title,
            client: launch.client.pascal(),
            command: &launch.command,
            bin: Name { words }.camel(),
            variable: &launch.variable,
            greets: protocol.handshake.is_some(),
            example: example(protocol),
            handler: handler(protocol),
            runtime: package.runtime.as_ref(),
            exports: Vec::new(),
        }
    }
}

/// The name of a handler to show in an example: one that approves what the work is about which notifications are shown
/// with, else any that there is.
fn handler(protocol: &Protocol) -> Option<String> {
    let closes = protocol.correlations.last().map(|correlation| &correlation.closes);
    let closing = protocol.notifications_from(Peer::Server).find(|notification| Some(&notification.wire) == closes);
    let domain = closing.map(|notification| &notification.domain);
    let requests = || protocol.requests_from(Peer::Server);
    let approves = |request: &&Request| request.refusal.is_some() && request.wire.contains('/');
    let fitting = requests().filter(approves).find(|request| Some(&request.domain) == domain);
    let request = fitting.or_else(|| requests().next())?;
    Some(identifier(&request.name, Kind::Method))
}
