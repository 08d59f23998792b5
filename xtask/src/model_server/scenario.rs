//! The scenario file: read, checked, and turned into replies with no contradictions in them.
//!
//! Knows the file's format and no HTTP. The tables with all their optional keys stay in here.

use super::deltas::{Deltas, Pause};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// All replies, in the order in which they are tried.
#[derive(Debug, Clone)]
pub struct Scenario {
    pub replies: Vec<Reply>,
}

#[derive(Debug, Clone)]
pub struct Reply {
    pub when: Option<When>,
    pub repeat: bool,
    pub answer: Answer,
}

/// What a request must be like; all that is named must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// A part of the last user message.
    pub contains: Option<String>,
    /// The call whose output the request brings.
    pub after_tool: Option<String>,
    /// A part of that output.
    pub output: Option<String>,
    /// A part of the URL of an image in the last user message.
    pub image: Option<String>,
    /// Parts of the request's body, by their JSON pointers.
    #[serde(default)]
    pub body: BTreeMap<String, Value>,
}

impl fmt::Display for When {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.after_tool {
            Some(call) => write!(formatter, "the output of {call:?}")?,
            None => formatter.write_str("no output")?,
        }
        self.output.iter().try_for_each(|part| write!(formatter, " with {part:?} in it"))?;
        self.contains.iter().try_for_each(|part| write!(formatter, " and {part:?} in the last user message"))?;
        self.image.iter().try_for_each(|part| write!(formatter, " and an image at {part:?}"))?;
        self.body.iter().try_for_each(|(pointer, value)| write!(formatter, " and {value} at {pointer}"))
    }
}

#[derive(Debug, Clone)]
pub enum Answer {
    Http { status: u16, body: Value },
    Stream { steps: Vec<Step>, end: End },
}

#[derive(Debug, Clone)]
pub struct Step {
    pub pause: Pause,
    pub event: Event,
}

#[derive(Debug, Clone)]
pub enum Event {
    Text {
        deltas: Deltas,
        phase: Option<String>,
    },
    Echo {
        phase: Option<String>,
    },
    Reasoning(Deltas),
    Call {
        name: String,
        call_id: String,
        arguments: Map<String, Value>,
    },
    CustomCall {
        name: String,
        call_id: String,
        input: String,
    },
    Raw(Map<String, Value>),
    /// Opens a gate.
    Open(String),
    Hold,
    /// Only the pause counts.
    Nothing,
}

#[derive(Debug, Clone)]
pub enum End {
    Completed(Usage),
    Failed(Failure),
    Cut,
}

/// Tokens that a reply says it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Usage {
    pub input: u64,
    pub cached_input: u64,
    pub output: u64,
    pub reasoning_output: u64,
}

