//! Where records start and end, however their bytes come.

use super::*;

/// Gives a few bytes at a time, so that every border falls somewhere else.
struct Slowly<'a>(&'a [u8], usize);

impl Read for Slowly<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let step = self.1.min(buffer.len());
        (&mut self.0).take(step as u64).read(buffer)
    }
}

fn read(bytes: &[u8]) -> Vec<String> {
    read_as(bytes, &Dialect::default())
}

/// `line:cell|cell` for each record, however the bytes come, and whether plain records are taken together or not.
fn read_as(bytes: &[u8], dialect: &Dialect) -> Vec<String> {
    let mut results = [(1, false), (2, true), (3, false), (7, true), (usize::MAX, false), (usize::MAX, true)]
        .map(|(step, together)| {
            let mut records = Records::with_buffer(Slowly(bytes, step), dialect, 8);
            let mut seen = vec![];
            let mut width = 0;
            loop {
                if let Some(mut plain) = records.plain(width).filter(|_| together) {
                    let cells = plain.next().map(|row| row.cells().collect::<Vec<_>>().join("|"));
                    let passed = plain.passed();
                    records.pass(passed);
                    if let Some(cells) = cells {
                        seen.push(format!("{}:{cells}", records.line()));
                        continue;
                    }
                }
                let mut strays = String::new();
                let cells: Vec<String> = match records.next().unwrap() {
                    Next::Record(record) => {
                        width = record.len();
                        let stray = |stray: &Stray| format!(" !{}+{}", stray.cell, stray.at);
                        strays.extend(record.strays().iter().map(stray));
                        match record.text() {
                            Ok(text) => text.cells().map(str::to_owned).collect(),
                            Err(cell) => vec![format!("<cell {cell} is not UTF-8>")],
                        }
                    }
                    Next::End => break,
                    Next::TooLong => vec!["<too long>".into()],
                    Next::UnclosedQuote => vec!["<unclosed>".into()],
                };
                seen.push(format!("{}:{}{strays}", records.line(), cells.join("|")));
                if seen.last().is_some_and(|last| last.ends_with("<too long>")) {
                    break;
                }
            }
            seen
        });
    results.windows(2).for_each(|pair| assert_eq!(pair[0], pair[1]));
    std::mem::take(&mut results[0])
}

#[test]
fn lines_of_lf_files() {
    assert_eq!(read(b"a,b\n1,2\n3,4"), ["1:a|b", "2:1|2", "3:3|4"]);
    assert_eq!(read(b"a,b\n1,2\n3,4\n"), ["1:a|b", "2:1|2", "3:3|4"]);
}

#[test]
fn lines_of_cr_lf_files() {
    assert_eq!(read(b"a,b\r\n1,2\r\n3,4\r\n"), ["1:a|b", "2:1|2", "3:3|4"]);
}

#[test]
fn lines_of_cr_files() {
    assert_eq!(read(b"a,b\r1,2\r3,4\r"), ["1:a|b", "2:1|2", "3:3|4"]);
}

#[test]
fn lines_after_blank_lines() {
    assert_eq!(read(b"a,b\n\n\n1,2\n"), ["1:a|b", "4:1|2"]);
    assert_eq!(read(b"\r\n\r\na,b\r\n\r\n1,2\r\n\r\n"), ["3:a|b", "5:1|2"]);
}

#[test]
fn lines_after_quoted_line_ends() {
    assert_eq!(read(b"\"a\nb\",c\n1,2\n"), ["1:a\nb|c", "3:1|2"]);
    assert_eq!(read(b"\"a\r\nb\",c\r\n1,2\r\n"), ["1:a\r\nb|c", "3:1|2"]);
}

#[test]
fn a_bom_is_no_part_of_the_first_cell() {
    assert_eq!(read(b"\xEF\xBB\xBFa,b\n1,2\n"), ["1:a|b", "2:1|2"]);
    assert_eq!(read(b"\xEF\xBB\xBF\"a\",b\n"), ["1:a|b"]);
    assert_eq!(read(b"\xEF\xBB\xBF"), [""; 0]);
    assert_eq!(read(b"\xEF\xBB"), ["1:<cell 0 is not UTF-8>"]);
    // Only at the very start.
    assert_eq!(read(b"\xEF\xBB\xBF\xEF\xBB\xBFa\n"), ["1:\u{feff}a"]);
    assert_eq!(read(b"\n\n\xEF\xBB\xBF\n\n1\n"), ["3:\u{feff}", "5:1"]);
}

