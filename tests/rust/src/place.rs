//! Where a scenario is played: who the server is, and what is around it.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use codex_app_server::AppServerConfig;
use serde_json::Value;

use crate::peer::Peer;
use crate::program::Scenario;
use crate::real::Real;
use crate::session::Session;
use crate::values::Trouble;

/// The server of one scenario.
pub enum Place {
    Peer(Peer),
    Real(Box<Real>),
}

/// What `cargo xtask test` tells the tests.
pub fn required(name: &str) -> Result<PathBuf, Trouble> {
    let value = env::var_os(name).filter(|value| !value.is_empty());
    value.map(PathBuf::from).ok_or_else(|| format!("{name} is not set; `cargo xtask test` sets it"))
}

/// The repository.
pub fn repo() -> PathBuf {
    let repo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    repo.canonicalize().unwrap_or(repo)
}

impl Place {
    /// The place that a scenario asks for.
    pub async fn prepare(scenario: &Scenario) -> Result<Self, Trouble> {
        match &scenario.server {
            None => Peer::prepare(&scenario.path).map(Self::Peer),
            Some(server) => Real::prepare(server).await.map(|real| Self::Real(Box::new(real))),
        }
    }

    /// What is saved from the start.
    pub fn saved(&self) -> BTreeMap<String, Value> {
        match self {
            Self::Peer(_) => BTreeMap::new(),
            Self::Real(real) => real.saved(),
        }
    }

    /// The config of a client whose server this is.
    pub fn config(&self) -> Result<AppServerConfig, Trouble> {
        match self {
            Self::Peer(peer) => peer.config(),
            Self::Real(real) => real.config(),
        }
    }

    /// The server's process, given the one that the client has started.
    pub fn server_pid(&self, started: Option<u32>) -> Result<u32, Trouble> {
        match self {
            Self::Peer(_) => started.ok_or_else(|| "the client has not said which process the server is".to_owned()),
            Self::Real(real) => real.server_pid(),
        }
    }

    /// Opens a gate of the model's.
    pub async fn release(&self, gate: &str) -> Result<(), Trouble> {
        match self {
            Self::Peer(_) => Ok(()),
            Self::Real(real) => real.release(gate).await,
        }
    }

    /// Ends the model.
    pub async fn stop_model(&self) -> Result<(), Trouble> {
        match self {
            Self::Peer(_) => Err("there is no model beside the scripted peer".to_owned()),
            Self::Real(real) => real.stop_model().await,
        }
    }

    /// The processes that must be gone at the end.
    pub fn processes(&self) -> Vec<u32> {
        match self {
            Self::Peer(peer) => peer.processes(),
            Self::Real(real) => real.processes(),
        }
    }

    /// Ends what is around the server; tells what the server has to say against the client.
    pub async fn finish(&self, session: &Session) -> Vec<Trouble> {
        match self {
            Self::Peer(peer) => peer.verdict(),
            Self::Real(real) => real.finish(session).await,
        }
    }
}
