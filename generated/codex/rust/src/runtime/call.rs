//! Calls that are about to be made: what can still be said about them before they are awaited.

use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::caller::{Caller, Terms, encode};
use super::envelope::Raw;
use super::facts::{Correlation, look_up};
use super::notification::Notification;
use super::request::Request;
use super::retry::RetryPolicy;
use super::router::Router;
use super::stream::Work;
use crate::error::{Error, ProcessEnd};

/// What a call becomes when it is awaited.
pub type CallFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A call that is made when it is awaited. Until then, it can be given a deadline and other terms.
///
/// Dropping the future gives the call up: its answer is dropped when it comes, and other calls are not affected.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct Call<'a, R: Request> {
    caller: &'a Caller,
    params: R::Params,
    terms: Terms,
}

impl<'a, R: Request> Call<'a, R> {
    pub(crate) fn new(caller: &'a Caller, params: R::Params) -> Self {
        Self { caller, params, terms: caller.terms() }
    }

    /// Sets the params. For calls that can be made without.
    pub fn with_params(mut self, params: impl Into<R::Params>) -> Self {
        self.params = params.into();
        self
    }

    /// Sets how long the call may take.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.terms.timeout = Some(limit);
        self
    }

    /// Lets the call take as long as it takes.
    pub fn no_timeout(mut self) -> Self {
        self.terms.timeout = None;
        self
    }

    /// Repeats the call while the server is too busy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.terms.retry = Some(policy);
        self
    }

    async fn make(self) -> Result<R::Result, Error> {
        let params = self.prepare()?.as_ref().map(Value::to_string);
        let raw = self.caller.ask(R::METHOD, params.as_deref(), &self.terms).await?;
        self.caller.result(R::METHOD, &raw)
    }

    /// Checks and writes what there is to send.
    fn prepare(&self) -> Result<Option<Value>, Error> {
        self.caller.check_allowed(R::METHOD, R::EXPERIMENTAL)?;
        encode(R::METHOD, &self.params)
    }
}

impl<'a, R: Request> IntoFuture for Call<'a, R> {
    type Output = Result<R::Result, Error>;
    type IntoFuture = CallFuture<'a, R::Result>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// A call that opens work and follows it, made when it is awaited. It has the same terms as a [`Call`].
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct Open<'a, R: Request, N> {
    call: Call<'a, R>,
    router: &'a Arc<Router<N>>,
    correlation: &'static Correlation,
}

impl<'a, R: Request, N: Notification> Open<'a, R, N> {
    pub(crate) fn new(call: Call<'a, R>, router: &'a Arc<Router<N>>, correlation: &'static Correlation) -> Self {
        Self { call, router, correlation }
    }

    /// Sets how long the call may take. The work that it opens may take as long as it takes.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.call = self.call.timeout(limit);
        self
    }

    /// Lets the call take as long as it takes.
    pub fn no_timeout(mut self) -> Self {
        self.call = self.call.no_timeout();
        self
    }

    /// Repeats the call while the server is too busy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.call = self.call.retry(policy);
        self
    }

    async fn make(self) -> Result<Work<R::Result, N>, Error> {
        let Self { call, router, correlation } = self;
        let caller = call.caller;
        let params = call.prepare()?;
        let scope = correlation.scope.and_then(|scope| params.as_ref()?.get(scope)).cloned();
        // Registered before the call is written, so that nothing that overtakes the answer is lost.
        let ticket = router.prepare(correlation, scope);
        let text = params.as_ref().map(Value::to_string);
        let raw = caller.ask(R::METHOD, text.as_deref(), &call.terms).await?;
        let id = id_of(correlation, &raw);
        router.bind(&ticket, id.clone());
        Ok(Work::new(caller.result(R::METHOD, &raw)?, id, ticket))
    }
}

/// The id of the work that a call has opened.
fn id_of(correlation: &Correlation, result: &Raw) -> Option<String> {
    let result: Value = serde_json::from_str(result.get()).ok()?;
    Some(look_up(&result, correlation.result_key)?.as_str()?.to_owned())
}

impl<'a, R: Request, N: Notification> IntoFuture for Open<'a, R, N> {
    type Output = Result<Work<R::Result, N>, Error>;
    type IntoFuture = CallFuture<'a, Work<R::Result, N>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.make())
    }
}

/// A call by its wire name, whose params and result are plain JSON. Made when it is awaited.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct UntypedCall<'a> {
    caller: &'a Caller,
    method: String,
    params: Option<Value>,
    terms: Terms,
}

impl<'a> UntypedCall<'a> {
    pub(crate) fn new(caller: &'a Caller, method: String, params: Option<Value>) -> Self {
        Self { caller, method, params, terms: caller.terms() }
    }

    /// Sets how long the call may take.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.terms.timeout = Some(limit);
        self
    }

    /// Lets the call take as long as it takes.
    pub fn no_timeout(mut self) -> Self {
        self.terms.timeout = None;
        self
    }

    /// Repeats the call while the server is too busy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.terms.retry = Some(policy);
        self
    }
}

impl<'a> IntoFuture for UntypedCall<'a> {
    type Output = Result<Value, Error>;
    type IntoFuture = CallFuture<'a, Value>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.caller.check_allowed(&self.method, false)?;
            let params = self.params.as_ref().map(Value::to_string);
            let raw = self.caller.ask(&self.method, params.as_deref(), &self.terms).await?;
            self.caller.result(&self.method, &raw)
        })
    }
}

/// What a failed handshake means for whoever wanted a connection.
pub(crate) fn start_error(error: Error, stderr_tail: Vec<String>, is_replay: bool) -> Error {
    let (message, end) = match error {
        Error::TransportClosed(end) if is_replay => (end.message.clone(), *end),
        Error::TransportClosed(end) => ("the server ended before it answered".to_owned(), *end),
        Error::Timeout { .. } => ("the server didn't answer in time".to_owned(), ProcessEnd::default()),
        Error::Rpc(error) => (format!("the server refused the handshake: {error}"), ProcessEnd::default()),
        other => (format!("the handshake failed: {other}"), ProcessEnd::default()),
    };
    let stderr_tail = if end.stderr_tail.is_empty() { stderr_tail } else { end.stderr_tail };
    Error::Start(Box::new(ProcessEnd { message, exit_code: end.exit_code, stderr_tail }))
}
