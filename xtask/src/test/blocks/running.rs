//! Programs run on the real server or on the scripted peer, several at a time, each in a folder and with a home of its
//! own.

use super::block::Terms;
use super::calls::{Call, Calls};
use super::program::Program;
use super::stand_in::StandIn;
use super::write;
use crate::problem::Problem;
use crate::process::{Captured, Invocation, tail};
use crate::test::bench::Bench;
use crate::test::folder::replace;
use crate::test::offline::{Model, offline, still_running, write_home};
use crate::test::side_by_side;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long one may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// A program that is ready.
pub struct Run {
    command: Invocation,
    /// What it is, for whoever has to mend it.
    name: String,
    /// What the peer plays, if it stands in for the server.
    scenario: Option<PathBuf>,
    input: String,
    prints: Option<String>,
}

impl Run {
    /// The program of a block, run by `command`.
    pub fn new(bench: &Bench, program: &Program, command: Invocation) -> Self {
        let Terms { input, prints, peer, .. } = program.terms;
        let scenario = peer.as_ref().map(|name| bench.repo.root().join(format!("tests/docs/{name}.json")));
        let input = input.clone().unwrap_or_default();
        Self { command, name: program.place.to_string(), scenario, input, prints: prints.clone() }
    }

    /// The two that call a language's functions, by the `driver` whose last argument says which to call.
    pub fn calls(
        bench: &Bench,
        calls: &Calls,
        folder: &Path,
        driver: impl Fn(&str) -> Invocation,
    ) -> Result<[Self; 2], Problem> {
        let messages = folder.join("messages.json");
        write(&messages, &format!("{:#}", calls.scenario))?;
        let run = |part: &str, calls: &[Call], scenario: PathBuf| Self {
            command: driver(part),
            name: format!("the functions of {part} in {}", bench.relative(folder).display()),
            scenario: Some(scenario),
            input: String::new(),
            prints: Some(format!("{} functions run to their ends", calls.len())),
        };
        let convenience = bench.repo.root().join("tests/docs/convenience.json");
        Ok([run("messages", &calls.messages, messages), run("convenience", &calls.convenience, convenience)])
    }

    fn run(&self, bench: &Bench, model: &Model) -> Result<(), Problem> {
        let wrong = |what: &dyn Display| Problem::new(format!("{}: {what}", self.name));
        let folder = tempfile::tempdir().map_err(|error| wrong(&error))?;
        let said = self.perform(bench, model, folder.path()).map_err(|problem| wrong(&problem))?;
        let found = || tails(&said);
        match &self.prints {
            _ if !said.status.success() => Err(wrong(&format!("run, this ended with {}{}", said.status, found()))),
            Some(text) if !said.stdout.contains(text) => {
                Err(wrong(&format!("run, this should have printed `{text}`{}", found())))
            }
            _ => Ok(()),
        }
    }

    fn perform(&self, bench: &Bench, model: &Model, folder: &Path) -> Result<Captured, Problem> {
        let (work, home, input) = (folder.join("work"), folder.join("home"), folder.join("input"));
        replace(&bench.repo.root().join("tests/docs/folder"), &work)?;
        write_home(&home, &model.url)?;
        write(&input, &self.input)?;
        let peer = self.scenario.as_ref().map(|scenario| StandIn::new(bench, scenario, folder)).transpose()?;
        let server = peer.as_ref().map_or(&bench.server, |peer| &peer.binary);
        let command = offline(self.command.clone().folder(&work).input(&input), &home).env("CODEX_BIN", server);
        let said = command.finish(DEADLINE)?;
        let left = still_running(&home);
        if !left.is_empty() {
            return Err(Problem::new(format!("what it has left running: {}", left.join(", "))));
        }
        peer.map_or(Ok(()), |peer| peer.check(&said))?;
        Ok(said)
    }
}

/// The ends of what a program has said.
pub fn tails(said: &Captured) -> String {
    tail("stdout", &said.stdout) + &tail("stderr", &said.stderr)
}

/// Runs them all, and gives what went wrong.
pub fn run_all(bench: &Bench, runs: &[Run]) -> Result<Vec<Problem>, Problem> {
    let model = Model::start(bench, "echo")?;
    let results = side_by_side::each(runs, |run| run.run(bench, &model));
    model.stop()?;
    Ok(results.into_iter().filter_map(Result::err).collect())
}
