//! What is sent: JSON or text with holes, cut once into pieces that can be written a million times.
//!
//! Knows `${name.path}`, `$fill` and `$surrogate`, and nothing of steps.

use super::names::Names;
use super::place::{At, Placed};
use rpcsmith::diagnostic::Diagnostic;
use serde_json::Value;
use std::io::{self, Write};

/// Pieces to be written one after the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Bytes(Vec<u8>),
    /// A saved value as JSON.
    Whole(Path),
    /// The text of a saved value within a JSON string.
    Inside(Path),
    /// The text of a saved value as it is.
    Plain(Path),
    /// `unit`, `count` times.
    Fill {
        unit: Vec<u8>,
        count: u64,
    },
}

/// A saved value's name, and the way into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub name: String,
    pub members: Vec<String>,
}

/// Why something can't be written.
#[derive(Debug)]
pub enum Trouble {
    /// Nothing is saved there.
    Missing(String),
    Pipe(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Pipe(error)
    }
}

impl Template {
    /// JSON, in which strings have holes and objects may say what is to be filled in.
    pub fn json(placed: &Placed<'_>) -> Result<Self, Diagnostic> {
        let mut template = Self::default();
        template.add_json(placed)?;
        Ok(template)
    }

    /// A line's text: a string with holes, or a `$fill`.
    pub fn text(placed: &Placed<'_>) -> Result<Self, Diagnostic> {
        let mut template = Self::default();
        match placed.value {
            Value::String(text) => template.add_text(&placed.at, text, Escape::No)?,
            value if value.get("$fill").is_some() => template.add_operator(placed, Escape::No)?,
            value => return Err(placed.at.not("a string, or a `$fill`", value)),
        }
        Ok(template)
    }

    pub fn bytes(bytes: Vec<u8>) -> Self {
        Self { pieces: vec![Piece::Bytes(bytes)] }
    }

    pub fn fill(unit: &str, count: u64) -> Self {
        Self { pieces: vec![Piece::Fill { unit: unit.as_bytes().to_vec(), count }] }
    }

    /// The same with an end of line.
    #[must_use]
    pub fn line(mut self) -> Self {
        self.add(b"\n");
        self
    }

    /// The saved values that it needs.
    pub fn needs(&self) -> impl Iterator<Item = &Path> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Whole(path) | Piece::Inside(path) | Piece::Plain(path) => Some(path),
            Piece::Bytes(_) | Piece::Fill { .. } => None,
        })
    }

    pub fn write(&self, names: &Names, out: &mut dyn Write) -> Result<(), Trouble> {
        for piece in &self.pieces {
            match piece {
                Piece::Bytes(bytes) => out.write_all(bytes)?,
                Piece::Whole(path) => write_json(names.find(path)?, out)?,
                Piece::Inside(path) => match names.find(path)? {
                    Value::String(text) => out.write_all(escaped(text).as_bytes())?,
                    value => out.write_all(escaped(&value.to_string()).as_bytes())?,
                },
                Piece::Plain(path) => match names.find(path)? {
                    Value::String(text) => out.write_all(text.as_bytes())?,
                    value => write_json(value, out)?,
                },
                Piece::Fill { unit, count } => fill(unit, *count, out)?,
            }
        }
        Ok(())
    }

    /// What it is as JSON, once the holes are filled.
    pub fn value(&self, names: &Names) -> Result<Value, Trouble> {
        let mut bytes = Vec::new();
        self.write(names, &mut bytes)?;
        serde_json::from_slice(&bytes).map_err(|error| Trouble::Missing(format!("the value is no JSON: {error}")))
    }

    fn add_json(&mut self, placed: &Placed<'_>) -> Result<(), Diagnostic> {
        match placed.value {
            Value::String(text) => {
                if let Some(path) = whole(text) {
                    self.pieces.push(Piece::Whole(Path::parse(&placed.at, path)?));
                } else {
                    self.add(b"\"");
                    self.add_text(&placed.at, text, Escape::Json)?;
                    self.add(b"\"");
                }
            }
            Value::Array(_) => {
                self.add(b"[");
                for (index, item) in placed.items()?.iter().enumerate() {
                    self.add(if index > 0 { b"," } else { b"" });
                    self.add_json(item)?;
                }
                self.add(b"]");
            }
            Value::Object(map) if map.keys().any(|key| key.starts_with('$')) => {
                self.add_operator(placed, Escape::Json)?;
            }
            Value::Object(_) => {
                self.add(b"{");
                for (index, (key, member)) in placed.members()?.iter().enumerate() {
                    self.add(if index > 0 { b",\"" } else { b"\"" });
                    self.add(escaped(key).as_bytes());
                    self.add(b"\":");
                    self.add_json(&member)?;
                }
                self.add(b"}");
            }
            plain => self.add(plain.to_string().as_bytes()),
        }
        Ok(())
    }

    /// `$fill` and `$surrogate`.
    fn add_operator(&mut self, placed: &Placed<'_>, escape: Escape) -> Result<(), Diagnostic> {
        let members = placed.members()?;
        match members.kind()? {
            "$fill" => {
                members.only(&["$fill", "count"])?;
                let unit = members.need("$fill")?.text()?;
                let count = members.need("count")?.count_of(unit)?;
                let quote: &[u8] = if escape == Escape::Json { b"\"" } else { b"" };
                self.add(quote);
                self.pieces.push(Piece::Fill { unit: escape.text(unit).into_bytes(), count });
                self.add(quote);
            }
            "$surrogate" => {
                members.only(&["$surrogate"])?;
                members.need("$surrogate")?.is_true()?;
                self.add(br#""\ud800""#);
            }
            _ => return Err(placed.at.not("a plain object, a `$fill` or a `$surrogate`", placed.value)),
        }
        Ok(())
    }

    fn add_text(&mut self, at: &At, text: &str, escape: Escape) -> Result<(), Diagnostic> {
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let (path, after) =
                after.split_once('}').ok_or_else(|| at.wrong(format!("{text:?}"), "a `}` after each `${`"))?;
            self.add(escape.text(before).as_bytes());
            let path = Path::parse(at, path)?;
            self.pieces.push(if escape == Escape::Json { Piece::Inside(path) } else { Piece::Plain(path) });
            rest = after;
        }
        self.add(escape.text(rest).as_bytes());
        Ok(())
    }

    fn add(&mut self, bytes: &[u8]) {
        if let Some(Piece::Bytes(last)) = self.pieces.last_mut() {
            last.extend_from_slice(bytes);
        } else if !bytes.is_empty() {
            self.pieces.push(Piece::Bytes(bytes.to_vec()));
        }
    }
}

