//! Blocks of data: they can be read.

use super::block::{Block, Language};
use crate::problem::Problem;

pub fn check(blocks: &[Block]) -> Vec<Problem> {
    let mut problems = Vec::new();
    for block in blocks {
        let read = match block.language {
            Language::Json => serde_json::from_str::<serde_json::Value>(&block.text).map_err(|error| error.to_string()),
            Language::Toml => toml::from_str::<toml::Table>(&block.text)
                .map(|_| serde_json::Value::Null)
                .map_err(|error| error.to_string()),
            Language::Python | Language::TypeScript | Language::Rust | Language::Shell | Language::Text => continue,
        };
        if let Err(error) = read {
            problems.push(block.place.problem(error));
        }
    }
    problems
}
