//! `cargo xtask mutate`: whether the scenarios can fail.
//!
//! Each rule that scenarios show is broken by a small change in a copy of a package. Scenarios of the rule must then
//! fail, and others still pass. A change that no scenario notices means that the suite is worth nothing there.

mod copies;
mod list;

use crate::contract::results;
use crate::problem::Problem;
use crate::repo::Repo;
use crate::scenarios;
use crate::test::Bench;
use list::{Language, Mutation};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Which mutations to try.
#[derive(clap::Args)]
pub struct Mutate {
    /// Try the mutation of this name, or all of this rule; may be given several times
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
}

/// Long enough for a build, and for clients that hang until the runner's patience is at its end.
const DEADLINE: Duration = Duration::from_secs(600);

/// Tries the chosen mutations.
pub fn run(repo: &Repo, args: &Mutate) -> Result<(), Problem> {
    repo.enter()?;
    let bench = Bench::new(repo, false)?;
    let mutations = all(&bench)?;
    let chosen = |mutation: &&Mutation| {
        args.only.is_empty() || args.only.iter().any(|name| *name == mutation.name || *name == mutation.rule)
    };
    let mutations: Vec<&Mutation> = mutations.iter().filter(chosen).collect();
    if mutations.is_empty() {
        return Err(Problem::usage(format!("there is no mutation called {}", args.only.join(" or "))));
    }
    try_all(&bench, mutations)
}

/// Tries every mutation.
pub fn run_all(bench: &Bench) -> Result<(), Problem> {
    try_all(bench, all(bench)?.iter().collect())
}

fn all(bench: &Bench) -> Result<Vec<Mutation>, Problem> {
    list::read(&bench.repo.root().join("tests/mutations"), &scenarios::all(bench.repo)?)
}

/// One after the other, two of them at a time: much of the time is waiting. The Rust ones share a folder, so they are
/// one lane by themselves.
fn try_all(bench: &Bench, mutations: Vec<&Mutation>) -> Result<(), Problem> {
    let count = mutations.len();
    let (rust, others): (Vec<_>, Vec<_>) =
        mutations.into_iter().partition(|mutation| mutation.language() == Language::Rust);
    let (rust, others) = (Mutex::new(VecDeque::from(rust)), Mutex::new(VecDeque::from(others)));
    let survivors = Mutex::new(Vec::new());
    let work = |lane: &Mutex<VecDeque<&Mutation>>| {
        let next = || lane.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        while let Some(mutation) = next() {
            match attempt(bench, mutation) {
                Ok(()) => println!("{:<4} {:<60} noticed", mutation.rule, mutation.name),
                Err(problem) => {
                    println!("{:<4} {:<60} NOT NOTICED", mutation.rule, mutation.name);
                    let told = format!("{} ({}): {problem}", mutation.name, mutation.rule);
                    survivors.lock().unwrap_or_else(PoisonError::into_inner).push(told);
                }
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| work(&others));
        scope.spawn(|| work(&rust));
        work(&others);
    });
    let survivors = survivors.into_inner().unwrap_or_else(PoisonError::into_inner);
    if survivors.is_empty() {
        println!("{count} mutations, all of them noticed");
        return Ok(());
    }
    Err(Problem::new(format!("{} of {count} mutations:\n{}", survivors.len(), survivors.join("\n"))))
}

/// Runs the scenarios of one mutation, and compares what the runner has written with what must come of it.
fn attempt(bench: &Bench, mutation: &Mutation) -> Result<(), Problem> {
    let folder = copies::folder(bench, mutation);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(|error| Problem::io("removing", &folder, &error))?;
    }
    let results = folder.join("results");
    std::fs::create_dir_all(&results).map_err(|error| Problem::io("creating", &results, &error))?;
    let names: Vec<&str> = mutation.red.iter().chain(&mutation.green).map(String::as_str).collect();
    let command = bench
        .with_servers(copies::prepare(bench, mutation)?)
        .env("RPCSMITH_ONLY", names.join(","))
        .env("RPCSMITH_RESULTS", &results);
    let outcome = command.capture(DEADLINE).map(drop);
    verdict(mutation, &results, outcome.as_ref())?;
    // Only what went as it should is cleared away.
    std::fs::remove_dir_all(&folder).map_err(|error| Problem::io("removing", &folder, &error))
}

