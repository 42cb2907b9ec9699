//! The zip: the same bytes for the same files, and readable by others.

use std::fs::{self, File, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, SystemTime};

use catalog::file_digest;

use crate::case::{Case, X86_64, compressible, database, header_only};

/// Raised only together with a reason in the changelog: everybody's zips change with it. It is the
/// test that notices when another deflate (or another release of ours) gets linked.
#[test]
fn fixed_inputs_give_fixed_bytes() {
    let case = Case::new(&header_only(X86_64));
    fs::write(case.path("dist/data.db"), compressible(database())).unwrap();
    case.write_manifest();
    let report = case.run().unwrap();
    assert_eq!(
        report.to_string().replace(case.root.path().to_str().unwrap(), "[DIR]"),
        "[DIR]/dist/reader.zip: 1277 bytes, 8447 unzipped, x86_64, \
         sha256 f0119809ba62c7704b8e1173d31e586fffbaffec27db5e524fa96108fa29fb02"
    );
    assert_eq!(file_digest(&report.output).unwrap(), (report.sha256, report.zipped));
}

#[test]
fn the_surroundings_leave_no_trace() {
    let elsewhere = tempfile::tempdir().unwrap();
    let run = Command::new("sh")
        .args(["-c", r#"umask 077; exec "$0" --exact archive::fixed_inputs_give_fixed_bytes"#])
        .arg(std::env::current_exe().unwrap())
        .envs([("TZ", "Asia/Tokyo"), ("LC_ALL", "C")])
        .env("TMPDIR", elsewhere.path())
        .current_dir(elsewhere.path())
        .output();
    let said = String::from_utf8(run.unwrap().stdout).unwrap();
    assert!(said.contains("test result: ok. 1 passed"), "{said}");
}

#[test]
fn times_and_modes_of_the_inputs_leave_no_trace() {
    let (one, other) = (Case::new(&header_only(X86_64)), Case::new(&header_only(X86_64)));
    for (path, mode, day) in
        [("bootstrap", 0o500, 1), ("dist/data.db", 0o640, 2), ("dist/manifest.json", 0o604, 3)]
    {
        let path = other.path(path);
        let then = SystemTime::UNIX_EPOCH + Duration::from_secs(86_400 * 365 * 20 * day);
        File::options().write(true).open(&path).unwrap().set_modified(then).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    }
    one.run().unwrap();
    other.run().unwrap();
    assert_eq!(
        fs::read(one.path("dist/reader.zip")).unwrap(),
        fs::read(other.path("dist/reader.zip")).unwrap()
    );
}

#[test]
fn the_zip_holds_the_three_files() {
    let case = Case::new(&header_only(X86_64));
    holds(&case, &THREE);
}

/// The sum of their sizes is what Lambda's limit is about.
#[test]
fn an_attestation_of_the_manifest_is_the_fourth() {
    let case = Case::new(&header_only(X86_64));
    let without = case.run().unwrap().unzipped;
    let bundle = case.attest("dist/manifest.json");
    let [one, two, three] = THREE;
    let with = holds(&case, &[one, two, three, ("attestation.json", 0o100_644, "dist/attestation.json")]);
    assert_eq!(with, without + bundle.len() as u64);
}

/// Name, mode and source of each.
const THREE: [(&str, u32, &str); 3] = [
    ("bootstrap", 0o100_755, "bootstrap"),
    ("data.db", 0o100_644, "dist/data.db"),
    ("manifest.json", 0o100_644, "dist/manifest.json"),
];

/// The same time in seconds since 1970, which has no time zone ("extended timestamp" of Info-ZIP).
const SAME_TIME: &[u8] = b"UT\x05\0\x01\x00\xa6\xce\x12";

/// The case's zip has these entries and no others; how many bytes they are said to have.
fn holds(case: &Case, expected: &[(&str, u32, &str)]) -> u64 {
    let report = case.run().unwrap();
    let mut zip = zip::ZipArchive::new(File::open(report.output).unwrap()).unwrap();
    assert_eq!(zip.comment(), b"");
    assert_eq!(zip.len(), expected.len());
    for (index, (name, mode, path)) in expected.iter().enumerate() {
        let mut entry = zip.by_index(index).unwrap();
        assert_eq!((entry.name().unwrap().as_ref(), entry.unix_mode()), (*name, Some(*mode)));
        assert_eq!(entry.last_modified().unwrap().to_string(), "1980-01-01 00:00:00");
        assert_eq!(entry.extra_data().unwrap_or_default(), SAME_TIME);
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, fs::read(case.path(path)).unwrap());
    }
    report.unzipped
}

/// Readers that are not ours.
#[test]
fn others_can_read_the_zip() {
    let case = Case::new(&header_only(X86_64));
    let output = case.run().unwrap().output;
    let list = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as z:\n    assert z.testzip() is None\n    \
                for i in z.infolist(): print(i.filename, i.file_size, oct(i.external_attr >> 16), i.date_time, int.from_bytes(i.extra[5:], 'little'))";
    if let Ok(python) = Command::new("python3").args(["-c", list]).arg(&output).output() {
        assert_eq!(
            String::from_utf8(python.stdout).unwrap(),
            "bootstrap 64 0o100755 (1980, 1, 1, 0, 0, 0) 315532800\n\
             data.db 8192 0o100644 (1980, 1, 1, 0, 0, 0) 315532800\n\
             manifest.json 191 0o100644 (1980, 1, 1, 0, 0, 0) 315532800\n"
        );
    }
    if let Ok(unzip) = Command::new("unzip").arg("-tq").arg(&output).output() {
        let said = String::from_utf8(unzip.stdout).unwrap();
        assert!(said.starts_with("No errors detected in compressed data of "), "{said}");
    }
}
