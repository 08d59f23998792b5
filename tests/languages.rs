//! Every method in every language: a table of methods × languages, and a failure for every gap in it.

use rpcsmith::ir::{Name, Peer, Request};
use rpcsmith::{Files, Inputs, Language};
use std::fmt::Write;
use std::path::Path;

/// What a typed call looks like in a language's clients: the files, and how the declaration starts.
fn declarations(language: Language, name: &Name) -> Vec<(&'static str, String)> {
    match language {
        Language::Python => vec![
            ("src/codex_app_server/client.py", format!("    def {}(", name.snake())),
            ("src/codex_app_server/async_client.py", format!("    async def {}(", name.snake())),
        ],
        Language::Rust => vec![("src/client.rs", format!("    pub fn {}(", name.snake()))],
        Language::TypeScript => vec![("src/client.ts", format!("  {}(", name.camel()))],
    }
}

/// Whether every declaration of a call stands at the beginning of a line, whatever follows its name.
fn has_call(files: &Files, language: Language, request: &Request) -> bool {
    declarations(language, &request.name).into_iter().all(|(path, start)| {
        let text = files.get(path).map(String::from_utf8_lossy).unwrap_or_default();
        let bare = start.trim_end_matches('(');
        text.lines().any(|line| line.strip_prefix(bare).is_some_and(|rest| rest.starts_with(['(', '<'])))
    })
}

#[test]
fn every_method_has_a_typed_call_in_every_language() {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/codex");
    let inputs = Inputs { profile: schema.join("profile.toml"), schema, lenient: false };
    let (protocol, _) = rpcsmith::load(&inputs).unwrap_or_else(|problems| panic!("{problems}"));
    let packages = rpcsmith::render(&protocol, &Language::ALL).unwrap_or_else(|problems| panic!("{problems}"));
    let mut table = String::new();
    let mut gaps = 0;
    for request in protocol.requests_from(Peer::Client) {
        write!(table, "{:<48}", request.wire).expect("a string takes any text");
        for (language, files) in &packages {
            let there = has_call(files, *language, request);
            gaps += usize::from(!there);
            write!(table, " {:<11}", if there { language.name() } else { "MISSING" }).expect("a string takes any text");
        }
        table.push('\n');
    }
    println!("{table}");
    assert_eq!(table.lines().count(), 172);
    assert_eq!(gaps, 0, "\n{table}");
}
