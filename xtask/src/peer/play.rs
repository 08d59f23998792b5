//! The playing of a script: one step after the other, until one fails or the script is through.
//!
//! Knows the protocol's envelope: what is a call, a notification, an answer.

use super::input::{Came, Input};
use super::output::Output;
use super::process;
use super::report::Report;
use crate::scenario::names::Names;
use crate::scenario::pattern::Pattern;
use crate::scenario::peer_steps::{Act, Content, Order, Pipe, Step};
use crate::scenario::place::shorten;
use crate::scenario::template::{Template, Trouble};
use crate::signals;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io;
use std::time::Duration;

pub struct Player {
    names: Names,
    input: Input,
    output: Output,
    pub report: Report,
    /// What the client added to the peer's own arguments.
    args: Vec<String>,
    stubborn: bool,
}

/// Why the script doesn't go on.
pub enum Stop {
    /// An expectation wasn't met, or the step couldn't be done.
    Failed(String),
    /// Writing failed, since nobody reads any more.
    HungUp(String),
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Missing(text) => Self::Failed(text),
            Trouble::Pipe(error) => error.into(),
        }
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::HungUp("the client has closed the pipe that is written to".to_owned())
        } else {
            Self::Failed(error.to_string())
        }
    }
}

/// How a script that is through goes on.
pub enum Ending {
    EndOfInput,
    Linger(Vec<Step>),
    Exit(u8),
    Die(&'static str),
}

impl Player {
    pub fn new(input: Input, output: Output, report: Report, args: Vec<String>) -> Self {
        Self { names: Names::default(), input, output, report, args, stubborn: false }
    }

    /// Does one step and says how the script ends, if this is its end.
    pub fn step(&mut self, step: &Step) -> Result<Option<Ending>, Stop> {
        let ending = match &step.act {
            Act::Linger { sending } => Some(Ending::Linger(sending.clone())),
            Act::Exit(code) => Some(Ending::Exit(*code)),
            Act::Die(signal) => Some(Ending::Die(signal)),
            act => self.act(act).map(|()| None)?,
        };
        self.output.flush()?;
        Ok(ending)
    }

    /// Ends the way that the script says; comes back only if that is the ordinary way out.
    pub fn end(&mut self, ending: Ending) -> Result<(), Stop> {
        match ending {
            Ending::EndOfInput => {
                self.expect_end()?;
                if self.stubborn {
                    process::rest();
                }
                Ok(())
            }
            Ending::Linger(sending) => self.linger(&sending),
            Ending::Exit(code) => std::process::exit(i32::from(code)),
            Ending::Die(signal) => Err(signals::die_of(signal).into()),
        }
    }

    fn act(&mut self, act: &Act) -> Result<(), Stop> {
        match act {
            Act::Launched(pattern) => self.compare(pattern, Some(&launch(&self.args)), "how the peer was launched"),
            Act::Several(acts) => acts.iter().try_for_each(|act| self.act(act)),
            Act::Expect { method, params, save } => {
                let message = self.expect(method, params.as_ref())?;
                self.save(save.as_ref(), message);
                Ok(())
            }
            Act::ExpectAnswer { id, content, save } => {
                let message = self.answer()?;
                self.compare(id, message.get("id"), "the id of an answer")?;
                self.compare_content(content.as_ref(), &message)?;
                self.save(save.as_ref(), message);
                Ok(())
            }
            Act::ExpectAnswers { ids, content, save } => {
                let messages = self.expect_answers(ids, content.as_ref())?;
                self.save(save.as_ref(), Value::Array(messages));
                Ok(())
            }
            Act::Collect { method, count, save } => {
                let mut messages = Vec::new();
                for _ in 0..*count {
                    messages.push(self.expect(method, None)?);
                }
                self.save(save.as_ref(), Value::Array(messages));
                Ok(())
            }
            Act::ExpectEnd => self.expect_end(),
            Act::Send(template) => self.send(template),
            Act::AnswerAll { calls, order, answer } => self.answer_all(calls, *order, answer),
            Act::Bytes(parts) => parts.iter().try_for_each(|part| self.send(part)),
            Act::Repeat { steps, count } => self.repeat(steps, *count),
            Act::Stderr { line, count } => {
                let out = self.output.stderr()?;
                (0..*count).try_for_each(|_| line.write(&self.names, out)).map_err(Stop::from)
            }
            Act::SleepMs(time) => {
                self.output.flush()?;
                std::thread::sleep(Duration::from_millis(*time));
                Ok(())
            }
            Act::Close(pipe) => self.close(*pipe),
            Act::StopReading => {
                self.input.stop();
                Ok(())
            }
            Act::ReadOn => {
                self.input.read_on();
                Ok(())
            }
            Act::Stubborn => {
                self.stubborn = true;
                Ok(signals::ignore()?)
            }
            Act::Grandchild(name) => {
                self.output.flush()?;
                Ok(self.report.process(process::grandchild()?, name)?)
            }
            Act::Linger { .. } | Act::Exit(_) | Act::Die(_) => Err(Stop::Failed("only a last step ends".to_owned())),
        }
    }

