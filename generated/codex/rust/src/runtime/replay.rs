//! A recording that stands in for a server: it says again what the server said, and expects the client to say again
//! what the client said.
//!
//! Reads a recording and knows what comes next; does no waiting and passes nothing on.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fs;
use std::path::Path;

use serde_json::Value;
use serde_json::value::RawValue;

use super::envelope::Raw;
use super::facts::Facts;
use super::recording::redacted;
use crate::error::{Error, ProcessEnd};

/// How much of a message an error shows.
const SHOWN: usize = 400;
const NOT_A_LINE: &str =
    "not a line of a recording: `from` has to be \"client\" or \"server\", and there has to be a `message`";

/// What a recording says, step by step.
#[derive(Debug)]
pub(crate) struct Script {
    name: String,
    facts: &'static Facts,
    entries: VecDeque<Entry>,
    /// What the client has to say before the server goes on, by what counts as the same.
    expected: HashMap<String, VecDeque<(usize, Value)>>,
    /// Today's ids of the client's calls, by those in the recording.
    ids: HashMap<String, Value>,
}

/// A line of a recording.
#[derive(Debug)]
enum Entry {
    /// A message of the client, and the line's number.
    Client(usize, Value),
    Server(Raw),
    /// A line of the server that is no JSON.
    Text(String),
}

impl Script {
    /// Reads a recording.
    pub(crate) fn read(path: &Path, facts: &'static Facts) -> Result<Self, Error> {
        let place = path.display();
        let name = format!("the recording {place}");
        let content = fs::read(path).map_err(|error| start_error(format!("{name} can't be read: {error}")))?;
        let mut entries = VecDeque::new();
        for (index, line) in content.split(|byte| *byte == b'\n').enumerate() {
            if !line.trim_ascii().is_empty() {
                let number = index + 1;
                let entry =
                    entry(number, line).map_err(|problem| start_error(format!("{place}:{number}: {problem}")))?;
                entries.push_back(entry);
            }
        }
        let script = Self { name, facts, entries, expected: HashMap::new(), ids: HashMap::new() };
        script.check_handshake().map_err(|(number, problem)| {
            let number = number.map(|number| format!(":{number}")).unwrap_or_default();
            start_error(format!("{place}{number}: {problem}"))
        })?;
        Ok(script)
    }

    fn check_handshake(&self) -> Result<(), (Option<usize>, String)> {
        let request = self.facts.handshake.request;
        let first = self.entries.iter().find_map(|entry| match entry {
            Entry::Client(number, message) => Some((*number, message.get("method"))),
            Entry::Server(_) | Entry::Text(_) => None,
        });
        let fits = matches!(first, Some((_, Some(Value::String(method)))) if method == request);
        if request.is_empty() || fits {
            return Ok(());
        }
        let problem = format!("there is no handshake: a recording begins with the client's {request}");
        Err((first.map(|(number, _)| number), problem))
    }

    /// Whether neither side has anything left to say.
    pub(crate) fn is_over(&self) -> bool {
        self.entries.is_empty() && self.expected.is_empty()
    }

    /// What is said of a connection whose recording is over.
    pub(crate) fn end(&self) -> String {
        format!("{} has ended", self.name)
    }

    /// What the server says; nothing once it waits for the client again.
    pub(crate) fn say(&mut self) -> Option<Vec<u8>> {
        loop {
            match self.entries.pop_front()? {
                Entry::Text(text) if self.expected.is_empty() => return Some(text.into_bytes()),
                Entry::Server(message) if self.expected.is_empty() => return Some(self.with_todays_id(&message)),
                // What the client said without a word of the server's in between may come in any order.
                Entry::Client(number, message) => {
                    self.expected.entry(self.key(&message)).or_default().push_back((number, message));
                }
                entry @ (Entry::Text(_) | Entry::Server(_)) => {
                    self.entries.push_front(entry);
                    return None;
                }
            }
        }
    }

    /// Takes in a line of the client's. The error says how it deviates.
    pub(crate) fn take(&mut self, line: &[u8]) -> Result<(), String> {
        let message: Value = serde_json::from_slice(line).map_err(|error| format!("{}: {error}", self.name))?;
        let key = self.key(&message);
        let Some(entries) = self.expected.get_mut(&key) else {
            return Err(self.deviation(&message));
        };
        let expected = entries.pop_front();
        if entries.is_empty() {
            self.expected.remove(&key);
        }
        let recorded = expected.as_ref().and_then(|(_, expected)| expected.get("id"));
        if let (Some(_), Some(recorded), Some(today)) = (message.get("method"), recorded, message.get("id")) {
            self.ids.insert(recorded.to_string(), today.clone());
        }
        Ok(())
    }

