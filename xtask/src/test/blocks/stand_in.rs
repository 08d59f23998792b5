//! The scripted peer in the place of the server's binary.

use super::running::tails;
use crate::problem::Problem;
use crate::process::Captured;
use crate::test::bench::Bench;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the writing of a small file may take.
const WRITTEN: Duration = Duration::from_secs(60);

/// A peer that whoever starts the server's binary starts instead.
pub struct StandIn {
    /// What to start.
    pub binary: PathBuf,
    report: PathBuf,
}

impl StandIn {
    /// One that plays `scenario`, in an empty folder.
    pub fn new(bench: &Bench, scenario: &Path, folder: &Path) -> Result<Self, Problem> {
        let (binary, report) = (folder.join("codex"), folder.join("report.jsonl"));
        let quoted = |path: &Path| format!("'{}'", path.display().to_string().replace('\'', r"'\''"));
        let words =
            [quoted(&bench.xtask), "peer --scenario".into(), quoted(scenario), "--report".into(), quoted(&report)];
        // A shell writes it. Were it open for writing here, a program that starts at that moment would inherit it so, and
        // nobody can run what somebody may still write.
        let writing = r#"printf '%s\n' "$2" > "$1" && chmod 755 "$1""#;
        let text = format!("#!/bin/sh\nexec {} \"$@\"", words.join(" "));
        bench.command("/bin/sh").arg("-c").arg(writing).arg("sh").arg(&binary).arg(text).capture(WRITTEN)?;
        Ok(Self { binary, report })
    }

    /// What the peer didn't like, beside what the program `said`.
    pub fn check(&self, said: &Captured) -> Result<(), Problem> {
        let wrong = |what: String| Problem::new(what + &tails(said));
        let text = std::fs::read_to_string(&self.report)
            .map_err(|error| wrong(format!("the peer was never started ({error})")))?;
        let entries: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        match entries.iter().find_map(|entry| entry["failed"].as_str()) {
            Some(why) => Err(wrong(format!("the peer: {why}"))),
            None if entries.iter().any(|entry| entry["done"] == true) => Ok(()),
            None => Err(wrong("the peer was not heard out".to_owned())),
        }
    }
}
