//! The modules of `types`: an interface or an alias for each named type, and an object of known values for each enum.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::backend::pretty::Doc;
use crate::backend::typescript::catalog::Catalog;
use crate::backend::typescript::code::{key, lay_out, names_from, property, string, typed};
use crate::backend::typescript::comment::Comment;
use crate::backend::typescript::names::{Kind, identifier};
use crate::backend::typescript::types::{Place, UNKNOWN_VARIANT, Uses};
use crate::ir::{EnumValue, Field, Presence, StringEnum, Struct, Tagging, TypeId, TypeKind, Union};

use super::{Member, above};

/// A module of types.
pub struct TypesModule {
    /// What its first comment says.
    pub summary: String,
    /// The import statements; empty if there are none.
    pub imports: String,
    /// What it declares, in order.
    pub items: Vec<Item>,
}

/// A declaration, or an enum's two.
pub enum Item {
    /// An object's members.
    Interface(Interface),
    /// Another name for a type, as a statement.
    Alias(Member),
    /// An alias of strings, as a statement, and the object of those that are known.
    Enum(Member, Interface),
}

/// A name and what stands between its braces.
pub struct Interface {
    /// The comment above it.
    pub doc: String,
    /// The name.
    pub name: String,
    /// What stands in it.
    pub members: Vec<Member>,
}

impl TypesModule {
    /// The module called `name`, which declares `ids`.
    pub fn new(catalog: &Catalog<'_>, name: &str, ids: &[TypeId], summary: String) -> Self {
        let mut uses = Uses::default();
        let place = Place::Types(name);
        let items = ids.iter().map(|id| item(catalog, *id, place, &mut uses)).collect();
        Self { summary, imports: imports(catalog, name, &uses), items }
    }
}

fn item(catalog: &Catalog<'_>, id: TypeId, place: Place<'_>, uses: &mut Uses) -> Item {
    let name = catalog.name(id).to_owned();
    let mut comment = catalog.comment(id);
    let start = format!("export type {name} =");
    let alias = |comment: &Comment, parts: Vec<Doc>| {
        let statement = Doc::Concat(vec![typed(start, parts), Doc::text(";")]);
        Member::new(comment, 0, lay_out(&statement, 0))
    };
    match &catalog.def(id).kind {
        TypeKind::Struct(structure) => {
            let fields = catalog.fields(id);
            let mut members: Vec<Member> = fields.iter().map(|field| member(catalog, field, place, uses)).collect();
            members.extend(extra(structure));
            Item::Interface(Interface { doc: above(&comment, 0), name, members })
        }
        TypeKind::Enum(enumeration) => Item::Enum(
            alias(&comment, strings(enumeration)),
            Interface { doc: format!("/** The known values of `{name}`. */\n"), name, members: values(enumeration) },
        ),
        TypeKind::Alias(target) => Item::Alias(alias(&comment, catalog.expression(target, place, uses))),
        TypeKind::Union(union) => {
            explain_tags(&mut comment, union);
            Item::Alias(alias(&comment, catalog.alternatives(id, union, place, uses)))
        }
    }
}

/// A member of an interface. Whether it may be left out is said by its name, whether it may be `null`, by its type.
pub fn member(catalog: &Catalog<'_>, field: &Field, place: Place<'_>, uses: &mut Uses) -> Member {
    let mut comment = Comment::of(&field.meta, None).marked(&field.meta);
    let optional = match &field.presence {
        Presence::Required => false,
        Presence::Optional | Presence::Defaulted(Value::Null) => true,
        Presence::ThreeState => {
            comment.paragraph("Left out, `null` and a value all differ.");
            true
        }
        Presence::Defaulted(value) => {
            let told = field.meta.doc.paragraphs.iter().any(|text| text.contains("eft out"));
            if !told {
                comment.paragraph(&format!("Left out, it means `{}`.", spaced(value)));
            }
            true
        }
    };
    let start = format!("{}{}:", key(&field.wire), if optional { "?" } else { "" });
    let mut parts = catalog.expression(&field.ty, place, uses);
    if field.presence == Presence::ThreeState && !catalog.accepts_null(&field.ty) {
        parts.push(Doc::text("null"));
    }
    let code = Doc::Concat(vec![typed(start, parts), Doc::text(";")]);
    Member::new(&comment, 2, lay_out(&code, 2))
}

/// JSON as people write it in prose: a space behind each comma and colon.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let entry = |(name, value): (&String, &Value)| format!("{}: {}", Value::from(name.as_str()), spaced(value));
            format!("{{ {} }}", members.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.to_string(),
    }
}

