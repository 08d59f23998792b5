//! The modules of `descriptors`: the types once more, as data that the runtime walks.

use std::collections::BTreeSet;

use crate::backend::pretty::Doc;
use crate::backend::prose::wrap;
use crate::backend::shapes::leaves;
use crate::backend::typescript::catalog::{Catalog, domain};
use crate::backend::typescript::code::{WIDTH, key, lay_out, list, object, property, string};
use crate::backend::typescript::descriptors::{Descriptors, literal};
use crate::ir::{Field, Presence, StringEnum, Tagging, Type, TypeId, TypeKind, Union, Variant};

/// A table of descriptors.
pub struct DescriptorsModule {
    /// The runtime's name of the module.
    pub domain: String,
    /// What its first comment says, as lines of that comment.
    pub summary: String,
    /// The entries, each with a comma behind it.
    pub entries: Vec<String>,
    /// The runtime's names of the modules that this one refers to.
    pub uses: BTreeSet<String>,
}

impl DescriptorsModule {
    /// The descriptors of `ids`, which are the types of the module called `name`.
    pub fn new(catalog: &Catalog<'_>, name: &str, ids: &[TypeId]) -> Self {
        let mut builder = Builder { catalog, names: Descriptors::new(catalog, name) };
        let entries = ids.iter().map(|id| builder.entry(*id)).collect();
        let domain = domain(name);
        let summary =
            format!("Descriptors of the `{domain}` types, in the form that `runtime/descriptor.ts` explains.");
        let summary = wrap(&summary, WIDTH - 3).join("\n * ");
        Self { domain, summary, entries, uses: builder.names.into_uses() }
    }
}

/// `descriptors/index.ts`.
pub struct DomainsView {
    /// The entries, each with a comma behind it.
    pub entries: Vec<String>,
}

impl DomainsView {
    /// Where the descriptors of `modules` are, which have their file's name each.
    pub fn new(modules: &[(String, DescriptorsModule)]) -> Self {
        let entries = modules.iter().map(|(file, module)| {
            let load = Doc::text(format!("() => import({})", string(&format!("./{file}.js"))));
            let uses = list(module.uses.iter().map(|name| Doc::text(string(name))).collect());
            let entry = property(&module.domain, object(vec![("load".to_owned(), load), ("uses".to_owned(), uses)]));
            lay_out(&Doc::Concat(vec![entry, Doc::text(",")]), 2)
        });
        Self { entries: entries.collect() }
    }
}

struct Builder<'a> {
    catalog: &'a Catalog<'a>,
    names: Descriptors<'a>,
}

impl Builder<'_> {
    fn entry(&mut self, id: TypeId) -> String {
        let value = match &self.catalog.def(id).kind {
            TypeKind::Struct(structure) => self.members(&self.catalog.fields(id), structure.extra.as_ref()),
            TypeKind::Enum(enumeration) => strings(enumeration),
            TypeKind::Alias(target) => kind("alias", [self.expression(target)]),
            TypeKind::Union(union) => self.union(id, union),
        };
        lay_out(&Doc::Concat(vec![property(self.catalog.name(id), value), Doc::text(",")]), 2)
    }

    fn expression(&mut self, ty: &Type) -> Doc {
        Doc::text(string(&self.names.expression(ty)))
    }

    fn members(&mut self, fields: &[&Field], extra: Option<&Type>) -> Doc {
        let mut entries: Vec<(String, Doc)> =
            fields.iter().map(|field| (key(&field.wire), self.member(field))).collect();
        if let Some(extra) = extra.filter(|extra| **extra != Type::Any) {
            entries.push((string("*"), self.expression(extra)));
        }
        object(entries)
    }

    fn member(&mut self, field: &Field) -> Doc {
        let text = match &field.presence {
            Presence::Required => self.names.expression(&field.ty),
            Presence::Optional | Presence::Defaulted(_) => format!("?{}", self.names.expression(&field.ty)),
            Presence::ThreeState => format!("?{}", self.names.expression(&field.ty.clone().nullable())),
        };
        Doc::text(string(&text))
    }

    fn union(&mut self, id: TypeId, union: &Union) -> Doc {
        match &union.tagging {
            Tagging::Property { wire } => {
                let arms = self.arms(union);
                kind("tagged", [Doc::text(string(wire)), arms])
            }
            Tagging::External => {
                let alone = union.variants.iter().filter(|variant| variant.payload.is_none());
                let strings = alone.filter_map(|variant| Some(Doc::text(string(variant.tag.as_deref()?)))).collect();
                let arms = self.arms(union);
                kind("external", [list(strings), arms])
            }
            Tagging::Untagged => self.untagged(id, union),
        }
    }

    /// The payloads of a union by their tags.
    fn arms(&mut self, union: &Union) -> Doc {
        let mut arms = Vec::with_capacity(union.variants.len());
        for variant in &union.variants {
            if let (Some(tag), Some(payload)) = (&variant.tag, &variant.payload) {
                arms.push((key(tag), self.expression(payload)));
            }
        }
        object(arms)
    }

    /// The shapes in the order in which they are tried. Nested unions that let anything through are taken apart, as
    /// nothing behind them would have its turn.
    fn untagged(&mut self, id: TypeId, union: &Union) -> Doc {
        if let Some(leaves) = leaves(&self.catalog.protocol.types, id).filter(|_| self.catalog.is_open(id)) {
            let arms: Vec<Doc> = leaves.into_iter().map(|leaf| self.expression(&Type::Ref(leaf))).collect();
            return kind("untagged", arms);
        }
        let shape = |variant: &Variant| match &variant.payload {
            Some(payload) => self.expression(payload),
            None => Doc::text(string(&literal(variant.tag.as_deref().unwrap_or_default()))),
        };
        let arms: Vec<Doc> = union.variants.iter().map(shape).collect();
        kind("either", arms)
    }
}

/// `["kind", first, second]`.
fn kind(name: &str, rest: impl IntoIterator<Item = Doc>) -> Doc {
    list(std::iter::once(Doc::text(string(name))).chain(rest).collect())
}

fn strings(enumeration: &StringEnum) -> Doc {
    let name = if enumeration.open { "open" } else { "closed" };
    kind(name, enumeration.values.iter().map(|value| Doc::text(string(&value.wire))))
}
