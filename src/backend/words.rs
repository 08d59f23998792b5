//! What a language calls the things of a protocol, and how they are used in it: what docs say that set languages side
//! by side. Each backend makes up its own words; knows no language itself.

use crate::ir::{Correlation, EnumValue, Field, Name, Protocol, Request, Variant};

/// The words of one language.
pub struct Words {
    /// The language as people write it.
    pub title: &'static str,
    /// The word behind a fence of code.
    pub fence: &'static str,
    /// The named types, in the model's order.
    pub types: Vec<String>,
    /// A member of an object.
    pub member: fn(&Field) -> String,
    /// A value of a string enum.
    pub value: fn(&EnumValue) -> String,
    /// A shape of a union, where it has a name beside that of what it holds.
    pub variant: Option<fn(&Variant) -> String>,
    /// A class of the convenience layer.
    pub class: fn(&Name) -> String,
    /// A method of such a class, or what it takes.
    pub function: fn(&Name) -> String,
    /// A value of a preset.
    pub choice: fn(&Name) -> String,
    /// The requests that the client makes, in the model's order.
    pub calls: Vec<Example>,
    /// The requests that the server makes.
    pub handlers: Vec<Example>,
    /// The notifications that the server sends.
    pub notifications: Vec<Example>,
}

/// How something is used.
pub struct Example {
    /// What it is called.
    pub name: String,
    /// For a request that opens work: the method that follows it too, and the one that waits for its end.
    pub work: Option<(String, String)>,
    /// The lines.
    pub lines: String,
    /// What they need, as parameters of a function.
    pub given: String,
}

impl Example {
    /// Lines that need `given`, one after another.
    pub fn new(name: String, lines: String, given: &[String]) -> Self {
        Self { name, work: None, lines, given: given.join(", ") }
    }
}

/// How long a line of an example may be.
const WIDTH: usize = 90;

/// `start` and `end` on one line with `space` between them; where that is too long, on several, with `before` between
/// them and `behind` at the end.
pub fn broken(start: &str, space: &str, end: &str, before: &str, behind: &str) -> String {
    let line = format!("{start}{space}{end}");
    if line.len() <= WIDTH { line } else { format!("{start}{before}{end}{behind}") }
}

/// The work that a request opens.
pub fn opened_by<'a>(protocol: &'a Protocol, request: &Request) -> Option<&'a Correlation> {
    protocol.correlations.iter().find(|correlation| correlation.opens == request.wire)
}
