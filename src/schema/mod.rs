//! JSON Schema (draft-07) as read: documents, nodes, pointers, references.
//!
//! Knows the keywords that generators of schemas write, and refuses the ones it doesn't know. Knows no protocol,
//! no profile and no language.

mod document;
mod node;

pub use document::{Definition, Document};
pub use node::{Arms, JsonType, Node, Schema};
