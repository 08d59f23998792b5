//! What templates see: final strings, in the order in which they are printed. Templates hold loops and presence
//! tests; whatever is decided is decided here.

mod calls;
mod client;
mod dicts;
mod facade;
mod facts;
mod methods;
mod notifications;
mod package;
mod types;

pub use calls::{Calls, wait_name};
pub use client::{ClientView, Style};
pub use dicts::{DictsModule, module as dicts_module};
pub use facade::{ClassesView, FacadeViews, PresetsView, ShorthandsView};
pub use facts::FactsView;
pub use methods::{HandlersView, MethodsView};
pub use notifications::{NotificationsView, class as notification_class};
pub use package::{PackageView, table};
pub use types::{Builder as TypesBuilder, TypesModule};

use super::docstring::Docstring;

/// A mapping of these entries, one a line, each with its comma.
fn mapping(entries: &[String]) -> String {
    if entries.is_empty() { "{}".to_owned() } else { format!("{{\n    {}\n}}", entries.join("\n    ")) }
}

/// A definition.
pub enum Item {
    /// A class with fields.
    Class(Class),
    /// A class with values.
    Enum(Class),
    /// A union, or another name for a type.
    Alias(Member),
}

/// A class with its members.
pub struct Class {
    /// Its name.
    pub name: String,
    /// What it derives from.
    pub base: &'static str,
    /// What stands first in it: its docstring, with an empty line behind it where members follow.
    pub doc: Option<String>,
    /// What stands in it.
    pub members: Vec<Member>,
}

impl Class {
    fn new(name: String, base: &'static str, doc: &Docstring, members: Vec<Member>) -> Self {
        let doc = doc.print(4).map(|text| if members.is_empty() { text } else { format!("{text}\n") });
        Self { name, base, doc, members }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.doc.is_none() && self.members.is_empty()
    }
}

/// A statement that names something, and what there is to say about it.
pub struct Member {
    /// The statement.
    pub code: String,
    /// The string below it.
    pub doc: Option<String>,
}
