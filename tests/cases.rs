//! Tiny schemas, one quirk each, beside what they become: the generated text, or the diagnostics.
//!
//! A case is a folder of `tests/cases` with a schema and a profile. `expected/` holds the files of the generated
//! package that show the quirk; `expected.txt`, the diagnostics of one that must not generate.
//! `RPCSMITH_BLESS=1 cargo test --test cases` writes what comes out into what is expected; read it before it is
//! committed.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rpcsmith::{Inputs, Language, Output};

/// The files of a Python package that a case shows, when it is blessed for the first time: those that hold what
/// the schema says. The rest is the same for every protocol.
const PYTHON_SHOWN: &[&str] = &["/types/", "/dicts/"];

/// The same of a Rust package.
const RUST_SHOWN: &[&str] = &["src/types/"];

/// The same of a TypeScript package.
const TYPESCRIPT_SHOWN: &[&str] = &["/types/", "/descriptors/"];

/// The same of the docs.
const DOCS_SHOWN: &[&str] = &["reference/", "types/", "convenience.md"];

fn cases(bad: bool) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(root)
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry of the folder of cases").path())
        .filter(|path| path.is_dir())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("bad-")) == bad)
        .collect();
    cases.sort();
    assert!(cases.len() > 20, "the cases are gone: found {}", cases.len());
    cases
}

fn inputs(case: &Path) -> Inputs {
    // Relative to the case, so that diagnostics read the same everywhere.
    Inputs { schema: case.to_owned(), profile: case.join("profile.toml"), lenient: false }
}

fn blessing() -> bool {
    std::env::var_os("RPCSMITH_BLESS").is_some()
}

#[test]
fn every_case_becomes_what_is_expected() {
    let mut failures = String::new();
    for case in cases(false) {
        let (protocol, warnings) = match rpcsmith::load(&inputs(&case)) {
            Ok(loaded) => loaded,
            Err(diagnostics) => {
                writeln!(failures, "{}:\n{diagnostics}", case.display()).expect("a string takes any text");
                continue;
            }
        };
        assert!(warnings.is_empty(), "{}: {warnings}", case.display());
        for (output, files) in rpcsmith::render(&protocol, rpcsmith::BUILT).expect("a package") {
            compare_package(&case.join("expected").join(output.name()), output, &files, &mut failures);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn compare_package(expected: &Path, output: Output, files: &rpcsmith::Files, failures: &mut String) {
    let shown = match output {
        Output::Package(Language::Python) => PYTHON_SHOWN,
        Output::Package(Language::TypeScript) => TYPESCRIPT_SHOWN,
        Output::Package(Language::Rust) => RUST_SHOWN,
        Output::Docs => DOCS_SHOWN,
    };
    if blessing() {
        let known = read_tree(expected, expected);
        let first = known.is_empty();
        for (path, content) in files {
            let quirk = shown.iter().any(|part| path.contains(part))
                && !path.ends_with("__init__.py")
                && !path.ends_with("index.ts")
                && !path.ends_with("/mod.rs");
            if known.iter().any(|(known, _)| known == path) || (first && quirk) {
                let target = expected.join(path);
                fs::create_dir_all(target.parent().expect("a folder")).expect("a folder for what is expected");
                fs::write(target, content).expect("a file of what is expected");
            }
        }
    }
    let wanted = read_tree(expected, expected);
    if wanted.is_empty() {
        writeln!(failures, "{}: nothing is expected", expected.display()).expect("a string takes any text");
    }
    for (path, text) in wanted {
        let found = files.get(&path).map(|content| String::from_utf8_lossy(content).into_owned());
        if found.as_deref() != Some(text.as_str()) {
            let diff = similar::TextDiff::from_lines(text.as_str(), found.as_deref().unwrap_or_default())
                .unified_diff()
                .header(&format!("{} (expected)", expected.join(&path).display()), "what came out")
                .to_string();
            writeln!(failures, "{diff}").expect("a string takes any text");
        }
    }
}

#[test]
fn every_bad_case_is_reported_as_expected() {
    let mut failures = String::new();
    for case in cases(true) {
        let found = match rpcsmith::load(&inputs(&case)) {
            Err(diagnostics) => diagnostics.to_string(),
            Ok((protocol, _)) => match rpcsmith::render(&protocol, rpcsmith::BUILT) {
                Err(diagnostics) => diagnostics.to_string(),
                Ok(_) => "nothing was reported\n".to_owned(),
            },
        };
        let found = found.replace(&format!("{}/", case.display().to_string().replace('\\', "/")), "");
        let path = case.join("expected.txt");
        if blessing() {
            fs::write(&path, &found).expect("a file of what is expected");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if found != expected || found.starts_with("nothing") {
            writeln!(failures, "{}\nexpected:\n{expected}\nfound:\n{found}", case.display())
                .expect("a string takes any text");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn read_tree(folder: &Path, root: &Path) -> Vec<(String, String)> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("an entry of what is expected").path();
        if path.is_dir() {
            files.extend(read_tree(&path, root));
        } else {
            let relative = path.strip_prefix(root).expect("a path below its root").display().to_string();
            files.push((relative.replace('\\', "/"), fs::read_to_string(&path).expect("a text")));
        }
    }
    files.sort();
    files
}
