//! The convenience layer: what the profile says of it, with every name looked up in the protocol.
//!
//! An entry that matches nothing is reported at its place and left out, so that one run shows all of them.

mod operation;
mod shorthand;

use indexmap::IndexMap;

use super::Source;
use crate::Language;
use crate::diagnostic::{Diagnostic, Diagnostics, child};
use crate::ir::{
    Collecting, Doc, Facade, Field, Identity, Name, Peer, Preset, PresetValue, Protocol, Request, Resource, Type,
    TypeId, TypeKind,
};
use crate::profile::{CollectingEntry, FacadeEntry, PresetEntry, ResourceEntry};

/// The convenience layer of `source`'s profile, if that describes one.
pub(super) fn resolve(source: Source<'_>, protocol: &Protocol, diagnostics: &mut Diagnostics) -> Option<Facade> {
    let entry = source.profile.facade.as_ref()?;
    let mut resolver = Resolver { source, protocol, entry, diagnostics };
    let presets = resolver.presets();
    let shorthands = resolver.shorthands();
    let known = Known { presets, shorthands };
    let mut resources: Vec<Resource> =
        entry.resources.iter().filter_map(|(name, entry)| resolver.resource(&known, name, entry)).collect();
    resolver.preset_members(&known.presets, &resources);
    let root = resolver.name(&entry.root, "/facade/root")?;
    match resources.iter().position(|resource| resource.name == root) {
        Some(place) => resources[..=place].rotate_right(1),
        None => resolver.report("/facade/root".to_owned(), &entry.root, "the name of one of the `resources`"),
    }
    let handmade = entry.handmade.iter().filter_map(|name| resolver.name(name, "/facade/handmade")).collect();
    let handmade_in = resolver.handmade_in();
    Some(Facade {
        root,
        presets: known.presets,
        shorthands: known.shorthands,
        resources,
        extends_client: entry.extends_client,
        handmade,
        handmade_in,
    })
}

/// What operations refer to.
struct Known {
    presets: Vec<Preset>,
    shorthands: Vec<crate::ir::Shorthand>,
}

struct Resolver<'a, 'd> {
    source: Source<'a>,
    protocol: &'a Protocol,
    entry: &'a FacadeEntry,
    diagnostics: &'d mut Diagnostics,
}

