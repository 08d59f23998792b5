//! Docs: a reference of all methods, notifications and requests of the server with the languages side by side, all
//! types, and the convenience layer; beside it the guides that only one protocol has.
//!
//! Knows the model of a protocol and Markdown; what a language calls things, its backend says as [`super::words`].
//! [`places`] settles where everything is written of, [`speech`] how a page speaks, and the views make up what the
//! templates print.

mod facade;
mod index;
mod markdown;
mod messages;
mod places;
mod speech;
mod templates;
mod types;

use crate::diagnostic::Diagnostic;
use crate::ir::{Launch, Protocol};

use super::words::Words;
use super::{DuplicatePath, Files, Language, Output, plain, python, rust, typescript};
use places::Page;
use speech::Subject;
use templates::Printer;

/// The languages as they stand side by side.
const ORDER: [Language; 3] = [Language::Python, Language::TypeScript, Language::Rust];

/// The docs of `protocol`.
pub fn render(protocol: &Protocol) -> Result<Files, Vec<Diagnostic>> {
    let Some(launch) = &protocol.launch else {
        let missing = Diagnostic::error("profile.toml", "", "there is no table `launch`");
        return Err(vec![missing.help("the docs take the client's name from it")]);
    };
    let words = ORDER
        .into_iter()
        .filter(|language| protocol.packages.contains_key(language.name()))
        .map(|language| words(protocol, launch, language))
        .collect();
    let subject = Subject::new(protocol, words);
    files(&subject, launch).map_err(|error| vec![Diagnostic::error("", "", error.to_string())])
}

fn words(protocol: &Protocol, launch: &Launch, language: Language) -> Words {
    match language {
        Language::Python => python::words(protocol, launch),
        Language::Rust => rust::words(protocol, launch),
        Language::TypeScript => typescript::words(protocol, launch),
    }
}

fn files(subject: &Subject<'_>, launch: &Launch) -> Result<Files, Failure> {
    let mut files = Files::new();
    let mut printer = Printer::new(&mut files);
    printer.index(&Page::top("README"), &index::IndexView::new(subject, &launch.client.pascal()))?;
    printer.names(&Page::top("names"), &index::NamesView::new(subject))?;
    for (domain, family) in &subject.places.families {
        printer.messages(&Page::messages(domain), &messages::MessagesView::new(subject, domain, family))?;
    }
    for (domain, ids) in &subject.places.modules {
        printer.types(&Page::types(domain), &types::TypesView::new(subject, domain, ids))?;
    }
    if let Some(facade) = &subject.protocol.facade {
        printer.facade(&Page::top("convenience"), &facade::FacadeView::new(subject, facade))?;
    }
    for (path, content) in plain::own(subject.protocol, Output::Docs) {
        files.replace(path, content);
    }
    Ok(files)
}

/// A bug of this backend.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("bug in the docs: {0}")]
    Path(#[from] DuplicatePath),
    #[error("bug in a template of the docs: {0}")]
    Template(#[from] askama::Error),
}
