//! `pattern`: an XML Schema regular expression (XML Schema 1.0, part 2, appendix F) as one of the
//! regex crate. It must match the whole value.
//!
//! What differs: `\i`, `\c` and their negations (characters of XML names), `\w` (no punctuation, so
//! no underscore), `.` (no carriage return), class subtraction `[a-z-[aeiou]]`. `^` and `$` are plain
//! characters in XML Schema, but the standard's own example uses them as anchors; at the ends of
//! the pattern they are read as such, elsewhere they are what XML Schema says. Blocks (`\p{IsGreek}`) are not
//! supported.

use regex::Regex;

/// The pattern, compiled; or why it can't be.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let translated = translate(pattern)?;
    // A pattern may not take more memory than this; the crate's own default, said out loud.
    let built = regex::RegexBuilder::new(&format!("^(?:{translated})$")).size_limit(10 << 20).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => {
            // The last line of the crate's message names the problem, the others show where.
            let text = error.to_string();
            let last = text.lines().last().unwrap_or("it is not valid").trim();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    })
}

fn translate(pattern: &str) -> Result<String, String> {
    let anchored = pattern.strip_prefix('^').unwrap_or(pattern);
    // `\$` is an escaped dollar, `\\$` an escaped backslash and an anchor.
    let anchored = match anchored.strip_suffix('$') {
        Some(rest) if rest.chars().rev().take_while(|c| *c == '\\').count() % 2 == 0 => rest,
        _ => anchored,
    };
    let mut regex = String::with_capacity(anchored.len() + 16);
    let mut chars = anchored.chars().peekable();
    let mut class_depth = 0_usize;
    while let Some(c) = chars.next() {
        let in_class = class_depth > 0;
        match c {
            '\\' => {
                let escaped = chars.next().ok_or("it ends with a backslash")?;
                escape(escaped, &mut chars, &mut regex)?;
            }
            '[' => {
                class_depth += 1;
                regex.push('[');
                if let Some('^') = chars.peek() {
                    regex.push('^');
                    chars.next();
                }
            }
            ']' if in_class => {
                class_depth -= 1;
                regex.push(']');
            }
            '-' if in_class && chars.peek() == Some(&'[') => regex.push_str("--"),
            // Operators of the crate's classes.
            '&' | '~' | '^' if in_class => {
                regex.push('\\');
                regex.push(c);
            }
            '-' if in_class && regex.ends_with('-') => regex.push_str("\\-"),
            '.' if !in_class => regex.push_str("[^\\n\\r]"),
            '^' | '$' => {
                regex.push('\\');
                regex.push(c);
            }
            // Groups are plain: no flags, no look-around, no names.
            '(' if !in_class && chars.peek() == Some(&'?') => {
                return Err("`(?` is not part of XML Schema's regular expressions".to_owned());
            }
            '*' | '+' | '?' | '}' if !in_class && chars.peek() == Some(&'?') => {
                return Err("lazy quantifiers are not part of XML Schema's regular expressions".to_owned());
            }
            c => regex.push(c),
        }
    }
    Ok(regex)
}

/// Characters that names may begin with, and have (XML 1.0, 2.3), for use inside a class.
const INITIAL: &str = r"\p{L}\p{Nl}:_";
const NAME: &str = r"\p{L}\p{N}\p{M}:_.\-\x{B7}";

fn escape(
    escaped: char,
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    regex: &mut String,
) -> Result<(), String> {
    match escaped {
        'i' => regex.push_str(&format!("[{INITIAL}]")),
        'I' => regex.push_str(&format!("[^{INITIAL}]")),
        'c' => regex.push_str(&format!("[{NAME}]")),
        'C' => regex.push_str(&format!("[^{NAME}]")),
        'w' => regex.push_str(r"[^\p{P}\p{Z}\p{C}]"),
        'W' => regex.push_str(r"[\p{P}\p{Z}\p{C}]"),
        's' => regex.push_str(r"[ \t\n\r]"),
        'S' => regex.push_str(r"[^ \t\n\r]"),
        'd' => regex.push_str(r"\p{Nd}"),
        'D' => regex.push_str(r"\P{Nd}"),
        'n' | 'r' | 't' => {
            regex.push('\\');
            regex.push(escaped);
        }
        'p' | 'P' => {
            let mut name = String::new();
            if chars.next() != Some('{') {
                return Err(format!("`\\{escaped}` needs a category in braces"));
            }
            loop {
                match chars.next() {
                    Some('}') => break,
                    Some(c) => name.push(c),
                    None => return Err(format!("`\\{escaped}{{` is not closed")),
                }
            }
            if name.starts_with("Is") {
                return Err(format!("blocks (`\\p{{{name}}}`) are not supported"));
            }
            regex.push_str(&format!("\\{escaped}{{{name}}}"));
        }
        c if c.is_ascii_punctuation() => {
            regex.push('\\');
            regex.push(c);
        }
        c => return Err(format!("`\\{c}` is not part of XML Schema's regular expressions")),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn patterns() {
        for (pattern, right, wrong) in [
            ("a.*", &["a", "apple"][..], &["banana", "a\nb", "ba"][..]),
            ("^a.*$", &["a", "apple"], &["banana"]),
            ("a|bc", &["a", "bc"], &["ac", "abc"]),
            (r"\d{3}-\d+", &["123-4", "١٢٣-٤"], &["12-3", "123-"]),
            (r"[a-z-[aeiou]]+", &["xyz"], &["xaz", "-"]),
            (r"\w+", &["aé1", "a+"], &["a_b", "a b"]),
            (r"\i\c*", &["a-b.c:d", "_x"], &["1a", "-a"]),
            (r"[\i-[:]]+", &["ab_"], &["a:b"]),
            (r"\$\^", &["$^"], &["$"]),
            (r"a\\$", &["a\\"], &["a\\$"]),
            (r"[&&~~^]+", &["&~^"], &["a"]),
            (r"[a\-z]", &["-", "a", "z"], &["b"]),
            (r"\p{Lu}\P{Lu}", &["Aa"], &["AA"]),
            (r"a$b^c", &["a$b^c"], &["abc"]),
            ("", &[""], &["x"]),
            (r"x\.y", &["x.y"], &["xzy"]),
        ] {
            let regex = compile(pattern).unwrap();
            for text in right {
                assert!(regex.is_match(text), "{pattern} {text}");
            }
            for text in wrong {
                assert!(!regex.is_match(text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn refused() {
        for (pattern, reason) in [
            ("(?i)a", "`(?` is not part of XML Schema's regular expressions"),
            ("(?=a)", "`(?` is not part of XML Schema's regular expressions"),
            ("a*?", "lazy quantifiers are not part of XML Schema's regular expressions"),
            (r"\bword", r"`\b` is not part of XML Schema's regular expressions"),
            (r"(a)\1", r"`\1` is not part of XML Schema's regular expressions"),
            (r"\p{IsGreek}", r"blocks (`\p{IsGreek}`) are not supported"),
            ("a\\", "it ends with a backslash"),
            ("(a", "unclosed group"),
            ("[a", "unclosed character class"),
            ("*", "repetition operator missing expression"),
            ("((a{1000}){1000}){1000}", "it is too large"),
        ] {
            assert_eq!(compile(pattern).unwrap_err(), reason, "{pattern}");
        }
    }
}
