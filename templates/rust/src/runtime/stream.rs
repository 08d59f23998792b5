//! Streams of notifications, as their readers see them.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::event_log::EventLog;
use super::notification::Event;
use super::router::Ticket;
use crate::error::Error;

/// Notifications in the order they came: a [`Stream`], which also has a [`next`](Self::next) of its own.
///
/// It ends when the work that it follows does. If the connection ends first, its last item is
/// [`Error::TransportClosed`]. A stream keeps a bounded number of notifications for its reader; a reader that falls
/// further behind loses the oldest, which the config's `on_overflow` and [`dropped`](Self::dropped) tell. Dropping it
/// ends it.
#[derive(Debug)]
pub struct EventStream<N> {
    log: Arc<EventLog<N>>,
    cursor: u64,
    /// Keeps the log filled for as long as any stream of it lives.
    ticket: Arc<Ticket<N>>,
}

impl<N> EventStream<N> {
    pub(crate) fn new(ticket: Ticket<N>) -> Self {
        let log = Arc::clone(&ticket.log);
        Self { cursor: log.open(), log, ticket: Arc::new(ticket) }
    }

    /// Another stream of the same log, from its beginning.
    fn another(&self) -> Self {
        Self { cursor: self.log.open(), log: Arc::clone(&self.log), ticket: Arc::clone(&self.ticket) }
    }

    /// The next notification; `None` at the stream's end. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Event<N>, Error>> {
        poll_fn(|cx| self.log.poll(self.cursor, cx)).await
    }

    /// How many notifications this stream has lost.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.log.dropped(self.cursor)
    }
}

impl<N> Stream for EventStream<N> {
    type Item = Result<Event<N>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.log.poll(self.cursor, cx)
    }
}

impl<N> Drop for EventStream<N> {
    fn drop(&mut self) {
        self.log.close(self.cursor);
    }
}

/// Work that a call has started: its result, and a [`Stream`] of the notifications that belong to it and to nothing
/// else.
///
/// The stream was registered before the call was sent, so it misses nothing; it ends with the notification that says
/// the work is over.
#[derive(Debug)]
pub struct Work<T, N> {
    result: T,
    id: Option<String>,
    events: EventStream<N>,
}

impl<T, N> Work<T, N> {
    pub(crate) fn new(result: T, id: Option<String>, events: EventStream<N>) -> Self {
        Self { result, id, events }
    }

    /// What the call gave.
    pub fn result(&self) -> &T {
        &self.result
    }

    /// The work's id; `None` if it was over at once.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The next notification; `None` at the end. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Event<N>, Error>> {
        self.events.next().await
    }

    /// Another stream of the same work, from its beginning. Dropping one leaves the other as it is.
    pub fn subscribe(&self) -> EventStream<N> {
        self.events.another()
    }

    /// How many notifications this stream has lost.
    pub fn dropped(&self) -> u64 {
        self.events.dropped()
    }
}

impl<T: Unpin, N> Stream for Work<T, N> {
    type Item = Result<Event<N>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(&mut self.get_mut().events).poll_next(cx)
    }
}
