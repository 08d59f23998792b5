//! Profile entries that match nothing in the schema: every one of them is a mistake, or about another version.

use std::collections::HashSet;

use super::correlations::{exists, find};
use super::{Source, path};
use crate::diagnostic::{Diagnostic, Diagnostics, child};
use crate::ir::{Name, Peer, Presence, Protocol, Request, Type, TypeKind};
use crate::profile::{MethodsEntry, VersionEntry};

/// Everything that an entry can be about.
struct Known {
    client_requests: HashSet<String>,
    server_requests: HashSet<String>,
    client_notifications: HashSet<String>,
    server_notifications: HashSet<String>,
    types: HashSet<String>,
    /// Types under the names that the schema has for them.
    declared: HashSet<String>,
    /// `Type.member`, `Type.value` and `Union.tag`.
    members: HashSet<String>,
    /// Wire names of members, of whatever type.
    wires: HashSet<String>,
}

/// Collects complaints about one profile.
struct Checker<'a> {
    source: Source<'a>,
    diagnostics: &'a mut Diagnostics,
}

/// Reports every entry that matches nothing.
pub(super) fn check(source: Source<'_>, protocol: &Protocol, diagnostics: &mut Diagnostics) {
    let known = known(source, protocol);
    let mut checker = Checker { source, diagnostics };
    checker.texts(protocol);
    checker.names();
    checker.method_lists();
    checker.method_entries(&known);
    checker.type_entries(&known);
    checker.docs(&known);
    checker.three_state(protocol, &known);
    checker.corrections(protocol);
    checker.correlations(protocol);
    checker.handshake(protocol);
}

fn known(source: Source<'_>, protocol: &Protocol) -> Known {
    let requests = |peer| protocol.requests_from(peer).map(|item| item.wire.clone()).collect();
    let notifications = |peer| protocol.notifications_from(peer).map(|item| item.wire.clone()).collect();
    let mut members = HashSet::new();
    let mut wires = HashSet::new();
    for (_, def) in protocol.types.iter() {
        let owner = def.name.pascal();
        let names: Vec<&String> = match &def.kind {
            TypeKind::Struct(structure) => structure.fields.iter().map(|field| &field.wire).collect(),
            TypeKind::Enum(values) => values.values.iter().map(|value| &value.wire).collect(),
            TypeKind::Union(union) => {
                let tags = union.variants.iter().filter_map(|variant| variant.tag.as_ref());
                tags.chain(union.shared.iter().map(|field| &field.wire)).collect()
            }
            TypeKind::Alias(_) => Vec::new(),
        };
        members.extend(names.iter().map(|name| format!("{owner}.{name}")));
        wires.extend(names.into_iter().cloned());
    }
    let declared = source.document.definitions.iter().flat_map(|(pointer, definition)| {
        [definition.name.clone(), pointer.trim_start_matches("/definitions/").to_owned()]
    });
    Known {
        client_requests: requests(Peer::Client),
        server_requests: requests(Peer::Server),
        client_notifications: notifications(Peer::Client),
        server_notifications: notifications(Peer::Server),
        types: protocol.types.defs.iter().map(|def| def.name.pascal()).collect(),
        declared: declared.collect(),
        members,
        wires,
    }
}

