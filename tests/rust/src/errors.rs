//! What fails, by the names that scenarios have for it.

use codex_app_server::{Error, ProcessEnd, RpcErrorKind};
use serde_json::{Value, json};

use crate::patterns::misfit;
use crate::processes::signal_name;
use crate::program::Fails;
use crate::values::Trouble;

/// Why there is no result.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The package says so.
    Sdk(Error),
    /// It was given up: a future was dropped.
    Cancelled,
    /// It was given up by tokio's `timeout`, where the package leaves deadlines to that.
    Overdue,
    /// What was to be sent can't be said in this language, or what came can't be written again.
    Inexpressible(Trouble),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Sdk(error)
    }
}

/// The failure in a line.
pub fn told(failure: &Failure) -> String {
    match failure {
        Failure::Sdk(error) => format!("{} ({error})", kind(failure)),
        Failure::Inexpressible(trouble) => trouble.clone(),
        Failure::Cancelled | Failure::Overdue => kind(failure).to_owned(),
    }
}

/// What scenarios call it.
fn kind(failure: &Failure) -> &'static str {
    match failure {
        Failure::Sdk(error) => kind_of(error),
        Failure::Cancelled => "Cancelled",
        Failure::Overdue => "RequestTimeoutError",
        Failure::Inexpressible(_) => "nothing that a scenario expects",
    }
}

fn kind_of(error: &Error) -> &'static str {
    match error {
        Error::ServerNotFound(_) => "ServerNotFoundError",
        Error::Start(_) => "StartError",
        Error::TransportClosed(_) => "TransportClosed",
        Error::Timeout { .. } => "RequestTimeoutError",
        Error::Encode { .. } => "EncodeError",
        Error::Decode(_) => "DecodeError",
        Error::UnknownValue(_) => "UnknownValueError",
        Error::Experimental { .. } => "ExperimentalApiError",
        Error::Rpc(error) => match error.kind {
            RpcErrorKind::ParseError => "ParseError",
            RpcErrorKind::InvalidRequest => "InvalidRequest",
            RpcErrorKind::MethodNotFound => "MethodNotFound",
            RpcErrorKind::InvalidParams => "InvalidParams",
            RpcErrorKind::InternalError => "InternalError",
            RpcErrorKind::ServerBusy => "ServerBusy",
            RpcErrorKind::RetryLimitExceeded => "RetryLimitExceeded",
            RpcErrorKind::ServerError => "ServerError",
            RpcErrorKind::Other => "JsonRpcError",
            _ => "an answer that the runner doesn't know",
        },
        _ => "an error that the runner doesn't know",
    }
}

/// Fails where a failure is not as expected.
pub fn check(fails: &Fails, failure: &Failure) -> Result<(), Trouble> {
    match unfit(fails, failure) {
        None => Ok(()),
        Some(problem) => Err(format!("{problem}; the failure was {}", told(failure))),
    }
}

fn unfit(fails: &Fails, failure: &Failure) -> Option<Trouble> {
    if kind(failure) != fails.kind {
        return Some(format!("expected {} to fail it, not {}", fails.kind, kind(failure)));
    }
    let error = match failure {
        Failure::Sdk(error) => Some(error),
        Failure::Cancelled | Failure::Overdue | Failure::Inexpressible(_) => None,
    };
    let fields = error.map(fields).unwrap_or_default();
    let contains = |text: &String| json!({"$some": {"$contains": text}});
    let expected = [
        ("code", fails.code.clone()),
        ("message", fails.message.clone()),
        ("data", fails.data.clone()),
        ("method", fails.method.clone()),
        ("exit_code", fails.exit_code.clone()),
        ("signal", fails.signal.clone()),
        ("stderr", fails.stderr.as_ref().map(contains)),
        ("path", fails.path.as_ref().map(contains)),
        ("retryable", fails.retryable.map(Value::from)),
        ("tried", fails.tried.as_ref().map(contains)),
    ];
    expected.into_iter().find_map(|(name, pattern)| {
        let misfit = misfit(&pattern?, fields.get(name).unwrap_or(&Value::Null))?;
        Some(format!("its {name} is not as expected at {misfit}"))
    })
}

/// What can be said of an error, by the names of the format.
fn fields(error: &Error) -> Value {
    let mut fields = match error {
        Error::ServerNotFound(error) => json!({"tried": error.tried}),
        Error::Start(end) | Error::TransportClosed(end) => ended(end),
        Error::Timeout { method, .. } | Error::Experimental { method } => json!({"method": method}),
        Error::Encode { method, problem } => json!({"method": method, "path": [problem.path("$.params")]}),
        Error::Decode(error) => json!({"method": error.method, "path": [error.path]}),
        Error::UnknownValue(error) => json!({"method": error.method, "path": error.problems}),
        Error::Rpc(error) => {
            json!({"method": error.method, "code": error.code, "message": error.message, "data": error.data})
        }
        _ => json!({}),
    };
    if let Some(fields) = fields.as_object_mut() {
        fields.entry("message").or_insert_with(|| error.to_string().into());
        fields.insert("retryable".to_owned(), error.is_retryable().into());
    }
    fields
}

/// A signal is an exit code below zero.
fn ended(end: &ProcessEnd) -> Value {
    let signal = end.exit_code.filter(|code| *code < 0).map(|code| signal_name(-code));
    let code = end.exit_code.filter(|_| signal.is_none());
    json!({"exit_code": code, "signal": signal, "stderr": end.stderr_tail})
}
