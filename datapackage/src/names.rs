//! Names that look like others and are not the same: to a person they are one name, to SQLite, URLs and
//! queries two (Unicode Standard Annex 15, Unicode Technical Standard 39).

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;

use crate::cell::is_invisible;

/// How two names differ that look the same; `None` where they are equal or look different. The sentence
/// follows "it differs from `name` only in".
pub fn unseen_difference(name: &str, other: &str) -> Option<String> {
    // ASCII letters that look alike, such as `l` and `1`, are a matter of the font.
    if name == other || name.is_ascii() && other.is_ascii() && visible(name) != visible(other) {
        return None;
    }
    if visible(name) == visible(other) {
        return Some("characters that can't be seen".to_owned());
    }
    if name.nfkc().eq(other.nfkc()) {
        return Some(
            "the form of its characters, which Unicode writes in more than one way (NFC, NFD)".to_owned(),
        );
    }
    if !skeleton(name).eq(skeleton(other)) {
        return None;
    }
    let foreign = name.chars().chain(other.chars()).find(|c| !c.is_ascii())?;
    Some(format!("letters that look the same, such as `{foreign}` (U+{:04X})", u32::from(foreign)))
}

/// What may deceive the readers of a name, by itself.
pub fn deceives(name: &str) -> Option<String> {
    // Control characters are errors already.
    if let Some(unseen) = name.chars().find(|c| is_invisible(*c) && !c.is_control()) {
        return Some(format!("has U+{:04X}, which can't be seen", u32::from(unseen)));
    }
    // Scripts are mixed in many names, as in `Δt`: only those that could be taken for ASCII.
    if name.is_ascii() || name.is_single_script() || !skeleton(name).all(|c| c.is_ascii()) {
        return None;
    }
    let foreign = name.chars().find(|c| !c.is_ascii())?;
    Some(format!("mixes scripts: `{foreign}` (U+{:04X}) looks like an ASCII letter", u32::from(foreign)))
}

/// The pairs of names that look the same, each as the later and the earlier one.
pub(crate) fn lookalikes<'a>(names: &[&'a str]) -> Vec<(usize, &'a str, String)> {
    let mut found = vec![];
    if names.iter().all(|name| name.is_ascii()) {
        return found;
    }
    let mut looks: HashMap<String, Vec<&str>> = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        let look = skeleton(&visible(name).nfkc().collect::<String>()).collect();
        let alike = looks.entry(look).or_default();
        let first = alike.iter().find_map(|other| Some((*other, unseen_difference(name, other)?)));
        match first {
            Some((other, difference)) => found.push((index, other, difference)),
            None => alike.push(name),
        }
    }
    found
}

fn visible(name: &str) -> String {
    name.chars().filter(|c| !is_invisible(*c)).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_that_nobody_sees() {
        for (name, other, difference) in [
            ("id", "id", None),
            ("id", "name", None),
            ("l1", "ll", None),
            ("Δt", "At", None),
            ("id\u{a0}", "id", Some("characters that can't be seen")),
            ("\u{202e}id", "id", Some("characters that can't be seen")),
            (
                "cafe\u{301}",
                "café",
                Some("the form of its characters, which Unicode writes in more than one way (NFC, NFD)"),
            ),
            ("sсope", "scope", Some("letters that look the same, such as `с` (U+0441)")),
            ("сора", "copa", Some("letters that look the same, such as `с` (U+0441)")),
        ] {
            assert_eq!(unseen_difference(name, other).as_deref(), difference, "{name} {other}");
        }
    }

    #[test]
    fn names_that_deceive() {
        for (name, reason) in [
            ("price", None),
            ("цена", None),
            ("Δt", None),
            ("価格_円", None),
            ("größe", None),
            ("price €", None),
            ("prісe", Some("mixes scripts: `і` (U+0456) looks like an ASCII letter")),
            ("id\u{200b}", Some("has U+200B, which can't be seen")),
            ("a\u{202e}b", Some("has U+202E, which can't be seen")),
        ] {
            assert_eq!(deceives(name).as_deref(), reason, "{name}");
        }
        assert_eq!(lookalikes(&["l1", "ll", "a", "b"]), []);
        let found = lookalikes(&["copa", "x", "сора"]);
        assert_eq!(found.iter().map(|(index, other, _)| (*index, *other)).collect::<Vec<_>>(), [(2, "copa")]);
    }
}
