//! `jsonSchema`: a JSON Schema for the values of an array or object field.

use serde_json::Value;

#[cfg(feature = "json-schema")]
mod steps;

#[cfg(feature = "json-schema")]
pub(super) use validator::JsonSchema;

#[cfg(feature = "json-schema")]
mod validator {
    use std::error::Error;
    use std::fmt;
    use std::sync::Arc;

    use boon::{CompileError, Compiler, SchemaIndex, Schemas, UrlLoader};

    use super::super::problem::quoted;
    use super::Value;
    use super::steps::{self, Steps, Stop};

    /// A base URI for the schema; nothing is read from there.
    const PLACE: &str = "json-schema:///constraint";

    /// A compiled schema (draft 2020-12 where `$schema` names no other).
    #[derive(Clone)]
    pub(in crate::cell) struct JsonSchema {
        schemas: Arc<Schemas>,
        index: SchemaIndex,
        steps: Option<Arc<Steps>>,
    }

    impl JsonSchema {
        pub(in crate::cell) fn new(schema: &Value) -> Result<Self, String> {
            // The crate takes a pattern that it can't compile after all for a fault of its own.
            if let Some(pattern) = steps::patterns(schema).find(|pattern| is_too_large(pattern)) {
                return Err(format!("the pattern {} is too large", quoted(pattern)));
            }
            let mut compiler = Compiler::new();
            compiler.use_loader(Box::new(Nowhere));
            compiler.add_resource(PLACE, schema.clone()).map_err(|error| refusal(&error))?;
            let mut schemas = Schemas::new();
            let index = compiler.compile(PLACE, &mut schemas).map_err(|error| refusal(&error))?;
            let steps = Steps::new(schema).map_err(|stop| reason(&stop))?.map(Arc::new);
            Ok(Self { schemas: Arc::new(schemas), index, steps })
        }

        pub(in crate::cell) fn check(&self, json: &str) -> Result<(), String> {
            let value: Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
            if let Some(steps) = &self.steps {
                steps.check(&value).map_err(|stop| reason(&stop))?;
            }
            self.schemas.validate(&value, self.index).map_err(|error| one_line(&error))
        }
    }

    /// A schema must hold all that it refers to: a descriptor may not read other files.
    struct Nowhere;

    impl UrlLoader for Nowhere {
        fn load(&self, _: &str) -> Result<Value, Box<dyn Error>> {
            Err("references to other files are not supported".into())
        }
    }

    fn is_too_large(pattern: &str) -> bool {
        matches!(regex::Regex::new(pattern), Err(regex::Error::CompiledTooBig(_)))
    }

    fn reason(stop: &Stop) -> String {
        match stop {
            Stop::Cycle(reference) => format!("the reference \"{reference}\" leads back to itself"),
            Stop::TooDeep => "its references are nested too deeply".to_owned(),
            Stop::TooMany => "its references require too many steps for this value".to_owned(),
        }
    }

    fn refusal(error: &CompileError) -> String {
        match error {
            CompileError::ValidationError { src, .. } => one_line(src),
            CompileError::LoadUrlError { src, .. } => src.to_string(),
            // Its message asks people to report to the crate's authors.
            CompileError::Bug(src) => format!("a part of it is not supported: {}", one_line(src)),
            error => one_line(error),
        }
    }

    /// The crate's messages have a head line and then one line for each problem, with a dash.
    fn one_line(error: &impl fmt::Display) -> String {
        let text = error.to_string();
        let problems: Vec<&str> =
            text.lines().skip(1).map(|line| line.trim().trim_start_matches("- ")).collect();
        let text = if problems.is_empty() { text.trim().to_owned() } else { problems.join("; ") };
        text.replace(PLACE, "")
    }

    impl fmt::Debug for JsonSchema {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.debug_tuple("JsonSchema").finish_non_exhaustive()
        }
    }
}

/// In a builder without the feature: schemas are refused, never ignored.
#[cfg(not(feature = "json-schema"))]
#[derive(Debug, Clone)]
pub(super) enum JsonSchema {}

#[cfg(not(feature = "json-schema"))]
impl JsonSchema {
    pub(super) fn new(_: &Value) -> Result<Self, String> {
        Err("this builder was compiled without the feature `json-schema`".to_owned())
    }

    pub(super) fn check(&self, _: &str) -> Result<(), String> {
        match *self {}
    }
}
