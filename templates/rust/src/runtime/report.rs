//! What hooks are told, and the telling. A hook that panics harms nothing else.

use std::cmp::Ordering;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use serde_json::value::RawValue;

use super::sync::lock;
use super::version::compare;
use super::wire::{Decoding, FoundKind, Problem};
use crate::error::{DecodeError, Error, UnknownValueError};

/// Something from the server that this package doesn't know.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Unknown {
    /// What was met.
    pub kind: UnknownKind,
    /// The method whose message it was in, where there is one.
    pub method: Option<String>,
    /// Where in the message it was, e.g. `$.params.item`.
    pub path: String,
    /// The value as it came.
    pub raw: Value,
    /// Why it could not be read.
    pub error: Option<String>,
}

/// What kind of unknown thing was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum UnknownKind {
    /// A method that the schema lacks.
    Method,
    /// A union's variant that the schema lacks.
    Variant,
    /// An enum's value that the schema lacks.
    EnumValue,
    /// A known message whose content doesn't fit.
    Undecodable,
    /// A line that is no message at all.
    Message,
}

/// A stream was not read fast enough, and lost its oldest notifications.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overflow {
    /// What the stream holds.
    pub stream: &'static str,
    /// How many notifications it has lost so far.
    pub dropped: u64,
}

/// The server is not of the version that this package was made for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionMismatch {
    /// The version that this package was made for.
    pub expected: String,
    /// The server's version.
    pub found: String,
    /// What the server is beside the one that this package was made for.
    pub server_is: ServerAge,
}

/// What one version is beside another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServerAge {
    /// It came out earlier.
    Older,
    /// It came out later.
    Newer,
}

/// A function that is told something. It is called where messages are read: it must be quick, and must not wait for
/// the client.
pub struct Hook<T: ?Sized>(Arc<dyn Fn(&T) + Send + Sync>);

impl<T: ?Sized> Hook<T> {
    /// The function as a hook.
    pub fn new(function: impl Fn(&T) + Send + Sync + 'static) -> Self {
        Self(Arc::new(function))
    }

    fn tell(hook: Option<&Self>, value: &T) {
        if let Some(hook) = hook {
            let outcome = catch_unwind(AssertUnwindSafe(|| (hook.0)(value)));
            if outcome.is_err() {
                tracing::error!("a hook panicked");
            }
        }
    }
}

impl<T: ?Sized> Clone for Hook<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: ?Sized> fmt::Debug for Hook<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Hook")
    }
}

/// What streams have lost, until it is told: whoever notes it may hold locks that a hook needs.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    reporter: Arc<Reporter>,
    noted: Mutex<Vec<(&'static str, u64)>>,
}

impl Losses {
    pub(crate) fn new(reporter: Arc<Reporter>) -> Self {
        Self { reporter, noted: Mutex::default() }
    }

    pub(crate) fn note(&self, stream: &'static str, dropped: u64) {
        lock(&self.noted).push((stream, dropped));
    }

    /// Tells of the losses that were noted.
    pub(crate) fn tell(&self) {
        let noted = std::mem::take(&mut *lock(&self.noted));
        for (stream, dropped) in noted {
            self.reporter.overflow(stream, dropped);
        }
    }
}

/// The hooks of one connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reporter {
    pub(crate) strict: bool,
    pub(crate) on_unknown: Option<Hook<Unknown>>,
    pub(crate) on_overflow: Option<Hook<Overflow>>,
    pub(crate) on_stderr: Option<Hook<str>>,
    pub(crate) on_version_mismatch: Option<Hook<VersionMismatch>>,
}

impl Reporter {
    /// Reports what the schema doesn't know. In strict mode, gives the error that it is.
    pub(crate) fn unknown(&self, found: &[Unknown]) -> Option<Error> {
        for unknown in found {
            tracing::info!(kind = ?unknown.kind, method = unknown.method, path = unknown.path, "not in the schema");
            Hook::tell(self.on_unknown.as_ref(), unknown);
        }
        if !self.strict {
            return None;
        }
        let method = found.first()?.method.clone();
        let problems = found.iter().map(|unknown| {
            let raw = unknown.raw.to_string();
            format!("{}: {:?} {}", unknown.path, unknown.kind, raw.chars().take(200).collect::<String>())
        });
        Some(Error::UnknownValue(Box::new(UnknownValueError::new(method, problems.collect()))))
    }

    /// Reports a method that the schema lacks.
    pub(crate) fn unknown_method(&self, method: &str, raw: Value) -> Option<Error> {
        self.unknown(&[Unknown {
            kind: UnknownKind::Method,
            method: Some(method.to_owned()),
            path: "$.method".to_owned(),
            raw,
            error: None,
        }])
    }

    /// Reports a line that is no message.
    pub(crate) fn bad_line(&self, line: &[u8], reason: String) {
        let raw = Value::from(String::from_utf8_lossy(line));
        let path = "$".to_owned();
        // Strict or not, there is nobody whom the error could be given to.
        self.unknown(&[Unknown { kind: UnknownKind::Message, method: None, path, raw, error: Some(reason) }]);
    }

