//! Blocks of Python: all checked by one run of mypy, each run by the environment's Python.

use super::program::{Program, indented};
use super::running::Run;
use super::{empty, write};
use crate::problem::Problem;
use crate::test::bench::Bench;
use std::fmt::Write as _;

/// What functions of `given` may use without saying so.
const HEAD: &str = "from collections.abc import Callable\nfrom typing import Any\n\nfrom codex_app_server import *\nfrom codex_app_server import notifications, types\n";

pub fn prepare(bench: &Bench, programs: &[Program]) -> Result<Vec<Run>, Problem> {
    let folder = bench.repo.target("docs/python");
    empty(&folder)?;
    let mut functions = HEAD.to_owned();
    let mut runs = Vec::new();
    for program in programs {
        if let Some(given) = &program.terms.given {
            let body = indented(&program.text, "    ");
            // Writing to a String can't fail.
            let _ = write!(functions, "\n\ndef {}({given}) -> None:\n{body}", program.name);
            continue;
        }
        let path = folder.join(format!("{}.py", program.name));
        write(&path, &program.text)?;
        runs.extend(Run::new(program, bench.tool("python").arg(path)));
    }
    write(&folder.join("functions.py"), &functions)?;
    let mypy = bench.tool("mypy").args("--strict --pretty --python-version 3.10 --cache-dir");
    mypy.arg(bench.repo.target("mypy-docs")).arg(folder).show()?;
    Ok(runs)
}
