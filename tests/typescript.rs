//! The TypeScript package of the committed schema: what can be seen without Node.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rpcsmith::ir::{Peer, Protocol};
use rpcsmith::{Files, Inputs, Language};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn generated() -> (Protocol, Files) {
    let schema = root().join("schema/codex");
    let inputs = Inputs { profile: schema.join("profile.toml"), schema, lenient: false };
    let (protocol, _) = rpcsmith::load(&inputs).unwrap_or_else(|problems| panic!("{problems}"));
    let mut packages =
        rpcsmith::render(&protocol, &[Language::TypeScript]).unwrap_or_else(|problems| panic!("{problems}"));
    let (_, files) = packages.remove(0);
    (protocol, files)
}

fn text(files: &Files, path: &str) -> String {
    String::from_utf8_lossy(files.get(path).unwrap_or_else(|| panic!("no {path}"))).into_owned()
}

fn identifier(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|letter| letter.is_alphanumeric() || "_$".contains(*letter)).collect();
    (!name.is_empty()).then_some(name)
}

/// The names that code declares: types, values, members, methods.
fn declared(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in text.lines() {
        let exported = line.strip_prefix("export ").and_then(|line| line.split_once(' ')).map(|(_, rest)| rest);
        let member = line.strip_prefix("  ").filter(|line| line.starts_with(char::is_alphabetic));
        if let Some(name) = exported.or(member).and_then(identifier) {
            names.push(name);
        }
    }
    names
}

#[test]
fn no_name_ends_in_a_number_that_the_schema_does_not_have() {
    let schema = fs::read_to_string(root().join("schema/codex/experimental.json")).expect("the committed schema");
    let numbered = |name: &str| name.ends_with(|letter: char| letter.is_ascii_digit());
    let words = schema.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| numbered(word));
    let known: BTreeSet<String> = words.map(str::to_lowercase).collect();
    let (_, files) = generated();
    let mut checked = 0;
    for (path, content) in files.iter().filter(|(path, _)| path.starts_with("src/") && !path.contains("/runtime/")) {
        for name in declared(&String::from_utf8_lossy(content)) {
            checked += 1;
            let plain = name.replace('_', "").to_lowercase();
            assert!(!numbered(&plain) || known.iter().any(|word| plain.ends_with(word.as_str())), "{path}: {name}");
        }
    }
    assert!(checked > 5_000, "only {checked} names were found");
}

#[test]
fn every_message_has_its_place() {
    let (protocol, files) = generated();
    let client = text(&files, "src/client.ts");
    let handlers = text(&files, "src/handlers.ts");
    let notifications = text(&files, "src/notifications.ts");
    let greeting = protocol.handshake.as_ref().map(|handshake| handshake.request.as_str());
    let calls = protocol.requests_from(Peer::Client).filter(|request| Some(request.wire.as_str()) != greeting);
    for request in calls {
        assert!(client.contains(&format!("\n  {}(", request.name.camel())), "{}", request.wire);
        assert!(client.contains(&format!("Wire method: `{}`.", request.wire)), "{}", request.wire);
    }
    for request in protocol.requests_from(Peer::Server) {
        assert!(handlers.contains(&format!("\n  {}?:", request.name.camel())), "{}", request.wire);
    }
    for notification in protocol.notifications_from(Peer::Server) {
        assert!(notifications.contains(&notification.wire), "{}", notification.wire);
    }
}

#[test]
fn every_type_is_described() {
    let (protocol, files) = generated();
    let declared: BTreeSet<String> = files
        .iter()
        .filter(|(path, _)| path.starts_with("src/descriptors/"))
        .flat_map(|(_, content)| declared(&String::from_utf8_lossy(content)))
        .collect();
    for def in &protocol.types.defs {
        assert!(declared.contains(&def.name.pascal()), "{}", def.name);
    }
}

#[test]
fn no_printed_line_is_too_long() {
    let (_, files) = generated();
    let printed = |path: &str| path.starts_with("src/") && !path.starts_with("src/runtime/");
    for (path, content) in files.iter().filter(|(path, _)| printed(path)) {
        for line in String::from_utf8_lossy(content).lines() {
            assert!(line.chars().count() <= 100, "{path}: {line}");
            assert!(!line.ends_with(' ') && !line.contains('\t'), "{path}: {line:?}");
        }
    }
}

#[test]
fn the_readme_installs_the_server_that_the_package_was_made_for() {
    let (protocol, files) = generated();
    let runtime = protocol.packages["typescript"].runtime.as_ref().expect("the package that brings the server");
    let readme = text(&files, "README.md");
    let command =
        format!("npm install {} {}@{}\n", protocol.packages["typescript"].name, runtime.name, protocol.version);
    assert!(readme.contains(&command), "templates/codex/typescript/README.md doesn't say: {command}");
}
