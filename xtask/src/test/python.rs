//! The Python environment of the tests: made, filled with the pinned tools, and given the generated package.
//!
//! Knows pip and pyright's settings. What is there already, by a hash of what it was made from, is left alone.

use super::bench::Bench;
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
        "include": ["../../generated/codex/python/src"],
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

/// A file that says what something was made from.
struct Marker(PathBuf);

impl Marker {
    fn says(&self, hash: &str) -> bool {
        std::fs::read_to_string(&self.0).is_ok_and(|text| text.trim() == hash)
    }

    fn write(&self, hash: &str) -> Result<(), Problem> {
        std::fs::write(&self.0, format!("{hash}\n")).map_err(|error| Problem::io("writing", &self.0, &error))
    }
}

fn read(path: &Path) -> Result<String, Problem> {
    std::fs::read_to_string(path).map_err(|error| Problem::io("reading", path, &error))
}

/// One hash over the names and bytes of all files of a folder.
fn hash_tree(folder: &Path) -> Result<String, Problem> {
    let mut lines = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let trouble = |error: &std::io::Error| Problem::io("reading", &next, error);
        for entry in next.read_dir().map_err(|error| trouble(&error))? {
            let path = entry.map_err(|error| trouble(&error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = std::fs::read(&path).map_err(|error| Problem::io("reading", &path, &error))?;
                lines.push(format!("{} {}", path.display(), sha256(&bytes)));
            }
        }
    }
    lines.sort();
    Ok(sha256(lines.join("\n").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trees_hash_tells_names_and_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(inner.join("a"), "1").unwrap();
        let first = hash_tree(folder.path()).unwrap();
        assert_eq!(hash_tree(folder.path()).unwrap(), first);
        std::fs::write(inner.join("a"), "2").unwrap();
        let second = hash_tree(folder.path()).unwrap();
        std::fs::rename(inner.join("a"), inner.join("b")).unwrap();
        let third = hash_tree(folder.path()).unwrap();
        assert!(first != second && second != third);
        assert!(hash_tree(&folder.path().join("none")).unwrap_err().to_string().contains("none"));
    }
}
