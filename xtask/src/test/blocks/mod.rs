//! Every code block of every README and doc is what it says it is: programs pass their language's checker and run on
//! the real server, single lines on a peer that compares what they send, shell commands are such as other steps run,
//! data can be read. `tests/docs/README.md` tells how blocks are written.
//!
//! Knows which files are read and in which order things happen; each language's part has a module of its own.

mod block;
mod calls;
mod data;
mod functions;
pub mod links;
mod markdown;
mod program;
mod python;
mod running;
mod rust;
mod shell;
mod stand_in;
mod typescript;

use super::bench::Bench;
use crate::problem::Problem;
use block::{Block, Language};
use calls::Calls;
use program::Program;
use std::path::{Path, PathBuf};

/// The step.
pub fn check(bench: &Bench) -> Result<(), Problem> {
    let blocks = read_all(bench)?;
    let mut problems = Vec::new();
    let of = |language: Language| blocks.iter().filter(move |block| block.language == language);
    problems.extend(shell::check(bench, of(Language::Shell))?);
    problems.extend(data::check(&blocks));
    let protocol = bench.repo.protocol()?;
    let mut to_run = Vec::new();
    for (language, prepare) in PREPARE {
        let programs: Vec<Program> = of(*language).map(Program::new).collect();
        let calls = Calls::new(&protocol, &programs)?;
        // Every package has its README, which begins with a program.
        if programs.is_empty() {
            problems.push(Problem::new(format!("no README and no doc has a block of {}", language.fence())));
        }
        match prepare(bench, &programs, &calls) {
            Ok(commands) => to_run.extend(commands),
            Err(problem) => problems.push(problem),
        }
    }
    let functions = blocks.iter().filter(|block| block.terms.given.is_some()).count();
    println!("{} blocks; {} programs, of which {DRIVERS} call {functions} functions", blocks.len(), to_run.len());
    problems.extend(running::run_all(bench, &to_run)?);
    together(&problems)
}

/// How many of the programs that are run call functions.
const DRIVERS: usize = 2 * PREPARE.len();

/// Checks a language's programs, and gives the commands that run them.
type Prepare = fn(&Bench, &[Program], &Calls) -> Result<Vec<running::Run>, Problem>;

const PREPARE: &[(Language, Prepare)] = &[
    (Language::Python, python::prepare),
    (Language::TypeScript, typescript::prepare),
    (Language::Rust, rust::prepare),
];

/// The blocks of all documents, or all that is wrong with how they are written.
fn read_all(bench: &Bench) -> Result<Vec<Block>, Problem> {
    let mut blocks = Vec::new();
    let mut problems = Vec::new();
    for path in documents(bench)? {
        let text = std::fs::read_to_string(&path).map_err(|error| Problem::io("reading", &path, &error))?;
        match markdown::blocks(bench.relative(&path), &text) {
            Ok(found) => blocks.extend(found),
            Err(found) => problems.extend(found),
        }
    }
    together(&problems).map(|()| blocks)
}

/// The README of the repository, those of the packages, and the docs.
fn documents(bench: &Bench) -> Result<Vec<PathBuf>, Problem> {
    let mut found = vec![bench.repo.root().join("README.md")];
    let generated = bench.repo.generated();
    for folder in entries(&generated)? {
        found.extend(Some(folder.join("README.md")).filter(|readme| readme.is_file()));
    }
    let mut folders = vec![generated.join("docs")];
    while let Some(folder) = folders.pop().filter(|folder| folder.is_dir()) {
        for path in entries(&folder)? {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") && !found.contains(&path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let trouble = |error: std::io::Error| Problem::io("reading", folder, &error);
    let entries: Result<Vec<_>, _> = folder.read_dir().map_err(trouble)?.collect();
    let mut paths: Vec<PathBuf> = entries.map_err(trouble)?.iter().map(std::fs::DirEntry::path).collect();
    paths.sort();
    Ok(paths)
}

/// Writes a file, and its folder if there is none.
fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let folder = path.parent().unwrap_or(path);
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| Problem::io("writing", path, &error))
}

/// Copies a file into a folder that is there.
fn copy(from: &Path, to: &Path) -> Result<(), Problem> {
    std::fs::copy(from, to).map(drop).map_err(|error| Problem::io("copying", from, &error))
}

/// Empties a folder, which is made if there is none.
fn empty(folder: &Path) -> Result<(), Problem> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Problem::io("emptying", folder, &error));
        }
        _ => {}
    }
    std::fs::create_dir_all(folder).map_err(|error| Problem::io("creating", folder, &error))
}

fn together(problems: &[Problem]) -> Result<(), Problem> {
    if problems.is_empty() {
        return Ok(());
    }
    let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Err(Problem::new(format!("\n{}", texts.join("\n"))))
}
