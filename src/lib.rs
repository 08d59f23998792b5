//! rpcsmith turns the schema of a JSON-RPC protocol into SDKs.
//!
//! One direction, and no step looks back:
//!
//! 1. [`load`] reads a folder of JSON Schemas ([`schema`]) and a profile ([`profile`]), and lowers them ([`lower`])
//!    to one model of the protocol, [`ir::Protocol`]. What is wrong with them comes back as [`diagnostic`]s, all in
//!    one run.
//! 2. [`render`] gives the packages and docs asked for, as texts by path: one [`backend`] a language and one for docs,
//!    which see the model alone.
//! 3. [`output`] writes them, or compares them with what is there. *Generate* and *check* differ in this step only.
#![deny(missing_docs)]

pub mod backend;
pub mod diagnostic;
pub mod ir;
mod load;
pub mod lower;
pub mod output;
pub mod profile;
pub mod schema;

pub use backend::{BUILT, Files, Language, Output};
pub use load::{Inputs, load};

use std::thread::{Scope, ScopedJoinHandle};

use diagnostic::Diagnostics;
use ir::Protocol;

/// The `outputs`, each under its name.
///
/// They are rendered side by side, since none knows of another.
pub fn render<O: Copy + Into<Output>>(protocol: &Protocol, outputs: &[O]) -> Result<Vec<(Output, Files)>, Diagnostics> {
    let rendered: Vec<_> = std::thread::scope(|scope| {
        let outputs = outputs.iter().map(|output| (*output).into());
        let running: Vec<(Output, _)> =
            outputs.map(|output| (output, spawn(scope, move || backend::render(protocol, output)))).collect();
        running.into_iter().map(|(output, thread)| (output, join(thread))).collect()
    });
    let mut packages = Vec::with_capacity(rendered.len());
    let mut diagnostics = Diagnostics::default();
    for (output, result) in rendered {
        match result {
            Ok(files) => packages.push((output, files)),
            Err(problems) => diagnostics.extend(problems),
        }
    }
    if diagnostics.is_empty() { Ok(packages) } else { Err(diagnostics) }
}

/// Types can refer to one another in chains as long as the schema likes, and are walked by recursion: a thread of the
/// usual size would overflow its stack where this one does not.
const STACK: usize = 512 << 20;

/// A thread with room for long chains. Memory that is not used is not taken.
fn spawn<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> ScopedJoinHandle<'scope, T> {
    let builder = std::thread::Builder::new().stack_size(STACK);
    builder.spawn_scoped(scope, work).unwrap_or_else(|error| panic!("the system gives no thread: {error}"))
}

/// What a thread has come to; its panic is ours.
fn join<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
