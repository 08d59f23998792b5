//! Texts and a number that are hard to keep: what JSON escapes, what UTF-8 writes in many bytes, and names that mean something to a
//! language. And how a path is written.

use serde_json::Value;

/// Controls, quotes, a surrogate pair, what is no character, and line ends that are none to JSON.
pub const ODD: &str = "\0\u{1}\u{1f}\u{8}\u{c}\r\n\t\"\\/\u{7f}\u{80}\u{a0}e\u{301}é漢\u{2028}\u{2029}\u{feff}\u{fffd}\u{ffff}🦀\u{10ffff}";

/// A number of so many digits that some parsers take the next one.
pub const LONG: f64 = 31.245_270_191_439_438;

/// What no schema has.
pub const UNHEARD: &str = "unheard of";

/// Names that mean something to JavaScript, to Python's models, or to whoever writes a path.
pub const KEYS: &[&str] = &[
    "",
    "0",
    "__proto__",
    "constructor",
    "toString",
    "toJSON",
    "length",
    "$unknown",
    "self",
    "model_config",
    "model_extra",
    "a.b",
    "a b",
    "\"]\\",
    "naïve",
    "clé 🦀",
    ODD,
];

/// The step to a member, as paths write it.
pub fn member(name: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let first = name.chars().next();
    if first.is_some_and(|first| !first.is_ascii_digit()) && name.chars().all(plain) {
        format!(".{name}")
    } else {
        format!("[{}]", Value::from(name))
    }
}

/// The step to an element.
pub fn element(index: usize) -> String {
    format!("[{index}]")
}
