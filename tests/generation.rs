//! What holds of a whole generation from the committed schema: the same bytes every time, names that survive growth,
//! and no name with a number of the generator's own making.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rpcsmith::{Files, Inputs};
use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn committed() -> Inputs {
    let schema = root().join("schema/codex");
    Inputs { profile: schema.join("profile.toml"), schema, lenient: false }
}

fn generate(inputs: &Inputs) -> Files {
    let (protocol, warnings) = rpcsmith::load(inputs).unwrap_or_else(|problems| panic!("{problems}"));
    assert!(warnings.is_empty(), "{warnings}");
    let packages = rpcsmith::render(&protocol, rpcsmith::BUILT).unwrap_or_else(|problems| panic!("{problems}"));
    let mut files = Files::new();
    for (language, package) in packages {
        files.merge(&language.to_string(), package).expect("a folder for each language");
    }
    files
}

/// A copy of the committed schema, changed by `change`.
fn changed(change: impl Fn(&mut Value)) -> (tempfile::TempDir, Inputs) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let source = committed();
    for name in ["stable.json", "experimental.json"] {
        let text = fs::read_to_string(source.schema.join(name)).expect("a committed schema");
        let mut schema: Value = serde_json::from_str(&text).expect("JSON");
        change(&mut schema);
        fs::write(folder.path().join(name), schema.to_string()).expect("a file in a temporary folder");
    }
    fs::copy(source.schema.join("source.toml"), folder.path().join("source.toml")).expect("a copy");
    let inputs = Inputs { schema: folder.path().to_owned(), ..source };
    (folder, inputs)
}

fn assert_same(left: &Files, right: &Files) {
    let paths = |files: &Files| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(left), paths(right));
    for (path, content) in left {
        assert!(Some(content.as_slice()) == right.get(path), "{path} differs");
    }
}

#[test]
fn two_generations_are_equal() {
    assert_same(&generate(&committed()), &generate(&committed()));
}

/// A permutation that depends on `seed` alone.
fn shuffled<T>(mut items: Vec<T>, seed: &mut u64) -> Vec<T> {
    for index in (1..items.len()).rev() {
        *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let other = usize::try_from(*seed >> 33).expect("31 bits") % (index + 1);
        items.swap(index, other);
    }
    items
}

