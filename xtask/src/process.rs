//! Other programs: a command that can be shown, run in view, or run with its output captured and a deadline.
//!
//! Knows nothing of what the programs do.

use crate::problem::Problem;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// A program with its arguments, folder and environment; printed as one would type it.
#[derive(Debug, Clone)]
pub struct Invocation {
    program: OsString,
    args: Vec<OsString>,
    folder: Option<PathBuf>,
    env: Vec<(String, OsString)>,
    input: Option<PathBuf>,
}

/// What a finished program left behind.
pub struct Captured {
    pub status: ExitStatus,
    pub stdout: String,
    pub stderr: String,
}

impl Invocation {
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self { program: program.as_ref().to_owned(), args: Vec::new(), folder: None, env: Vec::new(), input: None }
    }

    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Several arguments, written as one would type them; none may hold a blank.
    #[must_use]
    pub fn args(mut self, args: &str) -> Self {
        self.args.extend(args.split_whitespace().map(OsString::from));
        self
    }

    #[must_use]
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.env.retain(|(earlier, _)| earlier != name);
        self.env.push((name.to_owned(), value.as_ref().to_owned()));
        self
    }

    /// A file that it reads from stdin, when it is run out of sight; there is nothing to read otherwise.
    #[must_use]
    pub fn input(mut self, file: impl Into<PathBuf>) -> Self {
        self.input = Some(file.into());
        self
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    /// Runs it with our own output, after printing it.
    pub fn show(&self) -> Result<(), Problem> {
        println!("$ {self}");
        let status = self.command().stdin(Stdio::null()).status().map_err(|error| self.not_started(&error))?;
        if status.success() { Ok(()) } else { Err(Problem::new(format!("`{self}` ended with {status}"))) }
    }

    /// Runs it out of sight; an error carries the exit code and the tail of stderr.
    pub fn capture(&self, deadline: Duration) -> Result<Captured, Problem> {
        let captured = self.finish(deadline)?;
        if captured.status.success() {
            return Ok(captured);
        }
        Err(Problem::new(format!("`{self}` ended with {}{}", captured.status, tail("stderr", &captured.stderr))))
    }

    /// Runs it out of sight, however it ends; an error if it doesn't.
    ///
    /// The output goes to files, not pipes: a grandchild that keeps a pipe open can't make us wait past the deadline.
    pub fn finish(&self, deadline: Duration) -> Result<Captured, Problem> {
        let trouble = |error: std::io::Error| Problem::new(format!("running `{self}`: {error}"));
        let input = match &self.input {
            Some(path) => File::open(path).map_err(|error| Problem::io("reading", path, &error))?.into(),
            None => Stdio::null(),
        };
        let mut stdout = tempfile::tempfile().map_err(trouble)?;
        let mut stderr = tempfile::tempfile().map_err(trouble)?;
        let mut child = self
            .command()
            .stdin(input)
            .stdout(stdout.try_clone().map_err(trouble)?)
            .stderr(stderr.try_clone().map_err(trouble)?)
            .spawn()
            .map_err(|error| self.not_started(&error))?;
        let started = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().map_err(trouble)? {
                break Some(status);
            }
            if started.elapsed() > deadline {
                // Either may fail only because the child has just ended by itself.
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let stdout = read_back(&mut stdout).map_err(trouble)?;
        let stderr = read_back(&mut stderr).map_err(trouble)?;
        match status {
            Some(status) => Ok(Captured { status, stdout, stderr }),
            None => Err(Problem::new(format!(
                "`{self}` had not ended after {} s and was killed{}",
                deadline.as_secs(),
                tail("stderr", &stderr)
            ))),
        }
    }

    fn not_started(&self, error: &std::io::Error) -> Problem {
        Problem::new(format!("`{self}` could not be started: {error}"))
    }
}

impl fmt::Display for Invocation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let elsewhere = |folder: &&PathBuf| std::env::current_dir().map_or(true, |here| here != **folder);
        if let Some(folder) = self.folder.as_ref().filter(elsewhere) {
            write!(formatter, "cd {} && ", quoted(folder.as_os_str()))?;
        }
        self.env.iter().try_for_each(|(name, value)| write!(formatter, "{name}={} ", quoted(value)))?;
        formatter.write_str(&quoted(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(formatter, " {}", quoted(arg)))?;
        self.input.iter().try_for_each(|path| write!(formatter, " < {}", quoted(path.as_os_str())))
    }
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |character: char| character.is_alphanumeric() || "-_./:=@+,%".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn read_back(file: &mut File) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last lines of an output as an indented block under `name`, or a note that there was none.
pub fn tail(name: &str, output: &str) -> String {
    const LINES: usize = 15;
    let lines: Vec<&str> = output.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return format!("; its {name} was empty");
    }
    let shown = &lines[lines.len().saturating_sub(LINES)..];
    format!("; the end of its {name}:\n    {}", shown.join("\n    "))
}

/// The file name of a program that npm or Windows wraps in a script.
pub fn script(name: &str) -> String {
    if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() }
}

/// Where a Python virtual environment or another prefix keeps a program.
pub fn in_venv(venv: &Path, name: &str) -> PathBuf {
    if cfg!(windows) { venv.join("Scripts").join(format!("{name}.exe")) } else { venv.join("bin").join(name) }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_secs(10);

    fn shell(script: &str) -> Invocation {
        Invocation::new("sh").arg("-c").arg(script)
    }

    #[test]
    fn captures_what_a_program_says() {
        let captured = shell("echo out; echo err >&2").capture(SOON).unwrap();
        assert_eq!((captured.stdout.as_str(), captured.stderr.as_str()), ("out\n", "err\n"));
        assert!(captured.status.success());
    }

    #[test]
    fn a_failure_tells_command_code_and_end_of_stderr() {
        let problem = shell("echo gone wrong >&2; exit 3").capture(SOON).err().unwrap().to_string();
        assert!(problem.contains("sh -c 'echo gone wrong"), "{problem}");
        assert!(problem.contains("exit status: 3"), "{problem}");
        assert!(problem.contains("\n    gone wrong"), "{problem}");
    }

    #[test]
    fn a_program_reads_its_input_and_may_end_as_it_likes() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("input");
        std::fs::write(&input, "typed").unwrap();
        let captured = shell("cat; exit 3").input(&input).finish(SOON).unwrap();
        assert_eq!((captured.stdout.as_str(), captured.status.code()), ("typed", Some(3)));
        let problem = shell("cat").input(folder.path().join("none")).finish(SOON).err().unwrap().to_string();
        assert!(problem.contains("none"), "{problem}");
    }

    #[test]
    fn a_command_prints_as_one_would_type_it() {
        let command = Invocation::new("a b").args("-c --d=1").arg("it's").folder("/else where").env("X", "1 2");
        assert_eq!(command.to_string(), r"cd '/else where' && X='1 2' 'a b' -c --d=1 'it'\''s'");
        let here = Invocation::new("x").folder(std::env::current_dir().unwrap());
        assert_eq!(here.to_string(), "x");
    }

    #[test]
    fn a_program_that_hangs_is_killed() {
        let started = Instant::now();
        let problem = shell("sleep 60").capture(Duration::from_millis(100)).err().unwrap().to_string();
        assert!(problem.contains("was killed"), "{problem}");
        assert!(started.elapsed() < SOON);
    }

    #[test]
    fn a_missing_program_is_named() {
        let problem = Invocation::new("no-such-program").capture(SOON).err().unwrap().to_string();
        assert!(problem.contains("`no-such-program` could not be started"), "{problem}");
    }
}
