//! Operations: what a class's method takes, where that goes, and what it gives.

use indexmap::IndexMap;

use super::super::{correlations, path};
use super::{Known, Resolver};
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{
    Doc, Field, Gives, Key, Literal, Operation, Pages, Parameter, Presence, Request, Source, Type, TypeId,
};
use crate::profile::OperationEntry;

/// The word for an operation that gives nothing.
const NOTHING: &str = "nothing";

impl<'a> Resolver<'a, '_> {
    pub(super) fn operation(
        &mut self,
        known: &Known,
        name: &str,
        entry: &OperationEntry,
        identity: &IndexMap<String, Vec<String>>,
        pointer: &str,
    ) -> Option<Operation> {
        let Some(request) = self.request(&entry.request) else {
            self.report(child(pointer, "request"), &entry.request, "the wire name of a client's request");
            return None;
        };
        let (payload, fields) = self.members(request, entry, pointer)?;
        let fields: Vec<&Field> = fields
            .iter()
            .filter(|field| !matches!(field.ty, Type::Literal(Literal::String(_))))
            .filter(|field| !identity.values().any(|members| members.contains(&field.wire)))
            .collect();
        let parameters = self.parameters(known, entry, &fields, pointer);
        let (gives, pages) = (self.gives(request, entry, pointer)?, self.pages(request, entry, pointer));
        let variant = entry.variant.as_ref().and(payload);
        let name = self.name(name, pointer)?;
        Some(Operation {
            name,
            request: request.wire.clone(),
            variant,
            parameters,
            gives,
            pages,
            doc: Doc::new(&entry.doc),
        })
    }

    /// The members that can be sent.
    fn members(
        &mut self,
        request: &'a Request,
        entry: &OperationEntry,
        pointer: &str,
    ) -> Option<(Option<TypeId>, Vec<Field>)> {
        let Some(ty) = request.params.ty() else { return Some((None, Vec::new())) };
        if let Some((id, fields)) = self.fields(ty, entry.variant.as_deref()) {
            return Some((Some(id), fields.to_vec()));
        }
        match &entry.variant {
            Some(tag) => self.report(child(pointer, "variant"), tag, "the tag of a variant of the request's params"),
            None => self.report(child(pointer, "request"), &request.wire, "a request whose params are one object"),
        }
        None
    }

    /// First what stands alone, then what has to be given, then the presets, then the rest.
    fn parameters(
        &mut self,
        known: &Known,
        entry: &OperationEntry,
        fields: &[&Field],
        pointer: &str,
    ) -> Vec<Parameter> {
        let mut parameters = Vec::new();
        for wire in &entry.takes {
            match fields.iter().find(|field| field.wire == *wire) {
                Some(field) => parameters.push(parameter(known, field, true)),
                None => self.report(child(pointer, "takes"), wire, "a member of the request's params"),
            }
        }
        let presets: Vec<Parameter> =
            entry.presets.iter().filter_map(|preset| self.preset_of(known, preset, entry, fields, pointer)).collect();
        for name in entry.defaults.keys().filter(|name| !entry.presets.contains(*name)) {
            self.report(child(pointer, "defaults"), name, "one of the operation's `presets`");
        }
        let set = |field: &Field| {
            presets.iter().any(|preset| match &preset.source {
                Source::Preset { fields, .. } => fields.iter().any(|other| other.wire == field.wire),
                Source::Field(_) | Source::Shorthand { .. } => false,
            })
        };
        let named: Vec<&Field> =
            fields.iter().copied().filter(|field| !entry.takes.contains(&field.wire) && !set(field)).collect();
        let (required, optional): (Vec<&Field>, Vec<&Field>) =
            named.into_iter().partition(|field| field.presence == Presence::Required);
        parameters.extend(required.into_iter().map(|field| parameter(known, field, false)));
        parameters.extend(presets);
        parameters.extend(optional.into_iter().map(|field| parameter(known, field, false)));
        parameters
    }

    fn preset_of(
        &mut self,
        known: &Known,
        name: &str,
        entry: &OperationEntry,
        fields: &[&Field],
        pointer: &str,
    ) -> Option<Parameter> {
        let place = self
            .entry
            .presets
            .get_index_of(name)
            .and_then(|place| known.presets.get(place).map(|preset| (place, preset)));
        let Some((place, preset)) = place else {
            self.report(child(pointer, "presets"), name, "the name of a preset");
            return None;
        };
        let sets = |field: &&&Field| preset.values.iter().any(|value| value.sets.contains_key(&field.wire));
        let set: Vec<Field> = fields.iter().filter(sets).map(|field| (*field).clone()).collect();
        if set.is_empty() {
            self.report(child(pointer, "presets"), name, "a preset that sets members of the request's params");
        }
        if let Some(field) = set.iter().find(|field| field.presence == Presence::Required) {
            let found = format!("`{name}` sets `{}`, which has to be given", field.wire);
            let diagnostic = Diagnostic::error(self.source.profile_file, child(pointer, "presets"), found)
                .expected("a preset of members that may be left out")
                .help("remove the entry: whoever makes no choice would leave the member out");
            self.diagnostics.push(diagnostic);
        }
        let default = match entry.defaults.get(name) {
            None => None,
            Some(value) => {
                let at = self.entry.presets.get(name).and_then(|preset| preset.values.get_index_of(value));
                if at.is_none() {
                    self.report(child(&child(pointer, "defaults"), name), value, "a value of the preset");
                }
                at
            }
        };
        let source = Source::Preset { preset: place, fields: set, default };
        Some(Parameter { name: preset.name.clone(), positional: false, source })
    }

    fn gives(&mut self, request: &'a Request, entry: &OperationEntry, pointer: &str) -> Option<Gives> {
        let Some(gives) = &entry.gives else { return Some(Gives::Result) };
        if gives == NOTHING {
            return Some(Gives::Nothing);
        }
        let Some(resource) = self.entry.resources.get(gives) else {
            self.report(child(pointer, "gives"), gives, "the name of a resource, or `nothing`");
            return None;
        };
        let (works, key) = (resource.work.is_some(), &entry.key);
        let name = self.name(gives, &child(pointer, "gives"))?;
        if works {
            let opens = self.protocol.correlations.iter().any(|correlation| correlation.opens == request.wire);
            if !opens {
                self.report(child(pointer, "request"), &request.wire, "a request that opens work");
            }
            let variant = entry.variant.as_deref().and_then(|tag| self.fields(&request.result, Some(tag)));
            let variant = variant.map(|(id, _)| id);
            return Some(Gives::Work { resource: name, variant, collected: entry.collected });
        }
        if resource.identity.len() != 1 {
            self.report(child(pointer, "gives"), gives, "the name of a resource with one `identity`");
            return None;
        }
        let place = key.as_deref().map(path).unwrap_or_default();
        if place.is_empty() || !correlations::exists(&self.protocol.types, &request.result, &place) {
            let key = key.as_deref().unwrap_or_default();
            self.report(child(pointer, "key"), key, "the place of an identity in the request's result");
            return None;
        }
        Some(Gives::Resource { resource: name, key: Key { path: place } })
    }

    fn pages(&mut self, request: &'a Request, entry: &OperationEntry, pointer: &str) -> Option<Pages> {
        let (name, pages) = (entry.pages.as_ref()?, self.entry.pages.clone());
        let Some(pages) = pages else {
            self.report("/facade/pages".to_owned(), "pages", "the members that go through pages");
            return None;
        };
        let result = self.fields(&request.result, None).map(|(_, fields)| fields.to_vec()).unwrap_or_default();
        let params = request.params.ty().and_then(|ty| self.fields(ty, None));
        let params = params.map(|(_, fields)| fields.to_vec()).unwrap_or_default();
        let any: fn(&Type) -> bool = |_| true;
        let list: fn(&Type) -> bool = |ty| matches!(ty.without_null(), Type::List(_));
        let members = [(&pages.cursor, &params, any), (&pages.next, &result, any), (&pages.items, &result, list)];
        for (wire, fields, fits) in members {
            if !fields.iter().any(|field| field.wire == *wire && fits(&field.ty)) {
                self.report(child(pointer, "pages"), wire, "a request that goes through pages");
                return None;
            }
        }
        let name = self.name(name, &child(pointer, "pages"))?;
        Some(Pages { name, cursor: pages.cursor, next: pages.next, items: pages.items })
    }
}

/// The parameter for a member: in its simpler form, where there is one.
fn parameter(known: &Known, field: &Field, positional: bool) -> Parameter {
    let of_union = |id: TypeId| known.shorthands.iter().position(|shorthand| shorthand.union == id);
    let shorthand = match field.ty.without_null() {
        Type::List(item) => match &**item {
            Type::Ref(id) => of_union(*id),
            _ => None,
        },
        _ => None,
    };
    let field = field.clone();
    let name = field.name.clone();
    let source = match shorthand {
        Some(shorthand) => Source::Shorthand { field, shorthand },
        None => Source::Field(field),
    };
    Parameter { name, positional, source }
}
