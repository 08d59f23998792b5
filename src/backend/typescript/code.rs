//! TypeScript syntax as documents of the printer, broken where prettier breaks it. Knows no protocol.

use std::fmt::Write as _;

use serde_json::Value;

use crate::backend::pretty::{Doc, Layout, columns, print};

/// The width of a line.
pub const WIDTH: usize = 100;

/// `code` at `indent` spaces; the first line has none, as it stands behind what the template prints.
pub fn lay_out(code: &Doc, indent: usize) -> String {
    print(code, Layout { width: WIDTH, step: 2 }, indent)
}

/// A type of these alternatives behind `start`, which ends in a colon or an equals sign: one a line, each with a bar
/// before it, if they don't fit on one.
pub fn typed(start: impl Into<String>, mut parts: Vec<Doc>) -> Doc {
    let start = Doc::text(start.into());
    if parts.len() == 1 {
        return Doc::Concat(vec![start, Doc::text(" "), parts.remove(0)]);
    }
    let lines = Doc::indent(vec![Doc::Line, Doc::IfBroken("| "), alternatives(parts)]);
    Doc::Concat(vec![start, Doc::group(vec![lines])])
}

/// Alternatives between brackets, which say where the lines begin.
fn bracketed_union(mut parts: Vec<Doc>) -> Doc {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    Doc::group(vec![Doc::IfBroken("| "), alternatives(parts)])
}

fn alternatives(parts: Vec<Doc>) -> Doc {
    let mut chain = Vec::with_capacity(parts.len() * 3);
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            chain.extend([Doc::Line, Doc::text("| ")]);
        }
        // Its own lines start behind the bar.
        chain.push(Doc::indent(vec![part]));
    }
    Doc::Concat(chain)
}

/// `base<first, second>`; each argument by its alternatives.
pub fn generic(base: &str, arguments: Vec<Vec<Doc>>) -> Doc {
    let simple = |argument: &Vec<Doc>| matches!(argument.as_slice(), [Doc::Text(_)]);
    let inline = arguments.len() == 1 && arguments.iter().all(simple);
    let arguments: Vec<Doc> = arguments.into_iter().map(bracketed_union).collect();
    let open = Doc::text(format!("{base}<"));
    if inline {
        return Doc::Concat(vec![open, Doc::Concat(arguments), Doc::text(">")]);
    }
    Doc::group(vec![open, Doc::indent(vec![Doc::SoftLine, Doc::join(arguments, ",")]), Doc::SoftLine, Doc::text(">")])
}

/// `item[]`, by the alternatives of the item.
pub fn array(mut item: Vec<Doc>) -> Doc {
    if item.len() == 1 {
        return Doc::Concat(vec![item.remove(0), Doc::text("[]")]);
    }
    let inside = vec![Doc::SoftLine, Doc::IfBroken("| "), alternatives(item)];
    Doc::group(vec![Doc::text("("), Doc::indent(inside), Doc::SoftLine, Doc::text(")[]")])
}

/// `[first, second]`.
pub fn list(items: Vec<Doc>) -> Doc {
    enclosed("[", items, Doc::SoftLine, "]")
}

/// An array with one item a line, whether it would fit on one or not.
fn tall_list(items: Vec<Doc>) -> Doc {
    let lines = items.into_iter().flat_map(|item| [Doc::HardLine, item, Doc::text(",")]).collect();
    Doc::Concat(vec![Doc::text("["), Doc::indent(lines), Doc::HardLine, Doc::text("]")])
}

/// `{ key: value }` on one line where it fits; the keys as [`key`] gives them.
pub fn object(entries: Vec<(String, Doc)>) -> Doc {
    let entries = entries.into_iter().map(|(key, value)| property(&key, value)).collect();
    enclosed("{", entries, Doc::Line, "}")
}

/// `key: value`. A string that doesn't fit behind its key stands on the next line, unless the key is so short that
/// little would be gained.
pub fn property(key: &str, value: Doc) -> Doc {
    let is_string = matches!(&value, Doc::Text(text) if text.starts_with(['"', '\'']));
    if is_string && columns(key) >= 5 {
        return Doc::Concat(vec![Doc::text(format!("{key}:")), Doc::group(vec![Doc::indent(vec![Doc::Line, value])])]);
    }
    Doc::Concat(vec![Doc::text(format!("{key}: ")), value])
}

