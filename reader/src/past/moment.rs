//! A version, commit or time -> the place in the history that it means, or an error that says why there isn't one.

use std::collections::BTreeMap;
use std::time::SystemTime;

use catalog::Version;

use super::History;
use crate::error::{Code, Error};
use crate::plan::{instant, instant_of};
use crate::request::{When, no_moment};

/// A place in the history: every dataset is what its last version at or before it made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    pub(crate) ordinal: u64,
    /// Whether no later release can have another answer.
    pub(crate) is_final: bool,
}

impl Moment {
    /// What is meant where a table of `dataset` is asked for. `commit` is the release's own. Errors: nothing
    /// of that name is in the history, or several things are.
    pub(crate) fn find(
        when: &When,
        dataset: &str,
        history: &History,
        commit: Option<&str>,
    ) -> Result<Self, Error> {
        match when {
            When::Version { dataset: named, version } => {
                Self::version(version, named.as_deref().unwrap_or(dataset), history)
            }
            When::Commit(digits) => Self::commit(digits, dataset, history, commit),
            When::Time(text) => {
                let (first, last) = second(text)?;
                Self::time(&first, &last, dataset, history)
            }
        }
    }

    fn version(named: &str, dataset: &str, history: &History) -> Result<Self, Error> {
        if !history.datasets().any(|(name, _)| name == dataset) {
            let names: Vec<_> = history.datasets().map(|(name, _)| name).collect();
            return Err(Error::new(Code::UnknownMoment, format!("there is no dataset '{dataset}'"))
                .hint(format!("the datasets are {}", names.join(", "))));
        }
        let versions = history.of(dataset)?;
        if let Some(found) = catalog::find_version(versions, named) {
            return Ok(Self { ordinal: found.ordinal, is_final: true });
        }
        let (before, after) = nearest(versions, named);
        let oldest = &versions[0];
        if before.is_none() && !oldest.first && after.is_some() {
            return Err(history.not_kept(dataset, oldest));
        }
        let names: Vec<_> = before.into_iter().chain(after).collect();
        let error =
            Error::new(Code::UnknownMoment, format!("dataset '{dataset}' has no version \"{named}\""));
        let error = if names.is_empty() {
            error
        } else {
            error.details(format!("the nearest: {}", names.join(", ")))
        };
        Err(error.hint(history.listed(dataset)))
    }

    fn commit(digits: &str, dataset: &str, history: &History, own: Option<&str>) -> Result<Self, Error> {
        if let Ok(versions) = history.of(dataset)
            && let Some(found) = catalog::find_version(versions, digits)
        {
            return Ok(Self { ordinal: found.ordinal, is_final: true });
        }
        let mut found: BTreeMap<&str, u64> = BTreeMap::new();
        for version in history.all().filter(|version| version.commit.starts_with(digits)) {
            found.insert(&version.commit, version.ordinal);
        }
        if let Some(own) = own.filter(|own| own.starts_with(digits)) {
            found.entry(own).or_insert(u64::MAX);
        }
        match found.len() {
            1 => Ok(Self { ordinal: found.into_values().max().unwrap_or_default(), is_final: true }),
            0 => Err(Error::new(Code::UnknownMoment, format!("no version was made by a commit {digits}"))
                .details("the history knows the commits that made versions, and that of the release")
                .hint(history.listed(dataset))),
            _ => Err(Error::new(Code::InvalidMoment, format!("several commits begin with {digits}"))
                .details(found.into_keys().collect::<Vec<_>>().join(", "))
                .hint("give more digits")),
        }
    }

