//! Python syntax as documents of the printer, broken where ruff's formatter breaks it. Knows no protocol.

use std::borrow::Cow;

use serde_json::Value;

use crate::backend::pretty::{Doc, Layout, print};

/// The width of a line.
pub const WIDTH: usize = 100;

/// `code` at `indent` spaces; the first line has none, as it stands behind what the template prints.
pub fn lay_out(code: &Doc, indent: usize) -> String {
    print(code, Layout { width: WIDTH, step: 4 }, indent)
}

/// `a | b | c`.
pub fn union(mut parts: Vec<Doc>) -> Doc {
    if parts.len() == 1 {
        return parts.remove(0);
    }
    let mut chain = Vec::with_capacity(parts.len() * 3);
    for (index, part) in parts.into_iter().enumerate() {
        if index > 0 {
            chain.extend([Doc::Line, Doc::text("| ")]);
        }
        chain.push(part);
    }
    Doc::group(chain)
}

/// `base[item]`, `base[first, second]`.
pub fn subscript(base: &str, items: Vec<Doc>) -> Doc {
    let single = items.len() == 1;
    // A comma behind a single item would make a tuple of it.
    let content = if single { Doc::Concat(items) } else { one_line_or_one_each(items) };
    enclosed(format!("{base}["), content, "]")
}

/// `function(first, name=second)`.
pub fn call(function: &str, arguments: Vec<Doc>) -> Doc {
    if arguments.is_empty() {
        return Doc::text(format!("{function}()"));
    }
    enclosed(format!("{function}("), one_line_or_one_each(arguments), ")")
}

/// `name=value`.
pub fn keyword(name: &str, value: Doc) -> Doc {
    Doc::Concat(vec![Doc::text(format!("{name}=")), value])
}

/// `[first, second]`.
pub fn list(items: Vec<Doc>) -> Doc {
    display("[", items, "]")
}

/// `{"key": value}`; the keys are expressions.
pub fn dict(entries: Vec<(String, Doc)>) -> Doc {
    let entries = entries.into_iter().map(|(key, value)| Doc::Concat(vec![Doc::text(format!("{key}: ")), value]));
    display("{", entries.collect(), "}")
}

/// `{first, second}`.
pub fn set(items: Vec<Doc>) -> Doc {
    display("{", items, "}")
}

/// `(first, second)`.
pub fn tuple(mut items: Vec<Doc>) -> Doc {
    if items.len() == 1 {
        return enclosed("(", Doc::Concat(vec![items.remove(0), Doc::text(",")]), ")");
    }
    display("(", items, ")")
}

/// `from module import First, Second`.
pub fn import(module: &str, names: &[String]) -> Doc {
    let names: Vec<Doc> = names.iter().cloned().map(Doc::text).collect();
    Doc::group(vec![
        Doc::text(format!("from {module} import ")),
        Doc::IfBroken("("),
        Doc::indent(vec![Doc::SoftLine, Doc::join(names, ","), Doc::IfBroken(",")]),
        Doc::SoftLine,
        Doc::IfBroken(")"),
    ])
}

/// `def name(self, first, second) -> result:`, with whatever stands before `name`.
pub fn signature(name: &str, parameters: Vec<Doc>, result: &str) -> Doc {
    let head = enclosed(format!("{name}("), one_line_or_one_each(parameters), ")");
    Doc::Concat(vec![head, Doc::text(format!(" -> {result}:"))])
}

/// `name: annotation` or `name: annotation = value`, as a statement.
pub fn annotated(name: &str, annotation: &[Doc], value: Option<Doc>) -> Doc {
    let mut statement = vec![Doc::text(format!("{name}: "))];
    statement.push(if annotation.len() > 1 {
        parenthesized(union(annotation.to_vec()))
    } else {
        Doc::Concat(annotation.to_vec())
    });
    if let Some(value) = value {
        statement.push(Doc::text(" = "));
        // An empty display has nothing that parentheses could help.
        let empty = matches!(&value, Doc::Text(text) if text == "[]" || text == "{}");
        statement.push(if empty { value } else { Doc::Wrap(Box::new(value)) });
    }
    Doc::Concat(statement)
}

/// `name: TypeAlias = a | b`, and any other assignment of one expression or a chain of them.
pub fn assignment(target: &str, parts: Vec<Doc>) -> Doc {
    let chain = parts.len() > 1;
    let value = union(parts);
    let value = if chain { parenthesized(value) } else { value };
    Doc::Concat(vec![Doc::text(format!("{target} = ")), value])
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
            _ if u32::from(letter) < 0x20 || letter == '\u{7f}' => {
                literal.extend(format!("\\x{:02x}", u32::from(letter)).chars());
            }
            // Line separators and whatever else an editor can't show.
            '\u{85}' | '\u{a0}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{feff}' => {
                literal.extend(format!("\\u{:04x}", u32::from(letter)).chars());
            }
            _ => literal.push(letter),
        }
    }
    literal.push(quote);
    literal
}

