//! `_facts.py`: what the runtime has to know about the protocol.

use serde_json::Value;

use crate::backend::pretty::Doc;
use crate::backend::python::code::{call, dict, json, keyword, lay_out, string, tuple};
use crate::ir::{Correlation, Handshake, Key, Launch, Package, Peer, Protocol, Request, Stability, VersionPlace};

use super::package::version;

/// `_facts.py`.
pub struct FactsView {
    /// The names that it imports from the runtime.
    pub imports: String,
    /// The arguments of the facts as a whole, each with its keyword.
    pub facts: Vec<String>,
}

impl FactsView {
    /// The facts of `protocol`.
    pub fn new(protocol: &Protocol, package: &Package, launch: &Launch) -> Self {
        let mut facts = vec![
            ("package", text(&package.module)),
            ("server_version", text(&protocol.version)),
            ("client_version", text(&version(&protocol.version))),
            ("launch", launch_facts(launch, package)),
        ];
        let mut names = vec!["LaunchFacts", "OverloadFacts", "ProtocolFacts"];
        if let Some(handshake) = &protocol.handshake {
            facts.push(("handshake", handshake_facts(handshake)));
            names.push("HandshakeFacts");
            names.extend(handshake.version.as_ref().map(|_| "VersionFacts"));
        }
        facts.push(("overload", overload_facts(launch)));
        let experimental = protocol
            .requests_from(Peer::Client)
            .filter(|request| request.meta.stability == Stability::Experimental)
            .map(|request| request.wire.clone());
        facts.push(("experimental_methods", set(experimental.collect())));
        let aliases = &protocol.aliases.requests;
        if !aliases.is_empty() {
            let entries = aliases.iter().map(|(old, new)| (string(old), text(new)));
            facts.push(("request_aliases", dict(entries.collect())));
        }
        facts.extend(protocol.sent_at.as_ref().map(|member| ("sent_at", text(member))));
        facts.push(("notifications", Doc::text("REGISTRY")));
        facts.push(("notification_aliases", Doc::text("ALIASES")));
        facts.push(("server_requests", Doc::text("SERVER_REQUESTS")));
        facts.push(("refusals", refusals(protocol)));
        if !protocol.correlations.is_empty() {
            facts.push(("correlations", tuple(protocol.correlations.iter().map(correlation_facts).collect())));
            names.push("CorrelationFacts");
        }
        facts.push(("secrets", set(protocol.secrets.clone())));
        names.sort_unstable();
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        let print = |(name, value): (&str, Doc)| lay_out(&Doc::Concat(vec![keyword(name, value), Doc::text(",")]), 4);
        Self {
            imports: lay_out(&crate::backend::python::code::import("._runtime.facts", &names), 0),
            facts: facts.into_iter().map(print).collect(),
        }
    }
}

fn text(value: &str) -> Doc {
    Doc::text(string(value))
}

fn texts(values: &[String]) -> Doc {
    tuple(values.iter().map(|value| text(value)).collect())
}

fn set(mut values: Vec<String>) -> Doc {
    values.sort_unstable();
    values.dedup();
    if values.is_empty() {
        return call("frozenset", Vec::new());
    }
    call("frozenset", vec![crate::backend::python::code::set(values.iter().map(|value| text(value)).collect())])
}

fn launch_facts(launch: &Launch, package: &Package) -> Doc {
    let mut facts = vec![
        ("title", text(&launch.title)),
        ("command", text(&launch.command)),
        ("variable", text(&launch.variable)),
        ("arguments", texts(&launch.arguments)),
    ];
    if let Some(option) = &launch.override_option {
        facts.push(("override_option", text(option)));
    }
    if let Some(runtime) = &package.runtime {
        facts.push(("runtime_package", text(&runtime.name)));
        facts.push(("runtime_module", text(&runtime.module)));
        facts.push(("runtime_binary", text(&runtime.binary)));
        facts.push(("install", text(&format!("pip install \"{}[runtime]\"", package.name))));
    }
    keywords("LaunchFacts", facts)
}

fn handshake_facts(handshake: &Handshake) -> Doc {
    let mut facts = vec![
        ("request", text(&handshake.request)),
        ("notification", text(&handshake.notification)),
        ("client_info", texts(&handshake.client_info)),
    ];
    facts.extend(handshake.experimental.as_ref().map(|path| ("experimental", texts(path))));
    facts.extend(handshake.version.as_ref().map(|place| ("version", version_facts(place))));
    keywords("HandshakeFacts", facts)
}

fn version_facts(place: &VersionPlace) -> Doc {
    let mut facts = vec![("path", texts(&place.path))];
    facts.extend(place.after.as_ref().map(|after| ("after", text(after))));
    facts.extend(place.before.as_ref().map(|before| ("before", text(before))));
    keywords("VersionFacts", facts)
}

fn overload_facts(launch: &Launch) -> Doc {
    let codes = launch.overload_codes.iter().map(|code| json(&Value::from(*code))).collect();
    keywords("OverloadFacts", vec![("codes", tuple(codes)), ("words", texts(&launch.overload_data))])
}

fn refusals(protocol: &Protocol) -> Doc {
    let refusal = |request: &Request| Some((string(&request.wire), json(request.refusal.as_ref()?)));
    dict(protocol.requests_from(Peer::Server).filter_map(refusal).collect())
}

fn correlation_facts(correlation: &Correlation) -> Doc {
    let path = |key: &Key| texts(&key.path);
    let carriers = correlation.carriers.iter().map(|(wire, key)| (string(wire), path(key))).collect();
    let mut facts = vec![
        ("name", text(&correlation.name.to_string())),
        ("opens", text(&correlation.opens)),
        ("result_key", path(&correlation.result_key)),
    ];
    facts.extend(correlation.scope.as_ref().map(|scope| ("scope", text(scope))));
    facts.push(("carriers", dict(carriers)));
    facts.push(("closes", text(&correlation.closes)));
    keywords("CorrelationFacts", facts)
}

fn keywords(function: &str, arguments: Vec<(&str, Doc)>) -> Doc {
    call(function, arguments.into_iter().map(|(name, value)| keyword(name, value)).collect())
}
