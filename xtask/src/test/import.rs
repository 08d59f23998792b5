//! What importing the Python package costs, beside the package that the server's makers publish.
//!
//! Both are measured in turns, in fresh interpreters of one version with the same dependencies, so that a slow or busy
//! machine slows both. Knows nothing of what the packages are made of.

use super::bench::Bench;
use super::marker::Marker;
use crate::problem::Problem;
use crate::process::{Invocation, in_venv};
use crate::schema::sha256;
use std::path::{Path, PathBuf};
use std::time::Duration;

const THEIRS: &str = "openai-codex==0.163.0";
/// How often each import is measured; the middle one counts.
const ROUNDS: usize = 9;
/// How many of our imports must fit into one of theirs.
const TIMES: u64 = 4;
/// How many bytes may be resident in all.
const RESIDENT: u64 = 40_000_000;
const DEADLINE: Duration = Duration::from_secs(120);

/// Prints the microseconds that an import takes, and the most bytes that were resident by then.
const PROGRAM: &str = r#"
import sys, time
start = time.perf_counter()
exec(sys.argv[1])
took = time.perf_counter() - start
# What `resource` says may be a parent's, from before this program began.
try:
    status = open("/proc/self/status")
except OSError:
    import resource
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
else:
    peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
print(round(took * 1e6), peak)
"#;

/// Something to import, by the interpreter that has it.
struct Import {
    line: &'static str,
    python: PathBuf,
}

/// What came of it, in microseconds and bytes; the middle of all rounds.
struct Cost {
    took: u64,
    resident: u64,
}

/// Measures the root, and what a user needs first of it, which loads what talks with the server.
pub fn check(bench: &Bench) -> Result<(), Problem> {
    let ours = in_venv(&bench.venv(), "python");
    let imports = [
        Import { line: "import openai_codex", python: their_python(bench)? },
        Import { line: "import codex_app_server", python: ours.clone() },
        Import { line: "from codex_app_server import Codex", python: ours.clone() },
        Import { line: "from codex_app_server import AsyncCodex", python: ours },
    ];
    let costs = measure(&imports)?;
    for (import, cost) in imports.iter().zip(&costs) {
        println!("{:<40} {:>6} ms {:>4} MB", import.line, cost.took / 1_000, cost.resident / 1_000_000);
    }
    let [theirs, ours @ ..] = costs.as_slice() else { return Ok(()) };
    let mut wrong = Vec::new();
    for (import, cost) in imports[1..].iter().zip(ours) {
        if cost.took * TIMES > theirs.took {
            wrong.push(format!("`{}` takes more than 1/{TIMES} of the time of `{}`", import.line, imports[0].line));
        }
        if cost.resident > RESIDENT {
            wrong.push(format!("`{}` needs more than {} MB", import.line, RESIDENT / 1_000_000));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::new(wrong.join("\n"))) }
}

/// One after the other, again and again: what slows one down for a while slows them all.
fn measure(imports: &[Import]) -> Result<Vec<Cost>, Problem> {
    let mut rounds: Vec<Vec<(u64, u64)>> = imports.iter().map(|_| Vec::new()).collect();
    // The first round reads files that are not in memory yet, and doesn't count.
    for round in 0..=ROUNDS {
        for (import, found) in imports.iter().zip(&mut rounds) {
            let program = Invocation::new(&import.python).args("-I -c").arg(PROGRAM).arg(import.line);
            let said = program.capture(DEADLINE)?.stdout;
            let figures: Vec<u64> = said.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
            let [took, resident] = figures[..] else {
                return Err(Problem::new(format!("`{}` was measured as `{said}`", import.line)));
            };
            if round > 0 {
                found.push((took, resident));
            }
        }
    }
    let middle = |values: &mut dyn Iterator<Item = u64>| {
        let mut values: Vec<u64> = values.collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    let cost = |found: &Vec<(u64, u64)>| Cost {
        took: middle(&mut found.iter().map(|round| round.0)),
        resident: middle(&mut found.iter().map(|round| round.1)),
    };
    Ok(rounds.iter().map(cost).collect())
}

/// The interpreter of an environment that has their package, with the dependencies that ours is tested with.
fn their_python(bench: &Bench) -> Result<PathBuf, Problem> {
    let venv = bench.repo.target("import-venv");
    let pins = bench.repo.root().join("xtask/python-tools.txt");
    let python = in_venv(&venv, "python");
    let text = std::fs::read_to_string(&pins).map_err(|error| Problem::io("reading", &pins, &error))?;
    let version = Invocation::new(bench.python).args("-VV").capture(DEADLINE)?.stdout;
    let wanted = sha256(format!("{THEIRS}\n{version}{}\n{text}", venv.display()).as_bytes());
    let marker = Marker(venv.join("rpcsmith-tools.sha256"));
    if !marker.says(&wanted) {
        install(bench, &venv, &python, &pins)?;
        marker.write(&wanted)?;
    }
    Ok(python)
}

fn install(bench: &Bench, venv: &Path, python: &Path, pins: &Path) -> Result<(), Problem> {
    bench.command(bench.python).args("-m venv --clear").arg(venv).show()?;
    bench
        .command(python)
        .args("-m pip --quiet --disable-pip-version-check --no-input install --constraint")
        .arg(pins)
        .arg(THEIRS)
        .show()
}
