//! Every method of the generated client by its wire name, with plain JSON in and out.
//!
//! What goes in is read into the method's own type and what comes out is written from it, so that whoever calls here
//! calls as a user of the package does. The build script writes one line a method; this has what the lines share.

use std::pin::Pin;
use std::sync::Arc;

use codex_app_server::{
    AppServerClient, Call, Decoding, Error, Event, EventStream, HandlerResult, Open, Request, RetryPolicy,
    ServerNotification, ServerRequestHandlers, Wire, Work, methods,
};
use serde_json::{Map, Value};

use crate::errors::Failure;
use crate::program::Limit;

include!(concat!(env!("OUT_DIR"), "/calls.rs"));

/// Something that is done when it is awaited, and given up when it is dropped.
pub type Doing<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A result on its way, as JSON.
pub type Answer<'a> = Doing<'a, Result<Value, Failure>>;
/// Work that is being opened.
pub type Opening<'a> = Doing<'a, Result<Box<dyn Followed>, Failure>>;
/// A handler that takes and gives plain JSON.
pub type PlainHandler = Arc<dyn Fn(AppServerClient, Value) -> Doing<'static, HandlerResult<Value>> + Send + Sync>;

/// What a call is told beside its params.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    pub limit: Limit,
    /// How often to try.
    pub retry: Option<RetryPolicy>,
}

/// Work that has been opened, whatever its kind.
pub trait Followed: Send {
    /// What the call gave.
    fn result(&self) -> Result<Value, Failure>;
    /// The next notification of the work.
    fn next(&mut self) -> Doing<'_, Option<Result<Event<ServerNotification>, Error>>>;
    /// Another stream of the work.
    fn subscribe(&self) -> EventStream<ServerNotification>;
}

impl<T: Wire + Send + Sync> Followed for Work<T, ServerNotification> {
    fn result(&self) -> Result<Value, Failure> {
        encode(Work::result(self))
    }

    fn next(&mut self) -> Doing<'_, Option<Result<Event<ServerNotification>, Error>>> {
        Box::pin(Work::next(self))
    }

    fn subscribe(&self) -> EventStream<ServerNotification> {
        Work::subscribe(self)
    }
}

/// Writes what was read.
pub fn encode(value: &impl Wire) -> Result<Value, Failure> {
    value.encode().map_err(|problem| Failure::Inexpressible(format!("it can't be written again: {problem}")))
}

fn decode<T: Wire>(value: Value) -> Result<T, Failure> {
    let decoded = T::decode(value, &mut Decoding::new());
    decoded.map_err(|problem| Failure::Inexpressible(format!("the type can't hold it: {problem}")))
}

async fn encoded<T: Wire>(result: impl Future<Output = Result<T, Error>>) -> Result<Value, Failure> {
    encode(&result.await?)
}

fn refused<'a, T: Send + 'a>(failure: Failure) -> Doing<'a, Result<T, Failure>> {
    Box::pin(async { Err(failure) })
}

/// Params that say nothing are those of a caller who sets no member.
fn given(params: Option<Value>) -> Value {
    params.unwrap_or_else(|| Value::Object(Map::new()))
}

fn made<'a, R: Request>(mut call: Call<'a, R>, terms: &Terms) -> Answer<'a> {
    call = match terms.limit {
        Limit::Usual => call,
        Limit::None => call.no_timeout(),
        Limit::At(limit) => call.timeout(limit),
    };
    if let Some(policy) = &terms.retry {
        call = call.retry(policy.clone());
    }
    Box::pin(encoded(call.into_future()))
}

fn call_bare<'a, R: Request>(call: Call<'a, R>, params: Option<Value>, terms: &Terms) -> Answer<'a> {
    match params {
        None => made(call, terms),
        Some(params) => refused(Failure::Inexpressible(format!("the method takes no params, not even {params}"))),
    }
}

fn call_optional<'a, R: Request>(call: Call<'a, R>, params: Option<Value>, terms: &Terms) -> Answer<'a> {
    match params.map(decode::<R::Params>).transpose() {
        Ok(None) => made(call, terms),
        Ok(Some(params)) => made(call.with_params(params), terms),
        Err(failure) => refused(failure),
    }
}

fn call_with<'a, R: Request>(
    call: impl FnOnce(R::Params) -> Call<'a, R>,
    params: Option<Value>,
    terms: &Terms,
) -> Answer<'a> {
    match decode(given(params)) {
        Ok(params) => made(call(params), terms),
        Err(failure) => refused(failure),
    }
}

fn open_with<'a, R: Request<Result: Sync>>(
    open: impl FnOnce(R::Params) -> Open<'a, R, ServerNotification>,
    params: Option<Value>,
    terms: &Terms,
) -> Opening<'a> {
    let mut open = match decode(given(params)) {
        Ok(params) => open(params),
        Err(failure) => return refused(failure),
    };
    open = match terms.limit {
        Limit::Usual => open,
        Limit::None => open.no_timeout(),
        Limit::At(limit) => open.timeout(limit),
    };
    if let Some(policy) = &terms.retry {
        open = open.retry(policy.clone());
    }
    Box::pin(async move { Ok(Box::new(open.await?) as Box<dyn Followed>) })
}

/// A handler of a method's own types.
fn typed<P: Wire + 'static, R: Wire + 'static>(
    handler: PlainHandler,
) -> impl Fn(AppServerClient, P) -> Doing<'static, HandlerResult<R>> + Send + Sync + 'static {
    move |client, params| {
        let answering = params.encode().map(|params| handler(client, params));
        Box::pin(async move { Ok(R::decode(answering?.await?, &mut Decoding::new())?) })
    }
}
