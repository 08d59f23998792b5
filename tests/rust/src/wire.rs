//! What the client made of the server's lines, against the lines.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::path::Path;

use serde_json::{Map, Value};

use crate::values::{Trouble, shown};

/// The lines that a tap has noted.
#[derive(Default)]
pub struct Log {
    /// The server's process.
    pub pid: Option<u32>,
    /// The results of calls, by method.
    results: HashMap<String, Vec<Value>>,
    /// The notifications, in their order.
    notices: Vec<Value>,
}

impl Log {
    /// Reads a log.
    pub fn read(path: &Path) -> Result<Self, Trouble> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let mut log = Self::default();
        let mut called = HashMap::new();
        for line in text.lines() {
            // What a server that was killed has left half written is no message.
            let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
            if let Some(pid) = line.get("pid").and_then(Value::as_u64) {
                log.pid = u32::try_from(pid).ok();
            }
            let (Some(from), Some(message)) = (text_of(&line, "from"), text_of(&line, "line")) else { continue };
            let Ok(message) = serde_json::from_str::<Value>(message) else { continue };
            log.add(from, message, &mut called);
        }
        Ok(log)
    }

    fn add(&mut self, from: &str, message: Value, called: &mut HashMap<String, String>) {
        let id = message.get("id").map(Value::to_string);
        match (from, id, text_of(&message, "method")) {
            ("client", Some(id), Some(method)) => _ = called.insert(id, method.to_owned()),
            ("server", None, Some(_)) => self.notices.push(message),
            ("server", Some(id), None) => {
                if let (Some(method), Some(result)) = (called.remove(&id), message.get("result")) {
                    self.results.entry(method).or_default().push(result.clone());
                }
            }
            _ => {}
        }
    }

    /// The results that are none of those that came.
    pub fn unlike_results(&self, decoded: &[(String, Value)]) -> Vec<Trouble> {
        let mut came: HashMap<(&String, String), usize> = HashMap::new();
        for (method, results) in &self.results {
            for result in results {
                *came.entry((method, canonical(result))).or_default() += 1;
            }
        }
        let mut lost = Vec::new();
        for (method, result) in decoded {
            match came.get_mut(&(method, canonical(result))) {
                Some(left) if *left > 0 => *left -= 1,
                _ => lost.push((method, result)),
            }
        }
        let told = |(method, result): (&String, &Value)| {
            let lines = self.results.get(method).map(Vec::as_slice).unwrap_or_default();
            let likely = lines.first().map_or("nothing".to_owned(), shown);
            format!("the result of {method} was read as {}, came {likely}", shown(result))
        };
        lost.into_iter().map(told).collect()
    }

    /// The events of a stream that are not among the notifications, in their order.
    pub fn unlike_events(&self, stream: &str, taken: &[Value]) -> Vec<Trouble> {
        let mut rest = self.notices.iter();
        let mut unlike = Vec::new();
        for event in taken {
            let wanted = canonical(event);
            let from_here = rest.clone();
            if !rest.any(|notice| canonical(notice) == wanted) {
                rest = from_here;
                let method = event.get("method");
                let likely = self.notices.iter().find(|notice| notice.get("method") == method);
                let likely = likely.map_or("no such event, or not in this order".to_owned(), shown);
                unlike.push(format!("an event of `{stream}` was read as {}, came {likely}", shown(event)));
            }
        }
        unlike
    }
}

fn text_of<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str()
}

/// A text that two values share if they are equal: members in one order, without those that are `null`, and numbers by
/// value.
fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write_canonical(value, &mut text);
    text
}

fn write_canonical(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => write_object(members, text),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write_canonical(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Number(number) => {
            // A float that is whole is written like a whole number; larger ones are no exact numbers anyway.
            let whole = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9e15);
            _ = match whole {
                Some(whole) if number.is_f64() => write!(text, "{whole:.0}"),
                _ => write!(text, "{number}"),
            };
        }
        Value::Null | Value::Bool(_) | Value::String(_) => _ = write!(text, "{value}"),
    }
}

fn write_object(members: &Map<String, Value>, text: &mut String) {
    let there: BTreeMap<_, _> = members.iter().filter(|(_, member)| !member.is_null()).collect();
    text.push('{');
    for (key, member) in there {
        _ = write!(text, "{}:", Value::from(key.as_str()));
        write_canonical(member, text);
        text.push(',');
    }
    text.push('}');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn log(lines: &[Value]) -> Log {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let line = |line: &Value| match line.get("from") {
            Some(from) => json!({"from": from, "line": line["line"].to_string()}).to_string(),
            None => line.to_string(),
        };
        std::fs::write(&path, lines.iter().map(|one| line(one) + "\n").collect::<String>() + "{\"from").unwrap();
        Log::read(&path).unwrap()
    }

    #[test]
    fn what_was_lost_is_told() {
        let log = log(&[
            json!({"pid": 7}),
            json!({"from": "client", "line": {"id": 1, "method": "m", "params": {}}}),
            json!({"from": "server", "line": {"method": "n", "params": {"a": 1, "b": null}}}),
            json!({"from": "server", "line": {"id": 1, "result": {"x": [1.0], "y": null}}}),
            json!({"from": "server", "line": {"method": "n", "params": {"a": 2}}}),
        ]);
        assert_eq!(log.pid, Some(7));
        let result = |result| vec![("m".to_owned(), result)];
        assert_eq!(log.unlike_results(&result(json!({"x": [1]}))), Vec::<String>::new());
        assert_eq!(log.unlike_results(&result(json!({"x": [2]}))).len(), 1);
        assert_eq!(log.unlike_results(&[result(json!({"x": [1]})), result(json!({"x": [1]}))].concat()).len(), 1);
        let (first, second) =
            (json!({"method": "n", "params": {"a": 1}}), json!({"method": "n", "params": {"a": 2}, "x": null}));
        assert_eq!(log.unlike_events("s", &[first.clone(), second.clone()]), Vec::<String>::new());
        assert_eq!(log.unlike_events("s", &[second, first]).len(), 1);
        assert_eq!(log.unlike_events("s", &[json!({"method": "n", "params": {}})]).len(), 1);
    }
}
