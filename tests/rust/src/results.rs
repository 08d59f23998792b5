//! The lines that tell which case passed, from which the table of rules and clients is made. `tests/scenarios/README.md`
//! describes them.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

/// What these tests are called among the clients.
pub const CLIENT: &str = "rust";

/// Appends a line, if there is a folder for it; `passed` is none where the case doesn't concern this client.
pub fn write(rule: &str, case: &str, passed: Option<bool>) -> Result<(), String> {
    let Some(folder) = env::var_os("RPCSMITH_RESULTS").map(PathBuf::from) else {
        return Ok(());
    };
    let line = json!({"client": CLIENT, "rule": rule, "case": case, "passed": passed});
    let path = folder.join(format!("{CLIENT}.jsonl"));
    let append = || {
        fs::create_dir_all(&folder)?;
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        // In one piece: other test programs may append at the same time.
        file.write_all(format!("{line}\n").as_bytes())
    };
    append().map_err(|error: std::io::Error| format!("{}: {error}", path.display()))
}

/// A case that shows a rule, until it is over: how it went is noted then, also if it panics.
pub struct Case {
    rule: &'static str,
    name: String,
    passed: bool,
}

impl Case {
    /// Begins the case `name` of a rule.
    pub fn begin(rule: &'static str, name: &str) -> Self {
        Self { rule, name: format!("{rule}-{name}"), passed: false }
    }

    /// It has gone well.
    pub fn pass(mut self) {
        self.passed = true;
    }
}

impl Drop for Case {
    fn drop(&mut self) {
        if let Err(error) = write(self.rule, &self.name, Some(self.passed)) {
            eprintln!("the result of {} could not be noted: {error}", self.name);
        }
    }
}
