//! `cargo xtask test`: everything that must hold, in one run.
//!
//! Knows how steps are chosen, run and summed up; what they are stands in `steps`, a list to which each language adds
//! its own. A step that fails stops only the steps that need it.

mod bench;
mod blocks;
mod cases;
mod docs;
mod downstream;
mod examples;
mod first_turn;
mod folder;
mod import;
mod marker;
mod offline;
mod prerequisites;
mod python;
mod side_by_side;
mod step;
mod steps;
mod summary;
mod suppressions;
mod surface;
mod typescript;

use crate::contract;
use crate::problem::Problem;
use crate::repo::Repo;
pub use bench::Bench;
use std::time::Instant;
use step::{Action, Step};
use summary::{Outcome, Summary};

/// Which steps to run.
#[derive(clap::Args)]
pub struct Test {
    /// Run this step, or all steps of this group, and what they need; may be given several times
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// List the steps and end
    #[arg(long)]
    list: bool,
    /// Rewrite tests/CONTRACT.md from this run's results; needs the step `contract`
    #[arg(long)]
    bless: bool,
}

/// Runs the chosen steps and prints what became of each.
pub fn run(repo: &Repo, args: &Test) -> Result<(), Problem> {
    repo.enter()?;
    let bench = Bench::new(repo, args.bless)?;
    let steps = steps::all(&bench);
    if args.list {
        for step in steps {
            println!("{:<18} {}", step.name, step.about);
        }
        return Ok(());
    }
    let chosen = step::choose(&steps, &args.only)?;
    if args.bless && !chosen.iter().any(|step| step.name == "contract") {
        return Err(Problem::usage("there is nothing to bless without the step `contract`")
            .help("cargo xtask test --only contract --bless"));
    }
    prerequisites::check(&chosen, &bench)?;
    contract::begin(repo)?;
    let mut summary = Summary::default();
    for step in chosen {
        let started = Instant::now();
        let outcome = match step.blocked(|needs| summary.missing(needs)) {
            Some(need) => Outcome::Skipped { need },
            None => perform(step, &bench),
        };
        summary.add(step.name, outcome, started.elapsed());
    }
    println!("\n{summary}");
    summary.verdict()
}

fn perform(step: &Step, bench: &Bench) -> Outcome {
    println!("\n== {}: {}", step.name, step.about);
    let result = match &step.action {
        Action::Run(commands) => commands.iter().try_for_each(crate::process::Invocation::show),
        Action::Prepare(act) | Action::Conclude(act) => act(bench),
    };
    match result {
        Ok(()) => Outcome::Passed,
        Err(problem) => {
            println!("{} failed: {problem}", step.name);
            Outcome::Failed
        }
    }
}
