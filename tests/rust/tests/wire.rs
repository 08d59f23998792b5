//! The wire vectors of `cargo xtask vectors`: every type is read, written, and rejects what is malformed.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::{env, fs};

use codex_app_server::{Decoding, Problem, UnknownKind};
use sdk_tests::results;
use sdk_tests::types::{TYPES, round_trip};
use serde_json::{Map, Value, json};

/// How many failures are shown.
const SHOWN: usize = 40;

/// A line of the file.
struct Vector {
    line: Value,
}

impl Vector {
    fn text(&self, member: &str) -> &str {
        self.line[member].as_str().unwrap_or_default()
    }

    fn is(&self, member: &str) -> bool {
        self.line[member] == true
    }

    fn list(&self, member: &str) -> &[Value] {
        self.line[member].as_array().map_or(&[], Vec::as_slice)
    }

    fn message(&self) -> &Value {
        &self.line["message"]
    }
}

#[test]
fn every_type_keeps_what_is_valid_and_rejects_what_is_not() -> Result<(), Box<dyn Error>> {
    let path = env::var("RPCSMITH_VECTORS").map_err(|_| "RPCSMITH_VECTORS is not set; `cargo xtask test` sets it")?;
    let text = fs::read_to_string(&path)?;
    let mut types = BTreeSet::new();
    let mut rules: BTreeMap<String, bool> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut count = 0;
    for line in text.split_terminator('\n') {
        let vector = Vector { line: serde_json::from_str(line)? };
        // What reads the file also reads the server's lines: it has to keep every digit.
        let changed = (vector.line.to_string().len() != line.len()).then(|| "the line itself is not kept".to_owned());
        let difference = changed.or_else(|| difference(&vector));
        let (ty, case) = (vector.text("type"), vector.text("case"));
        *rules.entry(vector.text("rule").to_owned()).or_insert(true) &= difference.is_none();
        failures.extend(difference.map(|difference| format!("{ty}, {case}: {difference}")));
        types.insert(ty.to_owned());
        count += 1;
    }
    println!("wire vectors: rust agrees with {} of {count}, of {} types", count - failures.len(), types.len());
    for (rule, passed) in rules {
        results::write(&rule, &format!("{rule}-wire-vectors"), Some(passed))?;
    }
    assert_eq!(types.len(), TYPES.len(), "types without vectors");
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), first(&failures));
    Ok(())
}

fn first(failures: &[String]) -> String {
    failures.iter().take(SHOWN).fold(String::new(), |mut text, failure| {
        _ = writeln!(text, "{failure}");
        text
    })
}

/// What comes of a vector that shouldn't; nothing if all is well.
fn difference(vector: &Vector) -> Option<String> {
    let Some(round_trip) = round_trip(vector.text("type")) else {
        return Some("there is no such type".to_owned());
    };
    let message = vector.message();
    let mut cx = Decoding::tracing();
    match round_trip(message.clone(), &mut cx) {
        Ok(encoded) if !vector.is("valid") => Some(format!("{message} was taken, and became {encoded}")),
        Ok(encoded) => {
            let null_or_absent = vector.list("null_or_absent");
            unequal(message, &encoded, "$", null_or_absent).or_else(|| unequal_unknowns(vector.list("unknown"), cx))
        }
        Err(problem) if vector.is("valid") => Some(format!("{message} was rejected: {problem}")),
        Err(problem) => misplaced(vector, &problem),
    }
}

fn misplaced(vector: &Vector, problem: &Problem) -> Option<String> {
    let path = problem.path("$");
    let rest = path.strip_prefix(vector.text("path"));
    let fits = rest.is_some_and(|rest| rest.is_empty() || (vector.is("inside") && rest.starts_with(['.', '['])));
    (!fits).then(|| format!("expected a problem at {}, found {problem}", vector.text("path")))
}

fn unequal_unknowns(expected: &[Value], cx: Decoding) -> Option<String> {
    let kind = |kind: UnknownKind| match kind {
        UnknownKind::Variant => "variant",
        UnknownKind::EnumValue => "enum_value",
        _ => "another kind",
    };
    let found = cx.unknowns("$").into_iter();
    let found = found.map(|one| json!({"kind": kind(one.kind), "path": one.path, "raw": one.raw}));
    let mut found: Vec<Value> = found.collect();
    let mut expected = expected.to_vec();
    let place = |unknown: &Value| unknown["path"].to_string();
    found.sort_by_key(place);
    expected.sort_by_key(place);
    (found != expected).then(|| format!("expected to be told of {}, found {}", json!(expected), json!(found)))
}

/// Where two values differ. Numbers are compared by value; a `null` at one of the places may be left out.
fn unequal(expected: &Value, found: &Value, path: &str, null_or_absent: &[Value]) -> Option<String> {
    match (expected, found) {
        (Value::Number(_), Value::Number(_)) if same_number(expected, found) => None,
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            let pairs = expected.iter().zip(found).enumerate();
            pairs
                .map(|(index, (one, other))| unequal(one, other, &format!("{path}[{index}]"), null_or_absent))
                .find_map(|difference| difference)
        }
        (Value::Object(expected), Value::Object(found)) => unequal_members(expected, found, path, null_or_absent),
        _ => (expected != found).then(|| format!("{path} was {expected}, and became {found}")),
    }
}

fn same_number(one: &Value, other: &Value) -> bool {
    match (one.as_i64(), other.as_i64(), one.as_u64(), other.as_u64()) {
        (Some(one), Some(other), ..) => one == other,
        (.., Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

fn unequal_members(
    expected: &Map<String, Value>,
    found: &Map<String, Value>,
    path: &str,
    null_or_absent: &[Value],
) -> Option<String> {
    let more = found.keys().find(|key| !expected.contains_key(*key));
    more.map(|key| format!("{path} got the member {key:?}")).or_else(|| {
        expected.iter().find_map(|(key, value)| {
            let path = format!("{path}{}", step(key));
            match found.get(key) {
                Some(found) => unequal(value, found, &path, null_or_absent),
                None if value.is_null() && null_or_absent.iter().any(|place| *place == path) => None,
                None => Some(format!("{path} was {value}, and is gone")),
            }
        })
    })
}

/// The step to a member, as paths are written.
fn step(key: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let first = key.chars().next().is_some_and(|first| !first.is_ascii_digit());
    if first && key.chars().all(plain) { format!(".{key}") } else { format!("[{}]", Value::from(key)) }
}
