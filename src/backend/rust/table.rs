//! Tables: the macros of the runtime that turn a type's names on the wire into code. They are laid out here, as
//! neither rustfmt nor prettyplease looks into a macro of its own kind.

use std::fmt::Write as _;

/// Tables of a module, each of which stands in its tokens as a marker until these are text.
#[derive(Debug, Default)]
pub struct Tables {
    texts: Vec<String>,
}

/// The macro that marks a table's place.
pub const MARKER: &str = "table";

/// The macro that marks the place of a table that is an item of its own, and belongs to no type above it.
const ITEM: &str = "item";

impl Tables {
    /// Adds a table and gives the marker for its place.
    pub fn add(&mut self, table: &Table) -> proc_macro2::TokenStream {
        self.add_text(table.print())
    }

    /// The same for a table that is text already.
    pub fn add_text(&mut self, table: String) -> proc_macro2::TokenStream {
        let index = proc_macro2::Literal::usize_unsuffixed(self.texts.len());
        self.texts.push(table);
        quote::quote!(table!(#index);)
    }

    /// The same for a table that stands by itself.
    pub fn add_item(&mut self, table: String) -> proc_macro2::TokenStream {
        let index = proc_macro2::Literal::usize_unsuffixed(self.texts.len());
        self.texts.push(table);
        quote::quote!(item!(#index);)
    }

    /// The table that `line` marks the place of.
    pub fn marked(&self, line: &str) -> Option<&str> {
        let index =
            line.strip_prefix(MARKER).or_else(|| line.strip_prefix(ITEM))?.strip_prefix("!(")?.strip_suffix(");")?;
        self.texts.get(index.parse::<usize>().ok()?).map(String::as_str)
    }
}

/// One table.
#[derive(Debug)]
pub struct Table {
    /// The macro.
    pub name: &'static str,
    /// What it is given, block by block: what stands before the block's brace, and its rows, without commas. An empty
    /// row stands for the semicolon that begins another group.
    pub blocks: Vec<(String, Vec<String>)>,
}

/// The width of a line.
pub const WIDTH: usize = 100;

impl Table {
    /// A table of one block.
    pub fn new(name: &'static str, head: String, rows: Vec<String>) -> Self {
        Self { name, blocks: vec![(head, rows)] }
    }

    fn print(&self) -> String {
        if let [(head, rows)] = self.blocks.as_slice() {
            let inside = if rows.is_empty() { String::new() } else { format!(" {}, ", rows.join(", ")) };
            let line = format!("{}! {{ {head} {{{inside}}} }}", self.name);
            if line.len() <= WIDTH && !rows.iter().any(String::is_empty) {
                return line;
            }
        }
        let mut text = format!("{}! {{", self.name);
        for (head, rows) in &self.blocks {
            _ = write!(text, "\n    {head} {{");
            for row in rows {
                let end = if row.is_empty() { ";" } else { "," };
                match row.rsplit_once(" = ") {
                    Some((first, second)) if row.len() + 9 > WIDTH => {
                        _ = write!(text, "\n        {first} =\n            {second}{end}");
                    }
                    _ => _ = write!(text, "\n        {row}{end}"),
                }
            }
            text.push_str(if rows.is_empty() { "}" } else { "\n    }" });
        }
        text.push_str("\n}");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(table: &Table) -> String {
        let mut tables = Tables::default();
        let marker = tables.add(table);
        tables.marked(&marker.to_string().replace(' ', "")).unwrap().to_owned()
    }

    #[test]
    fn a_row_stands_on_a_line_of_its_own() {
        let rows = vec!["A = \"a\"".to_owned(), String::new(), "B(String) = \"b\"".to_owned()];
        let expected =
            "external_union! {\n    Mode {\n        A = \"a\",\n        ;\n        B(String) = \"b\",\n    }\n}";
        assert_eq!(printed(&Table::new("external_union", "Mode".to_owned(), rows)), expected);
    }

    #[test]
    fn a_small_table_stands_on_one_line() {
        assert_eq!(printed(&Table::new("structure", "A".to_owned(), Vec::new())), "structure! { A {} }");
        let rows = vec!["required a = \"a\"".to_owned()];
        assert_eq!(printed(&Table::new("structure", "A".to_owned(), rows)), "structure! { A { required a = \"a\", } }");
    }

    #[test]
    fn other_lines_mark_nothing() {
        assert_eq!(Tables::default().marked("table!(0);"), None);
        assert_eq!(Tables::default().marked("pub struct A;"), None);
    }
}
