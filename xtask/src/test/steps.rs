//! The steps of the test run. A language to come adds its own at the end.
//!
//! Caches go to `target/`: a file that a checker leaves in a generated package would be drift.

mod uses;

use super::bench::Bench;
use super::prerequisites::Tool;
use super::step::{Action, Step};
use super::{blocks, docs, import, python, suppressions, surface, typescript};
use crate::contract;
use crate::mutate;
use crate::process::{Invocation, in_venv};
use crate::schema;
use crate::vectors;

/// All steps, each after those it needs.
pub fn all(bench: &Bench) -> Vec<Step> {
    let mut steps = rust(bench);
    steps.extend(repository(bench));
    steps.extend(python_checks(bench));
    steps.extend(python_tests(bench));
    steps.extend(rust_sdk(bench));
    steps.extend(typescript_steps(bench));
    steps.extend(uses::cases());
    steps.extend(uses::downstream());
    steps.extend(uses::examples());
    steps.extend([LINKS, CODE, SURFACE, MUTATIONS, CONTRACT]);
    steps
}

const LINKS: Step = Step {
    name: "docs:links",
    about: "every link between the READMEs and docs leads to a file and a heading that are there",
    needs: &[],
    tools: &[],
    action: Action::Prepare(blocks::links::check),
};

const CODE: Step = Step {
    name: "docs:code",
    about: "every code block of the READMEs and docs passes its language's checker and runs, on the real server or a scripted one",
    needs: &["server", "python:install", "typescript:install"],
    tools: &[Tool::Python, Tool::Node, Tool::Npm],
    action: Action::Prepare(blocks::check),
};

const SURFACE: Step = Step {
    name: "surface",
    about: "what users can name in each package is what the model says, in all of them",
    needs: &["python:install", "typescript:install"],
    tools: &[Tool::Python, Tool::Node],
    action: Action::Prepare(surface::check),
};

/// What they break has to be whole before: the scenarios have passed without them.
const MUTATIONS: Step = Step {
    name: "mutations",
    about: "each rule, broken in a copy of a package, is noticed by its scenarios",
    needs: &["python:test", "rust-sdk:test", "typescript:test"],
    tools: &[Tool::Python, Tool::Node],
    action: Action::Prepare(mutate::run_all),
};

const CONTRACT: Step = Step {
    name: "contract",
    about: "every rule of the contract is shown in every client, as tests/CONTRACT.md says",
    needs: &["docs", "python:test", "rust-sdk:test", "typescript:test"],
    tools: &[],
    action: Action::Conclude(|bench| contract::conclude(bench.repo, bench.bless)),
};

fn rust(bench: &Bench) -> Vec<Step> {
    vec![
        Step {
            name: "rust:format",
            about: "rustfmt would change nothing, in the generated crate neither",
            needs: &[],
            tools: &[Tool::Rustfmt],
            action: Action::Run(vec![
                bench.cargo().args("fmt --all --check"),
                bench
                    .command("rustfmt")
                    .args("--check --edition 2024 tests/downstream/rust/src/main.rs tests/docs/driver.rs"),
            ]),
        },
        Step {
            name: "rust:lint",
            about: "clippy has nothing to say",
            needs: &[],
            tools: &[Tool::Clippy],
            action: Action::Run(vec![bench.cargo().args("clippy --workspace --all-targets -- -D warnings")]),
        },
        Step {
            name: "rust:test",
            about: "the generator's and the test bed's own tests",
            needs: &[],
            tools: &[],
            action: Action::Run(vec![
                bench.cargo().args("test --workspace --exclude sdk-tests --exclude sdk-compile-tests"),
            ]),
        },
        Step {
            name: "methods",
            about: "every method has a typed call in every client, and is called on the real server or has its reason",
            needs: &[],
            tools: &[],
            action: Action::Run(vec![bench.cargo().args("test --quiet -p rpcsmith --test languages -- --nocapture")]),
        },
        Step {
            name: "docs",
            about: "what is public in the packages says what it does, and which wire method is behind it",
            needs: &[],
            tools: &[],
            action: Action::Prepare(docs::check),
        },
        installation(bench),
    ]
}

