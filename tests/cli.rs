//! The `rpcsmith` command as people run it: what it prints where, and with which code it exits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs the command in `folder`, which is none of the repository's.
fn rpcsmith(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rpcsmith")).args(arguments).current_dir(folder).output().expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A schema and a profile in a folder of their own.
fn tiny(folder: &Path) {
    let case = root().join("tests/cases/presence");
    for name in ["stable.json", "profile.toml"] {
        fs::copy(case.join(name), folder.join(name)).expect("a copy");
    }
}

const GENERATE: &[&str] = &["--schema", ".", "--profile", "profile.toml", "--out", "out"];

#[test]
fn generate_then_check_then_drift() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tiny(folder.path());
    let run = |command: &str| rpcsmith(folder.path(), &[&[command], GENERATE].concat());

    let output = run("check");
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("missing: python/"), "{}", text(&output.stderr));

    let output = run("generate");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    assert!(folder.path().join("out/python/pyproject.toml").exists());
    assert_eq!(run("check").status.code(), Some(0));

    fs::write(folder.path().join("out/python/pyproject.toml"), "").expect("a changed file");
    let output = run("check");
    let printed = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(printed.contains("changed: python/pyproject.toml"), "{printed}");
    assert!(printed.contains("rpcsmith generate --schema . --profile profile.toml --out out"), "{printed}");
    assert_eq!(text(&output.stdout), "");
}

#[test]
fn problems_exit_1_and_write_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tiny(folder.path());
    fs::write(folder.path().join("stable.json"), "{").expect("a broken schema");
    let output = rpcsmith(folder.path(), &[&["generate"], GENERATE].concat());
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("nothing was written"), "{}", text(&output.stderr));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn missing_inputs_are_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = rpcsmith(folder.path(), &[&["generate"], GENERATE].concat());
    let printed = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(printed.contains("no such file\n  --> profile.toml"), "{printed}");
}

#[test]
fn wrong_usage_exits_2() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for arguments in [&["generate"][..], &["generate", "--nonsense"], &["no-such-command"], &[]] {
        let output = rpcsmith(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr));
    }
    let unknown = rpcsmith(folder.path(), &[&["generate", "--only", "cobol"], GENERATE].concat());
    assert_eq!(unknown.status.code(), Some(2), "{}", text(&unknown.stderr));
}

#[test]
fn lenient_warns_and_goes_on() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let case = root().join("tests/cases/bad-unmapped-response");
    for name in ["stable.json", "profile.toml"] {
        fs::copy(case.join(name), folder.path().join(name)).expect("a copy");
    }
    let strict = rpcsmith(folder.path(), &[&["generate"], GENERATE].concat());
    assert_eq!(strict.status.code(), Some(1));
    let lenient = rpcsmith(folder.path(), &[&["generate", "--lenient"], GENERATE].concat());
    let printed = text(&lenient.stderr);
    assert_eq!(lenient.status.code(), Some(0), "{printed}");
    assert!(printed.starts_with("warning: the method `thing/read`"), "{printed}");
}

#[test]
fn the_model_and_the_schemas_are_json() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tiny(folder.path());
    let runs: [&[&str]; 3] = [
        &["ir", "--schema", ".", "--profile", "profile.toml"],
        &["ir", "--schema-of", "ir"],
        &["ir", "--schema-of", "profile"],
    ];
    for arguments in runs {
        let output = rpcsmith(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert!(value.is_object());
    }
}

#[test]
fn help_is_there_for_every_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for arguments in [&["--help"][..], &["generate", "--help"], &["check", "--help"], &["ir", "--help"]] {
        let output = rpcsmith(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output.stdout).contains("Usage: rpcsmith"), "{}", text(&output.stdout));
    }
}
