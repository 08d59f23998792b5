//! Blocks of TypeScript: all compiled by one run of the compiler, beside the installed package, each run by Node.

use super::calls::Calls;
use super::functions::{self, Style};
use super::program::Program;
use super::running::Run;
use super::{copy, empty, write};
use crate::problem::Problem;
use crate::test::bench::Bench;
use crate::test::typescript;
use rpcsmith::ir::{Name, Protocol};

const FUNCTIONS: Style = Style {
    open: |name, given| format!("export async function {name}({given}) {{"),
    indent: "  ",
    reached: " reached.push(null);",
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

/// Imports everything that the reference speaks of: TypeScript has no way to import all names of a module.
fn head(protocol: &Protocol) -> String {
    let mut names =
        vec!["AppServerClient".to_owned(), "ServerNotification".to_owned(), "ServerRequestHandlers".to_owned()];
    if let Some(facade) = &protocol.facade {
        names.extend(facade.resources.iter().map(|resource| resource.name.pascal()));
        names.extend(facade.handmade.iter().map(Name::pascal));
    }
    format!(
        "import type {{ {} }} from \"codex-app-server-sdk\";\nimport type * as types from \"codex-app-server-sdk/types\";\nexport const reached: null[] = [];\n",
        names.join(", ")
    )
}

pub fn prepare(bench: &Bench, programs: &[Program], calls: &Calls) -> Result<Vec<Run>, Problem> {
    let project = typescript::project(bench);
    let (source, built) = (project.join("docs"), project.join("build/docs"));
    empty(&source)?;
    empty(&built)?;
    let mut runs = Vec::new();
    for program in programs.iter().filter(|program| program.terms.given.is_none()) {
        write(&source.join(format!("{}.ts", program.name)), &program.text)?;
        runs.push(Run::new(bench, program, bench.command("node").arg(built.join(format!("{}.js", program.name)))));
    }
    let head = head(&bench.repo.protocol()?);
    for file in functions::files(programs, &FUNCTIONS, &head) {
        write(&source.join(format!("{}.ts", file.name)), &file.text)?;
    }
    copy(&bench.repo.root().join("tests/docs/driver.ts"), &source.join("driver.ts"))?;
    let format = typescript::biome(bench).args("format --config-path").arg(bench.repo.root().join("tests/typescript"));
    format.arg("driver.ts").folder(&source).show()?;
    let plan = source.join("calls.json");
    write(&plan, &calls.plan().to_string())?;
    let driver = |part: &str| bench.command("node").arg(built.join("driver.js")).arg(part).arg(&plan);
    runs.extend(Run::calls(bench, calls, &source, driver)?);
    write(&source.join("tsconfig.json"), SETTINGS)?;
    typescript::compiler(bench, "typescript-next").args("-p docs/tsconfig.json").folder(project).show()?;
    Ok(runs)
}
