//! A row as bytes, one way only: what the content digest and the Merkle tree hash.
//!
//! ```text
//!   0x00                                  null
//!   0x01  8 bytes, little-endian          integer (booleans are 0 and 1)
//!   0x02  8 bytes, little-endian          IEEE 754 double; -0.0 does not occur, NaN is a text
//!   0x03  8 bytes length, little-endian   text, that many bytes of UTF-8
//!   0x04  8 bytes length, little-endian   blob
//! ```

use rusqlite::types::ValueRef;

/// Appends a value.
#[inline(always)] // its callers know which kind it is: a call takes longer than a number
pub fn write_canonical(value: ValueRef<'_>, out: &mut Vec<u8>) {
    match value {
        ValueRef::Null => out.push(0),
        ValueRef::Integer(number) => fixed(1, number.to_le_bytes(), out),
        ValueRef::Real(number) => fixed(2, number.to_le_bytes(), out),
        ValueRef::Text(text) => sized(3, text, out),
        ValueRef::Blob(blob) => sized(4, blob, out),
    }
}

#[inline]
fn fixed(tag: u8, bytes: [u8; 8], out: &mut Vec<u8>) {
    let mut value = [tag; 9]; // together: each addition to a Vec looks for room
    value[1..].copy_from_slice(&bytes);
    out.extend_from_slice(&value);
}

#[inline]
fn sized(tag: u8, bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(9 + bytes.len());
    fixed(tag, (bytes.len() as u64).to_le_bytes(), out);
    out.extend_from_slice(bytes);
}

/// Takes the first value off a row's bytes; `None` where they do not begin with one, as at the end of the row. Whether
/// text is UTF-8 is not looked at.
#[inline]
pub fn take_canonical<'a>(row: &mut &'a [u8]) -> Option<ValueRef<'a>> {
    let (tag, after) = row.split_first()?;
    if *tag == 0 {
        *row = after;
        return Some(ValueRef::Null);
    }
    let (number, after) = after.split_first_chunk::<8>()?;
    let (value, after) = match tag {
        1 => (ValueRef::Integer(i64::from_le_bytes(*number)), after),
        2 => (ValueRef::Real(f64::from_le_bytes(*number)), after),
        3 | 4 => {
            let length = usize::try_from(u64::from_le_bytes(*number)).ok()?;
            let (bytes, after) = after.split_at_checked(length)?;
            (if *tag == 3 { ValueRef::Text(bytes) } else { ValueRef::Blob(bytes) }, after)
        }
        _ => return None,
    };
    *row = after;
    Some(value)
}

/// The values of a row; `None` where the bytes are not those of a row: another tag, text that is not UTF-8, a
/// value that is cut off, or a blob, which no row has.
pub fn read_canonical(bytes: &[u8]) -> Option<Vec<ValueRef<'_>>> {
    let mut rest = bytes;
    let mut values = vec![];
    while !rest.is_empty() {
        values.push(match take_canonical(&mut rest)? {
            ValueRef::Text(text) => ValueRef::Text(std::str::from_utf8(text).ok()?.as_bytes()),
            ValueRef::Blob(_) => return None,
            value => value,
        });
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let row = [
            ValueRef::Null,
            ValueRef::Integer(i64::MIN),
            ValueRef::Real(0.1),
            ValueRef::Text("é".as_bytes()),
            ValueRef::Text(b""),
        ];
        let mut bytes = vec![];
        row.iter().for_each(|value| write_canonical(*value, &mut bytes));
        assert_eq!(read_canonical(&bytes).unwrap(), row);
        assert_eq!(read_canonical(b"").unwrap(), []);
    }

    #[test]
    fn other_bytes_are_no_row() {
        for bytes in [
            &b"\x05"[..],
            b"\x01\0\0\0\0\0\0\0",
            b"\x03\x02\0\0\0\0\0\0\0h",
            b"\x03\xff\xff\xff\xff\xff\xff\xff\xffhi",
            b"\x03\x01\0\0\0\0\0\0\0\xff",
            b"\x04\x01\0\0\0\0\0\0\0a",
        ] {
            assert_eq!(read_canonical(bytes), None, "{bytes:?}");
        }
    }
}
