//! The real server in a home of its own, with a model on loopback, behind a tap that notes its lines.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use codex_app_server::AppServerConfig;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::model::Model;
use crate::peer::write_program;
use crate::place::{repo, required};
use crate::program::Server;
use crate::session::Session;
use crate::values::Trouble;
use crate::wire::Log;

/// Where nobody listens.
const NOWHERE: &str = "http://127.0.0.1:1";

/// The server, and what is around it.
pub struct Real {
    folder: TempDir,
    root: PathBuf,
    home: PathBuf,
    model: tokio::sync::Mutex<Option<Model>>,
    logs: Mutex<Vec<PathBuf>>,
}

impl Real {
    pub async fn prepare(server: &Server) -> Result<Self, Trouble> {
        let folder = tempfile::tempdir().map_err(|error| format!("making a folder: {error}"))?;
        // Where the folder for temporary files is a link, the server tells what it leads to.
        let place = folder.path().canonicalize().map_err(|error| format!("finding the folder: {error}"))?;
        let (root, home) = (place.join("root"), place.join("home"));
        let model = match &server.model {
            Some(name) => Some(Model::start(name).await?),
            None => None,
        };
        let text = configuration(server, model.as_ref().map(|model| model.url.as_str()))?;
        let write = || {
            fs::create_dir(&root)?;
            fs::create_dir(&home)?;
            fs::write(home.join("config.toml"), text)
        };
        write().map_err(|error| format!("writing the server's home: {error}"))?;
        Ok(Self { folder, root, home, model: tokio::sync::Mutex::new(model), logs: Mutex::default() })
    }

    /// What is saved from the start.
    pub fn saved(&self) -> BTreeMap<String, Value> {
        let repo = repo();
        let places = [("root", &self.root), ("home", &self.home), ("repo", &repo), ("python", &python())];
        places.into_iter().map(|(name, path)| (name.to_owned(), path.display().to_string().into())).collect()
    }

    /// The config of a client whose server it is.
    pub fn config(&self) -> Result<AppServerConfig, Trouble> {
        let mut logs = self.logs.lock().unwrap_or_else(PoisonError::into_inner);
        let log = self.folder.path().join(format!("{}.jsonl", logs.len()));
        let program = self.folder.path().join(format!("server-{}", logs.len()));
        let server = required("RPCSMITH_CODEX_BIN")?;
        let command = ["tap".as_ref(), "--log".as_ref(), log.as_path(), "--".as_ref(), &server];
        write_program(&program, &required("RPCSMITH_XTASK")?, &command)?;
        logs.push(log);
        let mut config = AppServerConfig::new().codex_bin(program).cwd(&self.root);
        // The server looks for plugins on the internet when it starts. It, and the git that it runs, are told to go
        // through a proxy where nobody listens, except for what is on loopback.
        for (name, value) in [
            ("http_proxy", NOWHERE),
            ("https_proxy", NOWHERE),
            ("all_proxy", NOWHERE),
            ("no_proxy", "127.0.0.1,localhost"),
        ] {
            config = config.env(name, value).env(name.to_uppercase(), value);
        }
        // Else the user's shell profiles, skills and other agents' settings have a say.
        config = config.env("HOME", &self.home).env("CODEX_HOME", &self.home);
        config = config.env("CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG", "1").env("OPENAI_API_KEY", "");
        Ok(config.env("RUST_LOG", "warn"))
    }

    /// The server behind the tap.
    pub fn server_pid(&self) -> Result<u32, Trouble> {
        let log = self.logs().pop().ok_or("the server was not started")?;
        Log::read(&log)?.pid.ok_or_else(|| "the tap has not said which process the server is".to_owned())
    }

    /// The server's processes: those that the taps have started.
    pub fn processes(&self) -> Vec<u32> {
        self.logs().iter().filter_map(|log| Log::read(log).ok()?.pid).collect()
    }

    /// Opens a gate of the model's.
    pub async fn release(&self, gate: &str) -> Result<(), Trouble> {
        match &*self.model.lock().await {
            Some(model) => model.release(gate).await,
            None => Ok(()),
        }
    }

    /// Ends the model.
    pub async fn stop_model(&self) -> Result<(), Trouble> {
        let model = self.model.lock().await.take();
        model.ok_or("there is no model that could be stopped")?.stop().await
    }

    /// Ends what is around the server; tells what the client has made of its lines that was not in them.
    pub async fn finish(&self, session: &Session) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        let model = self.model.lock().await.take();
        if let Some(model) = model {
            troubles.extend(model.stop().await.err());
        }
        let Some(log) = self.logs().pop() else { return troubles };
        match Log::read(&log) {
            Err(trouble) => troubles.push(trouble),
            Ok(log) => {
                let state = session.state();
                troubles.extend(log.unlike_results(&state.results));
                troubles.extend(state.taken.iter().flat_map(|(stream, taken)| log.unlike_events(stream, taken)));
            }
        }
        troubles
    }

    fn logs(&self) -> Vec<PathBuf> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The server's `config.toml`.
fn configuration(server: &Server, model: Option<&str>) -> Result<String, Trouble> {
    let mut keys = Map::new();
    keys.insert("model".to_owned(), "mock-model".into());
    keys.insert("approval_policy".to_owned(), "never".into());
    keys.insert("sandbox_mode".to_owned(), "read-only".into());
    keys.extend(server.home.clone());
    let mut provider = String::new();
    if let Some(url) = model {
        keys.insert("model_provider".to_owned(), "mock".into());
        provider = format!(
            "[model_providers.mock]\nname = \"Mock\"\nbase_url = {}\nwire_api = \"responses\"\n\
             request_max_retries = 0\nstream_max_retries = 0\nsupports_websockets = false\n",
            json!(url)
        );
    }
    let mut top = String::new();
    for (key, value) in keys {
        // What these are is written alike in JSON and in TOML.
        if value.is_object() || value.is_null() {
            return Err(format!("`home.{key}` is {value}: tables belong into `toml`"));
        }
        _ = writeln!(top, "{key} = {value}");
    }
    Ok(format!("{top}\n{provider}\n{}\n", server.toml))
}

/// A Python.
fn python() -> PathBuf {
    let name = Path::new(if cfg!(windows) { "python.exe" } else { "python3" });
    let search = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&search).map(|folder| folder.join(name)).find(|path| path.is_file());
    found.unwrap_or_else(|| name.to_owned())
}
