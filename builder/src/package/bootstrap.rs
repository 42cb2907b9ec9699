//! Can Lambda start this file?
//!
//! Lambda itself does not look: it takes any file and fails at the first request. The rules are
//! those of the OS-only runtime `provided.al2023`: x86_64 or arm64, the GNU loader, glibc 2.34.
//! What the file does once it runs is not the matter here.

use std::fmt;

use object::elf::{
    self, DT_NEEDED, DT_SONAME, EM_AARCH64, EM_X86_64, ET_DYN, ET_EXEC, FileHeader64, SHT_DYNSYM,
};
use object::read::elf::{Dyn, FileHeader, ProgramHeader, SectionTable, Sym};
use object::{LittleEndian, SymbolIndex};

use super::failure::list;

/// The glibc of Amazon Linux 2023: major and minor.
const GLIBC: (u32, u32) = (2, 34);

/// What glibc installs, and the compiler's run-time library, which the runtime has as well.
const LIBRARIES: [&str; 10] = [
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "libdl.so.2",
    "libpthread.so.0",
    "librt.so.1",
    "libutil.so.1",
    "libresolv.so.2",
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
];

/// A processor that Lambda has. `Display` writes it as Lambda does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// `x86_64`.
    X86_64,
    /// `arm64`.
    Arm64,
}

/// Why Lambda could not start a bootstrap.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BootstrapProblem {
    /// It is not an ELF file.
    #[error("it is not an ELF file, so it is not a Linux program")]
    NotElf,
    /// It is an ELF file for another system or processor, or no program.
    #[error("it is {found}, Lambda starts Linux programs for x86_64 or arm64")]
    NotExecutable {
        /// What it is instead.
        found: String,
    },
    /// It is an ELF file whose structure is broken.
    #[error("its ELF structure is broken: {reason}")]
    Broken {
        /// The problem.
        reason: String,
    },
    /// The loader that it requires does not exist there.
    #[error("it needs the loader `{interpreter}`, which Amazon Linux 2023 does not have")]
    Interpreter {
        /// The loader's path.
        interpreter: String,
    },
    /// It needs what a newer glibc has; at least one.
    #[error("it needs a newer glibc than Amazon Linux 2023 has (2.34): {}", join(needs))]
    Glibc {
        /// What it needs.
        needs: Vec<GlibcNeed>,
    },
}

/// A version of a glibc library that Amazon Linux 2023 does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GlibcNeed {
    /// The library, such as `libm.so.6`.
    pub library: String,
    /// The version, such as `GLIBC_2.38`.
    pub version: String,
    /// The first symbol that requires it, if any.
    pub symbol: Option<String>,
}

/// What is known of a bootstrap that Lambda can start.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub(super) architecture: Architecture,
    /// Libraries beyond [`LIBRARIES`].
    pub(super) foreign_libraries: Vec<String>,
}

/// Checks the bytes of a bootstrap.
pub(super) fn check(bytes: &[u8]) -> Result<Checked, BootstrapProblem> {
    let architecture = architecture(bytes)?;
    let foreign_libraries = dynamic_linking(bytes, architecture)?;
    Ok(Checked { architecture, foreign_libraries })
}

/// The header: an executable for Linux on a processor that Lambda has.
fn architecture(bytes: &[u8]) -> Result<Architecture, BootstrapProblem> {
    let not = |found: &str| Err(BootstrapProblem::NotExecutable { found: found.into() });
    if !bytes.starts_with(&elf::ELFMAG) {
        return Err(BootstrapProblem::NotElf);
    }
    match (bytes.get(4), bytes.get(5)) {
        (Some(2), Some(1)) => {}
        (Some(1), _) => return not("a 32-bit file"),
        (_, Some(2)) => return not("a big-endian file"),
        _ => return Err(BootstrapProblem::Broken { reason: "the header is cut short".into() }),
    }
    let header = FileHeader64::<LittleEndian>::parse(bytes).map_err(broken)?;
    // Rust and GNU ld write 0 (System V), or 3 where the file has an indirect function.
    match header.e_ident().os_abi.0 {
        0 | 3 => {}
        abi => return not(&format!("a file for another system (OS ABI {abi})")),
    }
    match header.e_type(LittleEndian) {
        ET_EXEC | ET_DYN => {}
        elf::ET_REL => return not("an object file, not yet linked"),
        elf::ET_CORE => return not("a core dump"),
        other => return not(&format!("a file of ELF type {}", other.0)),
    }
    match header.e_machine(LittleEndian) {
        EM_X86_64 => Ok(Architecture::X86_64),
        EM_AARCH64 => Ok(Architecture::Arm64),
        elf::EM_RISCV => not("for riscv"),
        other => not(&format!("for another processor (ELF machine {})", other.0)),
    }
}

