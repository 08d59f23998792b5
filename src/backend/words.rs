//! What a language calls the things of a protocol, and how they are used in it: what docs say that set languages side
//! by side. Each backend makes up its own words; knows no language itself.

use crate::ir::{
    Correlation, EnumValue, Facade, Field, Gives, Name, Operation, Parameter, Peer, Presence, Protocol, Request,
    Resource, Source, Type, TypeDef, Variant,
};

/// The words of one language.
pub struct Words {
    /// The language as people write it.
    pub title: &'static str,
    /// The word behind a fence of code.
    pub fence: &'static str,
    /// The named types, in the model's order.
    pub types: Vec<String>,
    /// A member of an object.
    pub member: fn(&Field) -> String,
    /// A value of a string enum.
    pub value: fn(&EnumValue) -> String,
    /// A shape of a union, where it has a name beside that of what it holds.
    pub variant: fn(&TypeDef, &Variant) -> Option<String>,
    /// A class of the convenience layer.
    pub class: fn(&Name) -> String,
    /// A method of such a class.
    pub function: fn(&Name) -> String,
    /// What such a class shows.
    pub property: fn(&Name) -> String,
    /// What such a method takes.
    pub argument: fn(&Parameter) -> String,
    /// A value of a preset.
    pub choice: fn(&Name) -> String,
    /// The requests that the client makes, in the model's order.
    pub calls: Vec<Example>,
    /// The requests that the server makes.
    pub handlers: Vec<Example>,
    /// The notifications that the server sends.
    pub notifications: Vec<Example>,
    /// What each class of the convenience layer can do, in the model's order.
    pub operations: Vec<Vec<Example>>,
}

/// How something is used.
pub struct Example {
    /// What it is called.
    pub name: String,
    /// For a request that opens work: the method that follows it too, and the one that waits for its end.
    pub work: Option<(String, String)>,
    /// The lines.
    pub lines: String,
    /// What they need, as parameters of a function.
    pub given: String,
}

impl Example {
    /// Lines that need `given`, one after another.
    pub fn new(name: String, lines: String, given: &[String]) -> Self {
        Self { name, work: None, lines, given: given.join(", ") }
    }
}

/// What comes of a preset that has no value, in every language's docs.
pub const NOT_SENT: &str = "not sent; what is set so far, or else the server's configuration, holds.";

/// How long a line of an example may be.
const WIDTH: usize = 90;

/// `start` and `end` on one line with `space` between them; where that is too long, on several, with `before` between
/// them and `behind` at the end.
pub fn broken(start: &str, space: &str, end: &str, before: &str, behind: &str) -> String {
    let line = format!("{start}{space}{end}");
    if line.len() <= WIDTH { line } else { format!("{start}{before}{end}{behind}") }
}

/// The work that a request opens.
pub fn opened_by<'a>(protocol: &'a Protocol, request: &Request) -> Option<&'a Correlation> {
    protocol.correlations.iter().find(|correlation| correlation.opens == request.wire)
}

/// What an example shows of a method of the convenience layer.
pub struct Shown<'a> {
    /// Its class.
    pub class: &'a Name,
    /// Its name.
    pub name: &'a Name,
    /// What has to be given, what stands first before the rest: each with its type, if it isn't something that a text
    /// may stand for.
    pub takes: Vec<(&'a Parameter, Option<&'a Type>)>,
    /// What it gives.
    pub gives: Made<'a>,
}

/// What a method gives.
pub enum Made<'a> {
    /// Nothing.
    Nothing,
    /// A value of the protocol's.
    Value(&'a Type),
    /// An object of a class.
    Object(&'a Name),
}

/// A text to show where one is taken.
pub const TEXT: &str = "\"Hello.\"";

/// The methods of each class of the convenience layer, made into examples.
pub fn operations(protocol: &Protocol, example: impl Fn(&Shown<'_>) -> Example) -> Vec<Vec<Example>> {
    let Some(facade) = &protocol.facade else { return Vec::new() };
    let of_class = |resource: &Resource| {
        let operations = resource.operations.iter();
        operations.map(|operation| example(&shown(protocol, facade, resource, operation))).collect()
    };
    facade.resources.iter().map(of_class).collect()
}

fn shown<'a>(
    protocol: &'a Protocol,
    facade: &'a Facade,
    resource: &'a Resource,
    operation: &'a Operation,
) -> Shown<'a> {
    let takes = operation.parameters.iter().filter(|parameter| parameter.positional || is_required(parameter));
    let takes = takes.filter_map(|parameter| match &parameter.source {
        Source::Field(field) => Some((parameter, Some(&field.ty))),
        Source::Shorthand { .. } => Some((parameter, None)),
        Source::Preset { .. } => None,
    });
    let gives = match &operation.gives {
        Gives::Nothing => Made::Nothing,
        Gives::Result => {
            let mut requests = protocol.requests_from(Peer::Client);
            let request = requests.find(|request| request.wire == operation.request);
            request.map_or(Made::Nothing, |request| Made::Value(&request.result))
        }
        Gives::Resource { resource, .. } => Made::Object(resource),
        Gives::Work { resource, collected, .. } => {
            let made = facade.resource(resource).and_then(|made| made.collects.as_ref());
            Made::Object(made.filter(|_| *collected).map_or(resource, |collects| &collects.gives))
        }
    };
    Shown { class: &resource.name, name: &operation.name, takes: takes.collect(), gives }
}

fn is_required(parameter: &Parameter) -> bool {
    match &parameter.source {
        Source::Field(field) | Source::Shorthand { field, .. } => field.presence == Presence::Required,
        Source::Preset { .. } => false,
    }
}
