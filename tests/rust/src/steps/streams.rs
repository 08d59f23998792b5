//! Steps that read notifications.

use std::collections::BTreeMap;
use std::sync::Arc;

use codex_app_server::{Error, Event, ServerNotification};
use serde_json::Value;

use super::calls::in_time;
use super::{Scope, ended};
use crate::errors::{self, Failure};
use crate::patience::patiently;
use crate::patterns::{check, misfit};
use crate::program::{Drain, Ends, Events, Next, Subscribe, Until};
use crate::session::{Session, Source, Stream};
use crate::values::{Trouble, shown};

pub fn stream(session: &Arc<Session>, scope: &Scope, name: &str) -> Result<(), Trouble> {
    let stream = scope.client(session)?.notifications();
    session
        .add_stream(&scope.fill_text(session, name)?, Stream { kind: "notifications", source: Source::Events(stream) })
}

pub async fn subscribe(session: &Arc<Session>, scope: &Scope, step: &Subscribe) -> Result<(), Trouble> {
    let work = session.stream(&scope.fill_text(session, &step.of)?)?;
    let stream = match &*work.lock().await {
        Stream { kind, source: Source::Work(work) } => Stream { kind, source: Source::Events(work.subscribe()) },
        Stream { .. } => return Err(format!("`{}` is no work", step.of)),
    };
    session.add_stream(&scope.fill_text(session, &step.name)?, stream)
}

pub async fn events(session: &Arc<Session>, scope: &Scope, step: &Events) -> Result<(), Trouble> {
    let name = scope.fill_text(session, &step.name)?;
    for (index, pattern) in step.are.iter().enumerate() {
        let pattern = scope.fill(session, pattern)?;
        let event = one(session, &name).await.map_err(|trouble| format!("event {index}: {trouble}"))?;
        check(&pattern, &event, &format!("event {index} is not as expected"))?;
    }
    Ok(())
}

pub async fn until(session: &Arc<Session>, scope: &Scope, step: &Until) -> Result<(), Trouble> {
    let (name, pattern) = (scope.fill_text(session, &step.name)?, scope.fill(session, &step.event)?);
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let event = loop {
        let event = one(session, &name).await.map_err(|trouble| {
            let taken: Vec<String> = counts.iter().map(|(method, count)| format!("{count} × {method}")).collect();
            format!("{trouble}, after {}", if taken.is_empty() { "nothing".to_owned() } else { taken.join(", ") })
        })?;
        let method = event.get("method").and_then(Value::as_str).unwrap_or_default();
        *counts.entry(method.to_owned()).or_default() += 1;
        if misfit(&pattern, &event).is_none() {
            break event;
        }
    };
    for (method, pattern) in step.counts.iter().flatten() {
        let count = counts.get(method).copied().unwrap_or_default();
        check(pattern, &count.into(), &format!("the count of {method} is not as expected"))?;
    }
    session.save(&step.save, &event)
}

pub async fn ends(session: &Arc<Session>, scope: &Scope, step: &Ends) -> Result<(), Trouble> {
    let fails = scope.fill_fails(session, step.fails.as_ref())?;
    let name = scope.fill_text(session, &step.name)?;
    match taken(session, &name).await? {
        None => ended(Ok(()), fails.as_ref()),
        Some(Err(error)) => ended(Err(error.into()), fails.as_ref()),
        Some(Ok(event)) => Err(format!("another one came: {}", shown(&session.take(&name, &event)?))),
    }
}

pub async fn drain(session: &Arc<Session>, scope: &Scope, step: &Drain) -> Result<(), Trouble> {
    let name = scope.fill_text(session, &step.name)?;
    let mut count = 0;
    while let Some(item) = taken(session, &name).await? {
        session.take(&name, &item.map_err(|error| failed(error, count))?)?;
        count += 1;
    }
    let enough = step.least.is_none_or(|least| least <= count) && step.most.is_none_or(|most| count <= most);
    if enough { Ok(()) } else { Err(format!("{count} notifications came")) }
}

pub async fn close_stream(session: &Arc<Session>, scope: &Scope, name: &str) -> Result<(), Trouble> {
    session.stream(&scope.fill_text(session, name)?)?.lock().await.source = Source::Closed;
    Ok(())
}

pub async fn next(session: &Arc<Session>, scope: &Scope, step: &Next) -> Result<(), Trouble> {
    let client = scope.client(session)?;
    let outcome = patiently(in_time(step.timeout_ms, client.next_notification()), "the next notification").await?;
    let event = match outcome {
        Ok(event) => session.take("next_notification", &event)?,
        Err(failure) => return ended(Err(failure), scope.fill_fails(session, step.fails.as_ref())?.as_ref()),
    };
    if let Some(fails) = &step.fails {
        return Err(format!("expected {} to fail it, came {}", fails.kind, shown(&event)));
    }
    check(&scope.fill(session, &step.event)?, &event, "the notification is not as expected")?;
    session.save(&step.save, &event)
}

/// The next notification of a stream, which has to be there.
async fn one(session: &Arc<Session>, name: &str) -> Result<Value, Trouble> {
    match taken(session, name).await? {
        Some(Ok(event)) => session.take(name, &event),
        Some(Err(error)) => Err(format!("the stream failed: {}", errors::told(&Failure::Sdk(error)))),
        None => Err("the stream is at its end".to_owned()),
    }
}

async fn taken(
    session: &Arc<Session>,
    name: &str,
) -> Result<Option<Result<Event<ServerNotification>, Error>>, Trouble> {
    let stream = session.stream(name)?;
    let mut stream = stream.lock().await;
    patiently(stream.take_next(), "the next notification").await
}

fn failed(error: Error, count: usize) -> Trouble {
    format!("the stream failed after {count} notifications: {}", errors::told(&Failure::Sdk(error)))
}
