//! The function's settings, as a version has them for good.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a person chose for the function, as one of its versions runs with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Its memory, in MB.
    pub memory_mb: u32,
    /// Its environment variables.
    pub variables: BTreeMap<String, String>,
}

impl Settings {
    /// How `now` differs, a sentence for each setting.
    pub fn differences(&self, now: &Self) -> Vec<String> {
        let mut found = vec![];
        if self.memory_mb != now.memory_mb {
            found.push(format!("memory was {} MB, and is {} MB", self.memory_mb, now.memory_mb));
        }
        let names: std::collections::BTreeSet<&String> =
            self.variables.keys().chain(now.variables.keys()).collect();
        for name in names {
            let (was, is) = (self.variables.get(name), now.variables.get(name));
            if was != is {
                let text =
                    |value: Option<&String>| value.map_or("not set".into(), |value| format!("{value:?}"));
                found.push(format!("{name} was {}, and is {}", text(was), text(is)));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_that_differs_is_named() {
        let settings = |memory_mb, variables: &[(&str, &str)]| Settings {
            memory_mb,
            variables: variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        };
        let before = settings(128, &[("A", "1"), ("B", "2")]);
        assert_eq!(before.differences(&before), Vec::<String>::new());
        assert_eq!(
            before.differences(&settings(256, &[("B", "3"), ("C", "")])),
            [
                "memory was 128 MB, and is 256 MB",
                r#"A was "1", and is not set"#,
                r#"B was "2", and is "3""#,
                r#"C was not set, and is """#,
            ]
        );
    }
}
