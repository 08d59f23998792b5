//! Bounded logs of notifications, and the places where their readers stand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::notification::Event;
use super::report::Losses;
use super::sync::lock;
use crate::error::Error;

/// Events in the order they came, the last `limit` of them at most.
///
/// A log that retains keeps events for readers that come later; any other keeps them until all its readers have read
/// them.
#[derive(Debug)]
pub(crate) struct EventLog<N> {
    name: &'static str,
    limit: usize,
    retain: bool,
    losses: Arc<Losses>,
    state: Mutex<State<N>>,
}

#[derive(Debug)]
struct State<N> {
    events: VecDeque<Event<N>>,
    /// The position of the first event that is kept.
    offset: u64,
    cursors: Vec<Cursor>,
    last_cursor: u64,
    /// How many events were lost before they came here, which has been told already.
    lost: u64,
    end: Option<End>,
}

/// How a log ended: well, or with an error.
#[derive(Debug)]
struct End(Option<Error>);

/// How far a reader has come.
#[derive(Debug)]
struct Cursor {
    id: u64,
    position: u64,
    dropped: u64,
    /// Whether the reader has been told how the log ended.
    told: bool,
    waker: Option<Waker>,
}

impl<N> EventLog<N> {
    pub(crate) fn new(name: &'static str, limit: usize, retain: bool, losses: Arc<Losses>) -> Arc<Self> {
        let state =
            State { events: VecDeque::new(), offset: 0, cursors: Vec::new(), last_cursor: 0, lost: 0, end: None };
        Arc::new(Self { name, limit: limit.max(1), retain, losses, state: Mutex::new(state) })
    }

    /// A new reader, who starts at the oldest event that is kept.
    pub(crate) fn open(&self) -> u64 {
        let mut state = lock(&self.state);
        state.last_cursor += 1;
        let (id, position) = (state.last_cursor, state.offset);
        // Events that went before the first reader came are lost to it, and only now to anybody.
        let dropped = if self.retain || id == 1 { position } else { 0 };
        state.cursors.push(Cursor { id, position, dropped, told: false, waker: None });
        drop(state);
        if dropped > 0 {
            self.losses.note(self.name, dropped);
            self.losses.tell();
        }
        id
    }

    /// Forgets a reader.
    pub(crate) fn close(&self, cursor: u64) {
        let mut state = lock(&self.state);
        state.cursors.retain(|other| other.id != cursor);
        self.trim(&mut state);
    }

    /// Takes note of events that were lost before they came here.
    pub(crate) fn lose(&self, lost: u64) {
        lock(&self.state).lost = lost;
    }

    /// How many events a reader has lost.
    pub(crate) fn dropped(&self, cursor: u64) -> u64 {
        let state = lock(&self.state);
        let own = state.cursors.iter().find(|other| other.id == cursor).map_or(0, |cursor| cursor.dropped);
        state.lost + own
    }

    /// Adds an event. Where a reader is too far behind, it loses the oldest, which is noted as a loss.
    pub(crate) fn put(&self, event: Event<N>) {
        let mut state = lock(&self.state);
        if state.end.is_some() {
            return;
        }
        state.events.push_back(event);
        if state.events.len() > self.limit {
            state.events.pop_front();
            state.offset += 1;
        }
        let start = state.offset;
        let mut reports = Vec::new();
        for cursor in state.cursors.iter_mut().filter(|cursor| cursor.position < start) {
            let before = cursor.dropped;
            cursor.dropped += start - cursor.position;
            cursor.position = start;
            // Told at 1, 2, 4, 8...: one that never reads must not cause a report an event.
            if before.checked_ilog2() != cursor.dropped.checked_ilog2() {
                reports.push(cursor.dropped);
            }
        }
        let wakers = take_wakers(&mut state);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
        for dropped in reports {
            self.losses.note(self.name, dropped);
        }
    }

    /// Ends the log. What it holds can still be read.
    pub(crate) fn end(&self, error: Option<Error>) {
        let mut state = lock(&self.state);
        state.end.get_or_insert(End(error));
        let wakers = take_wakers(&mut state);
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// The next event for a reader; `None` at the end. How the log ended is told once.
    pub(crate) fn poll(&self, cursor: u64, cx: &mut Context<'_>) -> Poll<Option<Result<Event<N>, Error>>> {
        let mut guard = lock(&self.state);
        let state = &mut *guard;
        let Some(cursor) = state.cursors.iter_mut().find(|other| other.id == cursor) else {
            return Poll::Ready(None);
        };
        let index = usize::try_from(cursor.position - state.offset).unwrap_or(usize::MAX);
        if let Some(event) = state.events.get(index).cloned() {
            cursor.position += 1;
            self.trim(state);
            return Poll::Ready(Some(Ok(event)));
        }
        let Some(End(error)) = &state.end else {
            cursor.waker = Some(cx.waker().clone());
            return Poll::Pending;
        };
        let told = std::mem::replace(&mut cursor.told, true);
        Poll::Ready(error.clone().filter(|_| !told).map(Err))
    }

    /// Drops what every reader has read, unless it is to be retained.
    fn trim(&self, state: &mut State<N>) {
        let Some(needed) = state.cursors.iter().map(|cursor| cursor.position).min() else {
            return;
        };
        while !self.retain && state.offset < needed && state.events.pop_front().is_some() {
            state.offset += 1;
        }
    }
}

fn take_wakers<N>(state: &mut State<N>) -> Vec<Waker> {
    state.cursors.iter_mut().filter_map(|cursor| cursor.waker.take()).collect()
}
