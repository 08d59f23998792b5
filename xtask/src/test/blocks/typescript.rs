//! Blocks of TypeScript: all compiled by one run of the compiler, beside the installed package, each run by Node.

use super::program::{Program, indented};
use super::running::Run;
use super::{empty, write};
use crate::problem::Problem;
use crate::test::bench::Bench;
use crate::test::typescript;
use std::fmt::Write as _;

/// What functions of `given` may use without saying so.
const HEAD: &str = "import type {
  AppServerClient, ChatgptLoginHandle, Codex, DeviceCodeLoginHandle, ServerNotification, ServerRequestHandlers,
  Thread, TurnHandle, TurnResult,
} from \"codex-app-server-sdk\";
import type * as types from \"codex-app-server-sdk/types\";
";

const SETTINGS: &str = r#"{
  "compilerOptions": {
    "target": "ES2022",
    "module": "NodeNext",
    "lib": ["ES2023", "ESNext.Disposable"],
    "types": ["node"],
    "rootDir": ".",
    "outDir": "../build/docs",
    "moduleDetection": "force",
    "strict": true
  },
  "include": ["*.ts"]
}
"#;

pub fn prepare(bench: &Bench, programs: &[Program]) -> Result<Vec<Run>, Problem> {
    let project = typescript::project(bench);
    let (source, built) = (project.join("docs"), project.join("build/docs"));
    empty(&source)?;
    empty(&built)?;
    let mut functions = HEAD.to_owned();
    let mut runs = Vec::new();
    for program in programs {
        if let Some(given) = &program.terms.given {
            let body = indented(&program.text, "  ");
            // Writing to a String can't fail.
            let _ = write!(functions, "\nexport async function {}({given}) {{\n{body}}}\n", program.name);
            continue;
        }
        write(&source.join(format!("{}.ts", program.name)), &program.text)?;
        runs.extend(Run::new(program, bench.command("node").arg(built.join(format!("{}.js", program.name)))));
    }
    write(&source.join("functions.ts"), &functions)?;
    write(&source.join("tsconfig.json"), SETTINGS)?;
    typescript::compiler(bench, "typescript-next").args("-p docs/tsconfig.json").folder(project).show()?;
    Ok(runs)
}
