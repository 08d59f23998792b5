//! What each package really has for its users, compared with the model: a class, a method or a parameter that is
//! missing in one language fails.
//!
//! The packages tell it themselves: what Python's interpreter finds in the imported package, what TypeScript's
//! compiler finds in its declarations, what rustdoc finds in the crate. `tests/surface/README.md` says what they print.

mod compare;
mod expected;
mod rustdoc;

use super::bench::Bench;
use super::typescript;
use crate::problem::Problem;
use crate::process::Invocation;
use expected::Expected;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What users can name.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Surface {
    /// What the package's root exports.
    pub root: Vec<String>,
    /// The notifications of its registry.
    pub notifications: Vec<String>,
    /// The members of each class of the root.
    pub classes: BTreeMap<String, Members>,
}

/// The parameters of each method of a class; nothing for what is no method.
pub type Members = BTreeMap<String, Option<Vec<String>>>;

/// A client, as users of a package see it.
pub struct Client {
    pub name: &'static str,
    /// What the names of its classes begin with.
    pub prefix: &'static str,
    /// Parameters that all its calls take besides.
    pub options: &'static [&'static str],
    /// What stands among parameters and is none.
    pub others: &'static [&'static str],
    pub surface: Surface,
}

/// What calls and params have in Rust beside a setter for each parameter.
const OF_BUILDERS: &[&str] = &["extra", "new", "no_timeout", "retry", "stream", "with_params"];

const DEADLINE: Duration = Duration::from_secs(300);

/// Asks the three packages, and compares the four clients.
pub fn check(bench: &Bench) -> Result<(), Problem> {
    let expected = Expected::of(&bench.repo.protocol()?);
    let scripts = bench.repo.root().join("tests/surface");
    let python: Surface = printed(&bench.tool("python").arg(scripts.join("python.py")))?;
    let node = bench.command("node").arg(scripts.join("typescript.mjs")).arg(typescript::project(bench));
    let clients = [
        Client {
            name: "rust",
            prefix: "",
            options: &["timeout"],
            others: OF_BUILDERS,
            surface: rustdoc::surface(bench)?,
        },
        Client { name: "python", prefix: "", options: &["timeout"], others: &[], surface: python.clone() },
        Client { name: "python-async", prefix: "Async", options: &["timeout"], others: &[], surface: python },
        Client {
            name: "typescript",
            prefix: "",
            options: &["signal", "timeoutMs"],
            others: &[],
            surface: printed(&node)?,
        },
    ];
    let mut problems = Vec::new();
    for client in &clients {
        let (found, lacks) = compare::with_model(client, &expected);
        println!("{:<13} {found}", client.name);
        problems.extend(lacks);
    }
    problems.extend(compare::with_each_other(&clients, &expected));
    if problems.is_empty() { Ok(()) } else { Err(Problem::new(problems.join("\n"))) }
}

fn printed(program: &Invocation) -> Result<Surface, Problem> {
    let printed = program.capture(DEADLINE)?.stdout;
    serde_json::from_str(&printed).map_err(|error| Problem::new(format!("`{program}` printed no surface: {error}")))
}

/// A name without what languages differ in: `thread_start`, `threadStart` and `ThreadStart` are one.
pub fn plain(name: &str) -> String {
    name.trim_start_matches("r#")
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// All of them, without what languages differ in.
pub fn all_plain<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
    names.into_iter().map(|name| plain(name)).collect()
}
