//! How long a generation takes and how much memory it needs: measured, and never judged.

use crate::problem::Problem;
use crate::process::Invocation;
use crate::repo::Repo;
use rpcsmith::{BUILT, Inputs, Output};
use std::path::Path;
use std::time::{Duration, Instant};

const RUNS: usize = 20;

/// Measures in a release build, making one first if this is none.
pub fn run(repo: &Repo) -> Result<(), Problem> {
    repo.enter()?;
    if cfg!(debug_assertions) {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        return Invocation::new(cargo).args("run --quiet --release --package xtask -- bench").show();
    }
    let schema = Path::new("schema/codex");
    let inputs = Inputs { schema: schema.to_owned(), profile: schema.join("profile.toml"), lenient: false };
    let mut loads = Vec::with_capacity(RUNS);
    let packages: Vec<Output> = BUILT.iter().copied().filter(|output| matches!(output, Output::Package(_))).collect();
    let (mut languages, mut renders) = (Vec::with_capacity(RUNS), Vec::with_capacity(RUNS));
    for _ in 0..RUNS {
        let started = Instant::now();
        let (protocol, _) = rpcsmith::load(&inputs).map_err(|problems| Problem::new(problems.to_string()))?;
        loads.push(started.elapsed());
        let started = Instant::now();
        rpcsmith::render(&protocol, &packages).map_err(|problems| Problem::new(problems.to_string()))?;
        languages.push(started.elapsed());
        let started = Instant::now();
        rpcsmith::render(&protocol, BUILT).map_err(|problems| Problem::new(problems.to_string()))?;
        renders.push(started.elapsed());
    }
    println!("{RUNS} runs, in ms: minimum, median, maximum");
    println!("load and lower  {}", summary(&mut loads));
    println!("three languages {}", summary(&mut languages));
    println!("and the docs    {}", summary(&mut renders));
    if let Some(peak) = peak_memory() {
        println!("peak memory     {peak}");
    }
    Ok(())
}

fn summary(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    format!("{:7.1} {:7.1} {:7.1}", at(0), at(times.len() / 2), at(times.len().saturating_sub(1)))
}

/// The most memory that this process had at once, where the system tells.
fn peak_memory() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().to_owned())
}
