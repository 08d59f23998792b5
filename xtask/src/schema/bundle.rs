//! One bundle as the server writes it: asked for, read, looked over, reduced and printed.
//!
//! Knows the server's command line and the bundle's file name.

use crate::facts::facts;
use crate::problem::Problem;
use crate::process::{Captured, Invocation, tail};
use serde_json::Value;
use std::path::Path;
use std::time::Duration;

/// The full bundle; its sibling with `.v2.` in the name lacks the server's requests.
const BUNDLE: &str = "codex_app_server_protocol.schemas.json";

/// It takes 0.1 s; a first run on a slow disk has to load 300 MB.
const DEADLINE: Duration = Duration::from_secs(60);

/// With or without what is experimental.
#[derive(Debug, Clone, Copy)]
pub enum Flavour {
    Stable,
    Experimental,
}

impl Flavour {
    pub fn file(self) -> &'static str {
        match self {
            Self::Stable => "stable.json",
            Self::Experimental => "experimental.json",
        }
    }

    fn flag(self) -> &'static str {
        match self {
            Self::Stable => "",
            Self::Experimental => "--experimental",
        }
    }
}

/// The bundle that `binary` generates, reduced to facts.
pub fn read(binary: &Path, flavour: Flavour) -> Result<Value, Problem> {
    let folder = tempfile::tempdir().map_err(|error| Problem::new(format!("making a temporary folder: {error}")))?;
    let command = Invocation::new(binary)
        .args("app-server generate-json-schema --out")
        .arg(folder.path())
        .args(flavour.flag())
        // The server looks for its settings even here; the user's own must not have a say.
        .env("CODEX_HOME", folder.path());
    let advice = "nothing was changed; pass a working server with --codex, or delete target/server to install it anew";
    let output = command.capture(DEADLINE).map_err(|problem| problem.help(advice))?;
    let path = folder.path().join(BUNDLE);
    let garbled = |what: String| Problem::new(format!("`{command}` {what}{}", said(&output))).help(advice);
    let text =
        std::fs::read_to_string(&path).map_err(|error| garbled(format!("wrote no readable {BUNDLE} ({error})")))?;
    let bundle =
        serde_json::from_str(&text).map_err(|error| garbled(format!("wrote a {BUNDLE} that is no JSON: {error}")))?;
    look_over(&bundle).map_err(|lack| garbled(format!("wrote a {BUNDLE} without {lack}")))?;
    Ok(facts(&bundle))
}

fn said(output: &Captured) -> String {
    format!(", though it ended with {}{}", output.status, tail("stderr", &output.stderr))
}

/// JSON that isn't a bundle of this protocol must not replace one that is.
fn look_over(bundle: &Value) -> Result<(), String> {
    let definitions = bundle.get("definitions").and_then(Value::as_object).ok_or("`definitions`")?;
    let needed = ["ClientRequest", "ServerRequest", "ServerNotification", "ClientNotification", "v2"];
    match needed.into_iter().find(|name| !definitions.get(*name).is_some_and(Value::is_object)) {
        Some(name) => Err(format!("`definitions.{name}`")),
        None => Ok(()),
    }
}

/// The text that is committed.
pub fn print(bundle: &Value) -> String {
    // Values out of a parser always print.
    format!("{bundle:#}\n")
}
