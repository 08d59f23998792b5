//! Calls under way: their ids, their answers, and what becomes of them when nobody waits any more.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::{oneshot, watch};
use tokio::time::timeout;

use super::envelope::{self, Raw};
use super::facts::Facts;
use super::process::Outbox;
use super::report::Reporter;
use super::retry::{RetryPolicy, retry};
use super::sync::lock;
use super::wire::Wire;
use crate::error::{DecodeError, Error, ProcessEnd, RpcError};

/// How many given-up calls are remembered, so that their late answers pass for what they are.
const FORGOTTEN: usize = 10_000;

/// The part of a connection that makes calls.
#[derive(Debug)]
pub(crate) struct Caller {
    facts: &'static Facts,
    experimental_api: bool,
    default_timeout: Option<Duration>,
    default_retry: Option<RetryPolicy>,
    pub(crate) reporter: Arc<Reporter>,
    state: Mutex<State>,
    /// Whether the connection is over, for those who wait for something else.
    over: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    pending: HashMap<u64, Pending>,
    given_up: HashSet<u64>,
    given_up_in_order: VecDeque<u64>,
    /// Where lines go; none before the start and after the end.
    outbox: Option<Outbox>,
    closed: Option<Error>,
}

#[derive(Debug)]
struct Pending {
    method: String,
    answer: oneshot::Sender<Result<Raw, Error>>,
}

/// How long a call may take, and what happens if the server is too busy for it.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    pub(crate) timeout: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
}

impl Caller {
    pub(crate) fn new(
        facts: &'static Facts,
        reporter: Arc<Reporter>,
        experimental_api: bool,
        default_timeout: Option<Duration>,
        default_retry: Option<RetryPolicy>,
    ) -> Self {
        let (state, over) = (Mutex::default(), watch::Sender::new(false));
        Self { facts, experimental_api, default_timeout, default_retry, reporter, state, over }
    }

    /// Tells where lines go.
    pub(crate) fn connect(&self, outbox: Outbox) {
        let mut state = lock(&self.state);
        if state.closed.is_none() {
            state.outbox = Some(outbox);
        }
    }

    /// The terms of a call that says nothing else.
    pub(crate) fn terms(&self) -> Terms {
        Terms { timeout: self.default_timeout, retry: self.default_retry.clone() }
    }

    /// Fails if the client has not opted in to what `method` needs.
    pub(crate) fn check_allowed(&self, method: &str, experimental: bool) -> Result<(), Error> {
        let gated = experimental || self.facts.experimental_methods.contains(&method);
        if gated && !self.experimental_api {
            return Err(Error::Experimental { method: method.to_owned() });
        }
        Ok(())
    }

    /// Makes a call, and again while the server is too busy if the terms say so.
    pub(crate) async fn ask(&self, method: &str, params: Option<&str>, terms: &Terms) -> Result<Raw, Error> {
        match &terms.retry {
            None => self.ask_once(method, params, terms.timeout).await,
            Some(policy) => {
                let call = || self.ask_once(method, params, terms.timeout);
                retry(policy, call, |delay| self.pause(delay)).await
            }
        }
    }

    /// Waits, but not beyond the connection's end.
    async fn pause(&self, delay: Duration) {
        let mut over = self.over.subscribe();
        // Either outcome ends the wait.
        _ = timeout(delay, over.wait_for(|over| *over)).await;
    }

    async fn ask_once(&self, method: &str, params: Option<&str>, limit: Option<Duration>) -> Result<Raw, Error> {
        let (waiting, outbox) = self.begin(method)?;
        let line = envelope::call(waiting.id, method, params);
        within(method, limit, async {
            // Where nothing can be written any more the connection is ending, and its end fails the call: it knows why.
            _ = outbox.send(line).await;
            drop(outbox);
            waiting.answer().await
        })
        .await
    }

    /// Announces something. There is no answer.
    pub(crate) async fn announce(&self, method: &str, params: Option<&str>) -> Result<(), Error> {
        let Some(outbox) = self.outbox() else {
            return Err(self.closed_error());
        };
        let line = envelope::announcement(method, params);
        within(method, self.default_timeout, async {
            match outbox.send(line).await {
                Ok(()) => Ok(()),
                Err(_) => Err(self.ended().await),
            }
        })
        .await
    }

    /// How the connection ended, once that is known: whoever can't write any more hears of it first.
    async fn ended(&self) -> Error {
        let mut over = self.over.subscribe();
        // It fails where nobody can tell any more.
        _ = over.wait_for(|over| *over).await;
        self.closed_error()
    }

    /// Where lines go, while they do.
    pub(crate) fn outbox(&self) -> Option<Outbox> {
        lock(&self.state).outbox.clone()
    }

