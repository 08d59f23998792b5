//! A connection: a server's process, the calls to it, and what it sends.

use std::ffi::OsString;
use std::sync::{Arc, Mutex, OnceLock, Weak};

use serde_json::{Map, Value};
use tokio::time::Instant;

use super::call::{Call, Open, UntypedCall, start_error};
use super::caller::{Caller, Terms};
use super::envelope::{self, Message, Raw, ServerCall};
use super::facts::{Correlation, Facts};
use super::launch::command_line;
use super::notification::{Event, Notification, UnknownNotification};
use super::player::play;
use super::process::{Listeners, Process};
use super::recording::Recording;
use super::replay::Script;
use super::report::{Unreadable, parse};
use super::request::Request;
use super::retry::RetryPolicy;
use super::router::{Router, belongings};
use super::serving::{Dispatch, Handlers, Serving};
use super::settings::Settings;
use super::stream::EventStream;
use super::sync::{lock, race};
use super::version::version_in;
use super::wire::{Decoding, Problem};
use crate::error::{Error, ProcessEnd};

/// How many notifications are kept for a `next_notification` that nobody has called yet.
const FEED: usize = 1024;

/// A connection to a server that runs as a process of its own.
///
/// Clones share it. The server ends with the last of them, or with [`close`](Self::close).
pub struct Connection<N: Notification>(Arc<Inner<N>>);

struct Inner<N: Notification> {
    facts: &'static Facts,
    settings: Settings,
    started_at: Instant,
    caller: Arc<Caller>,
    router: Arc<Router<N>>,
    serving: Slot<N>,
    process: Process,
    server_version: OnceLock<String>,
    feed: Feed<N>,
}

/// The handlers, once there are some, and who waits until there are.
struct Slot<N: Notification>(Mutex<Handling<N>>);

struct Handling<N: Notification> {
    dispatch: Option<Dispatch<Connection<N>>>,
    /// Whoever answers the server's requests. It is told of the connection once, and of its end if that comes first.
    waiting: Option<tokio::sync::oneshot::Sender<Weak<Inner<N>>>>,
}

/// Says which server it is, and nothing of the settings: their environment may hold secrets.
impl<N: Notification> std::fmt::Debug for Connection<N> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let title = self.0.facts.launch.title;
        let version = self.0.server_version.get();
        formatter.debug_struct("Connection").field("server", &title).field("version", &version).finish_non_exhaustive()
    }
}

impl<N: Notification> Clone for Connection<N> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<N: Notification> Drop for Inner<N> {
    fn drop(&mut self) {
        // The process is told to end when it is dropped.
        let error = self.caller.close(ProcessEnd::new("the client was dropped"));
        self.router.end(&error);
    }
}

/// Where the server's lines come from.
enum Source {
    Command((OsString, Vec<OsString>)),
    Recording(Script),
}

/// For the generated client.
impl<N: Notification> Connection<N> {
    /// Starts the server.
    pub(crate) fn start(facts: &'static Facts, settings: Settings) -> Result<Self, Error> {
        let started_at = Instant::now();
        let source = match &settings.replay_from {
            Some(path) => Source::Recording(Script::read(path, facts)?),
            None => Source::Command(command_line(&facts.launch, &settings)?),
        };
        let recording = settings.record_to.as_deref().map(|path| Recording::start(path, facts.secrets)).transpose()?;
        let reporter = Arc::new(settings.reporter.clone());
        let caller = Arc::new(Caller::new(
            facts,
            Arc::clone(&reporter),
            settings.experimental_api,
            settings.default_timeout,
            settings.retry.clone(),
        ));
        let router = Router::new(settings.queue_size, Arc::clone(&reporter));
        let feed = Feed::new(&router);
        let (tell, told) = tokio::sync::oneshot::channel::<Weak<Inner<N>>>();
        let (calls, asked) = tokio::sync::mpsc::unbounded_channel();
        let reader = Reader { facts, caller: Arc::clone(&caller), router: Arc::clone(&router), asked: calls };
        let end = (Arc::clone(&caller), Arc::clone(&router));
        let listeners = Listeners {
            line: move |line: &[u8]| reader.receive(line),
            stderr: move |line: &str| reporter.stderr(line),
            end: move |how| end.1.end(&end.0.close(how)),
        };
        let (process, outbox) = match source {
            Source::Recording(script) => play(script, recording, listeners),
            Source::Command(command) => Process::start(command, &settings, recording, listeners)?,
        };
        caller.connect(outbox);
        let serving = Slot(Mutex::new(Handling { dispatch: None, waiting: Some(tell) }));
        let server_version = OnceLock::new();
        let inner = Inner { facts, settings, started_at, caller, router, serving, process, server_version, feed };
        tokio::spawn(serve_all(told, asked));
        Ok(Self(Arc::new(inner)))
    }

