//! A scenario as its file has it: read, and refused where it says what the format lacks.
//!
//! Reads the client's side; the peer reads its own from the same file.

mod acts;

pub use acts::*;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::values::Trouble;

/// One file.
#[derive(Debug)]
pub struct Scenario {
    /// The file's name, which begins with the rule.
    pub name: String,
    /// Where the file is.
    pub path: PathBuf,
    /// The clients it is for; `None`: all.
    pub only: Option<BTreeSet<String>>,
    /// Whether the convenience layer is started, over the client.
    pub facade: bool,
    /// How the client is started.
    pub config: Config,
    /// What answers the server at first.
    pub handlers: BTreeMap<String, Handler>,
    /// What the real server finds; `None`: the scripted peer plays.
    pub server: Option<Server>,
    /// What the client's user does.
    pub client: Vec<Step>,
    /// The gates that handlers wait for; the model's replies have others.
    pub gates: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    about: String,
    clients: Option<Clients>,
    facade: Option<True>,
    #[serde(default)]
    config: Config,
    #[serde(default)]
    handlers: BTreeMap<String, Handler>,
    peer: Option<IgnoredAny>,
    server: Option<Server>,
    client: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clients {
    only: BTreeSet<String>,
    because: String,
}

/// How a client is started.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default)]
    pub default_timeout_ms: Limit,
    pub start_timeout_ms: Option<u64>,
    pub close_grace_ms: Option<u64>,
    pub retry: Option<Retry>,
    pub strict: Option<bool>,
    pub queue_size: Option<usize>,
    pub experimental_api: Option<bool>,
    pub client_name: Option<String>,
    pub client_title: Option<String>,
    pub client_version: Option<String>,
    pub config_overrides: Option<Map<String, Value>>,
    pub env: Option<BTreeMap<String, String>>,
    pub cwd: Option<String>,
}

/// How long something may take.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Limit {
    /// As long as it may if nobody says anything.
    #[default]
    Usual,
    /// As long as it takes.
    None,
    At(Duration),
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ms = Option::<u64>::deserialize(deserializer)?;
        Ok(ms.map_or(Self::None, |ms| Self::At(Duration::from_millis(ms))))
    }
}

/// How often to try, and how long to wait.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retry {
    pub attempts: Option<u32>,
    pub delay_ms: Option<u64>,
    pub max_delay_ms: Option<u64>,
}

/// What the real server finds when it starts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub model: Option<String>,
    #[serde(default)]
    pub home: Map<String, Value>,
    #[serde(default)]
    pub toml: String,
}

/// What a handler does.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handler {
    #[serde(default)]
    pub returns: Value,
    pub raises: Option<String>,
    pub calls: Option<Box<Call>>,
    pub waits_for: Option<String>,
    /// Changes nothing here: all handlers of Rust's are alike.
    #[serde(default)]
    pub plain: bool,
}

/// How an error must be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fails {
    pub kind: String,
    pub code: Option<Value>,
    pub message: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    pub data: Option<Value>,
    pub method: Option<Value>,
    pub exit_code: Option<Value>,
    pub signal: Option<Value>,
    pub stderr: Option<String>,
    pub path: Option<String>,
    pub retryable: Option<bool>,
    pub tried: Option<String>,
}

/// What must come of something, and what of it is kept.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    pub result: Option<Value>,
    pub fails: Option<Fails>,
    pub save: BTreeMap<String, String>,
}

/// A member that may be left out; `null` is something that is given.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Scenario {
    /// Reads a file.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
        let file: File = serde_json::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
        let rule = name.split('-').next().unwrap_or_default();
        if !(rule.len() == 3 && rule.starts_with('C') && rule[1..].bytes().all(|byte| byte.is_ascii_digit())) {
            return Err(format!("{name}: its name doesn't begin with a rule, such as `C04-`"));
        }
        if file.peer.is_some() == file.server.is_some() {
            return Err(format!("{name}: one of `peer` and `server` must be there"));
        }
        if file.about.is_empty() || file.clients.as_ref().is_some_and(|clients| clients.because.is_empty()) {
            return Err(format!("{name}: `about` and `because` are sentences"));
        }
        let File { clients, facade, config, handlers, server, client, .. } = file;
        let facade = facade.is_some();
        let only = clients.map(|clients| clients.only);
        let mut gates = BTreeSet::new();
        collect_gates(&serde_json::from_str(&text).unwrap_or_default(), &mut gates);
        Ok(Self { name, path: path.to_owned(), only, facade, config, handlers, server, client, gates })
    }

    /// The rule that it shows.
    pub fn rule(&self) -> &str {
        self.name.split('-').next().unwrap_or_default()
    }
}

/// Adds what handlers wait for, wherever in a scenario they are set.
fn collect_gates(told: &Value, gates: &mut BTreeSet<String>) {
    match told {
        Value::Object(members) => {
            gates.extend(members.get("waits_for").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect_gates(member, gates));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_gates(item, gates)),
        _ => {}
    }
}