/// What says that there may be more members, where the schema does.
fn extra(structure: &Struct) -> Option<Member> {
    structure.extra.as_ref()?;
    let code = "[member: string]: unknown;".to_owned();
    Some(Member { doc: "  /** Whatever else there is. */\n".to_owned(), code })
}

fn strings(enumeration: &StringEnum) -> Vec<Doc> {
    let mut parts: Vec<Doc> = enumeration.values.iter().map(|value| Doc::text(string(&value.wire))).collect();
    if enumeration.open || parts.is_empty() {
        parts.push(Doc::text("(string & {})"));
    }
    parts
}

fn values(enumeration: &StringEnum) -> Vec<Member> {
    let member = |value: &EnumValue| {
        let name = identifier(&value.name, Kind::Value);
        let code = Doc::Concat(vec![property(&name, Doc::text(string(&value.wire))), Doc::text(",")]);
        Member::new(&Comment::of(&value.meta, None).marked(&value.meta), 2, lay_out(&code, 2))
    };
    enumeration.values.iter().map(member).collect()
}

/// What there is to say about shapes that have no declaration of their own.
fn explain_tags(comment: &mut Comment, union: &Union) {
    let external = matches!(union.tagging, Tagging::External);
    let entries = union.variants.iter().filter(|variant| external || variant.payload.is_none()).filter_map(|variant| {
        let text = variant.meta.doc.paragraphs.join(" ");
        (!text.is_empty()).then(|| format!("`{}`: {text}", variant.tag.as_deref().unwrap_or_default()))
    });
    comment.list(&entries.collect::<Vec<_>>());
}

/// The import statements of a module of types: the runtime's first, then those of its neighbours.
fn imports(catalog: &Catalog<'_>, own: &str, uses: &Uses) -> String {
    let mut modules: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for id in &uses.types {
        let module = catalog.module(*id);
        if module != own {
            modules.entry(module).or_default().push(catalog.name(*id).to_owned());
        }
    }
    let runtime = uses.unknown_variant.then(|| vec![UNKNOWN_VARIANT.to_owned()]);
    let runtime = runtime.map(|names| lay_out(&names_from("import type", names, "../runtime/unknown.js"), 0));
    let neighbours = modules.into_iter().map(|(module, mut names)| {
        names.sort_unstable();
        lay_out(&names_from("import type", names, &format!("./{module}.js")), 0)
    });
    runtime.into_iter().chain(neighbours).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use crate::backend::typescript::fixture::{TEXT, field, file, object, protocol, reference, untagged};
    use crate::ir::{Presence, Type};
    use serde_json::json;

    #[test]
    fn members_say_whether_they_may_be_left_out_or_null() {
        let fields = vec![
            field("a", TEXT, Presence::Required),
            field("b", TEXT.nullable(), Presence::Required),
            field("c", TEXT, Presence::Optional),
            field("d", TEXT.nullable(), Presence::ThreeState),
            field("e-f", Type::Any, Presence::Optional),
            field("g", TEXT, Presence::Defaulted(json!({"a": [1, null]}))),
        ];
        let text = file(&protocol(vec![("Thing", object(fields))]), "src/types/thing.ts");
        let expected = r#"export interface Thing {
  a: string;
  b: string | null;
  c?: string;
  /** Left out, `null` and a value all differ. */
  d?: string | null;
  "e-f"?: unknown;
  /** Left out, it means `{ "a": [1, null] }`. */
  g?: string;
}
"#;
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn unions_without_tags_have_an_unknown_arm_where_all_arms_are_objects() {
        let types = vec![
            ("One", object(vec![field("one", TEXT, Presence::Required)])),
            ("Two", object(vec![field("two", TEXT, Presence::Required)])),
            ("Inner", untagged(vec![reference(0), reference(1)])),
            ("Outer", untagged(vec![reference(2), reference(1)])),
            ("Mixed", untagged(vec![reference(0), TEXT])),
            ("Nothing", untagged(vec![reference(0), reference(1).nullable()])),
        ];
        let protocol = protocol(types);
        let text = file(&protocol, "src/types/thing.ts");
        assert!(text.contains("export type Outer = Inner | Two | UnknownVariant;"), "{text}");
        assert!(text.contains("export type Mixed = One | string;"), "{text}");
        assert!(text.contains("export type Nothing = One | Two | null;"), "{text}");
        let text = file(&protocol, "src/descriptors/thing.ts");
        assert!(text.contains("  Outer: [\"untagged\", \"One\", \"Two\"],"), "{text}");
        assert!(text.contains("  Mixed: [\"either\", \"One\", \"string\"],"), "{text}");
        assert!(text.contains("  Nothing: [\"either\", \"One\", \"Two|null\"],"), "{text}");
    }
}
