//! A line for each request in CloudWatch's embedded metric format: CloudWatch makes metrics of what
//! a function logs, and no request waits for a call.
//!
//! A count that is 0 is left out, since the line is paid for by its length. What Lambda and API
//! Gateway count themselves (durations, throttles, errors of the function) is not counted again.

use std::cell::Cell;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reader::ConfigError;

const NAMESPACE: &str = "COLDPRESS_METRICS_NAMESPACE";

/// Writes the lines of one process.
#[derive(Debug)]
pub(crate) struct Metrics {
    /// What is the same in every line: behind the time, and behind the metrics' names.
    names: String,
    values: String,
    /// Whether no request was counted yet.
    cold: Cell<bool>,
}

impl Metrics {
    /// `None` where the environment names no namespace. Errors: it names one that CloudWatch would not take.
    pub(crate) fn from_env(variable: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, ConfigError> {
        let Some(namespace) = variable(NAMESPACE) else { return Ok(None) };
        // CloudWatch, "Namespaces".
        let legal = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#: ".contains(&byte);
        if !(1..=255).contains(&namespace.len())
            || !namespace.bytes().all(legal)
            || namespace.starts_with(':')
        {
            const LEGAL: &str = "1 to 255 of A-Z a-z 0-9 . - _ / # : and blank, the first no colon";
            return Err(ConfigError::new(NAMESPACE, namespace, LEGAL));
        }
        // Lambda's own rules leave nothing in a function's name that JSON would escape.
        let function = variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
        let names = format!(
            ",\"CloudWatchMetrics\":[{{\"Namespace\":\"{namespace}\",\"Dimensions\":[[\"FunctionName\"]],\
             \"Metrics\":[{{\"Name\":\"Requests\",\"Unit\":\"Count\"}},\
             {{\"Name\":\"HandlerTime\",\"Unit\":\"Microseconds\"}}"
        );
        let values = format!("]}}]}},\"FunctionName\":\"{function}\",\"Requests\":1,\"HandlerTime\":");
        Ok(Some(Self { names, values, cold: Cell::new(true) }))
    }

    /// Counts a request that was answered with `status` after `time`.
    pub(super) fn count(&self, status: u16, time: Duration) {
        // A clock before 1970 has no time that CloudWatch would take.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // A log that can't be written is no reason to keep the answer back.
        let _ = io::stdout().write_all(
            self.line(u64::try_from(now.as_millis()).unwrap_or(u64::MAX), status, time).as_bytes(),
        );
    }

    /// The line, with its end, at `now`, in milliseconds since 1970 (CloudWatch, "Embedded metric
    /// format specification").
    fn line(&self, now: u64, status: u16, time: Duration) -> String {
        let counted = [
            ("NotModified", status == 304),
            ("ClientErrors", (400..500).contains(&status)),
            ("ServerErrors", status >= 500),
            ("ColdStarts", self.cold.replace(false)),
        ];
        let counted = || counted.iter().filter(|(_, counts)| *counts);
        let mut line = String::with_capacity(512);
        // Writing to a string does not fail.
        let _ = write!(line, "{{\"_aws\":{{\"Timestamp\":{now}");
        line.push_str(&self.names);
        for (name, _) in counted() {
            let _ = write!(line, ",{{\"Name\":\"{name}\",\"Unit\":\"Count\"}}");
        }
        line.push_str(&self.values);
        let _ = write!(line, "{}", u64::try_from(time.as_micros()).unwrap_or(u64::MAX));
        for (name, _) in counted() {
            let _ = write!(line, ",\"{name}\":1");
        }
        line.push_str("}\n");
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(namespace: Option<&str>) -> Result<Option<Metrics>, String> {
        let variable = |name: &str| match name {
            NAMESPACE => namespace.map(str::to_owned),
            name => (name == "AWS_LAMBDA_FUNCTION_NAME").then(|| "shop-reader".to_owned()),
        };
        Metrics::from_env(variable).map_err(|error| error.to_string())
    }

    #[test]
    fn the_first_request_is_the_cold_one() {
        let metrics = from(Some("Coldpress")).unwrap().unwrap();
        assert_eq!(
            metrics.line(1_700_000_000_000, 200, Duration::from_nanos(41_999)),
            concat!(
                r#"{"_aws":{"Timestamp":1700000000000,"CloudWatchMetrics":[{"Namespace":"Coldpress","#,
                r#""Dimensions":[["FunctionName"]],"Metrics":[{"Name":"Requests","Unit":"Count"},"#,
                r#"{"Name":"HandlerTime","Unit":"Microseconds"},{"Name":"ColdStarts","Unit":"Count"}]}]},"#,
                r#""FunctionName":"shop-reader","Requests":1,"HandlerTime":41,"ColdStarts":1}"#,
                "\n"
            )
        );
        for (status, more) in [
            (206, ""),
            (304, r#","NotModified":1"#),
            (410, r#","ClientErrors":1"#),
            (503, r#","ServerErrors":1"#),
        ] {
            let line = metrics.line(1, status, Duration::ZERO);
            assert!(line.ends_with(&format!("\"Requests\":1,\"HandlerTime\":0{more}}}\n")), "{line}");
            serde_json::from_str::<serde_json::Value>(&line).unwrap();
        }
    }

    #[test]
    fn a_namespace_is_one_that_cloudwatch_takes() {
        assert!(from(None).unwrap().is_none());
        assert!(from(Some("Acme/Reference data #1")).unwrap().is_some());
        for wrong in ["", ":a", "a\"b", "é", &"a".repeat(256)] {
            assert_eq!(
                from(Some(wrong)).unwrap_err(),
                format!(
                    "COLDPRESS_METRICS_NAMESPACE is \"{wrong}\"; it takes 1 to 255 of A-Z a-z 0-9 . - _ / # : and blank, the first no colon"
                )
            );
        }
    }
}
