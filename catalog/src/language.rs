//! The languages that a searchable column can be declared in, named as PostgreSQL names its text
//! search configurations.

use serde::{Deserialize, Serialize};

use crate::stop_words;

/// How the words of a text, and those that are searched for, are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Words as they are written, without regard to case and diacritics.
    #[default]
    Simple,
    /// The stems of English words, without its stop words.
    English,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 2] = [Self::Simple, Self::English];

    /// As PostgreSQL's configuration, and in a descriptor.
    pub fn name(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::English => "english",
        }
    }

    /// The language of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }

    pub(crate) fn is_simple(&self) -> bool {
        *self == Self::Simple
    }

    /// The tokenizer of FTS5 that finds its words.
    pub(crate) fn tokenizer(self) -> &'static str {
        match self {
            Self::Simple => "unicode61 remove_diacritics 2",
            Self::English => "porter unicode61 remove_diacritics 2",
        }
    }

    /// The text as it is indexed, and as it is searched for: each stop word is
    /// [`STOP_WORD`](crate::STOP_WORD), which keeps the distances between the other words.
    pub fn masked(self, text: &str) -> String {
        match self {
            Self::Simple => text.to_owned(),
            Self::English => stop_words::masked(text),
        }
    }
}