/// Shuffles definitions and union arms, and leaves properties alone.
fn shuffle(value: &mut Value, seed: &mut u64) {
    match value {
        Value::Object(members) => {
            for (keyword, value) in members.iter_mut() {
                match value {
                    Value::Object(definitions) if ["definitions", "v2"].contains(&keyword.as_str()) => {
                        let entries: Vec<(String, Value)> = std::mem::take(definitions).into_iter().collect();
                        definitions.extend(shuffled(entries, seed));
                    }
                    Value::Array(arms) if ["oneOf", "anyOf"].contains(&keyword.as_str()) => {
                        *arms = shuffled(std::mem::take(arms), seed);
                    }
                    _ => {}
                }
                shuffle(value, seed);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| shuffle(item, seed)),
        _ => {}
    }
}

#[test]
fn the_order_of_definitions_and_arms_does_not_matter() {
    let expected = generate(&committed());
    for seed in [1, 2, 3] {
        let (_folder, inputs) = changed(|schema| {
            let before = schema.to_string();
            shuffle(schema, &mut { seed });
            assert_ne!(before, schema.to_string(), "nothing was shuffled");
        });
        assert_same(&expected, &generate(&inputs));
    }
}

/// Every name of the model, by what it names.
fn names(inputs: &Inputs) -> BTreeMap<String, String> {
    use rpcsmith::ir::TypeKind;
    let (protocol, _) = rpcsmith::load(inputs).unwrap_or_else(|problems| panic!("{problems}"));
    let mut names = BTreeMap::new();
    for request in &protocol.requests {
        names.insert(format!("request {:?} {}", request.sender, request.wire), request.name.snake());
    }
    for notification in &protocol.notifications {
        names.insert(format!("notification {}", notification.wire), notification.name.snake());
    }
    for def in &protocol.types.defs {
        let owner = def.name.pascal();
        names.insert(format!("type {owner}"), owner.clone());
        let members: Vec<(&str, String)> = match &def.kind {
            TypeKind::Struct(structure) => {
                structure.fields.iter().map(|field| (field.wire.as_str(), field.name.snake())).collect()
            }
            TypeKind::Enum(values) => {
                values.values.iter().map(|value| (value.wire.as_str(), value.name.snake())).collect()
            }
            TypeKind::Union(union) => union
                .variants
                .iter()
                .filter_map(|variant| Some((variant.tag.as_deref()?, variant.name.snake())))
                .collect(),
            TypeKind::Alias(_) => Vec::new(),
        };
        names.extend(members.into_iter().map(|(wire, name)| (format!("member {owner}.{wire}"), name)));
    }
    names
}

/// Adds a type, a variant, an enum value, a member and a method that nothing else has to do with.
fn grow(schema: &mut Value) {
    let object =
        |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let definitions = &mut schema["definitions"];
    definitions["v2"]["AaaNewThing"] = object(json!({"name": {"type": "string"}}), json!(["name"]));
    definitions["v2"]["ThreadNewThingParams"] =
        object(json!({"thing": {"$ref": "#/definitions/v2/AaaNewThing"}}), json!([]));
    definitions["v2"]["ThreadNewThingResponse"] = object(json!({}), json!([]));
    let arm = object(
        json!({
            "id": {"$ref": "#/definitions/v2/RequestId"},
            "method": {"enum": ["thread/newThing"], "type": "string"},
            "params": {"$ref": "#/definitions/v2/ThreadNewThingParams"},
        }),
        json!(["id", "method", "params"]),
    );
    push(&mut definitions["ClientRequest"]["oneOf"], arm);
    let variant = object(json!({"type": {"enum": ["aNewKind"], "type": "string"}}), json!(["type"]));
    push(&mut definitions["v2"]["ThreadItem"]["oneOf"], variant.clone());
    push(&mut definitions["v2"]["UserInput"]["oneOf"], variant);
    push(&mut definitions["v2"]["TurnStatus"]["enum"], json!("aNewStatus"));
    definitions["v2"]["Thread"]["properties"]["aNewMember"] = json!({"type": "string"});
}

fn push(list: &mut Value, item: Value) {
    list.as_array_mut().expect("a list").push(item);
}

#[test]
fn growth_changes_no_name() {
    let before = names(&committed());
    let (_folder, inputs) = changed(grow);
    let after = names(&inputs);
    for (what, name) in &before {
        assert_eq!(after.get(what), Some(name), "{what}");
    }
    assert!(after.len() >= before.len() + 8, "nothing grew: {} and {}", before.len(), after.len());
    assert_eq!(after.get("type ANewKindThreadItem").map(String::as_str), Some("ANewKindThreadItem"));
}

/// Growth changes no name in the generated text either: whatever was importable or callable still is.
#[test]
fn growth_removes_nothing_from_the_packages() {
    let before = generate(&committed());
    let (_folder, inputs) = changed(grow);
    let after = generate(&inputs);
    let declared = |files: &Files| {
        let mut found = BTreeSet::new();
        for (path, content) in files.iter().filter(|(path, _)| is_python(path)) {
            for line in String::from_utf8_lossy(content).lines() {
                let line = line.trim_start();
                let declares = ["class ", "def ", "async def "].iter().any(|start| line.starts_with(start));
                if declares {
                    let name = line.split(['(', ':']).next().unwrap_or_default();
                    found.insert(format!("{path} {name}"));
                }
            }
        }
        found
    };
    let lost: Vec<String> = declared(&before).difference(&declared(&after)).cloned().collect();
    assert!(lost.is_empty(), "lost: {lost:#?}");
}

#[test]
fn no_name_ends_in_a_number_that_the_schema_does_not_have() {
    let schema = fs::read_to_string(root().join("schema/codex/experimental.json")).expect("the committed schema");
    let known: BTreeSet<String> = schema
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.ends_with(|letter: char| letter.is_ascii_digit()))
        .map(str::to_lowercase)
        .collect();
    let files = generate(&committed());
    let mut checked = 0;
    let mut numbered = Vec::new();
    for (path, content) in files.iter().filter(|(path, _)| is_python(path) && !path.contains("/_runtime/")) {
        let text = String::from_utf8_lossy(content);
        for name in python_names(&text) {
            checked += 1;
            let plain = name.replace('_', "").to_lowercase();
            let numbered_name = plain.ends_with(|letter: char| letter.is_ascii_digit());
            if numbered_name && !known.iter().any(|word| plain.ends_with(word.as_str())) {
                numbered.push(format!("{path}: {name}"));
            }
        }
    }
    assert!(checked > 5_000, "only {checked} names were found");
    assert!(numbered.is_empty(), "{numbered:#?}");
}

