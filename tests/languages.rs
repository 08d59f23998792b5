//! Every method in every client: that there is a typed call, and that a scenario makes it on the real server and gets
//! a result, or a reason why none can. A table of methods × clients, and a failure for every gap in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rpcsmith::ir::{Name, Peer, Protocol, Request, Stability};
use rpcsmith::{Files, Inputs, Language, Output};
use serde_json::Value;

/// How many of the stable methods answer offline with a result.
const STABLE_THAT_ANSWER: usize = 92;

/// A client of the packages, and what a typed call looks like in it.
struct Client {
    name: &'static str,
    language: Language,
    file: &'static str,
    /// How the declaration of a call starts, up to what follows its name.
    declaration: fn(&Name) -> String,
}

const CLIENTS: [Client; 4] = [
    Client {
        name: "rust",
        language: Language::Rust,
        file: "src/client.rs",
        declaration: |name| format!("    pub fn {}", name.snake()),
    },
    Client {
        name: "python",
        language: Language::Python,
        file: "src/codex_app_server/client.py",
        declaration: |name| format!("    def {}", name.snake()),
    },
    Client {
        name: "python-async",
        language: Language::Python,
        file: "src/codex_app_server/async_client.py",
        declaration: |name| format!("    async def {}", name.snake()),
    },
    Client {
        name: "typescript",
        language: Language::TypeScript,
        file: "src/client.ts",
        declaration: |name| format!("  {}", name.camel()),
    },
];

