//! `builder package`: what goes into the zip, and what is refused.
//!
//! Packaging does not open the database, so these releases hold only its header.

#![allow(clippy::unwrap_used)] // as in every test; clippy sees only those marked #[test]

use std::fs::{self, File, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use builder::package::{Architecture, Failure, Options, Report, run};
use catalog::{APPLICATION_ID, Database, FORMAT_VERSION, Manifest, file_digest};
use tempfile::TempDir;

const PAGE: usize = 4096;

/// A directory with `dist/data.db`, `dist/manifest.json` and `bootstrap`.
struct Case {
    root: TempDir,
}

impl Case {
    fn new(bootstrap: &[u8]) -> Self {
        let case = Self { root: tempfile::tempdir().unwrap() };
        fs::create_dir(case.path("dist")).unwrap();
        fs::write(case.path("dist/data.db"), database()).unwrap();
        fs::write(case.path("bootstrap"), bootstrap).unwrap();
        case.write_manifest();
        case
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    fn write_manifest(&self) {
        let (sha256, bytes) = file_digest(&self.path("dist/data.db")).unwrap();
        let manifest = Manifest {
            format: FORMAT_VERSION,
            commit: None,
            database: Database { sha256, bytes },
            datasets: vec![],
            tables: vec![],
        };
        fs::write(self.path("dist/manifest.json"), manifest.to_bytes()).unwrap();
    }

    fn run(&self) -> Result<Report, Failure> {
        run(&Options {
            bootstrap: self.path("bootstrap"),
            release: self.path("dist"),
            output: self.path("dist/reader.zip"),
        })
    }

    /// The failure as it reads, with `[DIR]` for the directory. Whatever was there stays.
    fn refusal(&self) -> String {
        fs::write(self.path("dist/reader.zip"), "the last good one").unwrap();
        let failure = self.run().unwrap_err();
        assert_eq!(fs::read_to_string(self.path("dist/reader.zip")).unwrap(), "the last good one");
        let mut left: Vec<_> =
            fs::read_dir(self.path("dist")).unwrap().map(|e| e.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["data.db", "manifest.json", "reader.zip"], "no temporary file is left");
        let help = failure.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
        format!("{failure}{help}").replace(self.root.path().to_str().unwrap(), "[DIR]")
    }
}

/// Two pages that begin as a release's database does.
fn database() -> Vec<u8> {
    let mut bytes = vec![0; 2 * PAGE];
    bytes[..16].copy_from_slice(b"SQLite format 3\0");
    bytes[16..18].copy_from_slice(&u16::try_from(PAGE).unwrap().to_be_bytes());
    bytes[28..32].copy_from_slice(&2_u32.to_be_bytes());
    bytes[60..64].copy_from_slice(&FORMAT_VERSION.to_be_bytes());
    bytes[68..72].copy_from_slice(&APPLICATION_ID.to_be_bytes());
    bytes
}

/// `database` with a second page of words, on which two compressors hardly agree.
fn compressible(mut database: Vec<u8>) -> Vec<u8> {
    let words =
        ["price", "product", "category", "released", "2026-11-23", "discontinued", ", ", "4.99", "\0"];
    let mut state = 1_u32;
    let mut page = Vec::new();
    while page.len() < PAGE {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223); // Numerical Recipes
        page.extend_from_slice(words[(state >> 16) as usize % words.len()].as_bytes());
    }
    database[PAGE..].copy_from_slice(&page[..PAGE]);
    database
}

/// The least that is a static executable: an ELF header with an entry point and no segment.
fn header_only(machine: u16) -> Vec<u8> {
    let mut bytes = vec![0; 64];
    bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
    bytes[16..18].copy_from_slice(&2_u16.to_le_bytes()); // ET_EXEC
    bytes[18..20].copy_from_slice(&machine.to_le_bytes());
    bytes[24..32].copy_from_slice(&0x0040_0000_u64.to_le_bytes()); // e_entry
    bytes[52..54].copy_from_slice(&64_u16.to_le_bytes()); // e_ehsize
    bytes
}

const X86_64: u16 = 62;
const AARCH64: u16 = 183;

/// What the C compiler makes of `source` with `arguments`.
fn cc(source: &str, arguments: &[&str]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    let (input, output) = (directory.path().join("a.c"), directory.path().join("a.out"));
    fs::write(&input, source).unwrap();
    let status = Command::new("cc").arg(&input).arg("-o").arg(&output).args(arguments).status();
    assert!(status.expect("a C compiler is part of the set-up").success());
    fs::read(output).unwrap()
}

const MAIN: &str = "int main(void) { return 0; }";
const START: &str = "void _start(void) { for (;;) {} }";

/// `bytes` with the first `from` replaced by `to`, of the same length.
fn patched(mut bytes: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|window| window == from).expect("it is there");
    bytes[at..at + to.len()].copy_from_slice(to);
    bytes
}

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
        "[DIR]/dist/reader.zip: 1207 bytes, 8447 unzipped, x86_64, \
         sha256 a4cba742d9ab8fa190513cd4bc38323941cbac7d05a088f22013de86a7ee38ff"
    );
    assert_eq!(file_digest(&report.output).unwrap(), (report.sha256, report.zipped));
}

