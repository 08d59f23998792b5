//! The scripted peer: how it is started, and what it reports.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use codex_app_server::AppServerConfig;
use serde_json::Value;
use tempfile::TempDir;

use crate::place::required;
use crate::values::Trouble;

/// A peer that plays one scenario, anew for each start of the client.
pub struct Peer {
    xtask: PathBuf,
    scenario: PathBuf,
    folder: TempDir,
    reports: Mutex<Vec<PathBuf>>,
}

impl Peer {
    pub fn prepare(scenario: &Path) -> Result<Self, Trouble> {
        let folder = tempfile::tempdir().map_err(|error| format!("making a folder: {error}"))?;
        let reports = Mutex::default();
        Ok(Self { xtask: required("RPCSMITH_XTASK")?, scenario: scenario.to_owned(), folder, reports })
    }

    /// The config of a client whose server it is.
    pub fn config(&self) -> Result<AppServerConfig, Trouble> {
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        let report = self.folder.path().join(format!("{}.jsonl", reports.len()));
        let program = self.folder.path().join(format!("peer-{}", reports.len()));
        let command = ["peer".as_ref(), "--scenario".as_ref(), self.scenario.as_path(), "--report".as_ref(), &report];
        write_program(&program, &self.xtask, &command)?;
        reports.push(report);
        Ok(AppServerConfig::new().codex_bin(program))
    }

    /// Its process and those that it has started.
    pub fn processes(&self) -> Vec<u32> {
        let pid = |line: Value| line.get("pid").and_then(Value::as_u64).and_then(|pid| u32::try_from(pid).ok());
        self.reports().iter().flat_map(|report| lines(report)).filter_map(pid).collect()
    }

    /// What it has to say against the client, and that it didn't come to its end if it didn't.
    pub fn verdict(&self) -> Vec<Trouble> {
        self.reports().iter().filter_map(|report| verdict(&lines(report))).collect()
    }

    fn reports(&self) -> Vec<PathBuf> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn verdict(lines: &[Value]) -> Option<Trouble> {
    if let Some(failed) = lines.iter().find_map(|line| line.get("failed")) {
        return Some(format!("the peer: {}", failed.as_str().unwrap_or_default()));
    }
    if lines.iter().any(|line| line.get("done").is_some()) {
        return None;
    }
    let last = lines.iter().filter_map(|line| line.get("step")).next_back();
    Some(match last {
        Some(last) => format!("the peer's script is not through: the last step that it has done is {last}"),
        None => "the peer's script is not through: it has done no step".to_owned(),
    })
}

fn lines(report: &Path) -> Vec<Value> {
    let report = fs::read_to_string(report).unwrap_or_default();
    // A peer that was killed may have left half a line.
    report.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Writes a program that is this command, with whatever arguments it is given: so that the client starts it as it
/// would start the real server.
///
/// A shell writes the file. Were it open for writing here, a process that another scenario starts at that moment would
/// inherit it so, and nobody can run a program that somebody may still write.
pub fn write_program(program: &Path, command: &Path, arguments: &[&Path]) -> Result<(), Trouble> {
    let quoted = |word: &Path| format!("'{}'", word.display().to_string().replace('\'', r"'\''"));
    let words: Vec<String> = arguments.iter().map(|word| quoted(word)).collect();
    let text = format!("#!/bin/sh\nexec {} {} \"$@\"", quoted(command), words.join(" "));
    let writing = r#"printf '%s\n' "$2" > "$1" && chmod 755 "$1""#;
    let status = Command::new("/bin/sh").args(["-c", writing, "sh"]).arg(program).arg(text).status();
    let status = status.map_err(|error| format!("starting a shell: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("writing {}: {status}", program.display())) }
}
