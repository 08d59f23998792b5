//! From the lines of prettyplease to those of rustfmt, whose check the crate passes: what has room on one line stands
//! on one. Knows lines and brackets; knows nothing of what they mean, but that a brace may begin a block.
//!
//! The crate's `rustfmt.toml` says how wide a line is, and that nothing is broken up that fits.

/// The columns that a line of code may have; `max_width` in `rustfmt.toml`.
pub const WIDTH: usize = 120;

/// `text` with everything joined that rustfmt would join.
pub fn join(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut joined = String::with_capacity(text.len());
    push_block(&lines, &mut joined);
    joined
}

/// Adds lines that may hold groups.
fn push_block(lines: &[&str], joined: &mut String) {
    let mut rest = lines;
    while let Some(line) = rest.first() {
        if let Some((length, arm)) = short_arm(rest) {
            push_line(&arm, joined);
            rest = &rest[length..];
            continue;
        }
        let length = group(rest).unwrap_or(1);
        if length == 1 {
            push_line(line, joined);
        } else {
            push_group(&rest[..length], joined);
        }
        rest = &rest[length..];
    }
}

/// Adds a group: on one line if it fits there, else its first line, what is inside, and its last line.
fn push_group(lines: &[&str], joined: &mut String) {
    let (first, last) = (lines[0], lines[lines.len() - 1]);
    if let Some(line) = one_line(lines) {
        push_line(&line, joined);
    } else if is_import(first) || has_short_arguments(lines) {
        push_packed(lines, joined);
    } else if let Some(lines) = turbofish(lines) {
        lines.iter().for_each(|line| push_line(line, joined));
    } else if opener(first).is_some() {
        push_line(first, joined);
        push_block(&lines[1..lines.len() - 1], joined);
        push_line(last, joined);
    } else {
        lines.iter().for_each(|line| push_line(line, joined));
    }
}

/// How many of the first lines belong together: from an opening bracket to its closing one, or with all that goes on
/// with a dot or a plus. None if the first line stands for itself.
fn group(lines: &[&str]) -> Option<usize> {
    let (first, rest) = lines.split_first()?;
    if is_comment(first) {
        return None;
    }
    let depth = indent(first);
    if let Some(closer) = opener(first) {
        // A bound's generics are closed one step further in.
        let end = depth + if closer == '>' { 4 } else { 0 };
        let is_end = |line: &&str| indent(line) <= end && line.trim_start().starts_with(closer);
        return rest.iter().position(is_end).map(|at| at + 2);
    }
    let goes_on = |line: &&&str| indent(line) > depth && line.trim_start().starts_with(['.', '+']);
    let more = rest.iter().take_while(goes_on).count();
    (more > 0).then_some(more + 1)
}

/// An arm of a `match` that is a block of one expression, which needs no braces where there is room: how many lines it
/// takes, and the one it becomes.
fn short_arm(lines: &[&str]) -> Option<(usize, String)> {
    let (first, rest) = lines.split_first()?;
    let start = first.strip_suffix(" {").filter(|start| start.ends_with("=>"))?;
    let end = rest.iter().position(|line| indent(line) <= indent(first))?;
    let body = match rest.get(..end)? {
        [one] => (*one).to_owned(),
        several if group(several) == Some(several.len()) => one_line(several)?,
        _ => return None,
    };
    let is_expression = !body.ends_with([';', '{', '(', '[']) && !is_comment(&body);
    let line = format!("{start} {},", body.trim_start());
    (is_expression && rest.get(end)?.trim_start() == "}" && fits(&line)).then_some((end + 2, line))
}

/// A group on one line, if it fits and nothing in it needs lines of its own.
fn one_line(lines: &[&str]) -> Option<String> {
    let mut line = lines.first()?.to_string();
    let import = is_import(&line);
    for (index, next) in lines.iter().enumerate().skip(1) {
        let before = lines[index - 1];
        let is_last = index + 1 == lines.len();
        // A statement inside, or a block that begins.
        let apart = !is_last && (next.ends_with(';') || next.ends_with('{') && opener(next).is_none());
        if apart || is_comment(next) {
            return None;
        }
        let next = next.trim_start();
        if next.starts_with([')', ']', '>', '}']) && line.ends_with(',') {
            line.pop();
        }
        let tight = import && (index == 1 || is_last)
            || before.ends_with(['(', '[', '<'])
            || next.starts_with([')', ']', '>'])
            || next.starts_with('.') && !next.starts_with("..");
        if !tight {
            line.push(' ');
        }
        line.push_str(next);
        if line.len() > 2 * WIDTH {
            return None;
        }
    }
    fits(&line).then_some(line)
}

/// A call with generics that is too long for one line, broken up at its argument instead of its generics.
fn turbofish(lines: &[&str]) -> Option<Vec<String>> {
    let (first, [inner, last]) = lines.split_first()? else { return None };
    let (argument, end) = last.trim_start().strip_prefix(">(")?.rsplit_once(')')?;
    let (head, margin) = (first.strip_suffix("::<")?, " ".repeat(indent(first)));
    let inner = inner.trim().trim_end_matches(',');
    Some(vec![format!("{head}::<{inner}>("), format!("{margin}    {argument},"), format!("{margin}){end}")])
}

/// The closing bracket that a line's end calls for; none if it opens nothing, or a block.
fn opener(line: &str) -> Option<char> {
    match line.chars().last()? {
        '(' => Some(')'),
        '[' => Some(']'),
        '<' => Some('>'),
        '{' if is_import(line) || is_literal(line) => Some('}'),
        _ => None,
    }
}

