//! Writes the way from a type's name in the model to the generated type, one line a type.
//!
//! Names are the words of the model in Rust's casing. Where the generator escapes one, the line doesn't compile, and
//! the escape is to be added here.

use rpcsmith::ir::Protocol;

/// The table that `src/types.rs` includes, which also has what it names. It is ordered by name.
pub fn source(protocol: &Protocol) -> String {
    let mut names: Vec<String> = protocol.types.defs.iter().map(|def| def.name.pascal()).collect();
    names.sort_unstable();
    let row = |name: String| format!("    ({name:?}, there_and_back::<types::{name}>),\n");
    let rows: String = names.into_iter().map(row).collect();
    format!("/// Every type by its name in the model.\npub const TYPES: &[(&str, RoundTrip)] = &[\n{rows}];\n")
}
