//! Steps that use what is generated: as what the tiny schemas become, in projects of others, and in examples.

use super::super::prerequisites::Tool;
use super::super::step::{Action, Step};
use super::super::{cases, downstream, examples};

/// The tiny schemas, as what they become.
pub fn cases() -> Vec<Step> {
    let step = |name, about, needs, tools, action| Step { name, about, needs, tools, action: Action::Prepare(action) };
    vec![
        step(
            "python:cases",
            "what the tiny schemas become passes ruff and mypy --strict",
            &["python:tools"],
            &[Tool::Python],
            cases::python,
        ),
        step(
            "rust-sdk:cases",
            "what the tiny schemas become passes rustfmt and clippy",
            &[],
            &[Tool::Rustfmt, Tool::Clippy],
            cases::rust,
        ),
        step(
            "typescript:cases",
            "what the tiny schemas become passes the formatter and both compilers",
            &["typescript:tools"],
            &[Tool::Node, Tool::Npm],
            cases::typescript,
        ),
    ]
}

/// Fresh projects outside the repository, which hold what a user would write first.
pub fn downstream() -> Vec<Step> {
    let step = |name, about, needs, tools, action| Step { name, about, needs, tools, action: Action::Prepare(action) };
    vec![
        step(
            "python:downstream",
            "a fresh environment with the package's wheel and its extra runs a first turn, in threads and in asyncio",
            &["python:tools"],
            &[Tool::Python],
            downstream::python,
        ),
        step(
            "rust-sdk:downstream",
            "a fresh cargo project that depends on the package runs a first turn",
            &["server"],
            &[],
            downstream::rust,
        ),
        step(
            "typescript:downstream",
            "a fresh Node project with the packed package passes both compilers and runs a first turn",
            &["server", "vectors", "typescript:install"],
            &[Tool::Node, Tool::Npm],
            downstream::typescript,
        ),
    ]
}

/// Every example as it is, against what `tests/examples` says of it.
pub fn examples() -> Vec<Step> {
    let step = |name, about, needs, tools, action| Step { name, about, needs, tools, action: Action::Prepare(action) };
    vec![
        step(
            "python:examples",
            "every Python example runs as it is, in threads and in asyncio, and prints what it should",
            &["server", "python:install"],
            &[Tool::Python],
            examples::python_examples,
        ),
        step(
            "rust-sdk:examples",
            "every Rust example runs as it is, and prints what it should",
            &["server"],
            &[],
            examples::rust_examples,
        ),
        step(
            "typescript:examples",
            "every TypeScript example passes both compilers, runs as it is, and prints what it should",
            &["server", "typescript:install"],
            &[Tool::Node, Tool::Npm],
            examples::typescript_examples,
        ),
    ]
}