/// An object with one entry a line, whether it would fit on one or not: prettier leaves it so.
pub fn tall_object(entries: Vec<(String, Doc)>) -> Doc {
    if entries.is_empty() {
        return Doc::text("{}");
    }
    let entry = |(key, value): (String, Doc)| [Doc::HardLine, property(&key, value), Doc::text(",")];
    let lines = entries.into_iter().flat_map(entry).collect();
    Doc::Concat(vec![Doc::text("{"), Doc::indent(lines), Doc::HardLine, Doc::text("}")])
}

/// `import type { First, Second } from "module";`, or any statement of that form.
pub fn names_from(start: &str, names: Vec<String>, module: &str) -> Doc {
    let end = Doc::text(format!(" from {};", string(module)));
    let mut names: Vec<Doc> = names.into_iter().map(Doc::text).collect();
    if names.len() == 1 {
        return Doc::Concat(vec![Doc::text(format!("{start} {{ ")), names.remove(0), Doc::text(" }"), end]);
    }
    Doc::Concat(vec![Doc::text(format!("{start} ")), enclosed("{", names, Doc::Line, "}"), end])
}

/// `name(first, second): result`, or without a result, with whatever stands before `name`.
pub fn signature(name: &str, parameters: Vec<Doc>, result: Option<Doc>) -> Doc {
    let parameters = if parameters.is_empty() {
        vec![Doc::text("()")]
    } else {
        let inside = vec![Doc::SoftLine, Doc::join(parameters, ","), Doc::IfBroken(",")];
        vec![Doc::text("("), Doc::indent(inside), Doc::SoftLine, Doc::text(")")]
    };
    let mut parts = vec![Doc::text(name.to_owned())];
    parts.extend(parameters);
    parts.extend(result.into_iter().flat_map(|result| [Doc::text(": "), result]));
    Doc::group(parts)
}

/// `function(first, second)`.
pub fn call(function: &str, arguments: Vec<Doc>) -> Doc {
    enclosed(&format!("{function}("), arguments, Doc::SoftLine, ")")
}

/// A string literal, in the quotes that need fewer escapes; double ones where both are alike.
pub fn string(text: &str) -> String {
    let quote = if text.matches('"').count() > text.matches('\'').count() { '\'' } else { '"' };
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push(quote);
    for letter in text.chars() {
        match letter {
            '\\' => literal.push_str("\\\\"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            _ if letter == quote => literal.extend(['\\', letter]),
            // Control characters, line separators, and whatever else an editor can't show.
            '\0'..='\u{1f}' | '\u{7f}'..='\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}' => {
                let _ = write!(literal, "\\u{:04x}", u32::from(letter));
            }
            _ => literal.push(letter),
        }
    }
    literal.push(quote);
    literal
}

/// A member's name as it stands in an object or an interface: quoted where it is no identifier.
pub fn key(name: &str) -> String {
    if is_identifier(name) { name.to_owned() } else { string(name) }
}

/// Whether a member can be called so without quotes; keywords can. Letters outside of ASCII get quotes, as prettier
/// leaves both forms as they are.
fn is_identifier(name: &str) -> bool {
    let letter = |letter: char| letter.is_ascii_alphabetic() || letter == '_' || letter == '$';
    name.starts_with(letter) && name.chars().all(|next| letter(next) || next.is_ascii_digit())
}

/// A JSON value as an expression.
pub fn json(value: &Value) -> Doc {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => Doc::text(value.to_string()),
        Value::String(text) => Doc::text(string(text)),
        Value::Array(items) => {
            let parts = items.iter().map(json).collect();
            // Of several objects, or several arrays, each gets a line, however short they are.
            let sizes =
                |size: fn(&Value) -> Option<usize>| items.iter().all(|item| size(item).is_some_and(|size| size > 1));
            let objects = sizes(|item| item.as_object().map(serde_json::Map::len));
            let tall = items.len() > 1 && (objects || sizes(|item| item.as_array().map(Vec::len)));
            if tall { tall_list(parts) } else { list(parts) }
        }
        Value::Object(members) => object(members.iter().map(|(name, value)| (key(name), json(value))).collect()),
    }
}

