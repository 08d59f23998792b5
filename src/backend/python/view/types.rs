//! The modules of `types`: one class or alias for each named type.

use serde_json::Value;

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::{Catalog, is_literal, wrapped};
use crate::backend::python::code::{annotated, assignment, call, dict, json, lay_out, list, string, subscript, union};
use crate::backend::python::docstring::Docstring;
use crate::backend::python::imports::{Imports, Place, exported};
use crate::backend::python::names::{Kind, identifier};
use crate::backend::python::order::Order;
use crate::backend::python::types::{Arms, Helper, LITERAL, Position, Uses, with_none};
use crate::ir::{Field, Meta, Presence, StringEnum, Tagging, Type, TypeId, TypeKind, Union, Variant};

use super::{Class, Item, Member};

const ANNOTATED: Helper = Helper { module: "typing", name: "Annotated" };
const TYPE_ALIAS: Helper = Helper { module: "typing", name: "TypeAlias" };
const TYPE_ALIAS_TYPE: Helper = Helper { module: "typing_extensions", name: "TypeAliasType" };
const MODEL: Helper = runtime("WireModel");
const EXTERNAL_MODEL: Helper = runtime("ExternalModel");
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

/// What `None` says in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Nullability {
    /// What its type says.
    AsTyped,
    /// That the member is absent; it can't be `null`.
    NoneMeansAbsent,
    /// That the member is `null`; an absent one is something else.
    NoneMeansNull,
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
        TypesModule { summary, imports: imports.print(0), exported: exported(names.clone()), items, names }
    }

    fn class(&self, id: TypeId, uses: &mut Uses) -> Class {
        let fields = self.catalog.fields(id);
        let fixed = fields.iter().any(|field| is_literal(field) && field.presence == Presence::Required);
        let base = uses.helper(if fixed { TAGGED_MODEL } else { MODEL });
        let doc = self.catalog.docstring_of(id);
        let members = fields.into_iter().map(|field| self.field(id, field, uses)).collect();
        Class::new(self.catalog.class(id).to_owned(), base, &doc, members)
    }

    fn field(&self, id: TypeId, field: &Field, uses: &mut Uses) -> Member {
        let mut doc = self.catalog.docstring(&field.meta, None).marked(&field.meta);
        let mut own = Uses::default();
        let mut parts = self.catalog.annotation(&field.ty, Position::Model, &mut own);
        let (value, nullability) = self.value(field, &mut doc);
        if nullability == Nullability::NoneMeansNull {
            parts = with_none(parts);
        }
        if own.types.iter().any(|named| self.order.must_quote(id, *named)) {
            parts = vec![Doc::text(string(&union(parts).flat()))];
        }
        if nullability == Nullability::NoneMeansAbsent {
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

    /// What a field is when nobody gives it, and what `None` then says; adds what its docs have to tell of that.
    fn value(&self, field: &Field, doc: &mut Docstring) -> (Option<Doc>, Nullability) {
        let absent = || {
            let nullable = self.catalog.accepts_null(&field.ty);
            (Some(Doc::text("None")), if nullable { Nullability::AsTyped } else { Nullability::NoneMeansAbsent })
        };
        match &field.presence {
            Presence::Required => (literal_default(field), Nullability::AsTyped),
            Presence::Optional | Presence::Defaulted(Value::Null) => absent(),
            Presence::ThreeState => {
                doc.paragraph("Leaving it out is not the same as `None`, which is sent as `null`.");
                (Some(Doc::text("None")), Nullability::NoneMeansNull)
            }
            Presence::Defaulted(default) => {
                if let Some(expression) = self.default(&field.ty, default) {
                    return (Some(expression), Nullability::AsTyped);
                }
                doc.paragraph(&format!("Left out, it means `{default}`."));
                absent()
            }
        }
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
        let member = |name: String, wire: &str, meta: &Meta| Member {
            code: lay_out(&assignment(&name, vec![Doc::text(string(wire))]), 4),
            doc: self.catalog.docstring(meta, None).marked(meta).print(4),
        };
        let members = enumeration
            .values
            .iter()
            .map(|value| member(identifier(&value.name, Kind::Member), &value.wire, &value.meta))
            .collect();
        let base = uses.helper(if enumeration.open { OPEN_ENUM } else { CLOSED_ENUM });
        let doc = self.catalog.docstring_of(id);
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
        let doc = self.catalog.docstring(&variant.meta, Some(&role)).marked(&variant.meta);
        let members = vec![self.field(id, &field, uses)];
        Class::new(self.catalog.wrapper(id, variant), uses.helper(EXTERNAL_MODEL), &doc, members)
    }

    fn union(&self, id: TypeId, alternatives: &Union, uses: &mut Uses) -> Member {
        let arms = self.catalog.arms(id, alternatives);
        let is_either = alternatives.tagging == Tagging::Untagged && !arms.only_objects();
        let marker = match &alternatives.tagging {
            Tagging::Property { wire } => format!("{}({})", uses.helper(runtime("Tagged")), string(wire)),
            Tagging::External => format!("{}()", uses.helper(runtime("External"))),
            Tagging::Untagged if is_either => format!("{}()", uses.helper(runtime("Either"))),
            Tagging::Untagged => format!("{}()", uses.helper(runtime("Untagged"))),
        };
        let mut parts = if is_either { self.payloads(alternatives, uses) } else { shapes(arms, uses) };
        if self.catalog.is_open(id) {
            parts.push(Doc::text(uses.helper(UNKNOWN_VARIANT)));
        }
        if self.catalog.circular(id) {
            let annotated = subscript(uses.helper(ANNOTATED), vec![union(parts), Doc::text(marker)]);
            return self.name(id, vec![annotated], uses);
        }
        let lines = vec![Doc::HardLine, union(parts), Doc::text(","), Doc::HardLine, Doc::text(marker), Doc::text(",")];
        let open = Doc::text(format!("{}[", uses.helper(ANNOTATED)));
        let annotated = Doc::Concat(vec![open, Doc::indent(lines), Doc::HardLine, Doc::text("]")]);
        self.name(id, vec![annotated], uses)
    }

    /// What the variants of an untagged union hold, each once.
    fn payloads(&self, alternatives: &Union, uses: &mut Uses) -> Vec<Doc> {
        let mut parts: Vec<Doc> = Vec::new();
        for payload in alternatives.variants.iter().filter_map(|variant| variant.payload.as_ref()) {
            for part in self.catalog.annotation(payload, Position::Model, uses) {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        parts
    }

    fn name(&self, id: TypeId, parts: Vec<Doc>, uses: &mut Uses) -> Member {
        let doc = self.catalog.docstring_of(id).print(0);
        if self.catalog.circular(id) {
            let class = self.catalog.class(id);
            let arguments = vec![Doc::text(string(class)), Doc::text(string(&union(parts).flat()))];
            let value = call(uses.helper(TYPE_ALIAS_TYPE), arguments);
            return Member { code: lay_out(&assignment(class, vec![value]), 0), doc };
        }
        let target = format!("{}: {}", self.catalog.class(id), uses.helper(TYPE_ALIAS));
        Member { code: lay_out(&assignment(&target, parts), 0), doc }
    }
}

/// The bare strings and the classes that a union comes down to.
fn shapes(arms: Arms, uses: &mut Uses) -> Vec<Doc> {
    let mut parts = Vec::with_capacity(arms.classes.len() + 2);
    if !arms.strings.is_empty() {
        let strings = arms.strings.iter().map(|text| Doc::text(string(text))).collect();
        parts.push(subscript(uses.helper(LITERAL), strings));
    }
    uses.types.extend(arms.ids);
    parts.extend(arms.classes.into_iter().map(Doc::text));
    parts
}

/// The only value that a field can have.
fn literal_default(field: &Field) -> Option<Doc> {
    match &field.ty {
        Type::Literal(literal) => Some(Doc::text(crate::backend::python::types::literal_value(literal))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::backend::python::fixture::{
        TEXT, field, file, members, object, protocol, reference, strings, tag, union, variant,
    };

    #[test]
    fn presence_and_nullability_are_apart() {
        let nullable = TEXT.nullable();
        let fields = vec![
            field("a", TEXT, Presence::Required),
            field("b", nullable.clone(), Presence::Required),
            field("c", TEXT, Presence::Optional),
            field("d", nullable.clone(), Presence::Optional),
            field("e", nullable, Presence::ThreeState),
            field("f", TEXT, Presence::Defaulted(json!("x"))),
            field("gWire", TEXT, Presence::Optional),
            field("h", Type::Any, Presence::Optional),
        ];
        let expected = [
            "a: str",
            "b: str | None",
            "c: NeverNull[str] = None",
            "d: str | None = None",
            "e: str | None = None",
            "f: str = \"x\"",
            "g_wire: Annotated[NeverNull[str], Wire(\"gWire\")] = None",
            "h: Any = None",
        ];
        assert_eq!(members(&protocol(vec![("T", object(fields))]), "T"), expected);
    }

    #[test]
    fn defaults_are_values_of_their_types() {
        let list = Type::List(Box::new(reference(0)));
        let fields = vec![
            field("known", reference(0), Presence::Defaulted(json!("b-c"))),
            field("unknown", reference(0), Presence::Defaulted(json!("z"))),
            field("items", list, Presence::Defaulted(json!(["a"]))),
            field("model", reference(2), Presence::Defaulted(json!({}))),
        ];
        let types = vec![("E", strings(&["a", "b-c"])), ("T", object(fields)), ("U", object(Vec::new()))];
        let expected =
            ["known: E = E.b_c", "unknown: E = E(\"z\")", "items: list[E] = [E.a]", "model: NeverNull[U] = None"];
        assert_eq!(members(&protocol(types), "T"), expected);
    }

    #[test]
    fn recursion_is_quoted_and_nothing_else() {
        let node = vec![
            field("parent", reference(0).nullable(), Presence::Optional),
            field("either", reference(1), Presence::Required),
            field("leaf", reference(2), Presence::Required),
        ];
        let either = union(Tagging::External, vec![variant("node", Some(reference(0)))], Vec::new());
        let protocol = protocol(vec![("Node", object(node)), ("Choice", either), ("Leaf", object(Vec::new()))]);
        assert_eq!(members(&protocol, "Node"), ["parent: \"Node | None\" = None", "either: \"Choice\"", "leaf: Leaf"]);
        let text = file(&protocol, "types/thing.py");
        let place = |what: &str| text.find(what).unwrap();
        assert!(place("class Leaf(") < place("class Node("));
        assert!(
            place(
                "class NodeChoice(ExternalModel):\n    \"\"\"The `node` variant of `Choice`.\"\"\"\n\n    node: Node\n"
            ) < place("Choice: TypeAlias = Annotated[\n    NodeChoice | UnknownVariant,\n    External(),\n]")
        );
    }

    #[test]
    fn a_name_may_come_back_to_itself() {
        let list = Type::List(Box::new(reference(0)));
        let any = union(
            Tagging::Untagged,
            vec![variant("text", Some(TEXT)), variant("list", Some(reference(1)))],
            Vec::new(),
        );
        let params = object(vec![field("value", reference(0), Presence::Required)]);
        let protocol = protocol(vec![("Value", any), ("Values", TypeKind::Alias(list)), ("Params", params)]);
        let text = file(&protocol, "types/thing.py");
        let value = "\nValue = TypeAliasType(\"Value\", \"Annotated[str | Values, Either()]\")\n";
        assert!(text.contains(value), "{text}");
        assert!(text.contains("\nValues: TypeAlias = list[Value]\n"));
        assert!(file(&protocol, "dicts/thing.py").contains("    value: Value\n"));
    }

    #[test]
    fn a_wrapper_is_a_class_in_between() {
        let not = union(Tagging::External, vec![variant("not", Some(reference(0)))], Vec::new());
        let protocol = protocol(vec![("Rule", not)]);
        let text = file(&protocol, "types/thing.py");
        assert!(text.contains("    not_: Annotated[\"Rule\", Wire(\"not\")]\n"), "{text}");
        assert!(text.contains("\nRule: TypeAlias = Annotated[\n"));
    }

    #[test]
    fn the_arms_of_a_nested_union_have_what_they_share() {
        let tagged = || Tagging::Property { wire: "type".into() };
        let inner = union(
            Tagging::Untagged,
            vec![variant("url", Some(reference(2))), variant("file", Some(reference(3)))],
            vec![field("detail", TEXT, Presence::Optional), tag("image")],
        );
        let outer = union(tagged(), vec![variant("image", Some(reference(1)))], Vec::new());
        let url = object(vec![field("url", TEXT, Presence::Required)]);
        let protocol = protocol(vec![("Input", outer), ("Image", inner), ("Url", url), ("File", object(Vec::new()))]);
        let expected = ["url: str", "detail: NeverNull[str] = None", "type: Literal[\"image\"] = \"image\""];
        assert_eq!(members(&protocol, "Url"), expected);
        let text = file(&protocol, "types/thing.py");
        assert!(
            text.contains("Input: TypeAlias = Annotated[\n    Url | File | UnknownVariant,\n    Tagged(\"type\"),\n]")
        );
        assert!(text.contains("class File(TaggedModel):"));
    }
}
