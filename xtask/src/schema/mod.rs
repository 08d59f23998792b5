//! `schema pull`: the pinned server's schema, reduced to facts and committed, or compared with what is committed.
//!
//! Knows the folder `schema/codex` and the server's command line; the generator reads the result and knows neither.

mod bundle;
mod source;

use crate::facts::count_definitions;
use crate::problem::Problem;
use crate::replace::replace_all;
use crate::repo::Repo;
use crate::server;
use bundle::Flavour;
use source::Source;
pub use source::sha256;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The npm package of the server.
const PACKAGE: &str = "@openai/codex";

/// What to pull, and whether to write it.
#[derive(clap::Args)]
pub struct Pull {
    /// Ask this server binary instead of installing the pinned one
    #[arg(long, value_name = "PATH")]
    codex: Option<PathBuf>,
    /// Pin this version of the server from now on
    #[arg(long, value_name = "X.Y.Z")]
    version: Option<String>,
    /// Compare with the committed files and write nothing; exit 1 when they differ
    #[arg(long)]
    check: bool,
}

/// Runs the command; the outcome's sentence goes to stdout.
pub fn pull(repo: &Repo, args: &Pull) -> Result<(), Problem> {
    let (binary, version) = choose_server(repo, args)?;
    let stable = bundle::read(&binary, Flavour::Stable)?;
    let experimental = bundle::read(&binary, Flavour::Experimental)?;
    let counts = format!(
        "{} definitions, {} with the experimental ones",
        count_definitions(&stable),
        count_definitions(&experimental)
    );
    let (stable, experimental) = (bundle::print(&stable), bundle::print(&experimental));
    let source = Source::of(PACKAGE, &version, &stable, &experimental).to_string();
    // The source comes last: it vouches for the other two by their hashes.
    let files = [
        (Flavour::Stable.file(), stable.as_str()),
        (Flavour::Experimental.file(), experimental.as_str()),
        (source::FILE, source.as_str()),
    ];
    if args.check {
        compare(&repo.schema(), &files)?;
        println!("The committed schema is that of {PACKAGE} {version}: {counts}.");
    } else {
        replace_all(&repo.schema(), &files)?;
        println!("Wrote the schema of {PACKAGE} {version} to schema/codex: {counts}.");
    }
    Ok(())
}

/// The binary to ask, and the version it reports; that must be the one that was asked for.
fn choose_server(repo: &Repo, args: &Pull) -> Result<(PathBuf, String), Problem> {
    let (binary, wanted) = match (&args.codex, &args.version) {
        (Some(binary), version) => (absolute(binary)?, version.clone()),
        (None, version) => {
            let version = version.clone().map_or_else(|| pinned_version(repo), Ok)?;
            (server::install(repo, PACKAGE, &version)?, Some(version))
        }
    };
    let reported = server::reported_version(&binary)?;
    match wanted {
        Some(wanted) if wanted != reported => {
            Err(Problem::new(format!("{} reports version {reported}, but {wanted} was asked for", binary.display()))
                .help("leave out --version to take the binary's own, or leave out --codex to install the pinned one"))
        }
        _ => Ok((binary, reported)),
    }
}

/// A path that was typed must mean the same when the server runs in another folder.
fn absolute(path: &Path) -> Result<PathBuf, Problem> {
    std::path::absolute(path).map_err(|error| Problem::io("looking for", path, &error))
}

/// The version that `source.toml` pins.
pub fn pinned_version(repo: &Repo) -> Result<String, Problem> {
    Source::read(&repo.schema()).map(|source| source.version)
}

/// Installs the pinned server, unless it is there, and gives its path.
pub fn pinned_server(repo: &Repo) -> Result<PathBuf, Problem> {
    server::install(repo, PACKAGE, &pinned_version(repo)?)
}

/// Where the pinned server is, or will be once it is installed.
pub fn pinned_server_path(repo: &Repo) -> Result<PathBuf, Problem> {
    server::path(repo, PACKAGE)
}

fn compare(folder: &Path, files: &[(&str, &str)]) -> Result<(), Problem> {
    let mut report = String::new();
    for (name, expected) in files {
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(found) if found == *expected => {}
            Ok(found) => report.push_str(&difference(name, &found, expected)),
            Err(error) => drop(writeln!(report, "{}: {error}", path.display())),
        }
    }
    if report.is_empty() {
        return Ok(());
    }
    Err(Problem::new(format!("schema/codex is not what the server says\n{}", report.trim_end()))
        .help("run `cargo xtask schema pull` and commit what it writes"))
}

/// A unified diff, cut to what fits on a screen.
fn difference(name: &str, found: &str, expected: &str) -> String {
    const LINES: usize = 40;
    // Past the timeout the diff is coarser, not wrong; two versions of a server can differ in half of the file.
    let diff = similar::TextDiff::configure().timeout(Duration::from_secs(2)).diff_lines(found, expected);
    let text = diff.unified_diff().header(&format!("committed/{name}"), &format!("server/{name}")).to_string();
    let mut lines = text.lines();
    let mut short = String::new();
    for line in lines.by_ref().take(LINES) {
        let _ = writeln!(short, "{line}");
    }
    let rest = lines.count();
    if rest > 0 {
        let _ = writeln!(short, "… and {rest} more lines of difference in {name}");
    }
    short
}

#[cfg(test)]
mod tests;
