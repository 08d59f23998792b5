//! Unions, enums, errors and notifications: every match has an arm for what is not known yet.

use codex_app_server::types::{ThreadStatus, TurnStatus};
use codex_app_server::{Error, Event, RpcErrorKind, ServerNotification};

pub fn status(status: &TurnStatus) -> &str {
    match status {
        TurnStatus::Completed | TurnStatus::InProgress => "well",
        TurnStatus::Failed | TurnStatus::Interrupted => "badly",
        TurnStatus::Unrecognized(text) => text,
        other => other.as_str(),
    }
}

pub fn thread(status: &ThreadStatus) -> String {
    match status {
        ThreadStatus::Active(active) => format!("{:?}", active.active_flags),
        ThreadStatus::Unrecognized(unknown) => format!("{:?} {}", unknown.tag(), unknown.raw()),
        _ => String::new(),
    }
}

pub fn error(error: &Error) -> String {
    match error {
        Error::Rpc(error) if error.kind == RpcErrorKind::InvalidParams => error.message.clone(),
        Error::TransportClosed(end) => end.stderr_tail.join("\n"),
        error if error.is_retryable() => "later".to_owned(),
        other => other.to_string(),
    }
}

pub fn event(event: &Event<ServerNotification>) -> &str {
    match event.notification() {
        ServerNotification::ItemAgentMessageDelta(params) => &params.delta,
        ServerNotification::TurnCompleted(params) if params.turn.status == "completed" => "done",
        ServerNotification::Unrecognized(unknown) => unknown.method(),
        _ => event.method(),
    }
}