    fn save(&mut self, name: Option<&String>, value: Value) {
        if let Some(name) = name {
            self.names.save(name, value);
        }
    }

    fn compare(&self, pattern: &Pattern, found: Option<&Value>, what: &str) -> Result<(), Stop> {
        match pattern.misfit(found, &self.names) {
            None => Ok(()),
            Some(misfit) => {
                let found = found.map_or_else(|| "absent".to_owned(), |value| shorten(&value.to_string()));
                Err(Stop::Failed(format!("{what}: {misfit}; all of it: {found}")))
            }
        }
    }

    /// The next message, which has to be of a call, notification or answer.
    fn take(&mut self, expected: &str) -> Result<Value, Stop> {
        self.output.flush()?;
        let failed = |text: String| Stop::Failed(format!("expected {expected}, but {text}"));
        if !self.input.is_reading() {
            return Err(failed("an earlier `stop_reading` has no `read_on`".to_owned()));
        }
        let shown = |line: &[u8]| shorten(&String::from_utf8_lossy(line));
        match self.input.next() {
            Came::End => Err(failed("the input has ended".to_owned())),
            Came::Unfinished(line) => Err(failed(format!("the input ended within a line: {}", shown(&line)))),
            Came::Line(line) => match serde_json::from_slice(&line) {
                Ok(message @ Value::Object(_)) => Ok(message),
                Ok(_) => Err(failed(format!("a line came that is no object: {}", shown(&line)))),
                Err(error) => Err(failed(format!("a line came that is not JSON ({error}): {}", shown(&line)))),
            },
        }
    }

    fn expect(&mut self, method: &str, params: Option<&Pattern>) -> Result<Value, Stop> {
        let message = self.take(&format!("`{method}`"))?;
        if message.get("method").and_then(Value::as_str) != Some(method) {
            let came = shorten(&message.to_string());
            return Err(Stop::Failed(format!("expected `{method}`, but this came: {came}")));
        }
        if let Some(pattern) = params {
            self.compare(pattern, message.get("params"), &format!("the params of `{method}`"))?;
        }
        Ok(message)
    }

    /// The next message, which has to be an answer.
    fn answer(&mut self) -> Result<Value, Stop> {
        let message = self.take("an answer")?;
        if message.get("method").is_some() {
            let came = shorten(&message.to_string());
            return Err(Stop::Failed(format!("expected an answer, but this came: {came}")));
        }
        Ok(message)
    }

    /// As many answers as there are ids, one to each.
    fn expect_answers(&mut self, ids: &[Value], content: Option<&Content>) -> Result<Vec<Value>, Stop> {
        let mut open: HashSet<String> = ids.iter().map(Value::to_string).collect();
        let mut messages = Vec::new();
        while messages.len() < ids.len() {
            let message = self.answer()?;
            if !message.get("id").is_some_and(|id| open.remove(&id.to_string())) {
                let came = shorten(&message.to_string());
                return Err(Stop::Failed(format!(
                    "expected an answer to one of the ids still open, but this came: {came}"
                )));
            }
            self.compare_content(content, &message)?;
            messages.push(message);
        }
        Ok(messages)
    }

