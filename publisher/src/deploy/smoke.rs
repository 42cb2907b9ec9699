//! Tests the candidate by its version number, before clients get it.

use futures_util::future::try_join_all;
use serde::Serialize;
use serde_json::{Value, json};

use super::function::Function;
use super::release::Release;
use crate::store::{Failure, GoldenRow, ReleaseRecord, same_json};
use crate::terraform::Versions;

/// The result of a smoke test.
#[derive(Debug, Serialize)]
pub struct SmokeTest {
    /// The release's id.
    pub release: String,
    /// The versions that were tested.
    pub versions: Versions,
    /// How many requests they answered, total.
    pub questions: usize,
    /// Wrong answers; empty if the versions serve the release.
    pub problems: Vec<String>,
}

/// Queries the candidate in each region for the digest of its whole database, its tables' row counts,
/// and one row of each table: all regions at the same time. Errors: it can't be invoked, or runs another release.
pub async fn smoke(functions: &[Function], release: &Release) -> Result<SmokeTest, Failure> {
    let Release { id, record } = release;
    let regions = functions.iter().map(|function| async move {
        let version = function.candidate(id, record).await?;
        Ok::<_, Failure>((&function.region, version, problems(function, version, record).await?))
    });
    let mut test =
        SmokeTest { release: id.clone(), versions: Versions::new(), questions: 0, problems: vec![] };
    for (region, version, problems) in try_join_all(regions).await? {
        test.versions.insert(region.clone(), version);
        test.questions += 1 + record.golden.len();
        test.problems.extend(problems.into_iter().map(|what| format!("{region}, version {version}: {what}")));
    }
    Ok(test)
}

async fn problems(function: &Function, version: u64, record: &ReleaseRecord) -> Result<Vec<String>, Failure> {
    let mut found = vec![];
    match function.invoke(version, &json!({"coldpress": "verify"})).await? {
        Ok(answer) => {
            let expected = expected(record);
            if !same_json(&answer, &expected) {
                found.push(format!("it has {answer}, not {expected}"));
            }
        }
        Err(problem) => found.push(problem),
    }
    for golden in &record.golden {
        let problem = match function.invoke(version, &event(golden)).await? {
            Ok(answer) => mismatch(&answer, golden),
            Err(problem) => Some(problem),
        };
        found.extend(
            problem.map(|problem| format!("row {} of table `{}`: {problem}", golden.offset, golden.table)),
        );
    }
    Ok(found)
}

fn expected(record: &ReleaseRecord) -> Value {
    let tables: Vec<Value> =
        record.manifest.tables.iter().map(|table| json!({"name": table.name, "rows": table.rows})).collect();
    json!({"coldpress": "verify", "database": record.manifest.database, "tables": tables})
}

/// The event that API Gateway would send, payload format 2.0.
fn event(golden: &GoldenRow) -> Value {
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

fn mismatch(answer: &Value, golden: &GoldenRow) -> Option<String> {
    let body: Option<Value> =
        answer.get("body").and_then(Value::as_str).and_then(|body| serde_json::from_str(body).ok());
    let ok =
        answer.get("statusCode").and_then(Value::as_u64).is_some_and(|status| matches!(status, 200 | 206));
    match body {
        Some(body) if ok && same_json(&body, &golden.answer) => None,
        _ => Some(format!("it answers {answer}, not {}", golden.answer)),
    }
}