    /// Makes the first call, and announces that it went well.
    pub(crate) async fn greet<R: Request>(&self) -> Result<R::Result, Error> {
        let outcome = self.try_greet::<R>().await;
        if let Err(error) = outcome {
            self.close().await;
            let is_replay = self.0.settings.replay_from.is_some();
            return Err(start_error(error, self.0.process.tail(), is_replay));
        }
        outcome
    }

    async fn try_greet<R: Request>(&self) -> Result<R::Result, Error> {
        let Inner { facts, settings, caller, .. } = &*self.0;
        let left = settings.start_timeout.saturating_sub(self.0.started_at.elapsed());
        let params = handshake_params(facts, settings).to_string();
        let terms = Terms { timeout: Some(left), retry: None };
        let raw = caller.ask(R::METHOD, Some(&params), &terms).await?;
        let result = caller.result(R::METHOD, &raw)?;
        caller.announce(facts.handshake.notification, None).await?;
        self.meet(&raw);
        Ok(result)
    }

    /// Takes note of the server's version.
    fn meet(&self, greeting: &Raw) {
        let Inner { facts, caller, server_version, .. } = &*self.0;
        if let Some(place) = &facts.handshake.version {
            let greeting = parse(greeting).unwrap_or_default();
            let found = version_in(&greeting, place);
            found.map(|found| server_version.set(found.to_owned()));
            caller.reporter.version(found, facts.server_version);
        }
    }

    /// Lets these handlers answer the server from now on. `client` makes what they are given. Requests that came during
    /// the handshake have waited for this.
    pub(crate) fn serve<C: 'static>(&self, handlers: Handlers<C>, client: impl Fn(Self) -> C + Send + Sync + 'static) {
        let mut slot = lock(&self.0.serving.0);
        slot.dispatch = Some(handlers.dispatch(client));
        if let Some(waiting) = slot.waiting.take() {
            // It fails where the runtime is ending.
            _ = waiting.send(Arc::downgrade(&self.0));
        }
    }

    /// A call that opens work.
    pub(crate) fn open<R: Request>(&self, correlation: &'static Correlation, params: R::Params) -> Open<'_, R, N> {
        Open::new(self.send(params), &self.0.router, correlation)
    }

    /// Waits for the notification that ends the work of this id.
    pub(crate) async fn wait_for_end(&self, correlation: &'static Correlation, id: &str) -> Result<Event<N>, Error> {
        EventStream::new(self.0.router.follow(correlation, id)).wait_for(correlation.closes).await
    }
}