/// The debug profile, since its parts are there already; whether the binary stands alone doesn't depend on it.
fn installation(bench: &Bench) -> Step {
    let prefix = bench.repo.target("install");
    let install = bench.cargo().args("install --quiet --path . --locked --debug --force --root").arg(&prefix);
    let check = Invocation::new(in_venv(&prefix, "rpcsmith"))
        .args("check --schema ../../schema/codex --profile ../../schema/codex/profile.toml --out ../../generated/codex")
        .folder(&prefix);
    Step {
        name: "rust:install",
        about: "the installed command works by itself, in another folder",
        needs: &[],
        tools: &[],
        action: Action::Run(vec![install, check]),
    }
}

fn repository(bench: &Bench) -> Vec<Step> {
    vec![
        Step {
            name: "drift",
            about: "the committed packages are what the generator makes",
            needs: &[],
            tools: &[],
            action: Action::Run(vec![bench.command(&bench.xtask).args("check")]),
        },
        Step {
            name: "server",
            about: "the pinned server is installed",
            needs: &[],
            tools: &[Tool::Npm],
            action: Action::Prepare(|bench| {
                let path = schema::pinned_server(bench.repo)?;
                println!("{}", bench.relative(&path).display());
                Ok(())
            }),
        },
        Step {
            name: "schema",
            about: "the committed schema is that of the pinned server",
            needs: &["server"],
            tools: &[Tool::Npm],
            action: Action::Run(vec![bench.command(&bench.xtask).args("schema pull --check")]),
        },
        Step {
            name: "vectors",
            about: "messages of every type that all languages must agree on are written",
            needs: &[],
            tools: &[],
            action: Action::Run(vec![
                bench.command(&bench.xtask).args("vectors --out").arg(vectors::folder(bench.repo)),
            ]),
        },
        Step {
            name: "python:tools",
            about: "a Python environment with the pinned tools",
            needs: &[],
            tools: &[Tool::Python],
            action: Action::Prepare(python::tools),
        },
        Step {
            name: "python:install",
            about: "the Python package installs with pip",
            needs: &["python:tools"],
            tools: &[Tool::Python],
            action: Action::Prepare(python::package),
        },
    ]
}

fn python_checks(bench: &Bench) -> Vec<Step> {
    let check = |name, about, command: Invocation| Step {
        name,
        about,
        needs: &["python:install"],
        tools: &[Tool::Python],
        action: Action::Run(vec![command.folder(bench.python_package())]),
    };
    let settings = bench.repo.root().join("tests/python/pyproject.toml");
    let mypy = bench.tool("mypy").args("--strict --python-version 3.10 --cache-dir").arg(bench.repo.target("mypy"));
    vec![
        Step {
            name: "suppressions",
            about: "nothing in the packages or their tests silences a checker",
            needs: &[],
            tools: &[],
            action: Action::Prepare(suppressions::search),
        },
        check("python:lint", "ruff finds nothing in the Python package", bench.tool("ruff").args("check --no-cache .")),
        check(
            "python:format",
            "ruff would format nothing in the Python package",
            bench.tool("ruff").args("format --check --no-cache ."),
        ),
        check("python:mypy", "the Python package and its examples pass mypy --strict", mypy.args("src examples")),
        Step {
            name: "python:tests-checked",
            about: "the Python tests are formatted, linted and typed",
            needs: &["python:install"],
            tools: &[Tool::Python],
            action: Action::Run(vec![
                bench.tool("ruff").args("check --no-cache tests/python"),
                bench.tool("ruff").args("format --check --no-cache tests/python"),
                bench.tool("ruff").args("check --no-cache --config").arg(&settings).args("tests/downstream tests/docs"),
                bench
                    .tool("ruff")
                    .args("format --check --no-cache --config")
                    .arg(&settings)
                    .args("tests/downstream tests/docs"),
                bench
                    .tool("mypy")
                    .args("--config-file tests/python/pyproject.toml --cache-dir")
                    .arg(bench.repo.target("mypy-tests"))
                    .args("tests/python"),
            ]),
        },
        Step {
            name: "python:pyright",
            about: "the Python package and its examples pass pyright's strict mode",
            needs: &["python:install"],
            tools: &[Tool::Python, Tool::Node],
            action: Action::Prepare(|bench| {
                let settings = python::pyright_settings(bench)?;
                let pyright = bench.tool("pyright").args("--warnings --project").arg(settings);
                // Else it would ask the registry for a newer version, and keep files in the user's folders.
                pyright
                    .env("PYRIGHT_PYTHON_IGNORE_WARNINGS", "1")
                    .env("PYRIGHT_PYTHON_CACHE_DIR", bench.repo.target("pyright"))
                    .show()
            }),
        },
    ]
}

