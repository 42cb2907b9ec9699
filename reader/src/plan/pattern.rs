//! The operands of `like` and `ilike`, and how long those of all patterns may be.

use super::node::{Check, Condition, Node};
use crate::config::Config;
use crate::error::{Code, Error};

/// The pattern as PostgreSQL has it: `*` may stand for `%` in a URL.
pub(super) fn like(pattern: &str) -> Result<String, Error> {
    let pattern = pattern.replace('*', "%");
    let escapes = pattern.chars().rev().take_while(|c| *c == '\\').count();
    if escapes % 2 == 1 {
        return Err(Error::new(Code::InvalidPattern, "LIKE pattern must not end with escape character"));
    }
    Ok(pattern)
}

/// That no pattern in the tree is longer than the deployment says.
pub(super) fn check_lengths(node: &Node, config: &Config) -> Result<(), Error> {
    node.conditions
        .iter()
        .chain(&node.having)
        .try_for_each(|condition| check(condition, config.max_pattern))?;
    node.children.iter().try_for_each(|child| check_lengths(&child.node, config))
}

fn check(condition: &Condition, most: usize) -> Result<(), Error> {
    match condition {
        Condition::Test(_, Check::Like { pattern, .. } | Check::Regex { pattern, .. })
            if pattern.len() > most =>
        {
            Err(Error::new(Code::PatternTooLarge, "the pattern is too long")
                .details(format!("{} bytes; {most} are allowed", pattern.len()))
                .hint("match a shorter part of it, or use in.(...) for a list of whole values"))
        }
        Condition::Test(..) | Condition::Embed { .. } | Condition::Search { .. } => Ok(()),
        Condition::Not(inner) => check(inner, most),
        Condition::All(all) | Condition::Any(all) => all.iter().try_for_each(|inner| check(inner, most)),
    }
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn an_asterisk_is_a_percent_sign() {
        assert_eq!(like("a*b%").unwrap(), "a%b%");
        assert!(like(r"a\").is_err());
        assert!(like(r"a\\").is_ok());
    }
}
