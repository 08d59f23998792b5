//! Where things lie in the repository.
//!
//! Finds the root at run time, so that a moved checkout, or a binary from another checkout, needs no rebuild.

use crate::problem::Problem;
use rpcsmith::Inputs;
use rpcsmith::ir::Protocol;
use std::path::{Path, PathBuf};

pub struct Repo {
    root: PathBuf,
}

impl Repo {
    /// The repository that cargo was called in, else the one around the current folder.
    pub fn find() -> Result<Self, Problem> {
        let here = std::env::current_dir().map_err(|error| Problem::io("finding", Path::new("."), &error))?;
        let from_cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        from_cargo
            .iter()
            .flat_map(|path| path.ancestors())
            .chain(here.ancestors())
            .find(|folder| folder.join("xtask/Cargo.toml").is_file())
            .map(|root| Self { root: root.to_owned() })
            .ok_or_else(|| {
                Problem::new(format!("no rpcsmith repository at or above {}", here.display()))
                    .help("call `cargo xtask` from inside the repository")
            })
    }

    /// A checkout somewhere else; tests make one up.
    #[cfg(test)]
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes the root the working folder, so that paths relative to it hold.
    pub fn enter(&self) -> Result<(), Problem> {
        std::env::set_current_dir(&self.root).map_err(|error| Problem::io("entering", &self.root, &error))
    }

    /// The committed schema with its source and profile.
    pub fn schema(&self) -> PathBuf {
        self.root.join("schema/codex")
    }

    /// The model of the committed schema.
    pub fn protocol(&self) -> Result<Protocol, Problem> {
        let inputs = Inputs { schema: self.schema(), profile: self.schema().join("profile.toml"), lenient: false };
        let loaded = rpcsmith::load(&inputs).map_err(|problems| Problem::new(problems.to_string()))?;
        Ok(loaded.0)
    }

    /// The committed packages, one folder a language.
    pub fn generated(&self) -> PathBuf {
        self.root.join("generated/codex")
    }

    /// What is installed or cached for the tests. Always in the repository, even when cargo builds elsewhere:
    /// a server of 300 MB is worth sharing between target folders.
    pub fn target(&self, name: &str) -> PathBuf {
        self.root.join("target").join(name)
    }
}
