//! The steps of the client's user, one after another and side by side.

mod around;
mod calls;
mod facade;
mod streams;

pub use around::unknown_json;
pub use calls::call_in_handler;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use codex_app_server::AppServerClient;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::calls::Doing;
use crate::errors;
use crate::program::{Act, Fails, Repeat, Step};
use crate::session::Session;
use crate::values::{Trouble, fill};

/// What a step has from the steps around it.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    names: Vec<(String, Value)>,
    client: Option<AppServerClient>,
}

impl Scope {
    /// The same with the client that a handler was given.
    #[must_use]
    pub fn with_client(mut self, client: AppServerClient) -> Self {
        self.client = Some(client);
        self
    }

    fn with_name(mut self, name: &str, value: Value) -> Self {
        self.names.push((name.to_owned(), value));
        self
    }

    /// The client to use: a handler's own, or the scenario's.
    fn client(&self, session: &Session) -> Result<AppServerClient, Trouble> {
        self.client.clone().map_or_else(|| session.client(), Ok)
    }

    fn fill(&self, session: &Session, value: &Value) -> Result<Value, Trouble> {
        let own = |name: &str| self.names.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.clone());
        fill(value, &|name| own(name).or_else(|| session.saved(name)))
    }

    fn fill_option(&self, session: &Session, value: Option<&Value>) -> Result<Option<Value>, Trouble> {
        value.map(|value| self.fill(session, value)).transpose()
    }

    fn fill_fails(&self, session: &Session, fails: Option<&Fails>) -> Result<Option<Fails>, Trouble> {
        let Some(fails) = fails else { return Ok(None) };
        let value = |value: &Option<Value>| self.fill_option(session, value.as_ref());
        let text = |text: &Option<String>| self.fill_text_option(session, text.as_ref());
        let Fails { kind, code, message, data, method, exit_code, signal, stderr, path, retryable, tried } = fails;
        Ok(Some(Fails {
            kind: kind.clone(),
            code: value(code)?,
            message: value(message)?,
            data: value(data)?,
            method: value(method)?,
            exit_code: value(exit_code)?,
            signal: value(signal)?,
            stderr: text(stderr)?,
            path: text(path)?,
            retryable: *retryable,
            tried: text(tried)?,
        }))
    }

    fn fill_text_option(&self, session: &Session, text: Option<&String>) -> Result<Option<String>, Trouble> {
        text.map(|text| self.fill_text(session, text)).transpose()
    }

    fn fill_text(&self, session: &Session, text: &str) -> Result<String, Trouble> {
        match self.fill(session, &Value::from(text))? {
            Value::String(text) => Ok(text),
            other => Ok(other.to_string()),
        }
    }
}

/// Does all steps of a list; what goes wrong is told with the step's number. `at` is the list's place.
pub fn perform_all<'a>(
    session: &'a Arc<Session>,
    scope: &'a Scope,
    steps: &'a [Step],
    at: &'a str,
) -> Doing<'a, Result<(), Trouble>> {
    Box::pin(async move {
        for (index, step) in steps.iter().enumerate() {
            let place = format!("{at}{index}");
            let done = perform(session, scope, step, &place).await;
            done.map_err(|trouble| match step.act {
                // What is inside has told where it was.
                Act::Parallel(_) | Act::Repeat(_) => trouble,
                _ => format!("step {place} (`{}`): {trouble}", step.kind),
            })?;
        }
        Ok(())
    })
}

