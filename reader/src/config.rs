//! What a deployment may set, from the environment. A value that is no legal one is an error at
//! start, never a default in silence.

use std::ops::RangeInclusive;
use std::time::Duration;

/// The settings of a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The path under which clients see the API, such as `/rest/v1`; empty for `/`. Begins every URL in answers.
    pub base_path: String,
    /// What error responses contain.
    pub error_verbosity: Verbosity,
    /// Rows per page where the request names no limit. The maximum, unless a deployment sets another.
    pub default_limit: u64,
    /// Most rows per page; a larger page is cut there and says so.
    pub max_limit: u64,
    /// Largest answer body in bytes, counted as the JSON text in which Lambda gets it. A
    /// page is cut before the row that would be too much. A server's files have no limit, but each of
    /// their rows has.
    pub max_bytes: usize,
    /// How long the query of one request may run.
    pub query_time: Duration,
    /// Longest pattern of `like`, `ilike`, `match` or `imatch`, in bytes.
    pub max_pattern: usize,
    /// Longest text that patterns are matched with, in bytes; JSON that is compared may have a quarter of it.
    pub max_text: usize,
    /// How much memory the queries of the process may have together, in bytes.
    pub max_memory: u64,
    /// The `Cache-Control` of every answer that may be cached.
    pub cache_control: String,
    /// Whether answers have `Server-Timing`.
    pub server_timing: bool,
    /// The origins whose pages may read the answers; empty for all.
    pub cors_origins: Vec<String>,
    /// The address at which people see the server, without a slash at its end: for pages.
    pub public_url: Option<String>,
}

/// What error responses contain: PostgREST's `client-error-verbosity`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// All four keys.
    Verbose,
    /// Only `code` and `message`.
    Minimal,
}

/// A setting that is no legal one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is \"{value}\"; it takes {legal}")]
pub struct ConfigError {
    variable: &'static str,
    value: String,
    legal: &'static str,
}

const DEFAULT_LIMIT: &str = "COLDPRESS_DEFAULT_LIMIT";
const MAX_LIMIT: &str = "COLDPRESS_MAX_LIMIT";
const MAX_BYTES: &str = "COLDPRESS_MAX_BYTES";
const QUERY_MS: &str = "COLDPRESS_QUERY_MS";
const MAX_PATTERN: &str = "COLDPRESS_MAX_PATTERN";
const MAX_TEXT: &str = "COLDPRESS_MAX_TEXT";
const MAX_MEMORY: &str = "COLDPRESS_MAX_MEMORY";
const CACHE_CONTROL: &str = "COLDPRESS_CACHE_CONTROL";
const SERVER_TIMING: &str = "COLDPRESS_SERVER_TIMING";
const CORS_ORIGINS: &str = "COLDPRESS_CORS_ORIGINS";
const BASE_PATH: &str = "COLDPRESS_BASE_PATH";
const ERROR_VERBOSITY: &str = "COLDPRESS_CLIENT_ERROR_VERBOSITY";
const PUBLIC_URL: &str = "COLDPRESS_PUBLIC_URL";

/// Lambda takes 6,291,556 bytes for an answer. 64 KiB are for its headers: each of the two that
/// repeat the URL may have three times its length.
const LAMBDA_BYTES: u64 = 6_291_556 - 65_536;

/// The memory of a plain server's queries; those of a function have half of its memory.
const DEFAULT_MEMORY: u64 = 256_000_000;

/// How much memory a function has, in MB (AWS Lambda, "Defined runtime environment variables").
const LAMBDA_MEMORY: &str = "AWS_LAMBDA_FUNCTION_MEMORY_SIZE";

/// Where an answer goes, which says how large it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// Through Lambda's interface.
    Lambda,
    /// To the client.
    Http,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            base_path: String::new(),
            error_verbosity: Verbosity::Verbose,
            default_limit: 1000,
            max_limit: 1000,
            max_bytes: LAMBDA_BYTES as usize,
            query_time: Duration::from_millis(5000),
            max_pattern: 1000,
            max_text: 4_000_000,
            max_memory: DEFAULT_MEMORY,
            // A minute's delay after a release, then one conditional request per client; a cache
            // may go on serving for a day while it asks.
            cache_control: "public, max-age=60, stale-while-revalidate=86400".into(),
            server_timing: false,
            cors_origins: vec![],
            public_url: None,
        }
    }
}

