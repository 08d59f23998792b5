//! Damaged input never panics the generator, never hangs it, and never gets through half understood.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use rpcsmith::Inputs;
use serde_json::{Value, json};

/// The committed schema without most of its definitions, so that a case is quick: what `ThreadItem` and two
/// methods need.
fn small_schema() -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("schema/codex/stable.json");
    let full: Value = serde_json::from_str(&fs::read_to_string(path).expect("the committed schema")).expect("JSON");
    let wanted = ["turn/start", "thread/list", "config/read", "command/exec"];
    let mut definitions = serde_json::Map::new();
    let mut open = Vec::new();
    let arms: Vec<Value> = full["definitions"]["ClientRequest"]["oneOf"]
        .as_array()
        .expect("a list of arms")
        .iter()
        .filter(|arm| wanted.iter().any(|method| arm["properties"]["method"]["enum"][0] == *method))
        .cloned()
        .collect();
    for arm in &arms {
        references(arm, &mut open);
    }
    for name in ["TurnStart", "ThreadList", "ConfigRead", "CommandExec"] {
        open.push(format!("/definitions/v2/{name}Response"));
    }
    let mut inner = serde_json::Map::new();
    while let Some(pointer) = open.pop() {
        let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        if !inner.contains_key(&name) {
            let definition = full.pointer(&pointer).expect("a definition").clone();
            references(&definition, &mut open);
            inner.insert(name, definition);
        }
    }
    definitions.insert("ClientRequest".to_owned(), json!({"oneOf": arms}));
    definitions.insert("v2".to_owned(), Value::Object(inner));
    json!({"definitions": definitions})
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref") {
                found.push(target.trim_start_matches('#').to_owned());
            }
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// What can be done to a node.
#[derive(Debug, Clone)]
enum Damage {
    Drop,
    Rename(String),
    Replace(Value),
    Wrap(usize),
    CopyFrom(usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        Just(Damage::Drop),
        prop_oneof![Just("type".to_owned()), Just("oneOf".to_owned()), Just("$ref".to_owned()), "[a-z$/_0-9-]{0,8}"]
            .prop_map(Damage::Rename),
        prop_oneof![
            Just(Value::Null),
            Just(json!(true)),
            Just(json!([])),
            Just(json!({})),
            Just(json!(-1.5)),
            Just(json!("string")),
            Just(json!("#/definitions/v2/Turn")),
            Just(json!({"$ref": "#/definitions/v2/ThreadItem"})),
            Just(json!({"type": "null"})),
            Just(json!({"anyOf": [{"type": "null"}]})),
            "\\PC{0,12}".prop_map(Value::from),
        ]
        .prop_map(Damage::Replace),
        (1_usize..60).prop_map(Damage::Wrap),
        any::<usize>().prop_map(Damage::CopyFrom),
    ]
}

