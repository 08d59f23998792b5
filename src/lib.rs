//! rpcsmith turns the schema of a JSON-RPC protocol into SDKs.
//!
//! One direction, and no step looks back:
//!
//! 1. [`load`] reads a folder of JSON Schemas ([`schema`]) and a profile ([`profile`]), and lowers them ([`lower`])
//!    to one model of the protocol, [`ir::Protocol`]. What is wrong with them comes back as [`diagnostic`]s, all in
//!    one run.
//! 2. [`render`] gives the packages of the languages asked for, as texts by path: one [`backend`] a language, which
//!    sees the model alone.
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

pub use backend::{BUILT, Files, Language};
pub use load::{Inputs, load};

use diagnostic::Diagnostics;
use ir::Protocol;

/// The packages of `languages`, each under the language's name.
///
/// Languages are rendered side by side, since none knows of another.
pub fn render(protocol: &Protocol, languages: &[Language]) -> Result<Vec<(Language, Files)>, Diagnostics> {
    let rendered: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = languages
            .iter()
            .map(|language| (*language, scope.spawn(move || backend::render(protocol, *language))))
            .collect();
        running
            .into_iter()
            .map(|(language, thread)| {
                (language, thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            })
            .collect()
    });
    let mut packages = Vec::with_capacity(rendered.len());
    let mut diagnostics = Diagnostics::default();
    for (language, result) in rendered {
        match result {
            Ok(files) => packages.push((language, files)),
            Err(problems) => diagnostics.extend(problems),
        }
    }
    if diagnostics.is_empty() { Ok(packages) } else { Err(diagnostics) }
}
