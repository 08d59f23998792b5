//! What the steps work with: programs and folders, and the environment that tests are told them by.

use crate::contract;
use crate::problem::Problem;
use crate::process::{Invocation, in_venv};
use crate::repo::Repo;
use crate::schema;
use crate::vectors;
use std::path::{Path, PathBuf};

pub struct Bench<'repo> {
    pub repo: &'repo Repo,
    /// This very program, for tests that start the model server.
    pub xtask: PathBuf,
    /// Where the pinned server is, or will be.
    pub server: PathBuf,
    /// The machine's Python, for making the environment.
    pub python: &'static str,
    /// Whether the committed table of the contract is rewritten.
    pub bless: bool,
}

impl<'repo> Bench<'repo> {
    pub fn new(repo: &'repo Repo, bless: bool) -> Result<Self, Problem> {
        // Asked for now, since a build on the way may replace the file that we run from.
        let xtask = std::env::current_exe().map_err(|error| Problem::new(format!("finding this program: {error}")))?;
        let python = if cfg!(windows) { "python" } else { "python3" };
        Ok(Self { repo, xtask, server: schema::pinned_server_path(repo)?, python, bless })
    }

    /// A command in the repository's root.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Invocation {
        Invocation::new(program).folder(self.repo.root())
    }

    pub fn cargo(&self) -> Invocation {
        self.command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    pub fn venv(&self) -> PathBuf {
        self.repo.target("venv")
    }

    /// A program of the Python environment.
    pub fn tool(&self, name: &str) -> Invocation {
        // Bytecode beside the generated package would be files that the drift check doesn't know.
        self.command(in_venv(&self.venv(), name)).env("PYTHONDONTWRITEBYTECODE", "1")
    }

    pub fn python_package(&self) -> PathBuf {
        self.repo.generated().join("python")
    }

    /// Tells tests where the real server, the test bed's own programs and the repository are, and where results go and vectors are.
    pub fn with_servers(&self, command: Invocation) -> Invocation {
        command
            .env("RPCSMITH_CODEX_BIN", &self.server)
            .env("RPCSMITH_XTASK", &self.xtask)
            .env("RPCSMITH_REPO", self.repo.root())
            .env("RPCSMITH_RESULTS", contract::folder(self.repo))
            .env("RPCSMITH_VECTORS", vectors::file(&vectors::folder(self.repo)))
    }

    /// A path as it reads from the repository's root.
    pub fn relative<'path>(&self, path: &'path Path) -> &'path Path {
        path.strip_prefix(self.repo.root()).unwrap_or(path)
    }
}