impl Config {
    /// The variables, each with its legal values: what `reader --help` prints.
    pub const VARIABLES: [(&str, &str); 13] = [
        (
            DEFAULT_LIMIT,
            "rows per page where a request names no limit; 1 to COLDPRESS_MAX_LIMIT, which is the default",
        ),
        (MAX_LIMIT, "most rows per page; 1 to 100000, default 1000"),
        (MAX_BYTES, "largest page in bytes, counted as JSON text; 1000 to 1000000000, default 6226020"),
        (QUERY_MS, "how long a query may run, in milliseconds; 1 to 60000, default 5000"),
        (MAX_PATTERN, "longest pattern (like, ilike, match, imatch), in bytes; 1 to 8192, default 1000"),
        (MAX_TEXT, "longest text to match (JSON: a quarter), in bytes; 1000 to 1000000000, default 4000000"),
        (
            MAX_MEMORY,
            "memory of all queries together, in bytes; 16000000 to 1000000000000, default 256000000",
        ),
        (CACHE_CONTROL, "the Cache-Control header of answers that may be cached"),
        (SERVER_TIMING, "on: answers say in Server-Timing what they took; default off"),
        (CORS_ORIGINS, "origins whose pages may read the answers, separated by commas; default: all"),
        (BASE_PATH, "the path under which clients see the API, such as /rest/v1; default: none"),
        (ERROR_VERBOSITY, "minimal: errors have only `code` and `message`; default verbose"),
        (PUBLIC_URL, "the server's address as people see it, such as https://data.example.org; for pages"),
    ];

    /// The settings in the environment, read through `variable`, over the defaults.
    pub fn from_env(door: Door, variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        if let Some(value) = variable(MAX_LIMIT) {
            config.max_limit = count(MAX_LIMIT, value, 1..=100_000, "a whole number from 1 to 100000")?;
            config.default_limit = config.max_limit;
        }
        if let Some(value) = variable(DEFAULT_LIMIT) {
            const LEGAL: &str = "a whole number from 1 to COLDPRESS_MAX_LIMIT";
            config.default_limit = count(DEFAULT_LIMIT, value, 1..=config.max_limit, LEGAL)?;
        }
        if let Some(value) = variable(MAX_BYTES) {
            let (most, legal) = match door {
                Door::Lambda => (LAMBDA_BYTES, "a whole number from 1000 to 6226020"),
                Door::Http => (1_000_000_000, "a whole number from 1000 to 1000000000"),
            };
            config.max_bytes = bytes(MAX_BYTES, value, 1000..=most, legal)?;
        }
        if let Some(value) = variable(QUERY_MS) {
            let milliseconds = count(QUERY_MS, value, 1..=60_000, "a whole number from 1 to 60000")?;
            config.query_time = Duration::from_millis(milliseconds);
        }
        if let Some(value) = variable(MAX_PATTERN) {
            config.max_pattern = bytes(MAX_PATTERN, value, 1..=8192, "a whole number from 1 to 8192")?;
        }
        if let Some(value) = variable(MAX_TEXT) {
            const LEGAL: &str = "a whole number from 1000 to 1000000000";
            config.max_text = bytes(MAX_TEXT, value, 1000..=1_000_000_000, LEGAL)?;
        }
        if door == Door::Lambda {
            let megabytes = variable(LAMBDA_MEMORY).and_then(|value| value.parse().ok()).unwrap_or(128_u64);
            config.max_memory = megabytes * 500_000;
        }
        if let Some(value) = variable(MAX_MEMORY) {
            const LEGAL: &str = "a whole number from 16000000 to 1000000000000";
            config.max_memory = count(MAX_MEMORY, value, 16_000_000..=1_000_000_000_000, LEGAL)?;
        }
        if let Some(value) = variable(CACHE_CONTROL) {
            if value.is_empty() || value.bytes().any(|byte| !(b' '..=b'~').contains(&byte)) {
                let legal = "a header value of printable ASCII";
                return Err(ConfigError { variable: CACHE_CONTROL, value, legal });
            }
            config.cache_control = value;
        }
        if let Some(value) = variable(SERVER_TIMING) {
            config.server_timing = match value.as_str() {
                "on" => true,
                "off" => false,
                _ => return Err(ConfigError { variable: SERVER_TIMING, value, legal: "on or off" }),
            };
        }
        if let Some(value) = variable(PUBLIC_URL) {
            let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
            let is_legal = rest.is_some_and(|rest| !rest.is_empty() && !rest.ends_with('/'))
                && value.bytes().all(|byte| byte.is_ascii_graphic() && !b"'\"?#<>\\".contains(&byte));
            if !is_legal {
                let legal = "an address such as https://data.example.org, without a slash at its end";
                return Err(ConfigError { variable: PUBLIC_URL, value, legal });
            }
            config.public_url = Some(value);
        }
        if let Some(value) = variable(CORS_ORIGINS) {
            config.cors_origins = value.split(',').map(|origin| origin.trim().to_owned()).collect();
            // RFC 6454, section 6.2: scheme, host and port, and nothing behind them.
            let is_origin = |origin: &String| {
                origin.split_once("://").is_some_and(|(scheme, host)| {
                    !scheme.is_empty() && !host.is_empty() && !host.contains(['/', '?', '#', ' '])
                }) && origin.bytes().all(|byte| byte.is_ascii_graphic())
            };
            if !config.cors_origins.iter().all(is_origin) {
                let legal = "origins such as https://example.com, separated by commas";
                return Err(ConfigError { variable: CORS_ORIGINS, value, legal });
            }
        }
        if let Some(value) = variable(BASE_PATH) {
            config.base_path = match base_path(&value) {
                Some(path) => path.to_owned(),
                None => {
                    let legal = "a path such as /rest/v1, of letters, digits, -, ., _ and ~";
                    return Err(ConfigError { variable: BASE_PATH, value, legal });
                }
            };
        }
        if let Some(value) = variable(ERROR_VERBOSITY) {
            config.error_verbosity = match value.as_str() {
                "verbose" => Verbosity::Verbose,
                "minimal" => Verbosity::Minimal,
                _ => {
                    let legal = "verbose or minimal";
                    return Err(ConfigError { variable: ERROR_VERBOSITY, value, legal });
                }
            };
        }
        Ok(config)
    }

