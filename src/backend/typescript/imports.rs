//! The import statements of a module, from the names that its code speaks of.

use std::collections::BTreeMap;

use super::code::{lay_out, names_from};

/// The module of all types, which is imported as a whole.
const TYPES: &str = "./types/index.js";

/// What a module imports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imports {
    /// By module, then by name: whether the value is needed, or the type alone.
    modules: BTreeMap<String, BTreeMap<String, bool>>,
    types: bool,
}

impl Imports {
    /// A name that only type expressions speak of.
    pub fn name_type(&mut self, module: &str, name: &str) {
        self.modules.entry(module.to_owned()).or_default().entry(name.to_owned()).or_insert(false);
    }

    /// A name that the code uses.
    pub fn value(&mut self, module: &str, name: &str) {
        self.modules.entry(module.to_owned()).or_default().insert(name.to_owned(), true);
    }

    /// The types of the protocol.
    pub fn types(&mut self) {
        self.types = true;
    }

    /// The statements, ordered by module.
    pub fn print(&self) -> String {
        let mut statements: BTreeMap<&str, String> = BTreeMap::new();
        for (module, names) in &self.modules {
            let values = names.values().any(|value| *value);
            let name = |(name, value): (&String, &bool)| {
                if values && !*value { format!("type {name}") } else { name.clone() }
            };
            let start = if values { "import" } else { "import type" };
            statements.insert(module, lay_out(&names_from(start, names.iter().map(name).collect(), module), 0));
        }
        if self.types {
            statements.insert(TYPES, format!("import type * as types from \"{TYPES}\";"));
        }
        statements.into_values().collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_types_need_is_imported_as_a_type() {
        let mut imports = Imports::default();
        imports.name_type("./b.js", "B");
        imports.name_type("./a.js", "Z");
        imports.value("./a.js", "A");
        imports.name_type("./a.js", "A");
        imports.types();
        let expected = "import { A, type Z } from \"./a.js\";\nimport type { B } from \"./b.js\";\n\
                        import type * as types from \"./types/index.js\";";
        assert_eq!(imports.print(), expected);
    }
}
