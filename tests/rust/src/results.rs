//! The lines that tell which scenario passed, from which the table of rules and clients is made.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use crate::values::Trouble;

/// What these tests are called among the clients.
pub const CLIENT: &str = "rust";

/// Appends a line; `passed` is none where the case doesn't concern this client.
pub fn write(rule: &str, case: &str, passed: Option<bool>) -> Result<(), Trouble> {
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
