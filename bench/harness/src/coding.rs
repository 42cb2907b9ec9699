//! The report on gzip in the Lambda: what it takes, and for whom it is worth that.

use std::fs;

use anyhow::{Context, Result};

use crate::function::{Function, Question, sent};
use crate::instructions::{self, Instructions};
use crate::limit::{Limit, Side};
use crate::options::Options;
use crate::report::{Table, grouped};
use crate::{Section, start};

/// What a function of 128 MB executes in a second: a fourteenth of a core has some 200 M cycles, and our instructions
/// take about one each.
const INSTRUCTIONS_PER_SECOND: f64 = 200e6;

/// What a coded page may take, as a multiple of the plain one.
const CODED: f64 = 1.5;

/// Measures and reports. `name` is that of the product that is checked.
pub fn section(options: &Options, name: &str) -> Result<Section> {
    let found = match (&options.reader, &options.release, instructions::valgrind()) {
        (None, ..) | (_, None, _) => Err("the reader is not built".to_owned()),
        (_, _, None) => Err("valgrind is not installed".to_owned()),
        (Some(reader), Some(release), Some(_)) => {
            let files = ["data.db", "manifest.json"].map(|file| release.join(file));
            let root = options.scratch.join("functions/reader-coded");
            let function = Function::lay_out("reader, a page of 1,000 rows", true, root, reader, &files)?;
            Ok(measure(function, options, name)?)
        }
    };
    let limit = |found| Limit {
        what: "a later page of 1,000 rows with gzip, times the instructions of the plain one",
        side: Side::AtMost,
        limit: CODED,
        found,
    };
    let (text, found) = match found {
        Err(reason) => (format!("Not measured: {reason}.\n"), Err(reason)),
        Ok((plain, coded)) => {
            let mut table = Table::new(&["answer", "bytes", "warm instructions, K"]);
            for (what, measured) in [("plain", &plain), ("gzip", &coded)] {
                table.row([what.to_owned(), grouped(measured.bytes), grouped(measured.warm / 1000)]);
            }
            let text = format!(
                "`GET /products?limit=1000`, as a Lambda answers it: a plain body goes into JSON, where its quotes are \
                 escaped, a coded one as base64.\n\n{table}\n{}\n",
                break_even(&plain, &coded)
            );
            (text, Ok(coded.warm as f64 / plain.warm as f64))
        }
    };
    Ok(Section { text: format!("## Compression\n\n{text}"), limits: vec![limit(found)] })
}

struct Measured {
    /// That the client gets.
    bytes: u64,
    warm: u64,
}

fn measure(function: Function, options: &Options, name: &str) -> Result<(Measured, Measured)> {
    let of = |question| -> Result<Measured> {
        let function = Function { question, root: function.root.clone(), ..function };
        let answer = start::answer(&function)?;
        function.check(&answer, name)?;
        let bytes = sent(&serde_json::from_slice(&answer)?)?.len() as u64;
        let Instructions { warm, start: _ } = instructions::measure(&function, &options.scratch, name)
            .with_context(|| format!("{question:?} under callgrind"))?;
        Ok(Measured { bytes, warm })
    };
    let measured = (of(Question::Large)?, of(Question::Coded)?);
    fs::remove_dir_all(&function.root)?;
    Ok(measured)
}

/// Up to which bandwidth gzip is the faster of the two.
fn break_even(plain: &Measured, coded: &Measured) -> String {
    let saved = plain.bytes.saturating_sub(coded.bytes) as f64 * 8.0;
    match coded.warm.checked_sub(plain.warm) {
        None | Some(0) => {
            "With gzip it takes no more instructions, so it is faster at any bandwidth.".to_owned()
        }
        Some(more) => format!(
            "At 128 MB ({:.0} M instructions a second), gzip is faster up to {:.0} Mbit/s.",
            INSTRUCTIONS_PER_SECOND / 1e6,
            saved / (more as f64 / INSTRUCTIONS_PER_SECOND) / 1e6
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn break_even_bandwidth() {
        let plain = Measured { bytes: 150_000, warm: 6_000_000 };
        let coded = Measured { bytes: 25_000, warm: 10_000_000 };
        assert_eq!(
            break_even(&plain, &coded),
            "At 128 MB (200 M instructions a second), gzip is faster up to 50 Mbit/s."
        );
        assert!(break_even(&coded, &plain).contains("any bandwidth"));
    }
}
