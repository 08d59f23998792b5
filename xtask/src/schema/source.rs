//! `source.toml`: which server the committed schema came from.
//!
//! It is the one place that pins the server's version.

use crate::problem::Problem;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write};
use std::path::Path;

/// Its name beside the schema files.
pub const FILE: &str = "source.toml";

const HEADER: &str = "\
# Where stable.json and experimental.json come from. `cargo xtask schema pull` makes all three files: it installs this
# version of the server, asks it for its schema with and without --experimental, drops the prose and orders the rest.
# To move to another version: `cargo xtask schema pull --version X.Y.Z`.
";

/// What the file says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The npm package.
    pub package: String,
    /// Its version, which is also the version that the server reports.
    pub version: String,
    /// Hashes of the two files as they are committed.
    pub sha256: Hashes,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hashes {
    pub stable: String,
    pub experimental: String,
}

impl Source {
    pub fn of(package: &str, version: &str, stable: &str, experimental: &str) -> Self {
        let sha256 = Hashes { stable: sha256(stable.as_bytes()), experimental: sha256(experimental.as_bytes()) };
        Self { package: package.to_owned(), version: version.to_owned(), sha256 }
    }

    pub fn read(folder: &Path) -> Result<Self, Problem> {
        let path = folder.join(FILE);
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Problem::io("reading the pinned version from", &path, &error)
                .help("pin one: `cargo xtask schema pull --version X.Y.Z`")
        })?;
        toml::from_str(&text).map_err(|error| {
            Problem::new(format!("{}: {error}", path.display()))
                .help("`cargo xtask schema pull --version X.Y.Z` writes it anew")
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { package, version, sha256 } = self;
        writeln!(formatter, "{HEADER}package = \"{package}\"\nversion = \"{version}\"\n")?;
        writeln!(formatter, "[sha256]\nstable = \"{}\"\nexperimental = \"{}\"", sha256.stable, sha256.experimental)
    }
}

/// A SHA-256 in the usual hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let source = Source::of("@scope/server", "1.2.3", "{}", "[]");
        std::fs::write(folder.path().join(FILE), source.to_string()).unwrap();
        assert_eq!(Source::read(folder.path()).unwrap(), source);
        assert_eq!(source.sha256.stable, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    }

    #[test]
    fn a_missing_file_says_how_to_make_it() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Source::read(folder.path()).unwrap_err().to_string().contains("--version X.Y.Z"));
    }
}
