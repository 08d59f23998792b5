//! Blocks of Python: all checked by one run of mypy, each run by the environment's Python.

use super::calls::Calls;
use super::functions::{self, Style};
use super::program::Program;
use super::running::Run;
use super::{copy, empty, write};
use crate::problem::Problem;
use crate::test::bench::Bench;

const HEAD: &str = "from collections.abc import Callable
from typing import Any

from codex_app_server import *
from codex_app_server import notifications, types

REACHED: list[None] = []
";

const FUNCTIONS: Style = Style {
    open: |name, given| format!("def {name}({given}) -> None:"),
    indent: "    ",
    reached: "; REACHED.append(None)",
    close: "",
};

pub fn prepare(bench: &Bench, programs: &[Program], calls: &Calls) -> Result<Vec<Run>, Problem> {
    let folder = bench.repo.target("docs/python");
    empty(&folder)?;
    let mut runs = Vec::new();
    for program in programs.iter().filter(|program| program.terms.given.is_none()) {
        let path = folder.join(format!("{}.py", program.name));
        write(&path, &program.text)?;
        runs.push(Run::new(bench, program, bench.tool("python").arg(path)));
    }
    for file in functions::files(programs, &FUNCTIONS, HEAD) {
        write(&folder.join(format!("{}.py", file.name)), &file.text)?;
    }
    let driver = folder.join("driver.py");
    copy(&bench.repo.root().join("tests/docs/driver.py"), &driver)?;
    write(&folder.join("calls.json"), &calls.plan().to_string())?;
    runs.extend(Run::calls(bench, calls, &folder, |part| bench.tool("python").arg(&driver).arg(part))?);
    let mypy = bench.tool("mypy").args("--strict --pretty --python-version 3.10 --cache-dir");
    mypy.arg(bench.repo.target("mypy-docs")).arg(folder).show()?;
    Ok(runs)
}
