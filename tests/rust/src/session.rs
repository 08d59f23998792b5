//! One client that plays a scenario: what it has opened, what it was told, and what was saved.
//!
//! Knows no step; those are in `steps`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use codex_app_server::{
    AppServerClient, AppServerConfig, ChatgptLoginHandle, Codex, DeviceCodeLoginHandle, Error, Event, EventStream,
    Overflow, ServerNotification, ServerRequestHandlers, Thread, Unknown,
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::calls::{Doing, Followed, encode};
use crate::errors::Failure;
use crate::patience::{News, patiently};
use crate::place::Place;
use crate::program::{Config, Expected, Handler, Scenario};
use crate::values::{Trouble, at};
use crate::{config, handling};

/// All that belongs to one run of a scenario.
pub struct Session {
    pub scenario: Scenario,
    pub place: Place,
    state: Mutex<State>,
    news: News,
}

/// What changes while a scenario is played.
#[derive(Default)]
pub struct State {
    client: Option<AppServerClient>,
    /// The convenience layer over it, if the scenario wants one.
    codex: Option<Codex>,
    objects: BTreeMap<String, Object>,
    /// The server's process, from the moment that there is a client.
    pid: Option<u32>,
    handlers: ServerRequestHandlers,
    saved: BTreeMap<String, Value>,
    laters: BTreeMap<String, Later>,
    streams: BTreeMap<String, SharedStream>,
    /// The notifications that each stream has given, and the results of typed calls: both are compared with the wire.
    pub taken: BTreeMap<String, Vec<Value>>,
    pub results: Vec<(String, Value)>,
    pub unknowns: Vec<Unknown>,
    /// How many of them were expected.
    pub unknowns_seen: usize,
    pub overflows: Vec<Overflow>,
    pub stderr_lines: Vec<String>,
    /// The params of each request that reached a handler, by method, and how many of them were expected.
    pub asked: BTreeMap<String, (Vec<Value>, usize)>,
    gates: BTreeSet<String>,
    /// What went wrong where no step could be told.
    troubles: Vec<Trouble>,
}

/// What comes of a call.
pub type Outcome = Result<Finished, Failure>;

/// What there is once a call has ended well.
pub struct Finished {
    pub result: Value,
    /// The stream that it opened, and its name.
    pub work: Option<(String, Stream)>,
}

/// A thread or a login of the convenience layer.
#[derive(Debug, Clone)]
pub enum Object {
    Thread(Thread),
    InBrowser(ChatgptLoginHandle),
    ByCode(DeviceCodeLoginHandle),
}

/// Something that was begun.
pub struct Later {
    pub task: JoinHandle<Outcome>,
    /// What the step that began it says must come of it.
    pub expected: Expected,
    /// The method, if its result was typed and is to be compared with the wire.
    pub method: Option<String>,
}

/// A stream, which may be read by several steps after one another.
type SharedStream = Arc<tokio::sync::Mutex<Stream>>;

/// A stream of notifications.
pub struct Stream {
    /// What the package calls what the stream holds.
    pub kind: &'static str,
    pub source: Source,
}

/// Where a stream's notifications come from.
pub enum Source {
    Events(EventStream<ServerNotification>),
    Work(Box<dyn Followed>),
    /// A stream that was closed is gone: in Rust, nothing can be read from it any more.
    Closed,
}

impl Stream {
    /// The next notification.
    pub fn take_next(&mut self) -> Doing<'_, Option<Result<Event<ServerNotification>, Error>>> {
        match &mut self.source {
            Source::Events(stream) => Box::pin(stream.next()),
            Source::Work(work) => work.next(),
            Source::Closed => Box::pin(async { None }),
        }
    }
}

impl Session {
    pub fn new(scenario: Scenario, place: Place) -> Arc<Self> {
        let state = State { saved: place.saved(), ..State::default() };
        Arc::new(Self { scenario, place, state: Mutex::new(state), news: News::default() })
    }

