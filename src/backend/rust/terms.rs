//! Proper names in prose, such as `GitHub`, that clippy takes for identifiers which lack their backticks.

use std::collections::BTreeSet;

use crate::ir::{Meta, Protocol, TypeKind};

/// The words in the docs of `protocol` that are written like identifiers but stand outside of code, in order.
pub fn names(protocol: &Protocol) -> BTreeSet<&str> {
    metas(protocol)
        .flat_map(|meta| &meta.doc.paragraphs)
        .flat_map(|paragraph| paragraph.split('`').step_by(2))
        .flat_map(|prose| prose.split(|letter: char| !letter.is_ascii_alphanumeric()))
        .filter(|word| looks_like_an_identifier(word))
        .collect()
}

/// Every node's facts.
fn metas(protocol: &Protocol) -> impl Iterator<Item = &Meta> {
    let requests = protocol.requests.iter().map(|request| &request.meta);
    let notifications = protocol.notifications.iter().map(|notification| &notification.meta);
    let members = protocol.types.defs.iter().flat_map(|def| -> Vec<&Meta> {
        match &def.kind {
            TypeKind::Struct(structure) => structure.fields.iter().map(|field| &field.meta).collect(),
            TypeKind::Enum(enumeration) => enumeration.values.iter().map(|value| &value.meta).collect(),
            TypeKind::Union(union) => {
                let variants = union.variants.iter().map(|variant| &variant.meta);
                variants.chain(union.shared.iter().map(|field| &field.meta)).collect()
            }
            TypeKind::Alias(_) => Vec::new(),
        }
    });
    requests.chain(notifications).chain(protocol.types.defs.iter().map(|def| &def.meta)).chain(members)
}

/// Whether there are small letters, and at least two capitals of which one isn't the first letter.
fn looks_like_an_identifier(word: &str) -> bool {
    let capital = |letter: char| letter.is_ascii_uppercase();
    word.contains(|letter: char| letter.is_ascii_lowercase())
        && word.chars().filter(|letter| capital(*letter)).count() > 1
        && word.chars().skip(1).any(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proper_names_are_told_from_words() {
        for name in ["ChatGPT", "GovCloud", "OpenAI", "UUIDv7"] {
            assert!(looks_like_an_identifier(name), "{name}");
        }
        for word in ["Bedrock", "API", "server", "I", ""] {
            assert!(!looks_like_an_identifier(word), "{word}");
        }
    }
}