impl<N: Notification> Connection<N> {
    /// A call by the type of its request, for generic code.
    pub fn send<R: Request>(&self, params: R::Params) -> Call<'_, R> {
        Call::new(&self.0.caller, params)
    }

    /// A call by its wire name, with plain JSON as params and result. `params` may be left out with `None`.
    pub fn request(&self, method: impl Into<String>, params: impl Into<Option<Value>>) -> UntypedCall<'_> {
        UntypedCall::new(&self.0.caller, method.into(), params.into())
    }

    /// Like [`request`](Self::request), and again while the server is too busy.
    pub fn request_with_retry_on_overload(
        &self,
        method: impl Into<String>,
        params: impl Into<Option<Value>>,
    ) -> UntypedCall<'_> {
        self.request(method, params).retry(RetryPolicy::default())
    }

    /// Announces something to the server, by its wire name. There is no answer.
    ///
    /// # Errors
    ///
    /// [`Error::TransportClosed`] if the connection has ended; [`Error::Timeout`] if the server reads nothing.
    pub async fn notify(&self, method: &str, params: impl Into<Option<Value>>) -> Result<(), Error> {
        let params = params.into().as_ref().map(Value::to_string);
        self.0.caller.announce(method, params.as_deref()).await
    }

    /// A stream of all notifications from now on.
    #[must_use]
    pub fn notifications(&self) -> EventStream<N> {
        EventStream::new(self.0.router.new_feed("notifications", self.0.settings.queue_size))
    }

    /// The next notification that this method hasn't given yet. Up to 1,024 that came before are kept for it.
    ///
    /// # Errors
    ///
    /// [`Error::TransportClosed`] if the connection has ended.
    pub async fn next_notification(&self) -> Result<Event<N>, Error> {
        let mut feed = self.0.feed.0.lock().await;
        feed.next().await.unwrap_or_else(|| Err(self.0.caller.closed_error()))
    }

    /// Ends the connection and the server, and waits until both are gone. May be called again and again.
    pub async fn close(&self) {
        let error = self.0.caller.close(ProcessEnd::new("the client was closed"));
        self.0.router.end(&error);
        self.0.process.close().await;
    }

    /// Whether the connection has ended.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.caller.is_closed()
    }

    /// The id of the server's process; `None` if a recording stands in for it.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.0.process.pid()
    }

    /// The server's version, as it tells it.
    #[must_use]
    pub fn server_version(&self) -> Option<&str> {
        self.0.server_version.get().map(String::as_str)
    }

    /// The last 400 lines that the server wrote to its standard error.
    #[must_use]
    pub fn stderr_tail(&self) -> Vec<String> {
        self.0.process.tail()
    }
}

/// What `next_notification` reads.
#[derive(Debug)]
struct Feed<N>(tokio::sync::Mutex<LazyStream<N>>);

/// A stream that counts as read only once somebody reads it, so that nobody is told of what it loses until then.
#[derive(Debug)]
enum LazyStream<N> {
    Unread(Option<super::router::Ticket<N>>),
    Read(EventStream<N>),
}

impl<N> Feed<N> {
    fn new(router: &Arc<Router<N>>) -> Self {
        let ticket = router.new_feed("next_notification", FEED);
        Self(tokio::sync::Mutex::new(LazyStream::Unread(Some(ticket))))
    }
}

impl<N> LazyStream<N> {
    async fn next(&mut self) -> Option<Result<Event<N>, Error>> {
        if let Self::Unread(ticket) = self {
            *self = Self::Read(EventStream::new(ticket.take()?));
        }
        match self {
            Self::Unread(_) => None,
            Self::Read(stream) => stream.next().await,
        }
    }
}

/// Takes in what the server writes.
struct Reader<N> {
    facts: &'static Facts,
    caller: Arc<Caller>,
    router: Arc<Router<N>>,
    asked: tokio::sync::mpsc::UnboundedSender<ServerCall>,
}

impl<N: Notification> Reader<N> {
    fn receive(&self, line: &[u8]) {
        match envelope::read(line, self.facts.sent_at) {
            Ok(None) => {}
            Ok(Some(Message::Answer { id, outcome })) => self.caller.answer(&id, outcome, line),
            // It fails where the connection is being given up.
            Ok(Some(Message::Request(call))) => _ = self.asked.send(call),
            Ok(Some(Message::Notice { method, params, emitted_at_ms })) => {
                self.notice(method, &params.unwrap_or_default(), emitted_at_ms);
            }
            Err(reason) => self.caller.reporter.bad_line(line, reason),
        }
    }