    fn compare_content(&self, content: Option<&Content>, message: &Value) -> Result<(), Stop> {
        let Some((member, pattern)) = content else { return Ok(()) };
        if message.get(member).is_none() {
            let came = shorten(&message.to_string());
            return Err(Stop::Failed(format!("expected an answer with `{member}`, but this came: {came}")));
        }
        self.compare(pattern, message.get(member), &format!("the answer's {member}"))
    }

    fn expect_end(&mut self) -> Result<(), Stop> {
        self.output.flush()?;
        if !self.input.is_reading() {
            return Err(Stop::Failed(
                "the end of input can't be seen: an earlier `stop_reading` has no `read_on`".to_owned(),
            ));
        }
        match self.input.next() {
            Came::End => Ok(()),
            Came::Line(line) | Came::Unfinished(line) => {
                let line = shorten(&String::from_utf8_lossy(&line));
                Err(Stop::Failed(format!("expected the end of input, but this came: {line}")))
            }
        }
    }

    fn send(&mut self, template: &Template) -> Result<(), Stop> {
        Ok(template.write(&self.names, self.output.stdout()?)?)
    }

    fn answer_all(&mut self, calls: &str, order: Order, answer: &Template) -> Result<(), Stop> {
        let Some(Value::Array(calls)) = self.names.get(calls) else {
            return Err(Stop::Failed(format!("no list was saved under `{calls}`")));
        };
        let mut calls = calls.clone();
        match order {
            Order::Kept => {}
            Order::Reversed => calls.reverse(),
            Order::Shuffled => shuffle(&mut calls),
        }
        for call in calls {
            self.names.save("it", call);
            self.send(answer)?;
        }
        Ok(())
    }

    fn repeat(&mut self, steps: &[Step], count: u64) -> Result<(), Stop> {
        for number in 0..count {
            self.names.save("n", number.into());
            for step in steps {
                self.act(&step.act).map_err(|stop| match stop {
                    Stop::Failed(why) => Stop::Failed(format!("round {number}, {}: {why}", step.label)),
                    hung_up @ Stop::HungUp(_) => hung_up,
                })?;
            }
        }
        Ok(())
    }

    fn close(&mut self, pipe: Pipe) -> Result<(), Stop> {
        match pipe {
            Pipe::Stdin => self.input.close(),
            Pipe::Stdout => self.output.close_stdout()?,
            Pipe::Stderr => self.output.close_stderr()?,
        }
        Ok(())
    }

    /// Waits for the end of input, and sends meanwhile; or for ever.
    fn linger(&mut self, sending: &[Step]) -> Result<(), Stop> {
        let mut round: u64 = 0;
        while !sending.is_empty() && !self.input.is_over() {
            self.names.save("n", round.into());
            round += 1;
            let sent = sending.iter().try_for_each(|step| self.act(&step.act));
            match sent.and_then(|()| self.output.flush().map_err(Stop::from)) {
                Err(Stop::HungUp(_)) => break,
                result => result?,
            }
        }
        if !self.input.is_reading() {
            process::rest();
        }
        while !matches!(self.input.next(), Came::End) {}
        if self.stubborn {
            process::rest();
        }
        Ok(())
    }
}

/// What the client started: arguments after the peer's own, environment and working folder.
fn launch(args: &[String]) -> Value {
    let env: serde_json::Map<String, Value> = std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value.to_string_lossy().into()))
        .collect();
    let folder = std::env::current_dir().map(|folder| folder.display().to_string()).unwrap_or_default();
    json!({"args": args, "env": env, "cwd": folder})
}

/// An order that is the same each time, and looks like none.
fn shuffle(items: &mut [Value]) {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    for index in (1..items.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = state % (index as u64 + 1);
        items.swap(index, usize::try_from(other).unwrap_or(index));
    }
}
