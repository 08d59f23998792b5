//! The files of a package's folder as they are on disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{OutputError, fail};

/// What package managers, interpreters and version control leave inside a package's folder: not ours, neither compared
/// nor deleted.
const ARTEFACTS: &[&str] =
    &[".git", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv", "node_modules", "target", "dist"];

/// A file, or what stands where a file could be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file's content.
    File(Vec<u8>),
    /// A link, a socket, or the like.
    Other,
}

/// Everything below `root`, by its path with forward slashes; nothing where there is no such folder.
pub(super) fn read(root: &Path) -> Result<BTreeMap<String, Entry>, OutputError> {
    let mut entries = BTreeMap::new();
    if root.is_dir() {
        read_folder(root, "", &mut entries)?;
    }
    Ok(entries)
}

fn read_folder(folder: &Path, prefix: &str, entries: &mut BTreeMap<String, Entry>) -> Result<(), OutputError> {
    for item in fs::read_dir(folder).map_err(fail(folder, "can't list the folder"))? {
        let item = item.map_err(fail(folder, "can't list the folder"))?;
        let name = item.file_name().to_string_lossy().into_owned();
        if ARTEFACTS.contains(&name.as_str()) {
            continue;
        }
        let path = item.path();
        let relative = format!("{prefix}{name}");
        let kind = item.file_type().map_err(fail(&path, "can't look at it"))?;
        if kind.is_dir() {
            read_folder(&path, &format!("{relative}/"), entries)?;
        } else if kind.is_file() {
            let content = fs::read(&path).map_err(fail(&path, "can't read the file"))?;
            entries.insert(relative, Entry::File(content));
        } else {
            entries.insert(relative, Entry::Other);
        }
    }
    Ok(())
}

/// The artefacts below `root`, relative to it: the topmost ones, since what is inside them goes with them.
pub(super) fn artefacts(root: &Path) -> Result<Vec<PathBuf>, OutputError> {
    let mut found = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        let folder = root.join(&relative);
        if !folder.is_dir() {
            continue;
        }
        let fail = |source| OutputError { path: folder.clone(), action: "can't list the folder", source };
        for item in fs::read_dir(&folder).map_err(fail)? {
            let item = item.map_err(fail)?;
            let path = relative.join(item.file_name());
            if ARTEFACTS.contains(&item.file_name().to_string_lossy().as_ref()) {
                found.push(path);
            } else if item.file_type().map_err(fail)?.is_dir() {
                open.push(path);
            }
        }
    }
    Ok(found)
}
