//! The server's version as that of a package, for the languages whose packages have semantic versions.

/// `server` if it is a semantic version, else the version that says nothing.
pub fn semantic(server: &str) -> &str {
    if is_semantic(server) { server } else { "0.0.0" }
}

fn is_semantic(version: &str) -> bool {
    let (version, build) = version.split_once('+').map_or((version, None), |(version, build)| (version, Some(build)));
    let (release, preview) = version.split_once('-').map_or((version, None), |(release, rest)| (release, Some(rest)));
    let number = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
    };
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let is_number_or_word = |text: &str| word(text) && (number(text) || text.chars().any(|c| !c.is_ascii_digit()));
    release.split('.').count() == 3
        && release.split('.').all(number)
        && preview.is_none_or(|preview| preview.split('.').all(is_number_or_word))
        && build.is_none_or(|build| build.split('.').all(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_semantic_version_says_nothing() {
        for version in ["0.163.0", "1.0.0-alpha.2", "1.0.0-x-y.0+build.01"] {
            assert_eq!(semantic(version), version);
        }
        for version in ["unknown", "", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "1.0.0\""] {
            assert_eq!(semantic(version), "0.0.0", "{version}");
        }
    }
}
