//! The page of the convenience layer: its classes, what they can do, and the simpler values that they take.

use std::collections::HashMap;

use crate::backend::words::{NOT_SENT, Words};
use crate::ir::{
    Doc, Facade, Gives, Name, Operation, Parameter, Peer, Preset, PresetValue, Request, Resource, Shorthand, Source,
};

use super::index::heading_in_guides;
use super::markdown::{Anchors, code, link, table};
use super::messages::{ExampleView, examples, place_of};
use super::places::Page;
use super::speech::{Speech, Subject, presence};

/// Its title.
pub const TITLE: &str = "The convenience layer";

/// The page.
pub struct FacadeView {
    /// The classes.
    pub classes: Vec<ClassView>,
    /// Choices that stand for members of params, and simpler ways to write values.
    pub values: Vec<ValuesView>,
    /// The names of what is made by hand.
    pub handmade: Option<String>,
}

/// A class.
pub struct ClassView {
    /// Its name, as a heading.
    pub heading: String,
    /// What there is to say about it.
    pub paragraphs: Vec<String>,
    /// What it shows, as a table; empty for nothing.
    pub shows: String,
    /// What it can do.
    pub operations: Vec<OperationView>,
}

/// A method.
pub struct OperationView {
    /// Its names, as a heading.
    pub heading: String,
    /// What there is to say about it.
    pub paragraphs: Vec<String>,
    /// How it is used in each language.
    pub examples: Vec<ExampleView>,
    /// What it takes, as a table; empty for nothing.
    pub takes: String,
    /// What it gives, as a sentence.
    pub gives: String,
}

/// A preset or a shorthand.
pub struct ValuesView {
    /// Its name, as a heading.
    pub heading: String,
    /// What there is to say about it.
    pub paragraphs: Vec<String>,
    /// What there is to choose from.
    pub table: String,
}

impl FacadeView {
    /// The page of `facade`.
    pub fn new(subject: &Subject<'_>, facade: &Facade) -> Self {
        let mut writer =
            Writer { speech: Speech { subject, page: Page::top("convenience") }, facade, anchors: HashMap::new() };
        writer.anchors = writer.anchors();
        let presets = facade.presets.iter().map(|preset| writer.preset(preset));
        let shorthands = facade.shorthands.iter().map(|shorthand| writer.shorthand(shorthand));
        let handmade: Vec<String> = facade.handmade.iter().map(|name| writer.by_hand(name)).collect();
        Self {
            classes: facade
                .resources
                .iter()
                .enumerate()
                .map(|(number, resource)| writer.class(number, resource))
                .collect(),
            values: presets.chain(shorthands).collect(),
            handmade: (!handmade.is_empty()).then(|| handmade.join(", ")),
        }
    }
}

/// What an operation gives, as a sentence.
fn it_gives(what: &str) -> String {
    format!("Gives {what}.")
}

struct Writer<'s, 'a> {
    speech: Speech<'s, 'a>,
    facade: &'s Facade,
    /// Those of classes and values.
    anchors: HashMap<&'s Name, String>,
}