impl<'a> Resolver<'a, '_> {
    /// Reports that what an entry says is not there.
    fn report(&mut self, pointer: String, found: &str, expected: &str) {
        let found = format!("`{found}`, which the protocol does not have there");
        let diagnostic = Diagnostic::error(self.source.profile_file, pointer, found)
            .expected(expected)
            .help("correct the entry, or remove it; `--lenient` lets entries about other versions pass");
        self.diagnostics.push(diagnostic.lenient(self.source.lenient));
    }

    fn name(&mut self, text: &str, pointer: &str) -> Option<Name> {
        let name = Name::split(text, &self.source.profile.schema.words);
        if name.is_none() {
            self.report(pointer.to_owned(), text, "a name with letters");
        }
        name
    }

    fn handmade_in(&mut self) -> IndexMap<String, Vec<Name>> {
        let mut all = IndexMap::new();
        for (language, names) in &self.entry.handmade_in {
            let pointer = child("/facade/handmade_in", language);
            if !Language::ALL.iter().any(|known| known.name() == language) {
                self.report(pointer.clone(), language, "a language that packages are generated for");
            }
            all.insert(language.clone(), names.iter().filter_map(|name| self.name(name, &pointer)).collect());
        }
        all
    }

    fn presets(&mut self) -> Vec<Preset> {
        let presets = &self.entry.presets;
        presets.iter().filter_map(|(name, entry)| self.preset(name, entry)).collect()
    }

    fn preset(&mut self, name: &str, entry: &PresetEntry) -> Option<Preset> {
        let pointer = child("/facade/presets", name);
        let values = entry.values.iter().filter_map(|(name, value)| {
            let name = self.name(name, &child(&child(&pointer, "values"), name))?;
            Some(PresetValue { name, sets: value.sets.clone(), doc: Doc::new(&value.doc) })
        });
        let values = values.collect();
        Some(Preset { name: self.name(name, &pointer)?, values, doc: Doc::new(&entry.doc) })
    }

    /// Reports what presets set and no request that they are for has.
    fn preset_members(&mut self, presets: &[Preset], resources: &[Resource]) {
        let mut used: Vec<(usize, &str)> = Vec::new();
        let operations = resources.iter().flat_map(|resource| &resource.operations);
        for parameter in operations.flat_map(|operation| &operation.parameters) {
            if let crate::ir::Source::Preset { preset, fields, .. } = &parameter.source {
                used.extend(fields.iter().map(|field| (*preset, field.wire.as_str())));
            }
        }
        for (place, (name, entry)) in self.entry.presets.iter().enumerate().take(presets.len()) {
            // One that no operation could use has been told of.
            if used.iter().all(|(preset, _)| *preset != place) {
                continue;
            }
            for (value, choice) in &entry.values {
                let pointer =
                    ["values", value, "sets"].iter().fold(child("/facade/presets", name), |at, step| child(&at, step));
                for wire in choice.sets.keys().filter(|wire| !used.contains(&(place, wire.as_str()))) {
                    self.report(pointer.clone(), wire, "a member of a request that the preset is for");
                }
            }
        }
    }

    fn resource(&mut self, known: &Known, name: &str, entry: &ResourceEntry) -> Option<Resource> {
        let pointer = child("/facade/resources", name);
        let operations = entry.operations.iter().filter_map(|(name, operation)| {
            let pointer = child(&child(&pointer, "operations"), name);
            self.operation(known, name, operation, &entry.identity, &pointer)
        });
        let operations = operations.collect();
        let identity = self.identity(&entry.identity, &child(&pointer, "identity"));
        let work = match &entry.work {
            Some(work) => self.work(work, &child(&pointer, "work")),
            None => None,
        };
        let collects = match &entry.collects {
            Some(collects) => self.collecting(collects, &child(&pointer, "collects")),
            None => None,
        };
        let shows = self.shown(name, entry, &child(&pointer, "shows"));
        let doc = Doc::new(&entry.doc);
        Some(Resource {
            name: self.name(name, &pointer)?,
            identity,
            shows,
            work,
            collects,
            extends: entry.extends,
            operations,
            doc,
        })
    }

    fn identity(&mut self, entries: &IndexMap<String, Vec<String>>, pointer: &str) -> Vec<Identity> {
        let identity = entries.iter().filter_map(|(name, members)| {
            Some(Identity { name: self.name(name, &child(pointer, name))?, members: members.clone() })
        });
        identity.collect()
    }

    fn collecting(&mut self, entry: &CollectingEntry, pointer: &str) -> Option<Collecting> {
        let name = self.name(&entry.name, &child(pointer, "name"))?;
        Some(Collecting { name, gives: self.name(&entry.gives, &child(pointer, "gives"))? })
    }

    fn work(&mut self, work: &str, pointer: &str) -> Option<Name> {
        let name = self.name(work, pointer)?;
        let there = self.protocol.correlations.iter().any(|correlation| correlation.name == name);
        if !there {
            self.report(pointer.to_owned(), work, "the name of a correlation");
        }
        there.then_some(name)
    }

    /// The members of the result that a class shows, looked for in the results of the operations that give it.
    fn shown(&mut self, resource: &str, entry: &ResourceEntry, pointer: &str) -> Vec<Field> {
        let givers: Vec<(&Request, Option<&String>)> = self
            .entry
            .resources
            .values()
            .flat_map(|other| other.operations.values())
            .filter(|operation| operation.gives.as_deref() == Some(resource))
            .filter_map(|operation| Some((self.request(&operation.request)?, operation.variant.as_ref())))
            .collect();
        let mut shown = Vec::new();
        for wire in &entry.shows {
            let field = givers.iter().find_map(|(request, variant)| {
                let (_, fields) = self.fields(&request.result, variant.map(String::as_str))?;
                fields.iter().find(|field| field.wire == *wire)
            });
            match field {
                Some(field) => shown.push(field.clone()),
                None => self.report(child(pointer, wire), wire, "a member of the result that the class comes from"),
            }
        }
        shown
    }

    /// A request of the client.
    fn request(&self, wire: &str) -> Option<&'a Request> {
        self.protocol.requests_from(Peer::Client).find(|request| request.wire == wire)
    }

    /// The fields of a struct, or of a union's variant with this tag.
    fn fields(&self, ty: &'a Type, variant: Option<&str>) -> Option<(TypeId, &'a [Field])> {
        let types = &self.protocol.types;
        let Some(tag) = variant else {
            return types.as_struct(ty).map(|(id, structure)| (id, structure.fields.as_slice()));
        };
        let Type::Ref(id) = types.resolve(ty) else { return None };
        self.variant(*id, tag)
    }

    /// The fields of the struct that a union's variant holds.
    fn variant(&self, union: TypeId, tag: &str) -> Option<(TypeId, &'a [Field])> {
        let types = &self.protocol.types;
        let TypeKind::Union(union) = &types[union].kind else { return None };
        let variant = union.variants.iter().find(|variant| variant.tag.as_deref() == Some(tag))?;
        types.as_struct(variant.payload.as_ref()?).map(|(id, structure)| (id, structure.fields.as_slice()))
    }

    /// A type by its name.
    fn type_named(&self, name: &str) -> Option<TypeId> {
        self.protocol.types.iter().find(|(_, def)| def.name.pascal() == name).map(|(id, _)| id)
    }
}
