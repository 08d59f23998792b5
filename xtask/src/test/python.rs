//! The Python environment of the tests: made, filled with the pinned tools, and given the generated package.
//!
//! Knows pip and pyright's settings. What is there already, by a hash of what it was made from, is left alone.

use super::bench::Bench;
use super::marker::{Marker, hash_tree};
use crate::problem::Problem;
use crate::process::Invocation;
use crate::schema::sha256;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Makes the environment and installs the pinned tools into it.
pub fn tools(bench: &Bench) -> Result<(), Problem> {
    let requirements = bench.repo.root().join("xtask/python-tools.txt");
    let version = Invocation::new(bench.python).args("-VV").capture(Duration::from_secs(60))?.stdout;
    // The scripts of an environment hold its path: one that was moved is no good.
    let place = bench.venv();
    let wanted = sha256(format!("{version}{}\n{}", place.display(), read(&requirements)?).as_bytes());
    let marker = Marker(bench.venv().join("rpcsmith-tools.sha256"));
    if marker.says(&wanted) {
        println!("{} holds the tools already", bench.relative(&bench.venv()).display());
        return Ok(());
    }
    if bench.venv().exists() {
        std::fs::remove_dir_all(bench.venv()).map_err(|error| Problem::io("removing", &bench.venv(), &error))?;
    }
    bench.command(bench.python).args("-m venv").arg(bench.venv()).show()?;
    pip(bench).args("install --requirement").arg(&requirements).show()?;
    marker.write(&wanted)
}

/// Installs the generated package as its users would, from a wheel.
pub fn package(bench: &Bench) -> Result<(), Problem> {
    let folder = bench.python_package();
    let wanted = hash_tree(&folder)?;
    let marker = Marker(bench.venv().join("rpcsmith-package.sha256"));
    if marker.says(&wanted) {
        println!("{} is installed already", bench.relative(&folder).display());
        return Ok(());
    }
    // Its dependency and its build backend are among the pinned tools: nothing else may come in.
    pip(bench).args("install --no-deps --no-build-isolation --force-reinstall").arg(&folder).show()?;
    pip(bench).args("check").show()?;
    marker.write(&wanted)
}

fn pip(bench: &Bench) -> Invocation {
    bench.tool("python").args("-m pip --quiet --disable-pip-version-check --no-input")
}

/// Writes settings for pyright that are strict whatever the package's own say.
pub fn pyright_settings(bench: &Bench) -> Result<PathBuf, Problem> {
    let folder = bench.repo.target("pyright");
    let settings = json!({
        "include": ["../../generated/codex/python/src", "../../generated/codex/python/examples"],
        "typeCheckingMode": "strict",
        "enableTypeIgnoreComments": false,
        "pythonVersion": "3.10",
        "venvPath": "..",
        "venv": "venv",
    });
    let path = folder.join("pyrightconfig.json");
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&path, format!("{settings:#}\n")))
        .map_err(|error| Problem::io("writing", &path, &error))?;
    Ok(path)
}

fn read(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| Problem::io("reading", path, &error))
}