    /// What changes; to be held for a moment only.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes something, and tells whoever waits.
    pub fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let outcome = change(&mut self.state());
        self.news.tell();
        outcome
    }

    /// Waits until something is there.
    pub async fn until<T>(&self, what: &str, mut there: impl FnMut(&mut State) -> Option<T>) -> Result<T, Trouble> {
        self.news.until(what, || there(&mut self.state())).await
    }

    /// Starts the client, with what a step says beside the scenario's own.
    pub async fn start(
        self: &Arc<Self>,
        said: Config,
        handlers: &BTreeMap<String, Handler>,
    ) -> Result<Result<(), Failure>, Trouble> {
        if self.state().client.as_ref().is_some_and(|client| !client.is_closed()) {
            return Err("the client was started already".to_owned());
        }
        let said = config::filled(config::merged(self.scenario.config.clone(), said), &|name| self.saved(name))?;
        let mut own = ServerRequestHandlers::new();
        for (method, handler) in self.scenario.handlers.iter().chain(handlers) {
            own = handling::set(self, own, method, handler)?;
        }
        let config = config::applied(self.place.config()?, said)
            .handlers(own.clone())
            .on_unknown(self.hears(|state, unknown: &Unknown| state.unknowns.push(unknown.clone())))
            .on_overflow(self.hears(|state, overflow: &Overflow| state.overflows.push(overflow.clone())))
            .on_stderr(self.hears(|state, line: &str| state.stderr_lines.push(line.to_owned())));
        let (codex, client) = match patiently(self.started(config), "the client's start").await? {
            Ok(started) => started,
            Err(error) => return Ok(Err(error.into())),
        };
        self.change(|state| {
            state.pid = client.pid();
            state.handlers = own;
            state.codex = codex;
            state.client = Some(client);
        });
        Ok(Ok(()))
    }

    async fn started(&self, config: AppServerConfig) -> Result<(Option<Codex>, AppServerClient), Error> {
        if !self.scenario.facade {
            return Ok((None, AppServerClient::start(config).await?));
        }
        let codex = Codex::start(config).await?;
        let client = codex.client().clone();
        Ok((Some(codex), client))
    }

    /// A hook that notes what it hears, for as long as the scenario is played.
    fn hears<T: ?Sized>(
        self: &Arc<Self>,
        note: impl Fn(&mut State, &T) + Send + Sync + 'static,
    ) -> impl Fn(&T) + Send + Sync + 'static {
        let session = Arc::downgrade(self);
        move |heard| {
            if let Some(session) = session.upgrade() {
                session.change(|state| note(state, heard));
            }
        }
    }

    /// The client, which has to be there.
    pub fn client(&self) -> Result<AppServerClient, Trouble> {
        self.state().client.clone().ok_or_else(|| "there is no client".to_owned())
    }

    /// The client, for a handler that may be called before the client is handed over.
    pub async fn client_at_last(&self) -> Result<AppServerClient, Trouble> {
        self.until("the client", |state| state.client.clone()).await
    }

    /// The convenience layer, which has to be there.
    pub fn codex(&self) -> Result<Codex, Trouble> {
        self.state().codex.clone().ok_or_else(|| "the scenario has no `facade`, or it was not started".to_owned())
    }

    /// Gives an object of the convenience layer a name.
    pub fn add_object(&self, name: String, object: Object) {
        self.state().objects.insert(name, object);
    }

    /// An object of the convenience layer by its name.
    pub fn object(&self, name: &str) -> Result<Object, Trouble> {
        let object = self.state().objects.get(name).cloned();
        object.ok_or_else(|| format!("nothing of the convenience layer is called `{name}`"))
    }

    /// The server's process as the client knows it.
    pub fn pid(&self) -> Option<u32> {
        self.state().pid
    }

    /// Sets a handler from now on.
    pub fn set_handler(self: &Arc<Self>, method: &str, handler: &Handler) -> Result<(), Trouble> {
        let handlers = handling::set(self, self.state().handlers.clone(), method, handler)?;
        self.state().handlers = handlers.clone();
        self.client()?.set_handlers(handlers);
        Ok(())
    }

    /// Closes the client, if there is one.
    pub async fn close(&self) -> Result<(), Trouble> {
        match (self.codex(), self.client()) {
            (Ok(codex), _) => patiently(codex.close(), "closing the convenience layer").await,
            (Err(_), Ok(client)) => patiently(client.close(), "closing the client").await,
            (Err(_), Err(_)) => Ok(()),
        }
    }

    /// Drops the client. Whatever was begun on it and not waited for keeps a clone of its own.
    pub fn leave(&self) {
        let left = {
            let mut state = self.state();
            (state.client.take(), state.codex.take(), std::mem::take(&mut state.objects))
        };
        drop(left);
    }

    /// What is saved under a name.
    pub fn saved(&self, name: &str) -> Option<Value> {
        self.state().saved.get(name).cloned()
    }

    /// Saves parts of a value under the names that a step gives.
    pub fn save(&self, names: &BTreeMap<String, String>, value: &Value) -> Result<(), Trouble> {
        for (name, path) in names {
            let part = at(value, path)?;
            self.state().saved.insert(name.clone(), part);
        }
        Ok(())
    }

    /// Gives a name to something that was begun.
    pub fn begin(&self, name: &str, later: Later) -> Result<(), Trouble> {
        match self.state().laters.insert(name.to_owned(), later) {
            None => Ok(()),
            Some(_) => Err(format!("two things are called `{name}`")),
        }
    }

    /// What was begun under a name; it is waited for once.
    pub fn take_later(&self, name: &str) -> Result<Later, Trouble> {
        self.state().laters.remove(name).ok_or_else(|| format!("nothing that is called `{name}` was begun"))
    }

    /// What was begun and never waited for.
    pub fn left_over(&self) -> Vec<String> {
        let laters = std::mem::take(&mut self.state().laters);
        laters.into_iter().map(|(name, later)| (name, later.task.abort())).map(|(name, ())| name).collect()
    }

    /// Gives a stream a name.
    pub fn add_stream(&self, name: &str, stream: Stream) -> Result<(), Trouble> {
        match self.state().streams.insert(name.to_owned(), Arc::new(tokio::sync::Mutex::new(stream))) {
            None => Ok(()),
            Some(_) => Err(format!("two streams are called `{name}`")),
        }
    }

    /// A stream by its name.
    pub fn stream(&self, name: &str) -> Result<SharedStream, Trouble> {
        self.state().streams.get(name).cloned().ok_or_else(|| format!("there is no stream `{name}`"))
    }

    /// A notification of a stream as JSON, which has now been seen.
    pub fn take(&self, stream: &str, event: &Event<ServerNotification>) -> Result<Value, Trouble> {
        let value = event_json(event)?;
        self.state().taken.entry(stream.to_owned()).or_default().push(value.clone());
        Ok(value)
    }

    /// Opens a gate, for good.
    pub fn open_gate(&self, gate: &str) {
        self.change(|state| state.gates.insert(gate.to_owned()));
    }

    /// Waits until a gate is open.
    pub async fn pass(&self, gate: &str) -> Result<(), Trouble> {
        self.until(&format!("the gate `{gate}`"), |state| state.gates.contains(gate).then_some(())).await
    }

    /// Notes what went wrong where no step could be told.
    pub fn trouble(&self, trouble: Trouble) {
        self.state().troubles.push(trouble);
    }

    /// What went wrong where no step could be told.
    pub fn troubles(&self) -> Vec<Trouble> {
        std::mem::take(&mut self.state().troubles)
    }
}

/// A notification as scenarios see it.
fn event_json(event: &Event<ServerNotification>) -> Result<Value, Trouble> {
    let params = event.encode_params().map_err(|problem| format!("{}: {problem}", event.method()))?;
    let mut value = json!({"method": event.method(), "params": params});
    if let Some(time) = event.emitted_at_ms() {
        value["emittedAtMs"] = time.into();
    }
    if let ServerNotification::Unrecognized(unknown) = event.notification() {
        value["unknown"] = true.into();
        if let Some(error) = unknown.error() {
            value["error"] = error.to_string().into();
        }
    }
    Ok(value)
}

/// What there is once work has been opened; without a name, nobody follows it.
pub fn opened(name: Option<String>, kind: &'static str, work: Box<dyn Followed>) -> Result<Finished, Failure> {
    let result = work.result()?;
    Ok(Finished { result, work: name.map(|name| (name, Stream { kind, source: Source::Work(work) })) })
}

/// What the handshake gave.
pub fn server_info(client: &AppServerClient) -> Result<Value, Trouble> {
    encode(client.server_info()).map_err(|failure| crate::errors::told(&failure))
}
