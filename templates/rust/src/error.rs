//! Everything that can go wrong, as one type.
//!
//! Knows what went wrong and what a person can do about it; knows nothing of how messages travel.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::runtime::{Problem, UnknownNotification};

/// What can go wrong.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server's binary is in none of the places where it was looked for.
    #[error(transparent)]
    ServerNotFound(Box<ServerNotFound>),
    /// The server could not be started, or didn't complete the handshake.
    #[error(transparent)]
    Start(Box<ProcessEnd>),
    /// The connection has ended: the server's process died, or the client was closed. Also given if a stream ends
    /// without the notification that was waited for.
    #[error(transparent)]
    TransportClosed(Box<ProcessEnd>),
    /// A call got no answer before its deadline.
    #[error("{method}: no answer within {limit:?}")]
    Timeout {
        /// The method that was called.
        method: String,
        /// The time it had.
        limit: Duration,
    },
    /// What was given can't be sent. Nothing was.
    #[error("{method}: can't be sent: {problem}")]
    Encode {
        /// The method whose message it was for.
        method: String,
        /// What is wrong with it, and where.
        problem: Problem,
    },
    /// What came doesn't fit the schema.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// In strict mode: what came holds something that the schema doesn't know.
    #[error(transparent)]
    UnknownValue(Box<UnknownValueError>),
    /// An experimental method was called on a client that didn't opt in. Nothing was sent.
    #[error("{method} is experimental: opt in with `experimental_api(true)` in the client's config")]
    Experimental {
        /// The method that was called.
        method: String,
    },
    /// The server answered with an error.
    #[error(transparent)]
    Rpc(Box<RpcError>),
    /// Work that a call had started, and that was followed to its end, came to a bad one.
    #[error(transparent)]
    Work(Arc<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Whether the server was too busy, so that the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Rpc(error) if error.is_overload())
    }

    /// The server's answer, if this is one.
    #[must_use]
    pub fn as_rpc(&self) -> Option<&RpcError> {
        match self {
            Self::Rpc(error) => Some(error),
            _ => None,
        }
    }

    /// What a notification comes to that was waited for and can't be read.
    pub(crate) fn unreadable(unknown: &UnknownNotification) -> Self {
        let error = unknown.error().cloned();
        error.map_or_else(|| Self::unexpected(unknown.method()), |error| Self::Decode(Box::new(error)))
    }

    /// What a notification comes to that is another than the one that was waited for.
    pub(crate) fn unexpected(method: &str) -> Self {
        Self::Decode(Box::new(DecodeError::new(method, "$".to_owned(), "not what was waited for", Value::Null)))
    }
}

/// The server's binary is in none of the places where it was looked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct ServerNotFound {
    /// The server as people call it.
    pub title: &'static str,
    /// The places, in the order they were tried.
    pub tried: Vec<String>,
    /// The command that installs the server; empty if there is none.
    pub install: &'static str,
}

impl fmt::Display for ServerNotFound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} was not found. Tried:", self.title)?;
        for place in &self.tried {
            write!(formatter, "\n  - {place}")?;
        }
        if !self.install.is_empty() {
            write!(formatter, "\nInstall it with: {}", self.install)?;
        }
        Ok(())
    }
}

/// How the server's process ended, and what it wrote last.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct ProcessEnd {
    /// What happened.
    pub message: String,
    /// The process's exit code, if it has ended; negative for the signal that ended it.
    pub exit_code: Option<i32>,
    /// The last lines of its standard error.
    pub stderr_tail: Vec<String>,
}

impl ProcessEnd {
    /// How many lines of the standard error are shown.
    const SHOWN: usize = 20;

    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }
}

impl fmt::Display for ProcessEnd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)?;
        if let Some(code) = self.exit_code {
            write!(formatter, " (exit code {code})")?;
        }
        if !self.stderr_tail.is_empty() {
            formatter.write_str("\nIts last words on stderr:")?;
            for line in self.stderr_tail.iter().skip(self.stderr_tail.len().saturating_sub(Self::SHOWN)) {
                write!(formatter, "\n  {line}")?;
            }
        }
        Ok(())
    }
}

/// What came doesn't fit the schema.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{method}: the server's message doesn't fit the schema: {path}: {what}")]
#[non_exhaustive]
pub struct DecodeError {
    /// The method whose message it was.
    pub method: String,
    /// Where in the message, as a JSON path such as `$.result.thread.id`.
    pub path: String,
    /// What is wrong there.
    pub what: String,
    /// The part of the message that could not be read, as it came.
    pub raw: Box<Value>,
}

impl DecodeError {
    pub(crate) fn new(method: &str, path: String, what: impl Into<String>, raw: Value) -> Self {
        Self { method: method.to_owned(), path, what: what.into(), raw: Box::new(raw) }
    }
}

