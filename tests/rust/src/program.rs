//! A scenario as its file has it: read, and refused where it says what the format lacks.
//!
//! Reads the client's side; the peer reads its own from the same file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::de::{DeserializeOwned, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
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

/// Something that the client's user does, with the name of its kind.
#[derive(Debug, Clone)]
pub struct Step {
    pub kind: String,
    pub act: Act,
}

/// The steps' members, by the step's kind.
macro_rules! steps {
    ($(
        $kind:literal $variant:ident {
            $($(#[$attribute:meta])* $member:ident $(= $wire:literal)?: $type:ty,)*
        }
    )*) => {
        /// What a step does. The names of members are those of the format.
        #[derive(Debug, Clone)]
        pub enum Act {
            $($variant($variant),)*
        }

        $(
            #[derive(Debug, Clone, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $variant {
                $($(#[$attribute])* $(#[serde(rename = $wire)])? pub $member: $type,)*
            }
        )*

        impl Act {
            fn read(kind: &str, step: &RawValue) -> Result<Self, Trouble> {
                match kind {
                    $($kind => members(step).map(Self::$variant),)*
                    _ => Err(format!("there is no step `{kind}`")),
                }
            }
        }
    };
}

steps! {
    "start" Start {
        start: True,
        #[serde(default)] config: Config,
        #[serde(default)] handlers: BTreeMap<String, Handler>,
        fails: Option<Fails>,
    }
    "call" Call {
        method = "call": String,
        #[serde(default, deserialize_with = "given")] params: Option<Value>,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        #[serde(default)] save: BTreeMap<String, String>,
        later: Option<String>,
        #[serde(default)] timeout_ms: Limit,
        retry: Option<Retry>,
        #[serde(default)] untyped: bool,
        #[serde(default)] cancel_first: bool,
    }
    "open" Open {
        method = "open": String,
        #[serde(default, deserialize_with = "given")] params: Option<Value>,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        #[serde(default)] save: BTreeMap<String, String>,
        name = "as": Option<String>,
        later: Option<String>,
        #[serde(default)] timeout_ms: Limit,
    }
    "await" Await {
        name = "await": String,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "cancel" Cancel { name = "cancel": String, }
    "notify" Notify {
        method = "notify": String,
        #[serde(default, deserialize_with = "given")] params: Option<Value>,
        fails: Option<Fails>,
    }
    "stream" Stream { name = "stream": String, }
    "subscribe" Subscribe { name = "subscribe": String, of: String, }
    "events" Events { name = "events": String, are: Vec<Value>, }
    "until" Until {
        name = "until": String,
        event: Value,
        counts: Option<BTreeMap<String, Value>>,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "ends" Ends { name = "ends": String, fails: Option<Fails>, }
    "drain" Drain { name = "drain": String, least: Option<usize>, most: Option<usize>, }
    "close_stream" CloseStream { name = "close_stream": String, }
    "next" Next {
        event = "next": Value,
        fails: Option<Fails>,
        #[serde(default)] timeout_ms: Limit,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "wait_end" WaitEnd {
        method = "wait_end": String,
        id: String,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        later: Option<String>,
        #[serde(default)] timeout_ms: Limit,
    }
    "handler" SetHandler {
        method = "handler": String,
        #[serde(default)] returns: Value,
        raises: Option<String>,
        calls: Option<Box<Call>>,
        waits_for: Option<String>,
        #[serde(default)] plain: bool,
    }
    "asked" Asked {
        method = "asked": String,
        params: Option<Value>,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "release" Release { gate = "release": String, }
    "unknowns" Unknowns { are = "unknowns": Vec<Value>, }
    "overflow" Overflowed { stream = "overflow": Value, least: Option<u64>, }
    "stderr_hook" StderrHook { line = "stderr_hook": Value, }
    "signal" Signal { name = "signal": String, }
    "close" Close { close: True, times: Option<usize>, }
    "leave" Leave { leave: True, }
    "gone" Gone { gone: True, }
    "closed" Closed { closed: bool, }
    "stderr_tail" StderrTail { lines = "stderr_tail": Value, }
    "server_info" ServerInfo { info = "server_info": Value, }
    "parallel" Parallel { lists = "parallel": Vec<Vec<Step>>, }
    "repeat" Repeat { steps = "repeat": Vec<Step>, count: u64, at_once: Option<usize>, }
    "file" WriteFile { path = "file": String, text: Value, }
    "has_file" HasFile { path = "has_file": String, text: Option<Value>, }
    "model" Model { what = "model": Stop, }
    "hang_up" HangUp { hang_up: True, }
}

/// `true`, where nothing else makes sense.
#[derive(Debug, Clone, Copy)]
pub struct True;

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? { Ok(Self) } else { Err(D::Error::custom("expected `true`")) }
    }
}

/// What can be done to the model server.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    Stop,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let FirstKey(kind) = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        let act = Act::read(&kind, &raw).map_err(|problem| D::Error::custom(format!("{problem}: {}", raw.get())))?;
        Ok(Self { kind, act })
    }
}

fn members<T: DeserializeOwned>(step: &RawValue) -> Result<T, Trouble> {
    serde_json::from_str(step.get()).map_err(|error| error.to_string())
}

/// The name of an object's first member.
struct FirstKey(String);

impl<'de> Deserialize<'de> for FirstKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = FirstKey;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a step, an object whose first member names it")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FirstKey, A::Error> {
                let first = map.next_entry::<String, IgnoredAny>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                first.map(|(key, _)| FirstKey(key)).ok_or_else(|| A::Error::custom("a step without members"))
            }
        }

        deserializer.deserialize_map(Keys)
    }
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
        let File { clients, config, handlers, server, client, .. } = file;
        let only = clients.map(|clients| clients.only);
        let mut gates = BTreeSet::new();
        collect_gates(&serde_json::from_str(&text).unwrap_or_default(), &mut gates);
        Ok(Self { name, path: path.to_owned(), only, config, handlers, server, client, gates })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_member_names_the_step() {
        let step: Step = serde_json::from_str(r#"{"call": "a/b", "params": null, "timeout_ms": null}"#).unwrap();
        let Act::Call(call) = step.act else { panic!("{step:?}") };
        assert_eq!((step.kind.as_str(), call.method.as_str()), ("call", "a/b"));
        assert_eq!((call.params, call.result, call.timeout_ms), (Some(Value::Null), None, Limit::None));
    }

    #[test]
    fn what_the_format_lacks_is_refused() {
        for (step, problem) in [
            ("{}", "without members"),
            ("[1]", "first member"),
            (r#"{"cal": 1}"#, "there is no step `cal`"),
            (r#"{"params": {}, "call": "x"}"#, "there is no step `params`"),
            (r#"{"call": "x", "param": {}}"#, "unknown field `param`"),
            (r#"{"close": false}"#, "expected `true`"),
            (r#"{"parallel": [[{"nap": 1}]]}"#, "there is no step `nap`"),
            (r#"{"call": "x", "fails": {"kinds": "x"}}"#, "unknown field `kinds`"),
        ] {
            let error = serde_json::from_str::<Step>(step).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
