//! The Node project of the tests: filled with the pinned tools, and given the generated package as npm packs it.
//!
//! Knows npm and the two compilers. What is there already, by a hash of what it was made from, is left alone.

use super::bench::Bench;
use super::folder::{only_file, replace};
use super::marker::{Marker, hash_tree};
use crate::problem::Problem;
use crate::process::{Invocation, script};
use std::path::{Path, PathBuf};

/// Where the project is.
pub fn project(bench: &Bench) -> PathBuf {
    bench.repo.target("typescript")
}

/// The package as it is built: a copy, since what a build leaves behind has no place in the generated one.
pub fn build_folder(bench: &Bench) -> PathBuf {
    project(bench).join("package")
}

/// The tests, beside the packages that they import.
pub fn tests_folder(bench: &Bench) -> PathBuf {
    project(bench).join("tests")
}

/// Installs the pinned tools, all of which are named with their exact versions.
pub fn tools(bench: &Bench) -> Result<(), Problem> {
    let source = bench.repo.root().join("xtask/typescript-tools");
    let wanted = hash_tree(&source)?;
    let project = project(bench);
    let marker = Marker(project.join("rpcsmith-tools.sha256"));
    if marker.says(&wanted) {
        println!("{} holds the tools already", bench.relative(&project).display());
        return Ok(());
    }
    replace(&source, &project)?;
    npm(bench).args("install --no-package-lock --ignore-scripts").folder(&project).show()?;
    marker.write(&wanted)
}

/// Builds the generated package with the older compiler, packs it, and installs it as its users would.
pub fn package(bench: &Bench) -> Result<(), Problem> {
    let source = bench.repo.generated().join("typescript");
    let wanted = hash_tree(&source)?;
    let marker = Marker(project(bench).join("rpcsmith-package.sha256"));
    if marker.says(&wanted) {
        println!("{} is installed already", bench.relative(&source).display());
        return Ok(());
    }
    let folder = build_folder(bench);
    replace(&source, &folder)?;
    compiler(bench, "typescript").args("-p tsconfig.json").folder(&folder).show()?;
    npm(bench).args("pack --ignore-scripts --pack-destination .").folder(&folder).show()?;
    let packed = only_file(&folder, "tgz")?;
    npm(bench)
        .args("install --no-save --no-package-lock --ignore-scripts")
        .arg(packed)
        .folder(project(bench))
        .show()?;
    marker.write(&wanted)
}

/// Compiles the package's examples as its users would, each beside its source, with the older compiler; the newer one
/// has to find nothing either.
pub fn examples(bench: &Bench) -> Result<(), Problem> {
    let folder = build_folder(bench);
    compiler(bench, "typescript-next").args("-p examples --noEmit").folder(&folder).show()?;
    compiler(bench, "typescript").args("-p examples").folder(&folder).show()
}

/// One of the two compilers: `typescript`, or `typescript-next`.
pub fn compiler(bench: &Bench, name: &str) -> Invocation {
    bench.command("node").arg(project(bench).join("node_modules").join(name).join("bin/tsc"))
}

/// The formatter.
pub fn biome(bench: &Bench) -> Invocation {
    bench.command("node").arg(project(bench).join("node_modules/@biomejs/biome/bin/biome"))
}

/// Puts the tests beside the packages, compiles them, and runs them.
pub fn tests(bench: &Bench) -> Result<(), Problem> {
    let project = project(bench);
    // What an earlier run has built of tests that are no more would run again.
    for stale in [project.join("tests"), project.join("build")] {
        if stale.exists() {
            std::fs::remove_dir_all(&stale).map_err(|error| Problem::io("removing", &stale, &error))?;
        }
    }
    replace(&bench.repo.root().join("tests/typescript"), &tests_folder(bench))?;
    biome(bench).args("format").folder(tests_folder(bench)).show()?;
    compiler(bench, "typescript").args("-p tests/tsconfig.json").folder(&project).show()?;
    let mut node = bench.command("node").args("--test --test-reporter=spec --test-concurrency=1").folder(&project);
    for file in test_files(&project.join("build/tests"))? {
        node = node.arg(file);
    }
    bench.with_servers(node).show()
}

/// The test files by name: newer versions of Node take a folder for a module.
fn test_files(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let mut files = Vec::new();
    for entry in folder.read_dir().map_err(|error| Problem::io("reading", folder, &error))? {
        let path = entry.map_err(|error| Problem::io("reading", folder, &error))?.path();
        if path.to_string_lossy().ends_with(".test.js") {
            files.push(path);
        }
    }
    files.sort();
    if files.is_empty() { Err(Problem::new(format!("there are no tests in {}", folder.display()))) } else { Ok(files) }
}

fn npm(bench: &Bench) -> Invocation {
    // Quiet about everything but errors, and without a question to anybody.
    bench.command(script("npm")).args("--no-audit --no-fund --loglevel=error")
}
