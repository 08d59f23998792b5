//! The page of a module's types.

use crate::backend::words::Words;
use crate::ir::{Name, StringEnum, Tagging, TypeId, TypeKind, Union};

use super::markdown::{code, table};
use super::places::{Page, types_title};
use super::speech::{Speech, Subject};

/// The page.
pub struct TypesView {
    /// Its title.
    pub title: String,
    /// The way to the page of the family's messages, where there is one.
    pub messages: Option<String>,
    /// The types.
    pub types: Vec<TypeView>,
}

/// A type.
pub struct TypeView {
    /// Its name, as a heading.
    pub heading: String,
    /// What there is to say about it.
    pub paragraphs: Vec<String>,
    /// What it is, block by block.
    pub blocks: Vec<String>,
}

impl TypesView {
    /// The page of the module `domain`.
    pub fn new(subject: &Subject<'_>, domain: &Name, ids: &[TypeId]) -> Self {
        let speech = Speech { subject, page: Page::types(domain) };
        Self {
            title: types_title(domain),
            messages: subject.places.families.contains_key(domain).then(|| speech.page.to(&Page::messages(domain))),
            types: ids.iter().map(|id| view(&speech, *id)).collect(),
        }
    }
}

fn view(speech: &Speech<'_, '_>, id: TypeId) -> TypeView {
    let subject = speech.subject;
    let def = &subject.protocol.types[id];
    let name = def.name.pascal();
    let mut paragraphs = speech.paragraphs(&def.meta, subject.role(id));
    let others: Vec<String> = subject
        .words
        .iter()
        .filter(|words| words.types[id.0] != name)
        .map(|words| format!("{} in {}", code(&words.types[id.0]), words.title))
        .collect();
    if !others.is_empty() {
        paragraphs.push(format!("It is called {}.", others.join(" and ")));
    }
    let blocks = match &def.kind {
        TypeKind::Struct(structure) => {
            let fields = subject.fields(id);
            let extra = structure.extra.as_ref();
            let extra = extra.map(|ty| format!("Further members hold {}.", speech.ty(ty)));
            let members = match (fields.is_empty(), &extra) {
                (true, None) => Some("An object without members.".to_owned()),
                (true, Some(_)) => None,
                (false, _) => Some(speech.members(&fields, &def.meta)),
            };
            members.into_iter().chain(extra).collect()
        }
        TypeKind::Enum(enumeration) => strings(speech, enumeration, id),
        TypeKind::Union(union) => shapes(speech, union, id),
        TypeKind::Alias(target) => vec![format!("Another name for {}.", speech.ty(target))],
    };
    TypeView { heading: code(&name), paragraphs, blocks }
}

fn strings(speech: &Speech<'_, '_>, enumeration: &StringEnum, id: TypeId) -> Vec<String> {
    let subject = speech.subject;
    let whole = &subject.protocol.types[id].meta;
    let languages: Vec<&Words> = subject.words.iter().collect();
    let heading: Vec<&str> =
        [&["Value"][..], &languages.iter().map(|words| words.title).collect::<Vec<_>>(), &["What it means"]].concat();
    let rows: Vec<Vec<String>> = enumeration
        .values
        .iter()
        .map(|value| {
            let names = languages.iter().map(|words| code(&(words.value)(value)));
            [code(&format!("{:?}", value.wire))]
                .into_iter()
                .chain(names)
                .chain([speech.line(&value.meta, whole)])
                .collect()
        })
        .collect();
    let rest = if enumeration.open { "Other strings are kept as they are." } else { "No other string fits." };
    vec![table(&heading, &rows), rest.to_owned()]
}

fn shapes(speech: &Speech<'_, '_>, union: &Union, id: TypeId) -> Vec<String> {
    let subject = speech.subject;
    let whole = &subject.protocol.types[id].meta;
    let first = match &union.tagging {
        Tagging::Property { wire } => format!("One of several shapes, told apart by {}:", code(wire)),
        Tagging::External => "A string, or an object with one member, whose name tells the shape:".to_owned(),
        Tagging::Untagged => "One of several shapes:".to_owned(),
    };
    let titles = subject.words.iter().map(|words| words.title);
    let heading: Vec<&str> = ["Tag", "What it holds"].into_iter().chain(titles).chain(["What it means"]).collect();
    let rows: Vec<Vec<String>> = union
        .variants
        .iter()
        .map(|variant| {
            let tag = variant.tag.as_ref().map(|tag| code(&format!("{tag:?}"))).unwrap_or_default();
            let holds = variant.payload.as_ref().map(|ty| speech.ty(ty)).unwrap_or_default();
            let name = |words: &Words| (words.variant)(&subject.protocol.types[id], variant);
            let names = subject.words.iter().map(|words| name(words).map(|name| code(&name)).unwrap_or_default());
            let line = speech.line(&variant.meta, whole);
            [tag, holds].into_iter().chain(names).chain([line]).collect()
        })
        .collect();
    let mut blocks = vec![first, table(&heading, &rows)];
    if !union.shared.is_empty() {
        blocks.push("All of them have:".to_owned());
        blocks.push(speech.members(&union.shared.iter().collect::<Vec<_>>(), whole));
    }
    blocks
}
