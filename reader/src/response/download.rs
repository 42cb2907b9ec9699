//! The name under which a table is kept as a file.

use super::Response;
use crate::request::{Download, encode};

impl Response {
    /// The answer as the file of a table. `part` is the first and the last row, where these are
    /// not all: who finds the file later shall not take it for the whole.
    pub(super) fn into_file(self, table: &str, part: Option<(u64, u64)>, download: Download) -> Self {
        let mut name = table.to_owned();
        if let Some((first, last)) = part {
            name.push_str(&format!("-{first}-{last}"));
        }
        name.push_str(download.extension);
        self.header("content-disposition", disposition(&name))
    }
}

/// RFC 6266: the name in ASCII for all clients, and where that is not all of it, in UTF-8 for
/// those that know RFC 8187.
fn disposition(name: &str) -> String {
    let plain = |c: char| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%' | '/');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let mut value = format!("attachment; filename=\"{ascii}\"");
    if ascii != name {
        value.push_str("; filename*=UTF-8''");
        encode(name, &mut value);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn names_are_quoted_or_encoded() {
        assert_eq!(disposition("a b.csv"), "attachment; filename=\"a b.csv\"");
        assert_eq!(
            disposition("Prix \"été\".csv"),
            "attachment; filename=\"Prix __t__.csv\"; filename*=UTF-8''Prix%20%22%C3%A9t%C3%A9%22.csv"
        );
    }
}
