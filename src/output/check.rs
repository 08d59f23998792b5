//! Compares packages with what is on disk: changed, missing and extra files, as a person wants to see them.

use std::fmt;
use std::path::Path;

use similar::TextDiff;

use super::OutputError;
use super::tree::{self, Entry};
use crate::backend::{Files, Language};

/// How many changed files are shown with their differences, and how many lines of each.
const SHOWN_FILES: usize = 5;
const SHOWN_LINES: usize = 40;

/// A file that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It has another content; with a unified diff from what is there to what should be.
    Changed {
        /// Its path below the output folder.
        path: String,
        /// The diff.
        diff: String,
    },
    /// It is not there.
    Missing(String),
    /// It should not be there.
    Extra(String),
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Every difference, in the order of languages and paths.
    pub differences: Vec<Difference>,
}

impl Report {
    /// Whether everything is as it should be.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Compares `packages` with the folders of their languages below `root`.
pub fn check(root: &Path, packages: &[(Language, Files)]) -> Result<Report, OutputError> {
    let mut report = Report::default();
    for (language, files) in packages {
        let prefix = language.to_string();
        let mut present = tree::read(&root.join(&prefix))?;
        for (path, content) in files {
            let full = format!("{prefix}/{path}");
            match present.remove(path) {
                None => report.differences.push(Difference::Missing(full)),
                Some(Entry::File(found)) if found == *content => {}
                Some(Entry::File(found)) => {
                    let diff = diff(&full, &found, content);
                    report.differences.push(Difference::Changed { path: full, diff });
                }
                Some(Entry::Other) => report
                    .differences
                    .push(Difference::Changed { path: full, diff: "not a regular file\n".to_owned() }),
            }
        }
        report.differences.extend(present.into_keys().map(|path| Difference::Extra(format!("{prefix}/{path}"))));
    }
    Ok(report)
}

fn diff(path: &str, found: &[u8], wanted: &[u8]) -> String {
    let (Ok(found), Ok(wanted)) = (std::str::from_utf8(found), std::str::from_utf8(wanted)) else {
        return "binary files differ\n".to_owned();
    };
    TextDiff::from_lines(found, wanted)
        .unified_diff()
        .context_radius(3)
        .header(&format!("{path} (on disk)"), &format!("{path} (generated)"))
        .to_string()
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            match difference {
                Difference::Changed { path, .. } => writeln!(formatter, "changed: {path}")?,
                Difference::Missing(path) => writeln!(formatter, "missing: {path}")?,
                Difference::Extra(path) => writeln!(formatter, "extra:   {path}")?,
            }
        }
        let diffs = self.differences.iter().filter_map(|difference| match difference {
            Difference::Changed { diff, .. } => Some(diff),
            Difference::Missing(_) | Difference::Extra(_) => None,
        });
        for diff in diffs.take(SHOWN_FILES) {
            writeln!(formatter)?;
            let lines: Vec<&str> = diff.lines().collect();
            lines.iter().take(SHOWN_LINES).try_for_each(|line| writeln!(formatter, "{line}"))?;
            if lines.len() > SHOWN_LINES {
                writeln!(formatter, "… and {} more lines", lines.len() - SHOWN_LINES)?;
            }
        }
        Ok(())
    }
}
