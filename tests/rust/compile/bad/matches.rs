//! Matches that lack an arm: each line under a mark must not compile, and no other.

use codex_app_server::types::{ThreadStatus, TurnStatus};
use codex_app_server::{Error, RpcErrorKind, ServerNotification};

fn a_known_variant(status: TurnStatus) -> String {
    // error[E0004]: two that are known
    match status {
        TurnStatus::Completed => "done".to_owned(),
        TurnStatus::Failed => "failed".to_owned(),
        TurnStatus::Unrecognized(text) => text,
    }
}

fn a_variant_of_a_later_version(status: ThreadStatus) -> &'static str {
    // error[E0004]: every one that is known, but not those to come
    match status {
        ThreadStatus::Active(_) => "active",
        ThreadStatus::Idle(_) | ThreadStatus::NotLoaded(_) => "at rest",
        ThreadStatus::SystemError(_) => "broken",
        ThreadStatus::Unrecognized(_) => "new",
    }
}

fn another_notification(notification: &ServerNotification) -> &str {
    // error[E0004]: all the others
    match notification {
        ServerNotification::TurnCompleted(params) => &params.thread_id,
        ServerNotification::Unrecognized(unknown) => unknown.method(),
    }
}

fn another_error(error: &Error) -> bool {
    // error[E0004]: all the others
    match error {
        Error::Rpc(error) => error.kind == RpcErrorKind::ServerBusy,
        Error::Timeout { .. } => true,
    }
}

fn main() {}