    /// The line for a message of the server. An answer gets the id that its call has today.
    fn with_todays_id(&self, message: &RawValue) -> Vec<u8> {
        let members: BTreeMap<String, &RawValue> = serde_json::from_str(message.get()).unwrap_or_default();
        let recorded = members.get("id").filter(|_| !members.contains_key("method"));
        let recorded = recorded.and_then(|id| serde_json::from_str::<Value>(id.get()).ok());
        let Some(today) = recorded.and_then(|id| self.ids.get(&id.to_string())) else {
            return message.get().as_bytes().to_owned();
        };
        let rest = members.iter().filter(|(name, _)| *name != "id");
        let rest = rest.map(|(name, value)| format!(",{}:{}", Value::from(name.as_str()), value.get()));
        format!("{{\"id\":{today}{}}}", rest.collect::<String>()).into_bytes()
    }

    /// What messages that count as the same have in common: all but the ids of calls, secrets, the words of errors, and
    /// who the client says that it is.
    fn key(&self, message: &Value) -> String {
        let mut shown = redacted(message.clone(), self.facts.secrets);
        if let Value::Object(members) = &mut shown {
            let method = members.get("method").and_then(Value::as_str);
            if method == Some(self.facts.handshake.request) {
                if let Some(params) = members.get_mut("params") {
                    forget(params, self.facts.handshake.client_info);
                }
            }
            if members.contains_key("method") {
                members.insert("id".to_owned(), Value::from(message.get("id").is_some()));
            } else if let Some(code) = message.pointer("/error/code") {
                members.insert("error".to_owned(), code.clone());
            }
        }
        canonical(&shown)
    }

    fn deviation(&self, message: &Value) -> String {
        let mut expected: Vec<_> = self.expected.values().flatten().collect();
        expected.sort_by_key(|(number, _)| *number);
        let first = expected.first().map(|(number, first)| format!("{} in line {number}", self.shown(first)));
        let more = if expected.len() > 1 { format!(", or with {} others", expected.len() - 1) } else { String::new() };
        let first = first.unwrap_or_default();
        format!("{} goes on with {first}{more}; the client sent {}", self.name, self.shown(message))
    }

    fn shown(&self, message: &Value) -> String {
        let message = redacted(message.clone(), self.facts.secrets);
        let text = match message.get("method").and_then(Value::as_str) {
            Some(method) => format!("{method} {}", message.get("params").map_or("{}".to_owned(), Value::to_string)),
            None => format!("the answer {message}"),
        };
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }
}

fn start_error(message: String) -> Error {
    Error::Start(Box::new(ProcessEnd::new(message)))
}

fn entry(number: usize, line: &[u8]) -> Result<Entry, String> {
    let members: BTreeMap<String, &RawValue> =
        serde_json::from_slice(line).map_err(|error| format!("not a JSON object: {error}"))?;
    let value = |name: &str| members.get(name).and_then(|raw| serde_json::from_str::<Value>(raw.get()).ok());
    let side = value("from");
    match (side.as_ref().and_then(Value::as_str), members.get("message")) {
        (Some("server"), Some(message)) => return Ok(Entry::Server((*message).to_owned())),
        (Some("server"), None) => {
            if let Some(Value::String(text)) = value("line") {
                return Ok(Entry::Text(text));
            }
        }
        (Some("client"), Some(_)) => {
            if let Some(message @ Value::Object(_)) = value("message") {
                return Ok(Entry::Client(number, message));
            }
        }
        _ => {}
    }
    Err(NOT_A_LINE.to_owned())
}

/// Takes away what is at a place.
fn forget(value: &mut Value, place: &[&str]) {
    match (value, place) {
        (Value::Object(members), [last]) => _ = members.remove(*last),
        (Value::Object(members), [first, rest @ ..]) => {
            if let Some(inner) = members.get_mut(*first) {
                forget(inner, rest);
            }
        }
        _ => {}
    }
}

/// JSON with one spelling for each value.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let sorted: BTreeMap<_, _> = members.iter().collect();
            let members =
                sorted.iter().map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), canonical(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        // A whole number may be written with a fraction.
        Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or_default().to_string(),
        other => other.to_string(),
    }
}
