//! Several files of one folder replaced together: all of them, or none.
//!
//! Knows nothing of what is in them. The new texts are on disk in full before the first old file goes, so that a full
//! disk changes nothing; a failure on the way puts the old files back. Between two renames a power cut could still
//! show: callers put the file that vouches for the others last.

use crate::problem::Problem;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempDir};

/// Writes `files` (name, text) into `folder`, in the given order.
pub fn replace_all(folder: &Path, files: &[(&str, &str)]) -> Result<(), Problem> {
    std::fs::create_dir_all(folder).map_err(|error| Problem::io("creating", folder, &error))?;
    let mut staged = Vec::new();
    for (name, text) in files {
        staged.push((folder.join(name), stage(folder, text)?));
    }
    let kept = tempfile::tempdir_in(folder).map_err(|error| Problem::io("creating a folder in", folder, &error))?;
    let mut done = Vec::new();
    for (path, new) in staged {
        match swap(&path, new, &kept) {
            Ok(old) => done.push((path, old)),
            Err(problem) => return Err(put_back(done, problem)),
        }
    }
    sync_folder(folder)
}

fn stage(folder: &Path, text: &str) -> Result<NamedTempFile, Problem> {
    let write = || {
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        // Temporary files are made for their owner alone; these become ordinary files of the repository.
        make_readable(file.as_file())?;
        file.as_file().sync_all()?;
        Ok(file)
    };
    write().map_err(|error| Problem::io("writing to", folder, &error).help("nothing was changed"))
}

#[cfg(unix)]
fn make_readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

/// Puts `new` in the place of `path`; gives back where the old file is kept, if there was one.
fn swap(path: &Path, new: NamedTempFile, kept: &TempDir) -> Result<Option<PathBuf>, Problem> {
    let trouble = |error: &std::io::Error| Problem::io("replacing", path, error);
    let old = path.file_name().map(|name| kept.path().join(name)).filter(|_| path.exists());
    if let Some(old) = &old {
        std::fs::copy(path, old).map_err(|error| trouble(&error))?;
    }
    new.persist(path).map_err(|error| trouble(&error.error))?;
    Ok(old)
}

fn put_back(done: Vec<(PathBuf, Option<PathBuf>)>, problem: Problem) -> Problem {
    for (path, old) in done {
        let restored = match old {
            Some(old) => std::fs::rename(old, &path),
            None => std::fs::remove_file(&path),
        };
        if let Err(error) = restored {
            let lost = format!("{} could not be put back ({error}): restore it with git", path.display());
            return Problem::new(problem.to_string()).help(lost);
        }
    }
    problem.help("the files that had been replaced were put back")
}

/// Makes the renames last. Windows can't open a folder, and needs no such call.
fn sync_folder(folder: &Path) -> Result<(), Problem> {
    if cfg!(unix) {
        let open = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
        open.map_err(|error| Problem::io("syncing", folder, &error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn replaces_and_creates_and_leaves_nothing_beside() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "old").unwrap();
        std::fs::write(folder.path().join("other"), "mine").unwrap();
        replace_all(folder.path(), &[("a", "new a"), ("b", "new b")]).unwrap();
        assert_eq!(names(folder.path()), ["a", "b", "other"]);
        assert_eq!(std::fs::read_to_string(folder.path().join("a")).unwrap(), "new a");
        assert_eq!(std::fs::read_to_string(folder.path().join("b")).unwrap(), "new b");
    }

    #[test]
    fn a_failure_half_way_puts_everything_back() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a"), "old").unwrap();
        // A folder that isn't empty can't be replaced by a file.
        std::fs::create_dir_all(folder.path().join("c/inner")).unwrap();
        let problem = replace_all(folder.path(), &[("a", "new"), ("b", "new"), ("c", "new")]).unwrap_err();
        assert!(problem.to_string().contains("were put back"), "{problem}");
        assert_eq!(names(folder.path()), ["a", "c"]);
        assert_eq!(std::fs::read_to_string(folder.path().join("a")).unwrap(), "old");
    }
}
