//! The examples of the packages, run as they are with the real server and a model on loopback.
//!
//! What an example does is told once for all languages, in `tests/examples`; see the README there. Knows how a program
//! is run and judged; a language says where its examples are and how one is started.

mod expected;

use super::bench::Bench;
use super::offline::{Model, offline, still_running, write_home};
use super::side_by_side;
use super::typescript;
use crate::problem::Problem;
use crate::process::{Invocation, in_venv, tail};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How many there are, in every language.
const COUNT: usize = 16;
/// How long one may take.
const DEADLINE: Duration = Duration::from_secs(60);

/// What an example does: a folder of `tests/examples`.
struct Example {
    /// Its number and name, such as `01-quickstart`.
    name: String,
    folder: PathBuf,
}

/// A client that has all examples.
struct Client {
    name: &'static str,
    /// Where an example's source is, by the example's name.
    source: fn(&Bench, &str) -> PathBuf,
    /// How it is started.
    program: fn(&Bench, &str) -> Invocation,
}

const PYTHON: &[Client] = &[
    Client {
        name: "python",
        source: |bench, name| python_source(bench, name, ""),
        program: |bench, name| python(bench, &python_source(bench, name, "")),
    },
    Client {
        name: "python-async",
        source: |bench, name| python_source(bench, name, "_async"),
        program: |bench, name| python(bench, &python_source(bench, name, "_async")),
    },
];

const TYPESCRIPT: &[Client] = &[Client {
    name: "typescript",
    source: |bench, name| bench.repo.generated().join("typescript/examples").join(format!("{name}.ts")),
    program: |bench, name| {
        bench.command("node").arg(typescript::build_folder(bench).join("examples").join(format!("{name}.js")))
    },
}];

const RUST: &[Client] = &[Client {
    name: "rust",
    source: |bench, name| bench.repo.generated().join("rust/examples").join(format!("{}.rs", name.replace('-', "_"))),
    // Cargo puts them beside the program that runs here.
    program: |bench, name| bench.command(bench.xtask.with_file_name("examples").join(name.replace('-', "_"))),
}];

/// The examples for threads and for asyncio, by the installed package.
pub fn python_examples(bench: &Bench) -> Result<(), Problem> {
    run(bench, PYTHON)
}

/// The examples in TypeScript, compiled beside the package that they import.
pub fn typescript_examples(bench: &Bench) -> Result<(), Problem> {
    typescript::examples(bench)?;
    run(bench, TYPESCRIPT)
}

/// The examples in Rust, each a program of its own.
pub fn rust_examples(bench: &Bench) -> Result<(), Problem> {
    bench.cargo().args("build --quiet -p codex-app-server-sdk --examples").show()?;
    run(bench, RUST)
}

fn python_source(bench: &Bench, name: &str, kind: &str) -> PathBuf {
    bench.python_package().join("examples").join(format!("{}{kind}.py", name.replace('-', "_")))
}

fn python(bench: &Bench, source: &Path) -> Invocation {
    // What is left open would go unnoticed otherwise.
    Invocation::new(in_venv(&bench.venv(), "python"))
        .arg(source)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PYTHONWARNINGS", "always")
}

/// Runs every example with every client, and says all that is wrong.
fn run(bench: &Bench, clients: &[Client]) -> Result<(), Problem> {
    let examples = examples(bench)?;
    let mut wrong = strays(bench, &examples, clients)?;
    for client in clients {
        let results = side_by_side::each(&examples, |example| examine(bench, client, example));
        let found: Vec<String> = results.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
        println!("{}: {} of {COUNT} examples are as they should be", client.name, COUNT - found.len());
        wrong.extend(found);
    }
    if wrong.is_empty() { Ok(()) } else { Err(Problem::new(wrong.join("\n"))) }
}

/// What is wrong with one example of a client.
fn examine(bench: &Bench, client: &Client, example: &Example) -> Result<Option<String>, Problem> {
    let source = (client.source)(bench, &example.name);
    let wrong = if source.is_file() {
        play(bench, example, &(client.program)(bench, &example.name))?
    } else {
        Some(format!("it is missing; it should be {}", bench.relative(&source).display()))
    };
    Ok(wrong.map(|what| format!("{} {}: {what}", client.name, example.name)))
}

