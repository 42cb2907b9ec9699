//! The same question, asked of a version's own release and of the newest one as of then.

use reader::{Headers, RawRequest, Reader, Response};

use crate::built::{History, Then};
use crate::questions::{Question, plain, question};
use crate::random::Random;

/// Asks that many questions, spread over all versions.
pub(crate) fn compare(history: &History, random: &mut Random, questions: usize) {
    let thens: Vec<&Then> = history.thens.iter().filter(|then| !then.tables.is_empty()).collect();
    let (mut same, mut refused) = (0, 0);
    // Before anything has had a table restored.
    for then in &thens {
        for table in &then.tables {
            for _ in 0..2 {
                ask_both(history, then, &plain(table, random), &when(then, random));
            }
        }
    }
    for number in 0..questions {
        let then = thens[number % thens.len()];
        let asked = question(then, random);
        let at = when(then, random);
        match ask_both(history, then, &asked, &at) {
            true => same += 1,
            false => refused += 1,
        }
    }
    eprintln!("{} versions: {same} answers are the same, {refused} can't be restored", thens.len());
    assert!(same * 2 > questions, "of {questions} questions only {same} were answered");
}

/// How the version is named: as itself, with its dataset, by its commit or by its time.
fn when(then: &Then, random: &mut Random) -> String {
    let version = &then.version;
    match random.below(4) {
        0 => version.name().to_owned(),
        1 => format!("{}@{}", then.dataset, version.name()),
        2 => version.commit[..12].to_owned(),
        _ => version.date.clone(),
    }
}

/// Whether there are two answers, which are the same; rows that can't be restored are no answer.
fn ask_both(history: &History, then: &Then, asked: &Question, at: &str) -> bool {
    let before = format!("/-/at/{at}");
    let past = ask(&history.now, &format!("{before}{}", asked.path), asked);
    let body = String::from_utf8_lossy(&past.body).into_owned();
    if matches!(past.status, 409 | 410) {
        for code in ["CP112", "CP114"] {
            if body.contains(code) {
                return false;
            }
        }
    }
    let own = ask(&then.reader, &asked.path, asked);
    let mut encoded = String::from("/-/at/");
    catalog::percent_encode(at, &mut encoded);
    let links = |text: &str| text.replace(&encoded, "");
    let what = format!("{} as of {at}: {asked:?}\n{body}", then.dataset);
    assert_eq!(past.status, own.status, "{what}");
    assert_eq!(links(&body), String::from_utf8_lossy(&own.body), "{what}");
    for name in
        ["content-type", "etag", "content-range", "warning", "preference-applied", "content-disposition"]
    {
        assert_eq!(header(&past, name), header(&own, name), "{name} of {what}");
    }
    let location = header(&past, "content-location").map(|location| links(&location));
    assert_eq!(location, header(&own, "content-location"), "{what}");
    if let Some(next) = header(&own, "link").filter(|link| link.contains("rel=\"next\"")) {
        let found = links(&header(&past, "link").unwrap_or_default());
        assert!(found.starts_with(&next), "{next} and {found} of {what}");
        // The page behind it, too.
        let query = next.split(['?', '>']).nth(1).unwrap_or_default().to_owned();
        if !query.contains("limit=0") {
            let behind = Question { query, ..asked.clone() };
            let past = ask(&history.now, &format!("{before}{}", behind.path), &behind);
            let own = ask(&then.reader, &behind.path, &behind);
            assert_eq!((past.status, past.body), (own.status, own.body), "{behind:?} of {what}");
        }
    }
    true
}

fn ask(reader: &Reader, path: &str, asked: &Question) -> Response {
    let mut headers = Headers::default();
    asked.headers.iter().for_each(|(name, value)| headers.set(name, value));
    reader.answer(&RawRequest { method: "GET", path, query: &asked.query, headers })
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
}
