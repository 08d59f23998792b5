//! The `rpcsmith` command. Exit codes: 0 done, 1 problems in the input or drift, 2 wrong usage.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use rpcsmith::{Files, Inputs, Output, ir, output, profile};

/// Turns the schema of a JSON-RPC protocol into SDKs.
///
/// A schema and a profile go in; a complete package for each language comes out, with typed calls for every method,
/// typed handlers for what the server asks, and a registry of notifications.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the packages and the docs, and delete what they no longer hold.
    ///
    /// Nothing is written if the input has problems; a run that is cut short leaves the old packages or the new ones.
    Generate(Generate),
    /// Compare the packages with what is on disk, and change nothing.
    ///
    /// Changed, missing and extra files are listed, with a diff of the first ones; the exit code is then 1.
    Check(Generate),
    /// Print the model of the protocol as JSON, or the JSON Schema of a file format.
    Ir(Ir),
}

#[derive(Debug, Args)]
struct Source {
    /// Folder with the schema: `stable.json`, `experimental.json`, and `source.toml` with the server's version.
    #[arg(long, value_name = "DIR")]
    schema: PathBuf,
    /// The profile: what the schema doesn't say.
    #[arg(long, value_name = "FILE")]
    profile: PathBuf,
    /// Let methods without a known result and profile entries without a match pass with a warning, for schemas of
    /// other server versions. Such a result is any JSON.
    #[arg(long)]
    lenient: bool,
}

#[derive(Debug, Args)]
struct Generate {
    #[command(flatten)]
    source: Source,
    /// Folder for the packages; each language and the docs have a folder of their own in it.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What to generate, separated by commas: packages for python, rust and typescript, and docs.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_values_t = rpcsmith::BUILT.iter().copied())]
    only: Vec<Output>,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
struct Ir {
    /// Print a JSON Schema instead: of this command's own output, or of profiles.
    #[arg(long, value_name = "WHAT")]
    schema_of: Option<SchemaOf>,
    #[arg(long, value_name = "DIR", required_unless_present = "schema_of")]
    /// Folder with the schema.
    schema: Option<PathBuf>,
    /// The profile.
    #[arg(long, value_name = "FILE", required_unless_present = "schema_of")]
    profile: Option<PathBuf>,
    /// Let problems pass that concern schemas of other server versions.
    #[arg(long)]
    lenient: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum SchemaOf {
    /// The model of a protocol.
    Ir,
    /// A profile.
    Profile,
}

/// What keeps a command from being done; the text is for the user.
struct Failure(String);

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Generate(arguments) => generate(&arguments),
        Command::Check(arguments) => check(&arguments),
        Command::Ir(arguments) => print_ir(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure(message)) => {
            eprintln!("{}", message.trim_end());
            ExitCode::from(1)
        }
    }
}

fn generate(arguments: &Generate) -> Result<(), Failure> {
    let packages = packages(arguments)?;
    output::write(&arguments.out, &packages).map_err(|error| Failure(format!("error: {error}")))?;
    for (output, files) in &packages {
        say(&format!("{output}: {} files in {}\n", files.len(), arguments.out.join(output.name()).display()))?;
    }
    Ok(())
}

fn check(arguments: &Generate) -> Result<(), Failure> {
    let packages = packages(arguments)?;
    let report = output::check(&arguments.out, &packages).map_err(|error| Failure(format!("error: {error}")))?;
    if report.is_clean() {
        return say("everything is as generated\n");
    }
    Err(Failure(format!(
        "{report}\nerror: the packages are not what the schema and the profile give\n  help: {}",
        mending_command(arguments)
    )))
}

fn packages(arguments: &Generate) -> Result<Vec<(Output, Files)>, Failure> {
    let protocol = load(&inputs(&arguments.source))?;
    let outputs: BTreeSet<Output> = arguments.only.iter().copied().collect();
    let outputs: Vec<Output> = outputs.into_iter().collect();
    let schema = arguments.source.schema.display().to_string();
    rpcsmith::render(&protocol, &outputs).map_err(|found| problems(&found.in_file(&schema)))
}

fn inputs(source: &Source) -> Inputs {
    Inputs { schema: source.schema.clone(), profile: source.profile.clone(), lenient: source.lenient }
}

fn load(inputs: &Inputs) -> Result<ir::Protocol, Failure> {
    let (protocol, warnings) = rpcsmith::load(inputs).map_err(|found| problems(&found))?;
    eprint!("{warnings}");
    Ok(protocol)
}

fn problems(diagnostics: &rpcsmith::diagnostic::Diagnostics) -> Failure {
    let count = match diagnostics.len() {
        1 => "1 problem".to_owned(),
        several => format!("{several} problems"),
    };
    Failure(format!("{diagnostics}{count}; nothing was written"))
}

fn mending_command(arguments: &Generate) -> String {
    let outputs: Vec<String> = arguments.only.iter().map(ToString::to_string).collect();
    format!(
        "rpcsmith generate --schema {} --profile {} --out {} --only {}{}",
        arguments.source.schema.display(),
        arguments.source.profile.display(),
        arguments.out.display(),
        outputs.join(","),
        if arguments.source.lenient { " --lenient" } else { "" }
    )
}

fn print_ir(arguments: &Ir) -> Result<(), Failure> {
    let text = match (arguments.schema_of, &arguments.schema, &arguments.profile) {
        (Some(SchemaOf::Ir), ..) => serde_json::to_string_pretty(&schemars::schema_for!(ir::Protocol)),
        (Some(SchemaOf::Profile), ..) => serde_json::to_string_pretty(&schemars::schema_for!(profile::Profile)),
        (None, Some(schema), Some(profile)) => {
            let inputs = Inputs { schema: schema.clone(), profile: profile.clone(), lenient: arguments.lenient };
            serde_json::to_string_pretty(&load(&inputs)?)
        }
        // Clap asks for both folders unless a schema was asked for.
        (None, _, _) => return Err(Failure("error: give --schema and --profile".to_owned())),
    };
    let text = text.map_err(|error| Failure(format!("error: the model can't be printed: {error}")))?;
    say(&format!("{text}\n"))
}

/// Prints to standard output. A reader that has seen enough (`| head`) is no failure.
fn say(text: &str) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure(format!("error: can't write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}