    /// Reads an answer; reports what is unknown in it.
    pub(crate) fn result<T: Wire>(&self, method: &str, raw: &Raw) -> Result<T, Error> {
        let reading = self.reporter.read(method, "$.result", raw, T::decode);
        let reading = reading.map_err(|unreadable| Error::Decode(Box::new(unreadable.error)))?;
        reading.strict.map_or(Ok(reading.value), Err)
    }

    fn begin(&self, method: &str) -> Result<(Waiting<'_>, Outbox), Error> {
        let mut state = lock(&self.state);
        let Some(outbox) = state.outbox.clone() else {
            drop(state);
            return Err(self.closed_error());
        };
        state.last_id += 1;
        let id = state.last_id;
        let (answer, receiver) = oneshot::channel();
        state.pending.insert(id, Pending { method: method.to_owned(), answer });
        Ok((Waiting { caller: self, id, receiver }, outbox))
    }

    /// Takes in an answer. `line` is what it came in.
    pub(crate) fn answer(&self, id: &Value, outcome: Result<Raw, Value>, line: &[u8]) {
        let number = id.as_u64();
        let mut state = lock(&self.state);
        let pending = number.and_then(|id| state.pending.remove(&id));
        let late = number.is_some_and(|id| state.given_up.remove(&id));
        drop(state);
        match pending {
            Some(Pending { method, answer }) => {
                let outcome = outcome.map_err(|error| self.error(&method, error));
                // It fails where nobody waits any more, and then nobody needs it.
                _ = answer.send(outcome);
            }
            None if late => {}
            None => self.reporter.bad_line(line, format!("answers {id}, which nobody waits for")),
        }
    }

    fn error(&self, method: &str, error: Value) -> Error {
        let overload = &self.facts.overload;
        if let Some(error) = RpcError::new(method, &error, overload.codes, overload.words) {
            return Error::Rpc(Box::new(error));
        }
        let error = DecodeError::new(method, "$.error".to_owned(), "not an error object", error);
        Error::Decode(Box::new(error))
    }

    /// Forgets a call that nobody waits for any more. If its answer comes late, it is dropped quietly.
    fn give_up(&self, id: u64) {
        let mut state = lock(&self.state);
        if state.pending.remove(&id).is_none() {
            return;
        }
        state.given_up.insert(id);
        state.given_up_in_order.push_back(id);
        if state.given_up_in_order.len() > FORGOTTEN {
            let oldest = state.given_up_in_order.pop_front();
            oldest.map(|id| state.given_up.remove(&id));
        }
    }

    /// The connection is over: fails every call, now and later.
    pub(crate) fn close(&self, end: ProcessEnd) -> Error {
        let mut state = lock(&self.state);
        if state.closed.is_none() {
            tracing::debug!(%end, "the connection has ended");
        }
        let error = state.closed.get_or_insert_with(|| Error::TransportClosed(Box::new(end))).clone();
        state.outbox = None;
        let pending = std::mem::take(&mut state.pending);
        // The server may still answer before it ends.
        state.given_up.extend(pending.keys());
        drop(state);
        self.over.send_replace(true);
        for (_, Pending { answer, .. }) in pending {
            _ = answer.send(Err(error.clone()));
        }
        error
    }

    /// Whether the connection is over.
    pub(crate) fn is_closed(&self) -> bool {
        lock(&self.state).closed.is_some()
    }

    /// How the connection ended.
    pub(crate) fn closed_error(&self) -> Error {
        let closed = lock(&self.state).closed.clone();
        closed.unwrap_or_else(|| Error::TransportClosed(Box::new(ProcessEnd::new("the connection is closed"))))
    }
}

/// A call that waits for its answer. Dropping it gives the call up.
struct Waiting<'a> {
    caller: &'a Caller,
    id: u64,
    receiver: oneshot::Receiver<Result<Raw, Error>>,
}

impl Waiting<'_> {
    async fn answer(mut self) -> Result<Raw, Error> {
        (&mut self.receiver).await.unwrap_or_else(|_| Err(self.caller.closed_error()))
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.caller.give_up(self.id);
    }
}

async fn within<T>(
    method: &str,
    limit: Option<Duration>,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    match limit {
        None => work.await,
        Some(limit) => {
            timeout(limit, work).await.unwrap_or_else(|_| Err(Error::Timeout { method: method.to_owned(), limit }))
        }
    }
}

/// Writes params as JSON; none if they are left out.
pub(crate) fn encode<T: Wire>(method: &str, params: &T) -> Result<Option<Value>, Error> {
    if params.is_absent() {
        return Ok(None);
    }
    let encoded = params.encode();
    encoded.map(Some).map_err(|problem| Error::Encode { method: method.to_owned(), problem })
}
