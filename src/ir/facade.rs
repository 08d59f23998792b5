//! The convenience layer: classes over the typed client for what people do most, and the simpler values they take.
//!
//! Everything in it refers to the protocol's own requests and types; which method a class has, what it takes and what
//! it gives is settled here for all languages.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{Doc, Field, Key, Name, TypeId};

/// The classes of the convenience layer and what they share.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Facade {
    /// The class that starts the server and has the client.
    pub root: Name,
    /// Choices that stand for members of params.
    pub presets: Vec<Preset>,
    /// Simpler ways to write a list of a union's values.
    pub shorthands: Vec<Shorthand>,
    /// The classes, the root first.
    pub resources: Vec<Resource>,
    /// Whether the packages have a part of the typed client that is made by hand.
    pub extends_client: bool,
    /// What the packages have beside it that is made by hand, by the names that users import.
    pub handmade: Vec<Name>,
    /// The same for what only the package of one language has, by the language.
    pub handmade_in: IndexMap<String, Vec<Name>>,
}

impl Facade {
    /// The class of this name.
    pub fn resource(&self, name: &Name) -> Option<&Resource> {
        self.resources.iter().find(|resource| resource.name == *name)
    }

    /// The class whose method gives a resource, and that method.
    pub fn giver(&self, resource: &Resource) -> Option<(&Resource, &Operation)> {
        let gives = |gives: &Gives| match gives {
            Gives::Work { resource: name, .. } | Gives::Resource { resource: name, .. } => *name == resource.name,
            Gives::Nothing | Gives::Result => false,
        };
        self.resources.iter().find_map(|giver| {
            giver.operations.iter().find(|operation| gives(&operation.gives)).map(|operation| (giver, operation))
        })
    }
}

/// A choice by name, such as a sandbox's, which sets one or several members of params.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Preset {
    /// What it is called.
    pub name: Name,
    /// What there is to choose from.
    pub values: Vec<PresetValue>,
    /// What it is for.
    pub doc: Doc,
}

/// A value of a preset.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PresetValue {
    /// What it is called.
    pub name: Name,
    /// The members that it sets, by wire name. Of these, the ones count that the params in question have.
    pub sets: IndexMap<String, Value>,
    /// What it means.
    pub doc: Doc,
}

/// Simpler ways to write a list of a union's values: one value alone, and a text for the variant that holds one.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Shorthand {
    /// What such a list is called, e.g. `input`.
    pub name: Name,
    /// The union.
    pub union: TypeId,
    /// The item that a plain text stands for: its place in `items`.
    pub text: usize,
    /// The variants that can be made by a name of their own.
    pub items: Vec<ShorthandItem>,
    /// What it is for.
    pub doc: Doc,
}

/// A variant that can be made by a name of its own, from its most important members.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ShorthandItem {
    /// What it is called.
    pub name: Name,
    /// The variant's payload.
    pub payload: TypeId,
    /// The members that it takes, in this order.
    pub takes: Vec<Field>,
    /// What it is.
    pub doc: Doc,
}

/// A class of the convenience layer.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Resource {
    /// What it is called.
    pub name: Name,
    /// What it knows of itself, such as a thread's id.
    pub identity: Vec<Identity>,
    /// Members of the result that it came from, which it shows.
    pub shows: Vec<Field>,
    /// The work that it follows, by the correlation's name.
    pub work: Option<Name>,
    /// How the work's notifications are collected to the end, where the packages know how.
    pub collects: Option<Collecting>,
    /// Whether the packages have a part of it that is made by hand.
    pub extends: bool,
    /// What it can do.
    pub operations: Vec<Operation>,
    /// What it is.
    pub doc: Doc,
}

/// The hand-made method that follows work to its end, and what it gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Collecting {
    /// The method.
    pub name: Name,
    /// The hand-made class of what it gives.
    pub gives: Name,
}

/// Something that a class knows of itself and hands to the requests it makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Identity {
    /// The property.
    pub name: Name,
    /// The members of params that it is sent as, by wire name.
    pub members: Vec<String>,
}

/// A method of a class.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Operation {
    /// What it is called.
    pub name: Name,
    /// Wire name of the request that it makes.
    pub request: String,
    /// The variant of the request's params that it sends, where these are a union.
    pub variant: Option<TypeId>,
    /// What it takes: first what stands alone, in order; then what has to be named.
    pub parameters: Vec<Parameter>,
    /// What it gives.
    pub gives: Gives,
    /// How it goes on to the next page, where the request gives pages.
    pub pages: Option<Pages>,
    /// What it does.
    pub doc: Doc,
}

/// Something that a method takes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Parameter {
    /// What it is called.
    pub name: Name,
    /// Whether it stands alone, without its name.
    pub positional: bool,
    /// Where it goes.
    pub source: Source,
}

/// Where a parameter goes.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Into this member.
    Field(Field),
    /// Into this member, whose values may be written in a simpler way: the shorthand's place in the facade.
    Shorthand {
        /// The member.
        field: Field,
        /// The shorthand's place.
        shorthand: usize,
    },
    /// Into the members that the choice sets.
    Preset {
        /// The preset's place in the facade.
        preset: usize,
        /// The members of the params that it sets.
        fields: Vec<Field>,
        /// The place of the value that leaving it out stands for; none: nothing is set.
        default: Option<usize>,
    },
}

impl Identity {
    /// What there is to say of it: whose it is.
    pub fn said(&self) -> String {
        match self.name.words.as_slice() {
            [of @ .., id] if !of.is_empty() => format!("The {}'s {id}.", of.join(" ")),
            words => format!("Its {}.", words.join(" ")),
        }
    }

    /// The property of `giver` that this is the same as: one that is sent as the same member.
    pub fn shared_with<'a>(&self, giver: &'a Resource) -> Option<&'a Self> {
        giver.identity.iter().find(|other| other.members.iter().any(|member| self.members.contains(member)))
    }
}

/// What a method gives.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gives {
    /// Nothing.
    Nothing,
    /// The request's result.
    Result,
    /// An object of another class, whose identity the result tells.
    Resource {
        /// The class.
        resource: Name,
        /// Where in the result the identity stands.
        key: Key,
    },
    /// An object of a class that follows the work which the request opens.
    Work {
        /// The class.
        resource: Name,
        /// The variant that the result must be, where it is a union.
        variant: Option<TypeId>,
        /// Whether the work is collected to its end, and what comes of that is given instead.
        collected: bool,
    },
}

/// How a request goes through pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pages {
    /// What going through all of them is called.
    pub name: Name,
    /// The member of the params that says where a page begins.
    pub cursor: String,
    /// The member of the result that says where the next one begins; `null` on the last.
    pub next: String,
    /// The member of the result that lists the page's items.
    pub items: String,
}
