//! What the lowering of one document has found so far: declared types, their names, and the problems.

use std::collections::HashMap;

use super::Source;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{
    Doc, Meta, Name, Origin, Stability, StringEnum, Struct, Tagging, Type, TypeDef, TypeId, TypeKind, Usage,
};
use crate::profile::Profile;
use crate::schema::{Document, Node, Schema};

/// The state of a lowering. Type ids are provisional here: they follow the order of declaration.
pub(super) struct Context<'a> {
    pub source: Source<'a>,
    pub document: &'a Document,
    pub profile: &'a Profile,
    pub diagnostics: Diagnostics,
    pub defs: Vec<TypeDef>,
    /// Definitions by pointer; twins of two namespaces share an id.
    pub ids: HashMap<&'a str, TypeId>,
    /// Who has which name, by its Pascal-cased form.
    names: HashMap<String, String>,
}

/// Where a type expression stands: what a type declared there is called, and inside what.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub name: Name,
    pub owner: Option<TypeId>,
}

impl<'a> Context<'a> {
    pub fn new(source: Source<'a>, document: &'a Document) -> Self {
        Self {
            source,
            document,
            profile: source.profile,
            diagnostics: Diagnostics::default(),
            defs: Vec::new(),
            ids: HashMap::new(),
            names: HashMap::new(),
        }
    }

    /// Reports a problem of the schema.
    pub fn report(&mut self, pointer: &str, found: impl Into<String>, expected: &str, help: &str) {
        self.diagnostics.push(Diagnostic::error(&self.document.file, pointer, found).expected(expected).help(help));
    }

    /// The words of `text`; where it has none, a problem at `pointer`, and a name that will do until it is solved.
    pub fn name(&mut self, text: &str, pointer: &str) -> Name {
        Name::split(text, &self.profile.schema.words).unwrap_or_else(|| {
            self.report(
                pointer,
                format!("the name {text:?}, which has neither letter nor digit"),
                "a name that a language can write",
                "give it another one under `[rename.members]` or `[rename.variants]` of the profile",
            );
            Name { words: vec!["unnamed".to_owned()] }
        })
    }

    /// The words under which the profile's `entry` renames something, or else those of `text`.
    pub fn renamed(&mut self, entry: Option<&String>, text: &str, pointer: &str) -> Name {
        self.name(entry.map_or(text, String::as_str), pointer)
    }

    /// Declares a type, with nothing in it yet. A name that is taken is a problem.
    pub fn declare(&mut self, place: Place, pointer: &str, doc: Doc, deprecated: Option<String>, help: &str) -> TypeId {
        let key = place.name.pascal();
        if let Some(other) = self.names.get(&key) {
            let found = format!("a second type called `{key}`; the first one is at {other}");
            self.report(pointer, found, "a name of its own for each type", help);
        } else {
            self.names.insert(key, pointer.to_owned());
        }
        let meta =
            Meta { doc, origin: Origin { pointer: pointer.to_owned() }, stability: Stability::Stable, deprecated };
        self.defs.push(TypeDef {
            name: place.name,
            domain: super::reach::shared(),
            owner: place.owner,
            usage: Usage::default(),
            kind: TypeKind::Struct(Struct { fields: Vec::new(), extra: None }),
            meta,
        });
        TypeId(self.defs.len() - 1)
    }

    /// Declares a type that the schema has no name for.
    pub fn declare_inline(&mut self, place: Place, node: &Node) -> TypeId {
        let key = place.name.pascal();
        let doc = Self::doc(self.profile.docs.types.get(&key), node.description.as_deref());
        let help = format!(
            "name the member or the variant differently, under `[rename.members]` or `[rename.variants]` of the \
             profile, or the type that has the name, under `[rename.types]`: `{key}` is made of the declaring type's \
             name and the member's or variant's"
        );
        self.declare(place, &node.pointer, doc, deprecation(node), &help)
    }

    pub fn set(&mut self, id: TypeId, kind: TypeKind) {
        self.defs[id.0].kind = kind;
    }

    /// The profile's prose, or else the schema's.
    pub fn doc(entry: Option<&String>, description: Option<&str>) -> Doc {
        Doc::new(entry.map_or(description.unwrap_or_default(), String::as_str))
    }

