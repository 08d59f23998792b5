//! `client.rs`: one method for each request, and more for those that open work.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{LANGUAGE, ident};
use crate::backend::rust::types::speaks_of_types;
use crate::backend::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::ir::{Correlation, Launch, Notification, Params, Peer, Request};

use super::requests::{self, marker, method, prose};
use super::{NOT_BY_HAND, facts};

/// Where a function of an `impl` stands.
const INDENT: usize = 4;

/// Builds the module.
struct Builder<'a> {
    catalog: &'a Catalog<'a>,
    name: String,
    config: String,
}

/// What the method is called that waits for the end of work which was opened elsewhere.
pub fn wait_name(correlation: &Correlation) -> String {
    format!("wait_for_{}_completed", correlation.name.snake())
}

/// `client.rs`; tells of names that clash.
pub fn client(catalog: &Catalog<'_>, launch: &Launch, problems: &mut Vec<Diagnostic>) -> TokenStream {
    let name = launch.client.pascal();
    let builder = Builder { catalog, name: format!("{name}Client"), config: format!("{name}Config") };
    let functions = builder.functions(problems);
    let (imports, client) = (builder.imports(), builder.client(&launch.title, &functions));
    let mut docs = Docs::text("The client: one method a request.");
    docs.paragraph(NOT_BY_HAND);
    let docs = docs.inner();
    quote! {
        #docs
        #imports
        #client
    }
}

