//! What was set up, and from what: so that it is not set up again.

use crate::problem::Problem;
use crate::schema::sha256;
use std::path::{Path, PathBuf};

/// A file that says what something was made from.
pub struct Marker(pub PathBuf);

impl Marker {
    /// Whether it was made from what has this hash.
    pub fn says(&self, hash: &str) -> bool {
        std::fs::read_to_string(&self.0).is_ok_and(|text| text.trim() == hash)
    }

    /// Notes what it was made from.
    pub fn write(&self, hash: &str) -> Result<(), Problem> {
        std::fs::write(&self.0, format!("{hash}\n")).map_err(|error| Problem::io("writing", &self.0, &error))
    }
}

/// One hash over the names and bytes of all files of a folder.
pub fn hash_tree(folder: &Path) -> Result<String, Problem> {
    let mut lines = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let trouble = |error: &std::io::Error| Problem::io("reading", &next, error);
        for entry in next.read_dir().map_err(|error| trouble(&error))? {
            let path = entry.map_err(|error| trouble(&error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).map_err(|error| Problem::io("reading", &path, &error))?;
                lines.push(format!("{} {}", path.display(), sha256(&bytes)));
            }
        }
    }
    lines.sort();
    Ok(sha256(lines.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trees_hash_tells_names_and_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("a"), "1").unwrap();
        let first = hash_tree(folder.path()).unwrap();
        assert_eq!(hash_tree(folder.path()).unwrap(), first);
        std::fs::write(inner.join("a"), "2").unwrap();
        let second = hash_tree(folder.path()).unwrap();
        std::fs::rename(inner.join("a"), inner.join("b")).unwrap();
        let third = hash_tree(folder.path()).unwrap();
        assert!(first != second && second != third);
        assert!(hash_tree(&folder.path().join("none")).unwrap_err().to_string().contains("none"));
    }
}
