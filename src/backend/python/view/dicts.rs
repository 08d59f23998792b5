//! The modules of `dicts`: for what the client sends, `TypedDict` twins that only type checkers look at.

use crate::backend::pretty::Doc;
use crate::backend::python::catalog::{Catalog, wrapped};
use crate::backend::python::code::{annotated, assignment, lay_out, string, subscript, union};
use crate::backend::python::imports::{Imports, Place};
use crate::backend::python::names::{Kind, identifier};
use crate::backend::python::types::{Helper, LITERAL, Position, Twin, Uses};
use crate::ir::{Presence, StringEnum, Tagging, Type, TypeId, TypeKind, Union};

use super::{Class, Item, Member};

const TYPE_ALIAS: Helper = Helper { module: "typing", name: "TypeAlias" };
const TYPED_DICT: Helper = Helper { module: "typing_extensions", name: "TypedDict" };
const NOT_REQUIRED: Helper = Helper { module: "typing_extensions", name: "NotRequired" };
const TYPE_CHECKING: Helper = Helper { module: "typing", name: "TYPE_CHECKING" };

/// A module of twins.
pub struct DictsModule {
    /// The module of `types` that they stand beside.
    pub types: String,
    /// The import statements.
    pub imports: String,
    /// Those that only type checkers see.
    pub checked_imports: String,
    /// What it defines, in order.
    pub items: Vec<Item>,
}

/// What a module speaks of: when it is imported, and in annotations that nobody evaluates.
#[derive(Default)]
struct Spoken {
    imported: Uses,
    checked: Uses,
}

/// The twins of `ids`, which are the types of the module `name` in order; none if nothing there is sent.
pub fn module(catalog: &Catalog<'_>, name: &str, ids: &[TypeId]) -> Option<DictsModule> {
    let mut spoken = Spoken::default();
    let mut items = Vec::new();
    for (id, twin) in ids.iter().filter_map(|id| Some((*id, catalog.twin_name(*id)?))) {
        match &catalog.def(id).kind {
            TypeKind::Struct(_) => items.push(Item::Class(class(catalog, id, twin, &mut spoken))),
            TypeKind::Enum(enumeration) => items.push(Item::Alias(literals(&twin, enumeration, &mut spoken))),
            TypeKind::Union(alternatives) => {
                let wrappers = wrapped(alternatives).map(|(variant, payload)| {
                    let tag = variant.tag.as_deref().unwrap_or_default();
                    let role = format!("The `{tag}` variant of `{}`.", catalog.class(id));
                    let name = format!("{}Dict", catalog.wrapper(id, variant));
                    let member = identifier(&variant.name, Kind::Field);
                    let parts = catalog.annotation(payload, Position::Argument, &mut spoken.checked);
                    let code = lay_out(&annotated(&member, &parts, None), 4);
                    let doc = catalog.docstring(&variant.meta, Some(&role)).marked(&variant.meta);
                    Class::new(name, TYPED_DICT.name, &doc, vec![Member { code, doc: None }])
                });
                items.extend(wrappers.map(Item::Class));
                items.push(Item::Alias(alternatives_of(catalog, id, &twin, alternatives, &mut spoken)));
            }
            TypeKind::Alias(_) => {}
        }
    }
    if items.is_empty() {
        return None;
    }
    let (imports, checked_imports) = imports(catalog, name, &items, spoken);
    Some(DictsModule { types: name.to_owned(), imports, checked_imports, items })
}

fn imports(catalog: &Catalog<'_>, name: &str, items: &[Item], spoken: Spoken) -> (String, String) {
    let Spoken { mut imported, mut checked } = spoken;
    // Typing's own names cost nothing: they need no place of their own.
    let (free, costly): (Vec<Helper>, Vec<Helper>) =
        checked.helpers.iter().partition(|helper| helper.module.starts_with("typing"));
    imported.helpers.extend(free);
    checked.helpers = costly.into_iter().collect();
    checked.helpers.retain(|helper| !imported.helpers.contains(helper));
    checked.types.retain(|id| !imported.types.contains(id));
    checked.twins.retain(|id| !imported.twins.contains(id));
    if items.iter().any(|item| matches!(item, Item::Class(_))) {
        imported.helper(TYPED_DICT);
    }
    let place = Place::Dicts(name);
    let mut later = Imports::default();
    later.uses(place, &checked, catalog);
    let checked_imports = later.print(4);
    if !checked_imports.is_empty() {
        imported.helper(TYPE_CHECKING);
    }
    let mut now = Imports::default();
    now.uses(place, &imported, catalog);
    (now.print(0), checked_imports)
}

