//! A version asked, by its number, before the public is given it.

use serde::Serialize;
use serde_json::{Value, json};

use super::Function;
use super::release::find;
use crate::store::{Bucket, Failure, Golden, Record, same};
use crate::terraform::Versions;

/// What a smoke test came to.
#[derive(Debug, Serialize)]
pub struct Smoke {
    /// The release's id.
    pub release: String,
    /// The versions that were asked.
    pub versions: Versions,
    /// How many questions they were asked in all.
    pub questions: usize,
    /// What was wrong; empty where the versions are that release.
    pub problems: Vec<String>,
}

/// Asks the candidate in each region for the digest of its whole database, its tables' rows, and a
/// row of each table. Errors: it could not be asked, or is another release.
pub async fn smoke(bucket: &Bucket, functions: &[Function], name: &str) -> Result<Smoke, Failure> {
    let (id, record) = find(bucket, name).await?;
    let mut smoke = Smoke { release: id, versions: Versions::new(), questions: 0, problems: vec![] };
    for function in functions {
        let version = function.candidate(&smoke.release, &record).await?;
        smoke.versions.insert(function.region.clone(), version);
        let mut say = |what: String| {
            smoke.problems.push(format!("{}, version {version}: {what}", function.region));
        };
        smoke.questions += 1;
        match function.invoke(version, &json!({"coldpress": "verify"})).await? {
            Ok(found) => {
                let expected = expected(&record);
                if !same(&found, &expected) {
                    say(format!("it holds {found}, not {expected}"));
                }
            }
            Err(problem) => say(problem),
        }
        for golden in &record.golden {
            smoke.questions += 1;
            let problem = match function.invoke(version, &event(golden)).await? {
                Ok(answer) => wrong(&answer, golden),
                Err(problem) => Some(problem),
            };
            if let Some(problem) = problem {
                say(format!("row {} of table `{}`: {problem}", golden.offset, golden.table));
            }
        }
    }
    Ok(smoke)
}

fn expected(record: &Record) -> Value {
    let tables: Vec<Value> =
        record.manifest.tables.iter().map(|table| json!({"name": table.name, "rows": table.rows})).collect();
    json!({"coldpress": "verify", "database": record.manifest.database, "tables": tables})
}

/// What API Gateway would send, payload format 2.0.
fn event(golden: &Golden) -> Value {
    let path = format!("/{}", golden.table);
    json!({
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": format!("limit=1&offset={}", golden.offset),
        "headers": {"accept": "application/json"},
        "requestContext": {"http": {"method": "GET", "path": path, "sourceIp": "127.0.0.1"}},
        "isBase64Encoded": false,
    })
}

fn wrong(answer: &Value, golden: &Golden) -> Option<String> {
    let body: Option<Value> =
        answer.get("body").and_then(Value::as_str).and_then(|body| serde_json::from_str(body).ok());
    let ok =
        answer.get("statusCode").and_then(Value::as_u64).is_some_and(|status| matches!(status, 200 | 206));
    match body {
        Some(body) if ok && same(&body, &golden.answer) => None,
        _ => Some(format!("it answers {answer}, not {}", golden.answer)),
    }
}