#[test]
fn quotes_and_empty_cells() {
    assert_eq!(read(b"\"a \"\"b\"\"\",,\"\"\n,\n"), ["1:a \"b\"||", "2:|"]);
    assert_eq!(read(b""), [""; 0]);
    assert_eq!(read(b"\n\n"), [""; 0]);
    assert_eq!(read(b"\"\"\n"), ["1:"]);
}

#[test]
fn a_quote_that_nothing_closes() {
    assert_eq!(read(b"a,b\n1,\"2\n3,4\n"), ["1:a|b", "2:<unclosed>"]);
    assert_eq!(read(b"a\n\"1\""), ["1:a", "2:1"]);
}

/// `!cell+at` for each, wherever the bytes of a record are cut.
#[test]
fn text_behind_closing_quotes() {
    assert_eq!(
        read(b"\"ab\"c,\"d\"\ne,\"f\"\"\",\"g\" \r\n\"h\"\"i\"\"\"j\nk\"l,\"m\"\n\"n\"o"),
        ["1:abc|d !0+2", "2:e|f\"|g  !2+1", "3:h\"i\"j !0+4", "4:k\"l|m", "5:no !0+1"]
    );
    let single = Dialect { double_quote: false, quote: Some(b'\''), ..Dialect::default() };
    assert_eq!(read_as(b"'a''b','c'\n'','d'\n", &single), ["1:a'b'|c !0+1", "2:|d"]);
    let none = Dialect { quote: None, ..Dialect::default() };
    assert_eq!(read_as(b"\"a\"b,c\n", &none), ["1:\"a\"b|c"]);
    let other = Dialect { line_terminator: Some(b';'), ..Dialect::default() };
    assert_eq!(read_as(b"\"a\";\"b\"\n;", &other), ["1:a", "1:b\n !0+1"]);
}

#[test]
fn not_utf8() {
    assert_eq!(read(b"a,b\nx,\xE9\n"), ["1:a|b", "2:<cell 1 is not UTF-8>"]);
    // The two halves of one character in two cells.
    assert_eq!(read(b"\xC3,\xA9\n"), ["1:<cell 0 is not UTF-8>"]);
}

#[test]
fn comments() {
    let dialect = Dialect { comment_char: Some("//".into()), ..Dialect::default() };
    let text = b"// it's \"so\"\r\na,b\r\n//\r\n/1,2\r\n\r\n// end";
    assert_eq!(read_as(text, &dialect), ["2:a|b", "4:/1|2"]);
}

#[test]
fn another_terminator() {
    let dialect = Dialect { line_terminator: Some(b';'), ..Dialect::default() };
    assert_eq!(read_as(b"a,b;1,2\n;;3,4", &dialect), ["1:a|b", "1:1|2\n", "2:3|4"]);
    assert_eq!(read_as(b"a;\"1", &dialect), ["1:a", "1:<unclosed>"]);
}

#[test]
fn rows_are_numbered() {
    let dialect = Dialect { comment_char: Some("#".into()), ..Dialect::default() };
    for text in ["\n#\n\na\nb\n\nc", "\r\n#\r\n\r\na\r\nb\r\n\r\nc", "\r#\r\ra\rb\r\rc"] {
        for step in [1, 2, 100] {
            let mut records = Records::new(Slowly(text.as_bytes(), step), &dialect);
            let mut rows = vec![];
            while let Next::Record(record) = records.next().unwrap() {
                rows.push(record.row());
            }
            assert_eq!(rows, [4, 5, 7], "{text:?}");
        }
    }
}

#[test]
fn a_record_beyond_the_limit() {
    let mut bytes = b"a\n\"".to_vec();
    bytes.resize(MAX_RECORD + 100, b'x');
    let mut records = Records::new(&bytes[..], &Dialect::default());
    assert!(matches!(records.next().unwrap(), Next::Record(_)));
    assert!(matches!(records.next().unwrap(), Next::TooLong));
    assert_eq!(records.line(), 2);
    let many = vec![b','; MAX_CELLS + 1];
    assert!(matches!(Records::new(&many[..], &Dialect::default()).next().unwrap(), Next::TooLong));
}

