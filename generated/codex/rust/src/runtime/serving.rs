//! What is answered to the requests of the server, and above all what is not: nothing is approved unless a handler of
//! the user's said so.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

use tokio::task::{JoinError, JoinHandle};

use super::envelope::{self, ServerCall};
use super::facts::Facts;
use super::report::Reporter;
use super::request::Request;
use super::wire::{Decoding, Wire};

const METHOD_NOT_FOUND: i64 = -32601;
const INVALID_PARAMS: i64 = -32602;
const INTERNAL_ERROR: i64 = -32603;

/// What a handler gives: the answer, or any error, which declines an approval and fails any other request.
pub type HandlerResult<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

type Answering = Pin<Box<dyn Future<Output = HandlerResult<Value>> + Send>>;
type Handler<C> = Arc<dyn Fn(C, Value) -> Answering + Send + Sync>;

/// Finds the handler of a method and puts it to work; `None` if there is none.
pub(crate) type Dispatch<C> = Arc<dyn Fn(C, &str, Value) -> Option<Answering> + Send + Sync>;

/// Functions that answer requests of the server, by method. `C` is the client that they are given.
pub(crate) struct Handlers<C> {
    table: BTreeMap<&'static str, Handler<C>>,
}

impl<C: 'static> Handlers<C> {
    /// Sets the handler of a request.
    pub(crate) fn set<R, F, Fut>(&mut self, handler: F)
    where
        R: Request,
        F: Fn(C, R::Params) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = HandlerResult<R::Result>> + Send + 'static,
    {
        let handler: Handler<C> =
            Arc::new(move |client, params| match R::Params::decode(params, &mut Decoding::new()) {
                Ok(params) => {
                    let answering = handler(client, params);
                    Box::pin(async move { Ok(answering.await?.encode()?) })
                }
                Err(problem) => Box::pin(async move { Err(problem.into()) }),
            });
        self.table.insert(R::METHOD, handler);
    }

    /// The handlers, for whoever has a connection instead of a client.
    pub(crate) fn dispatch<D: 'static>(self, client: impl Fn(D) -> C + Send + Sync + 'static) -> Dispatch<D> {
        Arc::new(move |connection, method, params| {
            let handler = self.table.get(method)?;
            Some(handler(client(connection), params))
        })
    }
}

impl<C> Default for Handlers<C> {
    fn default() -> Self {
        Self { table: BTreeMap::new() }
    }
}

impl<C> Clone for Handlers<C> {
    fn clone(&self) -> Self {
        Self { table: self.table.clone() }
    }
}

impl<C> fmt::Debug for Handlers<C> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.table.keys()).finish()
    }
}

/// A request of the server, and all that is needed to answer it.
pub(crate) struct Serving<C> {
    pub(crate) facts: &'static Facts,
    pub(crate) reporter: Arc<Reporter>,
    pub(crate) dispatch: Dispatch<C>,
    pub(crate) client: C,
}

impl<C: Send + 'static> Serving<C> {
    /// The line that answers `call`.
    pub(crate) async fn answer(self, call: ServerCall) -> Vec<u8> {
        let ServerCall { id, method, params } = call;
        let params = params.unwrap_or_default();
        let alias = self.facts.request_aliases.iter().find(|(alias, _)| *alias == method);
        let method = alias.map_or(method, |(_, today)| (*today).to_owned());
        let asked = self.facts.server_requests.iter().find(|asked| asked.method == method);
        let refuse = |code, message: &str| match asked.and_then(|asked| asked.refusal) {
            Some(refusal) => envelope::answer(&id, refusal),
            None => envelope::error_answer(&id, code, message),
        };
        if let Some(asked) = asked {
            match self.reporter.read(&method, "$.params", &params, asked.check) {
                Err(unreadable) => return refuse(INVALID_PARAMS, &unreadable.error.to_string()),
                Ok(reading) => {
                    if let Some(error) = reading.strict {
                        return refuse(INVALID_PARAMS, &error.to_string());
                    }
                }
            }
        }
        let value: Value = serde_json::from_str(params.get()).unwrap_or_default();
        let (reporter, raw) = (Arc::clone(&self.reporter), value.clone());
        match self.run(method.clone(), value).await {
            Ok(Some(result)) => envelope::answer(&id, &result.to_string()),
            Ok(None) if asked.is_some() => {
                refuse(METHOD_NOT_FOUND, &format!("{method}: this client has no handler for it"))
            }
            Ok(None) => {
                reporter.unknown_method(&method, raw);
                refuse(METHOD_NOT_FOUND, &format!("{method}: unknown to this client"))
            }
            Err(error) => {
                tracing::error!(method, error, "a handler failed");
                refuse(INTERNAL_ERROR, "the client's handler failed")
            }
        }
    }

    /// Runs the handler, if there is one, in a task of its own, so that it may panic.
    async fn run(self, method: String, params: Value) -> Result<Option<Value>, String> {
        let Self { dispatch, client, .. } = self;
        let task = tokio::spawn(async move {
            match dispatch(client, &method, params) {
                Some(answering) => answering.await.map(Some),
                None => Ok(None),
            }
        });
        let task = AbortOnDrop(task);
        task.outcome().await.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}

/// A task that doesn't outlive whoever waits for it.
struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> AbortOnDrop<T> {
    async fn outcome(mut self) -> Result<T, JoinError> {
        (&mut self.0).await
    }
}

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
