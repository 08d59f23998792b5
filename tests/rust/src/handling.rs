//! Handlers of the server's requests, as scenarios describe them.

use std::sync::Arc;

use codex_app_server::{AppServerClient, HandlerResult, ServerRequestHandlers};
use serde_json::Value;

use crate::calls::{self, PlainHandler};
use crate::errors;
use crate::program::Handler;
use crate::session::Session;
use crate::steps::{self, Scope};
use crate::values::{Trouble, fill};

/// Adds the handler of a method, through the package's own function for that.
pub fn set(
    session: &Arc<Session>,
    handlers: ServerRequestHandlers,
    method: &str,
    handler: &Handler,
) -> Result<ServerRequestHandlers, Trouble> {
    let (session, name, handler) = (Arc::downgrade(session), Arc::<str>::from(method), Arc::new(handler.clone()));
    let plain: PlainHandler = Arc::new(move |client, params| {
        let (session, name, handler) = (session.upgrade(), Arc::clone(&name), Arc::clone(&handler));
        Box::pin(async move {
            let session = session.ok_or("the scenario is over")?;
            answer(&session, &name, &handler, client, params).await
        })
    });
    calls::set_handler(handlers, method, plain).ok_or_else(|| format!("there is no handler for `{method}`"))
}

async fn answer(
    session: &Arc<Session>,
    method: &str,
    handler: &Handler,
    client: AppServerClient,
    params: Value,
) -> HandlerResult<Value> {
    session.change(|state| state.asked.entry(method.to_owned()).or_default().0.push(params));
    if let Some(gate) = &handler.waits_for {
        told(session, method, session.pass(gate).await)?;
    }
    if let Some(step) = &handler.calls {
        let scope = Scope::default().with_client(client);
        let done = told(session, method, steps::call_in_handler(session, &scope, step).await)?;
        done.map_err(|failure| errors::told(&failure))?;
    }
    match &handler.raises {
        Some(text) => Err(text.as_str().into()),
        None => Ok(told(session, method, fill(&handler.returns, &|name| session.saved(name)))?),
    }
}

/// A handler's trouble is the scenario's too: the server is told of it, but no step is.
fn told<T>(session: &Session, method: &str, outcome: Result<T, Trouble>) -> Result<T, Trouble> {
    outcome.inspect_err(|trouble| session.trouble(format!("in the handler of {method}: {trouble}")))
}