    fn time(first: &str, last: &str, dataset: &str, history: &History) -> Result<Self, Error> {
        let versions = history.of(dataset)?;
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let now = instant_of(i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        if *first > *now.as_str() {
            return Err(Error::new(Code::InvalidMoment, format!("{first} is in the future"))
                .hint("for what is current, leave /-/at/ out"));
        }
        // Dates of commits may go back: what counts is where time first passes the moment, which no later
        // commit changes.
        let mut all: Vec<_> = history.all().map(|version| (version.ordinal, version.date.as_str())).collect();
        all.sort_unstable();
        let next = all.iter().find(|(_, date)| *date > last);
        let ordinal = next.map_or(u64::MAX, |(ordinal, _)| ordinal.saturating_sub(1));
        let oldest = &versions[0];
        if oldest.ordinal > ordinal {
            return Err(if oldest.first {
                Error::new(Code::UnknownMoment, format!("dataset '{dataset}' has no version of that time"))
                    .details(format!("the first one, {}, is of {}", oldest.name(), oldest.date))
                    .hint(history.listed(dataset))
            } else {
                history.not_kept(dataset, oldest)
            });
        }
        Ok(Self { ordinal, is_final: next.is_some() })
    }
}

/// The first and the last second that a text means, as dates of versions are written: a day has several. Errors: it
/// is none, or has no zone.
fn second(text: &str) -> Result<(String, String), Error> {
    let invalid = || no_moment(text).details("there is no such date, or it is a time without a zone");
    let first = instant(text).ok_or_else(invalid)?;
    if text.len() == "2025-03-01".len() {
        return Ok((format!("{first}Z"), format!("{text}T23:59:59Z")));
    }
    // The date has signs of its own.
    if !text.get(10..).is_some_and(|time| time.contains(['Z', 'z', '+', '-'])) {
        return Err(invalid());
    }
    let first = format!("{}Z", first.split('.').next().unwrap_or_default());
    Ok((first.clone(), first))
}

/// The last version before the one that is named and the first one behind it, by their numbers.
fn nearest<'v>(versions: &'v [Version], named: &str) -> (Option<&'v str>, Option<&'v str>) {
    let numbers = |version: &str| -> Option<Vec<u64>> {
        version.split(['-', '+']).next()?.split('.').map(|number| number.parse().ok()).collect()
    };
    let Some(named) = numbers(named) else { return (None, None) };
    let mut all: Vec<_> = versions
        .iter()
        .filter_map(|version| version.version.as_deref())
        .filter_map(|version| Some((numbers(version)?, version)))
        .collect();
    all.sort();
    let at = all.partition_point(|(numbers, _)| *numbers <= named);
    let name = |index: usize| all.get(index).map(|(_, version)| *version);
    (at.checked_sub(1).and_then(name), name(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history() -> History {
        let version = |ordinal: u64, name: &str, commit: &str, day: u64| Version {
            ordinal,
            version: Some(name.into()),
            digest: "d".repeat(64),
            commit: commit.into(),
            date: format!("2025-01-{day:02}T12:00:00Z"),
            first: false,
            tables: BTreeMap::new(),
        };
        // The clock of the third one was late.
        let versions = vec![
            version(3, "1.0.0", "abcdef0123", 10),
            version(5, "1.10.0", "abcdef0999", 20),
            version(7, "1.11.0", "0123456789", 15),
        ];
        History::new(vec![("shop".into(), versions)], "")
    }

    fn find(when: &str) -> Result<(u64, bool), (Code, String)> {
        let found = Moment::find(&When::parse(when).unwrap(), "shop", &history(), Some("fedcba9876"));
        found.map(|found| (found.ordinal, found.is_final)).map_err(|error| {
            let details = error.details_value().and_then(|details| details.as_str()).unwrap_or_default();
            (error.code(), details.to_owned())
        })
    }

    #[test]
    fn a_moment_is_a_place_in_the_history() {
        assert_eq!(find("1.10.0"), Ok((5, true)));
        assert_eq!(find("0123456"), Ok((7, true)));
        assert_eq!(find("ABCDEF01"), Ok((3, true)));
        assert_eq!(find("fedcba9"), Ok((u64::MAX, true)));
        assert_eq!(find("2025-01-10"), Ok((4, true)));
        assert_eq!(find("2025-01-17"), Ok((4, true)));
        assert_eq!(find("2025-01-20T12:00:00Z"), Ok((u64::MAX, false)));
    }

    #[test]
    fn what_is_not_there_or_not_one_is_refused() {
        let several = "abcdef0123, abcdef0999".to_owned();
        assert_eq!(find("abcdef0"), Err((Code::InvalidMoment, several)));
        assert_eq!(find("1.9.0"), Err((Code::UnknownMoment, "the nearest: 1.0.0, 1.10.0".into())));
        let oldest = "that version is of 2025-01-10T12:00:00Z; what was before is not in the release";
        for when in ["0.9.0", "2025-01-09"] {
            assert_eq!(find(when), Err((Code::NotKept, oldest.into())), "{when}");
        }
        assert_eq!(find("0000000").unwrap_err().0, Code::UnknownMoment);
        assert_eq!(find("9999-12-31").unwrap_err().0, Code::InvalidMoment);
    }
}