impl Checker<'_> {
    fn stale(&mut self, pointer: String, found: String, expected: &str) {
        let diagnostic = Diagnostic::error(self.source.profile_file, pointer, found)
            .expected(expected)
            .help("correct the entry, or remove it; `--lenient` lets entries about other versions pass");
        self.diagnostics.push(diagnostic.lenient(self.source.lenient));
    }

    /// Complains about every key of the table `pointer` that is not among `known`.
    fn keys<'k>(
        &mut self,
        pointer: &str,
        keys: impl IntoIterator<Item = &'k String>,
        known: &HashSet<String>,
        expected: &str,
    ) {
        for key in keys {
            if !known.contains(key) {
                self.stale(child(pointer, key), format!("`{key}`, which the schema does not have"), expected);
            }
        }
    }

    /// Names that go into code and paths as they stand.
    fn texts(&mut self, protocol: &Protocol) {
        let plain = |text: &str| {
            !text.is_empty()
                && !text.contains(['"', '\'', '\\', '`', '$', '{', '}'])
                && !text.contains(char::is_control)
        };
        let mut texts =
            vec![("/protocol/title".to_owned(), &protocol.title), ("/protocol/version".to_owned(), &protocol.version)];
        if let Some(launch) = &protocol.launch {
            texts.extend([
                ("/launch/title".to_owned(), &launch.title),
                ("/launch/command".to_owned(), &launch.command),
                ("/launch/variable".to_owned(), &launch.variable),
            ]);
        }
        for (language, package) in &protocol.packages {
            let at = child("/packages", language);
            texts.extend([(child(&at, "name"), &package.name), (child(&at, "module"), &package.module)]);
        }
        for (pointer, text) in texts {
            if !plain(text) {
                let found = format!("the text {text:?}");
                self.wrong(pointer, found, "text without quotes, braces, backslashes, `$` and control characters");
            }
        }
        for (language, package) in &protocol.packages {
            let outside = |part: &str| part == ".." || part == "." || part.contains(':');
            if package.module.starts_with('/') || package.module.split('/').any(outside) {
                let found = format!("the module {:?}", package.module);
                self.wrong(child(&child("/packages", language), "module"), found, "a name that can be imported");
            }
        }
    }

    /// Names that identifiers are made of, in every language.
    fn names(&mut self) {
        let profile = self.source.profile;
        let mut names = vec![
            ("/launch/client".to_owned(), &profile.launch.client),
            ("/launch/command".to_owned(), &profile.launch.command),
        ];
        names.extend(profile.correlations.keys().map(|name| (child("/correlations", name), name)));
        for (pointer, text) in names {
            let name = Name::split(text, &profile.schema.words).map(|name| name.pascal()).unwrap_or_default();
            let is_ascii = name.chars().all(|letter| letter.is_ascii_alphanumeric());
            if !is_ascii || !name.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
                let expected = "a name of letters and digits, without accents, that begins with a letter";
                self.wrong(pointer, format!("the name {text:?}"), expected);
            }
        }
    }

    fn wrong(&mut self, pointer: String, found: String, expected: &str) {
        let diagnostic = Diagnostic::error(self.source.profile_file, pointer, found).expected(expected);
        self.diagnostics.push(diagnostic.help("correct the entry"));
    }

    /// The default names may be missing; a name that the profile gives may not.
    fn method_lists(&mut self) {
        let (given, usual) = (&self.source.profile.methods, MethodsEntry::default());
        let lists = [
            ("client_requests", &given.client_requests, usual.client_requests),
            ("server_requests", &given.server_requests, usual.server_requests),
            ("client_notifications", &given.client_notifications, usual.client_notifications),
            ("server_notifications", &given.server_notifications, usual.server_notifications),
        ];
        for (key, name, usual) in lists {
            if *name != usual && self.source.document.named(name).is_none() {
                let found = format!("`{name}`, which the schema does not have");
                self.stale(child("/methods", key), found, "a union that names methods");
            }
        }
        for namespace in &self.source.profile.schema.namespaces {
            let prefix = format!("{}/", child("/definitions", namespace));
            if !self.source.document.definitions.keys().any(|pointer| pointer.starts_with(&prefix)) {
                let found = format!("`{namespace}`, which holds no definitions");
                self.stale(child("/schema/namespaces", namespace), found, "a member of `definitions` that holds some");
            }
        }
    }

    fn method_entries(&mut self, known: &Known) {
        let profile = self.source.profile;
        self.keys("/responses", profile.responses.keys(), &either(known), "the wire name of a request");
        for (method, ty) in &profile.responses {
            if !known.types.contains(ty) {
                let found = format!("the type `{ty}`, which the schema does not have");
                self.stale(child("/responses", method), found, "a type's name");
            }
        }
        self.keys("/refusals", profile.refusals.keys(), &known.server_requests, "the wire name of a server's request");
        self.aliases(
            "/aliases/notifications",
            &profile.aliases.notifications,
            &known.server_notifications,
            "the wire name of a server's notification",
        );
        self.aliases("/aliases/requests", &profile.aliases.requests, &either(known), "the wire name of a request");
        self.sent_at();
        let methods: HashSet<String> = either(known)
            .into_iter()
            .chain(known.client_notifications.iter().cloned())
            .chain(known.server_notifications.iter().cloned())
            .collect();
        self.keys("/rename/methods", profile.rename.methods.keys(), &methods, "the wire name of a method");
        let own = profile.rename.server_requests.keys();
        self.keys("/rename/server_requests", own, &known.server_requests, "the wire name of a server's request");
        let families: HashSet<String> =
            methods.iter().filter_map(|wire| wire.split('/').next()).map(str::to_owned).collect();
        for (module, names) in &profile.domains {
            self.keys(&child("/domains", module), names, &families, "the first segment of a method's wire name");
        }
        let about: HashSet<String> = methods.iter().chain(&known.members).cloned().collect();
        self.keys("/deprecated", profile.deprecated.keys(), &about, "a method's wire name, or `Type.member`");
    }

    fn sent_at(&mut self) {
        let methods = &self.source.profile.methods;
        let Some(member) = &methods.sent_at else { return };
        let list = self.source.document.named(&methods.server_notifications);
        if list.and_then(|list| list.schema.node()).is_none_or(|node| node.property(member).is_none()) {
            let found = format!("`{member}`, which the server's notifications do not have beside their params");
            self.stale("/methods/sent_at".to_owned(), found, "a member of the union that names the notifications");
        }
    }

    fn aliases(
        &mut self,
        pointer: &str,
        entries: &indexmap::IndexMap<String, String>,
        known: &HashSet<String>,
        expected: &str,
    ) {
        for (old, canonical) in entries {
            if !known.contains(canonical) {
                let found = format!("an alias of `{canonical}`, which the schema does not have");
                self.stale(child(pointer, old), found, expected);
            }
            if known.contains(old) {
                let found = format!("`{old}` as an old name, which the schema uses today");
                self.stale(child(pointer, old), found, "a name that is no longer used");
            }
        }
    }

    fn type_entries(&mut self, known: &Known) {
        let rename = &self.source.profile.rename;
        self.keys("/rename/types", rename.types.keys(), &known.declared, "a type's name in the schema");
        self.keys("/rename/members", rename.members.keys(), &known.members, "`Type.member` or `Type.value`");
        let tagged: Vec<String> = rename.variants.keys().filter(|key| !key.contains('{')).cloned().collect();
        self.keys("/rename/variants", &tagged, &known.members, "`Union.tag`");
        self.keys("/secrets", &self.source.profile.secrets, &known.wires, "the wire name of a member");
    }

    fn docs(&mut self, known: &Known) {
        let docs = &self.source.profile.docs;
        self.keys("/docs/requests", docs.requests.keys(), &known.client_requests, "a client's request");
        self.keys("/docs/server_requests", docs.server_requests.keys(), &known.server_requests, "a server's request");
        self.keys(
            "/docs/notifications",
            docs.notifications.keys(),
            &known.server_notifications,
            "a server's notification",
        );
        self.keys(
            "/docs/client_notifications",
            docs.client_notifications.keys(),
            &known.client_notifications,
            "a client's notification",
        );
        self.keys("/docs/types", docs.types.keys(), &known.types, "a type's name");
        self.keys("/docs/members", docs.members.keys(), &known.members, "`Type.member`, `Type.value` or `Union.tag`");
    }

    fn three_state(&mut self, protocol: &Protocol, known: &Known) {
        self.keys("/three_state", &self.source.profile.three_state, &known.members, "`Type.member`");
        for (_, def) in protocol.types.iter() {
            let TypeKind::Struct(structure) = &def.kind else { continue };
            for field in structure.fields.iter().filter(|field| field.presence == Presence::ThreeState) {
                if !field.ty.is_nullable() {
                    let key = format!("{}.{}", def.name.pascal(), field.wire);
                    let found = format!("the member `{key}`, which can never be `null`");
                    self.stale(child("/three_state", &key), found, "a member that may be left out and may be `null`");
                }
            }
        }
    }

    /// A correction has an effect where a member stands under a name that its place in the schema doesn't have.
    fn corrections(&mut self, protocol: &Protocol) {
        let mut effective = HashSet::new();
        for (_, def) in protocol.types.iter() {
            let TypeKind::Struct(structure) = &def.kind else { continue };
            for field in &structure.fields {
                let declared = field.meta.origin.pointer.rsplit('/').next().unwrap_or_default();
                effective.insert(format!("{}.{declared}", def.name.pascal()));
            }
        }
        self.keys("/corrections", self.source.profile.corrections.keys(), &effective, "`Type.member` as in the schema");
    }

    fn correlations(&mut self, protocol: &Protocol) {
        for (name, entry) in &self.source.profile.correlations {
            let at = child("/correlations", name);
            let Some(opening) = protocol.requests_from(Peer::Client).find(|item| item.wire == entry.opens) else {
                let found = format!("`{}`, which the schema does not have", entry.opens);
                self.stale(child(&at, "opens"), found, "a client's request");
                continue;
            };
            if !exists(&protocol.types, &opening.result, &path(&entry.result_key)) {
                let found = format!("`{}`, which the result of `{}` does not have", entry.result_key, entry.opens);
                self.stale(child(&at, "result_key"), found, "wire names of members, joined by dots");
            }
            if let Some(scope) = &entry.scope
                && !opening.params.ty().is_some_and(|params| exists(&protocol.types, params, &path(scope)))
            {
                let found = format!("`{scope}`, which the params of `{}` do not have", entry.opens);
                self.stale(child(&at, "scope"), found, "the wire name of a member");
            }
            let carriers = protocol.correlations.iter().find(|item| item.opens == entry.opens);
            if !carriers.is_some_and(|item| item.carriers.iter().any(|(wire, _)| *wire == entry.closes)) {
                let found = format!("`{}`, which is no notification with an id at one of the keys", entry.closes);
                self.stale(child(&at, "closes"), found, "a server's notification that carries the id");
            }
        }
    }

    fn handshake(&mut self, protocol: &Protocol) {
        let Some(entry) = &self.source.profile.handshake else { return };
        let request = protocol.requests_from(Peer::Client).find(|item| item.wire == entry.request);
        let Some(request) = request else {
            let found = format!("`{}`, which the schema does not have", entry.request);
            return self.stale("/handshake/request".to_owned(), found, "a client's request");
        };
        if !protocol.notifications_from(Peer::Client).any(|item| item.wire == entry.notification) {
            let found = format!("`{}`, which the schema does not have", entry.notification);
            self.stale("/handshake/notification".to_owned(), found, "a client's notification");
        }
        let places = [("client_info", Some(&entry.client_info)), ("experimental", entry.experimental.as_ref())];
        for (key, place) in places {
            let Some(place) = place else { continue };
            if !request.params.ty().is_some_and(|params| exists(&protocol.types, params, &path(place))) {
                let found = format!("`{place}`, which the params of `{}` do not have", entry.request);
                self.stale(child("/handshake", key), found, "wire names of members, joined by dots");
            }
        }
        if let Some(version) = &entry.version {
            self.version(protocol, request, version);
        }
    }

    fn version(&mut self, protocol: &Protocol, request: &Request, entry: &VersionEntry) {
        let place = "/handshake/version";
        let VersionEntry { at, after, before } = entry;
        match find(&protocol.types, &request.result, &path(at)) {
            None => {
                let found = format!("`{at}`, which the result of `{}` does not have", request.wire);
                self.stale(child(place, "at"), found, "wire names of members, joined by dots");
            }
            Some(Type::String(_)) => {}
            Some(_) => {
                let found = format!("`{at}`, which is no string in the result of `{}`", request.wire);
                self.stale(child(place, "at"), found, "the place of a string");
            }
        }
        for (key, text) in [("after", after), ("before", before)] {
            if text.as_deref() == Some("") {
                self.wrong(child(place, key), "an empty text".to_owned(), "what stands there, or no such entry");
            }
        }
    }
}

fn either(known: &Known) -> HashSet<String> {
    known.client_requests.iter().chain(&known.server_requests).cloned().collect()
}
