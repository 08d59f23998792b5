//! Copies of packages with a change in them, and how the scenarios are run with each.
//!
//! Knows where each language keeps its package and its tests once the test steps have set them up.

use super::list::{Language, Mutation};
use crate::problem::Problem;
use crate::process::Invocation;
use crate::test::Bench;
use std::path::{Path, PathBuf};

/// Makes the copy for a mutation; gives the command that runs the scenarios with it.
pub fn prepare(bench: &Bench, mutation: &Mutation) -> Result<Invocation, Problem> {
    match mutation.language() {
        Language::Python => python(bench, mutation),
        Language::TypeScript => typescript(bench, mutation),
        Language::Rust => rust(bench, mutation),
    }
}

/// Where a mutation's copy and its results are.
pub fn folder(bench: &Bench, mutation: &Mutation) -> PathBuf {
    bench.repo.target("mutations").join(&mutation.name)
}

/// A tree of sources that comes before the installed package.
fn python(bench: &Bench, mutation: &Mutation) -> Result<Invocation, Problem> {
    let copy = folder(bench, mutation).join("src");
    copy_tree(&bench.python_package().join("src"), &copy)?;
    change(&copy.join("codex_app_server"), mutation)?;
    let suite = mutation.suite.as_deref().unwrap_or(Path::new("tests/python/scenarios"));
    let pytest = bench.tool("python").args("-m pytest -q -p no:cacheprovider").arg(suite);
    // Both clients play, unless only one is meant: what hangs costs time.
    let pytest = match &mutation.clients[..] {
        [only] if mutation.suite.is_none() && only == "python" => pytest.arg("-k").arg("not python-async"),
        [only] if mutation.suite.is_none() => pytest.arg("-k").arg(only),
        _ => pytest,
    };
    Ok(pytest.env("PYTHONPATH", &copy).env("MYPYPATH", &copy))
}

/// What was compiled, beside a copy of the installed package: the change is made in what is run.
fn typescript(bench: &Bench, mutation: &Mutation) -> Result<Invocation, Problem> {
    const PACKAGE: &str = "node_modules/codex-app-server-sdk";
    let (project, copy) = (bench.repo.target("typescript"), folder(bench, mutation));
    for part in ["build", PACKAGE] {
        copy_tree(&project.join(part), &copy.join(part))?;
    }
    std::fs::copy(project.join("package.json"), copy.join("package.json"))
        .map_err(|error| Problem::io("copying to", &copy, &error))?;
    change(&copy.join(PACKAGE).join("dist"), mutation)?;
    Ok(bench.command("node").args("--test build/tests/scenarios.test.js").folder(copy))
}

/// Makes cargo build the changed package apart. It tells packages of a workspace from each other by their place in it,
/// where this one stands as in the repository: without a setting of its own, the next build there would take it for
/// what was built of the unchanged sources.
const APART: &str = "profile.dev.package.codex-app-server-sdk.codegen-units=255";

/// A workspace that is this one, but for the package. There is one for all mutations, so that the rest is built once.
fn rust(bench: &Bench, mutation: &Mutation) -> Result<Invocation, Problem> {
    let (root, copy) = (bench.repo.root(), bench.repo.target("mutations").join("rust-workspace"));
    let package = copy.join("generated/codex/rust");
    let trouble = |error: std::io::Error| Problem::io("linking to the parts of", root, &error);
    std::fs::create_dir_all(&package).map_err(trouble)?;
    for entry in root.read_dir().map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        if ["generated", "target", ".git"].iter().all(|name| entry.file_name() != *name) {
            link(&entry.path(), &copy.join(entry.file_name())).map_err(trouble)?;
        }
    }
    copy_tree(&bench.repo.generated().join("rust"), &package)?;
    change(&package.join("src"), mutation)?;
    Ok(bench
        .cargo()
        .args("test -q -p sdk-tests --test scenarios --config")
        .arg(APART)
        .env("CARGO_TARGET_DIR", bench.repo.target(""))
        .folder(copy))
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    if to.is_symlink() { Ok(()) } else { std::os::unix::fs::symlink(from, to) }
}

#[cfg(windows)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    match (to.is_symlink(), from.is_dir()) {
        (true, _) => Ok(()),
        (false, true) => std::os::windows::fs::symlink_dir(from, to),
        (false, false) => std::os::windows::fs::symlink_file(from, to),
    }
}

fn change(sources: &Path, mutation: &Mutation) -> Result<(), Problem> {
    let path = sources.join(&mutation.file);
    let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
    std::fs::write(&path, mutation.apply(&text)?).map_err(|error| Problem::io("writing", &path, &error))
}

/// Makes `to` hold what `from` holds; files that are the same already keep their time, for those that build by it.
fn copy_tree(from: &Path, to: &Path) -> Result<(), Problem> {
    let trouble = |error: std::io::Error| Problem::io("copying", from, &error);
    std::fs::create_dir_all(to).map_err(trouble)?;
    for entry in from.read_dir().map_err(trouble)? {
        let entry = entry.map_err(trouble)?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            if entry.file_name() != "__pycache__" {
                copy_tree(&source, &target)?;
            }
            continue;
        }
        let bytes = std::fs::read(&source).map_err(trouble)?;
        if std::fs::read(&target).is_ok_and(|there| there == bytes) {
            continue;
        }
        std::fs::write(&target, bytes).map_err(|error| Problem::io("writing", &target, &error))?;
    }
    Ok(())
}
