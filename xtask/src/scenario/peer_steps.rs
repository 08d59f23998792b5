//! The peer's side of a scenario: its steps, read and checked.
//!
//! Knows what each step is made of, and nothing of pipes.

use super::client_steps::DEADLY;
use super::pattern::Pattern;
use super::place::{At, Members, Placed};
use super::template::Template;
use rpcsmith::diagnostic::Diagnostic;
use serde_json::{Map, Value, json};

/// A step with the text that names it in a failure.
#[derive(Debug, Clone)]
pub struct Step {
    pub label: String,
    pub at: At,
    pub act: Act,
}

#[derive(Debug, Clone)]
pub enum Act {
    Launched(Pattern),
    /// Several that are written as one.
    Several(Vec<Act>),
    Expect {
        method: String,
        params: Option<Pattern>,
        save: Option<String>,
    },
    ExpectAnswer {
        id: Pattern,
        content: Option<Content>,
        save: Option<String>,
    },
    /// Answers to these ids, in any order.
    ExpectAnswers {
        ids: Vec<Value>,
        content: Option<Content>,
        save: Option<String>,
    },
    Collect {
        method: String,
        count: u64,
        save: Option<String>,
    },
    ExpectEnd,
    Send(Template),
    AnswerAll {
        calls: String,
        order: Order,
        answer: Template,
    },
    Bytes(Vec<Template>),
    Repeat {
        steps: Vec<Step>,
        count: u64,
    },
    Stderr {
        line: Template,
        count: u64,
    },
    SleepMs(u64),
    Close(Pipe),
    StopReading,
    ReadOn,
    Stubborn,
    Grandchild(String),
    /// The three that end a script.
    Linger {
        sending: Vec<Step>,
    },
    Exit(u8),
    Die(&'static str),
}

/// The one member of an answer, `result` or `error`, and what fits it.
pub type Content = (&'static str, Pattern);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Kept,
    Reversed,
    Shuffled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pipe {
    Stdin,
    Stdout,
    Stderr,
}

/// The steps of a list; what is wrong is told for each step by itself.
pub fn parse(list: &Placed<'_>) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let mut problems = Vec::new();
    let mut steps = Vec::new();
    let items = list.items().map_err(|problem| vec![problem])?;
    for item in &items {
        match step(item) {
            Ok(step) => steps.push(step),
            Err(found) => problems.extend(found),
        }
    }
    for (index, step) in steps.iter().enumerate() {
        if ends(&step.act) && index + 1 < steps.len() {
            problems.push(step.at.wrong(format!("`{}` before the last step", step.label), "no step after this one"));
        }
    }
    if problems.is_empty() { Ok(steps) } else { Err(problems) }
}

fn ends(act: &Act) -> bool {
    matches!(act, Act::Linger { .. } | Act::Exit(_) | Act::Die(_))
}

fn step(placed: &Placed<'_>) -> Result<Step, Vec<Diagnostic>> {
    let one = |problem| vec![problem];
    let members = placed.members().map_err(one)?;
    let kind = members.kind().map_err(one)?;
    let act = match kind {
        "repeat" => {
            members.only(&["repeat", "count"]).map_err(one)?;
            let count = members.need("count").and_then(|count| count.count()).map_err(one)?;
            Act::Repeat { steps: inner(&members.need("repeat").map_err(one)?)?, count }
        }
        "linger" => {
            members.only(&["linger", "sending"]).map_err(one)?;
            members.need("linger").and_then(|linger| linger.is_true()).map_err(one)?;
            Act::Linger { sending: members.get("sending").map_or(Ok(Vec::new()), |steps| sending(&steps))? }
        }
        _ => act(&members, kind).map_err(one)?,
    };
    let main = members.get(kind).and_then(|value| value.value.as_str().map(|text| format!("{kind} {text}")));
    Ok(Step { label: main.unwrap_or_else(|| kind.to_owned()), at: placed.at.clone(), act })
}

/// Steps within a step, none of which may end the script.
fn inner(list: &Placed<'_>) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let steps = parse(list)?;
    match steps.iter().find(|step| ends(&step.act)) {
        Some(step) => {
            Err(vec![step.at.wrong(format!("`{}` within a step", step.label), "it as the script's last step")])
        }
        None => Ok(steps),
    }
}

/// Steps that are done till somebody ends the peer: they may only send.
fn sending(list: &Placed<'_>) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let steps = inner(list)?;
    let sends = |act: &Act| matches!(act, Act::Send(_) | Act::Bytes(_) | Act::Stderr { .. } | Act::SleepMs(_));
    match steps.iter().find(|step| !sends(&step.act)) {
        Some(step) => Err(vec![step.at.wrong(format!("`{}`", step.label), "a step that sends, or `sleep_ms`")]),
        None if steps.is_empty() => Err(vec![list.at.wrong("no steps", "steps that send")]),
        None => Ok(steps),
    }
}

fn act(members: &Members<'_>, kind: &str) -> Result<Act, Diagnostic> {
    let main = members.need(kind)?;
    let only = |others: &[&str]| members.only(&[&[kind], others].concat());
    let flag = |act: Act| only(&[]).and_then(|()| main.is_true()).map(|()| act);
    let save = || members.maybe("as", |name| name.text().map(str::to_owned));
    match kind {
        "launched" => only(&[]).and_then(|()| main.pattern()).map(Act::Launched),
        "greet" => only(&["result"]).and_then(|()| greet(members, &main)),
        "expect" => {
            only(&["params", "as"])?;
            let params = members.maybe("params", Placed::pattern)?;
            Ok(Act::Expect { method: main.text()?.to_owned(), params, save: save()? })
        }
        "expect_answer" => {
            only(&["result", "error", "as"])?;
            Ok(Act::ExpectAnswer { id: main.pattern()?, content: content(members)?, save: save()? })
        }
        "expect_answers" => {
            only(&["result", "error", "as"])?;
            Ok(Act::ExpectAnswers { ids: ids(&main)?, content: content(members)?, save: save()? })
        }
        "collect" => {
            only(&["count", "as"])?;
            let count = members.need("count")?.count()?;
            Ok(Act::Collect { method: main.text()?.to_owned(), count, save: save()? })
        }
        "expect_end" => flag(Act::ExpectEnd),
        "answer" => {
            only(&["result", "error"])?;
            Ok(Act::Send(answer(members, main.text()?)?))
        }
        "answer_all" => {
            only(&["order", "result", "error"])?;
            let orders = [("kept", Order::Kept), ("reversed", Order::Reversed), ("shuffled", Order::Shuffled)];
            let order = members.maybe("order", |order| order.one_of(&orders))?.unwrap_or(Order::Kept);
            Ok(Act::AnswerAll { calls: main.text()?.to_owned(), order, answer: answer(members, "it")? })
        }
        "notify" => only(&["params", "more"]).and_then(|()| notify(members, &main)),
        "ask" => {
            only(&["id", "params"])?;
            main.text()?;
            members.need("id")?;
            message(&members.at, members, &[("method", "ask"), ("id", "id"), ("params", "params")])
        }
        "send" => only(&[]).and_then(|()| main.template()).map(|template| Act::Send(template.line())),
        "bytes" => {
            only(&[])?;
            Ok(Act::Bytes(main.items()?.iter().map(bytes).collect::<Result<_, _>>()?))
        }
        "stderr" => {
            only(&["count"])?;
            let count = members.maybe("count", Placed::count)?.unwrap_or(1);
            Ok(Act::Stderr { line: Template::text(&main)?.line(), count })
        }
        "sleep_ms" => only(&[]).and_then(|()| main.count()).map(Act::SleepMs),
        "close" => {
            let pipes = [("stdin", Pipe::Stdin), ("stdout", Pipe::Stdout), ("stderr", Pipe::Stderr)];
            only(&[]).and_then(|()| main.one_of(&pipes)).map(Act::Close)
        }
        "stop_reading" => flag(Act::StopReading),
        "read_on" => flag(Act::ReadOn),
        "stubborn" => flag(Act::Stubborn),
        "grandchild" => only(&[]).and_then(|()| main.text()).map(|name| Act::Grandchild(name.to_owned())),
        "exit" => {
            only(&[])?;
            let code = u8::try_from(main.count()?).map_err(|_| main.at.not("an exit code, at most 255", main.value))?;
            Ok(Act::Exit(code))
        }
        "die" => {
            let signals: Vec<(&str, &'static str)> = DEADLY.iter().map(|name| (*name, *name)).collect();
            only(&[]).and_then(|()| main.one_of(&signals)).map(Act::Die)
        }
        _ => Err(members.at.wrong(format!("a step `{kind}`, which the peer hasn't"), KINDS)),
    }
}

const KINDS: &str = "launched, greet, expect, expect_answer, expect_answers, collect, expect_end, answer, answer_all, notify, ask, \
                     send, bytes, repeat, stderr, sleep_ms, close, stop_reading, read_on, stubborn, grandchild, \
                     linger, exit or die";

/// A call of `initialize`, its answer, and `initialized`.
fn greet(members: &Members<'_>, main: &Placed<'_>) -> Result<Act, Diagnostic> {
    let params = if main.is_true().is_ok() { None } else { Some(main.pattern()?) };
    let usual = usual_greeting();
    let result = members.get("result").map_or(&usual, |result| result.value);
    let reply = json!({"id": "${initialize.id}", "result": result});
    let reply = Placed::new(members.at.key("result"), &reply).template()?.line();
    Ok(Act::Several(vec![
        Act::Expect { method: "initialize".to_owned(), params, save: Some("initialize".to_owned()) },
        Act::Send(reply),
        Act::Expect { method: "initialized".to_owned(), params: None, save: None },
    ]))
}

/// What a server of the schema's version says of itself.
fn usual_greeting() -> Value {
    const SOURCE: &str = include_str!("../../../schema/codex/source.toml");
    let version = SOURCE.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    let agent = format!("peer/{} (scripted)", version.unwrap_or("0.0.0"));
    json!({"userAgent": agent, "codexHome": "/nowhere", "platformFamily": "unix", "platformOs": "linux"})
}

fn content(members: &Members<'_>) -> Result<Option<Content>, Diagnostic> {
    match (members.get("result"), members.get("error")) {
        (Some(result), None) => Ok(Some(("result", result.pattern()?))),
        (None, Some(error)) => Ok(Some(("error", error.pattern()?))),
        (None, None) => Ok(None),
        (Some(_), Some(error)) => Err(error.at.wrong("both `result` and `error`", "one of them")),
    }
}

/// A list of ids, or how many there are, counted from 0.
fn ids(main: &Placed<'_>) -> Result<Vec<Value>, Diagnostic> {
    if let Value::Array(ids) = main.value {
        return Ok(ids.clone());
    }
    let members = main.members()?;
    members.only(&["count"])?;
    let count = members.need("count")?.count()?;
    Ok((0..count).map(Value::from).collect())
}

/// The line that answers the call that was saved under `call`.
fn answer(members: &Members<'_>, call: &str) -> Result<Template, Diagnostic> {
    let (key, content) = match (members.get("result"), members.get("error")) {
        (Some(result), None) => ("result", result),
        (None, Some(error)) => ("error", error),
        _ => return Err(members.at.wrong("an answer", "either `result` or `error`")),
    };
    content.template()?;
    let reply = json!({"id": format!("${{{call}.id}}"), key: content.value});
    Ok(Placed::new(members.at.clone(), &reply).template()?.line())
}

fn notify(members: &Members<'_>, main: &Placed<'_>) -> Result<Act, Diagnostic> {
    main.text()?;
    let mut map = envelope(members, &[("method", "notify"), ("params", "params")]);
    if let Some(more) = members.get("more") {
        for (key, member) in more.members()?.iter() {
            map.insert(key.to_owned(), member.value.clone());
        }
    }
    let line = Value::Object(map);
    Ok(Act::Send(Placed::new(members.at.clone(), &line).template()?.line()))
}

fn message(at: &At, members: &Members<'_>, keys: &[(&str, &str)]) -> Result<Act, Diagnostic> {
    let line = Value::Object(envelope(members, keys));
    Ok(Act::Send(Placed::new(at.clone(), &line).template()?.line()))
}

/// A message's members out of a step's.
fn envelope(members: &Members<'_>, keys: &[(&str, &str)]) -> Map<String, Value> {
    let found = |(key, member): &(&str, &str)| Some(((*key).to_owned(), members.get(member)?.value.clone()));
    keys.iter().filter_map(found).collect()
}

fn bytes(placed: &Placed<'_>) -> Result<Template, Diagnostic> {
    let members = placed.members()?;
    match members.kind()? {
        "text" => members.only(&["text"]).and_then(|()| Template::text(&members.need("text")?)),
        "hex" => {
            members.only(&["hex"])?;
            let hex = members.need("hex")?;
            Ok(Template::bytes(from_hex(hex.text()?).ok_or_else(|| hex.at.not("pairs of hex digits", hex.value))?))
        }
        "fill" => {
            members.only(&["fill", "count"])?;
            let unit = members.need("fill")?.text()?;
            Ok(Template::fill(unit, members.need("count")?.count_of(unit)?))
        }
        kind => Err(placed.at.wrong(format!("`{kind}`"), "`text`, `hex`, or `fill` with `count`")),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text.chars().filter(|c| *c != ' ').map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let pair = |pair: &[u32]| u8::try_from(pair[0] * 16 + pair[1]).ok();
    if digits.len().is_multiple_of(2) { digits.chunks_exact(2).map(pair).collect() } else { None }
}
