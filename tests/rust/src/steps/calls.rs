//! Steps that call the server, and that wait for what comes of it.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use serde_json::Value;

use super::{Scope, ended};
use crate::calls::{self, Doing, Terms};
use crate::config::policy;
use crate::errors::{self, Failure};
use crate::patience::patiently;
use crate::patterns;
use crate::program::{Await, Call, Expected, Limit, Notify, Open, WaitEnd};
use crate::session::{Finished, Later, Outcome, Session, opened};
use crate::values::{Trouble, shown};

pub async fn call(session: &Arc<Session>, scope: &Scope, step: &Call) -> Result<(), Trouble> {
    let (doing, expected, typed) = prepared(session, scope, step)?;
    if step.cancel_first {
        drop(doing);
        return settle(session, &[&expected], None, Err(Failure::Cancelled));
    }
    begin(session, scope.fill_text_option(session, step.later.as_ref())?.as_deref(), doing, expected, typed).await
}

/// The call of a handler: a failure that the step doesn't expect is the handler's own.
pub async fn call_in_handler(
    session: &Arc<Session>,
    scope: &Scope,
    step: &Call,
) -> Result<Result<(), Failure>, Trouble> {
    let (doing, expected, typed) = prepared(session, scope, step)?;
    match patiently(doing, "its end").await? {
        Err(failure) if expected.fails.is_none() => Ok(Err(failure)),
        outcome => settle(session, &[&expected], typed.as_deref(), outcome).map(Ok),
    }
}

/// A call that is about to be made, with what must come of it, and with its method if it is typed.
type Prepared = (Doing<'static, Outcome>, Expected, Option<String>);

fn prepared(session: &Arc<Session>, scope: &Scope, step: &Call) -> Result<Prepared, Trouble> {
    let client = scope.client(session)?;
    let (method, params) = (step.method.clone(), scope.fill_option(session, step.params.as_ref())?);
    let terms = Terms { limit: step.timeout_ms, retry: step.retry.as_ref().map(policy) };
    let expected = Expected {
        result: scope.fill_option(session, step.result.as_ref())?,
        fails: scope.fill_fails(session, step.fails.as_ref())?,
        save: step.save.clone(),
    };
    let typed = (!step.untyped).then(|| method.clone());
    let doing: Doing<'static, Outcome> = if step.untyped {
        Box::pin(async move {
            let mut call = client.request(method, params);
            call = match terms.limit {
                Limit::Usual => call,
                Limit::None => call.no_timeout(),
                Limit::At(limit) => call.timeout(limit),
            };
            if let Some(policy) = terms.retry {
                call = call.retry(policy);
            }
            Ok(plain(call.await?))
        })
    } else {
        Box::pin(async move {
            let call = calls::call(&client, &method, params, &terms).ok_or_else(|| no_such("call", &method))?;
            Ok(plain(call.await?))
        })
    };
    Ok((doing, expected, typed))
}

pub async fn open(session: &Arc<Session>, scope: &Scope, step: &Open) -> Result<(), Trouble> {
    let client = scope.client(session)?;
    let (method, params) = (step.method.clone(), scope.fill_option(session, step.params.as_ref())?);
    let terms = Terms { limit: step.timeout_ms, retry: None };
    let expected = Expected {
        result: scope.fill_option(session, step.result.as_ref())?,
        fails: scope.fill_fails(session, step.fails.as_ref())?,
        save: step.save.clone(),
    };
    let (typed, name) = (method.clone(), scope.fill_text_option(session, step.name.as_ref())?);
    let doing: Doing<'static, Outcome> = Box::pin(async move {
        let opening = calls::open(&client, &method, params, &terms).ok_or_else(|| no_such("stream", &method))?;
        opened(name, calls::work(&method).unwrap_or_default(), opening.await?)
    });
    begin(session, scope.fill_text_option(session, step.later.as_ref())?.as_deref(), doing, expected, Some(typed)).await
}

pub async fn wait_end(session: &Arc<Session>, scope: &Scope, step: &WaitEnd) -> Result<(), Trouble> {
    let client = scope.client(session)?;
    let (method, id) = (step.method.clone(), scope.fill_text(session, &step.id)?);
    let limit = step.timeout_ms;
    let expected = Expected {
        result: scope.fill_option(session, step.result.as_ref())?,
        fails: scope.fill_fails(session, step.fails.as_ref())?,
        ..Expected::default()
    };
    let doing: Doing<'static, Outcome> = Box::pin(async move {
        let waiting = calls::wait_end(&client, &method, &id).ok_or_else(|| no_such("wait", &method))?;
        Ok(plain(in_time(limit, waiting).await?))
    });
    begin(session, scope.fill_text_option(session, step.later.as_ref())?.as_deref(), doing, expected, None).await
}

