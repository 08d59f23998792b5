//! The files of a package that are the same for every protocol, or that only one protocol's packages have. They are
//! embedded in the binary as they stand under `templates/`.

use crate::ir::Protocol;

use super::Output;

/// Path below `templates/` and content, ordered by path.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/plain_files.rs"));

/// The folder of a protocol's own files that its packages have in every language.
const SHARED: &str = "shared";

/// The files below `folder`, each by its path inside it.
pub fn files(folder: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> + use<> {
    let folder = format!("{folder}/");
    FILES.iter().filter_map(move |(path, content)| Some((path.strip_prefix(folder.as_str())?, *content)))
}

/// The files that only this protocol's `output` has, a package's own or those of all of them; they take the place of
/// what every protocol has.
pub fn own(protocol: &Protocol, output: impl Into<Output>) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let name = protocol.name.snake();
    let output = output.into();
    let shared = match output {
        Output::Package(_) => Some(SHARED),
        Output::Docs => None,
    };
    shared.into_iter().chain([output.name()]).flat_map(move |folder| files(&format!("{name}/{folder}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_its_own_files_only() {
        let paths: Vec<_> = files("python").map(|(path, _)| path).collect();
        assert!(paths.contains(&"src/PACKAGE/py.typed"));
        assert!(paths.iter().all(|path| !path.contains(".j2") && !path.contains("__pycache__")));
        assert_eq!(files("pyth").count(), 0);
    }
}
