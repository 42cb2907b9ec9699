//! Which files are packaged, which are refused, and where the zip goes.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use builder::package::{Options, run};
use catalog::file_digest;

use crate::bootstrap::NO_PROGRAM;
use crate::case::{Case, PAGE, X86_64, database, header_only};

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
fn an_attestation_of_something_else() {
    let case = Case::new(&header_only(X86_64));
    let help = "\n  help: attest this manifest, or remove the file: a release may be packaged without";
    case.attest("bootstrap");
    let manifest = file_digest(&case.path("dist/manifest.json")).unwrap().0;
    assert_eq!(
        case.refusal(),
        format!(
            "release `[DIR]/dist/attestation.json`: it is not about manifest.json, whose sha256 is {manifest}{help}"
        )
    );
    fs::write(case.path("dist/attestation.json"), "{}").unwrap();
    assert_eq!(
        case.refusal(),
        format!(
            "release `[DIR]/dist/attestation.json`: it is not a Sigstore bundle: missing field `mediaType` at line 1 \
             column 2{help}"
        )
    );
    let output = case.path("dist/attestation.json");
    let failure = run(&Options { bootstrap: case.path("bootstrap"), release: case.path("dist"), output });
    let failure = failure.unwrap_err().to_string().replace(case.root.path().to_str().unwrap(), "[DIR]");
    assert_eq!(failure, "the output `[DIR]/dist/attestation.json` is one of the files to be packaged");
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
    let said = "error: bootstrap `bootstrap`: it is not an ELF file, so it is not a Linux program";
    assert_eq!(run(), (Some(2), format!("{said}{NO_PROGRAM}\n")));
}

#[test]
fn the_bootstrap_of_an_archive_is_beside_the_builder() {
    let case = Case::new(&header_only(X86_64));
    let archive = case.path("archive");
    fs::create_dir(&archive).unwrap();
    fs::copy(env!("CARGO_BIN_EXE_builder"), archive.join("builder")).unwrap();
    let run = || {
        let command = Command::new(archive.join("builder"))
            .args(["package", "--release", "dist"])
            .current_dir(case.root.path())
            .env("PATH", "/nowhere")
            .output()
            .unwrap();
        let said = String::from_utf8(command.stderr).unwrap();
        (command.status.code(), said.replace(case.root.path().to_str().unwrap(), "[DIR]"))
    };
    let said = "error: there is no `[DIR]/archive/bootstrap` and no `bootstrap` in PATH\n  \
        help: archives of Coldpress for Linux have it, and `make bootstrap` compiles it; `--bootstrap PATH` names another\n";
    assert_eq!(run(), (Some(2), said.into()));
    fs::rename(case.path("bootstrap"), archive.join("bootstrap")).unwrap();
    let (code, said) = run();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("packaged dist/reader.zip: "), "{said}");
}