/// The package has no deadlines of its own for waits: tokio's do.
pub async fn in_time<T, E: Into<Failure>>(
    limit: Limit,
    doing: impl Future<Output = Result<T, E>>,
) -> Result<T, Failure> {
    match limit {
        Limit::Usual | Limit::None => doing.await.map_err(Into::into),
        Limit::At(limit) => match tokio::time::timeout(limit, doing).await {
            Ok(outcome) => outcome.map_err(Into::into),
            Err(_) => Err(Failure::Overdue),
        },
    }
}

pub async fn wait(session: &Arc<Session>, scope: &Scope, step: &Await) -> Result<(), Trouble> {
    let Later { task, expected, method } = session.take_later(&scope.fill_text(session, &step.name)?)?;
    let outcome = patiently(task, "its end").await?.map_err(|error| error.to_string())?;
    let own = Expected {
        result: scope.fill_option(session, step.result.as_ref())?,
        fails: scope.fill_fails(session, step.fails.as_ref())?,
        save: step.save.clone(),
    };
    settle(session, &[&expected, &own], method.as_deref(), outcome)
}

pub async fn cancel(session: &Arc<Session>, name: &str) -> Result<(), Trouble> {
    let Later { task, .. } = session.take_later(name)?;
    task.abort();
    match patiently(task, "its end").await? {
        Err(error) if error.is_cancelled() => Ok(()),
        Err(error) => Err(error.to_string()),
        Ok(Ok(finished)) => Err(format!("it had ended already, with {}", shown(&finished.result))),
        Ok(Err(failure)) => Err(format!("it had failed already: {}", errors::told(&failure))),
    }
}

pub async fn notify(session: &Arc<Session>, scope: &Scope, step: &Notify) -> Result<(), Trouble> {
    let params = scope.fill_option(session, step.params.as_ref())?;
    let announced = patiently(scope.client(session)?.notify(&step.method, params), "its end").await?;
    ended(announced.map_err(Failure::Sdk), scope.fill_fails(session, step.fails.as_ref())?.as_ref())
}

pub fn plain(result: Value) -> Finished {
    Finished { result, work: None }
}

fn no_such(what: &str, method: &str) -> Failure {
    Failure::Inexpressible(format!("the client has no typed {what} for `{method}`"))
}

/// Begins something; waits for its end, unless that is left for `later`. `method` is the method of a typed call.
pub async fn begin(
    session: &Arc<Session>,
    later: Option<&str>,
    mut doing: Doing<'static, Outcome>,
    expected: Expected,
    method: Option<String>,
) -> Result<(), Trouble> {
    let Some(name) = later else {
        let outcome = patiently(doing, "its end").await?;
        return settle(session, &[&expected], method.as_deref(), outcome);
    };
    // The first poll hands the message over to be written, so that those of later steps come after it.
    let first = poll_fn(|cx| Poll::Ready(doing.as_mut().poll(cx))).await;
    let task = match first {
        Poll::Ready(outcome) => tokio::spawn(async { outcome }),
        Poll::Pending => tokio::spawn(doing),
    };
    session.begin(name, Later { task, expected, method })
}

/// Fails unless something ended as expected; keeps what is to be kept of it.
fn settle(
    session: &Arc<Session>,
    expected: &[&Expected],
    method: Option<&str>,
    outcome: Outcome,
) -> Result<(), Trouble> {
    let mut fails = expected.iter().filter_map(|expected| expected.fails.as_ref()).peekable();
    let finished = match outcome {
        Err(failure) if fails.peek().is_none() => return Err(format!("it failed: {}", errors::told(&failure))),
        Err(failure) => return fails.try_for_each(|fails| errors::check(fails, &failure)),
        Ok(finished) => finished,
    };
    let Finished { result, work } = finished;
    if let Some(fails) = fails.next() {
        return Err(format!("expected {} to fail it, came {}", fails.kind, shown(&result)));
    }
    if let Some(method) = method {
        session.state().results.push((method.to_owned(), result.clone()));
    }
    if let Some((name, work)) = work {
        session.add_stream(&name, work)?;
    }
    for Expected { result: pattern, save, .. } in expected {
        if let Some(pattern) = pattern {
            patterns::check(pattern, &result, "the result is not as expected")?;
        }
        session.save(save, &result)?;
    }
    Ok(())
}
