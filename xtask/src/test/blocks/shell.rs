//! Blocks of shell commands: each line is one that a step of the test run runs, or the like of it.

use super::block::{Block, Place};
use crate::problem::Problem;
use crate::schema;
use crate::test::bench::Bench;
use crate::test::steps;
use serde::Deserialize;

/// Commands that docs may show.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Commands {
    command: Vec<Command>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Command {
    /// The line, or how it begins if it ends with `*`; `{version}` is the server's.
    line: String,
    /// The step that runs it, or what is the same to a user.
    shown_by: String,
}

impl Command {
    fn fits(&self, line: &str) -> bool {
        self.line.strip_suffix('*').map_or(self.line == line, |start| line.starts_with(start))
    }
}

pub fn check<'block>(bench: &Bench, blocks: impl Iterator<Item = &'block Block>) -> Result<Vec<Problem>, Problem> {
    let path = bench.repo.root().join("tests/docs/commands.toml");
    let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
    // A server's version in a doc has to be that of the schema.
    let text = text.replace("{version}", &schema::pinned_version(bench.repo)?);
    let commands: Commands =
        toml::from_str(&text).map_err(|error| Problem::new(format!("{}: {error}", path.display())))?;
    let steps = steps::all(bench);
    let mut problems = Vec::new();
    for command in &commands.command {
        if !steps.iter().any(|step| step.name == command.shown_by) {
            let Command { line, shown_by } = command;
            problems.push(Problem::new(format!("{}: `{line}`: there is no step `{shown_by}`", path.display())));
        }
    }
    let mut used = vec![false; commands.command.len()];
    for block in blocks {
        for (number, line) in block.text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            if let Some(known) = commands.command.iter().position(|command| command.fits(line)) {
                used[known] = true;
                continue;
            }
            let place = Place { path: block.place.path.clone(), line: block.place.line + number };
            let advice = "have a step run it, and name both in tests/docs/commands.toml";
            problems.push(place.problem(format!("`{line}`: no step runs this")).help(advice));
        }
    }
    for (command, _) in commands.command.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(Problem::new(format!("{}: no doc shows `{}`", path.display(), command.line)));
    }
    Ok(problems)
}