/// What the loader will look for: itself, and the libraries in the versions required. The
/// foreign libraries are handed back.
fn dynamic_linking(bytes: &[u8], architecture: Architecture) -> Result<Vec<String>, BootstrapProblem> {
    let header = FileHeader64::<LittleEndian>::parse(bytes).map_err(broken)?;
    let segments = header.program_headers(LittleEndian, bytes).map_err(broken)?;
    let mut interpreter = None;
    let mut names_itself = false;
    for segment in segments {
        if let Some(path) = segment.interpreter(LittleEndian, bytes).map_err(broken)? {
            interpreter = Some(String::from_utf8_lossy(path).into_owned());
        }
        if let Some(entries) = segment.dynamic(LittleEndian, bytes).map_err(broken)? {
            names_itself |= entries.iter().any(|entry| entry.d_tag(LittleEndian) == DT_SONAME);
        }
    }
    let Some(interpreter) = interpreter else {
        if names_itself || header.e_entry(LittleEndian) == 0 {
            return Err(BootstrapProblem::NotExecutable { found: "a shared library".into() });
        }
        return Ok(Vec::new()); // static: it brings what it needs
    };
    if interpreter != architecture.loader() {
        return Err(BootstrapProblem::Interpreter { interpreter });
    }

    let sections = header.sections(LittleEndian, bytes).map_err(broken)?;
    if sections.is_empty() {
        let reason = "it is dynamic and has no section headers, so its dependencies can't be read".into();
        return Err(BootstrapProblem::Broken { reason });
    }
    let needs = newer_glibc(&sections, bytes).map_err(broken)?;
    if !needs.is_empty() {
        return Err(BootstrapProblem::Glibc { needs });
    }
    foreign_libraries(&sections, bytes).map_err(broken)
}

type Sections<'data> = SectionTable<'data, FileHeader64<LittleEndian>>;

/// Versions in `.gnu.version_r` that begin with `GLIBC_` and are not among those of 2.34.
fn newer_glibc(sections: &Sections<'_>, bytes: &[u8]) -> object::Result<Vec<GlibcNeed>> {
    let Some((mut libraries, strings)) = sections.gnu_verneed(LittleEndian, bytes)? else {
        return Ok(Vec::new());
    };
    let strings = sections.strings(LittleEndian, bytes, strings)?;
    let symbols = sections.symbols(LittleEndian, bytes, SHT_DYNSYM)?;
    let versions = sections.versions(LittleEndian, bytes)?.unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();

    let mut needs = Vec::new();
    while let Some((library, mut needed)) = libraries.next()? {
        while let Some(version) = needed.next()? {
            let name = text(version.name(LittleEndian, strings)?);
            if is_in_glibc(&name) {
                continue;
            }
            let asks = |index: &SymbolIndex| {
                versions.version_index(LittleEndian, *index).index()
                    == version.vna_other(LittleEndian).index()
            };
            let symbol = match symbols.enumerate().find(|(index, _)| asks(index)) {
                Some((_, symbol)) => Some(text(symbol.name(LittleEndian, symbols.strings())?)),
                None => None,
            };
            needs.push(GlibcNeed {
                library: text(library.file(LittleEndian, strings)?),
                version: name,
                symbol,
            });
        }
    }
    Ok(needs)
}

/// True for `GLIBC_2.34` and before, and for what is not glibc's at all. False also for marks like
/// `GLIBC_ABI_DT_RELR`, all of which came later.
fn is_in_glibc(version: &str) -> bool {
    let Some(number) = version.strip_prefix("GLIBC_") else { return true };
    let mut parts = number.split('.').map(str::parse::<u32>);
    match (parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) <= GLIBC,
        _ => false,
    }
}

fn foreign_libraries(sections: &Sections<'_>, bytes: &[u8]) -> object::Result<Vec<String>> {
    let table = sections.dynamic_table(LittleEndian, bytes)?;
    let mut foreign = Vec::new();
    for entry in table.iter().filter(|entry| entry.tag == DT_NEEDED) {
        let name = String::from_utf8_lossy(table.string(entry)?).into_owned();
        if !LIBRARIES.contains(&name.as_str()) {
            foreign.push(name);
        }
    }
    Ok(foreign)
}

fn broken(error: object::Error) -> BootstrapProblem {
    BootstrapProblem::Broken { reason: error.to_string() }
}

impl Architecture {
    /// Where glibc's loader is (System V ABI supplements for the two processors).
    fn loader(self) -> &'static str {
        match self {
            Self::X86_64 => "/lib64/ld-linux-x86-64.so.2",
            Self::Arm64 => "/lib/ld-linux-aarch64.so.1",
        }
    }
}

impl BootstrapProblem {
    /// What to do about it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::NotElf | Self::NotExecutable { .. } | Self::Broken { .. } => {
                "`make package` builds a bootstrap for this machine's processor"
            }
            Self::Interpreter { .. } | Self::Glibc { .. } => {
                "link it statically, as `make package` does, or against glibc 2.34 or older"
            }
        }
    }
}

fn join(needs: &[GlibcNeed]) -> String {
    needs.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        })
    }
}

impl fmt::Display for GlibcNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { library, version, symbol } = self;
        write!(f, "`{version}` of `{library}`")?;
        match symbol {
            Some(symbol) => write!(f, " for {}", list(std::slice::from_ref(symbol))),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glibc_versions_compare_as_numbers() {
        for there in ["GLIBC_2.2.5", "GLIBC_2.9", "GLIBC_2.34", "GCC_3.0", "OPENSSL_3.0.0"] {
            assert!(is_in_glibc(there), "{there}");
        }
        for newer in ["GLIBC_2.35", "GLIBC_2.100", "GLIBC_3.0", "GLIBC_ABI_DT_RELR", "GLIBC_PRIVATE"] {
            assert!(!is_in_glibc(newer), "{newer}");
        }
    }
}
