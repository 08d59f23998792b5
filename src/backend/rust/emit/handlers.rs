//! `handlers.rs`: what answers the requests of the server.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::rust::catalog::Catalog;
use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{LANGUAGE, ident};
use crate::backend::rust::types::speaks_of_types;
use crate::backend::scope::Scope;
use crate::diagnostic::Diagnostic;
use crate::ir::{Launch, Peer, Request};

use super::NOT_BY_HAND;
use super::requests::{marker, method, params, prose};

/// `handlers.rs`; tells of names that clash.
pub fn handlers(catalog: &Catalog<'_>, launch: &Launch, problems: &mut Vec<Diagnostic>) -> TokenStream {
    let name = launch.client.pascal();
    let (client, config) = (ident(&format!("{name}Client")), format!("{name}Config"));
    let requests: Vec<&Request> = catalog.protocol.requests_from(Peer::Server).collect();
    let mut scope = Scope::new(LANGUAGE, "`ServerRequestHandlers`");
    let mut functions = Vec::with_capacity(requests.len());
    for request in &requests {
        let name = method(request);
        problems.extend(scope.take(&name, &request.meta));
        functions.push(handler(catalog, request, &name, &client, &config));
    }
    let methods = (!requests.is_empty()).then(|| {
        quote!(
            use crate::methods;
        )
    });
    let types = requests.iter().any(|request| {
        let params = request.params.ty().is_some_and(speaks_of_types);
        params || speaks_of_types(&request.result)
    });
    let types = types.then(|| {
        quote!(
            use crate::types;
        )
    });
    let mut docs = Docs::text("What the server may ask of the client, one handler a method.");
    docs.paragraph(NOT_BY_HAND);
    let docs = docs.inner();
    quote! {
        #docs
        use crate::client::#client;
        #methods
        use crate::runtime::{HandlerResult, Handlers, Request};
        #types

        /// Functions that answer what the server asks, for `handlers` of the config.
        ///
        /// Each gets a client to call the server with, and the params. They run beside the connection and
        /// may take their time. One that is under way keeps the client alive, and ends with the connection:
        /// closing that is the last thing it can do. Where there is no handler, or where it fails, an approval
        /// is declined, and any other request is answered with an error.
        #[derive(Debug, Clone, Default)]
        #[must_use]
        pub struct ServerRequestHandlers {
            table: Handlers<#client>,
        }

        impl ServerRequestHandlers {
            /// No handlers.
            pub fn new() -> Self {
                Self::default()
            }

            /// Sets the handler of a request by its type.
            pub fn on<R, F, Fut>(mut self, handler: F) -> Self
            where
                R: Request,
                F: Fn(#client, R::Params) -> Fut + Send + Sync + 'static,
                Fut: Future<Output = HandlerResult<R::Result>> + Send + 'static,
            {
                self.table.set::<R, F, Fut>(handler);
                self
            }

            pub(crate) fn into_table(self) -> Handlers<#client> {
                self.table
            }

            #(#functions)*
        }
    }
}

fn handler(
    catalog: &Catalog<'_>,
    request: &Request,
    name: &str,
    client: &proc_macro2::Ident,
    config: &str,
) -> TokenStream {
    let mut docs = prose(&request.meta, &format!("Answers `{}`.", request.wire), config);
    docs.paragraph(match request.refusal {
        Some(_) => "Without a handler, it is declined.",
        None => "Without a handler, the server gets an error.",
    });
    docs.paragraph(&format!("Wire method: `{}`.", request.wire));
    let docs = docs.outer(4);
    let params = params(catalog, &request.params);
    let result = catalog.path(&request.result);
    let (name, marker) = (ident(name), marker(request));
    quote! {
        #docs
        pub fn #name<F, Fut>(self, handler: F) -> Self
        where
            F: Fn(#client, #params) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = HandlerResult<#result>> + Send + 'static,
        {
            self.on::<methods::#marker, F, Fut>(handler)
        }
    }
}