impl<'a> Builder<'a> {
    fn handshake(&self) -> Option<&'a Request> {
        let handshake = self.catalog.protocol.handshake.as_ref()?;
        self.requests().find(|request| request.wire == handshake.request)
    }

    fn requests(&self) -> impl Iterator<Item = &'a Request> + use<'a> {
        self.catalog.protocol.requests_from(Peer::Client)
    }

    fn imports(&self) -> TokenStream {
        let arc = self.handshake().map(|_| {
            quote!(
                use std::sync::Arc;
            )
        });
        let config = ident(&self.config);
        let correlations = !self.catalog.protocol.correlations.is_empty();
        let open = correlations.then(|| quote!(, Notification, Open));
        let types = self.requests().any(|request| {
            let shown = self.handshake().is_some_and(|handshake| handshake.wire == request.wire);
            let ty = if shown { Some(&request.result) } else { request.params.ty() };
            !matches!(request.params, Params::Optional(_)) && ty.is_some_and(speaks_of_types)
        });
        let types = types.then(|| {
            quote!(
                use crate::types;
            )
        });
        quote! {
            use std::ops::Deref;
            #arc
            use crate::config::#config;
            use crate::error::Error;
            use crate::facts;
            use crate::handlers::ServerRequestHandlers;
            use crate::methods;
            use crate::notifications::ServerNotification;
            use crate::runtime::{Call, Connection #open};
            #types
        }
    }

    /// The struct, how one comes about, and what it can do.
    fn client(&self, title: &str, functions: &[TokenStream]) -> TokenStream {
        let (client, config) = (ident(&self.name), ident(&self.config));
        let summary = Docs::text(&format!("A connection to a {title} that runs as a process of its own.")).outer(0);
        let result = self.handshake().map(|request| self.catalog.path(&request.result));
        let member = result.as_ref().map(|result| quote!(server_info: Arc<#result>,));
        let (started, serve) = if let Some(handshake) = self.handshake().map(marker) {
            let started = quote! {
                let server_info = Arc::new(connection.greet::<methods::#handshake>().await?);
                let client = Self { connection, server_info };
            };
            let serve = quote! {
                let server_info = Arc::clone(&self.server_info);
                let again = move |connection| Self { connection, server_info: Arc::clone(&server_info) };
                self.connection.serve(handlers.into_table(), again);
            };
            (started, serve)
        } else {
            let started = quote!(let client = Self { connection };);
            let serve = quote!(self.connection.serve(handlers.into_table(), |connection| Self { connection }););
            (started, serve)
        };
        let nothing_to_wait_for = result.is_none().then(
            || quote!(#[expect(clippy::unused_async, reason = "a protocol with a greeting has something to wait for")]),
        );
        let server_info = result.map(|result| {
            quote! {
                /// What the server has said about itself.
                #[must_use]
                pub fn server_info(&self) -> &#result {
                    &self.server_info
                }
            }
        });
        quote! {
            #summary
            ///
            /// Clones share the connection. The server ends with the last of them, or with
            /// [`close`](Connection::close). Beside the methods here, a client has those of [`Connection`].
            ///
            /// A call fails with [`Error::Rpc`] if the server refuses, [`Error::Timeout`] if it doesn't answer in
            /// time, [`Error::TransportClosed`] if the connection ends, [`Error::Encode`] if what was given can't be
            /// sent, [`Error::Decode`] if the answer can't be read.
            #[derive(Debug, Clone)]
            pub struct #client {
                connection: Connection<ServerNotification>,
                #member
            }

            impl Deref for #client {
                type Target = Connection<ServerNotification>;

                fn deref(&self) -> &Self::Target {
                    &self.connection
                }
            }

            impl #client {
                /// Starts the server and greets it.
                ///
                /// # Errors
                ///
                /// [`Error::ServerNotFound`] if there is no binary; [`Error::Start`] if it can't be started,
                /// or doesn't answer.
                #nothing_to_wait_for
                pub async fn start(config: #config) -> Result<Self, Error> {
                    let (settings, handlers) = config.into_parts();
                    let connection = Connection::start(&facts::PROTOCOL, settings)?;
                    #started
                    client.set_handlers(handlers);
                    Ok(client)
                }

                /// Lets these handlers, and no others, answer what the server asks from now on.
                pub fn set_handlers(&self, handlers: ServerRequestHandlers) {
                    #serve
                }

                #server_info
                #(#functions)*
            }
        }
    }

    fn functions(&self, problems: &mut Vec<Diagnostic>) -> Vec<TokenStream> {
        let mut scope = Scope::new(LANGUAGE, "the client");
        let mut functions = Vec::new();
        let correlations = &self.catalog.protocol.correlations;
        for request in self.requests() {
            let name = method(request);
            problems.extend(scope.take(&name, &request.meta));
            functions.push(self.plain(request, &name));
            for correlation in correlations.iter().filter(|correlation| correlation.opens == request.wire) {
                let stream = format!("{name}_stream");
                problems.extend(scope.take(&stream, &request.meta));
                functions.push(self.stream(request, &name, &stream, correlation));
                if let Some(wait) = self.wait(correlation) {
                    problems.extend(scope.take(&wait_name(correlation), &request.meta));
                    functions.push(wait);
                }
            }
        }
        functions
    }

    /// What a request's method takes beside `self`, and what it hands on.
    fn given(&self, request: &Request) -> (Option<TokenStream>, TokenStream) {
        match &request.params {
            Params::None => (None, quote!(())),
            Params::Optional(_) => (None, quote!(None)),
            Params::Required(ty) => {
                let path = self.catalog.path(ty);
                if requests::takes_struct(self.catalog, ty) {
                    (Some(quote!(, params: #path)), quote!(params))
                } else {
                    (Some(quote!(, params: impl Into<#path>)), quote!(params.into()))
                }
            }
        }
    }

    fn plain(&self, request: &Request, name: &str) -> TokenStream {
        let mut docs = prose(&request.meta, &format!("Calls `{}`.", request.wire), &self.config);
        if let Params::Optional(ty) = &request.params {
            let ty = self.catalog.ty(ty.without_null());
            docs.markup(&format!("Takes [`{ty}`](types::{ty}), which may be left out: see [`Call::with_params`]."));
        }
        docs.paragraph(&format!("Wire method: `{}`.", request.wire));
        let docs = docs.outer(INDENT);
        let (parameter, argument) = self.given(request);
        let (name, marker) = (ident(name), marker(request));
        quote! {
            #docs
            pub fn #name(&self #parameter) -> Call<'_, methods::#marker> {
                self.send(#argument)
            }
        }
    }

    fn stream(&self, request: &Request, plain: &str, name: &str, correlation: &Correlation) -> TokenStream {
        let mut docs = Docs::default();
        docs.markup(&format!(
            "Like [`{plain}`](Self::{plain}), and follows the {} that it opens: a stream of its notifications and of \
             no others, from the first to the one that ends it.",
            correlation.name
        ));
        docs.paragraph(&format!("Wire method: `{}`.", request.wire));
        let docs = docs.outer(INDENT);
        let (parameter, argument) = self.given(request);
        let (name, marker, correlation) = (ident(name), marker(request), facts::constant(correlation));
        quote! {
            #docs
            pub fn #name(&self #parameter) -> Open<'_, methods::#marker, ServerNotification> {
                self.connection.open(&facts::#correlation, #argument)
            }
        }
    }

    /// The method that waits for the end of work that was opened elsewhere.
    fn wait(&self, correlation: &Correlation) -> Option<TokenStream> {
        let mut notifications = self.catalog.protocol.notifications_from(Peer::Server);
        let closing: &Notification = notifications.find(|notification| notification.wire == correlation.closes)?;
        let Params::Required(params) = &closing.params else { return None };
        let params = self.catalog.path(params);
        let variant = super::notifications::variant(closing);
        let work = correlation.name.snake();
        let (name, id) = (ident(&wait_name(correlation)), ident(&format!("{work}_id")));
        let constant = facts::constant(correlation);
        let docs = Docs::text(&format!(
            "Waits for the end of a {} that was opened elsewhere, and gives what the server says of it. It may have ended \
             already, if it is among the last 128 that did.",
            correlation.name
        ));
        let docs = docs.outer(INDENT);
        Some(quote! {
            #docs
            ///
            /// There is no deadline.
            ///
            /// # Errors
            ///
            /// [`Error::TransportClosed`] if the connection ends first; [`Error::Decode`] if the
            /// notification can't be read.
            pub async fn #name(&self, #id: &str) -> Result<#params, Error> {
                let last = self.connection.wait_for_end(&facts::#constant, #id).await?;
                match last.into_notification() {
                    ServerNotification::#variant(params) => Ok(*params),
                    ServerNotification::Unrecognized(other) => Err(Error::unreadable(&other)),
                    other => Err(Error::unexpected(other.method())),
                }
            }
        })
    }
}