    fn notice(&self, name: String, params: &Raw, emitted_at_ms: Option<i64>) {
        let method = N::canonical(&name);
        let reporter = &self.caller.reporter;
        let parsed = parse(params);
        let belongings = match &parsed {
            Ok(params) => belongings(self.facts.correlations, method, params),
            Err(_) => Vec::new(),
        };
        if !N::METHODS.contains(&method) {
            let raw = parsed.unwrap_or_default();
            let strict = reporter.unknown_method(method, raw.clone());
            let event = N::unrecognized(UnknownNotification::new(name, raw, None));
            return self.router.deliver(belongings, &strict.map_or(Ok(Event::new(event, emitted_at_ms)), Err));
        }
        let decode = |value: Value, cx: &mut Decoding| {
            N::decode(method, value, cx).unwrap_or_else(|| Err(Problem::new("unknown")))
        };
        let item = match reporter.read_parsed(method, "$.params", params, parsed, decode) {
            Ok(reading) => reading.strict.map_or(Ok(Event::new(reading.value, emitted_at_ms)), Err),
            Err(Unreadable { strict: Some(error), .. }) => Err(error),
            Err(Unreadable { error, strict: None }) => {
                let unknown = UnknownNotification::new(name.clone(), (*error.raw).clone(), Some(error));
                Ok(Event::new(N::unrecognized(unknown), emitted_at_ms))
            }
        };
        self.router.deliver(belongings, &item);
    }
}

/// Answers the server's requests, each in a task of its own, from the first handlers to the connection's end.
async fn serve_all<N: Notification>(
    inner: tokio::sync::oneshot::Receiver<Weak<Inner<N>>>,
    mut asked: tokio::sync::mpsc::UnboundedReceiver<ServerCall>,
) {
    let Ok(inner) = inner.await else {
        return;
    };
    while let Some(call) = asked.recv().await {
        let Some(inner) = inner.upgrade() else {
            return;
        };
        let Some(outbox) = inner.caller.outbox() else {
            return;
        };
        let Some(dispatch) = lock(&inner.serving.0).dispatch.clone() else {
            return;
        };
        let reporter = Arc::clone(&inner.caller.reporter);
        let serving = Serving { facts: inner.facts, reporter, dispatch, client: Connection(inner) };
        tokio::spawn(async move {
            let answering = async {
                let line = serving.answer(call).await;
                // It fails where the connection has ended, and then nobody waits for the answer.
                _ = outbox.send(line).await;
            };
            race(answering, outbox.closed()).await;
        });
    }
}

/// The params of the first call.
fn handshake_params(facts: &Facts, settings: &Settings) -> Value {
    let mut client = Map::new();
    let name = settings.client_name.as_deref().unwrap_or(facts.package);
    let version = settings.client_version.as_deref().unwrap_or(facts.client_version);
    client.insert("name".to_owned(), Value::from(name));
    client.insert("version".to_owned(), Value::from(version));
    if let Some(title) = &settings.client_title {
        client.insert("title".to_owned(), Value::from(title.as_str()));
    }
    let mut params = Map::new();
    place(&mut params, facts.handshake.client_info, Value::Object(client));
    place(&mut params, facts.handshake.experimental, Value::Bool(settings.experimental_api));
    Value::Object(params)
}

/// Puts a value where a path says, unless the path is empty.
fn place(members: &mut Map<String, Value>, path: &[&str], value: Value) {
    match path {
        [] => {}
        [last] => _ = members.insert((*last).to_owned(), value),
        [first, rest @ ..] => {
            let inner = members.entry(*first).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                place(inner, rest, value);
            }
        }
    }
}
