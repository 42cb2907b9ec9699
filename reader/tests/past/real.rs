//! Histories of data that others made. They are beside the repository, or where COLDPRESS_SHARED says.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::built::{git, git_at};
use crate::random::Random;

/// Lines of a file that a history is made of: enough for several pages of the catalog.
const LINES: usize = 2_000;

/// The directory of that name, where there is one.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let shared = std::env::var_os("COLDPRESS_SHARED").map_or(beside, PathBuf::from).join(path);
    shared.exists().then_some(shared)
}

/// Real revisions of a real file: ISO 4217's currencies since 2012, with a key that it lacks. Among them are one
/// without rows, and two that don't build.
pub(crate) fn currency_codes(revisions: &Path) -> TempDir {
    let mut dates: Vec<String> = fs::read_dir(revisions)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    dates.sort();
    let repository = Repository::new(
        "codes",
        r#"{"fields": [{"name": "Entity"}, {"name": "Currency"}, {"name": "AlphabeticCode"}, {"name": "NumericCode"},
            {"name": "MinorUnit"}, {"name": "WithdrawalDate"}], "missingValues": [],
            "primaryKey": ["Entity", "Currency", "AlphabeticCode"]}"#,
    );
    for date in &dates {
        let csv = fs::read_to_string(revisions.join(date).join("codes-all.csv")).unwrap();
        repository.commit(&csv, &format!("{date}T00:00:00Z"));
    }
    repository.0
}

/// Versions made up of a real file: lines go, come back and move, and last cells change places.
pub(crate) fn gdp(file: &Path, random: &mut Random) -> TempDir {
    let csv = fs::read_to_string(file).unwrap();
    let mut lines = csv.lines().take(LINES).map(str::to_owned);
    let header = lines.next().unwrap();
    let mut lines: Vec<String> = lines.collect();
    let mut gone: Vec<String> = vec![];
    let repository = Repository::new(
        "gdp",
        r#"{"fields": [{"name": "Country Name"}, {"name": "Country Code"}, {"name": "Year", "type": "year"},
            {"name": "Value", "type": "number"}], "primaryKey": ["Country Code", "Year"]}"#,
    );
    for day in 1..=8 {
        repository
            .commit(&format!("{header}\n{}\n", lines.join("\n")), &format!("2025-01-{day:02}T00:00:00Z"));
        for line in gone.split_off(gone.len() / 2) {
            lines.insert(random.below(lines.len()), line);
        }
        for _ in 0..LINES / 50 {
            gone.push(lines.remove(random.below(lines.len())));
            let moved = lines.remove(random.below(lines.len()));
            lines.insert(random.below(lines.len()), moved);
            let (one, other) = (random.below(lines.len()), random.below(lines.len()));
            let parts =
                |line: &str| line.rsplit_once(',').map(|(row, value)| (row.to_owned(), value.to_owned()));
            let (Some((row, value)), Some((other_row, other_value))) =
                (parts(&lines[one]), parts(&lines[other]))
            else {
                continue;
            };
            if one != other {
                (lines[one], lines[other]) = (format!("{row},{other_value}"), format!("{other_row},{value}"));
            }
        }
    }
    repository.0
}

/// A repository with a dataset of one table, both called `name`.
struct Repository(TempDir, &'static str);

impl Repository {
    fn new(name: &'static str, schema: &str) -> Self {
        let repository = tempfile::tempdir().unwrap();
        git(repository.path(), &["init", "--quiet", "--initial-branch=main"]);
        let directory = repository.path().join("datasets").join(name);
        fs::create_dir_all(&directory).unwrap();
        let descriptor = format!(
            r#"{{"name": "{name}", "resources": [{{"name": "{name}", "path": "{name}.csv", "schema": {schema}}}]}}"#
        );
        fs::write(directory.join("datapackage.json"), descriptor).unwrap();
        Self(repository, name)
    }

    fn commit(&self, csv: &str, date: &str) {
        let root = self.0.path();
        fs::write(root.join(format!("datasets/{0}/{0}.csv", self.1)), csv).unwrap();
        git(root, &["add", "--all"]);
        git_at(root, &["commit", "--quiet", "--allow-empty", "--message", date], date);
    }
}
