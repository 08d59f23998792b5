//! A scenario file, as `tests/scenarios/README.md` says what may stand in it.
//!
//! Knows both sides' steps and nothing of how they are played.

pub mod names;
pub mod pattern;
pub mod peer_steps;
pub mod place;
pub mod template;

use crate::problem::Problem;
use peer_steps::Step;
use place::{At, Placed};
use rpcsmith::diagnostic::Diagnostic;
use serde_json::Value;
use std::path::Path;

/// The script of the peer that a file holds.
pub fn peer_script(path: &Path) -> Result<Vec<Step>, Problem> {
    let text = std::fs::read_to_string(path).map_err(|error| Problem::io("reading the scenario", path, &error))?;
    script_of(&text).map_err(|problems| {
        let told = |mut problem: Diagnostic| {
            problem.file = path.display().to_string();
            problem.to_string()
        };
        let told: Vec<String> = problems.into_iter().map(told).collect();
        Problem::new(format!("the scenario can't be played\n{}", told.join("\n")))
    })
}

fn script_of(text: &str) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let file: Value =
        serde_json::from_str(text).map_err(|error| vec![At::default().wrong(error.to_string(), "JSON")])?;
    let members = Placed::new(At::default(), &file).members().map_err(|problem| vec![problem])?;
    peer_steps::parse(&members.need("peer").map_err(|problem| vec![problem])?)
}