    /// Reports a part of a message that can't be read. `root` is the part's place.
    pub(crate) fn undecodable(&self, root: &str, error: &DecodeError) -> Option<Error> {
        self.unknown(&[Unknown {
            kind: UnknownKind::Undecodable,
            method: Some(error.method.clone()),
            path: root.to_owned(),
            raw: (*error.raw).clone(),
            error: Some(format!("{}: {}", error.path, error.what)),
        }])
    }

    fn overflow(&self, stream: &'static str, dropped: u64) {
        tracing::warn!(stream, dropped, "a stream is not read fast enough");
        Hook::tell(self.on_overflow.as_ref(), &Overflow { stream, dropped });
    }

    pub(crate) fn stderr(&self, line: &str) {
        tracing::debug!("server: {line}");
        Hook::tell(self.on_stderr.as_ref(), line);
    }

    /// Takes note of the server's version; reports it if it is another one than `expected`.
    pub(crate) fn version(&self, found: Option<&str>, expected: &str) {
        let (found, order) = (found.unwrap_or_default(), found.and_then(|found| compare(found, expected)));
        let server_is = match order {
            None => return tracing::debug!(found, "the server's version can't be read"),
            Some(Ordering::Equal) => return tracing::debug!(found, "the server's version"),
            Some(Ordering::Less) => ServerAge::Older,
            Some(Ordering::Greater) => ServerAge::Newer,
        };
        match server_is {
            ServerAge::Older => tracing::warn!(found, expected, "the server is older than this package was made for"),
            ServerAge::Newer => tracing::info!(found, expected, "the server is newer than this package was made for"),
        }
        let mismatch = VersionMismatch { expected: expected.to_owned(), found: found.to_owned(), server_is };
        Hook::tell(self.on_version_mismatch.as_ref(), &mismatch);
    }

    /// Reads a part of a message, and reports what is unknown in it. `root` is the part's place.
    pub(crate) fn read<T>(
        &self,
        method: &str,
        root: &'static str,
        raw: &RawValue,
        decode: impl Fn(Value, &mut Decoding) -> Result<T, Problem>,
    ) -> Result<Reading<T>, Unreadable> {
        self.read_parsed(method, root, raw, parse(raw), decode)
    }

    /// The same, for who has had to parse it already.
    pub(crate) fn read_parsed<T>(
        &self,
        method: &str,
        root: &'static str,
        raw: &RawValue,
        parsed: Result<Value, Problem>,
        decode: impl Fn(Value, &mut Decoding) -> Result<T, Problem>,
    ) -> Result<Reading<T>, Unreadable> {
        let mut cx = Decoding::new();
        let outcome = parsed.and_then(|value| decode(value, &mut cx));
        let value = outcome.map_err(|problem| {
            let raw = parse(raw).unwrap_or_else(|_| Value::from(raw.get()));
            let error = DecodeError::new(method, problem.path(root), problem.what(), raw);
            Unreadable { strict: self.undecodable(root, &error), error }
        })?;
        let strict = if cx.met_unknown() { self.trace(method, root, raw, decode) } else { None };
        Ok(Reading { value, strict })
    }

    /// Works out where the unknown things are.
    fn trace<T>(
        &self,
        method: &str,
        root: &'static str,
        raw: &RawValue,
        decode: impl Fn(Value, &mut Decoding) -> Result<T, Problem>,
    ) -> Option<Error> {
        let mut cx = Decoding::tracing();
        decode(parse(raw).ok()?, &mut cx).ok()?;
        let mut unknowns = cx.unknowns(root);
        for unknown in &mut unknowns {
            unknown.method = Some(method.to_owned());
        }
        self.unknown(&unknowns)
    }
}

impl Decoding {
    /// What was met that the schema doesn't know, with its places under `root`. A reading that isn't
    /// [`tracing`](Self::tracing) has kept nothing.
    #[must_use]
    pub fn unknowns(self, root: &str) -> Vec<Unknown> {
        let found = self.found(root).map(|found| Unknown {
            kind: match found.kind {
                FoundKind::Variant => UnknownKind::Variant,
                FoundKind::EnumValue => UnknownKind::EnumValue,
            },
            method: None,
            path: found.path,
            raw: found.raw,
            error: None,
        });
        found.collect()
    }
}

/// A part of a message that has been read.
pub(crate) struct Reading<T> {
    pub(crate) value: T,
    /// In strict mode: the error that it is.
    pub(crate) strict: Option<Error>,
}

/// A part of a message that can't be read.
pub(crate) struct Unreadable {
    pub(crate) error: DecodeError,
    /// In strict mode: the error that it is for a stream.
    pub(crate) strict: Option<Error>,
}

/// JSON as plain values.
pub(crate) fn parse(raw: &RawValue) -> Result<Value, Problem> {
    serde_json::from_str(raw.get()).map_err(|error| Problem::new(error.to_string()))
}
