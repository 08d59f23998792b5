//! Small protocols for tests.

use std::collections::BTreeMap;

use super::catalog::Catalog;
use super::order::Order;
use super::view::{Item, TypesBuilder};
use crate::ir::{
    Aliases, Doc, EnumValue, Field, Format, Launch, Literal, Meta, Name, Notification, Origin, Package, Params, Peer,
    Presence, Protocol, Request, Stability, StringEnum, Struct, Tagging, Type, TypeDef, TypeId, TypeKind, Types, Union,
    Usage, Variant,
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

pub fn tag(value: &str) -> Field {
    field("type", Type::Literal(Literal::String(value.into())), Presence::Required)
}

pub fn object(fields: Vec<Field>) -> TypeKind {
    TypeKind::Struct(Struct { fields, extra: None })
}

pub fn strings(values: &[&str]) -> TypeKind {
    let value = |wire: &&str| EnumValue { wire: (*wire).into(), name: name(wire), meta: meta(wire) };
    TypeKind::Enum(StringEnum { values: values.iter().map(value).collect(), open: true })
}

pub fn union(tagging: Tagging, variants: Vec<Variant>, shared: Vec<Field>) -> TypeKind {
    TypeKind::Union(Union { tagging, variants, shared, open: false })
}

pub fn variant(tag: &str, payload: Option<Type>) -> Variant {
    Variant { tag: Some(tag.into()), name: name(tag), payload, meta: meta(tag) }
}

pub fn reference(id: usize) -> Type {
    Type::Ref(TypeId(id))
}

pub fn request(wire: &str, sender: Peer, params: Params, result: Type) -> Request {
    let (name, domain) = (name(wire), name("thing"));
    Request { wire: wire.into(), name, sender, params, result, domain, refusal: None, meta: meta(wire) }
}

pub fn notification(wire: &str, params: Params) -> Notification {
    let (name, domain) = (name(wire), name("thing"));
    Notification { wire: wire.into(), name, sender: Peer::Server, params, domain, meta: meta(wire) }
}

/// A protocol with these types, all in the module `thing` and all sent; their ids are their places in the list.
pub fn protocol(types: Vec<(&str, TypeKind)>) -> Protocol {
    let def = |(text, kind): (&str, TypeKind)| TypeDef {
        name: name(text),
        domain: name("thing"),
        owner: None,
        usage: Usage { sent: true, received: true },
        kind,
        meta: meta(text),
    };
    let package = Package { name: "thing-sdk".into(), module: "thing_sdk".into(), runtime: None };
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
        packages: BTreeMap::from([("python".to_owned(), package)]),
        secrets: Vec::new(),
        facade: None,
    }
}

/// A file of the package of `protocol`.
pub fn file(protocol: &Protocol, path: &str) -> String {
    let files = super::render(protocol).unwrap();
    String::from_utf8(files.get(&format!("src/thing_sdk/{path}")).unwrap().to_vec()).unwrap()
}

/// The statements of a class, without docs.
pub fn members(protocol: &Protocol, class: &str) -> Vec<String> {
    let catalog = Catalog::new(protocol, &mut Vec::new());
    let order = Order::new(&catalog);
    let module = TypesBuilder { catalog: &catalog, order: &order }.module("thing", &order.ids, String::new());
    let found = module.items.into_iter().find_map(|item| match item {
        Item::Class(found) | Item::Enum(found) if found.name == class => Some(found.members),
        Item::Class(_) | Item::Enum(_) | Item::Alias(_) => None,
    });
    found.unwrap().into_iter().map(|member| member.code).collect()
}
