//! Steps of the convenience layer.

use std::sync::Arc;

use codex_app_server::{Codex, Error, TurnResult, Wire};
use serde_json::{Value, json};

use super::calls::{begin, in_time, plain};
use super::{Scope, ended};
use crate::calls::{Doing, encode};
use crate::errors::Failure;
use crate::patience::patiently;
use crate::patterns;
use crate::program::{CancelLogin, Expected, Limit, Login, Run, StartThread, StreamText, WaitLogin, Way};
use crate::session::{Object, Outcome, Session};
use crate::values::Trouble;

pub async fn login(session: &Arc<Session>, scope: &Scope, step: &Login) -> Result<(), Trouble> {
    let codex = session.codex()?;
    let key = scope.fill_text_option(session, step.key.as_ref())?;
    let outcome = patiently(begun(&codex, step.way, key, step.timeout_ms), "the login's answer").await?;
    let fails = scope.fill_fails(session, step.fails.as_ref())?;
    let object = match outcome {
        Ok(object) => object,
        Err(error) => return ended(Err(error.into()), fails.as_ref()),
    };
    ended(Ok(()), fails.as_ref())?;
    if let Some(pattern) = scope.fill_option(session, step.shows.as_ref())? {
        let shown = object.as_ref().map_or(Value::Null, shown);
        patterns::check(&pattern, &shown, "what the handle shows is not as expected")?;
    }
    if let (Some(name), Some(object)) = (scope.fill_text_option(session, step.name.as_ref())?, object) {
        session.add_object(name, object);
    }
    Ok(())
}

/// Begins to log in. A login with a key gives no handle.
async fn begun(codex: &Codex, way: Way, key: Option<String>, limit: Limit) -> Result<Option<Object>, Error> {
    macro_rules! made {
        ($call:expr) => {
            match limit {
                Limit::Usual => $call.await,
                Limit::None => $call.timeout(None).await,
                Limit::At(limit) => $call.timeout(limit).await,
            }
        };
    }
    Ok(match way {
        Way::ApiKey => {
            made!(codex.login_api_key(key.unwrap_or_default()))?;
            None
        }
        Way::Chatgpt => Some(Object::InBrowser(made!(codex.login_chatgpt())?)),
        Way::ChatgptDeviceCode => Some(Object::ByCode(made!(codex.login_chatgpt_device_code())?)),
    })
}

fn shown(object: &Object) -> Value {
    match object {
        Object::InBrowser(handle) => json!({"login_id": handle.login_id(), "auth_url": handle.auth_url()}),
        Object::ByCode(handle) => json!({
            "login_id": handle.login_id(),
            "verification_url": handle.verification_url(),
            "user_code": handle.user_code(),
        }),
        Object::Thread(thread) => json!({"id": thread.id()}),
    }
}

pub async fn wait_login(session: &Arc<Session>, scope: &Scope, step: &WaitLogin) -> Result<(), Trouble> {
    let object = session.object(&scope.fill_text(session, &step.name)?)?;
    let limit = step.timeout_ms;
    let expected = Expected {
        result: scope.fill_option(session, step.result.as_ref())?,
        fails: scope.fill_fails(session, step.fails.as_ref())?,
        ..Expected::default()
    };
    let doing: Doing<'static, Outcome> = Box::pin(async move {
        let waiting = async {
            match &object {
                Object::InBrowser(handle) => handle.wait().await.map_err(Failure::from),
                Object::ByCode(handle) => handle.wait().await.map_err(Failure::from),
                Object::Thread(_) => Err(no_login()),
            }
        };
        Ok(plain(encode(&in_time(limit, waiting).await?)?))
    });
    begin(session, scope.fill_text_option(session, step.later.as_ref())?.as_deref(), doing, expected, None).await
}

pub async fn cancel_login(session: &Arc<Session>, scope: &Scope, step: &CancelLogin) -> Result<(), Trouble> {
    let object = session.object(&scope.fill_text(session, &step.name)?)?;
    let cancelling = async {
        match &object {
            Object::InBrowser(handle) => handle.cancel().await.map_err(Failure::from),
            Object::ByCode(handle) => handle.cancel().await.map_err(Failure::from),
            Object::Thread(_) => Err(no_login()),
        }
    };
    let outcome = patiently(cancelling, "the answer").await?;
    ended(outcome, scope.fill_fails(session, step.fails.as_ref())?.as_ref())
}

