//! Compares packages with what is on disk: changed, missing and extra files, as a person wants to see them.

use std::fmt;
use std::path::Path;

use similar::TextDiff;

use super::OutputError;
use super::tree::{self, Entry};
use crate::backend::{Files, Output};

/// How many changed files are shown with their differences, and how many lines of each.
const SHOWN_FILES: usize = 5;
const SHOWN_LINES: usize = 40;

/// A file that is not as it should be. Paths are below the output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// It has another content.
    Changed(Change),
    /// It is not there.
    Missing(String),
    /// It should not be there.
    Extra(String),
}

/// A file with another content than it should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path below the output folder.
    pub path: String,
    /// What is in it; nothing where it is no regular file.
    pub found: Option<Vec<u8>>,
    /// What should be in it.
    pub wanted: Vec<u8>,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Every difference, in the order of outputs and paths.
    pub differences: Vec<Difference>,
}

impl Report {
    /// Whether everything is as it should be.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Compares `packages` with the folders of their names below `root`.
pub fn check(root: &Path, packages: &[(Output, Files)]) -> Result<Report, OutputError> {
    let mut report = Report::default();
    for (output, files) in packages {
        let prefix = output.name();
        let mut present = tree::read(&root.join(prefix))?;
        for (path, content) in files {
            let full = format!("{prefix}/{path}");
            match present.remove(path) {
                None => report.differences.push(Difference::Missing(full)),
                Some(Entry::File(found)) if found == *content => {}
                Some(Entry::File(found)) => {
                    let change = Change { path: full, found: Some(found), wanted: content.clone() };
                    report.differences.push(Difference::Changed(change));
                }
                Some(Entry::Other) => {
                    let change = Change { path: full, found: None, wanted: content.clone() };
                    report.differences.push(Difference::Changed(change));
                }
            }
        }
        report.differences.extend(present.into_keys().map(|path| Difference::Extra(format!("{prefix}/{path}"))));
    }
    Ok(report)
}

impl Change {
    /// A unified diff from what is there to what should be.
    fn diff(&self) -> String {
        let Some(found) = &self.found else { return format!("{}: not a regular file\n", self.path) };
        let (Ok(found), Ok(wanted)) = (std::str::from_utf8(found), std::str::from_utf8(&self.wanted)) else {
            return format!("{}: binary files differ\n", self.path);
        };
        TextDiff::from_lines(found, wanted)
            .unified_diff()
            .context_radius(3)
            .header(&format!("{} (on disk)", self.path), &format!("{} (generated)", self.path))
            .to_string()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for difference in &self.differences {
            match difference {
                Difference::Changed(change) => writeln!(formatter, "changed: {}", change.path)?,
                Difference::Missing(path) => writeln!(formatter, "missing: {path}")?,
                Difference::Extra(path) => writeln!(formatter, "extra:   {path}")?,
            }
        }
        let changes = self.differences.iter().filter_map(|difference| match difference {
            Difference::Changed(change) => Some(change),
            Difference::Missing(_) | Difference::Extra(_) => None,
        });
        for change in changes.take(SHOWN_FILES) {
            writeln!(formatter)?;
            let diff = change.diff();
            let lines: Vec<&str> = diff.lines().collect();
            lines.iter().take(SHOWN_LINES).try_for_each(|line| writeln!(formatter, "{line}"))?;
            if lines.len() > SHOWN_LINES {
                writeln!(formatter, "… and {} more lines", lines.len() - SHOWN_LINES)?;
            }
        }
        Ok(())
    }
}
