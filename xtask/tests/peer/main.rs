//! The scripted peer as clients start it: each step in a tiny scenario, driven over the pipes.
#![cfg(unix)]

mod process;
mod receiving;
mod sending;
mod support;
