//! Shorthands: simpler ways to write lists of a union's values.

use super::Resolver;
use crate::diagnostic::child;
use crate::ir::{Doc, Field, Shorthand, ShorthandItem, Type, TypeId, TypeKind};
use crate::profile::{ShorthandEntry, ShorthandItemEntry};

impl<'a> Resolver<'a, '_> {
    pub(super) fn shorthands(&mut self) -> Vec<Shorthand> {
        let shorthands = &self.entry.shorthands;
        shorthands.iter().filter_map(|(name, entry)| self.shorthand(name, entry)).collect()
    }

    fn shorthand(&mut self, name: &str, entry: &ShorthandEntry) -> Option<Shorthand> {
        let pointer = child("/facade/shorthands", name);
        let Some(union) = self.type_named(&entry.union) else {
            self.report(child(&pointer, "union"), &entry.union, "the name of a union");
            return None;
        };
        let (mut items, mut text) = (Vec::new(), None);
        for (name, item) in &entry.items {
            let Some(item) = self.item(union, name, item, &child(&child(&pointer, "items"), name)) else { continue };
            if *name == entry.text
                && matches!(item.takes.as_slice(), [one] if matches!(self.protocol.types.resolve(one.ty.without_null()), Type::String(_)))
            {
                text = Some(items.len());
            }
            items.push(item);
        }
        if text.is_none() {
            self.report(child(&pointer, "text"), &entry.text, "the name of one of the `items`, which takes one text");
        }
        Some(Shorthand { name: self.name(name, &pointer)?, union, text: text?, items, doc: Doc::new(&entry.doc) })
    }

    fn item(&mut self, union: TypeId, name: &str, entry: &ShorthandItemEntry, pointer: &str) -> Option<ShorthandItem> {
        let Some((payload, fields)) = self.arm(union, entry) else {
            self.report(child(pointer, "variant"), &entry.variant, "the tag of a variant with the members it `takes`");
            return None;
        };
        let mut takes = Vec::new();
        for wire in &entry.takes {
            match fields.iter().find(|field| field.wire == *wire) {
                Some(field) => takes.push(field.clone()),
                None => self.report(child(pointer, "takes"), wire, "a member of the variant"),
            }
        }
        Some(ShorthandItem { name: self.name(name, pointer)?, payload, takes, doc: Doc::new(&entry.doc) })
    }

    /// The variant of the item; where that is a union itself, the arm that has all that the item takes.
    fn arm(&self, union: TypeId, entry: &ShorthandItemEntry) -> Option<(TypeId, &'a [Field])> {
        let types = &self.protocol.types;
        let fits = |fields: &[Field]| entry.takes.iter().all(|wire| fields.iter().any(|field| field.wire == *wire));
        if let Some(found) = self.variant(union, &entry.variant) {
            return Some(found);
        }
        let TypeKind::Union(union) = &types[union].kind else { return None };
        let variant = union.variants.iter().find(|variant| variant.tag.as_deref() == Some(&entry.variant))?;
        let Type::Ref(inner) = types.resolve(variant.payload.as_ref()?) else { return None };
        let TypeKind::Union(inner) = &types[*inner].kind else { return None };
        let arms = inner.variants.iter().filter_map(|arm| types.as_struct(arm.payload.as_ref()?));
        arms.map(|(id, structure)| (id, structure.fields.as_slice())).find(|(_, fields)| fits(fields))
    }
}
