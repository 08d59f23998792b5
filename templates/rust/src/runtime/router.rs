//! Which notification goes to which stream.
//!
//! Knows correlations: work, such as a turn, that a request opens and that notifications report on until one of them
//! ends it. Work is registered before its request is written; until the answer tells its id, whatever could belong to
//! it is held back. Knows nothing of how messages travel.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::event_log::EventLog;
use super::facts::{Correlation, look_up};
use super::notification::Event;
use super::report::{Losses, Reporter};
use super::sync::lock;
use crate::error::Error;

/// How many finished works of each kind are remembered, for whoever asks late.
const REMEMBERED: usize = 128;

/// What names work: its kind and its id.
type WorkKey = (&'static str, String);

/// A notification on its way to the streams: itself, or what they end with instead.
pub(crate) type Item<N> = Result<Event<N>, Error>;

/// A notification and the work it belongs to.
#[derive(Debug)]
struct Arrival<N> {
    id: String,
    closes: bool,
    item: Item<N>,
}

/// What a notification's params say of the work it belongs to.
#[derive(Debug)]
pub(crate) struct Belonging {
    correlation: &'static Correlation,
    id: String,
    scope: Option<Value>,
    closes: bool,
}

/// The work that a notification belongs to.
pub(crate) fn belongings(correlations: &[&'static Correlation], method: &str, params: &Value) -> Vec<Belonging> {
    let belonging = |correlation: &&'static Correlation| {
        let (_, place) = correlation.carriers.iter().find(|(carrier, _)| *carrier == method)?;
        let id = look_up(params, place)?.as_str()?.to_owned();
        let scope = correlation.scope.and_then(|scope| params.get(scope)).cloned();
        Some(Belonging { correlation, id, scope, closes: correlation.closes == method })
    };
    correlations.iter().filter_map(belonging).collect()
}

/// The streams of one connection.
#[derive(Debug)]
pub(crate) struct Router<N> {
    limit: usize,
    losses: Arc<Losses>,
    state: Mutex<State<N>>,
}

#[derive(Debug)]
struct State<N> {
    last_ticket: u64,
    feeds: Vec<Follower<N>>,
    opening: Vec<Opening<N>>,
    running: HashMap<WorkKey, Vec<Follower<N>>>,
    finished: VecDeque<(WorkKey, Item<N>)>,
    end: Option<Error>,
}

#[derive(Debug)]
struct Follower<N> {
    ticket: u64,
    log: Arc<EventLog<N>>,
}

/// Work whose id is not known yet.
#[derive(Debug)]
struct Opening<N> {
    ticket: u64,
    correlation: &'static Correlation,
    scope: Option<Value>,
    log: Arc<EventLog<N>>,
    held: VecDeque<Arrival<N>>,
    lost: u64,
}

/// A place in a router, which is given up when this is dropped.
#[derive(Debug)]
pub(crate) struct Ticket<N> {
    router: Arc<Router<N>>,
    number: u64,
    pub(crate) log: Arc<EventLog<N>>,
}

impl<N> Drop for Ticket<N> {
    fn drop(&mut self) {
        self.router.release(self.number);
        self.log.end(None);
    }
}

impl<N> Router<N> {
    pub(crate) fn new(limit: usize, reporter: Arc<Reporter>) -> Arc<Self> {
        let state = State {
            last_ticket: 0,
            feeds: Vec::new(),
            opening: Vec::new(),
            running: HashMap::new(),
            finished: VecDeque::new(),
            end: None,
        };
        Arc::new(Self { limit, losses: Arc::new(Losses::new(reporter)), state: Mutex::new(state) })
    }

    /// A log of all notifications from now on.
    pub(crate) fn new_feed(self: &Arc<Self>, name: &'static str, limit: usize) -> Ticket<N> {
        let log = EventLog::new(name, limit, false, Arc::clone(&self.losses));
        self.enter(&mut lock(&self.state), log, |state, ticket, log| state.feeds.push(Follower { ticket, log }))
    }

    /// Registers work that is about to be opened.
    pub(crate) fn prepare(self: &Arc<Self>, correlation: &'static Correlation, scope: Option<Value>) -> Ticket<N> {
        self.enter(&mut lock(&self.state), self.new_log(correlation), |state, ticket, log| {
            let held = VecDeque::new();
            state.opening.push(Opening { ticket, correlation, scope, log, held, lost: 0 });
        })
    }

    /// Work that has been opened elsewhere: from now on, or its end if it is over.
    pub(crate) fn follow(self: &Arc<Self>, correlation: &'static Correlation, id: &str) -> Ticket<N> {
        let key = (correlation.name, id.to_owned());
        let log = self.new_log(correlation);
        let mut state = lock(&self.state);
        let finished = state.finished.iter().find(|(other, _)| *other == key).map(|(_, item)| item.clone());
        match finished {
            Some(item) => {
                hand_over(&log, item, true);
                drop(state);
                self.outside(log)
            }
            None => self.enter(&mut state, log, |state, ticket, log| {
                state.running.entry(key).or_default().push(Follower { ticket, log });
            }),
        }
    }

    /// Tells the id of work that has been opened. Without an id there is nothing to follow, and it is over.
    pub(crate) fn bind(&self, ticket: &Ticket<N>, id: Option<String>) {
        self.bind_unheard(ticket, id);
        self.losses.tell();
    }

    fn bind_unheard(&self, ticket: &Ticket<N>, id: Option<String>) {
        let mut state = lock(&self.state);
        let Some(at) = state.opening.iter().position(|opening| opening.ticket == ticket.number) else {
            return;
        };
        let opening = state.opening.swap_remove(at);
        let Some(id) = id else {
            opening.log.end(None);
            return;
        };
        opening.log.lose(opening.lost);
        for arrival in opening.held.into_iter().filter(|arrival| arrival.id == id) {
            if hand_over(&opening.log, arrival.item, arrival.closes) {
                return;
            }
        }
        if let Some(error) = &state.end {
            opening.log.end(Some(error.clone()));
            return;
        }
        let follower = Follower { ticket: opening.ticket, log: opening.log };
        state.running.entry((opening.correlation.name, id)).or_default().push(follower);
    }

    /// Gives a notification to every stream that it belongs to.
    pub(crate) fn deliver(&self, belongings: Vec<Belonging>, item: &Item<N>) {
        let mut state = lock(&self.state);
        state.feeds.retain(|feed| !hand_over(&feed.log, item.clone(), false));
        for belonging in belongings {
            self.deliver_to_work(&mut state, belonging, item);
        }
        drop(state);
        self.losses.tell();
    }

    fn deliver_to_work(&self, state: &mut State<N>, belonging: Belonging, item: &Item<N>) {
        let Belonging { correlation, id, scope, closes } = belonging;
        for opening in &mut state.opening {
            let in_scope = opening.scope.is_none() || scope.is_none() || opening.scope == scope;
            if std::ptr::eq(opening.correlation, correlation) && in_scope {
                self.hold(opening, Arrival { id: id.clone(), closes, item: item.clone() });
            }
        }
        let key = (correlation.name, id);
        if let Some(followers) = state.running.get_mut(&key) {
            followers.retain(|follower| !hand_over(&follower.log, item.clone(), closes));
            if followers.is_empty() {
                state.running.remove(&key);
            }
        }
        if closes {
            let of_this_kind = state.finished.iter().filter(|((name, _), _)| *name == correlation.name).count();
            if of_this_kind >= REMEMBERED {
                let oldest = state.finished.iter().position(|((name, _), _)| *name == correlation.name);
                oldest.map(|at| state.finished.remove(at));
            }
            state.finished.push_back((key, item.clone()));
        }
    }

    fn hold(&self, opening: &mut Opening<N>, arrival: Arrival<N>) {
        if opening.held.len() >= self.limit.max(1) {
            opening.held.pop_front();
            opening.lost += 1;
            if opening.lost.is_power_of_two() {
                self.losses.note(opening.correlation.name, opening.lost);
            }
        }
        opening.held.push_back(arrival);
    }

    /// The connection is over: ends every stream with `error`. Work whose answer has come, and whose caller hasn't bound
    /// it yet, gets what is held for it first.
    pub(crate) fn end(&self, error: &Error) {
        let mut state = lock(&self.state);
        if state.end.is_some() {
            return;
        }
        state.end = Some(error.clone());
        let mut logs: Vec<_> = state.feeds.drain(..).map(|feed| feed.log).collect();
        // Work whose answer has come may still be bound: it gets what was held for it first.
        logs.extend(state.running.drain().flat_map(|(_, followers)| followers).map(|follower| follower.log));
        drop(state);
        for log in logs {
            log.end(Some(error.clone()));
        }
    }

    fn release(&self, ticket: u64) {
        let mut state = lock(&self.state);
        state.feeds.retain(|feed| feed.ticket != ticket);
        state.opening.retain(|opening| opening.ticket != ticket);
        state.running.retain(|_, followers| {
            followers.retain(|follower| follower.ticket != ticket);
            !followers.is_empty()
        });
    }

    /// Lets a log in, unless the connection is over.
    fn enter(
        self: &Arc<Self>,
        state: &mut State<N>,
        log: Arc<EventLog<N>>,
        register: impl FnOnce(&mut State<N>, u64, Arc<EventLog<N>>),
    ) -> Ticket<N> {
        state.last_ticket += 1;
        let number = state.last_ticket;
        match &state.end {
            Some(error) => log.end(Some(error.clone())),
            None => register(state, number, Arc::clone(&log)),
        }
        Ticket { router: Arc::clone(self), number, log }
    }

    /// The ticket of a log that needs nothing any more.
    fn outside(self: &Arc<Self>, log: Arc<EventLog<N>>) -> Ticket<N> {
        Ticket { router: Arc::clone(self), number: 0, log }
    }

    fn new_log(&self, correlation: &'static Correlation) -> Arc<EventLog<N>> {
        EventLog::new(correlation.name, self.limit, true, Arc::clone(&self.losses))
    }
}

/// Gives an item to a log; whether that was its last one.
fn hand_over<N>(log: &EventLog<N>, item: Item<N>, closes: bool) -> bool {
    match item {
        Ok(event) => {
            log.put(event);
            if closes {
                log.end(None);
            }
            closes
        }
        Err(error) => {
            log.end(Some(error));
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::super::report::{Hook, Overflow};
    use super::super::stream::EventStream;
    use super::*;
    use crate::error::ProcessEnd;

    static WORK: Correlation =
        Correlation { name: "work", result_key: &["id"], scope: None, carriers: &[], closes: "work/done" };

    fn router() -> Arc<Router<()>> {
        Router::new(4, Arc::new(Reporter::default()))
    }

    #[tokio::test]
    async fn what_came_before_the_end_is_handed_over_before_it() {
        let router = router();
        let ticket = router.prepare(&WORK, None);
        let belonging = Belonging { correlation: &WORK, id: "1".to_owned(), scope: None, closes: true };
        router.deliver(vec![belonging], &Err(Error::Experimental { method: "first".to_owned() }));
        router.end(&Error::TransportClosed(Box::new(ProcessEnd::new("the server has ended"))));
        router.bind(&ticket, Some("1".to_owned()));
        let mut stream = EventStream::new(ticket);
        assert!(matches!(stream.next().await, Some(Err(Error::Experimental { .. }))));
    }

    #[test]
    fn a_hook_that_is_told_of_a_loss_may_use_the_streams() {
        let (router, told) = (Arc::new(OnceLock::<Arc<Router<()>>>::new()), Arc::new(AtomicUsize::new(0)));
        let (found, count) = (Arc::clone(&router), Arc::clone(&told));
        let on_overflow = Hook::new(move |_: &Overflow| {
            count.fetch_add(1, Ordering::Relaxed);
            found.get().map(|router| router.new_feed("another", 1));
        });
        let reporter = Reporter { on_overflow: Some(on_overflow), ..Reporter::default() };
        let router = router.get_or_init(|| Router::new(4, Arc::new(reporter)));
        let _ticket = router.prepare(&WORK, None);
        for _ in 0..5 {
            let belonging = Belonging { correlation: &WORK, id: "1".to_owned(), scope: None, closes: false };
            router.deliver(vec![belonging], &Err(Error::Experimental { method: "x".to_owned() }));
        }
        assert_eq!(told.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn work_that_was_opened_before_the_end_ends_with_it() {
        let router = router();
        let ticket = router.prepare(&WORK, None);
        router.end(&Error::TransportClosed(Box::new(ProcessEnd::new("the server has ended"))));
        router.bind(&ticket, Some("1".to_owned()));
        let mut stream = EventStream::new(ticket);
        assert!(matches!(stream.next().await, Some(Err(Error::TransportClosed(_)))));
    }
}
