//! Programs run on the real server, several at a time, each in an empty folder with a home of its own.

use super::block::Place;
use super::program::Program;
use super::write;
use crate::problem::Problem;
use crate::process::{Captured, Invocation, tail};
use crate::test::bench::Bench;
use crate::test::folder::replace;
use crate::test::offline::{Model, offline, still_running, write_home};
use crate::test::side_by_side;
use std::path::Path;
use std::time::Duration;

/// How long one may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A program that is ready.
pub struct Run {
    command: Invocation,
    place: Place,
    input: String,
    prints: Option<String>,
}

impl Run {
    /// The program of a block, run by `command`; none for a block that isn't run.
    pub fn new(program: &Program, command: Invocation) -> Option<Self> {
        let terms = program.terms;
        if terms.given.is_some() || terms.not_run.is_some() {
            return None;
        }
        let (input, prints) = (terms.input.clone().unwrap_or_default(), terms.prints.clone());
        Some(Self { command, place: program.place.clone(), input, prints })
    }

    fn run(&self, bench: &Bench, model: &Model) -> Result<(), Problem> {
        let folder = tempfile::tempdir().map_err(|error| self.place.problem(error))?;
        let said = self.perform(bench, model, folder.path()).map_err(|problem| self.place.problem(problem))?;
        let found = || tail("stdout", &said.stdout) + &tail("stderr", &said.stderr);
        match &self.prints {
            _ if !said.status.success() => {
                Err(self.place.problem(format!("run, this ended with {}{}", said.status, found())))
            }
            Some(text) if !said.stdout.contains(text) => {
                Err(self.place.problem(format!("run, this should have printed `{text}`{}", found())))
            }
            _ => Ok(()),
        }
    }

    fn perform(&self, bench: &Bench, model: &Model, folder: &Path) -> Result<Captured, Problem> {
        let (work, home, input) = (folder.join("work"), folder.join("home"), folder.join("input"));
        replace(&bench.repo.root().join("tests/docs/folder"), &work)?;
        write_home(&home, &model.url)?;
        write(&input, &self.input)?;
        let command = offline(self.command.clone().folder(&work).input(&input), &home).env("CODEX_BIN", &bench.server);
        let said = command.finish(DEADLINE);
        let left = still_running(&home);
        if left.is_empty() { said } else { Err(Problem::new(format!("what it has left running: {}", left.join(", ")))) }
    }
}

/// Runs them all, and gives what went wrong.
pub fn run_all(bench: &Bench, runs: &[Run]) -> Result<Vec<Problem>, Problem> {
    let model = Model::start(bench, "echo")?;
    let results = side_by_side::each(runs, |run| run.run(bench, &model));
    model.stop()?;
    Ok(results.into_iter().filter_map(Result::err).collect())
}