fn class(catalog: &Catalog<'_>, id: TypeId, twin: String, spoken: &mut Spoken) -> Class {
    let members = catalog.fields(id).into_iter().map(|field| {
        let mut parts = catalog.annotation(&field.ty, Position::Argument, &mut spoken.checked);
        match field.presence {
            Presence::Required => {}
            Presence::Optional | Presence::ThreeState | Presence::Defaulted(_) => {
                parts = vec![subscript(spoken.checked.helper(NOT_REQUIRED), vec![union(parts)])];
            }
        }
        let name = identifier(&field.name, Kind::Field);
        Member { code: lay_out(&annotated(&name, &parts, None), 4), doc: None }
    });
    let members = members.collect();
    let doc = catalog.docstring_of(id);
    Class::new(twin, TYPED_DICT.name, &doc, members)
}

fn literals(twin: &str, enumeration: &StringEnum, spoken: &mut Spoken) -> Member {
    let values = enumeration.values.iter().map(|value| Doc::text(string(&value.wire))).collect();
    let literal = subscript(spoken.imported.helper(LITERAL), values);
    alias(twin, vec![literal], spoken)
}

fn alternatives_of(catalog: &Catalog<'_>, id: TypeId, twin: &str, union: &Union, spoken: &mut Spoken) -> Member {
    let arms = catalog.arms(id, union);
    let mut parts = Vec::with_capacity(arms.classes.len() + 1);
    if !arms.strings.is_empty() {
        let strings = arms.strings.iter().map(|text| Doc::text(string(text))).collect();
        parts.push(subscript(spoken.imported.helper(LITERAL), strings));
    }
    spoken.imported.twins.extend(&arms.ids);
    parts.extend(arms.classes.iter().map(|class| Doc::text(format!("{class}Dict"))));
    // What is no object has no twin: it is said in place.
    // Under an external tag, the wrappers hold it.
    let bare = union.tagging != Tagging::External;
    for payload in union.variants.iter().filter(|_| bare).filter_map(|variant| variant.payload.as_ref()) {
        if !is_object(catalog, payload) {
            for part in catalog.annotation(payload, Position::Argument, &mut spoken.imported) {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
    }
    alias(twin, parts, spoken)
}

fn is_object(catalog: &Catalog<'_>, ty: &Type) -> bool {
    match catalog.protocol.types.resolve(ty) {
        Type::Ref(id) => catalog.twin(*id) == Twin::Dict,
        _ => false,
    }
}

fn alias(twin: &str, parts: Vec<Doc>, spoken: &mut Spoken) -> Member {
    let target = format!("{twin}: {}", spoken.imported.helper(TYPE_ALIAS));
    Member { code: lay_out(&assignment(&target, parts), 0), doc: None }
}

#[cfg(test)]
mod tests {
    use crate::backend::python::fixture::{TEXT, field, file, object, protocol, reference, strings, union, variant};
    use crate::ir::{Presence, Tagging, Type};

    #[test]
    fn what_users_pass_may_be_a_dict() {
        let list = Type::List(Box::new(reference(2)));
        let fields = vec![
            field("kind", reference(1), Presence::Required),
            field("listOf", list.nullable(), Presence::Optional),
            field("text", TEXT, Presence::Optional),
        ];
        let either =
            union(Tagging::External, vec![variant("none", None), variant("some", Some(reference(0)))], Vec::new());
        let text =
            file(&protocol(vec![("T", object(fields)), ("E", strings(&["a", "b"])), ("U", either)]), "dicts/thing.py");
        for expected in [
            "ELiteral: TypeAlias = Literal[\"a\", \"b\"]\n",
            "class TDict(TypedDict):\n",
            "    kind: E | ELiteral\n    list_of: NotRequired[Sequence[U | UDict] | None]\n    text: NotRequired[str]\n",
            "    some: T | TDict\n",
            "UDict: TypeAlias = Literal[\"none\"] | SomeUDict\n",
        ] {
            assert!(text.contains(expected), "{expected}\n{text}");
        }
    }

    #[test]
    fn what_is_only_received_has_no_twin() {
        let mut protocol = protocol(vec![("T", object(Vec::new()))]);
        protocol.types.defs[0].usage.sent = false;
        let files = crate::backend::python::render(&protocol).unwrap();
        assert!(files.get("src/thing_sdk/dicts/thing.py").is_none());
    }
}
