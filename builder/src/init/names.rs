//! Names that a release can have, from those that a file gives.

use std::collections::HashSet;

use catalog::RESERVED_PREFIXES;

/// The columns' names: the header's, where they can be used unchanged.
pub(super) fn legal(header: &[String], notes: &mut Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = HashSet::new();
    let mut names = vec![];
    for (index, given) in header.iter().enumerate() {
        let number = index + 1;
        let plain: String = given.chars().map(|c| if c.is_control() { '_' } else { c }).collect();
        let mut name = if plain.is_empty() { format!("column_{number}") } else { plain.clone() };
        // SQLite ignores the case of ASCII letters. Names that the header has are not given to others.
        let mut copy = 1;
        while taken.contains(&name.to_ascii_lowercase())
            || (name != *given && header.iter().any(|other| other.eq_ignore_ascii_case(&name)))
        {
            copy += 1;
            name = format!("{}_{copy}", if plain.is_empty() { "column" } else { &plain });
        }
        taken.insert(name.to_ascii_lowercase());
        if name != *given {
            let why = match given {
                given if given.is_empty() => "has no name in the header".to_owned(),
                given if plain != *given => {
                    format!("is called \"{}\", with control characters", given.escape_debug())
                }
                given => format!("is called \"{given}\" like another column (ignoring case)"),
            };
            notes.push(format!("column {number}: {why}; named `{name}`"));
        }
        names.push(name);
    }
    if names != header {
        notes.push(
            "header: left out (`header`, `commentRows`), since some of its names can't be used; columns are matched by position"
                .to_owned(),
        );
    }
    names
}

/// The table's name: the file's, without its endings.
pub(super) fn table(path: &str, notes: &mut Vec<String>) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.strip_suffix(".gz").unwrap_or(file);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    // What Data Package v1 requires of names, and needs no escapes in a URL.
    let mut name: String = stem
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' })
        .collect();
    let name_is_free = |name: &str| !RESERVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix));
    if name.chars().all(|c| "._-".contains(c)) || !name_is_free(&name) {
        name = format!("table-{}", name.trim_matches(|c| "._-".contains(c)));
        name.truncate(name.trim_end_matches('-').len());
    }
    notes.push(format!("name: `{name}`, from the file's name"));
    name
}