/// Items on one line between brackets, or one a line with a comma behind the last. `edge` is what stands between a
/// bracket and its neighbour.
fn enclosed(open: &str, items: Vec<Doc>, edge: Doc, close: &'static str) -> Doc {
    if items.is_empty() {
        return Doc::text(format!("{open}{close}"));
    }
    Doc::group(vec![
        Doc::text(open.to_owned()),
        Doc::indent(vec![edge.clone(), Doc::join(items, ","), Doc::IfBroken(",")]),
        edge,
        Doc::text(close),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(items: &[&str]) -> Vec<Doc> {
        items.iter().map(|item| Doc::text((*item).to_owned())).collect()
    }

    fn statement(start: &'static str, value: Doc) -> String {
        lay_out(&Doc::Concat(vec![Doc::text(start), value, Doc::text(";")]), 0)
    }

    #[test]
    fn strings_take_the_quotes_that_need_fewer_escapes() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string(r#"say "a""#), r#"'say "a"'"#);
        assert_eq!(string("it's"), r#""it's""#);
        assert_eq!(string("a\\\n\u{1}"), r#""a\\\n\u0001""#);
    }

    #[test]
    fn only_names_that_need_quotes_have_them() {
        assert_eq!(key("$schema"), "$schema");
        assert_eq!(key("import"), "import");
        assert_eq!(key("on-request"), "\"on-request\"");
        assert_eq!(key("2fa"), "\"2fa\"");
    }

    #[test]
    fn a_long_union_has_one_line_an_alternative() {
        let (a, b) = ("A".repeat(50), "B".repeat(50));
        assert_eq!(statement("", typed("type T =", texts(&["A", "B"]))), "type T = A | B;");
        assert_eq!(statement("", typed("type T =", texts(&[&a, &b]))), format!("type T =\n  | {a}\n  | {b};"));
    }

    #[test]
    fn arrays_of_unions_are_in_parentheses() {
        let (a, b) = ("A".repeat(50), "B".repeat(50));
        assert_eq!(statement("x: ", array(texts(&["A"]))), "x: A[];");
        assert_eq!(statement("x: ", array(texts(&["A", "B"]))), "x: (A | B)[];");
        assert_eq!(statement("x: ", array(texts(&[&a, &b]))), format!("x: (\n  | {a}\n  | {b}\n)[];"));
    }

    #[test]
    fn parameters_stand_on_one_line_or_one_each() {
        let head = |name: &str| lay_out(&signature(name, texts(&["a: A", "b: B"]), Some(Doc::text("R"))), 2);
        assert_eq!(head("f"), "f(a: A, b: B): R");
        let long = "f".repeat(90);
        assert_eq!(head(&long), format!("{long}(\n    a: A,\n    b: B,\n  ): R"));
    }

    #[test]
    fn values_are_laid_out_as_the_formatter_does() {
        let print = |value: Value| lay_out(&json(&value), 0);
        assert_eq!(print(serde_json::json!({"a": [1, null], "b-c": {}})), "{ a: [1, null], \"b-c\": {} }");
        assert_eq!(print(serde_json::json!([{"a": 1}, {"a": 2}])), "[{ a: 1 }, { a: 2 }]");
        assert_eq!(print(serde_json::json!([[1, 2], [3, 4]])), "[\n  [1, 2],\n  [3, 4],\n]");
        let long = "x".repeat(90);
        assert_eq!(print(serde_json::json!({"abcdef": long})), format!("{{\n  abcdef:\n    \"{long}\",\n}}"));
        assert_eq!(print(serde_json::json!({"abcd": long})), format!("{{\n  abcd: \"{long}\",\n}}"));
    }

    #[test]
    fn a_single_name_is_imported_on_one_line() {
        let long = "A".repeat(90);
        let one = lay_out(&names_from("import type", vec![long.clone()], "./a.js"), 0);
        assert_eq!(one, format!("import type {{ {long} }} from \"./a.js\";"));
        let two = lay_out(&names_from("import type", vec![long.clone(), "B".into()], "./a.js"), 0);
        assert_eq!(two, format!("import type {{\n  {long},\n  B,\n}} from \"./a.js\";"));
    }
}
