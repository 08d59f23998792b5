//! Blocks of Python: all checked by one run of mypy, each run by the environment's Python.

use super::functions::{self, Style};
use super::program::Program;
use super::running::Run;
use super::{empty, write};
use crate::problem::Problem;
use crate::test::bench::Bench;

const HEAD: &str = "from collections.abc import Callable
from typing import Any

from codex_app_server import *
from codex_app_server import notifications, types
";

const FUNCTIONS: Style =
    Style { open: |name, given| format!("def {name}({given}) -> None:"), indent: "    ", close: "" };

pub fn prepare(bench: &Bench, programs: &[Program]) -> Result<Vec<Run>, Problem> {
    let folder = bench.repo.target("docs/python");
    empty(&folder)?;
    let mut runs = Vec::new();
    for program in programs.iter().filter(|program| program.terms.given.is_none()) {
        let path = folder.join(format!("{}.py", program.name));
        write(&path, &program.text)?;
        runs.extend(Run::new(program, bench.tool("python").arg(path)));
    }
    for file in functions::files(programs, &FUNCTIONS, HEAD) {
        write(&folder.join(format!("{}.py", file.name)), &file.text)?;
    }
    let mypy = bench.tool("mypy").args("--strict --pretty --python-version 3.10 --cache-dir");
    mypy.arg(bench.repo.target("mypy-docs")).arg(folder).show()?;
    Ok(runs)
}
