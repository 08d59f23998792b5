//! `generate` and `check`: the library on the committed schema, with its counts and times.

use crate::problem::Problem;
use crate::repo::Repo;
use rpcsmith::ir::{Peer, Protocol};
use rpcsmith::{BUILT, Files, Inputs, Output, output};
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

/// Relative, so that diagnostics read the same on every machine; the working folder is the repository's root.
const SCHEMA: &str = "schema/codex";
const GENERATED: &str = "generated/codex";

/// Writes the packages and prints what was written, and how long it took.
pub fn generate(repo: &Repo) -> Result<(), Problem> {
    repo.enter()?;
    let generation = Generation::run()?;
    let started = Instant::now();
    output::write(Path::new(GENERATED), &generation.packages).map_err(|error| Problem::new(error.to_string()))?;
    println!("{generation}, write {}", milliseconds(started.elapsed()));
    Ok(())
}

/// Compares the packages with what is committed.
pub fn check(repo: &Repo) -> Result<(), Problem> {
    repo.enter()?;
    let generation = Generation::run()?;
    let report =
        output::check(Path::new(GENERATED), &generation.packages).map_err(|error| Problem::new(error.to_string()))?;
    if report.is_clean() {
        println!("{GENERATED} is what the generator makes.");
        return Ok(());
    }
    Err(Problem::new(format!("{GENERATED} is not what the generator makes\n{report}"))
        .help("run `cargo xtask generate` and commit what it writes"))
}

/// The packages in memory, and what there is to say about them.
struct Generation {
    protocol: Protocol,
    packages: Vec<(Output, Files)>,
    load: Duration,
    render: Duration,
}

impl Generation {
    fn run() -> Result<Self, Problem> {
        let started = Instant::now();
        let inputs = Inputs { schema: SCHEMA.into(), profile: Path::new(SCHEMA).join("profile.toml"), lenient: false };
        let (protocol, warnings) = rpcsmith::load(&inputs).map_err(|problems| nothing_written(&problems))?;
        eprint!("{warnings}");
        let load = started.elapsed();
        let started = Instant::now();
        let packages = rpcsmith::render(&protocol, BUILT).map_err(|problems| nothing_written(&problems))?;
        let render = started.elapsed();
        Ok(Self { protocol, packages, load, render })
    }
}

fn nothing_written(problems: &rpcsmith::diagnostic::Diagnostics) -> Problem {
    Problem::new(format!("nothing was written, for what is wrong in {SCHEMA}:\n\n{}", problems.to_string().trim_end()))
}

impl fmt::Display for Generation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { protocol, packages, load, render } = self;
        let requests = |peer| protocol.requests_from(peer).count();
        let notifications = |peer| protocol.notifications_from(peer).count();
        writeln!(
            formatter,
            "{} {}: {} client methods, {} server methods, {} server notifications, {} client notifications, {} types",
            protocol.title,
            protocol.version,
            requests(Peer::Client),
            requests(Peer::Server),
            notifications(Peer::Server),
            notifications(Peer::Client),
            protocol.types.defs.len(),
        )?;
        for (output, files) in packages {
            let bytes: usize = files.into_iter().map(|(_, content)| content.len()).sum();
            writeln!(formatter, "{output}: {} files, {bytes} bytes", files.len())?;
        }
        let build = if cfg!(debug_assertions) { "debug build" } else { "release build" };
        write!(formatter, "{build}: load and lower {}, render {}", milliseconds(*load), milliseconds(*render))
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}
