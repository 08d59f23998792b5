//! The entries that describe the convenience layer. Names are words in any case; members are wire names.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

/// The convenience layer: classes over the typed client.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FacadeEntry {
    /// The class among `resources` that starts the server and has the client.
    pub root: String,
    /// How requests go through pages, for the operations that say they do.
    pub pages: Option<PagesEntry>,
    /// Choices that stand for members of params, by name.
    #[serde(default)]
    pub presets: IndexMap<String, PresetEntry>,
    /// Simpler ways to write lists of a union's values, by name.
    #[serde(default)]
    pub shorthands: IndexMap<String, ShorthandEntry>,
    /// The classes, by name.
    pub resources: IndexMap<String, ResourceEntry>,
    /// Whether the packages have a part of the typed client that is made by hand.
    #[serde(default)]
    pub extends_client: bool,
    /// What the packages have beside it that is made by hand, by the names that users import.
    #[serde(default)]
    pub handmade: Vec<String>,
    /// The same for what only the package of one language has, by the language.
    #[serde(default)]
    pub handmade_in: IndexMap<String, Vec<String>>,
}

/// How requests go through pages.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PagesEntry {
    /// The member of the params that says where a page begins.
    pub cursor: String,
    /// The member of the result that says where the next one begins.
    pub next: String,
    /// The member of the result that lists the page's items.
    pub items: String,
}

/// A choice by name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PresetEntry {
    /// What it is for.
    pub doc: String,
    /// What there is to choose from, by name.
    pub values: IndexMap<String, PresetValueEntry>,
}

/// A value of a preset.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PresetValueEntry {
    /// What it means.
    pub doc: String,
    /// The members that it sets.
    pub sets: IndexMap<String, Value>,
}

/// Simpler ways to write a list of a union's values.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShorthandEntry {
    /// What it is for.
    pub doc: String,
    /// The union, by its type's name.
    pub union: String,
    /// The item that a plain text stands for.
    pub text: String,
    /// Variants that can be made by a name of their own, by that name.
    pub items: IndexMap<String, ShorthandItemEntry>,
}

/// A variant that can be made by a name of its own.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShorthandItemEntry {
    /// What it is.
    pub doc: String,
    /// The variant's tag.
    pub variant: String,
    /// The members that it takes, in this order.
    pub takes: Vec<String>,
}

/// A class.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResourceEntry {
    /// What it is.
    pub doc: String,
    /// What it knows of itself: each property with the members that it is sent as.
    #[serde(default)]
    pub identity: IndexMap<String, Vec<String>>,
    /// Members of the result that it came from, which it shows.
    #[serde(default)]
    pub shows: Vec<String>,
    /// The work that it follows, by the name of the correlation.
    pub work: Option<String>,
    /// How the work is followed to its end; the packages must have the code for it.
    pub collects: Option<CollectingEntry>,
    /// Whether the packages have a part of the class that is made by hand.
    #[serde(default)]
    pub extends: bool,
    /// What it can do, by name.
    #[serde(default)]
    pub operations: IndexMap<String, OperationEntry>,
}

/// The hand-made method that follows work to its end.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollectingEntry {
    /// The method.
    pub name: String,
    /// The hand-made class of what it gives.
    pub gives: String,
}

/// A method of a class.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OperationEntry {
    /// What it does.
    pub doc: String,
    /// The request that it makes.
    pub request: String,
    /// The tag of the params' variant that it sends, where they are a union.
    pub variant: Option<String>,
    /// The members that stand alone, in this order; the others have to be named.
    #[serde(default)]
    pub takes: Vec<String>,
    /// The presets that it takes instead of the members that these set.
    #[serde(default)]
    pub presets: Vec<String>,
    /// What leaving out a preset stands for, by the preset's name.
    #[serde(default)]
    pub defaults: IndexMap<String, String>,
    /// A class, or `nothing`; the request's result if left out.
    pub gives: Option<String>,
    /// Where in the result the class's identity stands, as wire names joined by dots.
    pub key: Option<String>,
    /// Whether the work of that class is collected, and what comes of it is given instead.
    #[serde(default)]
    pub collected: bool,
    /// What going through all pages is called, where the request gives pages.
    pub pages: Option<String>,
}
