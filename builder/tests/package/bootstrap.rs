//! Which programs are taken for a bootstrap, and which are not.

use std::fs;
use std::process::Command;

use builder::package::Architecture;

use crate::case::{AARCH64, Case, X86_64, header_only};

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
        [
            "the bootstrap loads `libforeign.so`, not part of glibc; Amazon Linux 2023 or a layer must provide these libraries"
        ]
    );
}

pub(crate) const NO_PROGRAM: &str =
    "\n  help: `make package` builds a bootstrap for this machine's processor";
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
        (b"".to_vec(), "it is not an ELF file, so it is not a Linux program"),
        (b"#!/bin/sh\n".to_vec(), "it is not an ELF file, so it is not a Linux program"),
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
