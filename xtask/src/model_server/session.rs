//! What one run of a scenario knows: which replies are used, what was asked, which gates are open.
//!
//! Knows no HTTP. A lock is held for a few assignments at a time and never across a wait.

use super::deltas::Pause;
use super::request::Asked;
use super::scenario::{Answer, Reply, Scenario};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

pub struct Session {
    scenario: Scenario,
    state: Mutex<State>,
    gates: watch::Sender<Gates>,
}

#[derive(Default)]
struct State {
    used: BTreeSet<usize>,
    requests: Vec<Record>,
}

struct Record {
    reply: Option<usize>,
    progress: Progress,
    body: Value,
}

/// How far the answer to a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    Unmatched,
    Streaming,
    Finished,
    Disconnected,
}

impl Progress {
    fn name(self) -> &'static str {
        match self {
            Self::Unmatched => "unmatched",
            Self::Streaming => "streaming",
            Self::Finished => "finished",
            Self::Disconnected => "disconnected",
        }
    }
}

/// The open gates; the round tells streams of before a reset that they are over.
#[derive(Default)]
struct Gates {
    round: u64,
    open: BTreeSet<String>,
}

/// A request that has got its reply: what to answer, and where to note the progress.
pub struct Chosen<'session> {
    pub answer: &'session Answer,
    pub ticket: Ticket,
}

/// Names a request for as long as its round lasts.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    round: u64,
    index: usize,
}

impl Ticket {
    /// The request's number, from 1.
    pub fn number(self) -> usize {
        self.index + 1
    }
}

impl Session {
    pub fn new(scenario: Scenario) -> Self {
        Self { scenario, state: Mutex::default(), gates: watch::Sender::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A test server goes on as well as it can; the panic itself was printed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a request and takes the first reply that fits; if none does, the error says why.
    pub fn choose(&self, body: Value, asked: &Asked) -> Result<Chosen<'_>, String> {
        let mut state = self.state();
        let ticket = Ticket { round: self.gates.borrow().round, index: state.requests.len() };
        let mut replies = self.scenario.replies.iter().enumerate();
        let free = |index: usize, reply: &Reply, state: &State| reply.repeat || !state.used.contains(&index);
        let found =
            replies.find(|(index, reply)| free(*index, reply, &state) && asked.fits(reply.when.as_ref(), &body));
        let progress = if found.is_some() { Progress::Streaming } else { Progress::Unmatched };
        state.requests.push(Record { reply: found.map(|(index, _)| index), progress, body });
        match found {
            Some((index, reply)) => {
                state.used.insert(index);
                Ok(Chosen { answer: &reply.answer, ticket })
            }
            None => Err(self.no_reply(asked, &state)),
        }
    }

    fn no_reply(&self, asked: &Asked, state: &State) -> String {
        let reply = |(index, reply): (usize, &Reply)| {
            let number = index + 1;
            if state.used.contains(&index) && !reply.repeat {
                return format!("reply {number} is used up");
            }
            let when = reply.when.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("reply {number} wants {when}")
        };
        let reasons: Vec<String> = self.scenario.replies.iter().enumerate().map(reply).collect();
        format!(
            "no reply fits this request, whose last user message is {:?} and which brings the outputs of {:?}: {}",
            asked.user,
            asked.outputs,
            reasons.join("; ")
        )
    }

    pub fn note(&self, ticket: Ticket, progress: Progress) {
        let mut state = self.state();
        if ticket.round == self.gates.borrow().round
            && let Some(record) = state.requests.get_mut(ticket.index)
        {
            record.progress = progress;
        }
    }

    /// All requests so far, as the control endpoint shows them.
    pub fn requests(&self) -> Value {
        let record = |record: &Record| {
            json!({
                "reply": record.reply.map(|index| index + 1),
                "state": record.progress.name(),
                "body": record.body,
            })
        };
        json!({"requests": self.state().requests.iter().map(record).collect::<Vec<_>>()})
    }

    /// Opens a gate; one that nothing waits for is a mistake of the test.
    pub fn release(&self, gate: &str) -> Result<(), String> {
        let known = self.scenario.gates();
        if !known.contains(gate) {
            return Err(format!("nothing waits for the gate {gate:?}; the scenario's gates are {known:?}"));
        }
        self.open(gate);
        Ok(())
    }

    /// Opens a gate of the scenario's.
    pub fn open(&self, gate: &str) {
        self.gates.send_modify(|gates| {
            gates.open.insert(gate.to_owned());
        });
    }

    /// Starts over. Streams that are still open are told by [`Session::over`].
    pub fn reset(&self) {
        let mut state = self.state();
        *state = State::default();
        self.gates.send_modify(|gates| {
            gates.round += 1;
            gates.open.clear();
        });
    }

    /// Waits as long as the pause says.
    pub async fn pause(&self, pause: &Pause) {
        if let Some(gate) = &pause.gate {
            // The sender lives as long as we do, so waiting can't fail.
            let _ = self.gates.subscribe().wait_for(|gates| gates.open.contains(gate)).await;
        }
        if !pause.delay.is_zero() {
            tokio::time::sleep(pause.delay).await;
        }
    }

    /// Waits until the round of this request is over.
    pub async fn over(&self, ticket: Ticket) {
        let _ = self.gates.subscribe().wait_for(|gates| gates.round != ticket.round).await;
    }
}
