//! Schema and profile in, [`Protocol`] out: whatever has to be decided about a protocol is decided here.
//!
//! All named definitions get their ids first, then every definition is converted, then the methods are read, and
//! last what needs the whole: order, reach, stability, and the profile entries that matched nothing. Every step
//! reports its problems and goes on, so that one run shows them all.

mod context;
mod correlations;
mod entries;
mod enums;
mod expressions;
mod facade;
mod methods;
mod naming;
mod objects;
mod order;
mod reach;
mod stability;
mod unions;
mod values;

use crate::diagnostic::Diagnostics;
use crate::ir::{Aliases, Handshake, Launch, Name, Package, Protocol, RuntimePackage, Types, VersionPlace};
use crate::profile::{HandshakeEntry, LaunchEntry, PackageEntry, Profile, VersionEntry};
use crate::schema::Document;
use crate::{join, spawn};
use context::Context;

/// What there is to lower.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The schema with everything that the server offers.
    pub document: &'a Document,
    /// The schema of what it offers without an opt-in, where that is told apart.
    pub stable: Option<&'a Document>,
    /// The profile.
    pub profile: &'a Profile,
    /// The profile's name for messages.
    pub profile_file: &'a str,
    /// The version of the server.
    pub version: &'a str,
    /// Whether an unmapped response and a profile entry without a match are warnings.
    pub lenient: bool,
}

/// Lowers `source`. The protocol is whole only if the diagnostics hold no error.
pub fn lower(source: Source<'_>) -> (Protocol, Diagnostics) {
    // The two documents know nothing of each other until they are compared.
    let (full, stable) = std::thread::scope(|scope| {
        let stable = source.stable.map(|stable| (stable, spawn(scope, move || lower_document(source, stable))));
        let full = join(spawn(scope, move || lower_document(source, source.document)));
        let stable = stable.map(|(stable, running)| (stable, join(running)));
        (full, stable)
    });
    let (mut protocol, mut diagnostics) = full;
    entries::check(source, &protocol, &mut diagnostics);
    if let Some((stable, (stable_protocol, found))) = stable {
        let news: Vec<_> = found.into_iter_unlike(&diagnostics).collect();
        diagnostics.extend(news);
        stability::mark(&mut protocol, &stable_protocol, &stable.file, &mut diagnostics);
    }
    protocol.facade = facade::resolve(source, &protocol, &mut diagnostics);
    (protocol, diagnostics)
}

fn lower_document<'a>(source: Source<'a>, document: &'a Document) -> (Protocol, Diagnostics) {
    let mut context = Context::new(source, document);
    naming::declare(&mut context);
    objects::convert_definitions(&mut context);
    context.break_cycles();
    let (mut requests, mut notifications) = methods::read(&mut context);
    unions::settle_untagged(&mut context);
    let (mut defs, mut diagnostics) = context.finish();
    order::by_name(&mut defs, &mut requests, &mut notifications);
    let mut types = Types { defs };
    reach::settle(&mut types, &requests, &notifications);
    values::check(&types, &requests, source, &document.file, &mut diagnostics);
    let profile = source.profile;
    let mut protocol = Protocol {
        name: name_or_empty(&profile.protocol.name, profile),
        title: profile.protocol.title.clone(),
        version: source.version.to_owned(),
        requests,
        notifications,
        types,
        sent_at: profile.methods.sent_at.clone(),
        aliases: Aliases {
            notifications: profile.aliases.notifications.clone(),
            requests: profile.aliases.requests.clone(),
        },
        correlations: Vec::new(),
        handshake: profile.handshake.as_ref().map(handshake),
        launch: Some(launch(&profile.launch, profile)),
        packages: profile.packages.iter().map(|(language, entry)| (language.clone(), package(entry))).collect(),
        secrets: profile.secrets.clone(),
        facade: None,
    };
    protocol.correlations = correlations::resolve(&protocol, source);
    (protocol, diagnostics)
}

/// A place written as wire names joined by dots.
fn path(dotted: &str) -> Vec<String> {
    dotted.split('.').map(str::to_owned).collect()
}

fn name_or_empty(text: &str, profile: &Profile) -> Name {
    Name::split(text, &profile.schema.words).unwrap_or(Name { words: vec!["protocol".to_owned()] })
}

fn handshake(entry: &HandshakeEntry) -> Handshake {
    Handshake {
        request: entry.request.clone(),
        notification: entry.notification.clone(),
        client_info: path(&entry.client_info),
        experimental: entry.experimental.as_deref().map(path),
        version: entry.version.as_ref().map(version_place),
    }
}

fn version_place(entry: &VersionEntry) -> VersionPlace {
    VersionPlace { path: path(&entry.at), after: entry.after.clone(), before: entry.before.clone() }
}

fn launch(entry: &LaunchEntry, profile: &Profile) -> Launch {
    Launch {
        client: name_or_empty(&entry.client, profile),
        title: entry.title.clone(),
        command: entry.command.clone(),
        variable: entry.variable.clone(),
        arguments: entry.arguments.clone(),
        override_option: entry.override_option.clone(),
        overload_codes: entry.overload.codes.clone(),
        overload_data: entry.overload.data.clone(),
    }
}

fn package(entry: &PackageEntry) -> Package {
    Package {
        name: entry.name.clone(),
        module: entry.module.clone(),
        runtime: entry.runtime.as_ref().map(|runtime| RuntimePackage {
            name: runtime.name.clone(),
            module: runtime.module.clone(),
            binary: runtime.binary.clone(),
        }),
    }
}
