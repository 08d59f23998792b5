//! Plays the scenarios of `tests/scenarios`, whose README says what they mean, through the generated Rust package.
//!
//! - `program` reads a scenario, and refuses what the format lacks.
//! - `values` fills in what is sent; `patterns` compares what came, `errors` what failed.
//! - `calls` has the client's methods by their wire names; `config` its settings.
//! - `session` is one client with all that it has opened and was told; `steps` does the steps of a scenario with it,
//!   and `handling` answers what it is asked.
//! - `place` is who the server is: `peer`, the scripted one, or `real`, with the `model` it talks to; `wire` has what
//!   the real one has said.
//! - `types` has every type by its name, for the wire vectors.
//! - `player` plays a scenario from its start to its end, and sees that no process is left; `remains` sees to tasks and
//!   descriptors.

pub mod calls;
pub mod config;
pub mod errors;
pub mod handling;
pub mod model;
pub mod patience;
pub mod patterns;
pub mod peer;
pub mod place;
pub mod player;
pub mod processes;
pub mod program;
pub mod real;
pub mod remains;
pub mod results;
pub mod session;
pub mod steps;
pub mod types;
pub mod values;
pub mod wire;
