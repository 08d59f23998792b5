//! Runs the scenarios of `tests/scenarios` through the generated Rust package; see `tests/`.

pub mod calls;
