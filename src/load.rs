//! Reads the inputs from disk: the schema folder and the profile. Every problem of every file in one run.
//!
//! A schema folder holds `stable.json`, `experimental.json` or both, and may hold `source.toml`, which says which
//! server they came from.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::Protocol;
use crate::lower::{self, Source};
use crate::profile::Profile;
use crate::schema::Document;

/// Where a protocol's description lies.
#[derive(Debug, Clone)]
pub struct Inputs {
    /// The folder with the schemas.
    pub schema: PathBuf,
    /// The profile.
    pub profile: PathBuf,
    /// Whether an unmapped response and a profile entry without a match are warnings, for schemas of other versions.
    pub lenient: bool,
}

/// What `source.toml` says that matters here.
#[derive(Debug, Deserialize)]
struct SourceEntry {
    version: String,
}

/// Reads and lowers a protocol. With it come the warnings; without it, at least one error.
pub fn load(inputs: &Inputs) -> Result<(Protocol, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    let profile_file = display(&inputs.profile);
    let profile = read_text(&inputs.profile, &mut diagnostics)
        .and_then(|text| Profile::read(&profile_file, &text).map_err(|problem| diagnostics.push(problem)).ok());
    let namespaces = profile.as_ref().map(|profile| profile.schema.namespaces.clone()).unwrap_or_default();
    let (experimental, stable) = std::thread::scope(|scope| {
        let stable = scope.spawn(|| document(&inputs.schema.join("stable.json"), &namespaces));
        let experimental = document(&inputs.schema.join("experimental.json"), &namespaces);
        (experimental, crate::join(stable))
    });
    let [experimental, stable] = [experimental, stable].map(|(document, found)| {
        diagnostics.extend(found);
        document
    });
    let version = version(&inputs.schema, &mut diagnostics);
    if experimental.is_none() && stable.is_none() && diagnostics.is_empty() {
        diagnostics.push(
            Diagnostic::error(display(&inputs.schema), "", "no schema")
                .expected("a folder with `stable.json`, `experimental.json` or both")
                .help("give the folder that holds the protocol's schema"),
        );
    }
    let (document, stable) = match (&experimental, &stable) {
        (Some(full), stable) => (Some(full), stable.as_ref()),
        (None, only) => (only.as_ref(), None),
    };
    let (Some(document), Some(profile)) = (document, &profile) else { return Err(diagnostics) };
    let source =
        Source { document, stable, profile, profile_file: &profile_file, version: &version, lenient: inputs.lenient };
    let (protocol, found) = lower::lower(source);
    diagnostics.extend(found);
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok((protocol, diagnostics)) }
}

/// Reads a schema that need not be there.
fn document(path: &Path, namespaces: &[String]) -> (Option<Document>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let text = path.exists().then(|| read_text(path, &mut diagnostics)).flatten();
    let document = text.and_then(|text| Document::read(&display(path), &text, namespaces, &mut diagnostics));
    (document, diagnostics)
}

fn version(folder: &Path, diagnostics: &mut Diagnostics) -> String {
    let path = folder.join("source.toml");
    if !path.exists() {
        return "unknown".to_owned();
    }
    let Some(text) = read_text(&path, diagnostics) else { return String::new() };
    match toml::from_str::<SourceEntry>(&text) {
        Ok(entry) => entry.version,
        Err(error) => {
            diagnostics.push(
                Diagnostic::error(display(&path), "", error.to_string().trim_end().to_owned())
                    .expected("`version = \"…\"`, the server that the schema came from")
                    .help("pull the schema again"),
            );
            String::new()
        }
    }
}

fn read_text(path: &Path, diagnostics: &mut Diagnostics) -> Option<String> {
    match fs::read_to_string(path) {
        Ok(text) => Some(text),
        Err(error) => {
            let (found, help) = match error.kind() {
                ErrorKind::NotFound => ("no such file".to_owned(), "check the path"),
                ErrorKind::InvalidData => ("text that is not UTF-8".to_owned(), "save the file as UTF-8"),
                _ => (format!("a file that can't be read: {error}"), "check the path and its permissions"),
            };
            diagnostics.push(Diagnostic::error(display(path), "", found).expected("a text file").help(help));
            None
        }
    }
}

/// A path for messages: with forward slashes on every machine.
fn display(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}
