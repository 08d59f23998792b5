//! The client's steps of a scenario, with what each is made of.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeOwned, Error, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Config, Fails, Handler, Limit, Retry, given};
use crate::values::Trouble;

/// Something that the client's user does, with the name of its kind.
#[derive(Debug, Clone)]
pub struct Step {
    pub kind: String,
    pub act: Act,
}

/// The steps' members, by the step's kind.
macro_rules! steps {
    ($(
        $kind:literal $variant:ident {
            $($(#[$attribute:meta])* $member:ident $(= $wire:literal)?: $type:ty,)*
        }
    )*) => {
        /// What a step does. The names of members are those of the format.
        #[derive(Debug, Clone)]
        pub enum Act {
            $($variant($variant),)*
        }

        $(
            #[derive(Debug, Clone, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub struct $variant {
                $($(#[$attribute])* $(#[serde(rename = $wire)])? pub $member: $type,)*
            }
        )*

        impl Act {
            fn read(kind: &str, step: &RawValue) -> Result<Self, Trouble> {
                match kind {
                    $($kind => members(step).map(Self::$variant),)*
                    _ => Err(format!("there is no step `{kind}`")),
                }
            }
        }
    };
}

steps! {
    "start" Start {
        start: True,
        #[serde(default)] config: Config,
        #[serde(default)] handlers: BTreeMap<String, Handler>,
        fails: Option<Fails>,
    }
    "call" Call {
        method = "call": String,
        #[serde(default, deserialize_with = "given")] params: Option<Value>,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        #[serde(default)] save: BTreeMap<String, String>,
        later: Option<String>,
        #[serde(default)] timeout_ms: Limit,
        retry: Option<Retry>,
        #[serde(default)] untyped: bool,
        #[serde(default)] cancel_first: bool,
    }
    "open" Open {
        method = "open": String,
        #[serde(default, deserialize_with = "given")] params: Option<Value>,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        #[serde(default)] save: BTreeMap<String, String>,
        name = "as": Option<String>,
        later: Option<String>,
        #[serde(default)] timeout_ms: Limit,
    }
    "await" Await {
        name = "await": String,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "cancel" Cancel { name = "cancel": String, }
    "notify" Notify {
        method = "notify": String,
        #[serde(default, deserialize_with = "given")] params: Option<Value>,
        fails: Option<Fails>,
    }
    "stream" Stream { name = "stream": String, }
    "subscribe" Subscribe { name = "subscribe": String, of: String, }
    "events" Events { name = "events": String, are: Vec<Value>, }
    "until" Until {
        name = "until": String,
        event: Value,
        counts: Option<BTreeMap<String, Value>>,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "ends" Ends { name = "ends": String, fails: Option<Fails>, }
    "drain" Drain { name = "drain": String, least: Option<usize>, most: Option<usize>, }
    "close_stream" CloseStream { name = "close_stream": String, }
    "next" Next {
        event = "next": Value,
        fails: Option<Fails>,
        #[serde(default)] timeout_ms: Limit,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "wait_end" WaitEnd {
        method = "wait_end": String,
        id: String,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        later: Option<String>,
        #[serde(default)] timeout_ms: Limit,
    }
    "handler" SetHandler {
        method = "handler": String,
        #[serde(default)] returns: Value,
        raises: Option<String>,
        calls: Option<Box<Call>>,
        waits_for: Option<String>,
        #[serde(default)] plain: bool,
    }
    "asked" Asked {
        method = "asked": String,
        params: Option<Value>,
        #[serde(default)] save: BTreeMap<String, String>,
    }
    "release" Release { gate = "release": String, }
    "unknowns" Unknowns { are = "unknowns": Vec<Value>, }
    "overflow" Overflowed { stream = "overflow": Value, least: Option<u64>, }
    "stderr_hook" StderrHook { line = "stderr_hook": Value, }
    "signal" Signal { name = "signal": String, }
    "close" Close { close: True, times: Option<usize>, }
    "leave" Leave { leave: True, }
    "gone" Gone { gone: True, }
    "closed" Closed { closed: bool, }
    "stderr_tail" StderrTail { lines = "stderr_tail": Value, }
    "server_info" ServerInfo { info = "server_info": Value, }
    "parallel" Parallel { lists = "parallel": Vec<Vec<Step>>, }
    "repeat" Repeat { steps = "repeat": Vec<Step>, count: u64, at_once: Option<usize>, }
    "file" WriteFile { path = "file": String, text: Value, }
    "has_file" HasFile { path = "has_file": String, text: Option<Value>, }
    "model" Model { what = "model": Stop, }
    "hang_up" HangUp { hang_up: True, }
    "login" Login {
        way = "login": Way,
        #[serde(default)] key: Option<String>,
        name = "as": Option<String>,
        shows: Option<Value>,
        fails: Option<Fails>,
        #[serde(default)] timeout_ms: Limit,
    }
    "wait_login" WaitLogin {
        name = "wait_login": String,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        fails: Option<Fails>,
        later: Option<String>,
        #[serde(default)] timeout_ms: Limit,
    }
    "cancel_login" CancelLogin { name = "cancel_login": String, fails: Option<Fails>, }
    "thread" StartThread { name = "thread": String, fails: Option<Fails>, }
    "stream_text" StreamText {
        text = "stream_text": String,
        thread = "in": String,
        are: Vec<Value>,
        raises: Option<Value>,
        fails: Option<Fails>,
    }
    "run" Run {
        text = "run": String,
        thread = "in": String,
        #[serde(default, deserialize_with = "given")] result: Option<Value>,
        raises: Option<Value>,
        fails: Option<Fails>,
        later: Option<String>,
    }
}

/// `true`, where nothing else makes sense.
#[derive(Debug, Clone, Copy)]
pub struct True;

impl<'de> Deserialize<'de> for True {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if bool::deserialize(deserializer)? { Ok(Self) } else { Err(D::Error::custom("expected `true`")) }
    }
}

/// What can be done to the model server.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    Stop,
}

/// How to log in.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    ApiKey,
    Chatgpt,
    ChatgptDeviceCode,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let FirstKey(kind) = serde_json::from_str(raw.get()).map_err(D::Error::custom)?;
        let act = Act::read(&kind, &raw).map_err(|problem| D::Error::custom(format!("{problem}: {}", raw.get())))?;
        Ok(Self { kind, act })
    }
}

fn members<T: DeserializeOwned>(step: &RawValue) -> Result<T, Trouble> {
    serde_json::from_str(step.get()).map_err(|error| error.to_string())
}

/// The name of an object's first member.
struct FirstKey(String);

impl<'de> Deserialize<'de> for FirstKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;

        impl<'de> Visitor<'de> for Keys {
            type Value = FirstKey;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a step, an object whose first member names it")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FirstKey, A::Error> {
                let first = map.next_entry::<String, IgnoredAny>()?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                first.map(|(key, _)| FirstKey(key)).ok_or_else(|| A::Error::custom("a step without members"))
            }
        }

        deserializer.deserialize_map(Keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_member_names_the_step() {
        let step: Step = serde_json::from_str(r#"{"call": "a/b", "params": null, "timeout_ms": null}"#).unwrap();
        let Act::Call(call) = step.act else { panic!("{step:?}") };
        assert_eq!((step.kind.as_str(), call.method.as_str()), ("call", "a/b"));
        assert_eq!((call.params, call.result, call.timeout_ms), (Some(Value::Null), None, Limit::None));
    }

    #[test]
    fn what_the_format_lacks_is_refused() {
        for (step, problem) in [
            ("{}", "without members"),
            ("[1]", "first member"),
            (r#"{"cal": 1}"#, "there is no step `cal`"),
            (r#"{"params": {}, "call": "x"}"#, "there is no step `params`"),
            (r#"{"call": "x", "param": {}}"#, "unknown field `param`"),
            (r#"{"close": false}"#, "expected `true`"),
            (r#"{"parallel": [[{"nap": 1}]]}"#, "there is no step `nap`"),
            (r#"{"call": "x", "fails": {"kinds": "x"}}"#, "unknown field `kinds`"),
        ] {
            let error = serde_json::from_str::<Step>(step).unwrap_err().to_string();
            assert!(error.contains(problem), "{error}");
        }
    }
}