impl Path {
    fn parse(at: &At, text: &str) -> Result<Self, Diagnostic> {
        let mut parts = text.split('.').map(str::to_owned);
        match parts.next().filter(|name| !name.is_empty()) {
            Some(name) => Ok(Self { name, members: parts.collect() }),
            None => Err(at.wrong(format!("`${{{text}}}`"), "the name of a saved value, and the way into it")),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Escape {
    Json,
    No,
}

impl Escape {
    fn text(self, text: &str) -> String {
        match self {
            Self::Json => escaped(text),
            Self::No => text.to_owned(),
        }
    }
}

/// The path of a string that is nothing but one hole.
fn whole(text: &str) -> Option<&str> {
    text.strip_prefix("${")?.strip_suffix('}').filter(|path| !path.contains('}'))
}

/// A text as it stands between the quotes of a JSON string.
fn escaped(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn write_json(value: &Value, out: &mut dyn Write) -> io::Result<()> {
    match value {
        // The number of a round, above all: quick, for a million of them.
        Value::Number(number) => write!(out, "{number}"),
        value => serde_json::to_writer(out, value).map_err(io::Error::from),
    }
}

/// Writes in large chunks, and never has more than one of them in memory.
fn fill(unit: &[u8], count: u64, out: &mut dyn Write) -> io::Result<()> {
    const CHUNK: usize = 64 << 10;
    let per_chunk = (CHUNK / unit.len().max(1)).max(1) as u64;
    let chunk = unit.repeat(usize::try_from(per_chunk.min(count)).unwrap_or(1));
    for _ in 0..count / per_chunk {
        out.write_all(&chunk)?;
    }
    let rest = usize::try_from(count % per_chunk).unwrap_or(0) * unit.len();
    out.write_all(&chunk[..rest])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn written(template: &Template) -> String {
        let mut names = Names::default();
        names.save("a", json!({"id": 7, "text": "it's \"quoted\"", "list": [{"x": null}]}));
        let mut bytes = Vec::new();
        template.write(&names, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    fn json_of(value: &Value) -> String {
        written(&Template::json(&Placed::new(At::default(), value)).unwrap())
    }

    #[test]
    fn holes_are_filled() {
        assert_eq!(json_of(&json!({"k\n": "${a.id}"})), r#"{"k\n":7}"#);
        assert_eq!(json_of(&json!("${a.list.0}")), r#"{"x":null}"#);
        assert_eq!(json_of(&json!("<${a.text}|${a.id}|${a.list}>")), r#""<it's \"quoted\"|7|[{\"x\":null}]>""#);
        let text = json!("<${a.text}|${a.list}>");
        let text = Template::text(&Placed::new(At::default(), &text)).unwrap();
        assert_eq!(written(&text), r#"<it's "quoted"|[{"x":null}]>"#);
    }

    #[test]
    fn plain_json_stays_as_it_is() {
        let value = json!({"a": [1, -2.5, true, null, "é\u{1}\\"], "b": {}, "c": []});
        assert_eq!(json_of(&value), value.to_string());
    }

    #[test]
    fn fillings_have_their_length_whatever_the_chunks() {
        for count in [0, 1, 1000, 65_535, 65_536, 65_537, 200_000] {
            let value: Value = serde_json::from_str(&json_of(&json!({"$fill": "é\"", "count": count}))).unwrap();
            assert_eq!(value.as_str().unwrap(), "é\"".repeat(count));
        }
    }

    #[test]
    fn one_piece_for_everything_that_never_changes() {
        let value = json!({"method": "a", "params": {"n": "${n}", "b": [1, 2]}});
        let template = Template::json(&Placed::new(At::default(), &value)).unwrap().line();
        assert_eq!(template.pieces.len(), 3);
    }
}
