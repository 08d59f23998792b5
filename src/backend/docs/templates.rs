//! The templates, each with what it prints.

use askama::Template;

use crate::backend::Files;

use super::Failure;
use super::facade::{FacadeView, TITLE};
use super::index::{IndexView, NamesView};
use super::messages::{MessageView, MessagesView};
use super::places::{ASKED, METHODS, NOTIFICATIONS, Page};
use super::types::TypesView;

macro_rules! templates {
    ($($name:ident($view:ty) = $path:literal;)*) => {
        $(
            #[derive(Template)]
            #[template(path = $path, escape = "none")]
            struct $name<'a> {
                view: &'a $view,
            }
        )*
    };
}

templates! {
    Index(IndexView) = "docs/README.md.j2";
    Names(NamesView) = "docs/names.md.j2";
    Types(TypesView) = "docs/types.md.j2";
}

/// The convenience layer.
#[derive(Template)]
#[template(path = "docs/convenience.md.j2", escape = "none")]
struct Facade<'a> {
    title: &'static str,
    view: &'a FacadeView,
}

/// The messages of a family, in parts that read alike.
#[derive(Template)]
#[template(path = "docs/messages.md.j2", escape = "none")]
struct Messages<'a> {
    view: &'a MessagesView,
    parts: [(&'static str, &'a Vec<MessageView>); 3],
}

/// Prints views into files.
pub struct Printer<'f> {
    files: &'f mut Files,
}

impl<'f> Printer<'f> {
    /// Prints into `files`.
    pub fn new(files: &'f mut Files) -> Self {
        Self { files }
    }

    fn insert(&mut self, page: &Page, template: &impl Template) -> Result<(), Failure> {
        let mut text = template.render()?;
        text.push('\n');
        Ok(self.files.insert(page.path(), text)?)
    }

    /// The index.
    pub fn index(&mut self, page: &Page, view: &IndexView) -> Result<(), Failure> {
        self.insert(page, &Index { view })
    }

    /// The list of all names.
    pub fn names(&mut self, page: &Page, view: &NamesView) -> Result<(), Failure> {
        self.insert(page, &Names { view })
    }

    /// The messages of a family.
    pub fn messages(&mut self, page: &Page, view: &MessagesView) -> Result<(), Failure> {
        let parts = [(METHODS, &view.methods), (NOTIFICATIONS, &view.notifications), (ASKED, &view.asked)];
        self.insert(page, &Messages { view, parts })
    }

    /// The types of a module.
    pub fn types(&mut self, page: &Page, view: &TypesView) -> Result<(), Failure> {
        self.insert(page, &Types { view })
    }

    /// The convenience layer.
    pub fn facade(&mut self, page: &Page, view: &FacadeView) -> Result<(), Failure> {
        self.insert(page, &Facade { title: TITLE, view })
    }
}
