//! What the suites have written down: one JSON line for each case and client.
//!
//! Knows the lines' format and nothing of what they show.

use crate::problem::Problem;
use serde::Deserialize;
use std::path::Path;

/// A case as one client met it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub client: String,
    pub rule: String,
    pub case: String,
    /// `None`: it doesn't concern this client.
    pub passed: Option<bool>,
    /// Why it doesn't.
    #[serde(default)]
    pub because: Option<String>,
}

/// All lines of a folder's files; none if there is no such folder.
pub fn read(folder: &Path) -> Result<Vec<Line>, Problem> {
    let trouble = |error: std::io::Error| Problem::io("reading", folder, &error);
    let mut paths = Vec::new();
    if folder.exists() {
        for entry in folder.read_dir().map_err(trouble)? {
            paths.push(entry.map_err(trouble)?.path());
        }
    }
    paths.sort();
    let mut lines = Vec::new();
    for path in paths.iter().filter(|path| path.extension() == Some("jsonl".as_ref())) {
        let text = std::fs::read_to_string(path).map_err(|error| Problem::io("reading", path, &error))?;
        for (index, line) in text.lines().enumerate() {
            lines.push(serde_json::from_str(line).map_err(|error| {
                Problem::new(format!("{}:{}: {error}", path.display(), index + 1))
                    .help("tests/scenarios/README.md says what stands in a line of results")
            })?);
        }
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_all_files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
        write("rust.jsonl", r#"{"client": "rust", "rule": "C04", "case": "C04-a", "passed": true}"#);
        write(
            "python.jsonl",
            "{\"client\": \"python\", \"rule\": \"C04\", \"case\": \"C04-a\", \"passed\": null, \"because\": \"x\"}\n",
        );
        write("notes.txt", "no lines");
        let lines = read(folder.path()).unwrap();
        let told: Vec<_> =
            lines.iter().map(|line| (line.client.as_str(), line.passed, line.because.as_deref())).collect();
        assert_eq!(told, [("python", None, Some("x")), ("rust", Some(true), None)]);
        write("typescript.jsonl", "\n");
        assert!(read(folder.path()).unwrap_err().to_string().contains("typescript.jsonl:1: "));
        assert_eq!(read(&folder.path().join("none")).unwrap(), []);
    }
}
