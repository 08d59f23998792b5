//! Blocks of Rust: modules of one program, which is compiled once and told which of them to run.

use super::calls::{Call, Calls};
use super::functions::{self, File, Style};
use super::program::Program;
use super::running::Run;
use super::{copy, empty, write};
use crate::problem::Problem;
use crate::test::bench::Bench;
use std::fmt::Write as _;

const HEAD: &str = "#![allow(unused)]\n\nuse codex_app_server::*;\n";

const FUNCTIONS: Style = Style {
    open: |name, given| format!("pub async fn {name}({given}) -> Result<(), Error> {{"),
    indent: "    ",
    reached: " crate::driver::reached();",
    close: "Ok(()) }",
};

/// Read in `target/docs/rust`.
const MANIFEST: &str = r#"[package]
name = "docs"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
codex-app-server-sdk = { path = "../../../generated/codex/rust" }
serde = "1"
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }

[workspace]
"#;

/// Imports that nobody needs and results that nobody looks at have no place in docs.
const MAIN: &str = "#![deny(unused_imports, unused_must_use, deprecated)]\n\n";

pub fn prepare(bench: &Bench, programs: &[Program], calls: &Calls) -> Result<Vec<Run>, Problem> {
    let folder = bench.repo.target("docs/rust");
    empty(&folder)?;
    let target = bench.repo.target("downstream");
    let binary = target.join("debug").join(format!("docs{}", std::env::consts::EXE_SUFFIX));
    let mut modules = String::new();
    let mut choices = String::new();
    let mut runs = Vec::new();
    for program in programs.iter().filter(|program| program.terms.given.is_none()) {
        let (name, text) = (&program.name, &program.text);
        let start = "pub fn start() -> std::process::ExitCode {\n    std::process::Termination::report(main())\n}\n";
        write(&folder.join(format!("src/{name}.rs")), &format!("{text}\n{start}"))?;
        // Writing to a String can't fail.
        let _ = writeln!(modules, "mod {name};");
        let _ = writeln!(choices, "        Some({name:?}) => {name}::start(),");
        runs.push(Run::new(bench, program, bench.command(&binary).arg(name)));
    }
    for File { name, text } in functions::files(programs, &FUNCTIONS, HEAD) {
        write(&folder.join(format!("src/{name}.rs")), &text)?;
        let _ = writeln!(modules, "mod {name};");
    }
    copy(&bench.repo.root().join("tests/docs/driver.rs"), &folder.join("src/driver.rs"))?;
    write(&folder.join("src/calls.rs"), &all(calls))?;
    modules += "mod calls;\nmod driver;\n";
    choices += "        Some(part @ (\"messages\" | \"convenience\")) => driver::start(part),\n";
    runs.extend(Run::calls(bench, calls, &folder, |part| bench.command(&binary).arg(part))?);
    write(&folder.join("src/main.rs"), &format!("{MAIN}{modules}\n{}", dispatcher(&choices)))?;
    write(&folder.join("Cargo.toml"), MANIFEST)?;
    let lock = bench.repo.root().join("Cargo.lock");
    copy(&lock, &folder.join("Cargo.lock"))?;
    bench.cargo().args("build --quiet --offline").env("CARGO_TARGET_DIR", &target).folder(&folder).show()?;
    Ok(runs)
}

/// Functions that call all the others.
fn all(calls: &Calls) -> String {
    let lines = |calls: &[Call]| calls.iter().map(line).collect::<String>();
    format!(
        "use crate::driver::{{Objects, call, read}};
use codex_app_server::AppServerClient;

pub async fn messages(client: &AppServerClient) {{
{}}}

pub async fn convenience(objects: &Objects) {{
{}}}
",
        lines(&calls.messages),
        lines(&calls.convenience),
    )
}

fn line(Call { function, module, first, given }: &Call) -> String {
    let first = match first.as_str() {
        "client" => "client".to_owned(),
        "event" => "client.next_notification().await.expect(\"a notification\").notification()".to_owned(),
        "answer" => "|_, _| std::future::ready(Err(\"nobody asks\".into()))".to_owned(),
        object => format!("&objects.{object}"),
    };
    let mut arguments = vec![first];
    arguments.extend(given.iter().map(|(_, value)| format!("read({:?})", value.to_string())));
    let arguments = arguments.join(", ");
    format!("    call({function:?}, crate::{module}::{function}({arguments})).await;\n")
}

fn dispatcher(choices: &str) -> String {
    format!(
        "fn main() -> std::process::ExitCode {{
    match std::env::args().nth(1).as_deref() {{
{choices}        _ => std::process::ExitCode::from(2),
    }}
}}
"
    )
}