impl Client {
    /// Whether the declaration of a call stands at the beginning of a line, whatever its parameters.
    fn has_call(&self, packages: &[(Output, Files)], request: &Request) -> bool {
        let package = packages.iter().find(|(output, _)| *output == self.language.into());
        let text = package.and_then(|(_, files)| files.get(self.file)).map(String::from_utf8_lossy).unwrap_or_default();
        let start = (self.declaration)(&request.name);
        text.lines().any(|line| line.strip_prefix(&start).is_some_and(|rest| rest.starts_with(['(', '<'])))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn protocol() -> Protocol {
    let schema = root().join("schema/codex");
    let inputs = Inputs { profile: schema.join("profile.toml"), schema, lenient: false };
    rpcsmith::load(&inputs).unwrap_or_else(|problems| panic!("{problems}")).0
}

/// Which scenarios get a result of which method, by client and method.
#[derive(Default)]
struct Calls(BTreeMap<(&'static str, String), Vec<String>>);

impl Calls {
    /// Those of all scenarios of the real server.
    fn read(protocol: &Protocol) -> Self {
        let greeting = protocol.handshake.as_ref().map(|handshake| handshake.request.as_str());
        let mut calls = Self::default();
        for path in json_files(&root().join("tests/scenarios/real")) {
            let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let told: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            calls.add(&name, &told, greeting);
        }
        calls
    }

    fn add(&mut self, scenario: &str, told: &Value, greeting: Option<&str>) {
        let only = told.pointer("/clients/only");
        let concerns = |client: &Client| only.is_none_or(|only| list(only).any(|name| name == client.name));
        for client in CLIENTS.iter().filter(|client| concerns(client)) {
            for method in methods_with_results(&told["client"], greeting) {
                self.0.entry((client.name, method)).or_default().push(scenario.to_owned());
            }
        }
    }

    fn of(&self, client: &Client, method: &str) -> &[String] {
        self.0.get(&(client.name, method.to_owned())).map_or(&[], Vec::as_slice)
    }
}

/// The methods that a script gets the result of by their typed calls.
fn methods_with_results(script: &Value, greeting: Option<&str>) -> BTreeSet<String> {
    let mut steps = Vec::new();
    collect(script, &mut steps);
    // What is called later counts by what becomes of it.
    let without: BTreeSet<&str> = steps
        .iter()
        .filter(|step| step.get("cancel").is_some() || step.get("fails").is_some())
        .filter_map(|step| step.get("await").or(step.get("cancel"))?.as_str())
        .collect();
    let mut methods = BTreeSet::new();
    for step in &steps {
        let fails = ["fails", "untyped", "cancel_first"].iter().any(|member| step.get(member).is_some())
            || step.get("later").and_then(Value::as_str).is_some_and(|later| without.contains(later));
        let method = step.get("call").or(step.get("open")).and_then(Value::as_str);
        methods.extend(method.filter(|_| !fails).map(str::to_owned));
        methods.extend(step.get("server_info").and(greeting).map(str::to_owned));
    }
    methods
}

/// Adds all steps of a script, those inside of others too. What handlers call is left out: nobody compares it.
fn collect<'told>(script: &'told Value, steps: &mut Vec<&'told Value>) {
    for step in script.as_array().into_iter().flatten() {
        steps.push(step);
        step.get("repeat").into_iter().for_each(|inner| collect(inner, steps));
        step.get("parallel").and_then(Value::as_array).into_iter().flatten().for_each(|inner| collect(inner, steps));
    }
}

fn list(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("an entry of the folder of scenarios").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    files.sort();
    files
}

/// Why methods give no result offline.
fn reasons() -> BTreeMap<String, String> {
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct List {
        reason: Vec<Reason>,
    }
    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Reason {
        because: String,
        methods: Vec<String>,
    }
    let text = fs::read_to_string(root().join("tests/unreachable.toml")).expect("the list of reasons");
    let list: List = toml::from_str(&text).unwrap_or_else(|error| panic!("tests/unreachable.toml: {error}"));
    let mut reasons = BTreeMap::new();
    for reason in list.reason {
        for method in reason.methods {
            let before = reasons.insert(method.clone(), reason.because.clone());
            assert_eq!(before, None, "tests/unreachable.toml has two reasons for {method}");
        }
    }
    reasons
}

/// What there is to say about a method in a client: whether it is well, and the words.
fn cell(has_call: bool, called: usize, reason: Option<&String>) -> (bool, String) {
    match (has_call, called, reason) {
        (false, ..) => (false, "NO CALL".to_owned()),
        (true, 0, None) => (false, "NEVER CALLED".to_owned()),
        (true, 0, Some(_)) => (true, "typed".to_owned()),
        (true, called, None) => (true, format!("typed, in {called}")),
        (true, _, Some(_)) => (false, "CALLED AND EXCUSED".to_owned()),
    }
}

#[test]
fn every_method_is_typed_and_called_in_every_client() {
    let protocol = protocol();
    let packages = rpcsmith::render(&protocol, &Language::ALL).unwrap_or_else(|problems| panic!("{problems}"));
    let calls = Calls::read(&protocol);
    let mut excused = reasons();
    let (mut table, mut gaps) = (format!("{:<48}", "method"), Vec::new());
    CLIENTS.iter().for_each(|client| write!(table, " {:<14}", client.name).expect("a string takes any text"));
    let mut answering = 0;
    for request in protocol.requests_from(Peer::Client) {
        let reason = excused.remove(&request.wire);
        write!(table, "\n{:<48}", request.wire).expect("a string takes any text");
        for client in &CLIENTS {
            let called = calls.of(client, &request.wire).len();
            let (well, words) = cell(client.has_call(&packages, request), called, reason.as_ref());
            write!(table, " {words:<14}").expect("a string takes any text");
            if !well {
                gaps.push(format!("{} in {}: {words}", request.wire, client.name));
            }
        }
        answering += usize::from(reason.is_none() && request.meta.stability == Stability::Stable);
        let shown = calls.of(&CLIENTS[0], &request.wire).first();
        let why = shown.cloned().or_else(|| reason.map(|reason| format!("not called: {reason}"))).unwrap_or_default();
        write!(table, " {why}").expect("a string takes any text");
    }
    gaps.extend(excused.into_keys().map(|method| format!("{method}: excused, and there is no such method")));
    println!("{table}\n\n{answering} stable methods answer offline.");
    assert_eq!(gaps, Vec::<String>::new());
    assert!(answering >= STABLE_THAT_ANSWER, "only {answering} stable methods are called with a result");
}

#[test]
fn only_a_result_of_a_typed_call_counts() {
    let script = serde_json::json!([
        {"server_info": {}},
        {"call": "a/1"},
        {"call": "b/fails", "fails": {"kind": "InvalidRequest"}},
        {"call": "c/untyped", "untyped": true},
        {"call": "d/later", "later": "d"},
        {"call": "e/fails-later", "later": "e"},
        {"call": "f/cancelled", "later": "f"},
        {"parallel": [[{"repeat": [{"open": "g/inside", "as": "work"}], "count": 2}]]},
        {"await": "d"},
        {"await": "e", "fails": {"kind": "Cancelled"}},
        {"cancel": "f"},
        {"handler": "h", "calls": {"call": "h/in-a-handler"}, "returns": {}}
    ]);
    let methods = methods_with_results(&script, Some("hello"));
    assert_eq!(methods.into_iter().collect::<Vec<_>>(), ["a/1", "d/later", "g/inside", "hello"]);
}