impl Default for Usage {
    fn default() -> Self {
        Self { input: 10, cached_input: 0, output: 5, reasoning_output: 0 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    pub code: String,
    pub message: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    reply: Vec<ReplyTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReplyTable {
    when: Option<When>,
    #[serde(default)]
    repeat: bool,
    events: Option<Vec<EventTable>>,
    usage: Option<Usage>,
    fail: Option<Failure>,
    #[serde(default)]
    cut: bool,
    http: Option<HttpTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HttpTable {
    status: u16,
    #[serde(default)]
    body: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventTable {
    wait: Option<String>,
    #[serde(default)]
    delay_ms: u64,
    text: Option<Deltas>,
    #[serde(default)]
    echo: bool,
    phase: Option<String>,
    reasoning: Option<Deltas>,
    call: Option<String>,
    custom_call: Option<String>,
    call_id: Option<String>,
    arguments: Option<Map<String, Value>>,
    input: Option<String>,
    raw: Option<Map<String, Value>>,
    open: Option<String>,
    #[serde(default)]
    hold: bool,
}

impl Scenario {
    /// Reads a file's text; an error says which reply and event it is about.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        let reply = |(index, table): (usize, ReplyTable)| {
            read_reply(table).map_err(|error| format!("reply {}: {error}", index + 1))
        };
        let replies = file.reply.into_iter().enumerate().map(reply).collect::<Result<_, _>>()?;
        let scenario = Self { replies };
        let gates = scenario.gates();
        if let Some(gate) = scenario.opened().find(|gate| !gates.contains(gate)) {
            return Err(format!("nothing waits for the gate {gate:?}; the scenario's gates are {gates:?}"));
        }
        Ok(scenario)
    }

    /// The gates that anything waits for.
    pub fn gates(&self) -> BTreeSet<&str> {
        let pauses = self.steps().flat_map(|step| {
            let deltas = match &step.event {
                Event::Text { deltas, .. } | Event::Reasoning(deltas) => deltas.0.as_slice(),
                _ => &[],
            };
            std::iter::once(&step.pause).chain(deltas.iter().map(|delta| &delta.pause))
        });
        pauses.filter_map(|pause| pause.gate.as_deref()).collect()
    }

    /// The gates that replies open themselves.
    fn opened(&self) -> impl Iterator<Item = &str> {
        self.steps().filter_map(|step| match &step.event {
            Event::Open(gate) => Some(gate.as_str()),
            _ => None,
        })
    }

    fn steps(&self) -> impl Iterator<Item = &Step> {
        self.replies.iter().flat_map(|reply| match &reply.answer {
            Answer::Stream { steps, .. } => steps.as_slice(),
            Answer::Http { .. } => &[],
        })
    }
}

fn read_reply(table: ReplyTable) -> Result<Reply, String> {
    let ReplyTable { when, repeat, events, usage, fail, cut, http } = table;
    if when == Some(When::default()) {
        return Err("`when` names nothing; leave it out to fit any request".to_owned());
    }
    if when.as_ref().is_some_and(|when| when.output.is_some() && when.after_tool.is_none()) {
        return Err("`output` belongs to an `after_tool`".to_owned());
    }
    let answer = match (http, events) {
        (Some(http), None) if usage.is_none() && fail.is_none() && !cut => read_http(http)?,
        (Some(_), _) => return Err("`http` is the whole answer: no events, usage, fail or cut beside it".to_owned()),
        (None, None) => return Err("has neither `events` nor `http`".to_owned()),
        (None, Some(events)) => {
            let step = |(index, table): (usize, EventTable)| {
                read_step(table).map_err(|error| format!("event {}: {error}", index + 1))
            };
            let steps = events.into_iter().enumerate().map(step).collect::<Result<_, _>>()?;
            Answer::Stream { steps, end: read_end(usage, fail, cut)? }
        }
    };
    Ok(Reply { when, repeat, answer })
}

fn read_http(table: HttpTable) -> Result<Answer, String> {
    if !(200..=599).contains(&table.status) {
        return Err(format!("`http.status` is {}; it must lie between 200 and 599", table.status));
    }
    Ok(Answer::Http { status: table.status, body: table.body })
}

fn read_end(usage: Option<Usage>, fail: Option<Failure>, cut: bool) -> Result<End, String> {
    match (usage, fail, cut) {
        (usage, None, false) => Ok(End::Completed(usage.unwrap_or_default())),
        (None, Some(failure), false) => Ok(End::Failed(failure)),
        (None, None, true) => Ok(End::Cut),
        _ => Err("a reply ends in one way: at most one of `usage`, `fail` and `cut`".to_owned()),
    }
}

fn read_step(table: EventTable) -> Result<Step, String> {
    let EventTable {
        wait,
        delay_ms,
        text,
        echo,
        phase,
        reasoning,
        call,
        custom_call,
        call_id,
        arguments,
        input,
        raw,
        open,
        hold,
    } = table;
    let pause = Pause::new(wait, delay_ms);
    let mut events: Vec<Event> = Vec::new();
    let (has_call, has_custom, has_text) = (call.is_some(), custom_call.is_some(), text.is_some() || echo);
    if !has_text && phase.is_some() {
        return Err("`phase` belongs to `text` or `echo`".to_owned());
    }
    if !has_call && arguments.is_some()
        || !has_custom && input.is_some()
        || !(has_call || has_custom) && call_id.is_some()
    {
        return Err(
            "`call_id` belongs to `call` or `custom_call`, `arguments` to the first, `input` to the second".to_owned()
        );
    }
    let call_id = if has_call || has_custom { call_id.ok_or("a call needs a `call_id`")? } else { String::new() };
    events.extend(text.map(|deltas| Event::Text { deltas, phase: phase.clone() }));
    events.extend(echo.then_some(Event::Echo { phase }));
    events.extend(reasoning.map(Event::Reasoning));
    events.extend(call.map(|name| Event::Call {
        name,
        call_id: call_id.clone(),
        arguments: arguments.unwrap_or_default(),
    }));
    events.extend(custom_call.map(|name| Event::CustomCall { name, call_id, input: input.unwrap_or_default() }));
    if raw.as_ref().is_some_and(|raw| !raw.get("type").is_some_and(Value::is_string)) {
        return Err("`raw` needs a `type`".to_owned());
    }
    events.extend(raw.map(Event::Raw));
    events.extend(open.map(Event::Open));
    events.extend(hold.then_some(Event::Hold));
    match events.len() {
        0 if pause == Pause::default() => Err("says nothing".to_owned()),
        0 => Ok(Step { pause, event: Event::Nothing }),
        1 => Ok(Step { pause, event: events.remove(0) }),
        _ => Err("says several things; each event says one".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses(text: &str, expected: &str) {
        let error = Scenario::parse(text).unwrap_err();
        assert!(error.contains(expected), "{expected} is not in:\n{error}");
    }

    #[test]
    fn contradictions_are_named_with_their_place() {
        refuses("[[reply]]\nevents = []\n[[reply]]\nrepeat = true", "reply 2: has neither `events` nor `http`");
        refuses("[[reply]]\nwhen = {}\nevents = []", "reply 1: `when` names nothing");
        refuses("[[reply]]\nwhen = { output = 'a' }\nevents = []", "`output` belongs to an `after_tool`");
        refuses("[[reply]]\nhttp = { status = 500 }\ncut = true", "`http` is the whole answer");
        refuses("[[reply]]\nhttp = { status = 99 }", "between 200 and 599");
        refuses("[[reply]]\nevents = []\ncut = true\nusage = {}", "ends in one way");
        refuses(
            "[[reply]]\nevents = [{ hold = true }, { text = 'a', call = 'b', call_id = 'c' }]",
            "event 2: says several",
        );
        refuses("[[reply]]\nevents = [{}]", "event 1: says nothing");
        refuses("[[reply]]\nevents = [{ call = 'a' }]", "needs a `call_id`");
        refuses("[[reply]]\nevents = [{ text = 'a', arguments = {} }]", "`arguments` to the first");
        refuses("[[reply]]\nevents = [{ hold = true, phase = 'a' }]", "`phase` belongs");
        refuses("[[reply]]\nevents = [{ raw = { a = 1 } }]", "needs a `type`");
        refuses("[[reply]]\nevents = [{ open = 'g' }, { wait = 'h' }]", r#"nothing waits for the gate "g""#);
    }

    #[test]
    fn misspelt_keys_are_named() {
        refuses("[[replies]]", "unknown field `replies`");
        refuses("[[reply]]\nevent = []", "unknown field `event`");
        refuses("[[reply]]\nevents = [{ txt = 'a' }]", "unknown field `txt`");
        refuses("[[reply]]\nevents = [{ text = [{ dleta = 'a' }] }]", "unknown field `dleta`");
        refuses("[[reply]]\nevents = [{ text = 1 }]", "expected a string or a list of deltas");
    }

    #[test]
    fn gates_are_collected_from_events_and_deltas() {
        let text = "[[reply]]\nevents = [{ wait = 'b' }, { text = ['x', { delta = 'y', wait = 'a' }], wait = 'c' }]";
        let scenario = Scenario::parse(text).unwrap();
        assert_eq!(scenario.gates().into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    }

    #[test]
    fn the_repository_has_only_good_scenarios() {
        let tests = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
        let entries = |folder| tests.join(folder).read_dir().unwrap().map(|entry| entry.unwrap().path());
        let examples = entries("examples").map(|path| path.join("model.toml")).filter(|path| path.is_file());
        let paths: Vec<_> = entries("model").chain(examples).collect();
        assert!(!paths.is_empty());
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            if let Err(error) = Scenario::parse(&text) {
                panic!("{}: {error}", path.display());
            }
        }
    }
}