    /// What is behind the base path; `None` if there isn't one, or the path is not under it.
    pub(crate) fn below_base<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.base_path.is_empty() {
            return None;
        }
        let below = path.strip_prefix(self.base_path.as_str())?;
        match below.chars().next() {
            None => Some("/"),
            Some('/') => Some(below),
            Some(_) => None,
        }
    }
}

/// The base path, without a `/` at its end, where the text is one. Its characters are the same in a URL
/// and decoded (RFC 3986, section 2.3).
fn base_path(text: &str) -> Option<&str> {
    let path = text.strip_suffix('/').unwrap_or(text);
    let is_segment = |segment: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        !segment.is_empty() && !matches!(segment, "." | ".." | "-") && segment.chars().all(plain)
    };
    match path.strip_prefix('/') {
        None => text.chars().all(|c| c == '/').then_some(""),
        Some(segments) => segments.split('/').all(is_segment).then_some(path),
    }
}

impl ConfigError {
    /// A value that a variable does not take, and those that it takes.
    pub fn new(variable: &'static str, value: String, legal: &'static str) -> Self {
        Self { variable, value, legal }
    }
}

pub(crate) fn count(
    variable: &'static str,
    value: String,
    range: RangeInclusive<u64>,
    legal: &'static str,
) -> Result<u64, ConfigError> {
    match value.parse() {
        Ok(count) if range.contains(&count) => Ok(count),
        _ => Err(ConfigError { variable, value, legal }),
    }
}

