//! The pieces of a streamed text, and what to wait for before each.
//!
//! Reads `"text"`, `["a", "b"]` and `[{ delta = "a", wait = "gate" }]` alike; written by hand rather than as an
//! untagged enum so that a misspelt key is named in the error.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::time::Duration;

/// What comes before an event: first the gate, then the delay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pause {
    pub gate: Option<String>,
    pub delay: Duration,
}

impl Pause {
    pub fn new(wait: Option<String>, delay_ms: u64) -> Self {
        Self { gate: wait, delay: Duration::from_millis(delay_ms) }
    }
}

/// One piece of a streamed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    pub pause: Pause,
    pub text: String,
}

/// All pieces of a streamed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deltas(pub Vec<Delta>);

impl Deltas {
    pub fn of(text: &str) -> Self {
        Self(vec![Delta { pause: Pause::default(), text: text.to_owned() }])
    }

    /// The text in one piece.
    pub fn whole(&self) -> String {
        self.0.iter().map(|delta| delta.text.as_str()).collect()
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct DeltaTable {
    delta: String,
    wait: Option<String>,
    #[serde(default)]
    delay_ms: u64,
}

impl<'de> Deserialize<'de> for Delta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Delta;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string or a table { delta, wait, delay_ms }")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Delta, E> {
                Ok(Delta { pause: Pause::default(), text: text.to_owned() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Delta, A::Error> {
                let table = DeltaTable::deserialize(MapAccessDeserializer::new(map))?;
                Ok(Delta { pause: Pause::new(table.wait, table.delay_ms), text: table.delta })
            }
        }
        deserializer.deserialize_any(Read)
    }
}

impl<'de> Deserialize<'de> for Deltas {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Deltas;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string or a list of deltas")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Deltas, E> {
                Ok(Deltas::of(text))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Deltas, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Deltas)
            }
        }
        deserializer.deserialize_any(Read)
    }
}