impl<'s> Writer<'s, '_> {
    fn words(&self) -> &[Words] {
        &self.speech.subject.words
    }

    fn paragraphs(&self, doc: &Doc) -> Vec<String> {
        doc.paragraphs.iter().map(|text| self.speech.prose(text)).collect()
    }

    /// What the languages call something, each name once.
    fn names(&self, of: impl Fn(&Words) -> String) -> String {
        let mut names: Vec<String> = Vec::new();
        for words in self.words() {
            let name = code(&of(words));
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(" · ")
    }

    /// Columns of names: languages that call everything alike share one.
    fn columns(&self, rows: usize, name: impl Fn(&Words, usize) -> String) -> Vec<(String, Vec<String>)> {
        let mut columns: Vec<(String, Vec<String>)> = Vec::new();
        for words in self.words() {
            let names: Vec<String> = (0..rows).map(|row| code(&name(words, row))).collect();
            match columns.iter_mut().find(|(_, known)| *known == names) {
                Some((title, _)) => {
                    title.push_str(", ");
                    title.push_str(words.title);
                }
                None => columns.push((words.title.to_owned(), names)),
            }
        }
        columns
    }

    /// A table whose first columns are names.
    fn table(&self, rows: &[Vec<String>], heading: &[&str], name: impl Fn(&Words, usize) -> String) -> String {
        if rows.is_empty() {
            return String::new();
        }
        let columns = self.columns(rows.len(), name);
        let heading: Vec<&str> =
            columns.iter().map(|(title, _)| title.as_str()).chain(heading.iter().copied()).collect();
        let rows: Vec<Vec<String>> = rows
            .iter()
            .enumerate()
            .map(|(row, cells)| {
                let names = columns.iter().map(|(_, names)| names[row].clone());
                names.chain(cells.iter().cloned()).collect()
            })
            .collect();
        table(&heading, &rows)
    }

    fn class(&self, number: usize, resource: &Resource) -> ClassView {
        let operations = resource.operations.iter().enumerate();
        let identities = resource.identity.iter().map(|identity| (&identity.name, String::new()));
        let shown = resource.shows.iter().map(|field| (&field.name, self.speech.ty(&field.ty)));
        let (names, rows): (Vec<&Name>, Vec<Vec<String>>) =
            identities.chain(shown).map(|(name, ty)| (name, vec![ty])).unzip();
        ClassView {
            heading: self.names(|words| (words.class)(&resource.name)),
            paragraphs: self.paragraphs(&resource.doc).into_iter().chain(self.beside(resource)).collect(),
            shows: self.table(&rows, &["Type"], |words, row| (words.property)(names[row])),
            operations: operations.flat_map(|(place, operation)| self.operation((number, place), operation)).collect(),
        }
    }

    /// What a class can do that makes no request.
    fn beside(&self, resource: &Resource) -> Vec<String> {
        let mut said = Vec::new();
        if resource.name == self.facade.root {
            said.push(
                "`client` is the typed client underneath. `close` ends the connection and the server.".to_owned(),
            );
        }
        if let Some(work) = &resource.work {
            said.push(format!(
                "`stream` gives the notifications of its {work} and of no others, in order, from the first to the one \
                 that ends it; `wait` gives that last one."
            ));
        }
        if let Some(collects) = &resource.collects {
            let name = self.names(|words| (words.function)(&collects.name));
            let gives = self.by_hand(&collects.gives);
            said.push(format!("{name} waits for the end and gives what came of it, as {gives}."));
        }
        said
    }

    /// The name of something that is made by hand, with a link if one of the protocol's own pages has it as a heading.
    fn by_hand(&self, name: &Name) -> String {
        let code = self.names(|words| (words.class)(name));
        match heading_in_guides(self.speech.subject.protocol, &code) {
            Some(target) => link(&code, &target),
            None => code,
        }
    }

    /// An operation, by the numbers of its class and of itself, and the one that goes through its pages.
    fn operation(&self, (class, place): (usize, usize), operation: &Operation) -> Vec<OperationView> {
        let mut requests = self.speech.subject.protocol.requests_from(Peer::Client);
        let Some(request) = requests.find(|request| request.wire == operation.request) else { return Vec::new() };
        let name = code(&request.wire);
        let target = place_of(self.speech.subject, &self.speech.page, Peer::Client, &request.wire);
        let behind = format!("Wire method: {}.", target.map_or(name.clone(), |target| link(&name, &target)));
        let mut paragraphs = self.paragraphs(&operation.doc);
        paragraphs.push(behind.clone());
        let whole = OperationView {
            heading: self.names(|words| (words.function)(&operation.name)),
            paragraphs,
            examples: examples(&self.speech, |words| &words.operations[class][place]),
            takes: self.takes(operation, request),
            gives: self.gives(&operation.gives, request),
        };
        let pages = operation.pages.as_ref().map(|pages| OperationView {
            heading: self.names(|words| (words.function)(&pages.name)),
            paragraphs: vec![format!("The same through all pages, item by item, without the cursor. {behind}")],
            examples: Vec::new(),
            takes: String::new(),
            gives: it_gives("the items, one after another"),
        });
        [whole].into_iter().chain(pages).collect()
    }

    fn takes(&self, operation: &Operation, request: &Request) -> String {
        let rows: Vec<Vec<String>> =
            operation.parameters.iter().map(|parameter| self.parameter(parameter, request)).collect();
        let heading = ["Type", "Presence", "What it is"];
        self.table(&rows, &heading, |words, row| (words.argument)(&operation.parameters[row]))
    }

    fn parameter(&self, parameter: &Parameter, request: &Request) -> Vec<String> {
        let (ty, needed, line) = match &parameter.source {
            Source::Field(field) => {
                (self.speech.ty(&field.ty), presence(&field.presence), self.speech.line(&field.meta, &request.meta))
            }
            Source::Shorthand { field, shorthand } => {
                let name = &self.facade.shorthands[*shorthand].name;
                let needed = presence(&field.presence);
                (self.to_heading(name), needed, self.speech.line(&field.meta, &request.meta))
            }
            Source::Preset { preset, default, .. } => {
                let preset = &self.facade.presets[*preset];
                let needed = match default.and_then(|value| preset.values.get(value)) {
                    Some(value) => format!("optional, else {}", self.names(|words| (words.choice)(&value.name))),
                    None => "optional".to_owned(),
                };
                let ty = format!("{} or `null`", self.to_heading(&preset.name));
                let line = format!("{} `null`: {NOT_SENT}", self.paragraphs(&preset.doc).join(" "));
                (ty, needed, line)
            }
        };
        let place = if parameter.positional { "stands first".to_owned() } else { needed };
        vec![ty, place, line]
    }

    /// A link to the heading of a class, a preset or a shorthand.
    fn to_heading(&self, name: &Name) -> String {
        let names = self.names(|words| (words.class)(name));
        match self.anchors.get(name) {
            Some(anchor) => link(&names, &format!("#{anchor}")),
            None => names,
        }
    }

    /// The anchors of classes and values, counted over all headings in the order in which they stand.
    fn anchors(&self) -> HashMap<&'s Name, String> {
        let mut anchors = Anchors::default();
        anchors.next(TITLE);
        let mut found = HashMap::new();
        for resource in &self.facade.resources {
            found.insert(&resource.name, anchors.next(&self.names(|words| (words.class)(&resource.name))));
            for operation in &resource.operations {
                for name in
                    [Some(&operation.name), operation.pages.as_ref().map(|pages| &pages.name)].into_iter().flatten()
                {
                    anchors.next(&self.names(|words| (words.function)(name)));
                }
            }
        }
        let presets = self.facade.presets.iter().map(|preset| &preset.name);
        for name in presets.chain(self.facade.shorthands.iter().map(|shorthand| &shorthand.name)) {
            found.insert(name, anchors.next(&self.names(|words| (words.class)(name))));
        }
        found
    }

    fn gives(&self, gives: &Gives, request: &Request) -> String {
        match gives {
            Gives::Nothing => "Returns nothing.".to_owned(),
            Gives::Result => it_gives(&self.speech.ty(&request.result)),
            Gives::Resource { resource, .. } => it_gives(&self.to_heading(resource)),
            Gives::Work { resource, collected, .. } => {
                let mut made = self.facade.resources.iter().filter(|made| made.name == *resource);
                let collects = made.find_map(|made| made.collects.as_ref()).filter(|_| *collected);
                it_gives(&collects.map_or_else(|| self.to_heading(resource), |collects| self.by_hand(&collects.gives)))
            }
        }
    }

    fn preset(&self, preset: &Preset) -> ValuesView {
        let row = |value: &PresetValue| {
            let sets: Vec<String> = value.sets.iter().map(|(wire, value)| code(&format!("{wire}: {value}"))).collect();
            vec![sets.join(", "), self.paragraphs(&value.doc).join(" ")]
        };
        let rows: Vec<Vec<String>> = preset.values.iter().map(row).collect();
        ValuesView {
            heading: self.names(|words| (words.class)(&preset.name)),
            paragraphs: self.paragraphs(&preset.doc),
            table: self.table(&rows, &["Sets", "What it means"], |words, row| (words.choice)(&preset.values[row].name)),
        }
    }

    fn shorthand(&self, shorthand: &Shorthand) -> ValuesView {
        let rows: Vec<Vec<String>> = shorthand
            .items
            .iter()
            .map(|item| {
                let takes: Vec<String> =
                    item.takes.iter().map(|field| self.names(|words| (words.member)(field))).collect();
                vec![takes.join(", "), self.speech.named(item.payload), self.paragraphs(&item.doc).join(" ")]
            })
            .collect();
        let mut paragraphs = self.paragraphs(&shorthand.doc);
        let text = shorthand.items.get(shorthand.text).map(|item| self.names(|words| (words.class)(&item.name)));
        paragraphs.extend(text.map(|text| format!("A text, one item, or a list of items. A text stands for {text}.")));
        ValuesView {
            heading: self.names(|words| (words.class)(&shorthand.name)),
            paragraphs,
            table: self.table(&rows, &["Takes", "Stands for", "What it is"], |words, row| {
                (words.class)(&shorthand.items[row].name)
            }),
        }
    }
}
