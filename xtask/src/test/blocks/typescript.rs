//! Blocks of TypeScript: all compiled by one run of the compiler, beside the installed package, each run by Node.

use super::functions::{self, Style};
use super::program::Program;
use super::running::Run;
use super::{empty, write};
use crate::problem::Problem;
use crate::test::bench::Bench;
use crate::test::typescript;

const FUNCTIONS: Style = Style {
    head: "import type {
  AppServerClient, ChatgptLoginHandle, Codex, DeviceCodeLoginHandle, ServerNotification, ServerRequestHandlers,
  Thread, TurnHandle, TurnResult,
} from \"codex-app-server-sdk\";
import type * as types from \"codex-app-server-sdk/types\";
",
    open: |name, given| format!("export async function {name}({given}) {{"),
    indent: "  ",
    close: "}",
};

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
    let mut runs = Vec::new();
    for program in programs.iter().filter(|program| program.terms.given.is_none()) {
        write(&source.join(format!("{}.ts", program.name)), &program.text)?;
        runs.extend(Run::new(program, bench.command("node").arg(built.join(format!("{}.js", program.name)))));
    }
    for file in functions::files(programs, &FUNCTIONS) {
        write(&source.join(format!("{}.ts", file.name)), &file.text)?;
    }
    write(&source.join("tsconfig.json"), SETTINGS)?;
    typescript::compiler(bench, "typescript-next").args("-p docs/tsconfig.json").folder(project).show()?;
    Ok(runs)
}
