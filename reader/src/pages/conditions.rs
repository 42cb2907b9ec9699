//! The conditions of a form's filter, in words.
//!
//! Not here: what each of them means (`request`), and why one can't be (`tried`).

/// Each condition by its name in the form's query, with what the form and the filters that are on say.
pub(super) const CONDITIONS: [(&str, &str); 14] = [
    ("eq", "is"),
    ("neq", "is not"),
    ("contains", "contains"),
    ("starts", "starts with"),
    ("gt", "is more than"),
    ("gte", "is at least"),
    ("lt", "is less than"),
    ("lte", "is at most"),
    ("in", "is one of (a,b,c)"),
    ("true", "is yes"),
    ("false", "is no"),
    ("not_null", "has a value"),
    ("null", "has no value"),
    ("wfts", "has the words"),
];

/// What a condition says; `None` if the form has no such condition.
pub(super) fn says(name: &str) -> Option<&'static str> {
    CONDITIONS.iter().find(|(known, _)| *known == name).map(|(_, says)| *says)
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_condition_of_a_form_has_words() {
        assert_eq!(super::CONDITIONS.map(|(name, _)| name), crate::request::CONDITIONS);
    }
}
