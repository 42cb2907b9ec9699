//! What the reader logs for CloudWatch to make metrics of.

use e2e::{Double, Options};
use serde_json::{Value, json};

use crate::package::{Packaged, keyed};

fn packaged(environment: &[(&str, &str)]) -> Packaged {
    let environment = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Packaged::with(Options { environment, ..Options::default() }, &keyed(), "key,number\na,1\n")
}

/// The lines of the log in embedded metric format, less what depends on a clock.
fn logged(double: &Double) -> Vec<Value> {
    let log = double.log().unwrap();
    let lines = log.lines().filter(|line| line.starts_with("{\"_aws\":"));
    lines
        .map(|line| {
            let mut line: Value = serde_json::from_str(line).unwrap();
            assert!(line["HandlerTime"].take().is_u64());
            assert!(line["_aws"]["Timestamp"].take().is_u64());
            line
        })
        .collect()
}

#[test]
fn each_request_is_counted_where_a_namespace_is_set() {
    let packaged = packaged(&[("COLDPRESS_METRICS_NAMESPACE", "Coldpress")]);
    let double = &packaged.double;
    let etag = double.get("/things/a").header("etag").unwrap().to_owned();
    double.request("GET", "/things/a", &[("If-None-Match", &etag)], b"");
    double.get("/things/b");
    // No request: nothing to count.
    double.invoke(br#"{"coldpress":"verify"}"#).unwrap();

    let lines = logged(double);
    let counts: Vec<Value> = lines
        .iter()
        .map(|line| {
            let mut counts = line.clone();
            counts.as_object_mut().unwrap().retain(|name, _| name != "_aws" && name != "HandlerTime");
            counts
        })
        .collect();
    assert_eq!(
        counts,
        [
            json!({ "FunctionName": "reader", "Requests": 1, "ColdStarts": 1 }),
            json!({ "FunctionName": "reader", "Requests": 1, "NotModified": 1 }),
            json!({ "FunctionName": "reader", "Requests": 1, "ClientErrors": 1 }),
        ]
    );
    let count = |name| json!({ "Name": name, "Unit": "Count" });
    let metrics =
        json!([count("Requests"), { "Name": "HandlerTime", "Unit": "Microseconds" }, count("NotModified")]);
    assert_eq!(
        lines[1]["_aws"],
        json!({
            "Timestamp": null,
            "CloudWatchMetrics":
                [{ "Namespace": "Coldpress", "Dimensions": [["FunctionName"]], "Metrics": metrics }],
        })
    );
}

#[test]
fn nothing_is_logged_where_none_is_set() {
    let packaged = packaged(&[]);
    packaged.double.get("/things/a");
    assert_eq!(packaged.double.log().unwrap(), "");
}
