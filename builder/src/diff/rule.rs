//! Which version a change needs: the recipe "Data Package Version" as one table.

use semver::{Prerelease, Version};

/// How large a step a version must take (Semantic Versioning 2.0.0, sections 6 to 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // the standard's own names
pub enum Level {
    Patch,
    Minor,
    Major,
}

/// Why a version must change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The rule that requires it.
    pub rule: Rule,
    /// What changed, for people.
    pub text: String,
}

/// Declares the rules once: the variant, its printed name, its level.
macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $level:ident;)+) => {
        /// The kinds of change that require a version. docs/versions.md explains each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Rule {
            /// Every rule, in the order of docs/versions.md.
            pub const ALL: &'static [Rule] = &[$(Self::$variant,)+];

            /// The rule as printed: `rows-added`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The step that it requires.
            pub fn level(self) -> Level {
                match self {
                    $(Self::$variant => Level::$level,)+
                }
            }
        }
    };
}

rules! {
    /// The dataset's `id` changed.
    IdChanged = "id-changed", Major;
    /// A table was removed.
    TableRemoved = "table-removed", Major;
    /// A new column that is required, or that comes before an old one.
    ColumnInserted = "column-inserted", Major;
    /// A column was removed.
    ColumnRemoved = "column-removed", Major;
    /// The order of the columns changed.
    ColumnsReordered = "columns-reordered", Major;
    /// A column has another type.
    ColumnRetyped = "column-retyped", Major;
    /// A column has another format.
    ColumnReformatted = "column-reformatted", Major;
    /// A constraint lets fewer values pass, or others.
    ConstraintTightened = "constraint-tightened", Major;
    /// The primary key was added, removed or changed.
    KeyChanged = "key-changed", Major;
    /// There is a new unique key.
    UniqueKeyAdded = "unique-key-added", Major;
    /// There is a new foreign key.
    ForeignKeyAdded = "foreign-key-added", Major;
    /// Rows were removed that another table of the release referred to.
    ReferencedRowsRemoved = "referenced-rows-removed", Major;
    /// There is a new table.
    TableAdded = "table-added", Minor;
    /// A new column, not required, after all others.
    ColumnAppended = "column-appended", Minor;
    /// A constraint lets more values pass.
    ConstraintLoosened = "constraint-loosened", Minor;
    /// A unique key was removed.
    UniqueKeyRemoved = "unique-key-removed", Minor;
    /// A foreign key was removed.
    ForeignKeyRemoved = "foreign-key-removed", Minor;
    /// A foreign key points elsewhere or has another name, or rows have other values in its columns.
    ReferenceChanged = "reference-changed", Minor;
    /// There are new rows.
    RowsAdded = "rows-added", Minor;
    /// Rows were removed.
    RowsRemoved = "rows-removed", Minor;
    /// Rows have other values.
    RowsChanged = "rows-changed", Patch;
    /// The same rows in another order.
    RowsReordered = "rows-reordered", Patch;
    /// A title, a description, a licence, or other metadata.
    MetadataChanged = "metadata-changed", Patch;
}

impl Rule {
    /// A cause under this rule.
    pub(crate) fn cause(self, text: impl Into<String>) -> Cause {
        Cause { rule: self, text: text.into() }
    }
}

impl Level {
    /// As printed: `MAJOR`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Patch => "PATCH",
            Self::Minor => "MINOR",
            Self::Major => "MAJOR",
        }
    }

    /// What it means from `old` on. In 0.y.z anything may change at any time (Semantic
    /// Versioning, section 4): there a MINOR step is enough.
    fn from(self, old: &Version) -> Self {
        if old.major == 0 { self.min(Self::Minor) } else { self }
    }
}

/// Whether the step from `old` to `new` is large enough. A pre-release of a version may change
/// as that version may (section 9).
pub fn suffices(old: &Version, new: &Version, level: Level) -> bool {
    let core = |version: &Version| (version.major, version.minor, version.patch);
    let stepped = match level.from(old) {
        Level::Major => new.major > old.major || prepares(old, Level::Major),
        Level::Minor => (new.major, new.minor) > (old.major, old.minor) || prepares(old, Level::Minor),
        Level::Patch => core(new) > core(old) || prepares(old, Level::Patch),
    };
    stepped && new.cmp_precedence(old).is_gt()
}

/// The smallest version after `old` that such a step allows.
pub fn next(old: &Version, level: Level) -> Version {
    let level = level.from(old);
    if prepares(old, level) {
        return Version { pre: next_pre(&old.pre), build: Default::default(), ..old.clone() };
    }
    match level {
        Level::Major => Version::new(old.major + 1, 0, 0),
        Level::Minor => Version::new(old.major, old.minor + 1, 0),
        Level::Patch => Version::new(old.major, old.minor, old.patch + 1),
    }
}

/// Whether `old` is a pre-release of a version that takes at least such a step.
fn prepares(old: &Version, level: Level) -> bool {
    !old.pre.is_empty()
        && match level {
            Level::Major => old.minor == 0 && old.patch == 0,
            Level::Minor => old.patch == 0,
            Level::Patch => true,
        }
}

/// `rc.1` -> `rc.2`, `beta` -> `beta.1` (section 11: numbers compare as numbers, and more
/// identifiers come later).
fn next_pre(pre: &Prerelease) -> Prerelease {
    let (head, last) = pre.as_str().rsplit_once('.').map_or(("", pre.as_str()), |parts| parts);
    let raised = match last.parse::<u64>() {
        Ok(number) if head.is_empty() => format!("{}", number + 1),
        Ok(number) => format!("{head}.{}", number + 1),
        Err(_) => format!("{pre}.1"),
    };
    Prerelease::new(&raised).unwrap_or_else(|_| pre.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn steps() {
        use Level::{Major, Minor, Patch};
        for (old, level, expected, too_small) in [
            ("1.2.3", Major, "2.0.0", "1.9.0"),
            ("1.2.3", Minor, "1.3.0", "1.2.4"),
            ("1.2.3", Patch, "1.2.4", "1.2.3"),
            ("0.2.3", Major, "0.3.0", "0.2.4"),
            ("0.2.3", Minor, "0.3.0", "0.2.9"),
            ("2.0.0-rc.1", Major, "2.0.0-rc.2", "2.0.0-rc.1"),
            ("2.0.0-rc", Minor, "2.0.0-rc.1", "2.0.0-beta"),
            ("2.0.1-7", Major, "3.0.0", "2.0.1"),
            ("2.0.1-7", Patch, "2.0.1-8", "2.0.0"),
            ("1.0.0+a", Patch, "1.0.1", "1.0.0+b"),
        ] {
            let (old, expected) = (version(old), version(expected));
            assert_eq!(next(&old, level), expected, "{old} {level:?}");
            assert!(suffices(&old, &expected, level), "{old} {level:?} {expected}");
            assert!(!suffices(&old, &version(too_small), level), "{old} {level:?} {too_small}");
        }
        assert!(suffices(&version("1.2.3"), &version("1.2.4-rc.1"), Patch));
        assert!(suffices(&version("2.0.0-rc.1"), &version("2.0.0"), Major));
    }
}