/// A JSON value as a Python expression.
pub fn json(value: &Value) -> Doc {
    match value {
        Value::Null => Doc::text("None"),
        Value::Bool(true) => Doc::text("True"),
        Value::Bool(false) => Doc::text("False"),
        Value::Number(number) => Doc::text(number.to_string().replace("e+", "e")),
        Value::String(text) => Doc::text(string(text)),
        Value::Array(items) => list(items.iter().map(json).collect()),
        Value::Object(members) => dict(members.iter().map(|(key, value)| (string(key), json(value))).collect()),
    }
}

/// Brackets around what is broken one item a line, without the step in between.
fn display(open: &'static str, items: Vec<Doc>, close: &'static str) -> Doc {
    if items.is_empty() {
        return Doc::text(format!("{open}{close}"));
    }
    enclosed(open, Doc::Concat(vec![Doc::join(items, ","), Doc::IfBroken(",")]), close)
}

fn enclosed(open: impl Into<Cow<'static, str>>, content: Doc, close: &'static str) -> Doc {
    Doc::group(vec![Doc::text(open), Doc::indent(vec![Doc::SoftLine, content]), Doc::SoftLine, Doc::text(close)])
}

/// The items on one line between the brackets' lines, or else one a line with a comma behind the last.
fn one_line_or_one_each(items: Vec<Doc>) -> Doc {
    Doc::group(vec![Doc::join(items, ","), Doc::IfBroken(",")])
}

fn parenthesized(content: Doc) -> Doc {
    Doc::group(vec![Doc::IfBroken("("), Doc::indent(vec![Doc::SoftLine, content]), Doc::SoftLine, Doc::IfBroken(")")])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(items: &[&str]) -> Vec<Doc> {
        items.iter().map(|item| Doc::text((*item).to_owned())).collect()
    }

    #[test]
    fn strings_take_the_quotes_that_need_fewer_escapes() {
        assert_eq!(string("a"), r#""a""#);
        assert_eq!(string(r#"say "a""#), r#"'say "a"'"#);
        assert_eq!(string("it's"), r#""it's""#);
        assert_eq!(string("a\\\n\u{1}"), r#""a\\\n\x01""#);
    }

    #[test]
    fn an_annotation_breaks_before_its_value() {
        let long = "A".repeat(60);
        let annotation = subscript("Annotated", texts(&[&long, r#"Wire("x")"#]));
        let code = lay_out(&annotated("approval_policy_name", &[annotation], Some(Doc::text("None"))), 4);
        assert_eq!(code, format!("approval_policy_name: Annotated[\n        {long}, Wire(\"x\")\n    ] = None"));
    }

    #[test]
    fn a_long_union_is_put_in_parentheses() {
        let long = "A".repeat(60);
        let code = lay_out(&annotated("approval_policy_name", &texts(&[&long, "Other", "None"]), None), 0);
        assert_eq!(code, format!("approval_policy_name: {long} | Other | None"));
        let code = lay_out(&annotated("approval_policy_name", &texts(&[&long, &"B".repeat(30)]), None), 0);
        assert_eq!(code, format!("approval_policy_name: (\n    {long} | {}\n)", "B".repeat(30)));
    }

    #[test]
    fn arguments_stand_on_one_line_or_one_each() {
        let (first, second) = ("a".repeat(50), "b".repeat(38));
        let code = lay_out(&call("function", texts(&[&first, &second])), 0);
        assert_eq!(code, format!("function({first}, {second})"));
        let code = lay_out(&call("long_function", texts(&[&first, &second])), 0);
        assert_eq!(code, format!("long_function(\n    {first}, {second}\n)"));
        let second = "b".repeat(60);
        let code = lay_out(&call("function", texts(&[&first, &second])), 0);
        assert_eq!(code, format!("function(\n    {first},\n    {second},\n)"));
    }

    #[test]
    fn a_tuple_of_one_keeps_its_comma() {
        assert_eq!(lay_out(&tuple(texts(&["a"])), 0), "(a,)");
        let long = "a".repeat(98);
        assert_eq!(lay_out(&tuple(texts(&[&long])), 0), format!("(\n    {long},\n)"));
    }

    #[test]
    fn one_name_is_imported_on_one_line() {
        assert_eq!(lay_out(&import(".shared", &["A".into(), "B".into()]), 0), "from .shared import A, B");
    }
}
