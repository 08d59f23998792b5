//! C27: the compiler takes what is right, and catches the mistakes of users.
//!
//! What is right is this crate's library. A mistake stands on a line that ends with the compiler's name for it,
//! `// error[E0599]: why`, or under one that is nothing else. What more the compiler says is the compiler's business.

#[path = "../../src/results.rs"]
mod results;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use results::Case;
use serde_json::Value;

/// A program, a line of it, and what is wrong there.
type Mistake = (String, u64, String);

#[test]
fn what_is_right_compiles() {
    // It has, or nobody would be here.
    Case::begin("C27", "what-is-right-compiles").pass();
}

#[test]
fn mistakes_do_not_compile() {
    let case = Case::begin("C27", "mistakes-do-not-compile");
    let (marked, found) = (marked(), found());
    let missed: Vec<&Mistake> = marked.difference(&found).collect();
    let surplus: Vec<&Mistake> = found.difference(&marked).collect();
    assert!(missed.is_empty() && surplus.is_empty(), "not found: {missed:#?}\nfound, but not marked: {surplus:#?}");
    assert!(marked.len() > 40, "{} mistakes are marked", marked.len());
    case.pass();
}

/// The mistakes that the programs say they make.
fn marked() -> BTreeSet<Mistake> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bad");
    let programs = fs::read_dir(folder).expect("there are programs").map(|entry| entry.expect("it can be read").path());
    let mut marked = BTreeSet::new();
    for path in programs {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a program can be read");
        let before = marked.len();
        for (line, number) in text.lines().zip(1..) {
            let Some((before, mark)) = line.split_once("// error[") else { continue };
            let (code, _) = mark.split_once(']').expect("a mark has an end");
            let number = if before.trim().is_empty() { number + 1 } else { number };
            marked.insert((name.clone(), number, code.to_owned()));
        }
        assert!(marked.len() > before, "{name} makes no mistake");
    }
    marked
}

/// The mistakes that the compiler finds.
fn found() -> BTreeSet<Mistake> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["check", "--quiet", "--examples", "--features", "mistakes", "--keep-going"];
    let output = Command::new(cargo)
        .args(arguments)
        .arg("--message-format=json")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    let lines = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let messages = lines.lines().map(|line| serde_json::from_str(line).expect("cargo writes JSON"));
    let found: BTreeSet<Mistake> = messages.flat_map(|message: Value| mistakes(&message)).collect();
    assert!(!found.is_empty(), "cargo says:\n{}", String::from_utf8_lossy(&output.stderr));
    found
}

/// What a message of cargo's says is wrong; nothing for warnings, and for sums of errors, which stand nowhere.
fn mistakes(message: &Value) -> Vec<Mistake> {
    let diagnostic = &message["message"];
    if diagnostic["level"] != "error" {
        return Vec::new();
    }
    let name = message["target"]["name"].as_str().unwrap_or("?");
    let code = diagnostic["code"]["code"].as_str().unwrap_or("?");
    let spans = diagnostic["spans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let primary = spans.iter().filter(|span| span["is_primary"] == true);
    primary.map(|span| (name.to_owned(), span["line_start"].as_u64().unwrap_or_default(), code.to_owned())).collect()
}
