//! Where programs run that tests start on the real server: a home of their own, no way to the internet, and a model on
//! loopback.
//!
//! Knows what the server needs in order to run offline, and that nothing may be left running; not what the programs do.

use super::bench::Bench;
use crate::problem::Problem;
use crate::process::Invocation;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const NOWHERE: &str = "http://127.0.0.1:1";
/// How long what a program started may outlive it.
const GRACE: Duration = Duration::from_secs(10);

/// Writes the configuration of a server that asks the model at this address.
pub fn write_home(home: &Path, url: &str) -> Result<(), Problem> {
    let config = format!(
        r#"model = "mock-model"
model_provider = "mock"

[model_providers.mock]
name = "Mock"
base_url = "{url}"
wire_api = "responses"
request_max_retries = 0
stream_max_retries = 0
supports_websockets = false
"#
    );
    let path = home.join("config.toml");
    std::fs::create_dir_all(home)
        .and_then(|()| std::fs::write(&path, config))
        .map_err(|error| Problem::io("writing", &path, &error))
}

/// The server looks for plugins on the internet when it starts: it is told of a proxy where nobody listens.
pub fn offline(program: Invocation, home: &Path) -> Invocation {
    let proxies = ["http_proxy", "https_proxy", "all_proxy"];
    let program =
        proxies.iter().fold(program, |program, name| program.env(name, NOWHERE).env(&name.to_uppercase(), NOWHERE));
    program
        .env("no_proxy", "127.0.0.1,localhost")
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env("HOME", home)
        .env("CODEX_HOME", home)
        .env("CODEX_APP_SERVER_DISABLE_MANAGED_CONFIG", "1")
        .env("OPENAI_API_KEY", "")
}

/// The processes that still have this home after a grace; none where the system has no table of them to read.
pub fn still_running(home: &Path) -> Vec<String> {
    let started = Instant::now();
    loop {
        let left = with_home(home);
        if left.is_empty() || started.elapsed() > GRACE {
            return left;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn with_home(home: &Path) -> Vec<String> {
    let mark = format!("CODEX_HOME={}", home.display());
    let holds_mark = |folder: &PathBuf| {
        // Processes of others can't be read, and none of them is meant.
        let environment = std::fs::read(folder.join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry == mark.as_bytes())
    };
    let described = |folder: PathBuf| {
        let name = std::fs::read_to_string(folder.join("comm")).unwrap_or_default();
        format!("{} {}", folder.file_name().unwrap_or_default().to_string_lossy(), name.trim())
    };
    let entries = Path::new("/proc").read_dir().into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(holds_mark).map(described).collect()
}

/// The model as a process of its own, ended with this value.
pub struct Model {
    process: Child,
    pub url: String,
}

impl Model {
    /// Starts it with a scenario's file, or with `echo`.
    pub fn start(bench: &Bench, scenario: impl AsRef<OsStr>) -> Result<Self, Problem> {
        let trouble = |error: std::io::Error| Problem::new(format!("starting the model server: {error}"));
        let mut process = Command::new(&bench.xtask)
            .args(["model-server", "--scenario"])
            .arg(scenario)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(trouble)?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(trouble)?;
        }
        let mut model = Self { process, url: String::new() };
        let greeting: serde_json::Value = serde_json::from_str(&line)
            .map_err(|error| Problem::new(format!("the model server gave no address but `{line}`: {error}")))?;
        greeting["url"].as_str().unwrap_or_default().clone_into(&mut model.url);
        Ok(model)
    }

    /// It ends with its input.
    pub fn stop(mut self) -> Result<(), Problem> {
        drop(self.process.stdin.take());
        let status = self.process.wait().map_err(|error| Problem::new(format!("ending the model server: {error}")))?;
        if status.success() { Ok(()) } else { Err(Problem::new(format!("the model server ended with {status}"))) }
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        // Either fails only if it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_still_has_the_home_is_named() {
        let home = Path::new("/nowhere/of-a-process-that-is-left");
        let mut child = Command::new("sleep").arg("60").env("CODEX_HOME", home).spawn().unwrap();
        let expected = format!("{} sleep", child.id());
        // The environment is there once the program runs.
        let started = Instant::now();
        while with_home(home).is_empty() && started.elapsed() < GRACE {
            std::thread::yield_now();
        }
        let found = with_home(home);
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(found, [expected]);
        assert!(with_home(home).is_empty());
    }
}
