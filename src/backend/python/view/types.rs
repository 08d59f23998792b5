//! The modules of `types`: one class or alias for each named type.

use serde_json::Value;

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::{Catalog, is_literal, wrapped};
use crate::backend::python::code::{annotated, assignment, call, dict, json, lay_out, list, string, subscript, union};
use crate::backend::python::docstring::Docstring;
use crate::backend::python::imports::{Imports, Place, exported};
use crate::backend::python::names::{Kind, identifier};
use crate::backend::python::order::Order;
use crate::backend::python::types::{Helper, LITERAL, Position, Uses, with_none};
use crate::ir::{Field, Meta, Presence, StringEnum, Tagging, Type, TypeId, TypeKind, Union, Variant};

use super::{Class, Item, Member};

const ANNOTATED: Helper = Helper { module: "typing", name: "Annotated" };
const TYPE_ALIAS: Helper = Helper { module: "typing", name: "TypeAlias" };
const MODEL: Helper = runtime("WireModel");
const TAGGED_MODEL: Helper = runtime("TaggedModel");
const WIRE: Helper = runtime("Wire");
const NEVER_NULL: Helper = runtime("NeverNull");
const OPEN_ENUM: Helper = runtime("OpenEnum");
const CLOSED_ENUM: Helper = runtime("ClosedEnum");
const UNKNOWN_VARIANT: Helper = runtime("UnknownVariant");

const fn runtime(name: &'static str) -> Helper {
    Helper { module: "._runtime.model", name }
}

/// A module of types.
pub struct TypesModule {
    /// What its docstring says first.
    pub summary: String,
    /// The import statements.
    pub imports: String,
    /// The value of `__all__`, as a statement.
    pub exported: String,
    /// What it defines, in order.
    pub items: Vec<Item>,
    /// The names that it defines.
    pub names: Vec<String>,
}

/// Builds the modules, one at a time.
pub struct Builder<'a> {
    /// The names.
    pub catalog: &'a Catalog<'a>,
    /// What is defined before what.
    pub order: &'a Order,
}

