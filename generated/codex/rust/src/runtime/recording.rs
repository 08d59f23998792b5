//! The traffic of a connection in a file: one JSON line for each line of either side, in order.
//!
//! Knows which members are secret, whose values it replaces; knows nothing of what the lines mean. A thread for
//! blocking work does the writing. What goes wrong with that is logged, once, and harms nothing else.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::Value;
use serde_json::value::RawValue;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

use crate::error::{Error, ProcessEnd};

/// The time that a disk may take for what is left at the end.
const SLOW: Duration = Duration::from_secs(5);
/// What stands for the value of a secret member.
const REDACTED: &str = "[redacted]";

/// A recording under way.
#[derive(Debug)]
pub(crate) struct Recording {
    pub(crate) recorder: Recorder,
    /// Ends when all is written.
    pub(crate) written: JoinHandle<()>,
}

/// Takes note of lines. The recording ends with the last of its clones.
#[derive(Debug, Clone)]
pub(crate) struct Recorder(Sender<Noted>);

/// A line, and when it came.
#[derive(Debug)]
struct Noted {
    at: SystemTime,
    side: &'static str,
    line: Vec<u8>,
}

impl Recording {
    /// Makes the file.
    pub(crate) fn start(path: &Path, secrets: &'static [&'static str]) -> Result<Self, Error> {
        let file = open(path).map_err(|error| {
            let message = format!("the traffic can't be recorded in {}: {error}", path.display());
            Error::Start(Box::new(ProcessEnd::new(message)))
        })?;
        let (sender, lines) = channel();
        let path = path.to_owned();
        let written = spawn_blocking(move || {
            if let Err(error) = write_all(file, &lines, secrets) {
                tracing::error!(path = %path.display(), %error, "the recording ends here");
            }
        });
        Ok(Self { recorder: Recorder(sender), written })
    }

    /// Ends it.
    pub(crate) async fn finish(self) {
        drop(self.recorder);
        written(self.written).await;
    }
}

/// Waits until all is written, unless the disk takes too long for that.
pub(crate) async fn written(writing: JoinHandle<()>) {
    // What can be wrong has been logged.
    _ = timeout(SLOW, writing).await;
}

impl Recorder {
    /// Takes note of a line of the client, which has to be done before it is written.
    pub(crate) fn sent(&self, line: &[u8]) {
        self.note("client", line);
    }

    /// Takes note of a line of the server.
    pub(crate) fn received(&self, line: &[u8]) {
        self.note("server", line);
    }

    fn note(&self, side: &'static str, line: &[u8]) {
        // It fails where the file could not be written any more, which has been told.
        _ = self.0.send(Noted { at: SystemTime::now(), side, line: line.to_owned() });
    }
}

/// Makes the file, for nobody else to read.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        // It may have been there; what is no file, such as a device, is let alone.
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    }
    Ok(file)
}

fn write_all(file: File, lines: &Receiver<Noted>, secrets: &[&str]) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    while let Ok(noted) = lines.recv() {
        let mut next = Some(noted);
        while let Some(noted) = next {
            file.write_all(entry(&noted, secrets).as_bytes())?;
            next = lines.try_recv().ok();
        }
        file.flush()?;
    }
    Ok(())
}

fn entry(Noted { at, side, line }: &Noted, secrets: &[&str]) -> String {
    let at = at.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let text = String::from_utf8_lossy(line);
    let text = text.trim();
    let is_json = serde_json::from_slice::<&RawValue>(line).is_ok();
    let (member, body) = if is_json {
        ("message", without_secrets(text, secrets).unwrap_or_else(|| text.to_owned()))
    } else {
        let hidden = secrets.iter().any(|name| text.contains(name));
        ("line", Value::from(if hidden { REDACTED } else { text }).to_string())
    };
    format!("{{\"at\":{at},\"from\":\"{side}\",\"{member}\":{body}}}\n")
}

/// A message whose secrets are left out; `None` if it has none, and stays as it came, to the letter.
fn without_secrets(text: &str, secrets: &[&str]) -> Option<String> {
    // A name can also be written with escapes.
    let suspect = text.contains("\\u") || secrets.iter().any(|name| text.contains(&format!("\"{name}\"")));
    if !suspect {
        return None;
    }
    // What can't be read as a value, for its depth, may hold anything.
    let message: Value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(REDACTED));
    let shown = redacted(message.clone(), secrets);
    (shown != message || message == REDACTED).then(|| shown.to_string())
}

/// `value` without what its secret members say. `null` says nothing, and stays.
pub(crate) fn redacted(value: Value, secrets: &[&str]) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members
                .into_iter()
                .map(|(name, value)| {
                    let hidden = secrets.contains(&name.as_str()) && !value.is_null();
                    let value = if hidden { Value::from(REDACTED) } else { redacted(value, secrets) };
                    (name, value)
                })
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| redacted(item, secrets)).collect()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(line: &str) -> String {
        let line = line.as_bytes().to_owned();
        entry(&Noted { at: UNIX_EPOCH, side: "client", line }, &["key"])
    }

    #[test]
    fn what_has_no_secrets_stays_as_it_came() {
        let line = "{\"id\":1, \"x\":1.0e2,\"y\":123456789012345678901234567890,\"a key\":\"key\"}";
        assert_eq!(noted(&format!("{line}\r\n")), format!("{{\"at\":0,\"from\":\"client\",\"message\":{line}}}\n"));
    }

    #[test]
    fn secrets_are_left_out_at_every_depth() {
        let written = noted("{\"a\":[{\"key\":\"s1\"},{\"k\\u0065y\":{\"b\":\"s2\"}}],\"key\":null}\n");
        assert_eq!(
            written,
            "{\"at\":0,\"from\":\"client\",\"message\":{\"a\":[{\"key\":\"[redacted]\"},{\"key\":\"[redacted]\"}],\"key\":null}}\n"
        );
    }

    #[test]
    fn what_is_no_json_is_text() {
        assert_eq!(noted("no\u{7}nsense"), "{\"at\":0,\"from\":\"client\",\"line\":\"no\\u0007nsense\"}\n");
        assert_eq!(noted("{\"key\": \"s1"), "{\"at\":0,\"from\":\"client\",\"line\":\"[redacted]\"}\n");
    }
}
