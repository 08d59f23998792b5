//! Steps that look at what is around calls and streams: handlers, hooks, the server's process, files.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use codex_app_server::{Unknown, UnknownKind};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::Scope;
use crate::patience::patiently;
use crate::patterns::{check, fit_in_any_order, misfit};
use crate::processes;
use crate::program::{Asked, Handler, HasFile, Overflowed, SetHandler, WriteFile};
use crate::session::{self, Session};
use crate::values::{Trouble, shown};

pub fn set_handler(session: &Arc<Session>, step: &SetHandler) -> Result<(), Trouble> {
    let SetHandler { method, returns, raises, calls, waits_for, plain } = step.clone();
    session.set_handler(&method, &Handler { returns, raises, calls, waits_for, plain })
}

pub async fn asked(session: &Arc<Session>, scope: &Scope, step: &Asked) -> Result<(), Trouble> {
    let params = session
        .until("the request", |state| {
            let (params, seen) = state.asked.get_mut(&step.method)?;
            let next = params.get(*seen).cloned()?;
            *seen += 1;
            Some(next)
        })
        .await?;
    if let Some(pattern) = &step.params {
        check(&scope.fill(session, pattern)?, &params, "the params are not as expected")?;
    }
    session.save(&step.save, &params)
}

pub async fn release(session: &Arc<Session>, gate: &str) -> Result<(), Trouble> {
    if !session.scenario.gates.contains(gate) {
        return session.place.release(gate).await;
    }
    session.open_gate(gate);
    Ok(())
}

pub async fn unknowns(session: &Arc<Session>, scope: &Scope, expected: &[Value]) -> Result<(), Trouble> {
    let expected = expected.iter().map(|pattern| scope.fill(session, pattern));
    let expected = expected.collect::<Result<Vec<_>, Trouble>>()?;
    let told = session.until("what is unknown", |state| {
        let new = state.unknowns.get(state.unknowns_seen..)?.get(..expected.len())?.to_vec();
        state.unknowns_seen += new.len();
        Some(new)
    });
    let told = told.await.map_err(|trouble| {
        let state = session.state();
        let so_far = state.unknowns.iter().skip(state.unknowns_seen).map(unknown_json).collect();
        format!("{trouble}; told so far: {}", shown(&Value::Array(so_far)))
    })?;
    let told: Vec<Value> = told.iter().map(unknown_json).collect();
    if fit_in_any_order(&expected, &told) {
        return Ok(());
    }
    Err(format!("expected, in any order, {}, came {}", shown(&Value::Array(expected)), shown(&Value::Array(told))))
}

/// What the hook has told, as scenarios see it.
pub fn unknown_json(unknown: &Unknown) -> Value {
    let kind = match unknown.kind {
        UnknownKind::Method => "method",
        UnknownKind::Variant => "variant",
        UnknownKind::EnumValue => "enum_value",
        UnknownKind::Undecodable => "undecodable",
        UnknownKind::Message => "message",
        _ => "a kind that the runner doesn't know",
    };
    json!({"kind": kind, "method": unknown.method, "path": unknown.path, "raw": unknown.raw})
}

pub async fn overflowed(session: &Arc<Session>, step: &Overflowed) -> Result<(), Trouble> {
    let least = step.least.unwrap_or(1);
    let kind = match step.stream.as_str() {
        Some(name) => Some(session.stream(name)?.lock().await.kind),
        None => None,
    };
    session
        .until("an overflow", |state| {
            let fits = |overflow: &codex_app_server::Overflow| {
                kind.is_none_or(|kind| kind == overflow.stream) && overflow.dropped >= least
            };
            state.overflows.iter().any(fits).then_some(())
        })
        .await
        .map_err(|trouble| format!("{trouble}; told so far: {:?}", session.state().overflows))
}

pub async fn stderr_hook(session: &Arc<Session>, scope: &Scope, line: &Value) -> Result<(), Trouble> {
    let pattern = scope.fill(session, line)?;
    let is_it = |line: &String| misfit(&pattern, &Value::from(line.as_str())).is_none();
    session.until("a line on stderr", |state| state.stderr_lines.iter().any(is_it).then_some(())).await
}

pub fn signal(session: &Arc<Session>, name: &str) -> Result<(), Trouble> {
    let pid = session.place.server_pid(session.pid())?;
    processes::signal(pid, name)
}

pub fn hang_up(session: &Arc<Session>) -> Result<(), Trouble> {
    let tap = session.pid().ok_or("the client has not said which process it has started")?;
    // The tap takes this for itself.
    processes::signal(tap, "SIGUSR1")
}

pub async fn close(session: &Arc<Session>, times: usize) -> Result<(), Trouble> {
    let client = session.client()?;
    let mut closing = JoinSet::new();
    for _ in 0..times {
        let client = client.clone();
        closing.spawn(async move { client.close().await });
    }
    let closed = async { while closing.join_next().await.is_some() {} };
    patiently(closed, "closing the client").await
}

pub async fn gone(session: &Arc<Session>) -> Result<(), Trouble> {
    let group = session.pid().ok_or("the client has not said which process the server is")?;
    processes::gone(&[], &[group]).await
}

pub fn closed(session: &Arc<Session>, expected: bool) -> Result<(), Trouble> {
    let is_closed = session.client()?.is_closed();
    if is_closed == expected { Ok(()) } else { Err(format!("the client says {is_closed}")) }
}

pub fn stderr_tail(session: &Arc<Session>, scope: &Scope, lines: &Value) -> Result<(), Trouble> {
    let tail = session.client()?.stderr_tail();
    check(&scope.fill(session, lines)?, &tail.into(), "the lines are not as expected")
}

pub fn server_info(session: &Arc<Session>, scope: &Scope, info: &Value) -> Result<(), Trouble> {
    let said = session::server_info(&session.client()?)?;
    check(&scope.fill(session, info)?, &said, "it is not as expected")
}

pub fn write_file(session: &Arc<Session>, scope: &Scope, step: &WriteFile) -> Result<(), Trouble> {
    let (path, text) = (scope.fill_text(session, &step.path)?, scope.fill(session, &step.text)?);
    let text = text.as_str().ok_or("`text` is no text")?;
    let path = Path::new(&path);
    let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| format!("{}: {error}", path.display()))
}

pub fn has_file(session: &Arc<Session>, scope: &Scope, step: &HasFile) -> Result<(), Trouble> {
    let path = scope.fill_text(session, &step.path)?;
    let text = match fs::read_to_string(&path) {
        Ok(text) => Value::from(text),
        Err(error) if error.kind() == ErrorKind::NotFound => Value::Null,
        Err(error) => return Err(format!("{path}: {error}")),
    };
    let there = json!({"$any": true});
    let pattern = scope.fill(session, step.text.as_ref().unwrap_or(&there))?;
    check(&pattern, &text, &format!("{path} is not as expected"))
}