/// Whether the cases went as they must. `outcome` is what the runner itself says.
fn verdict(mutation: &Mutation, results: &Path, outcome: Result<&(), &Problem>) -> Result<(), Problem> {
    let lines = results::read(results)?;
    let mut problems = Vec::new();
    let expected = mutation.red.iter().map(|name| (name, false)).chain(mutation.green.iter().map(|name| (name, true)));
    for (case, passes) in expected {
        for client in &mutation.clients {
            let line = lines.iter().find(|line| line.case == *case && line.client == *client);
            match line.and_then(|line| line.passed) {
                Some(passed) if passed == passes => {}
                Some(true) => problems.push(format!("{case} of {client} passed")),
                Some(false) => problems.push(format!("{case} of {client} failed, though it has nothing to do with it")),
                None => problems.push(format!("{case} of {client} was not played")),
            }
        }
    }
    if outcome.is_ok() {
        problems.push("the runner says that all is well".to_owned());
    }
    if problems.is_empty() {
        return Ok(());
    }
    let told = outcome.err().map(|problem| format!("\n  {problem}")).unwrap_or_default();
    Err(Problem::new(problems.join("; ") + &told))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each says what stands in the sources now. Those of TypeScript are made in what is compiled, and not seen here.
    #[test]
    fn every_change_fits_the_sources() {
        let repo = Repo::find().unwrap();
        let scenarios = scenarios::all(&repo).unwrap();
        for mutation in list::read(&repo.root().join("tests/mutations"), &scenarios).unwrap() {
            let sources = match mutation.language() {
                Language::Python => "python/src/codex_app_server",
                Language::Rust => "rust/src",
                Language::TypeScript => continue,
            };
            let text = std::fs::read_to_string(repo.generated().join(sources).join(&mutation.file)).unwrap();
            mutation.apply(&text).unwrap();
        }
    }

    /// What is said of a mutation when its runner has written this.
    fn said(lines: &[(&str, &str, bool)], all_passed: bool) -> String {
        let folder = tempfile::tempdir().unwrap();
        let text: Vec<String> = lines
            .iter()
            .map(|(client, case, passed)| {
                let rule = &case[..3];
                serde_json::json!({"client": client, "rule": rule, "case": case, "passed": passed}).to_string()
            })
            .collect();
        std::fs::write(folder.path().join("x.jsonl"), text.join("\n")).unwrap();
        let mutation: Mutation = toml::from_str(
            "name = 'm'\nrule = 'C04'\nclients = ['python', 'python-async']\nfile = 'f'\nreplace = 'a'\nwith = 'b'\n\
             red = ['C04-a']",
        )
        .unwrap();
        let failed = Problem::new("`runner` ended with 1");
        let outcome = verdict(&mutation, folder.path(), if all_passed { Ok(&()) } else { Err(&failed) });
        outcome.map_or_else(|problem| problem.to_string(), |()| "noticed".to_owned())
    }

    #[test]
    fn a_mutation_is_noticed_only_by_its_own_scenarios_in_all_its_clients() {
        let both = |case: &'static str, passed| [("python", case, passed), ("python-async", case, passed)];
        let good = [both("C04-a", false), both("C06-a-typed-call", true)].concat();
        assert_eq!(said(&good, false), "noticed");
        assert!(said(&good, true).contains("the runner says that all is well"));
        assert!(said(&good[..3], false).contains("C06-a-typed-call of python-async was not played"));
        assert!(
            said(&[both("C04-a", true), both("C06-a-typed-call", true)].concat(), true)
                .contains("C04-a of python passed")
        );
        let broken = [both("C04-a", false), both("C06-a-typed-call", false)].concat();
        assert!(said(&broken, false).contains("nothing to do with it"));
        assert!(said(&[], false).contains("`runner` ended with 1"));
    }
}
