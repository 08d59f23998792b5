//! What a backend renders: texts by path. Touches no disk.

use std::collections::BTreeMap;
use std::collections::btree_map::{Entry, IntoIter, Iter};

/// Files of a package, by their path inside it. Paths use forward slashes, whatever the machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    files: BTreeMap<String, Vec<u8>>,
}

/// Two things were rendered to one path: a bug of a backend, or a template that another one shadows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("two files are called `{path}`")]
pub struct DuplicatePath {
    /// The path.
    pub path: String,
}

impl Files {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Result<(), DuplicatePath> {
        match self.files.entry(path.into()) {
            Entry::Vacant(entry) => {
                entry.insert(content.into());
                Ok(())
            }
            Entry::Occupied(entry) => Err(DuplicatePath { path: entry.key().clone() }),
        }
    }

    /// Adds a file, in the place of one that is already there.
    pub fn replace(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    /// Adds all of `other` under `prefix`, a folder without a slash at its end; empty for none.
    pub fn merge(&mut self, prefix: &str, other: Self) -> Result<(), DuplicatePath> {
        for (path, content) in other.files {
            let path = if prefix.is_empty() { path } else { format!("{prefix}/{path}") };
            self.insert(path, content)?;
        }
        Ok(())
    }

    /// The content at `path`.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Every file, ordered by path.
    pub fn iter(&self) -> Iter<'_, String, Vec<u8>> {
        self.files.iter()
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

impl<'a> IntoIterator for &'a Files {
    type Item = (&'a String, &'a Vec<u8>);
    type IntoIter = Iter<'a, String, Vec<u8>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Files {
    type Item = (String, Vec<u8>);
    type IntoIter = IntoIter<String, Vec<u8>>;

    fn into_iter(self) -> Self::IntoIter {
        self.files.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_taken_once() {
        let mut files = Files::new();
        assert_eq!(files.insert("a.py", "1"), Ok(()));
        assert_eq!(files.insert("a.py", "2"), Err(DuplicatePath { path: "a.py".into() }));
        assert_eq!(files.get("a.py"), Some(b"1".as_slice()));
    }

    #[test]
    fn merging_puts_everything_under_the_prefix_in_order() {
        let mut inner = Files::new();
        inner.insert("b", "").unwrap();
        inner.insert("a", "").unwrap();
        let mut files = Files::new();
        files.merge("python", inner).unwrap();
        assert_eq!(files.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["python/a", "python/b"]);
    }
}