#[test]
fn the_surroundings_leave_no_trace() {
    let elsewhere = tempfile::tempdir().unwrap();
    let run = Command::new("sh")
        .args(["-c", r#"umask 077; exec "$0" --exact fixed_inputs_give_fixed_bytes"#])
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
    let report = case.run().unwrap();
    let mut zip = zip::ZipArchive::new(File::open(report.output).unwrap()).unwrap();
    assert_eq!(zip.comment(), b"");
    let expected = [
        ("bootstrap", 0o100_755, "bootstrap"),
        ("data.db", 0o100_644, "dist/data.db"),
        ("manifest.json", 0o100_644, "dist/manifest.json"),
    ];
    assert_eq!(zip.len(), expected.len());
    for (index, (name, mode, path)) in expected.into_iter().enumerate() {
        let mut entry = zip.by_index(index).unwrap();
        assert_eq!((entry.name().unwrap().as_ref(), entry.unix_mode()), (name, Some(mode)));
        assert_eq!(entry.last_modified().unwrap().to_string(), "1980-01-01 00:00:00");
        assert_eq!(entry.extra_data().unwrap_or_default(), b"");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, fs::read(case.path(path)).unwrap());
    }
}

/// Readers that are not ours.
#[test]
fn others_can_read_the_zip() {
    let case = Case::new(&header_only(X86_64));
    let output = case.run().unwrap().output;
    let list = "import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1]) as z:\n    assert z.testzip() is None\n    \
                for i in z.infolist(): print(i.filename, i.file_size, oct(i.external_attr >> 16), i.date_time, i.extra)";
    if let Ok(python) = Command::new("python3").args(["-c", list]).arg(&output).output() {
        assert_eq!(
            String::from_utf8(python.stdout).unwrap(),
            "bootstrap 64 0o100755 (1980, 1, 1, 0, 0, 0) b''\n\
             data.db 8192 0o100644 (1980, 1, 1, 0, 0, 0) b''\n\
             manifest.json 191 0o100644 (1980, 1, 1, 0, 0, 0) b''\n"
        );
    }
    if let Ok(unzip) = Command::new("unzip").arg("-tq").arg(&output).output() {
        let said = String::from_utf8(unzip.stdout).unwrap();
        assert!(said.starts_with("No errors detected in compressed data of "), "{said}");
    }
}

#[test]
fn the_architecture_is_named_as_lambda_does() {
    for (machine, architecture, name) in
        [(X86_64, Architecture::X86_64, "x86_64"), (AARCH64, Architecture::Arm64, "arm64")]
    {
        let report = Case::new(&header_only(machine)).run().unwrap();
        assert_eq!(report.architecture, architecture);
        assert_eq!(architecture.to_string(), name);
    }
}

#[test]
fn what_the_compiler_makes_is_taken() {
    let static_program = cc(START, &["-nostdlib", "-static"]);
    let static_pie = cc(START, &["-nostdlib", "-static-pie", "-fPIE"]);
    for bootstrap in [static_program, static_pie] {
        let report = Case::new(&bootstrap).run().unwrap();
        assert_eq!(report.notes, []);
    }
}

#[test]
fn foreign_libraries_are_noted() {
    let directory = tempfile::tempdir().unwrap();
    let library = directory.path().join("libforeign.so");
    fs::write(&library, cc("int foreign(void) { return 1; }", &["-shared", "-nostdlib", "-fPIC"])).unwrap();
    let program = cc(
        "int foreign(void); int _start(void) { return foreign(); }",
        &["-nostdlib", "-L", directory.path().to_str().unwrap(), "-lforeign", "-Wl,--allow-shlib-undefined"],
    );
    let report = Case::new(&program).run().unwrap();
    assert_eq!(
        report.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["the bootstrap loads `libforeign.so`, not part of glibc; Amazon Linux 2023 or a layer must have it"]
    );
}

const NO_PROGRAM: &str = "\n  help: `make package` builds a bootstrap for this machine's processor";
const LINK: &str = "\n  help: link it statically, as `make package` does, or against glibc 2.34 or older";

#[test]
fn no_program_for_lambda() {
    let with = |at: usize, byte: u8| {
        let mut bytes = header_only(X86_64);
        bytes[at] = byte;
        bytes
    };
    let cut = header_only(X86_64)[..40].to_vec();
    for (bootstrap, problem) in [
        (b"".to_vec(), "it is not an ELF file, so no program for Linux"),
        (b"#!/bin/sh\n".to_vec(), "it is not an ELF file, so no program for Linux"),
        (with(4, 1), "it is a 32-bit file, Lambda starts Linux programs for x86_64 or arm64"),
        (with(5, 2), "it is a big-endian file, Lambda starts Linux programs for x86_64 or arm64"),
        (
            with(7, 9),
            "it is a file for another system (OS ABI 9), Lambda starts Linux programs for x86_64 or arm64",
        ),
        (with(16, 4), "it is a core dump, Lambda starts Linux programs for x86_64 or arm64"),
        (
            with(18, 8),
            "it is for another processor (ELF machine 8), Lambda starts Linux programs for x86_64 or arm64",
        ),
        (
            cc(START, &["-c"]),
            "it is an object file, not yet linked, Lambda starts Linux programs for x86_64 or arm64",
        ),
        (
            cc("int a;", &["-shared", "-nostdlib"]),
            "it is a shared library, Lambda starts Linux programs for x86_64 or arm64",
        ),
        (cut, "its ELF structure is broken: Invalid ELF header size or alignment"),
        (b"\x7fELF".to_vec(), "its ELF structure is broken: the header is cut short"),
    ] {
        assert_eq!(
            Case::new(&bootstrap).refusal(),
            format!("bootstrap `[DIR]/bootstrap`: {problem}{NO_PROGRAM}")
        );
    }
}

#[test]
fn a_loader_that_is_not_there() {
    let musl = cc(MAIN, &["-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1"]);
    assert_eq!(
        Case::new(&musl).refusal(),
        format!(
            "bootstrap `[DIR]/bootstrap`: it needs the loader `/lib/ld-musl-x86_64.so.1`, which Amazon Linux \
             2023 does not have{LINK}"
        )
    );
}

/// Every glibc since 2.34 starts a program through `__libc_start_main@GLIBC_2.34`.
#[test]
fn a_newer_glibc() {
    let dynamic = cc(MAIN, &[]);
    assert_eq!(Case::new(&dynamic).run().unwrap().notes, []);
    let newer = patched(dynamic, b"\0GLIBC_2.34\0", b"\0GLIBC_2.99\0");
    assert_eq!(
        Case::new(&newer).refusal(),
        format!(
            "bootstrap `[DIR]/bootstrap`: it needs a newer glibc than Amazon Linux 2023 has (2.34): \
             `GLIBC_2.99` of `libc.so.6` for `__libc_start_main`{LINK}"
        )
    );
}

const AGAIN: &str = "\n  help: build again: `builder build`";

#[test]
fn a_database_that_is_not_the_manifests() {
    let case = Case::new(&header_only(X86_64));
    let found = file_digest(&case.path("dist/data.db")).unwrap().0;
    let mut other = database();
    other[PAGE] = 1;
    fs::write(case.path("dist/data.db"), &other).unwrap();
    let other = file_digest(&case.path("dist/data.db")).unwrap().0;
    assert_eq!(
        case.refusal(),
        format!("release `[DIR]/dist/data.db`: its sha256 is {other} where its manifest says {found}{AGAIN}")
    );

    let mut longer = database();
    longer[31] = 3;
    longer.resize(3 * PAGE, 0);
    fs::write(case.path("dist/data.db"), longer).unwrap();
    assert_eq!(
        case.refusal(),
        format!("release `[DIR]/dist/data.db`: it has 12288 bytes where its manifest says 8192{AGAIN}")
    );

    fs::write(case.path("dist/data.db"), &database()[..PAGE]).unwrap();
    assert_eq!(
        case.refusal(),
        format!(
            "release `[DIR]/dist/data.db`: it has 4096 bytes where its header says 8192; it was cut short or \
             appended to{AGAIN}"
        )
    );

    fs::write(case.path("dist/data.db"), "no database").unwrap();
    assert_eq!(case.refusal(), format!("release `[DIR]/dist/data.db`: it is not an SQLite database{AGAIN}"));
}

#[test]
fn a_manifest_that_is_none() {
    let case = Case::new(&header_only(X86_64));
    fs::write(case.path("dist/manifest.json"), r#"{"format": 2}"#).unwrap();
    assert_eq!(
        case.refusal(),
        format!(
            "release `[DIR]/dist/manifest.json`: it has format 2, this program reads format 1; build the \
             release again{AGAIN}"
        )
    );
    fs::write(case.path("dist/manifest.json"), "{}").unwrap();
    assert_eq!(
        case.refusal(),
        format!(
            "release `[DIR]/dist/manifest.json`: it is not a manifest: missing field `format` at line 1 \
             column 2{AGAIN}"
        )
    );
}

#[test]
fn what_is_missing_is_named() {
    let case = Case::new(&header_only(X86_64));
    fs::remove_file(case.path("bootstrap")).unwrap();
    assert_eq!(case.refusal(), "`[DIR]/bootstrap` can't be read: No such file or directory (os error 2)");
    fs::create_dir(case.path("bootstrap")).unwrap();
    assert_eq!(case.refusal(), "`[DIR]/bootstrap` can't be read: it is not a file");
}

#[test]
fn more_than_lambda_unpacks() {
    let case = Case::new(&header_only(X86_64));
    let database = File::options().write(true).open(case.path("dist/data.db")).unwrap();
    database.set_len(250 * 1024 * 1024).unwrap(); // sparse: it is refused before it is read
    let manifest = fs::metadata(case.path("dist/manifest.json")).unwrap().len();
    assert_eq!(
        case.refusal(),
        format!(
            "the package has {} bytes unzipped (262144000 of them the database), Lambda takes 262144000\n  \
             help: publish fewer or smaller tables in this function: leave datasets out of the build, or give \
             each group of datasets a function of its own",
            262_144_000 + 64 + manifest
        )
    );
}

#[test]
fn an_input_is_never_overwritten() {
    let case = Case::new(&header_only(X86_64));
    let options = |output: &Path| Options {
        bootstrap: case.path("bootstrap"),
        release: case.path("dist"),
        output: output.into(),
    };
    let failure = run(&options(&case.path("dist/../dist/data.db"))).unwrap_err();
    assert_eq!(
        failure.to_string().replace(case.root.path().to_str().unwrap(), "[DIR]"),
        "the output `[DIR]/dist/data.db` is one of the files to be packaged"
    );
    assert_eq!(fs::read(case.path("dist/data.db")).unwrap(), database());

    let failure = run(&options(&case.path("nowhere/reader.zip"))).unwrap_err();
    let said = failure.to_string().replace(case.root.path().to_str().unwrap(), "[DIR]");
    assert!(
        said.starts_with("`[DIR]/nowhere/reader.zip` can't be written: No such file or directory"),
        "{said}"
    );
}

#[test]
fn the_output_has_the_mode_of_any_new_file() {
    let case = Case::new(&header_only(X86_64));
    let output = case.run().unwrap().output;
    let mut plain = File::create(case.path("plain")).unwrap();
    plain.write_all(b"x").unwrap();
    assert_eq!(
        fs::metadata(output).unwrap().permissions().mode(),
        plain.metadata().unwrap().permissions().mode()
    );
}

#[test]
fn on_the_command_line() {
    let case = Case::new(&header_only(X86_64));
    let run = || {
        let command = Command::new(env!("CARGO_BIN_EXE_builder"))
            .args(["package", "--bootstrap", "bootstrap", "--release", "dist", "-o", "dist/reader.zip"])
            .current_dir(case.root.path())
            .output()
            .unwrap();
        assert_eq!(command.stdout, b"");
        (command.status.code(), String::from_utf8(command.stderr).unwrap())
    };
    let (code, said) = run();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("packaged dist/reader.zip: "), "{said}");
    fs::write(case.path("bootstrap"), "#!/bin/sh\n").unwrap();
    let said = "error: bootstrap `bootstrap`: it is not an ELF file, so no program for Linux";
    assert_eq!(run(), (Some(2), format!("{said}{NO_PROGRAM}\n")));
}
