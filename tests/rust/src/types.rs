//! Every type of the protocol by its name in the model.

use codex_app_server::{Decoding, Problem, Wire, types};
use serde_json::Value;

/// Reads a value as a type, and writes it again.
pub type RoundTrip = fn(Value, &mut Decoding) -> Result<Value, Problem>;

include!(concat!(env!("OUT_DIR"), "/types.rs"));

/// The round trip through the type of this name; `None` if there is none.
pub fn round_trip(name: &str) -> Option<RoundTrip> {
    let place = TYPES.binary_search_by_key(&name, |(name, _)| name).ok()?;
    TYPES.get(place).map(|(_, round_trip)| *round_trip)
}

fn there_and_back<T: Wire>(value: Value, cx: &mut Decoding) -> Result<Value, Problem> {
    T::decode(value, cx)?.encode()
}
