//! `facts.rs`: what the runtime has to know about the protocol.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, ident, identifier};
use crate::ir::{Correlation, Handshake, Launch, Package, Peer, Protocol, Request, Stability, VersionPlace};

use super::NOT_BY_HAND;
use super::requests::marker;

/// The constant that holds what is to be known about work of a kind.
pub fn constant(correlation: &Correlation) -> Ident {
    ident(&identifier(&correlation.name, Kind::Constant))
}

/// `facts.rs`.
pub fn facts(catalog: &Catalog<'_>, package: &Package, launch: &Launch) -> TokenStream {
    let protocol = catalog.protocol;
    let module = &package.module;
    let launched = launched(protocol, launch);
    let handshake = handshake(protocol.handshake.as_ref());
    let codes = launch.overload_codes.iter().map(|code| Literal::i64_unsuffixed(*code));
    let words = texts(&launch.overload_data);
    let mut experimental: Vec<&str> = protocol
        .requests_from(Peer::Client)
        .filter(|request| request.meta.stability == Stability::Experimental)
        .map(|request| request.wire.as_str())
        .collect();
    experimental.sort_unstable();
    let experimental = texts(&experimental);
    let aliases = protocol.aliases.requests.iter().map(|(old, new)| quote!((#old, #new)));
    let asked: Vec<TokenStream> = protocol.requests_from(Peer::Server).map(asked).collect();
    let sent_at = optional(protocol.sent_at.as_ref());
    let secrets = texts(&protocol.secrets);
    let correlations = protocol.correlations.iter().map(constant);
    let described = protocol.correlations.iter().map(described);
    let mut imports = vec!["Facts", "Handshake", "Launch", "Overload"];
    imports.extend((!asked.is_empty()).then_some("Asked"));
    imports.extend((!protocol.correlations.is_empty()).then_some("Correlation"));
    imports
        .extend(protocol.handshake.as_ref().and_then(|handshake| handshake.version.as_ref()).map(|_| "VersionPlace"));
    imports.sort_unstable();
    let imports = imports.into_iter().map(ident);
    let methods = (!asked.is_empty()).then(|| {
        quote!(
            use crate::methods;
        )
    });
    let mut docs = Docs::text("What the runtime has to know about the protocol.");
    docs.paragraph(NOT_BY_HAND);
    let docs = docs.inner();
    quote! {
        #docs
        #methods
        use crate::runtime::{#(#imports),*};

        /// Everything.
        pub(crate) static PROTOCOL: Facts = Facts {
            package: #module,
            client_version: env!("CARGO_PKG_VERSION"),
            server_version: crate::SERVER_VERSION,
            launch: #launched,
            handshake: #handshake,
            overload: Overload { codes: &[#(#codes),*], words: #words },
            experimental_methods: #experimental,
            request_aliases: &[#(#aliases),*],
            sent_at: #sent_at,
            server_requests: &[#(#asked),*],
            correlations: &[#(&#correlations),*],
            secrets: #secrets,
        };

        #(#described)*
    }
}

fn texts(values: &[impl AsRef<str>]) -> TokenStream {
    let values = values.iter().map(AsRef::as_ref);
    quote!(&[#(#values),*])
}

fn optional(value: Option<&String>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// The command that installs the server: from the language's own registry, else from whichever has it.
fn install(protocol: &Protocol) -> String {
    let ways = [("rust", "cargo install"), ("typescript", "npm install --global"), ("python", "pip install")];
    let runtime = |language: &str| protocol.packages.get(language)?.runtime.as_ref();
    let commands = ways.iter().filter_map(|(language, way)| Some(format!("{way} {}", runtime(language)?.name)));
    commands.into_iter().next().unwrap_or_default()
}

fn launched(protocol: &Protocol, launch: &Launch) -> TokenStream {
    let install = install(protocol);
    let Launch { title, command, variable, arguments, override_option, .. } = launch;
    let arguments = texts(arguments);
    let option = optional(override_option.as_ref());
    quote! {
        Launch {
            title: #title,
            command: #command,
            variable: #variable,
            arguments: #arguments,
            override_option: #option,
            install: #install,
        }
    }
}

/// What is said at the beginning; nothing, where nothing is.
fn handshake(handshake: Option<&Handshake>) -> TokenStream {
    let nothing = Handshake {
        request: String::new(),
        notification: String::new(),
        client_info: Vec::new(),
        experimental: None,
        version: None,
    };
    let Handshake { request, notification, client_info, experimental, version } = handshake.unwrap_or(&nothing);
    let client_info = texts(client_info);
    let experimental = texts(experimental.as_deref().unwrap_or_default());
    let version = version.as_ref().map_or_else(|| quote!(None), version_place);
    quote! {
        Handshake {
            request: #request,
            notification: #notification,
            client_info: #client_info,
            experimental: #experimental,
            version: #version,
        }
    }
}

fn version_place(VersionPlace { path, after, before }: &VersionPlace) -> TokenStream {
    let (path, after, before) = (texts(path), optional(after.as_ref()), optional(before.as_ref()));
    quote!(Some(VersionPlace { path: #path, after: #after, before: #before }))
}

fn asked(request: &Request) -> TokenStream {
    let marker = marker(request);
    let Some(refusal) = &request.refusal else {
        return quote!(Asked::new::<methods::#marker>());
    };
    let refusal = raw_string(&refusal.to_string());
    quote!(Asked::refused::<methods::#marker>(#refusal))
}

/// JSON as a raw string, which needs no backslashes.
fn raw_string(json: &str) -> Literal {
    let hashes = "#".repeat(1 + json.matches("\"#").count());
    format!("r{hashes}\"{json}\"{hashes}").parse().unwrap_or_else(|_| Literal::string(json))
}

fn described(correlation: &Correlation) -> TokenStream {
    let docs = Docs::text(&format!("How to tell what belongs to a {}.", correlation.name)).outer(0);
    let (constant, name, closes) = (constant(correlation), correlation.name.to_string(), &correlation.closes);
    let result_key = texts(&correlation.result_key.path);
    let scope = optional(correlation.scope.as_ref());
    let carriers = correlation.carriers.iter().map(|(wire, key)| {
        let path = texts(&key.path);
        quote!((#wire, #path))
    });
    quote! {
        #docs
        pub(crate) static #constant: Correlation = Correlation {
            name: #name,
            result_key: #result_key,
            scope: #scope,
            carriers: &[#(#carriers),*],
            closes: #closes,
        };
    }
}