/// What the examples do, by their numbers; all must be there.
fn examples(bench: &Bench) -> Result<Vec<Example>, Problem> {
    let root = bench.repo.root().join("tests/examples");
    let trouble = |error: std::io::Error| Problem::io("reading", &root, &error);
    let mut examples = Vec::new();
    for entry in root.read_dir().map_err(trouble)? {
        let folder = entry.map_err(trouble)?.path();
        if folder.is_dir() {
            let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
            examples.push(Example { name, folder });
        }
    }
    examples.sort_by(|one, other| one.name.cmp(&other.name));
    let in_order = examples.iter().zip(1..).all(|(example, number)| example.name.starts_with(&format!("{number:02}-")));
    if examples.len() != COUNT || !in_order {
        let names: Vec<&str> = examples.iter().map(|example| example.name.as_str()).collect();
        let what =
            format!("{} should tell {COUNT} examples, 01 to {COUNT}, and has {}", root.display(), names.join(", "));
        return Err(Problem::new(what));
    }
    Ok(examples)
}

/// Sources that look like examples and that nobody runs.
fn strays(bench: &Bench, examples: &[Example], clients: &[Client]) -> Result<Vec<String>, Problem> {
    let sources =
        |client: &Client| examples.iter().map(|example| (client.source)(bench, &example.name)).collect::<Vec<_>>();
    let known: Vec<PathBuf> = clients.iter().flat_map(sources).collect();
    let folders: std::collections::BTreeSet<&Path> = known.iter().filter_map(|path| path.parent()).collect();
    let mut strays = Vec::new();
    for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
        let trouble = |error: std::io::Error| Problem::io("reading", folder, &error);
        for entry in folder.read_dir().map_err(trouble)? {
            let entry = entry.map_err(trouble)?;
            let numbered = entry.file_name().to_string_lossy().starts_with(|first: char| first.is_ascii_digit());
            if numbered && !known.contains(&entry.path()) {
                strays.push(format!("nobody runs {}", bench.relative(&entry.path()).display()));
            }
        }
    }
    Ok(strays)
}

/// Runs one example in a fresh place, and gives what is wrong with what it did.
fn play(bench: &Bench, example: &Example, program: &Invocation) -> Result<Option<String>, Problem> {
    let place = tempfile::tempdir().map_err(|error| Problem::new(format!("making a temporary folder: {error}")))?;
    let (home, work) = (place.path().join("codex-home"), place.path().join("work"));
    std::fs::create_dir(&work).map_err(|error| Problem::io("making", &work, &error))?;
    let (input, output) = (example.folder.join("input.txt"), example.folder.join("output.txt"));
    let expected = std::fs::read_to_string(&output).map_err(|error| Problem::io("reading", &output, &error))?;
    let model = start_model(bench, example, &home)?;
    let mut program = offline(program.clone(), &home).env("CODEX_BIN", &bench.server).folder(&work);
    if input.is_file() {
        program = program.input(input);
    }
    let ended = program.finish(DEADLINE);
    let left = still_running(&home);
    model.map_or(Ok(()), Model::stop)?;
    let ended = match ended {
        Ok(ended) => ended,
        Err(problem) => return Ok(Some(problem.to_string())),
    };
    let mut wrong = Vec::new();
    if !ended.status.success() {
        wrong.push(format!("it ended with {}", ended.status));
    }
    if !ended.stderr.is_empty() {
        wrong.push(format!("it should say nothing on stderr{}", tail("stderr", &ended.stderr)));
    }
    if let Some(difference) = expected::difference(&expected, &ended.stdout) {
        wrong.push(format!("it printed something else than output.txt says\n{difference}"));
    }
    if !left.is_empty() {
        wrong.push(format!("it has ended and left running: {}", left.join(", ")));
    }
    Ok(if wrong.is_empty() { None } else { Some(wrong.join("\n")) })
}

/// Starts the model, if the example has one, and tells the server of it.
fn start_model(bench: &Bench, example: &Example, home: &Path) -> Result<Option<Model>, Problem> {
    let script = example.folder.join("model.toml");
    if script.is_file() {
        let model = Model::start(bench, script)?;
        write_home(home, &model.url)?;
        return Ok(Some(model));
    }
    std::fs::create_dir(home).map_err(|error| Problem::io("making", home, &error))?;
    Ok(None)
}
