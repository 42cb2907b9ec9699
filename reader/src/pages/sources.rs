//! What tells one version of the pages from another: a number made of their sources by the compiler.
//!
//! It is in the entity tags of pages, so that no browser keeps the page of an older program beside the content security
//! policy of a newer one.

/// The sources that decide how a page looks.
const FILES: [&[u8]; 37] = [
    include_bytes!("changes.rs"),
    include_bytes!("choice.rs"),
    include_bytes!("columns.rs"),
    include_bytes!("commit.rs"),
    include_bytes!("conditions.rs"),
    include_bytes!("document.rs"),
    include_bytes!("error.rs"),
    include_bytes!("facets.rs"),
    include_bytes!("fields.rs"),
    include_bytes!("filled.rs"),
    include_bytes!("filters.rs"),
    include_bytes!("frame.rs"),
    include_bytes!("front.rs"),
    include_bytes!("layout.rs"),
    include_bytes!("linked_data.rs"),
    include_bytes!("map.rs"),
    include_bytes!("mod.rs"),
    include_bytes!("question.rs"),
    include_bytes!("reading.rs"),
    include_bytes!("row.rs"),
    include_bytes!("row_writer.rs"),
    include_bytes!("rows.rs"),
    include_bytes!("sources.rs"),
    include_bytes!("style.css"),
    include_bytes!("table.rs"),
    include_bytes!("template.rs"),
    include_bytes!("text.rs"),
    include_bytes!("tried.rs"),
    include_bytes!("usage.rs"),
    include_bytes!("value.rs"),
    include_bytes!("../reader/shown/changes.rs"),
    include_bytes!("../reader/shown/frames.rs"),
    include_bytes!("../reader/shown/front.rs"),
    include_bytes!("../reader/shown/links.rs"),
    include_bytes!("../reader/shown/mod.rs"),
    include_bytes!("../reader/shown/row.rs"),
    include_bytes!("../reader/shown/table.rs"),
];

/// The number of these sources.
pub(crate) const SOURCES: u64 = number(&FILES);

/// FNV-1a, 64 bits: nobody else decides what it is made of.
const fn number(files: &[&[u8]]) -> u64 {
    let mut number = 0xcbf2_9ce4_8422_2325;
    let mut file = 0;
    while file < files.len() {
        let mut at = 0;
        while at < files[file].len() {
            number = (number ^ files[file][at] as u64).wrapping_mul(0x0100_0000_01b3);
            at += 1;
        }
        file += 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_counts() {
        let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut found = vec![];
        for directory in ["pages", "reader/shown"] {
            for entry in std::fs::read_dir(sources.join(directory)).unwrap() {
                found.push(std::fs::read(entry.unwrap().path()).unwrap());
            }
        }
        // What leads on from an error is no part of a page with an entity tag.
        let refused = std::fs::read(sources.join("reader/shown/refused.rs")).unwrap();
        found.retain(|source| *source != refused);
        let mut known = FILES.map(<[u8]>::to_vec).to_vec();
        found.sort();
        known.sort();
        assert!(found == known, "{} sources of pages, {} are counted", found.len(), known.len());
        assert_ne!(number(&[b"ab"]), number(&[b"ac"]));
    }
}
