//! Whether text reads from right to left.

/// Whether the first letter of markup, outside of its tags, is of a script that is written from right to left; `None`
/// without a letter.
pub(super) fn reads_from_right_to_left(markup: &str) -> Option<bool> {
    let mut in_tag = false;
    for c in markup.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag && c.is_alphabetic() => return Some(is_right_to_left(c)),
            _ => {}
        }
    }
    None
}

/// Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours, and the scripts of the supplementary plane that are written so
/// (Unicode's DerivedBidiClass.txt: the blocks whose unassigned characters are R or AL).
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_says_it() {
        for (markup, expected) in [
            ("", None),
            ("12 - 3", None),
            ("a \u{5d0}", Some(false)),
            ("12 \u{5d0} a", Some(true)),
            ("\u{645}\u{643}", Some(true)),
            ("<a href=\"/abc\">\u{645}</a>", Some(true)),
            ("\u{4e2d}", Some(false)),
        ] {
            assert_eq!(reads_from_right_to_left(markup), expected, "{markup}");
        }
    }
}
