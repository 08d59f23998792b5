//! `notifications.ts`: what the server announces.

use crate::backend::pretty::Doc;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{key, lay_out, property, string, typed};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::types::Uses;
use crate::diagnostic::Diagnostic;
use crate::ir::{Notification, Peer, Protocol, Type};

use super::Member;
use super::methods::{Unnamed, params_type, reference, unnamed};

/// `notifications.ts`.
pub struct NotificationsView {
    /// The wire name of a notification to show in the example, as a literal.
    pub example: Option<String>,
    /// Whether the types of the protocol are spoken of.
    pub types: bool,
    /// The members that say each notification's params.
    pub params: Vec<Member>,
    /// The entries that say where these are described.
    pub described: Vec<String>,
    /// The entries of the table of old names.
    pub aliases: Vec<String>,
}

impl NotificationsView {
    /// All notifications of the server.
    pub fn new(catalog: &Catalog<'_>, problems: &mut Vec<Diagnostic>) -> Self {
        let protocol = catalog.protocol;
        let mut params = Vec::new();
        let mut described = Vec::new();
        let mut uses = Uses::default();
        for notification in protocol.notifications_from(Peer::Server) {
            params.push(member(catalog, notification, &mut uses));
            match reference(catalog, notification.params.ty().map(Type::without_null)) {
                Ok(found) => {
                    let value = found.unwrap_or_else(|| "null".to_owned());
                    described.push(entry(&notification.wire, value));
                }
                Err(Unnamed) => problems.push(unnamed("payload", &notification.wire, &notification.meta)),
            }
        }
        Self {
            example: example(protocol),
            params,
            described,
            types: !uses.types.is_empty(),
            aliases: protocol.aliases.notifications.iter().map(|(old, new)| entry(old, string(new))).collect(),
        }
    }
}

/// The wire name of a notification to show in examples, as a literal: what ends some work says most about how
/// notifications are used.
pub fn example(protocol: &Protocol) -> Option<String> {
    let closing = protocol.correlations.last().map(|correlation| &correlation.closes);
    let first = protocol.notifications_from(Peer::Server).next().map(|notification| &notification.wire);
    closing.or(first).map(|wire| string(wire))
}

fn entry(name: &str, value: String) -> String {
    lay_out(&Doc::Concat(vec![property(&key(name), Doc::text(value)), Doc::text(",")]), 2)
}

fn member(catalog: &Catalog<'_>, notification: &Notification, uses: &mut Uses) -> Member {
    let fallback = format!("Sent as `{}`.", notification.wire);
    let comment = Comment::of(&notification.meta, Some(&fallback)).marked(&notification.meta);
    let start = format!("{}:", key(&notification.wire));
    let code = Doc::Concat(vec![typed(start, params_type(catalog, &notification.params, uses)), Doc::text(";")]);
    Member::new(&comment, 2, lay_out(&code, 2))
}
