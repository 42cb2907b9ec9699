//! English words that say nothing by themselves, and are not searched for.
//!
//! FTS5 has no stop words. So a text is indexed with one character in place of each: positions
//! remain, as in PostgreSQL, and a search for words that begin with `th` does not find every `the`.

/// What stands for a stop word: a character for private use, which FTS5's tokenizer takes for a letter
/// and no text has a use for.
pub const STOP_WORD: char = '\u{e000}';

/// PostgreSQL's list (src/backend/snowball/stopwords/english.stop), in order. `s`, `t` and `don` are the
/// parts of words with an apostrophe.
const ENGLISH: [&str; 127] = [
    "a",
    "about",
    "above",
    "after",
    "again",
    "against",
    "all",
    "am",
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "before",
    "being",
    "below",
    "between",
    "both",
    "but",
    "by",
    "can",
    "did",
    "do",
    "does",
    "doing",
    "don",
    "down",
    "during",
    "each",
    "few",
    "for",
    "from",
    "further",
    "had",
    "has",
    "have",
    "having",
    "he",
    "her",
    "here",
    "hers",
    "herself",
    "him",
    "himself",
    "his",
    "how",
    "i",
    "if",
    "in",
    "into",
    "is",
    "it",
    "its",
    "itself",
    "just",
    "me",
    "more",
    "most",
    "my",
    "myself",
    "no",
    "nor",
    "not",
    "now",
    "of",
    "off",
    "on",
    "once",
    "only",
    "or",
    "other",
    "our",
    "ours",
    "ourselves",
    "out",
    "over",
    "own",
    "s",
    "same",
    "she",
    "should",
    "so",
    "some",
    "such",
    "t",
    "than",
    "that",
    "the",
    "their",
    "theirs",
    "them",
    "themselves",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "through",
    "to",
    "too",
    "under",
    "until",
    "up",
    "very",
    "was",
    "we",
    "were",
    "what",
    "when",
    "where",
    "which",
    "while",
    "who",
    "whom",
    "why",
    "will",
    "with",
    "you",
    "your",
    "yours",
    "yourself",
    "yourselves",
];

/// The text with [`STOP_WORD`] in place of each stop word.
pub(crate) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    // What precedes the text has no letter.
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        if length == 0 {
            masked.push(if c == STOP_WORD { ' ' } else { c });
            (before, rest) = (c, &rest[c.len_utf8()..]);
            continue;
        }
        let (word, behind) = rest.split_at(length);
        let is_whole = !is_part(before) && !behind.starts_with(is_part);
        if is_whole && is_stop_word(word) {
            masked.push(STOP_WORD);
        } else {
            masked.push_str(word);
        }
        (before, rest) = ('a', behind);
    }
    masked
}

/// Whether a letter beside it would be of the same word: letters and digits, and marks on them.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{300}'..='\u{36f}')
}

fn is_stop_word(word: &str) -> bool {
    // The longest has ten letters.
    let mut lower = [0; 10];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    ENGLISH.binary_search_by(|known| known.as_bytes().cmp(lower)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_masked() {
        assert!(ENGLISH.is_sorted());
        for (text, expected) in [
            ("The cat in THE hat.", "# cat # # hat."),
            ("don't, it's yours", "#'#, #'# #"),
            ("theme other1 1a thé the\u{301} a\u{e000}b", "theme other1 1a thé the\u{301} # b"),
            ("“the” is:a", "“#” #:#"),
            ("themselves ourselvesx", "# ourselvesx"),
            ("", ""),
        ] {
            assert_eq!(masked(text).replace(STOP_WORD, "#"), expected, "{text}");
        }
    }
}
