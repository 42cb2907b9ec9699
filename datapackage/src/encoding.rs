//! Names of character encodings: those of the WHATWG, and Python's spellings of them.

use encoding_rs::Encoding;

/// What Python calls encodings that the WHATWG knows by another name only. Python ignores case, and takes `_`,
/// `-` and spaces for the same.
const PYTHON: [(&str, &Encoding); 23] = [
    ("utf-8-sig", encoding_rs::UTF_8),
    ("u8", encoding_rs::UTF_8),
    ("utf", encoding_rs::UTF_8),
    ("cp65001", encoding_rs::UTF_8),
    ("utf16", encoding_rs::UTF_16LE),
    ("u16", encoding_rs::UTF_16LE),
    ("utf-16le", encoding_rs::UTF_16LE),
    ("utf-16-le", encoding_rs::UTF_16LE),
    ("utf-16-be", encoding_rs::UTF_16BE),
    ("646", encoding_rs::WINDOWS_1252),
    ("latin", encoding_rs::WINDOWS_1252),
    ("latin-1", encoding_rs::WINDOWS_1252),
    ("iso-latin-1", encoding_rs::WINDOWS_1252),
    ("8859", encoding_rs::WINDOWS_1252),
    ("latin-2", encoding_rs::ISO_8859_2),
    ("latin-9", encoding_rs::ISO_8859_15),
    ("latin9", encoding_rs::ISO_8859_15),
    ("mac-roman", encoding_rs::MACINTOSH),
    ("macroman", encoding_rs::MACINTOSH),
    ("cp932", encoding_rs::SHIFT_JIS),
    ("cp936", encoding_rs::GBK),
    ("cp949", encoding_rs::EUC_KR),
    ("cp950", encoding_rs::BIG5),
];

/// Some names, for messages.
pub const EXAMPLES: &str = "utf-8, utf-16, windows-1252 (latin-1), windows-1250, iso-8859-2, macintosh, shift_jis, \
                            gb18030 and the other names of the WHATWG and of Python";

/// The encoding that `name` means; `None` where no encoding has that name.
pub fn named(name: &str) -> Option<&'static Encoding> {
    let known = name.trim().to_ascii_lowercase().replace(['_', ' '], "-");
    let python = PYTHON.iter().find(|(python, _)| *python == known).map(|(_, encoding)| *encoding);
    let label = |label: &str| Encoding::for_label_no_replacement(label.as_bytes());
    // "iso8859-15", "windows1252" and "cp-1252" are Python's too.
    let variants = || {
        let compact = known.replace('-', "");
        let digits = compact.trim_start_matches(|c: char| !c.is_ascii_digit());
        let family = &compact[..compact.len() - digits.len()];
        match family {
            "cp" | "windows" => label(&format!("windows-{digits}")),
            "iso" => label(&format!("iso-8859-{}", digits.strip_prefix("8859")?)),
            _ => label(&compact),
        }
    };
    python.or_else(|| label(&known)).or_else(|| label(name)).or_else(variants)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn names() {
        for (name, encoding) in [
            ("UTF-8", "UTF-8"),
            ("utf8", "UTF-8"),
            ("utf_8", "UTF-8"),
            ("utf-8-sig", "UTF-8"),
            ("UTF_8_SIG", "UTF-8"),
            ("utf_16", "UTF-16LE"),
            ("UTF16", "UTF-16LE"),
            ("utf_16_be", "UTF-16BE"),
            ("latin-1", "windows-1252"),
            ("latin1", "windows-1252"),
            ("L1", "windows-1252"),
            ("iso-8859-1", "windows-1252"),
            ("iso8859_1", "windows-1252"),
            ("iso_8859_15", "ISO-8859-15"),
            ("cp1252", "windows-1252"),
            ("windows_1252", "windows-1252"),
            ("windows1250", "windows-1250"),
            ("ascii", "windows-1252"),
            ("us-ascii", "windows-1252"),
            ("mac_roman", "macintosh"),
            ("macintosh", "macintosh"),
            ("shift_jis", "Shift_JIS"),
            ("sjis", "Shift_JIS"),
            ("cp932", "Shift_JIS"),
            ("euc_jp", "EUC-JP"),
            ("euc_kr", "EUC-KR"),
            ("gb18030", "gb18030"),
            ("gb2312", "GBK"),
            ("koi8_r", "KOI8-R"),
            ("cp866", "IBM866"),
            ("big5", "Big5"),
        ] {
            assert_eq!(named(name).map(encoding_rs::Encoding::name), Some(encoding), "{name}");
        }
        for name in ["", "cp437", "cp850", "utf-32", "utf-7", "martian", "iso-8859-99", "replacement"] {
            assert_eq!(named(name), None, "{name}");
        }
    }
}