pub async fn thread(session: &Arc<Session>, scope: &Scope, step: &StartThread) -> Result<(), Trouble> {
    let codex = session.codex()?;
    let fails = scope.fill_fails(session, step.fails.as_ref())?;
    match patiently(codex.thread_start().into_future(), "the thread's start").await? {
        Ok(thread) => {
            session.add_object(scope.fill_text(session, &step.name)?, Object::Thread(thread));
            ended(Ok(()), fails.as_ref())
        }
        Err(error) => ended(Err(error.into()), fails.as_ref()),
    }
}

pub async fn run(session: &Arc<Session>, scope: &Scope, step: &Run) -> Result<(), Trouble> {
    let Object::Thread(thread) = session.object(&scope.fill_text(session, &step.thread)?)? else {
        return Err(format!("`{}` is no thread", step.thread));
    };
    let text = scope.fill_text(session, &step.text)?;
    let wanted = scope.fill_option(session, step.raises.as_ref())?;
    let expected = Expected {
        result: scope.fill_option(session, step.result.as_ref())?,
        fails: scope.fill_fails(session, step.fails.as_ref())?,
        ..Expected::default()
    };
    let doing: Doing<'static, Outcome> = Box::pin(async move {
        let result = thread.run(text).await?;
        let told = told(&result)?;
        let raised = result.clone().raise_for_status().err();
        if let Some(error) = &raised
            && *error.result != result
        {
            return Err(Failure::Inexpressible("the error has another result".to_owned()));
        }
        let raised = raised.map_or(Value::Null, |error| error.to_string().into());
        patterns::check(&wanted.unwrap_or_default(), &raised, "what the result raises is not as expected")
            .map_err(Failure::Inexpressible)?;
        Ok(plain(told))
    });
    begin(session, scope.fill_text_option(session, step.later.as_ref())?.as_deref(), doing, expected, None).await
}

pub async fn stream_text(session: &Arc<Session>, scope: &Scope, step: &StreamText) -> Result<(), Trouble> {
    let (thread, text) = (scope.fill_text(session, &step.thread)?, scope.fill_text(session, &step.text)?);
    let mut stream = scope.client(session)?.stream_text(thread, text);
    let (mut pieces, mut end) = (Vec::new(), Ok(()));
    while let Some(piece) = patiently(stream.next(), "the next piece").await? {
        match piece {
            Ok(piece) => pieces.push(Value::from(piece)),
            Err(error) => end = Err(error),
        }
    }
    let expected = scope.fill(session, &Value::from(step.are.clone()))?;
    patterns::check(&expected, &Value::from(pieces), "the pieces are not as expected")?;
    let (raised, outcome) = match end {
        Err(Error::Work(error)) => (Value::from(error.to_string()), Ok(())),
        Err(error) => (Value::Null, Err(error.into())),
        Ok(()) => (Value::Null, Ok(())),
    };
    let wanted = scope.fill_option(session, step.raises.as_ref())?.unwrap_or_default();
    patterns::check(&wanted, &raised, "what the stream raises is not as expected")?;
    ended(outcome, scope.fill_fails(session, step.fails.as_ref())?.as_ref())
}

/// A turn's result as JSON.
fn told(result: &TurnResult) -> Result<Value, Failure> {
    let items: Vec<Value> = result.items.iter().map(encode).collect::<Result<_, _>>()?;
    Ok(json!({
        "id": result.id,
        "thread_id": result.thread_id,
        "status": encode(&result.status)?,
        "error": encode_option(result.error.as_ref())?,
        "started_at": result.started_at,
        "completed_at": result.completed_at,
        "duration_ms": result.duration_ms,
        "final_response": result.final_response,
        "items": items,
        "usage": encode_option(result.usage.as_ref())?,
        "text": result.text,
    }))
}

fn encode_option(value: Option<&impl Wire>) -> Result<Value, Failure> {
    value.map_or(Ok(Value::Null), encode)
}

fn no_login() -> Failure {
    Failure::Inexpressible("it is no login".to_owned())
}
