//! What the repository does for itself. `cargo xtask --help` lists it.

mod bench;
mod contract;
mod facts;
mod generate;
mod model_server;
mod mutate;
#[cfg(unix)]
mod peer;
mod problem;
mod process;
mod record;
mod replace;
mod repo;
mod scenario;
mod scenarios;
mod schema;
mod server;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod tap;
mod test;
mod vectors;

use clap::{Parser, Subcommand};
use problem::Problem;
use repo::Repo;
use std::process::ExitCode;

/// What the rpcsmith repository does for itself.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the packages in generated/codex from the committed schema, and print counts and times
    Generate,
    /// Compare generated/codex with what would be generated; exit 1 when they differ
    Check,
    /// Measure a generation in a release build: times and memory
    Bench,
    /// Run everything that must hold: formats, lints, tests, drift, and each language's checks and tests
    Test(test::Test),
    /// Answer as a model on loopback, by a scenario file; ends when its stdin is closed
    ModelServer(model_server::ModelServer),
    /// Be a server that does what a scenario says, and report how it went
    #[cfg(unix)]
    Peer(peer::Peer),
    /// Run a server and note each line that it and its client say
    #[cfg(unix)]
    Tap(tap::Tap),
    /// Check the scenarios of the conformance suites, and count them by rule
    Scenarios,
    /// Break each rule of the contract in a copy of a package, and see that its scenarios notice
    Mutate(mutate::Mutate),
    /// Write messages of every type that all languages must agree on
    Vectors(vectors::Vectors),
    /// Record a turn of the pinned server in tests/recordings, for all clients to replay
    Record,
    /// The protocol's schema
    #[command(subcommand)]
    Schema(Schema),
}

#[derive(Subcommand)]
enum Schema {
    /// Take the schema from the pinned server into schema/codex
    Pull(schema::Pull),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::from(problem.exit_code())
        }
    }
}

fn run(command: Command) -> Result<(), Problem> {
    match command {
        Command::Generate => generate::generate(&Repo::find()?),
        Command::Check => generate::check(&Repo::find()?),
        Command::Bench => bench::run(&Repo::find()?),
        Command::Test(args) => test::run(&Repo::find()?, &args),
        Command::ModelServer(args) => model_server::run(&args),
        #[cfg(unix)]
        Command::Peer(args) => peer::run(args),
        #[cfg(unix)]
        Command::Tap(args) => tap::run(&args),
        Command::Scenarios => scenarios::run(&Repo::find()?),
        Command::Mutate(args) => mutate::run(&Repo::find()?, &args),
        Command::Vectors(args) => vectors::run(&Repo::find()?, &args),
        Command::Record => record::run(&Repo::find()?),
        Command::Schema(Schema::Pull(args)) => schema::pull(&Repo::find()?, &args),
    }
}
