//! C28: what is public says what it does, and which wire method is behind it; what is experimental says so. Read off
//! the packages as they are generated. And C30 in Rust, where importing does nothing.

use super::bench::Bench;
use crate::contract;
use crate::problem::Problem;
use crate::repo::Repo;
use rpcsmith::ir::{Peer, Protocol, Stability};
use rpcsmith::{Files, Language, Output};
use serde_json::{Value, json};
use std::io::Write as _;

/// Where a client's calls, handlers and notifications are declared.
struct Place {
    client: &'static str,
    language: Language,
    calls: &'static str,
    handlers: &'static str,
    notifications: &'static str,
}

const PLACES: &[Place] = &[
    Place {
        client: "rust",
        language: Language::Rust,
        calls: "src/client.rs",
        handlers: "src/handlers.rs",
        notifications: "src/notifications.rs",
    },
    Place {
        client: "python",
        language: Language::Python,
        calls: "src/codex_app_server/client.py",
        handlers: "src/codex_app_server/handlers.py",
        notifications: "src/codex_app_server/notifications.py",
    },
    Place {
        client: "python-async",
        language: Language::Python,
        calls: "src/codex_app_server/async_client.py",
        handlers: "src/codex_app_server/handlers.py",
        notifications: "src/codex_app_server/notifications.py",
    },
    Place {
        client: "typescript",
        language: Language::TypeScript,
        calls: "src/client.ts",
        handlers: "src/handlers.ts",
        notifications: "src/notifications.ts",
    },
];

/// Looks through the docs of every client, and writes down how each does.
pub fn check(bench: &Bench) -> Result<(), Problem> {
    let (protocol, packages) = rendered(bench.repo)?;
    let mut lacks = Vec::new();
    for place in PLACES {
        let files = packages.iter().find(|(output, _)| *output == place.language.into()).map(|(_, files)| files);
        let found = files.map_or_else(|| vec!["there is no package".to_owned()], |files| look(&protocol, place, files));
        note(bench, &line(place.client, "C28", "C28-what-is-public-says-what-it-does", Some(found.is_empty())))?;
        lacks.extend(found.into_iter().map(|lack| format!("{}: {lack}", place.client)));
    }
    let mut nothing = line("rust", "C30", "C30-importing-does-nothing", None);
    nothing["because"] = "a crate is compiled in; using it loads nothing".into();
    note(bench, &nothing)?;
    println!("{} clients looked through", PLACES.len());
    if lacks.is_empty() { Ok(()) } else { Err(Problem::new(lacks.join("\n"))) }
}

/// The protocol and its packages, as they are generated.
fn rendered(repo: &Repo) -> Result<(Protocol, Vec<(Output, Files)>), Problem> {
    let protocol = repo.protocol()?;
    let packages =
        rpcsmith::render(&protocol, &Language::ALL).map_err(|problems| Problem::new(problems.to_string()))?;
    Ok((protocol, packages))
}

fn line(client: &str, rule: &str, case: &str, passed: Option<bool>) -> Value {
    json!({"client": client, "rule": rule, "case": case, "passed": passed})
}

fn note(bench: &Bench, line: &Value) -> Result<(), Problem> {
    let folder = contract::folder(bench.repo);
    let path = folder.join("docs.jsonl");
    let append = || {
        std::fs::create_dir_all(&folder)?;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&path)?;
        file.write_all(format!("{line}\n").as_bytes())
    };
    append().map_err(|error: std::io::Error| Problem::io("writing", &path, &error))
}

/// What the docs of one client lack.
fn look(protocol: &Protocol, place: &Place, files: &Files) -> Vec<String> {
    let text = |path: &str| files.get(path).map(String::from_utf8_lossy).unwrap_or_default();
    let (calls, handlers, notifications) = (text(place.calls), text(place.handlers), text(place.notifications));
    let asked = protocol.requests_from(Peer::Server).map(|request| (&handlers, request));
    let all = protocol.requests_from(Peer::Client).map(|request| (&calls, request)).chain(asked);
    let mut lacks = Vec::new();
    for (text, request) in all {
        let experimental = request.meta.stability == Stability::Experimental;
        match documented(text, &request.wire) {
            None => lacks.push(format!("nothing says that `{}` is behind it", request.wire)),
            Some(doc) if experimental && !doc.to_lowercase().contains("experimental") => {
                lacks.push(format!("`{}` doesn't say that it is experimental", request.wire));
            }
            Some(_) => {}
        }
        if request.meta.doc.is_empty() {
            lacks.push(format!("`{}` has no prose", request.wire));
        }
    }
    for notification in protocol.notifications_from(Peer::Server) {
        if !notifications.contains(&notification.wire) {
            lacks.push(format!("nothing says which notification is `{}`", notification.wire));
        }
        if notification.meta.doc.is_empty() {
            lacks.push(format!("`{}` has no prose", notification.wire));
        }
    }
    lacks
}

/// How much may stand behind the line that names the wire method: a tag.
const TAG: usize = 40;

/// What stands between the docs before and the line that names the wire method, and what is right behind that.
fn documented(text: &str, wire: &str) -> Option<String> {
    let (before, behind) = text.split_once(&format!("Wire method: `{wire}`"))?;
    let doc = before.rsplit("Wire method: `").next()?;
    Some(doc.chars().chain(behind.chars().take(TAG)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The files with every `from` of one of them replaced.
    fn changed(files: &Files, path: &str, from: &str, to: &str) -> Files {
        let text = String::from_utf8_lossy(files.get(path).unwrap());
        assert!(text.contains(from), "{path} has no `{from}`");
        let mut changed = files.clone();
        changed.replace(path, text.replace(from, to));
        changed
    }

    /// Each client's docs are broken in turn, and that is noticed.
    #[test]
    fn what_the_docs_lack_is_told() {
        let (protocol, packages) = rendered(&Repo::find().unwrap()).unwrap();
        for place in PLACES {
            let files = &packages.iter().find(|(output, _)| *output == place.language.into()).unwrap().1;
            assert_eq!(look(&protocol, place, files), Vec::<String>::new());
            let lacks = |path, from, to| look(&protocol, place, &changed(files, path, from, to)).join("; ");
            let told = lacks(place.calls, "Wire method: `turn/start`", "Starts a turn");
            assert!(told.contains("nothing says that `turn/start` is behind it"), "{}: {told}", place.client);
            let told = lacks(place.calls, "xperimental", "xciting");
            assert!(told.contains("`environment/add` doesn't say that it is experimental"), "{}: {told}", place.client);
            let told = lacks(place.handlers, "`item/tool/call`", "this");
            assert!(told.contains("`item/tool/call`"), "{}: {told}", place.client);
            let told = lacks(place.notifications, "turn/completed", "turn/done");
            assert!(told.contains("which notification is `turn/completed`"), "{}: {told}", place.client);
        }
    }

    #[test]
    fn docs_are_found_by_their_last_line() {
        let gap = " ".repeat(TAG);
        let text = format!("Does a.\nWire method: `a`.{gap}\nDoes b. Experimental.\nWire method: `b`.\n");
        assert!(documented(&text, "a").is_some_and(|doc| doc.contains("Does a") && !doc.contains("Experimental")));
        assert!(documented(&text, "b").is_some_and(|doc| doc.contains("Experimental") && !doc.contains("Does a")));
        assert_eq!(documented(&text, "c"), None);
    }
}
