//! What is in the bootstrap, by the map that its linker writes beside it.

use std::fs;
use std::path::Path;

/// The bytes of functions and constants that only pages need. Errors: there is no map, or nothing of pages in it.
pub fn of_pages(bootstrap: &Path) -> Result<u64, String> {
    let path = bootstrap.with_file_name("bootstrap.map");
    let map = fs::read_to_string(&path).map_err(|_| "no map: not linked by LLD".to_owned())?;
    match bytes(&map, &["reader::pages::", "reader::reader::shown::"]) {
        0 => Err(format!("{} has no function of pages", path.display())),
        bytes => Ok(bytes),
    }
}

/// The bytes of symbols whose names contain one of these (LLD's map: address, address of load, size, alignment, name).
fn bytes(map: &str, names: &[&str]) -> u64 {
    let size = |line: &str| {
        let mut columns = line.split_whitespace();
        let size = u64::from_str_radix(columns.nth(2)?, 16).ok()?;
        let name = line.split_whitespace().skip(4).collect::<Vec<_>>().join(" ");
        // A section is named after its file; its symbols are in it.
        let is_symbol = !name.contains(":(");
        (is_symbol && names.iter().any(|known| name.contains(known))).then_some(size)
    };
    map.lines().filter_map(size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_count_once() {
        let map = "             VMA              LMA     Size Align Out     In      Symbol
          400000           400000      120    16 .text
          400000           400000       a0    16         bootstrap.o:(.text._RNvNtCs1_6reader5pages5table)
          400000           400000       a0     1                 reader::pages::table
          4000a0           4000a0       10     1                 <u64 as reader::pages::Shown>::of
          4000b0           4000b0       70     1                 reader::plan::build
";
        assert_eq!(bytes(map, &["reader::pages::"]), 0xb0);
    }
}
