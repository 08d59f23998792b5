//! `facts.ts`: what the runtime has to know about the protocol.

use serde_json::Value;

use crate::backend::pretty::Doc;
use crate::backend::typescript::code::{json, key, lay_out, list, property, string, tall_object};
use crate::backend::version::semantic;
use crate::ir::{Correlation, Handshake, Key, Launch, Package, Peer, Protocol, VersionPlace};

/// `facts.ts`.
pub struct FactsView {
    /// The version of the package, as a literal.
    pub release: String,
    /// That of the server, as a literal.
    pub version: String,
    /// The members of the facts as a whole, each with a comma behind it.
    pub facts: Vec<String>,
}

impl FactsView {
    /// The facts of `protocol`.
    pub fn new(protocol: &Protocol, package: &Package, launch: &Launch) -> Self {
        let mut facts = vec![
            ("package", text(&package.name)),
            ("serverVersion", Doc::text("SERVER_VERSION")),
            ("clientVersion", Doc::text("VERSION")),
            ("launch", launch_facts(protocol, launch, package)),
        ];
        facts.extend(protocol.handshake.as_ref().map(|handshake| ("handshake", handshake_facts(handshake))));
        facts.push(("overload", overload_facts(launch)));
        facts.extend([
            ("domains", Doc::text("DOMAINS")),
            ("clientRequests", Doc::text("CLIENT_REQUESTS")),
            ("serverRequests", Doc::text("SERVER_REQUESTS")),
            ("handlers", Doc::text("HANDLERS")),
        ]);
        let aliases = protocol.aliases.requests.iter();
        facts.push(("requestAliases", tall_object(aliases.map(|(old, new)| (key(old), text(new))).collect())));
        facts.push(("notifications", Doc::text("NOTIFICATIONS")));
        facts.extend(protocol.sent_at.as_ref().map(|member| ("sentAt", text(member))));
        facts.push(("notificationAliases", Doc::text("ALIASES")));
        facts.push(("refusals", refusals(protocol)));
        let correlations: Vec<Doc> = protocol.correlations.iter().map(correlation_facts).collect();
        facts.push(("correlations", list(correlations)));
        facts.push(("secrets", texts(&protocol.secrets)));
        let print = |(name, value): (&str, Doc)| lay_out(&Doc::Concat(vec![property(name, value), Doc::text(",")]), 2);
        let release = string(semantic(&protocol.version));
        Self { release, version: string(&protocol.version), facts: facts.into_iter().map(print).collect() }
    }
}

fn text(value: &str) -> Doc {
    Doc::text(string(value))
}

fn texts(values: &[String]) -> Doc {
    list(values.iter().map(|value| text(value)).collect())
}

fn named(facts: Vec<(&str, Doc)>) -> Doc {
    tall_object(facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn launch_facts(protocol: &Protocol, launch: &Launch, package: &Package) -> Doc {
    let mut facts = vec![
        ("title", text(&launch.title)),
        ("command", text(&launch.command)),
        ("variable", text(&launch.variable)),
        ("arguments", texts(&launch.arguments)),
    ];
    facts.extend(launch.override_option.as_ref().map(|option| ("overrideOption", text(option))));
    if let Some(runtime) = &package.runtime {
        facts.push(("runtimePackage", text(&runtime.module)));
        facts.push(("runtimeBinary", text(&runtime.binary)));
        facts.push(("install", text(&format!("npm install {}@{}", runtime.name, protocol.version))));
    } else {
        facts.push(("install", text(&format!("put `{}` on the search path", launch.command))));
    }
    named(facts)
}

fn handshake_facts(handshake: &Handshake) -> Doc {
    let mut facts = vec![
        ("request", text(&handshake.request)),
        ("notification", text(&handshake.notification)),
        ("clientInfo", texts(&handshake.client_info)),
    ];
    facts.extend(handshake.experimental.as_ref().map(|path| ("experimental", texts(path))));
    facts.extend(handshake.version.as_ref().map(|place| ("version", version_facts(place))));
    named(facts)
}

fn version_facts(place: &VersionPlace) -> Doc {
    let mut facts = vec![("path", texts(&place.path))];
    facts.extend(place.after.as_ref().map(|after| ("after", text(after))));
    facts.extend(place.before.as_ref().map(|before| ("before", text(before))));
    named(facts)
}

fn overload_facts(launch: &Launch) -> Doc {
    let codes = launch.overload_codes.iter().map(|code| json(&Value::from(*code))).collect();
    named(vec![("codes", list(codes)), ("words", texts(&launch.overload_data))])
}

fn refusals(protocol: &Protocol) -> Doc {
    let requests = protocol.requests_from(Peer::Server);
    tall_object(requests.filter_map(|request| Some((key(&request.wire), json(request.refusal.as_ref()?)))).collect())
}

fn correlation_facts(correlation: &Correlation) -> Doc {
    let path = |key: &Key| texts(&key.path);
    let carriers = correlation.carriers.iter().map(|(wire, place)| (key(wire), path(place))).collect();
    let mut facts = vec![
        ("name", text(&correlation.name.to_string())),
        ("opens", text(&correlation.opens)),
        ("resultKey", path(&correlation.result_key)),
    ];
    facts.extend(correlation.scope.as_ref().map(|scope| ("scope", text(scope))));
    facts.push(("carriers", tall_object(carriers)));
    facts.push(("closes", text(&correlation.closes)));
    named(facts)
}
