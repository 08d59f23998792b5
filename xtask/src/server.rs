//! The real server: installed from npm into `target/server`, found, and asked for its version.
//!
//! Knows how its npm package is laid out; which version is wanted stands in `schema/codex/source.toml`.

use crate::problem::Problem;
use crate::process::{Invocation, script, tail};
use crate::repo::Repo;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What npm calls this platform, and the folder that holds its binary.
struct Platform {
    suffix: &'static str,
    triple: &'static str,
}

fn platform() -> Result<Platform, Problem> {
    let (suffix, triple) = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => ("linux-x64", "x86_64-unknown-linux-musl"),
        ("linux", "aarch64") => ("linux-arm64", "aarch64-unknown-linux-musl"),
        ("macos", "x86_64") => ("darwin-x64", "x86_64-apple-darwin"),
        ("macos", "aarch64") => ("darwin-arm64", "aarch64-apple-darwin"),
        ("windows", "x86_64") => ("win32-x64", "x86_64-pc-windows-msvc"),
        ("windows", "aarch64") => ("win32-arm64", "aarch64-pc-windows-msvc"),
        (os, arch) => {
            return Err(Problem::new(format!("the server has no package for {os} on {arch}"))
                .help("pass a server binary of your own with --codex"));
        }
    };
    Ok(Platform { suffix, triple })
}

/// Installs `package` at `version`, unless it is there already, and gives the path of its binary.
pub fn install(repo: &Repo, package: &str, version: &str) -> Result<PathBuf, Problem> {
    let platform = platform()?;
    let prefix = repo.target("server");
    let binary = binary(&prefix, package, &platform);
    if installed_version(&prefix, package, &platform).as_deref() == Some(version) && binary.is_file() {
        return Ok(binary);
    }
    std::fs::create_dir_all(&prefix).map_err(|error| Problem::io("creating", &prefix, &error))?;
    let npm = Invocation::new(script("npm"))
        .args("install --no-save --no-audit --no-fund --ignore-scripts --loglevel=error --prefix")
        .arg(&prefix)
        .arg(format!("{package}@{version}"));
    println!("$ {npm}");
    let output = npm.capture(Duration::from_secs(900)).map_err(|problem| {
        problem.help("installing the server needs npm (it comes with Node) and the npm registry, or --codex PATH")
    })?;
    match installed_version(&prefix, package, &platform) {
        Some(found) if found == version && binary.is_file() => Ok(binary),
        found => Err(Problem::new(format!(
            "`{npm}` ended well, but {} is {}{}",
            binary.display(),
            found.map_or("missing".to_owned(), |found| format!("of version {found}")),
            tail("stderr", &output.stderr)
        ))
        .help("npm may be set to omit optional dependencies; delete target/server and try again")),
    }
}

/// The path of the binary that [`install`] installs.
pub fn path(repo: &Repo, package: &str) -> Result<PathBuf, Problem> {
    Ok(binary(&repo.target("server"), package, &platform()?))
}

fn platform_package(prefix: &Path, package: &str, platform: &Platform) -> PathBuf {
    prefix.join("node_modules").join(format!("{package}-{}", platform.suffix))
}

fn binary(prefix: &Path, package: &str, platform: &Platform) -> PathBuf {
    let name = format!("codex{}", std::env::consts::EXE_SUFFIX);
    platform_package(prefix, package, platform).join("vendor").join(platform.triple).join("bin").join(name)
}

/// The version of the platform's package, which npm writes as `0.1.2-linux-x64`.
fn installed_version(prefix: &Path, package: &str, platform: &Platform) -> Option<String> {
    let manifest = platform_package(prefix, package, platform).join("package.json");
    let manifest: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(manifest).ok()?).ok()?;
    let version = manifest.get("version")?.as_str()?;
    Some(version.strip_suffix(platform.suffix)?.strip_suffix('-')?.to_owned())
}

/// What `codex --version` says.
pub fn reported_version(binary: &Path) -> Result<String, Problem> {
    let command = Invocation::new(binary).arg("--version");
    let advice = "--codex takes the path of a `codex` binary; nothing was changed";
    let output = command.capture(Duration::from_secs(60)).map_err(|problem| problem.help(advice))?;
    let version = output.stdout.trim().strip_prefix("codex-cli ").filter(|version| looks_like_version(version));
    version.map(str::to_owned).ok_or_else(|| {
        let said = output.stdout.lines().next().unwrap_or_default();
        let said: String = said.chars().take(80).collect();
        Problem::new(format!("`{command}` said `{said}` where `codex-cli X.Y.Z` was expected")).help(advice)
    })
}

/// Plain enough to stand in a file and on a command line as it is.
fn looks_like_version(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text.chars().all(|character| character.is_ascii_alphanumeric() || ".-+".contains(character))
}