/// In strict mode: what came holds something that the schema doesn't know.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: not in the schema: {}", method.as_deref().unwrap_or("message"), problems.join("; "))]
#[non_exhaustive]
pub struct UnknownValueError {
    /// The method whose message it was, if it was one.
    pub method: Option<String>,
    /// What is unknown, each with its place as a JSON path.
    pub problems: Vec<String>,
}

impl UnknownValueError {
    pub(crate) fn new(method: Option<String>, problems: Vec<String>) -> Self {
        Self { method, problems }
    }
}

/// The server's answer that a call failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{method}: {message} ({code})")]
#[non_exhaustive]
pub struct RpcError {
    /// What kind of failure it is.
    pub kind: RpcErrorKind,
    /// The error's number.
    pub code: i64,
    /// What the server says about it.
    pub message: String,
    /// What else the server sent along.
    pub data: Option<Value>,
    /// The method that was called.
    pub method: String,
}

impl RpcError {
    /// Whether the server was too busy.
    #[must_use]
    pub fn is_overload(&self) -> bool {
        matches!(self.kind, RpcErrorKind::ServerBusy | RpcErrorKind::RetryLimitExceeded)
    }

    /// Reads the error of an answer. `codes` and `words` are how this server says that it is too busy.
    pub(crate) fn new(method: &str, error: &Value, codes: &[i64], words: &[&str]) -> Option<Self> {
        let code = error.get("code")?.as_i64()?;
        let message = error.get("message").and_then(Value::as_str).unwrap_or_default().to_owned();
        let data = error.get("data").cloned();
        let busy = codes.contains(&code) || data.as_ref().is_some_and(|data| says(data, words));
        let kind = match code {
            _ if busy && squeezed(&message).contains("retrylimit") => RpcErrorKind::RetryLimitExceeded,
            _ if busy => RpcErrorKind::ServerBusy,
            -32700 => RpcErrorKind::ParseError,
            -32600 => RpcErrorKind::InvalidRequest,
            -32601 => RpcErrorKind::MethodNotFound,
            -32602 => RpcErrorKind::InvalidParams,
            -32603 => RpcErrorKind::InternalError,
            -32099..=-32000 => RpcErrorKind::ServerError,
            _ => RpcErrorKind::Other,
        };
        Some(Self { kind, code, message, data, method: method.to_owned() })
    }
}

/// The kinds of failure that a server answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RpcErrorKind {
    /// -32700: the server could not read the message.
    ParseError,
    /// -32600: the message is no valid request, or not at this time.
    InvalidRequest,
    /// -32601: the server has no such method.
    MethodNotFound,
    /// -32602: the method doesn't take such params.
    InvalidParams,
    /// -32603: the server failed.
    InternalError,
    /// The server has too much to do. Trying again later may help.
    ServerBusy,
    /// The server has too much to do, has tried several times itself, and given up.
    RetryLimitExceeded,
    /// -32099 to -32000: another error of the server's own.
    ServerError,
    /// Any other code.
    Other,
}

/// `text` without what spellings differ in.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether any text in `data`, names of members included, is one of `words`.
fn says(data: &Value, words: &[&str]) -> bool {
    let is_word = |text: &str| words.iter().any(|word| squeezed(word) == squeezed(text));
    match data {
        Value::String(text) => is_word(text),
        Value::Object(members) => members.iter().any(|(key, value)| is_word(key) || says(value, words)),
        Value::Array(items) => items.iter().any(|item| says(item, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(error: &Value) -> Option<RpcErrorKind> {
        RpcError::new("m", error, &[-32001], &["serverOverloaded"]).map(|error| error.kind)
    }

    #[test]
    fn codes_name_the_kinds() {
        assert_eq!(kind(&json!({"code": -32600})), Some(RpcErrorKind::InvalidRequest));
        assert_eq!(kind(&json!({"code": -32050})), Some(RpcErrorKind::ServerError));
        assert_eq!(kind(&json!({"code": 7})), Some(RpcErrorKind::Other));
        assert_eq!(kind(&json!({"code": "x"})), None);
    }

    #[test]
    fn overload_is_recognised_in_every_spelling() {
        for error in [
            json!({"code": -32001, "message": "Server overloaded; retry later."}),
            json!({"code": -32000, "data": {"codexErrorInfo": "server_overloaded"}}),
            json!({"code": 1, "data": [{"ServerOverloaded": {}}]}),
        ] {
            assert_eq!(kind(&error), Some(RpcErrorKind::ServerBusy), "{error}");
        }
        let given_up = json!({"code": -32001, "message": "exceeded retry limit"});
        assert_eq!(kind(&given_up), Some(RpcErrorKind::RetryLimitExceeded));
    }
}
