//! A scenario file, as `tests/scenarios/README.md` says what may stand in it.
//!
//! Knows both sides' steps and nothing of how they are played.

mod client_check;
mod client_steps;
pub mod names;
pub mod pattern;
mod peer_check;
pub mod peer_steps;
pub mod place;
mod scope;
pub mod template;

use crate::problem::Problem;
use client_check::ClientCheck;
pub use client_steps::CLIENTS;
use peer_steps::Step;
use place::{At, Members, Placed};
use rpcsmith::diagnostic::Diagnostic;
use serde_json::Value;
use std::path::Path;

/// What the other programs want to know of a scenario that is right.
#[derive(Debug, Clone, Default)]
pub struct Scenario {
    /// The peer's script; none where the real server plays.
    pub peer: Vec<Step>,
    /// Whether it is played against the real server.
    pub real: bool,
    /// The clients that it doesn't concern, and why not.
    pub without: Vec<(&'static str, String)>,
}

/// Reads the scenario of a file; what is wrong with it is told all at once.
pub fn read(path: &Path) -> Result<Scenario, Problem> {
    let text = std::fs::read_to_string(path).map_err(|error| Problem::io("reading the scenario", path, &error))?;
    parse(&text).map_err(|problems| {
        let told: Vec<String> = problems.into_iter().map(|problem| told(problem, path)).collect();
        Problem::new(format!("this is no scenario\n{}", told.join("\n")))
            .help("tests/scenarios/README.md says what may stand in one")
    })
}

/// A problem with its file.
fn told(mut problem: Diagnostic, path: &Path) -> String {
    problem.file = path.display().to_string();
    problem.to_string()
}

fn parse(text: &str) -> Result<Scenario, Vec<Diagnostic>> {
    let one = |problem| vec![problem];
    let file: Value =
        serde_json::from_str(text).map_err(|error| one(At::default().wrong(error.to_string(), "JSON")))?;
    let members = Placed::new(At::default(), &file).members().map_err(one)?;
    let mut problems = Vec::new();
    let real = members.get("server").is_some();
    let without = head(&members, &mut problems);
    let facade = members.get("facade").is_some();
    let peer = members.get("peer").map_or(Ok(Vec::new()), |list| peer_steps::parse(&list)).unwrap_or_else(|found| {
        problems.extend(found);
        Vec::new()
    });
    problems.extend(peer_check::check(&peer));
    match members.need("client") {
        Ok(client) => {
            problems.extend(ClientCheck::new(real, facade).run(
                members.get("config"),
                members.get("handlers"),
                &client,
            ));
        }
        Err(problem) => problems.push(problem),
    }
    if problems.is_empty() { Ok(Scenario { peer, real, without }) } else { Err(problems) }
}

/// Everything but the scripts. Gives the clients that the scenario doesn't concern.
fn head(members: &Members<'_>, problems: &mut Vec<Diagnostic>) -> Vec<(&'static str, String)> {
    let known = ["about", "clients", "facade", "config", "handlers", "peer", "server", "client"];
    problems.extend(members.only(&known).err());
    problems.extend(members.maybe("facade", Placed::is_true).err());
    problems.extend(members.need("about").and_then(|about| about.text()).err());
    match (members.get("peer"), members.get("server")) {
        (Some(_), None) => {}
        (None, Some(server)) => problems.extend(check_server(&server).err()),
        _ => problems.push(members.at.wrong("a scenario", "either `peer` or `server`")),
    }
    members
        .maybe("clients", without)
        .unwrap_or_else(|problem| {
            problems.push(problem);
            None
        })
        .unwrap_or_default()
}

fn without(clients: &Placed<'_>) -> Result<Vec<(&'static str, String)>, Diagnostic> {
    let members = clients.members()?;
    members.only(&["only", "because"])?;
    let reason = members.need("because")?.text()?;
    let listed = members.need("only")?;
    let choices: Vec<(&str, &str)> = CLIENTS.iter().map(|name| (*name, *name)).collect();
    let only: Vec<&str> = listed.items()?.iter().map(|name| name.one_of(&choices)).collect::<Result<_, _>>()?;
    if only.is_empty() || only.len() == CLIENTS.len() {
        return Err(listed.at.not("some of the clients, not none and not all", listed.value));
    }
    Ok(CLIENTS.iter().filter(|name| !only.contains(name)).map(|name| (*name, reason.to_owned())).collect())
}

fn check_server(server: &Placed<'_>) -> Result<(), Diagnostic> {
    let members = server.members()?;
    members.only(&["model", "home", "toml"])?;
    members.need("model")?.text()?;
    members.maybe("toml", Placed::text)?;
    if let Some(home) = members.get("home") {
        home.members()?.iter().try_for_each(|(_, value)| value.text().map(drop))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
