//! Writes packages so that a crash or a full disk leaves each of them as it was, or as it is to be.
//!
//! Every package is written beside its place first, all of them before any is put there; then old and new folder
//! change places in one step of the file system. Where a system can't exchange folders, the old one is moved
//! aside first, and a run that finds it there with nothing in its place moves it back.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{OutputError, fail, tree};
use crate::backend::{Files, Language};

/// Puts `packages` into the folders of their languages below `root`. What those folders held before and no package
/// brings is gone; what is the same as before is not touched.
pub fn write(root: &Path, packages: &[(Language, Files)]) -> Result<(), OutputError> {
    fs::create_dir_all(root).map_err(fail(root, "can't create the folder"))?;
    let places: Vec<Place> = packages.iter().map(|(language, _)| Place::new(root, &language.to_string())).collect();
    for place in &places {
        place.recover()?;
    }
    let report = super::check(root, packages)?;
    if report.is_clean() {
        return Ok(());
    }
    let staged: Result<Vec<()>, OutputError> =
        places.iter().zip(packages).map(|(place, (_, files))| stage(&place.next, files)).collect();
    if let Err(error) = staged {
        // The first error is the one to tell; what was staged so far is of no use to anybody.
        places.iter().for_each(|place| drop(fs::remove_dir_all(&place.next)));
        return Err(error);
    }
    places.iter().try_for_each(Place::install)
}

/// The folder of one language, and its two neighbours during a change.
struct Place {
    now: PathBuf,
    /// What will be there.
    next: PathBuf,
    /// What was there, on systems that can't exchange folders.
    last: PathBuf,
}

impl Place {
    fn new(root: &Path, name: &str) -> Self {
        Self {
            now: root.join(name),
            next: root.join(format!(".rpcsmith-next-{name}")),
            last: root.join(format!(".rpcsmith-last-{name}")),
        }
    }

    /// Clears up after a run that did not come to its end.
    fn recover(&self) -> Result<(), OutputError> {
        if self.last.exists() && !self.now.exists() {
            fs::rename(&self.last, &self.now).map_err(fail(&self.last, "can't move the folder back"))?;
        }
        remove(&self.last)?;
        remove(&self.next)
    }

    fn install(&self) -> Result<(), OutputError> {
        if !self.now.exists() {
            return fs::rename(&self.next, &self.now).map_err(fail(&self.now, "can't move the new folder here"));
        }
        let artefacts = tree::artefacts(&self.now)?;
        let old = if exchange(&self.next, &self.now).is_ok() {
            &self.next
        } else {
            fs::rename(&self.now, &self.last).map_err(fail(&self.now, "can't move the old folder aside"))?;
            fs::rename(&self.next, &self.now).map_err(fail(&self.now, "can't move the new folder here"))?;
            &self.last
        };
        for artefact in artefacts {
            let to = self.now.join(&artefact);
            // Its folder may be one that the package no longer has; then the artefact goes with it.
            if to.parent().is_some_and(Path::is_dir) {
                fs::rename(old.join(&artefact), &to).map_err(fail(&to, "can't keep the folder"))?;
            }
        }
        remove(old)
    }
}

/// Exchanges two folders in one step.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).map_err(io::Error::from)
}

/// This system has no such step.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Writes a whole package into a new folder, down to the disk.
fn stage(folder: &Path, files: &Files) -> Result<(), OutputError> {
    fs::create_dir(folder).map_err(fail(folder, "can't create the folder"))?;
    for (path, content) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(fail(parent, "can't create the folder"))?;
        }
        let write = || {
            let mut file = File::create_new(&path)?;
            file.write_all(content)?;
            file.sync_data()
        };
        write().map_err(fail(&path, "can't write the file"))?;
    }
    Ok(())
}

fn remove(folder: &Path) -> Result<(), OutputError> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(fail(folder, "can't remove the folder")(error)),
        _ => Ok(()),
    }
}
