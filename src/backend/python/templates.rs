//! The templates, each with what it prints. The tree of templates is the tree of the package.

use askama::Template;

use crate::backend::Files;

use super::Failure;
use super::imports::{Imports, exported};
use super::view::{
    ClassesView, ClientView, DictsModule, FacadeViews, FactsView, HandlersView, Item, MethodsView, NotificationsView,
    PackageView, PresetsView, ShorthandsView, TypesModule, table,
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
    Pyproject(view: &'a PackageView<'a>) = "python/pyproject.toml.j2";
    Readme(view: &'a PackageView<'a>) = "python/README.md.j2";
    Root(view: &'a PackageView<'a>) = "python/src/PACKAGE/__init__.py.j2";
    Config(view: &'a PackageView<'a>) = "python/src/PACKAGE/config.py.j2";
    Facts(view: &'a FactsView) = "python/src/PACKAGE/_facts.py.j2";
    Methods(view: &'a MethodsView) = "python/src/PACKAGE/methods.py.j2";
    Handlers(view: &'a HandlersView) = "python/src/PACKAGE/handlers.py.j2";
    Notifications(view: &'a NotificationsView) = "python/src/PACKAGE/notifications.py.j2";
    Client(view: &'a ClientView) = "python/src/PACKAGE/client.py.j2";
    AsyncClient(view: &'a ClientView) = "python/src/PACKAGE/async_client.py.j2";
    Presets(view: &'a PresetsView) = "python/src/PACKAGE/presets.py.j2";
    Shorthands(view: &'a ShorthandsView) = "python/src/PACKAGE/shorthands.py.j2";
    Classes(view: &'a ClassesView) = "python/src/PACKAGE/facade.py.j2";
    Types(view: &'a TypesView) = "python/src/PACKAGE/types/__init__.py.j2";
    TypesOf(module: &'a TypesModule) = "python/src/PACKAGE/types/_module.py.j2";
    DictsOf(module: &'a DictsModule) = "python/src/PACKAGE/dicts/_module.py.j2";
}

/// `types/__init__.py`.
struct TypesView {
    /// The import statements that only type checkers see.
    checked_imports: String,
    /// The value of `__all__`, as a statement.
    exported: String,
    /// Which name comes with which module, as a statement.
    modules: String,
}

/// Prints views into files.
pub struct Printer<'f> {
    files: &'f mut Files,
    package: String,
}

impl<'f> Printer<'f> {
    /// Prints into `files`; `module` is the name of the import package.
    pub fn new(files: &'f mut Files, module: &str) -> Self {
        Self { files, package: format!("src/{module}") }
    }

    /// Prints into the package's folder.
    fn insert(&mut self, path: impl Into<String>, template: &impl Template) -> Result<(), Failure> {
        let mut text = template.render()?;
        // askama takes away the line break that ends a template.
        text.push('\n');
        Ok(self.files.insert(path, text)?)
    }

    /// Prints into the import package.
    fn module(&mut self, path: &str, template: &impl Template) -> Result<(), Failure> {
        self.insert(format!("{}/{path}", self.package), template)
    }

    /// The package's metadata, root module and config.
    pub fn package(&mut self, view: &PackageView<'_>) -> Result<(), Failure> {
        self.insert("pyproject.toml", &Pyproject { view })?;
        self.insert("README.md", &Readme { view })?;
        self.module("__init__.py", &Root { view })?;
        self.module("config.py", &Config { view })
    }

    /// What the runtime has to know.
    pub fn facts(&mut self, view: &FactsView) -> Result<(), Failure> {
        self.module("_facts.py", &Facts { view })
    }

    /// The table of requests.
    pub fn methods(&mut self, view: &MethodsView) -> Result<(), Failure> {
        self.module("methods.py", &Methods { view })
    }

    /// The handlers.
    pub fn handlers(&mut self, view: &HandlersView) -> Result<(), Failure> {
        self.module("handlers.py", &Handlers { view })
    }

    /// The notifications.
    pub fn notifications(&mut self, view: &NotificationsView) -> Result<(), Failure> {
        self.module("notifications.py", &Notifications { view })
    }

    /// The blocking client.
    pub fn client(&mut self, view: &ClientView) -> Result<(), Failure> {
        self.module("client.py", &Client { view })
    }

    /// The client for asyncio.
    pub fn async_client(&mut self, view: &ClientView) -> Result<(), Failure> {
        self.module("async_client.py", &AsyncClient { view })
    }

    /// The convenience layer.
    pub fn facade(&mut self, views: &FacadeViews) -> Result<(), Failure> {
        if !views.presets.classes.is_empty() {
            self.module("presets.py", &Presets { view: &views.presets })?;
        }
        if !views.shorthands.aliases.is_empty() {
            self.module("shorthands.py", &Shorthands { view: &views.shorthands })?;
        }
        self.module("facade.py", &Classes { view: &views.blocking })?;
        self.module("async_facade.py", &Classes { view: &views.awaited })
    }

    /// The types, by module.
    pub fn types(&mut self, modules: &[(String, TypesModule)]) -> Result<(), Failure> {
        let mut imports = Imports::default();
        let mut names: Vec<(&str, &str)> = Vec::new();
        for (name, module) in modules {
            for defined in &module.names {
                imports.add(&format!(".{name}"), defined);
                names.push((defined, name));
            }
            self.module(&format!("types/{name}.py"), &TypesOf { module })?;
        }
        names.sort_unstable();
        let view = TypesView {
            checked_imports: imports.print(4),
            exported: exported(names.iter().map(|(name, _)| (*name).to_owned()).collect()),
            modules: table("_MODULES", names.into_iter()),
        };
        self.module("types/__init__.py", &Types { view: &view })
    }

    /// The twins, by module.
    pub fn dicts(&mut self, modules: &[(String, DictsModule)]) -> Result<(), Failure> {
        modules.iter().try_for_each(|(name, module)| self.module(&format!("dicts/{name}.py"), &DictsOf { module }))
    }
}
