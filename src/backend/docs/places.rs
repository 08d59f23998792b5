//! Where each thing is written of: its page and its anchor. Settled before anything is printed, so that pages can point
//! at one another.

use std::collections::{BTreeMap, HashMap};

use crate::ir::{Name, Notification, Peer, Protocol, Request, TypeId};

use super::markdown::{Anchors, code};

/// Headings of a page of messages.
pub const METHODS: &str = "Methods";
/// See there.
pub const NOTIFICATIONS: &str = "Notifications";
/// See there.
pub const ASKED: &str = "What the server asks";

/// A page, by its path without the ending.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Page {
    /// The folder it is in; empty for none.
    pub folder: &'static str,
    /// Its name.
    pub name: String,
}

/// A place on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    page: Page,
    anchor: String,
}

impl Page {
    /// A page beside the guides.
    pub fn top(name: &str) -> Self {
        Self { folder: "", name: name.to_owned() }
    }

    /// The page of a family's messages.
    pub fn messages(domain: &Name) -> Self {
        Self { folder: "reference", name: file(domain) }
    }

    /// The page of a module's types.
    pub fn types(domain: &Name) -> Self {
        Self { folder: "types", name: file(domain) }
    }

    /// The file.
    pub fn path(&self) -> String {
        let Self { folder, name } = self;
        if folder.is_empty() { format!("{name}.md") } else { format!("{folder}/{name}.md") }
    }

    /// The way from this page to another one.
    pub fn to(&self, other: &Self) -> String {
        match (self.folder, other.folder) {
            (from, to) if from == to => format!("{}.md", other.name),
            ("", _) => other.path(),
            (_, _) => format!("../{}", other.path()),
        }
    }

    /// The way from this page to a place.
    pub fn to_place(&self, place: &Place) -> String {
        let page = if *self == place.page { String::new() } else { self.to(&place.page) };
        format!("{page}#{}", place.anchor)
    }
}

fn file(domain: &Name) -> String {
    domain.snake().replace('_', "-")
}

/// The messages of one family.
#[derive(Default)]
pub struct Family<'a> {
    /// What the client asks, each with its number among all of these.
    pub methods: Vec<(usize, &'a Request)>,
    /// What the server announces.
    pub notifications: Vec<(usize, &'a Notification)>,
    /// What the server asks.
    pub asked: Vec<(usize, &'a Request)>,
}

/// All places.
pub struct Places<'a> {
    /// The families that have messages.
    pub families: BTreeMap<&'a Name, Family<'a>>,
    /// The types of each module that are written of on its page.
    pub modules: BTreeMap<&'a Name, Vec<TypeId>>,
    methods: HashMap<&'a str, Place>,
    asked: HashMap<&'a str, Place>,
    notifications: HashMap<&'a str, Place>,
    types: Vec<Option<Place>>,
    /// Type names, and wire names that can be nothing else.
    spoken: HashMap<String, Place>,
}

impl<'a> Places<'a> {
    /// A place for all of `protocol`.
    pub fn new(protocol: &'a Protocol) -> Self {
        let mut places = Self {
            families: families(protocol),
            modules: BTreeMap::new(),
            methods: HashMap::new(),
            asked: HashMap::new(),
            notifications: HashMap::new(),
            types: vec![None; protocol.types.defs.len()],
            spoken: HashMap::new(),
        };
        places.messages();
        places.params(protocol);
        places.types(protocol);
        let wires = [&places.methods, &places.notifications, &places.asked].into_iter().flatten();
        let wires =
            wires.filter(|(wire, _)| wire.contains('/')).map(|(wire, place)| ((*wire).to_owned(), place.clone()));
        let named =
            protocol.types.iter().filter_map(|(id, def)| Some((def.name.pascal(), places.types[id.0].clone()?)));
        places.spoken = named.chain(wires).collect();
        places
    }

    fn messages(&mut self) {
        for (domain, family) in &self.families {
            let page = Page::messages(domain);
            let mut anchors = Anchors::default();
            anchors.next(&title(domain));
            let mut place = |heading: &str| Place { page: page.clone(), anchor: anchors.next(heading) };
            if !family.methods.is_empty() {
                place(METHODS);
            }
            for (_, request) in &family.methods {
                self.methods.insert(request.wire.as_str(), place(&code(&request.wire)));
            }
            if !family.notifications.is_empty() {
                place(NOTIFICATIONS);
            }
            for (_, notification) in &family.notifications {
                self.notifications.insert(notification.wire.as_str(), place(&code(&notification.wire)));
            }
            if !family.asked.is_empty() {
                place(ASKED);
            }
            for (_, request) in &family.asked {
                self.asked.insert(request.wire.as_str(), place(&code(&request.wire)));
            }
        }
    }

    /// Params that are objects are written of where their request is.
    fn params(&mut self, protocol: &'a Protocol) {
        for request in &protocol.requests {
            let Some((id, _)) = request.params.ty().and_then(|ty| protocol.types.as_struct(ty)) else { continue };
            let place = self.request(request.sender, &request.wire).cloned();
            let known = self.types[id.0].take();
            self.types[id.0] = known.or(place);
        }
    }

    fn types(&mut self, protocol: &'a Protocol) {
        for (id, def) in protocol.types.iter() {
            if self.types[id.0].is_none() {
                self.modules.entry(&def.domain).or_default().push(id);
            }
        }
        for (domain, ids) in &self.modules {
            let page = Page::types(domain);
            let mut anchors = Anchors::default();
            anchors.next(&types_title(domain));
            for id in ids {
                let anchor = anchors.next(&code(&protocol.types[*id].name.pascal()));
                self.types[id.0] = Some(Place { page: page.clone(), anchor });
            }
        }
    }

    /// The place of a request.
    pub fn request(&self, sender: Peer, wire: &str) -> Option<&Place> {
        match sender {
            Peer::Client => self.methods.get(wire),
            Peer::Server => self.asked.get(wire),
        }
    }

    /// The place of a notification of the server.
    pub fn notification(&self, wire: &str) -> Option<&Place> {
        self.notifications.get(wire)
    }

    /// The place of a type.
    pub fn of_type(&self, id: TypeId) -> Option<&Place> {
        self.types[id.0].as_ref()
    }

    /// The place of what a code span in prose speaks of.
    pub fn spoken(&self, span: &str) -> Option<&Place> {
        self.spoken.get(span)
    }
}

fn families(protocol: &Protocol) -> BTreeMap<&Name, Family<'_>> {
    let mut families: BTreeMap<&Name, Family<'_>> = BTreeMap::new();
    for numbered in protocol.requests_from(Peer::Client).enumerate() {
        families.entry(&numbered.1.domain).or_default().methods.push(numbered);
    }
    for numbered in protocol.notifications_from(Peer::Server).enumerate() {
        families.entry(&numbered.1.domain).or_default().notifications.push(numbered);
    }
    for numbered in protocol.requests_from(Peer::Server).enumerate() {
        families.entry(&numbered.1.domain).or_default().asked.push(numbered);
    }
    families
}

/// The title of the page of a family's messages.
pub fn title(domain: &Name) -> String {
    let words = domain.to_string();
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The title of the page of a module's types.
pub fn types_title(domain: &Name) -> String {
    format!("Types: {domain}")
}
