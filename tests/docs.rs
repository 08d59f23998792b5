//! The docs leave nothing out: every method, notification, request of the server, type, and class of the convenience
//! layer has its heading, and every message its lines in each language.

use rpcsmith::ir::{Peer, Protocol};
use rpcsmith::{Files, Inputs, Output};
use std::path::Path;

fn codex() -> (Protocol, Files) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/codex");
    let inputs = Inputs { profile: schema.join("profile.toml"), schema, lenient: false };
    let (protocol, _) = rpcsmith::load(&inputs).unwrap_or_else(|problems| panic!("{problems}"));
    let mut outputs = rpcsmith::render(&protocol, &[Output::Docs]).unwrap_or_else(|problems| panic!("{problems}"));
    (protocol, outputs.remove(0).1)
}

fn text(files: &Files, path: &str) -> String {
    let content = files.get(path).unwrap_or_else(|| panic!("there is no {path}"));
    String::from_utf8(content.to_vec()).expect("UTF-8")
}

/// What stands under a heading, up to the next one of its kind.
fn section(page: &str, heading: &str) -> Option<String> {
    let level = heading.split(' ').next().expect("the heading's level");
    let start = page.find(&format!("\n{heading}\n"))? + 1;
    let rest = &page[start + heading.len()..];
    let end = rest.find(&format!("\n{level} ")).unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

#[test]
fn every_message_is_told_with_its_lines_in_each_language() {
    let (protocol, files) = codex();
    let requests = protocol.requests.iter().map(|request| (&request.wire, &request.domain));
    let notifications = protocol.notifications_from(Peer::Server).map(|sent| (&sent.wire, &sent.domain));
    let names = text(&files, "names.md");
    let mut count = 0;
    for (wire, domain) in requests.chain(notifications) {
        let page = text(&files, &format!("reference/{}.md", domain.snake().replace('_', "-")));
        let section = section(&page, &format!("### `{wire}`")).unwrap_or_else(|| panic!("nothing is told of {wire}"));
        for fence in ["```python\n", "```ts\n", "```rust\n"] {
            assert_eq!(section.matches(fence).count(), 1, "{wire}: {fence}{section}");
        }
        assert!(names.contains(&format!("| [`{wire}`](reference/")), "{wire} is not among all names");
        count += 1;
    }
    assert!(count > 200, "there are {count} messages");
}

#[test]
fn what_refuses_for_want_of_a_handler_is_told() {
    let (protocol, files) = codex();
    let mut refused = 0;
    for request in protocol.requests_from(Peer::Server) {
        let page = text(&files, &format!("reference/{}.md", request.domain.snake().replace('_', "-")));
        let section = section(&page, &format!("### `{}`", request.wire)).expect("its section");
        let expected = match &request.refusal {
            Some(refusal) => {
                refused += 1;
                format!("this is the answer: `{refusal}`.")
            }
            None => "the server gets an error.".to_owned(),
        };
        assert!(section.contains(&expected), "{}: {section}", request.wire);
    }
    assert!(refused > 3, "{refused} requests are refused");
}

#[test]
fn every_type_is_told() {
    let (protocol, files) = codex();
    for (id, def) in protocol.types.iter() {
        let page = format!("types/{}.md", def.domain.snake().replace('_', "-"));
        let name = def.name.pascal();
        let heading = files.get(&page).is_some_and(|_| text(&files, &page).contains(&format!("\n## `{name}`\n")));
        // Params that are objects stand where their message is.
        let of_request = protocol.requests.iter().any(|request| {
            let params = request.params.ty().and_then(|ty| protocol.types.as_struct(ty));
            params.is_some_and(|(params, _)| params == id)
        });
        assert!(heading != of_request, "{name}: heading {heading}, of a request {of_request}");
    }
}

#[test]
fn every_class_of_the_convenience_layer_is_told() {
    let (protocol, files) = codex();
    let page = text(&files, "convenience.md");
    let facade = protocol.facade.expect("a convenience layer");
    for resource in &facade.resources {
        let class = section(&page, &format!("## `{}`", resource.name.pascal())).expect("the class");
        for operation in &resource.operations {
            assert!(class.contains(&format!("\n### `{}`", operation.name.snake())), "{}", operation.name);
        }
    }
    for name in facade.presets.iter().map(|preset| &preset.name).chain(facade.shorthands.iter().map(|one| &one.name)) {
        assert!(page.contains(&format!("\n## `{}`\n", name.pascal())), "{name}");
    }
}
