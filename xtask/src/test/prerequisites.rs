//! What a machine must have before the steps make sense, looked for before the first of them runs.

use super::bench::Bench;
use super::step::Step;
use crate::problem::Problem;
use crate::process::{Invocation, script};
use std::time::Duration;

/// A program that isn't ours to install.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    Rustfmt,
    Clippy,
    Python,
    Node,
    Npm,
}

const ALL: &[Tool] = &[Tool::Rustfmt, Tool::Clippy, Tool::Python, Tool::Node, Tool::Npm];

/// The oldest Python that the package supports, and the oldest Node that the tools run on.
const PYTHON: (u32, u32) = (3, 10);
const NODE: u32 = 20;

/// Names all that is missing for these steps at once.
pub fn check(steps: &[&Step], bench: &Bench) -> Result<(), Problem> {
    let needed = ALL.iter().filter(|tool| steps.iter().any(|step| step.tools.contains(tool)));
    let lacks: Vec<String> = needed.filter_map(|tool| lack(*tool, bench)).collect();
    if lacks.is_empty() {
        return Ok(());
    }
    Err(Problem::new(format!("the tests can't run on this machine yet:\n  {}", lacks.join("\n  ")))
        .help("mend these, or choose steps that don't need them: `cargo xtask test --list`"))
}

fn lack(tool: Tool, bench: &Bench) -> Option<String> {
    match tool {
        Tool::Rustfmt => cargo_part(bench, "fmt", "rustfmt"),
        Tool::Clippy => cargo_part(bench, "clippy", "clippy"),
        Tool::Python => python_lack(bench.python),
        Tool::Node => {
            let version = said(&Invocation::new("node").arg("--version"));
            let major = version.as_deref().and_then(|version| number(version.trim_start_matches('v'), 0));
            lack_of_version(
                "node",
                &format!("{NODE} or newer"),
                version.as_deref(),
                major.is_some_and(|major| major >= NODE),
            )
        }
        Tool::Npm => {
            let version = said(&Invocation::new(script("npm")).arg("--version"));
            lack_of_version("npm", "any version", version.as_deref(), version.is_some())
        }
    }
}

fn cargo_part(bench: &Bench, command: &str, component: &str) -> Option<String> {
    let found = said(&bench.cargo().arg(command).arg("--version"));
    found.is_none().then(|| format!("cargo {command} is missing: rustup component add {component}"))
}

fn python_lack(python: &str) -> Option<String> {
    let probe = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";
    let with_venv = said(&Invocation::new(python).arg("-c").arg(probe));
    if let Some(version) = &with_venv {
        let new_enough = number(version, 0).zip(number(version, 1)).is_some_and(|version| version >= PYTHON);
        return lack_of_version(python, &format!("{}.{} or newer", PYTHON.0, PYTHON.1), Some(version), new_enough);
    }
    let version = said(&Invocation::new(python).arg("--version"));
    Some(match version {
        Some(_) => format!("{python} lacks its venv module (on Debian and Ubuntu: apt install python3-venv)"),
        None => format!("{python} is missing: {}.{} or newer is needed, with its venv module", PYTHON.0, PYTHON.1),
    })
}

fn lack_of_version(name: &str, wanted: &str, found: Option<&str>, good: bool) -> Option<String> {
    match found {
        _ if good => None,
        Some(found) => Some(format!("{name} is of version {found}: {wanted} is needed")),
        None => Some(format!("{name} is missing: {wanted} is needed")),
    }
}

/// What a command prints, if it runs and succeeds.
fn said(command: &Invocation) -> Option<String> {
    let output = command.capture(Duration::from_secs(60)).ok()?;
    Some(output.stdout.trim().to_owned())
}

/// The numbers of a version, from the left.
fn number(version: &str, index: usize) -> Option<u32> {
    version.split('.').nth(index)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_program_and_an_old_one_read_differently() {
        assert_eq!(lack_of_version("node", "20 or newer", Some("v22.0.0"), true), None);
        assert_eq!(
            lack_of_version("node", "20 or newer", Some("v18.1.0"), false).unwrap(),
            "node is of version v18.1.0: 20 or newer is needed"
        );
        assert_eq!(
            lack_of_version("node", "20 or newer", None, false).unwrap(),
            "node is missing: 20 or newer is needed"
        );
        let missing = python_lack("no-such-python").unwrap();
        assert!(missing.starts_with("no-such-python is missing: 3.10"), "{missing}");
    }

    #[test]
    fn numbers_of_a_version() {
        assert_eq!(
            (number("3.9", 0), number("3.9", 1), number("3", 1), number("x", 0)),
            (Some(3), Some(9), None, None)
        );
    }
}
