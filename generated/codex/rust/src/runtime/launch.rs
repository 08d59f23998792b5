//! Where the server's binary is, and how it is called. Starts nothing.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::facts::Launch;
use super::settings::Settings;
use crate::error::{Error, ProcessEnd, ServerNotFound};

/// The program to run, and its arguments.
pub(crate) fn command_line(facts: &Launch, settings: &Settings) -> Result<(OsString, Vec<OsString>), Error> {
    if let Some(given) = &settings.launch_args_override {
        let (program, arguments) = given.split_first().ok_or_else(|| start_error("the command to run is empty"))?;
        return Ok((program.clone(), arguments.to_vec()));
    }
    let binary = find_binary(facts, settings)?;
    let mut arguments: Vec<OsString> = facts.arguments.iter().map(OsString::from).collect();
    for (key, value) in &settings.config_overrides {
        let option =
            facts.override_option.ok_or_else(|| start_error(format!("{} takes no config overrides", facts.title)))?;
        arguments.extend([OsString::from(option), OsString::from(format!("{key}={value}"))]);
    }
    Ok((binary.into_os_string(), arguments))
}

fn start_error(message: impl Into<String>) -> Error {
    Error::Start(Box::new(ProcessEnd::new(message)))
}

/// The server's binary: the one that was asked for, else the one on the search path. A binary that was asked for, in
/// the settings or the environment, is never replaced by another one.
fn find_binary(facts: &Launch, settings: &Settings) -> Result<PathBuf, Error> {
    let asked = variable(facts.variable, settings).filter(|value| !value.is_empty()).map(PathBuf::from);
    let places = [
        ("the path in the config".to_owned(), settings.binary.clone()),
        (format!("the environment variable {}", facts.variable), asked),
    ];
    let search_path = variable("PATH", settings).unwrap_or_default();
    let mut tried = Vec::new();
    for (source, asked) in places {
        let Some(asked) = asked else {
            tried.push(format!("{source}: not set"));
            continue;
        };
        let named_only = asked.parent().is_none_or(|folder| folder.as_os_str().is_empty());
        let found = if asked.is_file() {
            Some(asked.clone())
        } else {
            named_only.then(|| on_path(asked.as_os_str(), &search_path)).flatten()
        };
        // As seen from here, not from where the server will run.
        let found = found.map(|found| std::path::absolute(&found).unwrap_or(found));
        return found.ok_or_else(|| {
            tried.push(format!("{source}: {} (no such file)", asked.display()));
            not_found(facts, tried)
        });
    }
    let found = on_path(OsStr::new(facts.command), &search_path);
    found.map(|found| std::path::absolute(&found).unwrap_or(found)).ok_or_else(|| {
        tried.push(format!("{} on PATH: not found", facts.command));
        not_found(facts, tried)
    })
}

fn not_found(facts: &Launch, tried: Vec<String>) -> Error {
    Error::ServerNotFound(Box::new(ServerNotFound { title: facts.title, tried, install: facts.install }))
}

/// A variable of the server's environment: of the settings, else of this process.
fn variable(name: &str, settings: &Settings) -> Option<OsString> {
    let given = settings.env.0.iter().rev().find(|(other, _)| other == name);
    given.map(|(_, value)| value.clone()).or_else(|| env::var_os(name))
}

fn on_path(name: &OsStr, search_path: &OsStr) -> Option<PathBuf> {
    env::split_paths(search_path)
        .flat_map(|folder| endings().into_iter().map(move |ending| (folder.clone(), ending)))
        .map(|(folder, ending)| {
            let mut file = name.to_owned();
            file.push(ending);
            folder.join(file)
        })
        .find(|path| is_executable(path))
}

/// What the names of executables end with.
fn endings() -> Vec<OsString> {
    if cfg!(windows) {
        let known = env::var_os("PATHEXT").unwrap_or_else(|| OsString::from(".COM;.EXE;.BAT;.CMD"));
        let known = known.to_string_lossy().into_owned();
        return known.split(';').map(OsString::from).collect();
    }
    vec![OsString::new()]
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}
