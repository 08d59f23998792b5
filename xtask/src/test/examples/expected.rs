//! What a program must print: lines with places in them that differ from run to run.

use similar::TextDiff;

/// Something in a line that differs from run to run.
struct Place {
    mark: &'static str,
    allows: fn(&str) -> bool,
}

/// The places, each as narrow as what stands there allows.
const PLACES: &[Place] = &[
    Place { mark: "[id]", allows: is_id },
    Place { mark: "[number]", allows: is_number },
    Place { mark: "[version]", allows: is_version },
    Place { mark: "[word]", allows: |text| !text.is_empty() && !text.contains(char::is_whitespace) },
    Place { mark: "[..]", allows: |_| true },
];

/// How what was printed differs from what was expected, as a unified diff; nothing if it doesn't.
pub fn difference(expected: &str, printed: &str) -> Option<String> {
    let wanted: Vec<&str> = expected.lines().collect();
    let found: Vec<&str> = printed.lines().collect();
    if wanted.len() == found.len() && wanted.iter().zip(&found).all(|(wanted, found)| fits(wanted, found)) {
        return None;
    }
    let wanted = filled(&wanted, &found).join("\n") + "\n";
    let found = found.join("\n") + "\n";
    let diff = TextDiff::from_lines(&wanted, &found);
    Some(diff.unified_diff().context_radius(3).header("expected", "printed").to_string())
}

/// The wanted lines, with what was found in the place of those that fit it: a diff then shows the others alone.
fn filled<'lines>(wanted: &[&'lines str], found: &[&'lines str]) -> Vec<&'lines str> {
    let mut rest = found;
    let line = |wanted: &&'lines str| match rest.iter().position(|found| fits(wanted, found)) {
        Some(index) => {
            let line = rest[index];
            rest = &rest[index + 1..];
            line
        }
        None => wanted,
    };
    wanted.iter().map(line).collect()
}

/// Whether a line is as a pattern says.
fn fits(pattern: &str, line: &str) -> bool {
    let place = PLACES.iter().filter_map(|place| Some((pattern.find(place.mark)?, place))).min_by_key(|(at, _)| *at);
    let Some((at, Place { mark, allows })) = place else { return pattern == line };
    let (before, behind) = (&pattern[..at], &pattern[at + mark.len()..]);
    let Some(rest) = line.strip_prefix(before) else { return false };
    let mut ends = rest.char_indices().map(|(index, _)| index).chain([rest.len()]);
    ends.any(|end| allows(&rest[..end]) && fits(behind, &rest[end..]))
}

/// An id as the server makes them: 36 characters, of which four are dashes.
fn is_id(text: &str) -> bool {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Three numbers with dots between them.
fn is_version(text: &str) -> bool {
    text.split('.').count() == 3 && text.split('.').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_take_what_they_are_for() {
        let id = "01a218da-9049-7601-aeb3-bbf87fc1f2b8";
        for (pattern, line) in [
            ("plain", "plain"),
            ("thread [id].", &format!("thread {id}.")),
            ("took [number] ms", "took 12 ms"),
            ("[word] [version]", "codex 0.163.0"),
            ("a[..]b[..]", "a-b"),
            ("[0, 1]", "[0, 1]"),
        ] {
            assert!(fits(pattern, line), "{pattern} / {line}");
        }
        for (pattern, line) in [
            ("plain", "plain "),
            ("thread [id].", "thread 01a218da."),
            ("took [number] ms", "took  ms"),
            ("took [number] ms", "took 1.5 ms"),
            ("[version]", "0.163"),
            ("[word]", "two words"),
            ("a[..]b", "a-c"),
        ] {
            assert!(!fits(pattern, line), "{pattern} / {line}");
        }
    }

    #[test]
    fn a_difference_shows_what_is_wrong_alone() {
        assert_eq!(difference("a [number]\nb\n", "a 1\nb\n"), None);
        let diff = difference("a [number]\nb\nc [number]\n", "a 1\nx\nc 2\n").unwrap();
        assert!(diff.contains("\n-b\n+x\n") && diff.contains("\n a 1\n") && diff.contains("\n c 2"), "{diff}");
        let more = difference("a\n", "a\nb\n").unwrap();
        assert!(more.contains("\n+b"), "{more}");
        let fewer = difference("a\nb [word]\n", "a\n").unwrap();
        assert!(fewer.contains("\n-b [word]"), "{fewer}");
    }
}
