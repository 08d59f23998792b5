//! How a page speaks: of types, of members and of what they are called, with links from where it is.

use crate::backend::shapes::{inherited, roles};
use crate::backend::words::Words;
use crate::ir::{Field, Format, Literal, Meta, Presence, Protocol, Stability, Type, TypeId, TypeKind};

use super::markdown::{code, link, prose, table};
use super::places::{Page, Places};

/// What all pages speak of.
pub struct Subject<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    /// Where things are written of.
    pub places: Places<'a>,
    /// The languages.
    pub words: Vec<Words>,
    inherited: Vec<Vec<&'a Field>>,
    roles: Vec<Option<String>>,
    /// The heading of what languages call members otherwise than the wire does.
    renaming: String,
}

impl<'a> Subject<'a> {
    /// All about `protocol`, in the languages of `words`.
    pub fn new(protocol: &'a Protocol, words: Vec<Words>) -> Self {
        Self {
            renaming: renaming(protocol, &words),
            protocol,
            places: Places::new(protocol),
            words,
            inherited: inherited(&protocol.types),
            roles: roles(protocol, crate::ir::Name::pascal),
        }
    }

    /// The members of an object: its own, then those that its union has for all shapes.
    pub fn fields(&self, id: TypeId) -> Vec<&'a Field> {
        let TypeKind::Struct(structure) = &self.protocol.types[id].kind else { return Vec::new() };
        structure.fields.iter().chain(self.inherited[id.0].iter().copied()).collect()
    }

    /// A sentence about a type that nobody wrote prose for.
    pub fn role(&self, id: TypeId) -> Option<&str> {
        self.roles[id.0].as_deref()
    }
}

/// What a page says.
pub struct Speech<'s, 'a> {
    /// What it is about.
    pub subject: &'s Subject<'a>,
    /// Where it is said.
    pub page: Page,
}

impl Speech<'_, '_> {
    /// Prose with links to the methods and types that it names.
    pub fn prose(&self, text: &str) -> String {
        prose(text, |span| Some(self.page.to_place(self.subject.places.spoken(span)?)))
    }

    /// The prose of a node and what follows from its other facts, as paragraphs.
    pub fn paragraphs(&self, meta: &Meta, fallback: Option<&str>) -> Vec<String> {
        let mut paragraphs: Vec<String> = meta.doc.paragraphs.iter().map(|text| self.prose(text)).collect();
        if paragraphs.is_empty() {
            paragraphs.extend(fallback.map(|text| self.prose(text)));
        }
        paragraphs.extend(meta.deprecated.as_ref().map(|reason| format!("**Deprecated:** {}", self.prose(reason))));
        match meta.stability {
            Stability::Stable => {}
            Stability::Experimental => paragraphs.push("**Experimental.**".to_owned()),
        }
        paragraphs
    }

    /// The same on one line; what `whole` says of all its parts is not said again.
    pub fn line(&self, meta: &Meta, whole: &Meta) -> String {
        let stability = if meta.stability == whole.stability { Stability::Stable } else { meta.stability };
        self.paragraphs(&Meta { stability, ..meta.clone() }, None).join(" ")
    }

    /// A type.
    pub fn ty(&self, ty: &Type) -> String {
        match ty {
            Type::Bool => "boolean".to_owned(),
            Type::Int(_) => "integer".to_owned(),
            Type::Float => "number".to_owned(),
            Type::String(Format::Text) => "string".to_owned(),
            Type::String(Format::NonEmpty) => "string, not empty".to_owned(),
            Type::Null => code("null"),
            Type::Any => "any JSON".to_owned(),
            Type::Literal(Literal::String(text)) => code(&format!("{text:?}")),
            Type::Literal(Literal::Bool(value)) => code(&value.to_string()),
            Type::Literal(Literal::Int(value)) => code(&value.to_string()),
            Type::List(item) => format!("list of {}", self.inner(item)),
            Type::Map(value) => format!("object of {}", self.inner(value)),
            Type::Nullable(inner) => format!("{} or `null`", self.ty(inner)),
            Type::Ref(id) => self.named(*id),
        }
    }

    /// A type inside another one.
    fn inner(&self, ty: &Type) -> String {
        match ty {
            Type::Nullable(_) => format!("({})", self.ty(ty)),
            _ => self.ty(ty),
        }
    }

    /// The name of a type, with a link.
    pub fn named(&self, id: TypeId) -> String {
        let name = code(&self.subject.protocol.types[id].name.pascal());
        match self.subject.places.of_type(id) {
            Some(place) => link(&name, &self.page.to_place(place)),
            None => name,
        }
    }

    /// The members of an object, as a table.
    pub fn members(&self, fields: &[&Field], whole: &Meta) -> String {
        let heading = ["Member", self.subject.renaming.as_str(), "Type", "Presence", "What it is"];
        let rows: Vec<Vec<String>> = fields
            .iter()
            .map(|field| {
                vec![
                    code(&field.wire),
                    self.called(field),
                    self.ty(&field.ty),
                    presence(&field.presence),
                    self.line(&field.meta, whole),
                ]
            })
            .collect();
        table(&heading, &rows)
    }

    /// What languages call a member otherwise than the wire does: once if these agree.
    fn called(&self, field: &Field) -> String {
        let mut names: Vec<(String, Vec<&str>)> = Vec::new();
        for words in &self.subject.words {
            let name = (words.member)(field);
            if name == field.wire {
                continue;
            }
            match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, languages)) => languages.push(words.title),
                None => names.push((name, vec![words.title])),
            }
        }
        let all = self.subject.words.len();
        match names.as_slice() {
            [(name, languages)] if languages.len() + 1 >= all => code(name),
            names => {
                let each = names.iter().map(|(name, languages)| format!("{} ({})", code(name), languages.join(", ")));
                each.collect::<Vec<_>>().join(", ")
            }
        }
    }
}

/// Names the languages that don't call all members as the wire does.
fn renaming(protocol: &Protocol, words: &[Words]) -> String {
    let fields = protocol.types.defs.iter().filter_map(|def| match &def.kind {
        TypeKind::Struct(structure) => Some(&structure.fields),
        TypeKind::Enum(_) | TypeKind::Union(_) | TypeKind::Alias(_) => None,
    });
    let renames = |words: &&Words| fields.clone().flatten().any(|field| (words.member)(field) != field.wire);
    let languages: Vec<&str> = words.iter().filter(renames).map(|words| words.title).collect();
    format!("In {}", languages.join(" and "))
}

/// Whether a member may be left out.
pub fn presence(presence: &Presence) -> String {
    match presence {
        Presence::Required => "required".to_owned(),
        Presence::Optional => "optional".to_owned(),
        Presence::ThreeState => "optional; left out and `null` differ".to_owned(),
        Presence::Defaulted(value) => format!("optional, else {}", code(&value.to_string())),
    }
}