pub(crate) fn bytes(
    variable: &'static str,
    value: String,
    range: RangeInclusive<u64>,
    legal: &'static str,
) -> Result<usize, ConfigError> {
    Ok(usize::try_from(count(variable, value, range, legal)?).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(variables: &[(&str, &str)]) -> Result<Config, String> {
        let find = |name: &str| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        };
        Config::from_env(Door::Lambda, find).map_err(|error| error.to_string())
    }

    #[test]
    fn a_server_has_answers_of_any_size() {
        let find = |name: &str| (name == MAX_BYTES).then(|| "6226021".to_owned());
        assert_eq!(Config::from_env(Door::Http, find).unwrap().max_bytes, 6_226_021);
        assert!(Config::from_env(Door::Lambda, find).is_err());
    }

    #[test]
    fn the_default_page_is_the_maximum() {
        let limits = |variables: &[(&str, &str)]| {
            let config = from(variables).unwrap();
            (config.default_limit, config.max_limit)
        };
        assert_eq!(limits(&[]), (1000, 1000));
        assert_eq!(limits(&[(MAX_LIMIT, "10")]), (10, 10));
        assert_eq!(limits(&[(MAX_LIMIT, "5000")]), (5000, 5000));
        assert_eq!(limits(&[(MAX_LIMIT, "5000"), (DEFAULT_LIMIT, "20")]), (20, 5000));
    }

    #[test]
    fn a_base_path_is_a_path() {
        let set = |value: &str| from(&[(BASE_PATH, value)]).map(|config| config.base_path);
        for (value, path) in [("/rest/v1", "/rest/v1"), ("/v1/", "/v1"), ("/", ""), ("", "")] {
            assert_eq!(set(value).unwrap(), path, "{value}");
        }
        for wrong in ["rest", "/a//b", "/a/..", "/é", "/a b", "/%20", "/-", "/a?b", "/-/a"] {
            assert_eq!(
                set(wrong).unwrap_err(),
                format!(
                    "COLDPRESS_BASE_PATH is \"{wrong}\"; it takes a path such as /rest/v1, of letters, digits, -, ., _ and ~"
                )
            );
        }
        let config = from(&[(BASE_PATH, "/rest/v1")]).unwrap();
        for (path, below) in
            [("/rest/v1", Some("/")), ("/rest/v1/t/1", Some("/t/1")), ("/rest/v10", None), ("/t", None)]
        {
            assert_eq!(config.below_base(path), below, "{path}");
        }
        assert_eq!(from(&[]).unwrap().below_base("/t"), None);
    }

    #[test]
    fn wrong_values_name_the_legal_ones() {
        assert_eq!(
            from(&[(DEFAULT_LIMIT, "1001")]).unwrap_err(),
            "COLDPRESS_DEFAULT_LIMIT is \"1001\"; it takes a whole number from 1 to COLDPRESS_MAX_LIMIT"
        );
        assert_eq!(
            from(&[(MAX_LIMIT, "none")]).unwrap_err(),
            "COLDPRESS_MAX_LIMIT is \"none\"; it takes a whole number from 1 to 100000"
        );
        assert_eq!(
            from(&[(MAX_BYTES, "6291556")]).unwrap_err(),
            "COLDPRESS_MAX_BYTES is \"6291556\"; it takes a whole number from 1000 to 6226020"
        );
        assert_eq!(
            from(&[(QUERY_MS, "0")]).unwrap_err(),
            "COLDPRESS_QUERY_MS is \"0\"; it takes a whole number from 1 to 60000"
        );
        assert_eq!(
            from(&[(MAX_PATTERN, "8193")]).unwrap_err(),
            "COLDPRESS_MAX_PATTERN is \"8193\"; it takes a whole number from 1 to 8192"
        );
        assert_eq!(
            from(&[(MAX_TEXT, "999")]).unwrap_err(),
            "COLDPRESS_MAX_TEXT is \"999\"; it takes a whole number from 1000 to 1000000000"
        );
        assert_eq!(
            from(&[(CACHE_CONTROL, "a\r\nb")]).unwrap_err(),
            "COLDPRESS_CACHE_CONTROL is \"a\r\nb\"; it takes a header value of printable ASCII"
        );
        assert_eq!(
            from(&[(ERROR_VERBOSITY, "low")]).unwrap_err(),
            "COLDPRESS_CLIENT_ERROR_VERBOSITY is \"low\"; it takes verbose or minimal"
        );
        assert_eq!(
            from(&[(SERVER_TIMING, "yes")]).unwrap_err(),
            "COLDPRESS_SERVER_TIMING is \"yes\"; it takes on or off"
        );
        assert_eq!(
            from(&[(PUBLIC_URL, "https://a.org/")]).unwrap_err(),
            "COLDPRESS_PUBLIC_URL is \"https://a.org/\"; it takes an address such as https://data.example.org, without a slash at its end"
        );
        assert_eq!(
            from(&[(CORS_ORIGINS, "https://a.org, b.org")]).unwrap_err(),
            "COLDPRESS_CORS_ORIGINS is \"https://a.org, b.org\"; it takes origins such as https://example.com, separated by commas"
        );
    }
}
