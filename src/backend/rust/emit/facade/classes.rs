//! `facade/mod.rs`: the classes, what they know of themselves and what they can do.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::backend::rust::docs::Docs;
use crate::backend::rust::names::{Kind, LANGUAGE, ident, identifier};
use crate::backend::scope::Scope;
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Correlation, Doc, Field, Gives, Name, Operation, Peer, Request, Resource, Type, TypeId};

use super::super::member::Member;
use super::super::{Helpers, NOT_BY_HAND, notifications};
use super::groups::Groups;
use super::{Builder, class, has_handmade, imports, made_by_hand, meta};

/// Where a function of an `impl` stands.
pub const INDENT: usize = 4;

/// A member of a class: what it is called, its type, and how the constructor comes to it.
struct Known {
    name: Ident,
    ty: TokenStream,
    /// Whether it is handed to the constructor as it is.
    given: bool,
    value: TokenStream,
    docs: Docs,
}

impl<'a> Builder<'a> {
    /// The request that an operation makes.
    pub fn request(&self, operation: &Operation) -> Option<&'a Request> {
        self.catalog.protocol.requests_from(Peer::Client).find(|request| request.wire == operation.request)
    }

    /// `facade/mod.rs`; tells of names that clash.
    pub fn classes(&self, groups: &Groups<'_>, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let classes: Vec<TokenStream> =
            self.facade.resources.iter().map(|resource| self.class(resource, groups, problems)).collect();
        let mut docs = Docs::text("The convenience layer: what people do most, as methods of a few classes.");
        docs.paragraph(NOT_BY_HAND);
        let docs = docs.inner();
        let (modules, exports) = self.modules();
        let body = quote!(#(#classes)*);
        let (client, config) = (self.client.to_string(), self.config.to_string());
        let waits = self.facade.resources.iter().any(|resource| self.opening(resource).is_some());
        let traits = waits.then(|| quote!(Notification));
        let imports = imports(
            &[
                ("std::sync", &["Arc"]),
                ("crate::client", &[&client]),
                ("crate::config", &[&config]),
                ("crate::error", &["Error"]),
                ("crate::notifications", &["ServerNotification"]),
                ("crate::runtime", &["Defaulted", "EventStream", "NonEmpty", "Notification", "ThreeState", "Work"]),
                ("crate", &["types"]),
            ],
            // A trait is spoken of by its method alone.
            &quote!(#body #traits),
            "",
        );
        quote!(#docs #modules #imports #exports #body)
    }

    /// What the module consists of, and what users import from there.
    fn modules(&self) -> (TokenStream, TokenStream) {
        let facade = self.facade;
        let handmade = has_handmade(facade).then(|| {
            quote!(
                mod handmade;
            )
        });
        let presets = (!facade.presets.is_empty()).then(|| {
            quote!(
                mod presets;
            )
        });
        let shorthands = (!facade.shorthands.is_empty()).then(|| {
            quote!(
                mod shorthands;
            )
        });
        let export = |module: &str, mut names: Vec<String>| {
            names.sort_unstable();
            let (module, names) = (ident(module), names.into_iter().map(|name| ident(&name)));
            (names.len() > 0).then(|| quote!(pub use self::#module::{#(#names),*};))
        };
        let by_hand = export("handmade", made_by_hand(facade).map(class).collect());
        let choices = export("presets", facade.presets.iter().map(|preset| class(&preset.name)).collect());
        let lists = facade
            .shorthands
            .iter()
            .flat_map(|one| std::iter::once(&one.name).chain(one.items.iter().map(|item| &item.name)).map(class));
        let lists = export("shorthands", lists.collect());
        let modules = quote! {
            #handmade
            pub mod operations;
            mod pages;
            #presets
            #shorthands
            mod support;
            mod tables;
        };
        (
            modules,
            quote! {
                #by_hand
                pub use self::pages::Pages;
                #choices
                #lists
                pub use self::tables::UnknownPreset;
            },
        )
    }

    fn class(&self, resource: &Resource, groups: &Groups<'_>, problems: &mut Vec<Diagnostic>) -> TokenStream {
        let name = ident(&class(&resource.name));
        let pointer = child("/facade/resources", &resource.name.pascal());
        let mut scope = Scope::new(LANGUAGE, format!("`{name}`"));
        let known = self.known(resource);
        for member in &known {
            problems.extend(scope.take(&member.name.to_string(), &meta(pointer.clone())));
        }
        let mut functions = Vec::new();
        for operation in &resource.operations {
            let pointer = child(&child(&pointer, "operations"), &operation.name.snake());
            for (name, function) in groups.functions(self, resource, operation) {
                problems.extend(scope.take(&name, &meta(pointer.clone())));
                functions.push(function);
            }
        }
        let docs = docs_of(&resource.doc);
        if resource.name == self.facade.root {
            self.root(&name, docs, &functions)
        } else {
            self.handle(resource, &name, &docs, &known, &functions)
        }
    }

    /// The class that starts the server.
    fn root(&self, name: &Ident, mut docs: Docs, functions: &[TokenStream]) -> TokenStream {
        let (client, config) = (&self.client, &self.config);
        docs.markup("Clones share the server, which ends with the last of them, or with [`close`](Self::close).");
        let docs = docs.outer(0);
        let summary = format!("Starts the {} and greets it.", self.title);
        let start = Docs::text(&summary).outer(INDENT);
        quote! {
            #docs
            #[derive(Debug, Clone)]
            pub struct #name {
                client: #client,
            }

            impl #name {
                #start
                ///
                /// # Errors
                ///
                /// [`Error::ServerNotFound`] if there is no binary; [`Error::Start`] if it can't be
                /// started, or doesn't answer.
                pub async fn start(config: #config) -> Result<Self, Error> {
                    Ok(Self { client: #client::start(config).await? })
                }

                /// The typed client underneath.
                #[must_use]
                pub fn client(&self) -> &#client {
                    &self.client
                }

                /// Ends the connection and the server, and waits until both are gone. May be called
                /// again and again.
                pub async fn close(&self) {
                    self.client.close().await;
                }

                #(#functions)*
            }

            impl From<#client> for #name {
                fn from(client: #client) -> Self {
                    Self { client }
                }
            }
        }
    }

    /// A class that another one's method gives.
    fn handle(
        &self,
        resource: &Resource,
        name: &Ident,
        docs: &Docs,
        known: &[Known],
        functions: &[TokenStream],
    ) -> TokenStream {
        let client = &self.client;
        let opening = self.opening(resource);
        let docs = docs.outer(0);
        let work = opening.map(|(request, _)| {
            let result = self.catalog.path(&request.result);
            quote!(Work<#result, ServerNotification>)
        });
        let work_member = work.iter().map(|work| quote!(work: Arc<#work>,));
        let work_parameter = work.iter().map(|work| quote!(work: #work));
        let shown = self.shown(resource);
        let shown_parameter = shown.iter().map(|ty| quote!(result: &#ty));
        let members = known.iter().map(|Known { name, ty, .. }| quote!(#name: #ty,));
        let given = known.iter().filter(|known| known.given).map(|Known { name, ty, .. }| quote!(#name: #ty));
        let values = known.iter().map(
            |Known { name, given, value, .. }| {
                if *given { quote!(#name) } else { quote!(#name: #value) }
            },
        );
        let work_value = work.iter().map(|_| quote!(work: Arc::new(work)));
        let parameters =
            std::iter::once(quote!(client: #client)).chain(work_parameter).chain(given).chain(shown_parameter);
        let values = std::iter::once(quote!(client)).chain(values).chain(work_value);
        let getters = known.iter().map(getter);
        let end = opening.and_then(|(_, correlation)| self.end(correlation));
        quote! {
            #docs
            #[derive(Debug, Clone)]
            pub struct #name {
                client: #client,
                #(#members)*
                #(#work_member)*
            }

            impl #name {
                pub(crate) fn new(#(#parameters),*) -> Self {
                    Self { #(#values),* }
                }

                #(#getters)*
                #end
                #(#functions)*
            }
        }
    }

    /// What an object of a class knows of itself: what names it, and what it shows.
    fn known(&self, resource: &Resource) -> Vec<Known> {
        let giver = self.facade.giver(resource).map(|(giver, _)| giver);
        let names = resource.identity.iter().map(|identity| {
            let own = resource.work.is_some() && giver.is_none_or(|giver| identity.shared_with(giver).is_none());
            let words = |name: &Name| name.snake().replace('_', " ");
            let docs = match giver.filter(|_| !own && resource.work.is_some()) {
                Some(giver) => format!("The id of the {} that it belongs to.", words(&giver.name)),
                None => format!("The id of the {}.", words(resource.work.as_ref().unwrap_or(&resource.name))),
            };
            Known {
                name: ident(&identifier(&identity.name, Kind::Operation)),
                ty: quote!(String),
                given: !own,
                value: quote!(work.id().unwrap_or_default().to_owned()),
                docs: Docs::text(&docs),
            }
        });
        names.chain(resource.shows.iter().filter_map(|field| self.shows(resource, field))).collect()
    }

    /// A member of the result that an object shows.
    fn shows(&self, resource: &Resource, field: &Field) -> Option<Known> {
        let (_, operation) = self.facade.giver(resource)?;
        let types = &self.catalog.protocol.types;
        let whole = || types.as_struct(&self.request(operation)?.result).map(|(id, _)| id);
        let owner = result_variant(operation).or_else(whole)?;
        let member = Member::qualified(self.catalog, owner, field, &mut Helpers::default());
        let name = member.name().clone();
        let result = if self.shown(resource).is_some() { quote!(result) } else { quote!(work.result()) };
        let docs = Docs::of(&field.meta, &format!("`{}` on the wire.", field.wire));
        Some(Known { value: quote!(#result.#name.clone()), name, ty: member.declared(), given: false, docs })
    }

    /// The variant of the result that a class shows members of; none if the result is no union.
    fn shown(&self, resource: &Resource) -> Option<TokenStream> {
        let (_, operation) = self.facade.giver(resource)?;
        let variant = result_variant(operation).filter(|_| !resource.shows.is_empty())?;
        Some(self.catalog.path(&Type::Ref(variant)))
    }

    /// The request that opens the work which a class follows.
    fn opening(&self, resource: &Resource) -> Option<(&Request, &Correlation)> {
        let work = resource.work.as_ref()?;
        let (_, operation) = self.facade.giver(resource)?;
        let correlation = self.catalog.protocol.correlations.iter().find(|one| one.name == *work)?;
        Some((self.request(operation)?, correlation))
    }

    /// How work is followed, and waited for.
    fn end(&self, correlation: &Correlation) -> Option<TokenStream> {
        let mut notifications = self.catalog.protocol.notifications_from(Peer::Server);
        let closing = notifications.find(|notification| notification.wire == correlation.closes)?;
        let (params, closes) = (self.catalog.path(closing.params.ty()?), &correlation.closes);
        let variant = notifications::variant(closing);
        let work = &correlation.name;
        let text = format!("Everything that belongs to the {work}, from its beginning to its end.");
        let stream = Docs::text(&text).outer(INDENT);
        let text =
            format!("Waits until the {work} has ended, and gives what the server says of it. There is no deadline.");
        let wait = Docs::text(&text).outer(INDENT);
        Some(quote! {
            #stream
            #[must_use]
            pub fn stream(&self) -> EventStream<ServerNotification> {
                self.work.subscribe()
            }

            #wait
            ///
            /// # Errors
            ///
            /// [`Error::TransportClosed`] if the connection ends first; [`Error::Decode`] if the
            /// notification can't be read.
            pub async fn wait(&self) -> Result<#params, Error> {
                let event = self.stream().wait_for(#closes).await?;
                match event.into_notification() {
                    ServerNotification::#variant(params) => Ok(*params),
                    ServerNotification::Unrecognized(other) => Err(Error::unreadable(&other)),
                    other => Err(Error::unexpected(other.method())),
                }
            }
        })
    }
}

fn getter(known: &Known) -> TokenStream {
    let Known { name, ty, docs, .. } = known;
    let docs = docs.outer(INDENT);
    let shown = if ty.to_string() == "String" { quote!(str) } else { ty.clone() };
    quote! {
        #docs
        #[must_use]
        pub fn #name(&self) -> &#shown {
            &self.#name
        }
    }
}

/// The prose of an entry of the profile.
pub fn docs_of(doc: &Doc) -> Docs {
    let mut docs = Docs::default();
    doc.paragraphs.iter().for_each(|text| docs.paragraph(text));
    docs
}

/// The variant that the result of an operation must be.
pub fn result_variant(operation: &Operation) -> Option<TypeId> {
    match operation.gives {
        Gives::Work { variant, .. } => variant,
        Gives::Nothing | Gives::Result | Gives::Resource { .. } => None,
    }
}
