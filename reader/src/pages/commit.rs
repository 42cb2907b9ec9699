//! A commit, as a link to its page where a descriptor says in which repository it is.
//!
//! Nothing else says that: a release doesn't, and a `homepage` is often that of the data's author.

use maud::{Markup, html};
use serde_json::Value;

use super::text::{member, shown};

/// Hosts that show a commit at a known address, with what is between the repository's and the commit.
const HOSTS: [(&str, &str); 3] =
    [("github.com", "/commit/"), ("gitlab.com", "/-/commit/"), ("codeberg.org", "/commit/")];

/// The commit, of which `says` is what is shown.
pub(super) fn linked_commit(commit: &str, says: &str, repository: Option<&str>) -> Markup {
    let whole = (says != commit).then_some(commit);
    html! {
        @match repository.and_then(|repository| address(repository, commit)) {
            Some(address) => a.code href=(address) title=[whole] rel="nofollow" { (shown(says)) },
            None => span.code title=[whole] { (shown(says)) },
        }
    }
}

/// The repository that descriptors name. If they name several, it isn't known which one has the commit.
pub(super) fn repository<'v>(abouts: impl Iterator<Item = &'v Value>) -> Option<&'v str> {
    let mut named = abouts.filter_map(|about| member(about, "repository"));
    let first = named.next()?;
    named.all(|other| other == first).then_some(first)
}

fn address(repository: &str, commit: &str) -> Option<String> {
    let (host, path) = repository.strip_prefix("https://")?.split_once('/')?;
    let (_, between) = HOSTS.iter().find(|(known, _)| *known == host)?;
    let path = path.strip_suffix('/').unwrap_or(path);
    let path = path.strip_suffix(".git").unwrap_or(path);
    let is_name = |name: &str| {
        let is_of_names = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        name.bytes().all(is_of_names) && !matches!(name, "" | "." | "..")
    };
    // GitLab has groups in groups.
    let is_deep = path.matches('/').count() > 1 && host != "gitlab.com";
    (path.contains('/') && !is_deep && path.split('/').all(is_name))
        .then(|| ["https://", host, "/", path, between, commit].concat())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_commit_has_an_address_at_known_hosts() {
        let address = |repository| super::address(repository, "c0ffee");
        for (repository, page) in [
            ("https://github.com/a/b", "https://github.com/a/b/commit/c0ffee"),
            ("https://github.com/a/b.c.git", "https://github.com/a/b.c/commit/c0ffee"),
            ("https://codeberg.org/a/b/", "https://codeberg.org/a/b/commit/c0ffee"),
            ("https://gitlab.com/a/b/c", "https://gitlab.com/a/b/c/-/commit/c0ffee"),
        ] {
            assert_eq!(address(repository).as_deref(), Some(page));
        }
        for repository in [
            "https://github.com/a",
            "https://github.com/a/",
            "https://github.com/a/b/tree/main",
            "https://github.com/a/..",
            "https://github.com/a/b?c",
            "https://github.com.example/a/b",
            "https://me@github.com/a/b",
            "http://github.com/a/b",
            "git@github.com:a/b",
            "javascript:alert(1)//github.com/a/b",
        ] {
            assert_eq!(address(repository), None, "{repository}");
        }
    }

    #[test]
    fn one_repository_is_known() {
        let of = |abouts: &[serde_json::Value]| super::repository(abouts.iter()).map(str::to_owned);
        let (a, b) = (json!({"repository": "a"}), json!({"repository": "b"}));
        assert_eq!(of(&[json!({}), a.clone(), a.clone()]).as_deref(), Some("a"));
        assert_eq!(of(&[a, b]), None);
        assert_eq!(of(&[json!({"repository": {"url": "a"}})]), None);
    }
}
