//! Versions: where a server tells its own, and which of two is the newer one.
//!
//! Knows semantic versions; knows nothing of connections.

use std::cmp::Ordering;

use serde_json::Value;

use super::facts::{VersionPlace, look_up};

/// What versions are compared by.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Version {
    numbers: Vec<u64>,
    preview: Preview,
}

/// A version that is not released yet comes before the released one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Preview {
    Of(Vec<Part>),
    Released,
}

/// Numbers come before words.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Number(u64),
    Word(String),
}

/// The version that the answer to the first call tells, whatever it looks like.
pub(crate) fn version_in<'a>(greeting: &'a Value, place: &VersionPlace) -> Option<&'a str> {
    let text = look_up(greeting, place.path)?.as_str()?;
    let text = place.before.map_or(text, |end| text.split_once(end).map_or(text, |(version, _)| version));
    match place.after {
        None => Some(text),
        Some(start) => text.rsplit_once(start).map(|(_, version)| version),
    }
}

/// How `found` stands to `expected`; `None` if one of them is no semantic version.
pub(crate) fn compare(found: &str, expected: &str) -> Option<Ordering> {
    Some(read(found)?.cmp(&read(expected)?))
}

fn read(text: &str) -> Option<Version> {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (numbers, preview) = text.split_once('-').map_or((text, None), |(numbers, preview)| (numbers, Some(preview)));
    let numbers: Vec<u64> = numbers.split('.').map(|part| number(part, 9)).collect::<Option<_>>()?;
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-".contains(letter))
    };
    if numbers.len() != 3 || !preview.into_iter().chain(build).all(plain) {
        return None;
    }
    let part = |part: &str| number(part, 15).map_or_else(|| Part::Word(part.to_owned()), Part::Number);
    let preview = preview.map_or(Preview::Released, |preview| Preview::Of(preview.split('.').map(part).collect()));
    Some(Version { numbers, preview })
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let plain = text.len() <= digits && text.chars().all(|letter| letter.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_order() {
        let ascending =
            ["0.9.0", "0.10.0-alpha", "0.10.0-alpha.2", "0.10.0-alpha.10", "0.10.0-beta", "0.10.0", "0.10.1", "1.0.0"];
        for (index, one) in ascending.iter().enumerate() {
            for (place, other) in ascending.iter().enumerate() {
                assert_eq!(compare(one, other), Some(index.cmp(&place)), "{one} {other}");
            }
        }
        assert_eq!(compare("1.0.0+linux", "1.0.0"), Some(Ordering::Equal));
    }

    #[test]
    fn what_is_no_version() {
        for text in ["", "1", "1.2", "1.2.3.4", "v1.2.3", "1.2.x", "1.2.3-", "1.2.3+", "1.2.3 ", "1.2.9999999999"] {
            assert_eq!(compare(text, "1.2.3"), None, "{text}");
        }
    }
}
