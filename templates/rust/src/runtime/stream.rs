//! Streams of notifications, as their readers see them.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::notification::{Event, Notification};
use super::router::Ticket;
use crate::error::{Error, ProcessEnd};

/// Notifications in the order they came: a [`Stream`], which also has a [`next`](Self::next) of its own.
///
/// It ends when the work that it follows does. If the connection ends first, its last item is
/// [`Error::TransportClosed`]. A stream keeps a bounded number of notifications for its reader; a reader that falls
/// further behind loses the oldest, which the config's `on_overflow` and [`dropped`](Self::dropped) tell. Dropping it
/// ends it.
#[derive(Debug)]
pub struct EventStream<N> {
    cursor: u64,
    /// Keeps the log filled for as long as any stream of it lives.
    ticket: Arc<Ticket<N>>,
}

impl<N> EventStream<N> {
    pub(crate) fn new(ticket: Ticket<N>) -> Self {
        Self::of(&Arc::new(ticket))
    }

    /// A stream of the ticket's log, from its beginning.
    fn of(ticket: &Arc<Ticket<N>>) -> Self {
        Self { cursor: ticket.log.open(), ticket: Arc::clone(ticket) }
    }

    /// The next notification; `None` at the stream's end. Nothing is lost if the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Event<N>, Error>> {
        poll_fn(|cx| self.ticket.log.poll(self.cursor, cx)).await
    }

    /// How many notifications this stream has lost.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.ticket.log.dropped(self.cursor)
    }
}

impl<N: Notification> EventStream<N> {
    /// Takes notifications up to the first one of this name on the wire, and gives that. One that can't be read is
    /// given too, as what it is then: unrecognized.
    ///
    /// # Errors
    ///
    /// [`Error::TransportClosed`] if the stream ends before it comes.
    pub async fn wait_for(&mut self, method: &str) -> Result<Event<N>, Error> {
        while let Some(event) = self.next().await {
            let event = event?;
            if N::canonical(event.method()) == method {
                return Ok(event);
            }
        }
        let end = ProcessEnd::new(format!("the stream ended before {method} came"));
        Err(Error::TransportClosed(Box::new(end)))
    }
}

impl<N> Stream for EventStream<N> {
    type Item = Result<Event<N>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.ticket.log.poll(self.cursor, cx)
    }
}

impl<N> Drop for EventStream<N> {
    fn drop(&mut self) {
        self.ticket.log.close(self.cursor);
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
    ticket: Arc<Ticket<N>>,
    /// Its own stream, once it is read: nobody is told of what a stream loses that nobody wants.
    events: Option<EventStream<N>>,
}

impl<T, N> Work<T, N> {
    pub(crate) fn new(result: T, id: Option<String>, ticket: Ticket<N>) -> Self {
        Self { result, id, ticket: Arc::new(ticket), events: None }
    }

    fn events(&mut self) -> &mut EventStream<N> {
        self.events.get_or_insert_with(|| EventStream::of(&self.ticket))
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
        self.events().next().await
    }

    /// Another stream of the same work, from its beginning. Dropping one leaves the other as it is.
    pub fn subscribe(&self) -> EventStream<N> {
        EventStream::of(&self.ticket)
    }

    /// How many notifications this stream has lost, as far as it has been read.
    pub fn dropped(&self) -> u64 {
        self.events.as_ref().map_or(0, EventStream::dropped)
    }
}

impl<T: Unpin, N> Stream for Work<T, N> {
    type Item = Result<Event<N>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Pin::new(self.get_mut().events()).poll_next(cx)
    }
}