fn is_python(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|ending| ending == "py")
}

/// The names that Python code declares: classes, functions, fields, enum members, aliases, parameters.
fn python_names(text: &str) -> Vec<String> {
    let identifier = |text: &str| {
        let name: String = text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        (!name.is_empty()).then_some(name)
    };
    let mut names = Vec::new();
    for line in text.lines().map(str::trim_start) {
        let declared = ["class ", "def ", "async def "].iter().find_map(|start| line.strip_prefix(start));
        if let Some(rest) = declared {
            names.extend(identifier(rest));
        } else if let Some(name) = identifier(line) {
            let rest = line[name.len()..].trim_start();
            if rest.starts_with(':') || rest.starts_with('=') {
                names.push(name);
            }
        }
    }
    names
}

#[test]
fn every_method_has_prose_that_is_not_its_name_again() {
    let (protocol, _) = rpcsmith::load(&committed()).unwrap_or_else(|problems| panic!("{problems}"));
    let requests = protocol.requests.iter().map(|request| (&request.wire, &request.meta.doc));
    let notifications = protocol.notifications.iter().map(|notification| (&notification.wire, &notification.meta.doc));
    let mut checked = 0;
    for (wire, doc) in requests.chain(notifications) {
        let summary = doc.summary().unwrap_or_default();
        assert!(summary.split(' ').count() >= 5, "{wire}: {summary:?}");
        checked += 1;
    }
    assert_eq!(checked, 172 + 11 + 85 + 1);
}

#[test]
fn every_kind_of_drift_fails_the_check_and_generating_mends_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path();
    let (protocol, _) = rpcsmith::load(&committed()).unwrap_or_else(|problems| panic!("{problems}"));
    let packages = rpcsmith::render(&protocol, rpcsmith::BUILT).unwrap_or_else(|problems| panic!("{problems}"));
    rpcsmith::output::write(out, &packages).expect("the packages are written");
    let check = || rpcsmith::output::check(out, &packages).expect("the packages can be read").to_string();
    assert_eq!(check(), "");
    for (language, files) in &packages {
        let (path, _) = files.iter().next().expect("a file");
        let place = out.join(language.to_string()).join(path);
        let label = format!("{language}/{path}");

        fs::write(&place, "something else\n").expect("a changed file");
        let report = check();
        assert!(report.starts_with(&format!("changed: {label}\n")), "{report}");
        assert!(report.contains("\n-something else\n+"), "{report}");
        rpcsmith::output::write(out, &packages).expect("the packages are written");
        assert_eq!(check(), "");

        fs::remove_file(&place).expect("a file to remove");
        assert_eq!(check(), format!("missing: {label}\n"));
        rpcsmith::output::write(out, &packages).expect("the packages are written");
        assert_eq!(check(), "");

        let extra = Path::new(&place).with_file_name("extra.txt");
        fs::write(&extra, "").expect("an extra file");
        let report = check();
        assert!(report.starts_with("extra:") && report.ends_with("extra.txt\n"), "{report}");
        rpcsmith::output::write(out, &packages).expect("the packages are written");
        assert_eq!(check(), "");
        assert!(!extra.exists());
    }
}
