//! The templates, each with what it prints. The tree of templates is the tree of the package.

use askama::Template;

use crate::backend::Files;

use super::Failure;
use super::view::{
    ClassesView, ClientView, DescriptorsModule, DomainsView, FacadeView, FactsView, HandlersView, Item, MethodsView,
    NotificationsView, OptionsView, PackageView, PresetsView, ShorthandsView, TypesModule,
};

macro_rules! templates {
    ($($name:ident($field:ident: $view:ty) = $path:literal;)*) => {
        $(
            #[derive(Template)]
            #[template(path = $path, escape = "none")]
            struct $name<'a> {
                $field: $view,
            }
        )*
    };
}

templates! {
    PackageJson(view: &'a PackageView<'a>) = "typescript/package.json.j2";
    Readme(view: &'a PackageView<'a>) = "typescript/README.md.j2";
    Root(view: &'a PackageView<'a>) = "typescript/src/index.ts.j2";
    Config(view: &'a PackageView<'a>) = "typescript/src/config.ts.j2";
    Facts(view: &'a FactsView) = "typescript/src/facts.ts.j2";
    Methods(view: &'a MethodsView) = "typescript/src/methods.ts.j2";
    Handlers(view: &'a HandlersView) = "typescript/src/handlers.ts.j2";
    Notifications(view: &'a NotificationsView) = "typescript/src/notifications.ts.j2";
    Client(view: &'a ClientView) = "typescript/src/client.ts.j2";
    Facade(view: &'a ClassesView) = "typescript/src/facade.ts.j2";
    Options(view: &'a OptionsView) = "typescript/src/options.ts.j2";
    Presets(view: &'a PresetsView) = "typescript/src/presets.ts.j2";
    Shorthands(view: &'a ShorthandsView) = "typescript/src/shorthands.ts.j2";
    Types(modules: &'a [&'a str]) = "typescript/src/types/index.ts.j2";
    TypesOf(module: &'a TypesModule) = "typescript/src/types/_module.ts.j2";
    Descriptors(view: &'a DomainsView) = "typescript/src/descriptors/index.ts.j2";
    DescriptorsOf(module: &'a DescriptorsModule) = "typescript/src/descriptors/_module.ts.j2";
}

/// Prints views into files.
pub struct Printer<'f> {
    files: &'f mut Files,
}

impl<'f> Printer<'f> {
    /// Prints into `files`.
    pub fn new(files: &'f mut Files) -> Self {
        Self { files }
    }

    fn insert(&mut self, path: &str, template: &impl Template) -> Result<(), Failure> {
        let mut text = template.render()?;
        text.push('\n');
        Ok(self.files.insert(path, text)?)
    }

    /// The package's metadata, root module and config.
    pub fn package(&mut self, view: &PackageView<'_>) -> Result<(), Failure> {
        self.insert("package.json", &PackageJson { view })?;
        self.insert("README.md", &Readme { view })?;
        self.insert("src/index.ts", &Root { view })?;
        self.insert("src/config.ts", &Config { view })
    }

    /// What the runtime has to know.
    pub fn facts(&mut self, view: &FactsView) -> Result<(), Failure> {
        self.insert("src/facts.ts", &Facts { view })
    }

    /// The tables of requests.
    pub fn methods(&mut self, view: &MethodsView) -> Result<(), Failure> {
        self.insert("src/methods.ts", &Methods { view })
    }

    /// The handlers.
    pub fn handlers(&mut self, view: &HandlersView) -> Result<(), Failure> {
        self.insert("src/handlers.ts", &Handlers { view })
    }

    /// The notifications.
    pub fn notifications(&mut self, view: &NotificationsView) -> Result<(), Failure> {
        self.insert("src/notifications.ts", &Notifications { view })
    }

    /// The client.
    pub fn client(&mut self, view: &ClientView) -> Result<(), Failure> {
        self.insert("src/client.ts", &Client { view })
    }

    /// The convenience layer.
    pub fn facade(&mut self, view: &FacadeView) -> Result<(), Failure> {
        self.insert("src/facade.ts", &Facade { view: &view.classes })?;
        self.insert("src/options.ts", &Options { view: &view.options })?;
        self.insert("src/presets.ts", &Presets { view: &view.presets })?;
        self.insert("src/shorthands.ts", &Shorthands { view: &view.shorthands })
    }

    /// The types, by module.
    pub fn types(&mut self, modules: &[(String, TypesModule)]) -> Result<(), Failure> {
        for (name, module) in modules {
            self.insert(&format!("src/types/{name}.ts"), &TypesOf { module })?;
        }
        let modules: Vec<&str> = modules.iter().map(|(name, _)| name.as_str()).collect();
        self.insert("src/types/index.ts", &Types { modules: &modules })
    }

    /// The descriptors, by module.
    pub fn descriptors(&mut self, modules: &[(String, DescriptorsModule)]) -> Result<(), Failure> {
        for (name, module) in modules {
            self.insert(&format!("src/descriptors/{name}.ts"), &DescriptorsOf { module })?;
        }
        self.insert("src/descriptors/index.ts", &Descriptors { view: &DomainsView::new(modules) })
    }
}