    /// What is known of a member, value or variant of `owner` beside its own facts.
    pub fn member_meta(&self, owner: TypeId, wire: &str, pointer: &str, node: Option<&Node>) -> Meta {
        let key = format!("{}.{wire}", self.defs[owner.0].name.pascal());
        let doc = Self::doc(
            self.profile.docs.members.get(&key),
            node.filter(|node| node.reference.is_none()).and_then(|node| node.description.as_deref()),
        );
        Meta {
            doc,
            origin: Origin { pointer: pointer.to_owned() },
            stability: Stability::Stable,
            deprecated: self.profile.deprecated.get(&key).cloned().or_else(|| node.and_then(deprecation)),
        }
    }

    /// The node behind a schema: references and `allOf` followed, within reason.
    pub fn behind(&self, schema: &'a Schema) -> Option<&'a Node> {
        let mut node = schema.node()?;
        for _ in 0..32 {
            let next = match (&node.reference, &node.all_of) {
                (Some(reference), _) => self.document.resolve(reference)?.1.schema.node()?,
                (None, Some(part)) => part.node()?,
                (None, None) => return Some(node),
            };
            node = next;
        }
        None
    }

    /// A type that leads back to itself without an object between says nothing, and no language can write an alias of
    /// itself: reported, and read as "any JSON".
    pub fn break_cycles(&mut self) {
        for next in [bare_parts, aliased_parts] {
            for index in cycles(&self.defs, next) {
                let pointer = self.defs[index].meta.origin.pointer.clone();
                self.report(
                    &pointer,
                    "references that lead back to where they start",
                    "a reference that ends at a type",
                    "correct the schema, or pull it again",
                );
                self.defs[index].kind = TypeKind::Alias(Type::Any);
            }
        }
    }

    pub fn finish(self) -> (Vec<TypeDef>, Diagnostics) {
        (self.defs, self.diagnostics)
    }
}

impl Place {
    /// A place inside this one.
    pub fn inside(owner: TypeId, defs: &[TypeDef], name: &Name) -> Self {
        Self { name: defs[owner.0].name.followed_by(name), owner: Some(owner) }
    }
}

/// Where a type leads without an object, a list or a key between.
fn bare_parts(_: &[TypeDef], kind: &TypeKind) -> Vec<usize> {
    let target = |ty: &Type| match ty.without_null() {
        Type::Ref(id) => Some(id.0),
        _ => None,
    };
    match kind {
        TypeKind::Alias(ty) => target(ty).into_iter().collect(),
        TypeKind::Union(union) if union.tagging != Tagging::External => {
            union.variants.iter().filter_map(|variant| target(variant.payload.as_ref()?)).collect()
        }
        TypeKind::Union(_) | TypeKind::Struct(_) | TypeKind::Enum(_) => Vec::new(),
    }
}

/// The alias that an alias is made of, in a list or a map or by itself.
fn aliased_parts(defs: &[TypeDef], kind: &TypeKind) -> Vec<usize> {
    let TypeKind::Alias(mut ty) = kind.clone() else { return Vec::new() };
    loop {
        ty = match ty {
            Type::Nullable(inner) | Type::List(inner) | Type::Map(inner) => *inner,
            Type::Ref(id) if matches!(defs[id.0].kind, TypeKind::Alias(_)) => return vec![id.0],
            _ => return Vec::new(),
        };
    }
}

/// A type of each cycle that following `next` leads into.
fn cycles(defs: &[TypeDef], next: fn(&[TypeDef], &TypeKind) -> Vec<usize>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut seen = vec![false; defs.len()];
    let mut on_path = vec![false; defs.len()];
    for start in 0..defs.len() {
        if seen[start] {
            continue;
        }
        let mut path = vec![(start, next(defs, &defs[start].kind))];
        (seen[start], on_path[start]) = (true, true);
        while let Some((at, open)) = path.last_mut() {
            let Some(part) = open.pop() else {
                on_path[*at] = false;
                path.pop();
                continue;
            };
            if on_path[part] {
                found.push(part);
            } else if !seen[part] {
                (seen[part], on_path[part]) = (true, true);
                path.push((part, next(defs, &defs[part].kind)));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Why a node should no longer be used, if its schema says so.
pub(super) fn deprecation(node: &Node) -> Option<String> {
    node.deprecated.then(|| "The protocol's schema marks it as deprecated.".to_owned())
}

/// The enum behind an id, to change it.
pub(super) fn enum_mut(defs: &mut [TypeDef], id: TypeId) -> Option<&mut StringEnum> {
    match &mut defs[id.0].kind {
        TypeKind::Enum(values) => Some(values),
        TypeKind::Struct(_) | TypeKind::Union(_) | TypeKind::Alias(_) => None,
    }
}
