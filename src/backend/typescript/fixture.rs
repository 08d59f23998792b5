//! A small protocol for tests.

use std::collections::BTreeMap;

use crate::ir::{
    Aliases, Doc, Field, Format, Launch, Meta, Name, Origin, Package, Presence, Protocol, Stability, Struct, Tagging,
    Type, TypeDef, TypeId, TypeKind, Types, Union, Usage, Variant,
};

/// Text of any kind.
pub const TEXT: Type = Type::String(Format::Text);

pub fn name(text: &str) -> Name {
    Name::split(text, &[]).unwrap()
}

pub fn meta(pointer: &str) -> Meta {
    let origin = Origin { pointer: format!("/{pointer}") };
    Meta { doc: Doc::default(), origin, stability: Stability::Stable, deprecated: None }
}

pub fn field(wire: &str, ty: Type, presence: Presence) -> Field {
    Field { wire: wire.into(), name: name(wire), ty, presence, meta: meta(wire) }
}

pub fn object(fields: Vec<Field>) -> TypeKind {
    TypeKind::Struct(Struct { fields, extra: None })
}

pub fn reference(id: usize) -> Type {
    Type::Ref(TypeId(id))
}

/// A union of these payloads, without tags.
pub fn untagged(payloads: Vec<Type>) -> TypeKind {
    let variant = |payload| Variant { tag: None, name: name("arm"), payload: Some(payload), meta: meta("arm") };
    let variants = payloads.into_iter().map(variant).collect();
    TypeKind::Union(Union { tagging: Tagging::Untagged, variants, shared: Vec::new(), open: false })
}

/// A protocol with these types, all in the module `thing`; their ids are their places in the list.
pub fn protocol(types: Vec<(&str, TypeKind)>) -> Protocol {
    let def = |(text, kind): (&str, TypeKind)| TypeDef {
        name: name(text),
        domain: name("thing"),
        owner: None,
        usage: Usage { sent: true, received: true },
        kind,
        meta: meta(text),
    };
    let package = Package { name: "thing-sdk".into(), module: "thing-sdk".into(), runtime: None };
    Protocol {
        name: name("thing"),
        title: "Thing".into(),
        version: "1.2.3".into(),
        requests: Vec::new(),
        notifications: Vec::new(),
        types: Types { defs: types.into_iter().map(def).collect() },
        sent_at: None,
        aliases: Aliases::default(),
        correlations: Vec::new(),
        handshake: None,
        launch: Some(Launch {
            client: name("Thing"),
            title: "Thing server".into(),
            command: "thing".into(),
            variable: "THING_BIN".into(),
            arguments: Vec::new(),
            override_option: None,
            overload_codes: Vec::new(),
            overload_data: Vec::new(),
        }),
        packages: BTreeMap::from([("typescript".to_owned(), package)]),
        secrets: Vec::new(),
        facade: None,
    }
}

/// A file of the package of `protocol`.
pub fn file(protocol: &Protocol, path: &str) -> String {
    let files = super::render(protocol).unwrap();
    String::from_utf8(files.get(path).unwrap().to_vec()).unwrap()
}