impl Builder<'_> {
    /// The module that defines `ids`, which are in order.
    pub fn module(&self, name: &str, ids: &[TypeId], summary: String) -> TypesModule {
        let mut uses = Uses::default();
        let mut items = Vec::with_capacity(ids.len());
        let mut names = Vec::with_capacity(ids.len());
        for id in ids {
            names.push(self.catalog.class(*id).to_owned());
            match &self.catalog.def(*id).kind {
                TypeKind::Struct(_) => items.push(Item::Class(self.class(*id, &mut uses))),
                TypeKind::Enum(enumeration) => items.push(Item::Enum(self.enumeration(*id, enumeration, &mut uses))),
                TypeKind::Alias(target) => items.push(Item::Alias(self.alias(*id, target, &mut uses))),
                TypeKind::Union(union) => {
                    for (variant, payload) in wrapped(union) {
                        let wrapper = self.wrapper(*id, variant, payload, &mut uses);
                        names.push(wrapper.name.clone());
                        items.push(Item::Class(wrapper));
                    }
                    items.push(Item::Alias(self.union(*id, union, &mut uses)));
                }
            }
        }
        let place = Place::Types(name);
        let mut imports = Imports::default();
        imports.uses(place, &uses, self.catalog);
        TypesModule {
            summary,
            imports: imports.print(0),
            exported: exported(names.clone()),
            items,
            names,
        }
    }

    fn class(&self, id: TypeId, uses: &mut Uses) -> Class {
        let meta = &self.catalog.def(id).meta;
        let fields = self.catalog.fields(id);
        let fixed = fields.iter().any(|field| is_literal(field) && field.presence == Presence::Required);
        let base = uses.helper(if fixed { TAGGED_MODEL } else { MODEL });
        let doc = Docstring::of(meta, self.catalog.role(id)).marked(meta);
        let members = fields.into_iter().map(|field| self.field(id, field, uses)).collect();
        Class::new(self.catalog.class(id).to_owned(), base, &doc, members)
    }

    fn field(&self, id: TypeId, field: &Field, uses: &mut Uses) -> Member {
        let mut doc = Docstring::of(&field.meta, None).marked(&field.meta);
        let mut own = Uses::default();
        let mut parts = self.catalog.annotation(&field.ty, Position::Model, &mut own);
        let value;
        let mut never_null = false;
        match &field.presence {
            Presence::Required => value = literal_default(field),
            Presence::Optional | Presence::Defaulted(Value::Null) => {
                value = Some(Doc::text("None"));
                never_null = !self.catalog.accepts_null(&field.ty);
            }
            Presence::ThreeState => {
                doc.paragraph("Leaving it out is not the same as `None`, which is sent as `null`.");
                value = Some(Doc::text("None"));
                parts = with_none(parts);
            }
            Presence::Defaulted(default) => match self.default(&field.ty, default) {
                Some(expression) => value = Some(expression),
                None => {
                    doc.paragraph(&format!("Left out, it means `{default}`."));
                    value = Some(Doc::text("None"));
                    never_null = !self.catalog.accepts_null(&field.ty);
                }
            },
        }
        if own.types.iter().any(|used| self.order.must_quote(id, *used)) {
            parts = vec![Doc::text(string(&union(parts).flat()))];
            own.types.retain(|used| self.catalog.module(*used) != self.catalog.module(id));
        }
        if never_null {
            parts = vec![subscript(own.helper(NEVER_NULL), vec![union(parts)])];
        }
        let name = identifier(&field.name, Kind::Field);
        if name != field.wire {
            let wire = Doc::text(format!("{}({})", own.helper(WIRE), string(&field.wire)));
            parts = vec![subscript(own.helper(ANNOTATED), vec![union(parts), wire])];
        }
        uses.extend(own);
        Member { code: lay_out(&annotated(&name, &parts, value), 4), doc: doc.print(4) }
    }

    /// `default` as an expression, where there is one that needs no model to be built.
    fn default(&self, ty: &Type, default: &Value) -> Option<Doc> {
        match (ty, default) {
            (_, Value::Null) => Some(Doc::text("None")),
            (Type::Nullable(inner), _) => self.default(inner, default),
            (Type::List(item), Value::Array(items)) => {
                items.iter().map(|value| self.default(item, value)).collect::<Option<_>>().map(list)
            }
            (Type::Map(item), Value::Object(members)) => {
                let entry = |(key, value): (&String, &Value)| Some((string(key), self.default(item, value)?));
                members.iter().map(entry).collect::<Option<_>>().map(dict)
            }
            (Type::Ref(id), _) => match (&self.catalog.def(*id).kind, default) {
                (TypeKind::Alias(target), _) => self.default(target, default),
                (TypeKind::Enum(enumeration), Value::String(text)) => {
                    let class = self.catalog.class(*id);
                    let known = enumeration.values.iter().find(|value| value.wire == *text);
                    Some(match known {
                        Some(value) => Doc::text(format!("{class}.{}", identifier(&value.name, Kind::Member))),
                        None => call(class, vec![json(default)]),
                    })
                }
                (TypeKind::Union(_), Value::String(_)) => Some(json(default)),
                _ => None,
            },
            _ => Some(json(default)),
        }
    }

    fn enumeration(&self, id: TypeId, enumeration: &StringEnum, uses: &mut Uses) -> Class {
        let meta = &self.catalog.def(id).meta;
        let member = |name: String, wire: &str, meta: &Meta| Member {
            code: lay_out(&assignment(&name, vec![Doc::text(string(wire))]), 4),
            doc: Docstring::of(meta, None).marked(meta).print(4),
        };
        let members = enumeration
            .values
            .iter()
            .map(|value| member(identifier(&value.name, Kind::Member), &value.wire, &value.meta))
            .collect();
        let base = uses.helper(if enumeration.open { OPEN_ENUM } else { CLOSED_ENUM });
        let doc = Docstring::of(meta, self.catalog.role(id)).marked(meta);
        Class::new(self.catalog.class(id).to_owned(), base, &doc, members)
    }

    fn alias(&self, id: TypeId, target: &Type, uses: &mut Uses) -> Member {
        let parts = self.catalog.annotation(target, Position::Model, uses);
        self.name(id, parts, uses)
    }

    /// The class of an object whose only member is a variant's tag.
    fn wrapper(&self, id: TypeId, variant: &Variant, payload: &Type, uses: &mut Uses) -> Class {
        let tag = variant.tag.as_deref().unwrap_or_default();
        let field = Field {
            wire: tag.to_owned(),
            name: variant.name.clone(),
            ty: payload.clone(),
            presence: Presence::Required,
            meta: Meta { doc: crate::ir::Doc::default(), deprecated: None, ..variant.meta.clone() },
        };
        let role = format!("The `{tag}` variant of `{}`.", self.catalog.class(id));
        let doc = Docstring::of(&variant.meta, Some(&role)).marked(&variant.meta);
        let members = vec![self.field(id, &field, uses)];
        Class::new(self.catalog.wrapper(id, variant), uses.helper(MODEL), &doc, members)
    }

    fn union(&self, id: TypeId, alternatives: &Union, uses: &mut Uses) -> Member {
        let mut arms = self.catalog.arms(id, alternatives);
        let marker = match &alternatives.tagging {
            Tagging::Property { wire } => Some(format!("{}({})", uses.helper(runtime("Tagged")), string(wire))),
            Tagging::External => Some(format!("{}()", uses.helper(runtime("External")))),
            Tagging::Untagged if arms.only_objects() => Some(format!("{}()", uses.helper(runtime("Untagged")))),
            Tagging::Untagged => None,
        };
        let Some(marker) = marker else {
            let mut parts: Vec<Doc> = Vec::new();
            for payload in alternatives.variants.iter().filter_map(|variant| variant.payload.as_ref()) {
                for part in self.catalog.annotation(payload, Position::Model, uses) {
                    if !parts.contains(&part) {
                        parts.push(part);
                    }
                }
            }
            return self.name(id, parts, uses);
        };
        let mut parts = Vec::with_capacity(arms.classes.len() + 2);
        if !arms.strings.is_empty() {
            let strings = arms.strings.drain(..).map(|text| Doc::text(string(&text))).collect();
            parts.push(subscript(uses.helper(LITERAL), strings));
        }
        uses.types.extend(arms.ids);
        parts.extend(arms.classes.into_iter().map(Doc::Text));
        parts.push(Doc::text(uses.helper(UNKNOWN_VARIANT)));
        let lines = vec![Doc::HardLine, union(parts), Doc::text(","), Doc::HardLine, Doc::Text(marker), Doc::text(",")];
        let open = Doc::text(format!("{}[", uses.helper(ANNOTATED)));
        let annotated = Doc::Concat(vec![open, Doc::indent(lines), Doc::HardLine, Doc::text("]")]);
        self.name(id, vec![annotated], uses)
    }

    fn name(&self, id: TypeId, parts: Vec<Doc>, uses: &mut Uses) -> Member {
        let meta = &self.catalog.def(id).meta;
        let target = format!("{}: {}", self.catalog.class(id), uses.helper(TYPE_ALIAS));
        Member {
            code: lay_out(&assignment(&target, parts), 0),
            doc: Docstring::of(meta, self.catalog.role(id)).marked(meta).print(0),
        }
    }
}

/// The only value that a field can have.
fn literal_default(field: &Field) -> Option<Doc> {
    match &field.ty {
        Type::Literal(literal) => Some(Doc::Text(crate::backend::python::types::literal_value(literal))),
        _ => None,
    }
}