/// Whether the brace at a line's end begins the members of a struct's value.
fn is_literal(line: &str) -> bool {
    let content = line.trim_start();
    let declares = ["impl", "pub", "struct ", "enum ", "trait ", "match ", "fn ", "mod "];
    let is_value = content.starts_with("pub(crate) static ") || !declares.iter().any(|word| content.starts_with(word));
    let name = content.trim_end_matches(" {").rsplit([' ', '(', '&']).next().unwrap_or_default();
    is_value && !content.contains("-> ") && name.starts_with(char::is_uppercase)
}

fn is_import(line: &str) -> bool {
    let content = line.trim_start();
    (content.starts_with("use ") || content.starts_with("pub use ")) && content.ends_with("::{")
}

/// The longest argument that does not have to stand alone; rustfmt's `short_array_element_width_threshold`.
const SHORT: usize = 10;

/// Whether the group is a call of nothing but short names, of which rustfmt puts several on a line.
fn has_short_arguments(lines: &[&str]) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '&' | '#');
    let is_short = |line: &&str| {
        line.trim().strip_suffix(',').is_some_and(|name| name.chars().count() <= SHORT && name.chars().all(is_name))
    };
    opener(lines[0]) == Some(')') && lines[1..lines.len() - 1].iter().all(is_short)
}

/// Adds more names than one line holds: as many to a line as fit.
fn push_packed(lines: &[&str], joined: &mut String) {
    let margin = " ".repeat(indent(lines[0]) + 4);
    push_line(lines[0], joined);
    let mut line = String::new();
    for name in lines[1..lines.len() - 1].iter().flat_map(|line| line.trim().trim_end_matches(',').split(", ")) {
        if !line.is_empty() && line.len() + name.len() + 2 >= WIDTH {
            push_line(&line, joined);
            line.clear();
        }
        line.push_str(if line.is_empty() { &margin } else { " " });
        line.push_str(name);
        line.push(',');
    }
    push_line(&line, joined);
    push_line(lines[lines.len() - 1], joined);
}

fn fits(line: &str) -> bool {
    line.chars().count() <= WIDTH
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn push_line(line: &str, joined: &mut String) {
    joined.push_str(line);
    joined.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(text: &str, expected: &str) {
        assert_eq!(join(text), expected);
        assert_eq!(join(expected), expected, "what is joined stays as it is");
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        becomes(
            "    pub fn a(\n        &self,\n        b: B,\n    ) -> C {\n        self.d()\n    }\n",
            "    pub fn a(&self, b: B) -> C {\n        self.d()\n    }\n",
        );
        becomes("let a = Self {\n    b,\n    c: d(),\n};\n", "let a = Self { b, c: d() };\n");
        becomes("a: b\n    .into_iter()\n    .collect(),\n", "a: b.into_iter().collect(),\n");
        becomes("F: Fn(A) -> B + Send\n    + Sync,\n", "F: Fn(A) -> B + Send + Sync,\n");
        becomes("F: Future<\n        A = B,\n    > + Send,\n", "F: Future<A = B> + Send,\n");
        becomes("use a::{\n    B, C,\n    D,\n};\n", "use a::{B, C, D};\n");
        becomes("match a {\n    b => {\n        c\n    }\n}\n", "match a {\n    b => c,\n}\n");
        becomes("a(Self {\n    b: c,\n    ..d\n});\n", "a(Self { b: c, ..d });\n");
        becomes("b => {\n    c(\n        d,\n    )\n}\n", "b => c(d),\n");
    }

    #[test]
    fn blocks_and_declarations_keep_their_lines() {
        for text in [
            "impl A {\n    b: C,\n}\n",
            "pub struct A {\n    b: C,\n}\n",
            "fn a() -> B {\n    c\n}\n",
            "match a {\n    b => c,\n}\n",
            "a(|b| {\n    c;\n    d\n});\n",
            "a(\n    // Says why.\n    b,\n);\n",
        ] {
            becomes(text, text);
        }
    }

    #[test]
    fn short_arguments_share_lines() {
        let call = |arguments: &str| format!("    a(\n{arguments}    );\n");
        let apart = |name: &str| format!("        {name},\n").repeat(12);
        let packed = |name: &str| format!("        {},\n", [name; 12].join(", "));
        becomes(
            &call(&apart("eight888")),
            &call(&format!("{}        eight888,\n", packed("eight888").replacen("eight888, ", "", 1))),
        );
        becomes(&call(&apart("eleven11111")), &call(&apart("eleven11111")));
    }

    #[test]
    fn what_does_not_fit_keeps_its_lines_and_its_parts_are_joined() {
        let long = "a".repeat(116);
        becomes(
            &format!("b(\n    {long},\n    c(\n        d,\n    ),\n)\n"),
            &format!("b(\n    {long},\n    c(d),\n)\n"),
        );
        becomes(
            &format!("    A::b::<\n        C,\n    >(\"{long}\"),\n"),
            &format!("    A::b::<C>(\n        \"{long}\",\n    ),\n"),
        );
        let (first, second) = ("a".repeat(60), "b".repeat(54));
        becomes(
            &format!("use x::{{\n    c, {first},\n    {second},\n}};\n"),
            &format!("use x::{{\n    c, {first},\n    {second},\n}};\n"),
        );
        becomes(
            &format!("use x::{{\n    {first},\n    c,\n    {second},\n}};\n"),
            &format!("use x::{{\n    {first}, c,\n    {second},\n}};\n"),
        );
    }
}