/// Does a step.
pub async fn perform(session: &Arc<Session>, scope: &Scope, step: &Step, at: &str) -> Result<(), Trouble> {
    match &step.act {
        Act::Start(step) => {
            let outcome = session.start(step.config.clone(), &step.handlers).await?;
            ended(outcome, scope.fill_fails(session, step.fails.as_ref())?.as_ref())
        }
        Act::Call(step) => calls::call(session, scope, step).await,
        Act::Open(step) => calls::open(session, scope, step).await,
        Act::Await(step) => calls::wait(session, scope, step).await,
        Act::Cancel(step) => calls::cancel(session, &scope.fill_text(session, &step.name)?).await,
        Act::Notify(step) => calls::notify(session, scope, step).await,
        Act::WaitEnd(step) => calls::wait_end(session, scope, step).await,
        Act::Stream(step) => streams::stream(session, scope, &step.name),
        Act::Subscribe(step) => streams::subscribe(session, scope, step).await,
        Act::Events(step) => streams::events(session, scope, step).await,
        Act::Until(step) => streams::until(session, scope, step).await,
        Act::Ends(step) => streams::ends(session, scope, step).await,
        Act::Drain(step) => streams::drain(session, scope, step).await,
        Act::CloseStream(step) => streams::close_stream(session, scope, &step.name).await,
        Act::Next(step) => streams::next(session, scope, step).await,
        Act::SetHandler(step) => around::set_handler(session, step),
        Act::Asked(step) => around::asked(session, scope, step).await,
        Act::Release(step) => around::release(session, &scope.fill_text(session, &step.gate)?).await,
        Act::Unknowns(step) => around::unknowns(session, scope, &step.are).await,
        Act::Overflowed(step) => around::overflowed(session, step).await,
        Act::StderrHook(step) => around::stderr_hook(session, scope, &step.line).await,
        Act::Signal(step) => around::signal(session, &step.name),
        Act::Close(step) => around::close(session, step.times.unwrap_or(1)).await,
        Act::Leave(_) => {
            session.leave();
            Ok(())
        }
        Act::Gone(_) => around::gone(session).await,
        Act::Closed(step) => around::closed(session, step.closed),
        Act::StderrTail(step) => around::stderr_tail(session, scope, &step.lines),
        Act::ServerInfo(step) => around::server_info(session, scope, &step.info),
        Act::WriteFile(step) => around::write_file(session, scope, step),
        Act::HasFile(step) => around::has_file(session, scope, step),
        Act::HangUp(_) => around::hang_up(session),
        Act::Model(_) => session.place.stop_model().await,
        Act::Login(step) => facade::login(session, scope, step).await,
        Act::WaitLogin(step) => facade::wait_login(session, scope, step).await,
        Act::CancelLogin(step) => facade::cancel_login(session, scope, step).await,
        Act::StartThread(step) => facade::thread(session, scope, step).await,
        Act::StreamText(step) => facade::stream_text(session, scope, step).await,
        Act::Run(step) => facade::run(session, scope, step).await,
        Act::Parallel(step) => {
            let lists = step.lists.iter().enumerate();
            let jobs = lists.map(|(index, list)| (list.clone().into(), scope.clone(), format!("{at}.{index}.")));
            side_by_side(session, jobs).await
        }
        Act::Repeat(step) => repeat(session, scope, step, at).await,
    }
}

/// Fails unless something ended as expected.
fn ended(outcome: Result<(), errors::Failure>, fails: Option<&Fails>) -> Result<(), Trouble> {
    match (outcome, fails) {
        (Ok(()), None) => Ok(()),
        (Ok(()), Some(fails)) => Err(format!("expected {} to fail it, but it ended well", fails.kind)),
        (Err(failure), None) => Err(format!("it failed: {}", errors::told(&failure))),
        (Err(failure), Some(fails)) => errors::check(fails, &failure),
    }
}

type Job = (Arc<[Step]>, Scope, String);

/// Does several lists of steps, each in a task of its own.
async fn side_by_side(session: &Arc<Session>, jobs: impl Iterator<Item = Job>) -> Result<(), Trouble> {
    let mut tasks = JoinSet::new();
    for (steps, scope, at) in jobs {
        let session = Arc::clone(session);
        tasks.spawn(async move { perform_all(&session, &scope, &steps, &at).await });
    }
    let mut troubles = Vec::new();
    while let Some(done) = tasks.join_next().await {
        troubles.extend(done.map_err(|error| error.to_string()).and_then(|done| done).err());
    }
    if troubles.is_empty() { Ok(()) } else { Err(troubles.join("\n")) }
}

async fn repeat(session: &Arc<Session>, scope: &Scope, step: &Repeat, at: &str) -> Result<(), Trouble> {
    let steps: Arc<[Step]> = step.steps.clone().into();
    let next = Arc::new(AtomicU64::new(0));
    let worker = || {
        let (session, scope, steps, next) = (Arc::clone(session), scope.clone(), Arc::clone(&steps), Arc::clone(&next));
        let (count, at) = (step.count, at.to_owned());
        async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= count {
                    return Ok(());
                }
                let scope = scope.clone().with_name("n", n.into());
                let done = perform_all(&session, &scope, &steps, &format!("{at}.")).await;
                done.map_err(|trouble| format!("{trouble}, in round {n}"))?;
            }
        }
    };
    let mut workers = JoinSet::new();
    for _ in 0..step.at_once.unwrap_or(1) {
        workers.spawn(worker());
    }
    let mut troubles = Vec::new();
    while let Some(done) = workers.join_next().await {
        troubles.extend(done.map_err(|error| error.to_string()).and_then(|done: Result<(), Trouble>| done).err());
    }
    if troubles.is_empty() { Ok(()) } else { Err(troubles.join("\n")) }
}
