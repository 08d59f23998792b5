//! The tiny schemas of `tests/cases` as whole packages, each checked by its language's own compilers and checkers.
//!
//! That they become what is expected is for the generator's tests to say; that this compiles, for these steps. All
//! packages of a language are checked by one run.

use super::bench::Bench;
use super::typescript;
use crate::problem::Problem;
use crate::process::Invocation;
use rpcsmith::{Inputs, Language, output};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Formatter and clippy over one workspace of all crates, with the versions that the repository has pinned.
pub fn rust(bench: &Bench) -> Result<(), Problem> {
    let root = folder(bench);
    let packages = generate(bench, Language::Rust)?;
    write(&root.join("Cargo.toml"), &format!("[workspace]\nresolver = \"3\"\nmembers = {packages:?}\n"))?;
    let lock = bench.repo.root().join("Cargo.lock");
    std::fs::copy(&lock, root.join("Cargo.lock")).map_err(|error| Problem::io("copying", &lock, &error))?;
    let cargo = || bench.cargo().folder(&root).env("CARGO_TARGET_DIR", root.join("target"));
    cargo().args("fmt --all --check").show()?;
    // So small a protocol needs little of the runtime: that the rest of it is used, the real package shows.
    cargo().args("clippy --quiet --offline --workspace -- -D warnings -A unused").show()
}

/// ruff and mypy over all packages.
pub fn python(bench: &Bench) -> Result<(), Problem> {
    let packages = generate(bench, Language::Python)?;
    let tool = |name| bench.tool(name).folder(folder(bench));
    let with = |command: Invocation, paths: &[PathBuf]| paths.iter().fold(command, Invocation::arg);
    with(tool("ruff").args("check --no-cache --no-respect-gitignore"), &packages).show()?;
    with(tool("ruff").args("format --check --no-cache --no-respect-gitignore"), &packages).show()?;
    let sources: Vec<PathBuf> = packages.iter().map(|package| package.join("src")).collect();
    let mypy = tool("mypy").args("--strict --python-version 3.10 --cache-dir").arg(folder(bench).join("mypy"));
    with(mypy, &sources).show()
}

/// The formatter and both compilers over one project of all packages.
pub fn typescript(bench: &Bench) -> Result<(), Problem> {
    let root = folder(bench);
    let packages = generate(bench, Language::TypeScript)?;
    let place = |path: &Path| path.to_string_lossy().replace('\\', "/");
    let sources: Vec<String> = packages.iter().map(|package| format!("{}/src", place(package))).collect();
    let project = json!({
        "extends": packages.first().map(|package| format!("./{}/tsconfig.json", place(package))),
        "compilerOptions": {
            "rootDir": ".",
            "noEmit": true,
            "typeRoots": [typescript::project(bench).join("node_modules/@types")],
        },
        "include": sources,
    });
    write(&root.join("tsconfig.json"), &format!("{project:#}\n"))?;
    let settings = bench.repo.root().join("tests/typescript");
    let format = typescript::biome(bench).args("format --config-path").arg(settings).folder(&root);
    sources.iter().fold(format, Invocation::arg).show()?;
    for compiler in ["typescript", "typescript-next"] {
        typescript::compiler(bench, compiler).args("-p tsconfig.json").folder(&root).show()?;
    }
    Ok(())
}

fn folder(bench: &Bench) -> PathBuf {
    bench.repo.target("cases")
}

/// Writes the package of every case that must generate; gives their places below the folder of cases.
fn generate(bench: &Bench, language: Language) -> Result<Vec<PathBuf>, Problem> {
    let source = bench.repo.root().join("tests/cases");
    let mut names = Vec::new();
    for entry in source.read_dir().map_err(|error| Problem::io("reading", &source, &error))? {
        let entry = entry.map_err(|error| Problem::io("reading", &source, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with("bad-") {
            generate_one(&entry.path(), &folder(bench).join(&name), language, &name)?;
            names.push(name);
        }
    }
    if names.is_empty() {
        return Err(Problem::new(format!("there are no cases in {}", source.display())));
    }
    names.sort();
    println!("{} packages in {}", names.len(), bench.relative(&folder(bench)).display());
    Ok(names.iter().map(|name| Path::new(name).join(language.name())).collect())
}

fn generate_one(case: &Path, target: &Path, language: Language, name: &str) -> Result<(), Problem> {
    let trouble = |problem: String| Problem::new(format!("the case {}: {problem}", case.display()));
    let inputs = Inputs { schema: case.to_owned(), profile: case.join("profile.toml"), lenient: false };
    let (mut protocol, _) = rpcsmith::load(&inputs).map_err(|problems| trouble(problems.to_string()))?;
    // The profiles all say one name; to stand side by side, packages need names of their own.
    for package in protocol.packages.values_mut() {
        package.name = format!("case-{name}");
        package.module = package.name.replace('-', "_");
    }
    let packages = rpcsmith::render(&protocol, &[language]).map_err(|problems| trouble(problems.to_string()))?;
    output::write(target, &packages).map_err(|error| trouble(error.to_string()))
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    std::fs::write(path, text).map_err(|error| Problem::io("writing", path, &error))
}
