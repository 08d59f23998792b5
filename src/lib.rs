//! rpcsmith turns the schema of a JSON-RPC protocol into SDKs.
#![deny(missing_docs)]

pub mod diagnostic;
pub mod ir;
