//! The query string, read raw: API Gateway's parsed map joins repeated parameters with commas.

use catalog::percent_encode as encode;

use crate::cursor;
use crate::error::{Code, Error};

/// The parameters in order, decoded. A parameter without `=` has an empty value.
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, Error> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            // In a query a `+` is a blank (WHATWG URL, `application/x-www-form-urlencoded`).
            Ok((decode(&name.replace('+', " "))?, decode(&value.replace('+', " "))?))
        })
        .collect()
}

/// Percent-decoding (RFC 3986, section 2.1). A `%` that starts no escape stays as it is (WHATWG
/// URL, "percent-decode"): it can mean nothing else.
pub(super) fn decode(text: &str) -> Result<String, Error> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let escape = match bytes.get(at + 1..at + 3) {
            Some(&[high, low]) if byte == b'%' => digit(high).zip(digit(low)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                decoded.push(high << 4 | low);
                at += 3;
            }
            None => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).map_err(|_| {
        Error::new(Code::NotUtf8, "the URL is not UTF-8 once it is decoded")
            .details(format!("in \"{text}\""))
            .hint("encode the URL as UTF-8, then percent-encode it")
    })
}

/// The parameters as one text that is the same for every order in which they can be written, in
/// the form of `Content-Location`: sorted by name, percent-encoded.
pub(crate) fn canonical(pairs: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = pairs.iter().collect();
    sorted.sort_by_key(|(name, _)| name);
    let mut canonical = String::new();
    for (name, value) in sorted {
        if !canonical.is_empty() {
            canonical.push('&');
        }
        encode(name, &mut canonical);
        canonical.push('=');
        encode(value, &mut canonical);
    }
    canonical
}

/// What a cursor belongs to: everything but where a page begins and how long it is.
pub(crate) fn question(table: &str, pairs: &[(String, String)]) -> cursor::Short {
    cursor::question(table, &unpaged(pairs))
}

/// The same as [`canonical`] without what asks for one of several pages.
pub(crate) fn unpaged(pairs: &[(String, String)]) -> String {
    let page = |(name, value): &&(String, String)| match name.as_str() {
        "limit" | "offset" => true,
        "cursor" => !value.contains('.'),
        _ => false,
    };
    let others: Vec<_> = pairs.iter().filter(|pair| !page(pair)).cloned().collect();
    canonical(&others)
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_and_order_are_kept() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            pairs("a=1&b&a=2&&c=%3D+%2B").unwrap(),
            [pair("a", "1"), pair("b", ""), pair("a", "2"), pair("c", "= +")]
        );
    }

    #[test]
    fn a_stray_percent_is_itself() {
        assert_eq!(decode("100%").unwrap(), "100%");
        assert_eq!(decode("%zz%4").unwrap(), "%zz%4");
        assert_eq!(decode("a+b%2Bc%00").unwrap(), "a+b+c\0");
        assert_eq!(decode("%e2%82%AC").unwrap(), "€");
        assert!(decode("%ff").is_err());
    }
}