#[test]
fn plain_records_are_taken_together() {
    let text = "a,b\r\n1,2\r\né,4\n5,\"6\"\n,\n7\n8,9\n";
    let mut records = Records::new(text.as_bytes(), &Dialect::default());
    let mut found = vec![];
    loop {
        if let Some(mut plain) = records.plain(2) {
            let mut rows = 0;
            while let Some(row) = plain.next() {
                found.push(row.cells().collect::<Vec<_>>().join("|"));
                rows += 1;
            }
            let passed = plain.passed();
            records.pass(passed);
            if rows > 0 {
                found.push(format!("{rows} up to line {}", records.line()));
            }
        }
        let Next::Record(record) = records.next().unwrap() else { break };
        let row = record.row();
        found.push(format!("{row}: {}", record.text().unwrap().cells().collect::<Vec<_>>().join("|")));
    }
    let expected =
        ["1: a|b", "1|2", "é|4", "2 up to line 3", "4: 5|6", "5: |", "6: 7", "8|9", "1 up to line 7"];
    assert_eq!(found, expected);
}

/// Cells around each border of what is searched at once, and lines longer than what is validated at once.
#[test]
fn plain_records_of_any_length() {
    for end in ["\n", "\r\n"] {
        let cells: Vec<String> =
            (0..100).chain([2000, 2047, 2048, 2049, 5000]).map(|length| "x".repeat(length)).collect();
        let text: String = cells.iter().map(|cell| format!("{cell},y,{cell}{end}")).collect();
        let mut records = Records::new(text.as_bytes(), &Dialect::default());
        let mut found = vec![];
        loop {
            if let Some(mut plain) = records.plain(3) {
                while let Some(row) = plain.next() {
                    assert_eq!(row.cell(0), row.cell(2));
                    found.push(row.cell(0).to_owned());
                }
                let passed = plain.passed();
                records.pass(passed);
            }
            let Next::Record(record) = records.next().unwrap() else { break };
            found.push(record.text().unwrap().cell(0).to_owned());
        }
        assert!(found == cells);
    }
}

/// Random texts of the characters that matter, against the csv crate's own reader and a
/// count of line ends that is too simple to be wrong.
#[test]
fn agrees_with_the_csv_crate() {
    let mut random = 0x2545_F491_4F6C_DD1D_u64;
    for round in 0..3_000 {
        // Without a CR alone most lines are plain, and are not left to csv-core.
        let (cr, cr_lf) = [("\r", "\r\n"), ("b", "\r\n"), ("b", "\n")][round % 3];
        let mut text = Vec::new();
        for _ in 0..random % 60 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text.extend_from_slice(
                [",", "\"", "\n", cr, cr_lf, "a", " ", "é"][(random % 8) as usize].as_bytes(),
            );
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let mut expected = vec![];
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
        for record in reader.records() {
            let record = record.unwrap();
            let mut start = record.position().unwrap().byte() as usize;
            start += text[start..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            let before = String::from_utf8(text[..start].to_vec()).unwrap().replace("\r\n", "\n");
            let line = 1 + before.matches(['\r', '\n']).count();
            expected.push(format!("{line}:{}", record.iter().collect::<Vec<_>>().join("|")));
        }
        let mut found = read(&text);
        if found.last().is_some_and(|last| last.ends_with(":<unclosed>")) {
            let line = expected.last().unwrap().split(':').next().unwrap();
            assert_eq!(found.pop().unwrap(), format!("{line}:<unclosed>"));
            expected.pop();
        }
        // The csv crate does not report strays; a count of what a simple state machine sees does.
        let strays: usize = found.iter().map(|row| row.matches(" !").count()).sum();
        assert_eq!(strays, count_strays(&text), "{:?}", String::from_utf8_lossy(&text));
        found.iter_mut().for_each(|row| row.truncate(row.find(" !").unwrap_or(row.len())));
        assert_eq!(found, expected, "{:?}", String::from_utf8_lossy(&text));
    }
}

/// How many cells have text after their closing quote, those of a record that never ends left out.
fn count_strays(text: &[u8]) -> usize {
    let text = String::from_utf8_lossy(text);
    let (mut total, mut in_record, mut rest) = (0, 0, text.strip_prefix('\u{feff}').unwrap_or(&text));
    while !rest.is_empty() {
        if let Some(quoted) = rest.strip_prefix('"') {
            rest = quoted;
            loop {
                let Some(end) = rest.find('"') else { return total };
                rest = &rest[end + 1..];
                match rest.strip_prefix('"') {
                    Some(on) => rest = on,
                    None => break,
                }
            }
            in_record += usize::from(!rest.is_empty() && !rest.starts_with([',', '\n', '\r']));
        }
        rest = &rest[rest.find([',', '\n', '\r']).unwrap_or(rest.len())..];
        if !rest.starts_with(',') {
            total += std::mem::take(&mut in_record);
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    total + in_record
}
