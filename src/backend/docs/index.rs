//! The pages that lead to the others: the index, and the list of all names.

use crate::backend::Output;
use crate::backend::plain;
use crate::backend::words::{Example, Words};
use crate::ir::{Peer, Protocol};

use super::markdown::{Anchors, code, link, table};
use super::places::{Page, title};
use super::speech::Subject;

/// The index.
pub struct IndexView {
    /// The protocol as people write it.
    pub title: String,
    /// The server's version.
    pub version: String,
    /// The languages, as a list in a sentence.
    pub languages: String,
    /// The guides, each as a link.
    pub guides: Vec<String>,
    /// Whether there is a convenience layer.
    pub facade: bool,
    /// The families, as a table.
    pub families: String,
    /// The types that no family has for itself, as links.
    pub shared: Vec<String>,
    /// The name of the client's class.
    pub client: String,
}

impl IndexView {
    /// The index of all pages.
    pub fn new(subject: &Subject<'_>, client: &str) -> Self {
        let protocol = subject.protocol;
        let page = Page::top("README");
        let families = &subject.places.families;
        let modules = &subject.places.modules;
        let rows: Vec<Vec<String>> = families
            .iter()
            .map(|(domain, family)| {
                let count = |number: usize| if number == 0 { String::new() } else { number.to_string() };
                let types = modules.get(domain).map(|ids| link(&ids.len().to_string(), &page.to(&Page::types(domain))));
                vec![
                    link(&title(domain), &page.to(&Page::messages(domain))),
                    count(family.methods.len()),
                    count(family.notifications.len()),
                    count(family.asked.len()),
                    types.unwrap_or_default(),
                ]
            })
            .collect();
        let heading = ["Family", "Methods", "Notifications", "Asked by the server", "Types"];
        let alone = modules.keys().filter(|domain| !families.contains_key(*domain));
        Self {
            title: protocol.title.clone(),
            version: protocol.version.clone(),
            languages: listed(&subject.words.iter().map(|words| words.title).collect::<Vec<_>>()),
            guides: guides(protocol),
            facade: protocol.facade.is_some(),
            families: table(&heading, &rows),
            shared: alone.map(|domain| link(&title(domain), &page.to(&Page::types(domain)))).collect(),
            client: client.to_owned(),
        }
    }
}

/// `a, b and c`.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The guide to read first.
const FIRST: &str = "getting-started.md";
/// The guide for what the others leave open.
const LAST: &str = "faq.md";

/// The pages that only this protocol has, by their first headings.
fn guides(protocol: &Protocol) -> Vec<String> {
    let mut pages: Vec<_> = plain::own(protocol, Output::Docs).collect();
    pages.sort_by_key(|(path, _)| (*path == LAST, *path != FIRST));
    let heading = |(path, content): (&str, &[u8])| {
        let text = std::str::from_utf8(content).ok()?;
        let heading = text.lines().find_map(|line| line.strip_prefix("# "))?;
        Some(link(heading, path))
    };
    pages.into_iter().filter_map(heading).collect()
}

/// The way to a heading of the pages that only this protocol has.
pub fn heading_in_guides(protocol: &Protocol, heading: &str) -> Option<String> {
    plain::own(protocol, Output::Docs).find_map(|(path, content)| {
        let text = std::str::from_utf8(content).ok()?;
        let mut anchors = Anchors::default();
        let headings = text
            .lines()
            .filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')));
        headings
            .map(|found| (found, anchors.next(found)))
            .find(|(found, _)| *found == heading)
            .map(|(_, anchor)| format!("{path}#{anchor}"))
    })
}

/// The list of all names.
pub struct NamesView {
    /// What the client asks, as a table.
    pub methods: String,
    /// What the server announces.
    pub notifications: String,
    /// What the server asks.
    pub asked: String,
}

impl NamesView {
    /// The list.
    pub fn new(subject: &Subject<'_>) -> Self {
        let page = Page::top("names");
        let requests = |sender| subject.protocol.requests_from(sender).map(|request| request.wire.as_str());
        let to = |sender, wire: &str| subject.places.request(sender, wire).map(|place| page.to_place(place));
        let announced = subject.protocol.notifications_from(Peer::Server).map(|sent| sent.wire.as_str());
        let notified = |wire: &str| subject.places.notification(wire).map(|place| page.to_place(place));
        Self {
            methods: list(subject, requests(Peer::Client), |wire| to(Peer::Client, wire), |words| &words.calls),
            notifications: list(subject, announced, notified, |words| &words.notifications),
            asked: list(subject, requests(Peer::Server), |wire| to(Peer::Server, wire), |words| &words.handlers),
        }
    }
}

fn list<'w>(
    subject: &Subject<'_>,
    wires: impl Iterator<Item = &'w str>,
    target: impl Fn(&str) -> Option<String>,
    of: impl Fn(&Words) -> &Vec<Example>,
) -> String {
    let titles = subject.words.iter().map(|words| words.title);
    let heading: Vec<&str> = ["Wire name"].into_iter().chain(titles).collect();
    let rows: Vec<Vec<String>> = wires
        .enumerate()
        .map(|(number, wire)| {
            let name = code(wire);
            let first = target(wire).map_or(name.clone(), |target| link(&name, &target));
            let names = subject.words.iter().map(|words| code(&of(words)[number].name));
            [first].into_iter().chain(names).collect()
        })
        .collect();
    if rows.is_empty() { String::new() } else { table(&heading, &rows) }
}
