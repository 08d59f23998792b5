//! A user's program that runs a first turn, with the real server and a model that repeats what it is told.
//!
//! Knows what such a program has to print, and that nothing may be left running; not how programs come about.

use super::bench::Bench;
use super::offline::{Model, offline, still_running, write_home};
use crate::problem::Problem;
use crate::process::{Invocation, tail};
use std::path::Path;
use std::time::Duration;

/// What the programs ask, and so what they print.
const QUESTION: &str = "What is in this folder?";
/// How long a program may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// Runs the program with its home in `folder`, and checks what it prints and leaves behind. It is told of the server,
/// unless it has to find one itself.
pub fn run(bench: &Bench, folder: &Path, program: &Invocation, server: Option<&Path>) -> Result<(), Problem> {
    let model = Model::start(bench, "echo")?;
    let home = folder.join("codex-home");
    write_home(&home, &model.url)?;
    println!("$ {program}");
    let said = offline(program.clone(), &home).env("CODEX_BIN", server.unwrap_or(Path::new(""))).capture(DEADLINE);
    let left = still_running(&home);
    model.stop()?;
    let said = said?;
    if said.stdout.trim() != QUESTION {
        let found = tail("stdout", &said.stdout) + &tail("stderr", &said.stderr);
        return Err(Problem::new(format!("`{program}` should have printed `{QUESTION}`{found}"))
            .help("the model repeats what it is told; a program that asks nothing or drops deltas prints less"));
    }
    if !left.is_empty() {
        return Err(Problem::new(format!("`{program}` has ended and left running: {}", left.join(", "))));
    }
    Ok(())
}
