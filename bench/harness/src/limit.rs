//! What the measurements have to hold.

use crate::report::Table;

/// A limit and what was found.
#[derive(Debug)]
pub struct Limit {
    /// What is limited.
    pub what: &'static str,
    /// On which side of the number it has to stay.
    pub side: Side,
    /// The number.
    pub limit: f64,
    /// What was measured; why nothing was, if nothing was.
    pub found: Result<f64, String>,
}

/// A limit's good side, the number included.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    /// Up to the number.
    AtMost,
    /// From the number on.
    AtLeast,
}

impl Limit {
    /// Whether it was measured and missed.
    pub fn failed(&self) -> bool {
        match (&self.found, self.side) {
            (Ok(found), Side::AtMost) => *found > self.limit,
            (Ok(found), Side::AtLeast) => *found < self.limit,
            (Err(_), _) => false,
        }
    }

    fn verdict(&self) -> String {
        match &self.found {
            Ok(_) if self.failed() => "FAIL".to_owned(),
            Ok(_) => "pass".to_owned(),
            Err(reason) => format!("not measured: {reason}"),
        }
    }
}

/// The limits with their verdicts.
pub fn table(limits: &[Limit]) -> Table {
    let mut table = Table::new(&["limit", "wanted", "found", "verdict"]);
    for limit in limits {
        let side = match limit.side {
            Side::AtMost => "at most",
            Side::AtLeast => "at least",
        };
        let found = limit.found.as_ref().map_or(String::new(), |found| format!("{found:.2}"));
        table.row([limit.what.to_owned(), format!("{side} {:.2}", limit.limit), found, limit.verdict()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdicts() {
        let verdict = |side, found: Result<f64, &str>| {
            let found = found.map_err(str::to_owned);
            Limit { what: "", side, limit: 2.0, found }.verdict()
        };
        assert_eq!(verdict(Side::AtMost, Ok(2.0)), "pass");
        assert_eq!(verdict(Side::AtMost, Ok(2.1)), "FAIL");
        assert_eq!(verdict(Side::AtLeast, Ok(2.0)), "pass");
        assert_eq!(verdict(Side::AtLeast, Ok(1.9)), "FAIL");
        assert_eq!(verdict(Side::AtLeast, Err("no valgrind")), "not measured: no valgrind");
    }
}