/// The pointers of every node.
fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    found.push(pointer.to_owned());
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                pointers(value, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn apply(schema: &mut Value, place: usize, damage: &Damage) {
    let mut places = Vec::new();
    pointers(schema, "", &mut places);
    let pointer = places[place % places.len()].clone();
    let Some((parent, last)) = pointer.rsplit_once('/') else { return };
    let key = last.replace("~1", "/").replace("~0", "~");
    let donor = match damage {
        Damage::CopyFrom(from) => schema.pointer(&places[from % places.len()]).cloned(),
        _ => None,
    };
    let Some(parent) = schema.pointer_mut(parent) else { return };
    match (parent, damage) {
        (Value::Object(members), Damage::Drop) => drop(members.shift_remove(&key)),
        (Value::Object(members), Damage::Rename(name)) => {
            if let Some(value) = members.shift_remove(&key) {
                members.insert(name.clone(), value);
            }
        }
        (Value::Array(items), Damage::Drop) => {
            if let Some(index) = key.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        (parent, damage) => {
            let slot = match parent {
                Value::Object(members) => members.get_mut(&key),
                Value::Array(items) => key.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
                _ => None,
            };
            let Some(slot) = slot else { return };
            match damage {
                Damage::Replace(value) => *slot = value.clone(),
                Damage::Wrap(times) => {
                    for _ in 0..*times {
                        *slot = json!({"allOf": [slot.take()]});
                    }
                }
                Damage::CopyFrom(_) => *slot = donor.unwrap_or(Value::Null),
                Damage::Drop | Damage::Rename(_) => {}
            }
        }
    }
}

const PROFILE: &str = r#"
three_state = ["ThreadListParams.sectionId"]
[protocol]
name = "fuzzed"
title = "Fuzzed"
[schema]
namespaces = ["v2"]
[launch]
client = "Fuzzed"
title = "Fuzzed server"
command = "fuzzed"
variable = "FUZZED_BIN"
[packages.typescript]
name = "fuzzed-sdk"
module = "fuzzed-sdk"
[packages.rust]
name = "fuzzed-sdk"
module = "fuzzed_sdk"
[packages.python]
name = "fuzzed-sdk"
module = "fuzzed_sdk"
[correlations.turn]
opens = "turn/start"
result_key = "turn.id"
scope = "threadId"
keys = ["turnId"]
closes = "turn/completed"
"#;

/// Runs the whole pipeline but for the disk. Whether it succeeds is not the question; that it ends is.
fn run(schema: &str, profile: &str, lenient: bool) -> Result<usize, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("stable.json"), schema).expect("a schema");
    fs::write(folder.path().join("profile.toml"), profile).expect("a profile");
    let inputs = Inputs { schema: folder.path().to_owned(), profile: folder.path().join("profile.toml"), lenient };
    let (protocol, _) = rpcsmith::load(&inputs).map_err(|problems| problems.to_string())?;
    let packages = rpcsmith::render(&protocol, rpcsmith::BUILT).map_err(|problems| problems.to_string())?;
    Ok(packages.iter().map(|(_, files)| files.len()).sum())
}

#[test]
fn the_undamaged_schema_generates() {
    let schema = small_schema();
    assert!(schema.to_string().len() > 20_000);
    let files = run(&schema.to_string(), PROFILE, true).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(files > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_schemas_do_not_panic(damages in prop::collection::vec((any::<usize>(), damage()), 1..6)) {
        thread_local!(static SCHEMA: Value = small_schema());
        let mut schema = SCHEMA.with(Clone::clone);
        for (place, damage) in &damages {
            apply(&mut schema, *place, damage);
        }
        drop(run(&schema.to_string(), PROFILE, true));
    }

    #[test]
    fn truncated_schemas_are_reported(share in 0_usize..1000) {
        thread_local!(static TEXT: String = small_schema().to_string());
        let text = TEXT.with(Clone::clone);
        let mut end = text.len() * share / 1000;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let problems = run(&text[..end], PROFILE, true).expect_err("half a schema is no schema");
        prop_assert!(problems.contains("stable.json"), "{problems}");
    }

    #[test]
    fn any_text_as_a_profile_does_not_panic(line in "\\PC{0,60}", at in 0_usize..20) {
        let mut lines: Vec<&str> = PROFILE.lines().collect();
        lines.insert(at.min(lines.len()), &line);
        drop(run(r#"{"definitions": {"ClientRequest": {"oneOf": []}}}"#, &lines.join("\n"), true));
    }
}

#[test]
fn deep_nesting_is_reported_or_understood() {
    for depth in [10, 100, 1_000, 100_000] {
        let nested = format!("{}{}{}", r#"{"items":"#.repeat(depth), "true", "}".repeat(depth));
        let schema = format!(r#"{{"definitions": {{"A": {{"type":"array","items":{nested}}}}}}}"#);
        assert!(run(&schema, PROFILE, true).is_err(), "a schema without methods has to be refused");
    }
}

#[test]
fn a_long_chain_of_references_ends() {
    let mut definitions = serde_json::Map::new();
    for index in 0..3_000 {
        definitions.insert(format!("A{index}x"), json!({"$ref": format!("#/definitions/A{}x", index + 1)}));
    }
    definitions.insert("A3000x".to_owned(), json!({"$ref": "#/definitions/A0x"}));
    let problems = run(&json!({"definitions": definitions}).to_string(), PROFILE, true).expect_err("a cycle");
    assert!(problems.contains("lead back to where they start"), "{problems}");
}
