//! Copies of folders, and what lies in them.

use crate::problem::Problem;
use std::path::{Path, PathBuf};

/// The one file of a folder whose name ends so.
pub fn only_file(folder: &Path, ending: &str) -> Result<PathBuf, Problem> {
    let trouble = |error: std::io::Error| Problem::io("reading", folder, &error);
    let mut found = Vec::new();
    for entry in folder.read_dir().map_err(trouble)? {
        let path = entry.map_err(trouble)?.path();
        if path.extension().is_some_and(|found| found == ending) {
            found.push(path);
        }
    }
    match <[PathBuf; 1]>::try_from(found) {
        Ok([path]) => Ok(path),
        Err(found) => Err(Problem::new(format!(
            "one file in {} should end in .{ending}, and {} do",
            folder.display(),
            found.len()
        ))),
    }
}

/// Makes `to` a copy of `from`, but for what `to` holds of installed packages.
pub fn replace(from: &Path, to: &Path) -> Result<(), Problem> {
    let trouble = |path: &Path| {
        let path = path.to_owned();
        move |error: std::io::Error| Problem::io("copying to", &path, &error)
    };
    if to.exists() && !to.join("node_modules").exists() {
        std::fs::remove_dir_all(to).map_err(trouble(to))?;
    }
    std::fs::create_dir_all(to).map_err(trouble(to))?;
    for entry in from.read_dir().map_err(|error| Problem::io("reading", from, &error))? {
        let entry = entry.map_err(|error| Problem::io("reading", from, &error))?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            if !["node_modules", "dist"].iter().any(|name| entry.file_name() == *name) {
                replace(&source, &target)?;
            }
        } else {
            std::fs::copy(&source, &target).map_err(trouble(&target))?;
        }
    }
    Ok(())
}
