//! A server that does what a scenario says, whatever the protocol: the scripted peer of the conformance suites.
//!
//! `tests/scenarios/README.md` says what it does. It needs pipes and signals as Unix has them.

mod input;
mod output;
mod play;
mod process;
mod report;

use crate::problem::Problem;
use crate::scenario::{self, peer_steps::Step};
use input::Input;
use output::Output;
use play::{Ending, Player, Stop};
use report::Report;
use std::path::{Path, PathBuf};

/// The exit code when the client didn't do what the scenario expects.
pub const FAILED: i32 = 97;

/// What to play, and where to tell how it went.
#[derive(clap::Args)]
pub struct Peer {
    /// The scenario; its `peer` is played
    #[arg(long, value_name = "FILE", required_unless_present = "grandchild")]
    scenario: Option<PathBuf>,
    /// Where the report goes
    #[arg(long, value_name = "FILE", required_unless_present = "grandchild")]
    report: Option<PathBuf>,
    /// Be the process that a step `grandchild` starts, and say so on this port
    #[arg(long, hide = true)]
    grandchild: Option<u16>,
    /// What the client adds; the step `launched` sees it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGS")]
    args: Vec<String>,
}

/// Plays until the script is through, or ends the process the way that the script says.
pub fn run(args: Peer) -> Result<(), Problem> {
    if let Some(port) = args.grandchild {
        return process::be_grandchild(port).map_err(|error| Problem::new(format!("the grandchild: {error}")));
    }
    let needed = || Problem::usage("the peer needs --scenario and --report");
    let (scenario, path) = (args.scenario.ok_or_else(needed)?, args.report.ok_or_else(needed)?);
    let trouble = |error: std::io::Error| Problem::io("writing the report", &path, &error);
    let mut report = Report::begin(&path).map_err(trouble)?;
    let mut last_words = report.again().map_err(trouble)?;
    process::limit_life(move || drop(last_words.failed("the peer has lived for longer than any scenario lasts")));
    let script =
        script(&scenario).or_else(|problem| report.failed(&problem.to_string()).map_err(trouble).and(Err(problem)))?;
    let output = Output::begin().map_err(|error| Problem::new(format!("opening the pipes: {error}")))?;
    let mut player = Player::new(Input::begin()?, output, report, args.args);
    match play(&mut player, &script) {
        Ok(()) => Ok(()),
        Err(why) => {
            player.report.failed(&why).map_err(trouble)?;
            std::process::exit(FAILED);
        }
    }
}

fn script(path: &Path) -> Result<Vec<Step>, Problem> {
    let scenario = scenario::read(path)?;
    if scenario.real {
        return Err(Problem::new(format!(
            "{} is played against the real server, not against the peer",
            path.display()
        )));
    }
    Ok(scenario.peer)
}

/// Why it failed, if it did.
fn play(player: &mut Player, script: &[Step]) -> Result<(), String> {
    let told = |what: &str, stop: Stop| match stop {
        Stop::Failed(why) | Stop::HungUp(why) => format!("{what}: {why}"),
    };
    let mut ending = Ending::EndOfInput;
    for (number, step) in script.iter().enumerate() {
        let what = format!("step {number} ({})", step.label);
        let reported = |error: std::io::Error| format!("{what}: writing the report: {error}");
        match player.step(step).map_err(|stop| told(&what, stop))? {
            Some(last) => ending = last,
            None => player.report.step(number).map_err(reported)?,
        }
    }
    player.report.done().map_err(|error| format!("writing the report: {error}"))?;
    player.end(ending).map_err(|stop| told("after the last step", stop))
}
