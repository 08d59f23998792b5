//! What a notification is, and how those that nobody knows are kept.

use std::sync::Arc;

use serde_json::Value;

use super::wire::{Decoding, Problem, Wire};
use crate::error::DecodeError;

/// All notifications of a protocol, as one enum.
pub trait Notification: Clone + Send + Sync + Sized + 'static {
    /// The wire names of the notifications that this version of the package knows.
    const METHODS: &'static [&'static str];

    /// The name that a notification has today, for one that it had before.
    fn canonical(method: &str) -> &str;

    /// The name on the wire.
    fn method(&self) -> &str;

    /// The params as JSON; `null` where there are none.
    ///
    /// # Errors
    ///
    /// What JSON can't express.
    fn encode_params(&self) -> Result<Value, Problem>;

    /// Reads the params of the notification of this name; `None` if there is no such notification.
    fn decode(method: &str, params: Value, cx: &mut Decoding) -> Option<Result<Self, Problem>>;

    /// A notification that nobody knows, or that can't be read.
    fn unrecognized(unknown: UnknownNotification) -> Self;
}

/// A notification that this version of the package doesn't know, or can't read.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownNotification(Box<Parts>);

#[derive(Debug, Clone, PartialEq)]
struct Parts {
    method: String,
    params: Value,
    error: Option<DecodeError>,
}

impl UnknownNotification {
    pub(crate) fn new(method: String, params: Value, error: Option<DecodeError>) -> Self {
        Self(Box::new(Parts { method, params, error }))
    }

    /// The name on the wire, as it came.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.0.method
    }

    /// The params as they came.
    #[must_use]
    pub fn params(&self) -> &Value {
        &self.0.params
    }

    /// Why the params could not be read; `None` if the notification is not known at all.
    #[must_use]
    pub fn error(&self) -> Option<&DecodeError> {
        self.0.error.as_ref()
    }
}

/// A notification that has arrived. Clones share it.
#[derive(Debug)]
pub struct Event<N>(Arc<Arrived<N>>);

#[derive(Debug, Clone)]
struct Arrived<N> {
    notification: N,
    emitted_at_ms: Option<i64>,
}

impl<N> Clone for Event<N> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<N: Notification> Event<N> {
    pub(crate) fn new(notification: N, emitted_at_ms: Option<i64>) -> Self {
        Self(Arc::new(Arrived { notification, emitted_at_ms }))
    }

    /// The notification.
    #[must_use]
    pub fn notification(&self) -> &N {
        &self.0.notification
    }

    /// The notification, for keeps.
    #[must_use]
    pub fn into_notification(self) -> N {
        Arc::unwrap_or_clone(self.0).notification
    }

    /// The notification's name on the wire.
    #[must_use]
    pub fn method(&self) -> &str {
        self.0.notification.method()
    }

    /// The notification's params as JSON, for whoever logs events or passes them on; `null` where there are none.
    ///
    /// # Errors
    ///
    /// What JSON can't express. What came from the server always can be written again.
    pub fn encode_params(&self) -> Result<Value, Problem> {
        self.0.notification.encode_params()
    }

    /// When the server sent it, in milliseconds since 1970, if it says so.
    #[must_use]
    pub fn emitted_at_ms(&self) -> Option<i64> {
        self.0.emitted_at_ms
    }
}

/// Reads the params of a notification.
pub(crate) fn params<T: Wire>(value: Value, cx: &mut Decoding) -> Result<T, Problem> {
    T::decode(value, cx)
}
