//! The page of a family's messages: what can be asked, what is announced, and what the server asks.

use crate::backend::words::{Example, Words};
use crate::ir::{Meta, Notification, Params, Peer, Request, Type};

use super::markdown::{code, link};
use super::places::{Family, Page, title};
use super::speech::{Speech, Subject};
use crate::ir::Name;

/// The page.
pub struct MessagesView {
    /// Its title.
    pub title: String,
    /// The way to the page of the family's types, where there is one.
    pub types: Option<String>,
    /// What the client asks.
    pub methods: Vec<MessageView>,
    /// What the server announces.
    pub notifications: Vec<MessageView>,
    /// What the server asks.
    pub asked: Vec<MessageView>,
}

/// A message.
pub struct MessageView {
    /// Its wire name, as a heading.
    pub heading: String,
    /// Its wire name, for whoever checks the examples.
    pub wire: String,
    /// What there is to say about it.
    pub paragraphs: Vec<String>,
    /// How it is used in each language.
    pub examples: Vec<ExampleView>,
    /// What there is to say about following its work.
    pub work: Option<String>,
    /// What it takes or holds: a table, or a sentence.
    pub params: String,
    /// What it gives.
    pub result: Option<String>,
}

/// Lines of one language.
pub struct ExampleView {
    /// The word behind the fence.
    pub fence: &'static str,
    /// What the lines need, for whoever checks them.
    pub given: String,
    /// The lines.
    pub lines: String,
}

impl MessagesView {
    /// The page of the family `domain`.
    pub fn new(subject: &Subject<'_>, domain: &Name, family: &Family<'_>) -> Self {
        let speech = Speech { subject, page: Page::messages(domain) };
        let types = subject.places.modules.contains_key(domain).then(|| speech.page.to(&Page::types(domain)));
        Self {
            title: title(domain),
            types,
            methods: family.methods.iter().map(|(number, request)| method(&speech, *number, request)).collect(),
            notifications: family
                .notifications
                .iter()
                .map(|(number, sent)| announced(&speech, *number, sent))
                .collect(),
            asked: family.asked.iter().map(|(number, request)| asked(&speech, *number, request)).collect(),
        }
    }
}

fn method(speech: &Speech<'_, '_>, number: usize, request: &Request) -> MessageView {
    let work = work(speech, number);
    MessageView {
        heading: code(&request.wire),
        wire: request.wire.clone(),
        paragraphs: speech.paragraphs(&request.meta, None),
        examples: examples(speech, |words| &words.calls[number]),
        work,
        params: params(speech, &request.params, &request.meta, "It takes"),
        result: Some(result(speech, &request.result)),
    }
}

fn announced(speech: &Speech<'_, '_>, number: usize, sent: &Notification) -> MessageView {
    let mut paragraphs = speech.paragraphs(&sent.meta, None);
    let old: Vec<String> = speech
        .subject
        .protocol
        .aliases
        .notifications
        .iter()
        .filter(|(_, canonical)| **canonical == sent.wire)
        .map(|(old, _)| code(old))
        .collect();
    if !old.is_empty() {
        paragraphs.push(format!("Older servers call it {}.", old.join(" or ")));
    }
    MessageView {
        heading: code(&sent.wire),
        wire: sent.wire.clone(),
        paragraphs,
        examples: examples(speech, |words| &words.notifications[number]),
        work: None,
        params: params(speech, &sent.params, &sent.meta, "It carries"),
        result: None,
    }
}

fn asked(speech: &Speech<'_, '_>, number: usize, request: &Request) -> MessageView {
    let mut paragraphs = speech.paragraphs(&request.meta, None);
    let place = format!("{}#how-to-read-it", speech.page.to(&Page::top("README")));
    let place = link("Where handlers go", &place);
    paragraphs.push(match &request.refusal {
        Some(refusal) => {
            let answer = code(&refusal.to_string());
            format!("Without a handler, or where it fails, this is the answer: {answer}. {place}.")
        }
        None => format!("Without a handler, or where it fails, the server gets an error. {place}."),
    });
    MessageView {
        heading: code(&request.wire),
        wire: request.wire.clone(),
        paragraphs,
        examples: examples(speech, |words| &words.handlers[number]),
        work: None,
        params: params(speech, &request.params, &request.meta, "The handler gets"),
        result: Some(result(speech, &request.result)),
    }
}

/// How something is used in each language.
pub fn examples(speech: &Speech<'_, '_>, of: impl Fn(&Words) -> &Example) -> Vec<ExampleView> {
    let view = |words: &Words| {
        let example = of(words);
        // As a string of TOML, inside an HTML comment.
        let given = example.given.replace('\\', "\\\\").replace('"', "\\\"");
        ExampleView { fence: words.fence, given, lines: example.lines.clone() }
    };
    speech.subject.words.iter().map(view).collect()
}

/// Which methods follow the work that a request opens.
fn work(speech: &Speech<'_, '_>, number: usize) -> Option<String> {
    let mut parts = Vec::new();
    for words in &speech.subject.words {
        let (stream, wait) = words.calls[number].work.as_ref()?;
        parts.push(format!("{} and {} in {}", code(stream), code(wait), words.title));
    }
    Some(format!("It opens work. To follow that, or to wait for its end: {}.", parts.join(", ")))
}

fn params(speech: &Speech<'_, '_>, params: &Params, meta: &Meta, takes: &str) -> String {
    let (ty, or) = match params {
        Params::None => return format!("{takes} nothing."),
        Params::Required(ty) => (ty, ""),
        Params::Optional(ty) => (ty.without_null(), ", or nothing"),
    };
    match speech.subject.protocol.types.as_struct(ty) {
        Some((id, _)) => {
            let fields = speech.subject.fields(id);
            let name = code(&speech.subject.protocol.types[id].name.pascal());
            if fields.is_empty() {
                return format!("{takes} {name}, an object without members{or}.");
            }
            format!("{takes} {name}{or}:\n\n{}", speech.members(&fields, meta))
        }
        None => format!("{takes} {}{or}.", speech.ty(ty)),
    }
}

fn result(speech: &Speech<'_, '_>, ty: &Type) -> String {
    match ty {
        Type::Null => "nothing".to_owned(),
        other => speech.ty(other),
    }
}

/// The place of a request in lists of messages.
pub fn place_of(subject: &Subject<'_>, page: &Page, sender: Peer, wire: &str) -> Option<String> {
    subject.places.request(sender, wire).map(|place| page.to_place(place))
}