fn python_tests(bench: &Bench) -> Vec<Step> {
    let pytest = bench.tool("python").args("-m pytest -o").arg(cache_option(bench)).args("tests/python");
    vec![
        Step {
            name: "python:test",
            about: "the Python package against the contract, with the real server and a model on loopback",
            needs: &["server", "vectors", "python:install"],
            tools: &[Tool::Python],
            action: Action::Run(vec![bench.with_servers(pytest)]),
        },
        Step {
            name: "python:import",
            about: "importing the Python package takes a quarter of the time of the published one's import, or less",
            needs: &["python:install"],
            tools: &[Tool::Python],
            action: Action::Prepare(import::check),
        },
    ]
}

/// The Rust package is a member of the workspace, so the steps of the generator lint it and run its examples.
fn rust_sdk(bench: &Bench) -> Vec<Step> {
    let docs = bench.cargo().args("doc -p codex-app-server-sdk --no-deps").env("RUSTDOCFLAGS", "-D warnings");
    let tests = bench.with_servers(bench.cargo().args("test -p sdk-tests -p sdk-compile-tests"));
    vec![
        Step {
            name: "rust-sdk:docs",
            about: "rustdoc finds nothing in the Rust package",
            needs: &[],
            tools: &[],
            action: Action::Run(vec![docs]),
        },
        Step {
            name: "rust-sdk:test",
            about: "the Rust package against fake peers, the real server and a model on loopback",
            needs: &["server", "vectors"],
            tools: &[Tool::Python],
            action: Action::Run(vec![tests]),
        },
    ]
}

fn typescript_steps(bench: &Bench) -> Vec<Step> {
    let built = typescript::build_folder(bench);
    let newer = typescript::compiler(bench, "typescript-next").args("-p tsconfig.json --noEmit").folder(&built);
    let format = typescript::biome(bench).args("format").folder(&built);
    let step = |name, about, needs, action| Step { name, about, needs, tools: &[Tool::Node, Tool::Npm], action };
    vec![
        step("typescript:tools", "a Node project with the pinned tools", &[], Action::Prepare(typescript::tools)),
        step(
            "typescript:install",
            "the TypeScript package compiles with TypeScript 5, packs and installs",
            &["typescript:tools"],
            Action::Prepare(typescript::package),
        ),
        step(
            "typescript:newest",
            "the TypeScript package passes the newest compiler",
            &["typescript:install"],
            Action::Run(vec![newer]),
        ),
        step(
            "typescript:format",
            "biome would format nothing in the TypeScript package",
            &["typescript:install"],
            Action::Run(vec![format]),
        ),
        step(
            "typescript:test",
            "the TypeScript package against fake peers, the real server and a model on loopback",
            &["server", "vectors", "typescript:install"],
            Action::Prepare(typescript::tests),
        ),
    ]
}

fn cache_option(bench: &Bench) -> String {
    format!("cache_dir={}", bench.repo.target("pytest").display())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repo::Repo;
    use std::path::PathBuf;

    #[test]
    fn names_are_unique_and_needs_stand_earlier() {
        let repo = Repo::at("/nowhere");
        let bench =
            Bench { repo: &repo, xtask: PathBuf::new(), server: PathBuf::new(), python: "python3", bless: false };
        let mut seen: Vec<&str> = Vec::new();
        for step in all(&bench) {
            assert!(!seen.contains(&step.name), "{} stands twice", step.name);
            for need in step.needs {
                assert!(seen.contains(need), "{} needs {need}, which comes later or not at all", step.name);
            }
            seen.push(step.name);
        }
    }
}
