//! The last step: packages against the disk. Written as a whole or not at all, or compared and left alone.
//!
//! Knows paths and bytes; not what is in them.

mod check;
mod tree;
mod write;

pub use check::{Change, Difference, Report, check};
pub use write::write;

use std::io;
use std::path::{Path, PathBuf};

/// What the disk would not do.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {action}: {source}")]
pub struct OutputError {
    /// Where.
    pub path: PathBuf,
    /// What was attempted, e.g. `can't write the file`.
    pub action: &'static str,
    /// What the system said.
    pub source: io::Error,
}

/// Makes an error of what the system said about `path`.
fn fail(path: &Path, action: &'static str) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |source| OutputError { path, action, source }
}
