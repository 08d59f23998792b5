//! What Rust calls the things of a protocol, for docs.

use crate::backend::words::{self, Example, Made, Shown, TEXT, Words, broken, opened_by};
use crate::ir::{Field, Launch, Notification, Params, Peer, Presence, Protocol, Request, Type};

use super::catalog::Catalog;
use super::emit::{notification_variant, takes_struct, wait_name};
use super::names::{Kind, LANGUAGE, identifier};
use super::values::{flat, tag};

/// The words for `protocol`. Names that clash are for the package to tell.
pub fn words(protocol: &Protocol, launch: &Launch) -> Words {
    let catalog = Catalog::new(protocol, &mut Vec::new());
    let client = format!("{}Client", launch.client.pascal());
    let asked = |request| handler(&catalog, request, &client);
    Words {
        title: LANGUAGE,
        fence: "rust",
        types: protocol.types.iter().map(|(id, _)| catalog.name(id).to_owned()).collect(),
        member: |field| identifier(&field.name, Kind::Field),
        value: |value| identifier(&value.name, Kind::Variant),
        variant: |_, variant| Some(identifier(&variant.name, Kind::Variant)),
        class: |name| identifier(name, Kind::Class),
        function: |name| identifier(name, Kind::Operation),
        property: |name| identifier(name, Kind::Operation),
        argument: |taken| identifier(&taken.name, Kind::Field),
        choice: |name| identifier(name, Kind::Variant),
        calls: protocol.requests_from(Peer::Client).map(|request| call(&catalog, request, &client)).collect(),
        handlers: protocol.requests_from(Peer::Server).map(asked).collect(),
        notifications: protocol.notifications_from(Peer::Server).map(|sent| notification(&catalog, sent)).collect(),
        operations: words::operations(protocol, |shown| operation(&catalog, shown)),
    }
}

fn call(catalog: &Catalog<'_>, request: &Request, client: &str) -> Example {
    let name = identifier(&request.name, Kind::Method);
    let mut given = vec![format!("client: &{client}")];
    let mut lines = String::new();
    let argument = match (&request.params, request.params.ty().and_then(|ty| catalog.protocol.types.as_struct(ty))) {
        (Params::None | Params::Optional(_), _) => "",
        (Params::Required(ty), Some((id, _))) if takes_struct(catalog, ty) => {
            let required = |field: &&Field| field.presence == Presence::Required && tag(field).is_none();
            let mut arguments = Vec::new();
            for field in catalog.fields(id).into_iter().filter(required) {
                let argument = identifier(&field.name, Kind::Field);
                given.push(format!("{argument}: {}", said(catalog, &field.ty)));
                arguments.push(argument);
            }
            lines = format!("let params = {}::new({});\n", said(catalog, ty), arguments.join(", "));
            "params"
        }
        (Params::Required(ty), _) => {
            given.push(format!("params: {}", said(catalog, ty)));
            "params"
        }
    };
    let call = format!("client.{name}({argument}).await?;");
    lines.push_str(&match &request.result {
        Type::Null => call,
        result => broken(&format!("let response: {} =", said(catalog, result)), " ", &call, "\n    ", ""),
    });
    let work = opened_by(catalog.protocol, request).map(|work| (format!("{name}_stream"), wait_name(work)));
    Example { work, ..Example::new(name, lines, &given) }
}

fn handler(catalog: &Catalog<'_>, request: &Request, client: &str) -> Example {
    let name = identifier(&request.name, Kind::Method);
    let params = taken(catalog, &request.params);
    let result = said(catalog, &request.result);
    let given = format!("answer: fn({client}, {params}) -> std::future::Ready<HandlerResult<{result}>>");
    let lines = format!("let handlers = ServerRequestHandlers::new().{name}(answer);");
    Example::new(name, lines, &[given])
}

fn notification(catalog: &Catalog<'_>, sent: &Notification) -> Example {
    let name = notification_variant(sent).to_string();
    let lines = match &sent.params {
        Params::None => format!("if let ServerNotification::{name} = event {{}}"),
        Params::Required(ty) => {
            let params = said(catalog, ty);
            format!("if let ServerNotification::{name}(params) = event {{\n    let params: &{params} = params;\n}}")
        }
        Params::Optional(ty) => {
            let params = said(catalog, ty.without_null());
            format!(
                "if let ServerNotification::{name}(params) = event {{\n    let params: Option<&{params}> = \
                 params.as_deref();\n}}"
            )
        }
    };
    Example::new(name, lines, &["event: &ServerNotification".to_owned()])
}

fn operation(catalog: &Catalog<'_>, shown: &Shown<'_>) -> Example {
    let receiver = identifier(shown.class, Kind::Field);
    let mut given = vec![format!("{receiver}: &{}", identifier(shown.class, Kind::Class))];
    let mut arguments = Vec::new();
    for (taken, ty) in &shown.takes {
        let argument = identifier(&taken.name, Kind::Field);
        given.extend(ty.map(|ty| format!("{argument}: {}", said(catalog, ty))));
        arguments.push(ty.map_or_else(|| TEXT.to_owned(), |_| argument));
    }
    let name = identifier(shown.name, Kind::Operation);
    let call = format!("{receiver}.{name}({}).await?;", arguments.join(", "));
    let lines = match shown.gives {
        Made::Nothing => call,
        Made::Value(ty) => broken(&format!("let response: {} =", said(catalog, ty)), " ", &call, "\n    ", ""),
        Made::Object(class) => {
            format!("let {}: {} = {call}", identifier(class, Kind::Field), identifier(class, Kind::Class))
        }
    };
    Example::new(name, lines, &given)
}

fn taken(catalog: &Catalog<'_>, params: &Params) -> String {
    match params {
        Params::None => "()".to_owned(),
        Params::Required(ty) => said(catalog, ty),
        Params::Optional(ty) => format!("Option<{}>", said(catalog, ty.without_null())),
    }
}

/// A type as one says it outside of `types`.
fn said(catalog: &Catalog<'_>, ty: &Type) -> String {
    flat(&catalog.path(ty))
}
