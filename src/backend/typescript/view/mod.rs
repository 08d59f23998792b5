//! What templates see: final strings, in the order in which they are printed. Templates hold loops and presence
//! tests; whatever is decided is decided here.

mod client;
mod descriptors;
mod facade;
mod facts;
mod methods;
mod notifications;
mod package;
mod types;

pub use client::{ClientView, stream_name, wait_name};
pub use descriptors::{DescriptorsModule, DomainsView};
pub use facade::{ClassesView, FacadeView, OptionsView, PresetsView, ShorthandsView, member_name};
pub use facts::FactsView;
pub use methods::{HandlersView, MethodsView};
pub use notifications::NotificationsView;
pub use package::PackageView;
pub use types::{Item, TypesModule};

use super::comment::Comment;

/// A line, or a few, and what there is to say about it.
pub struct Member {
    /// The comment, with the indent before it and the line break behind it; empty if there is nothing to say.
    pub doc: String,
    /// The code, without an indent before its first line.
    pub code: String,
}

impl Member {
    fn new(comment: &Comment, indent: usize, code: String) -> Self {
        Self { doc: above(comment, indent), code }
    }
}

/// A comment as it stands above something: with its indent, and a line break behind it.
fn above(comment: &Comment, indent: usize) -> String {
    comment.print(indent).map(|text| format!("{}{text}\n", " ".repeat(indent))).unwrap_or_default()
}
