//! Whether a binary finds the C library it needs on Lambda.

use object::Endianness;
use object::elf::{EM_X86_64, FileHeader64};
use object::read::elf::FileHeader;

/// The C library of `provided.al2023`: symbols of newer versions are not there, and a function that needs one does not start.
pub const NEWEST_GLIBC: (u32, u32) = (2, 34);

/// Checks the program `content`. The error says what it needs that Lambda does not have.
pub fn check(content: &[u8]) -> Result<(), String> {
    let readable = |error: object::Error| format!("it is no Linux program ({error})");
    let header = FileHeader64::<Endianness>::parse(content).map_err(readable)?;
    let endian = header.endian().map_err(readable)?;
    if header.e_machine(endian) != EM_X86_64 {
        return Err("it is built for another processor than x86_64".to_owned());
    }
    for version in needed_versions(header, endian, content).map_err(readable)? {
        if parsed(&version).is_some_and(|version| version > NEWEST_GLIBC) {
            let (major, minor) = NEWEST_GLIBC;
            return Err(format!(
                "it needs {version} and provided.al2023 has GLIBC_{major}.{minor}; build on a system with an older C library"
            ));
        }
    }
    Ok(())
}

/// The versions of symbols that shared libraries must provide, such as `GLIBC_2.34`.
fn needed_versions(
    header: &FileHeader64<Endianness>,
    endian: Endianness,
    content: &[u8],
) -> object::Result<Vec<String>> {
    let sections = header.sections(endian, content)?;
    let mut versions = Vec::new();
    let Some((mut libraries, strings)) = sections.gnu_verneed(endian, content)? else { return Ok(versions) };
    let strings = sections.strings(endian, content, strings)?;
    while let Some((_, mut needs)) = libraries.next()? {
        while let Some(need) = needs.next()? {
            versions.push(String::from_utf8_lossy(need.name(endian, strings)?).into_owned());
        }
    }
    Ok(versions)
}

fn parsed(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix("GLIBC_")?.split('.').map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// This test program itself, as built for this machine.
    fn this_program() -> Vec<u8> {
        std::fs::read(std::env::current_exe().expect("a program knows itself")).expect("and can read itself")
    }

    fn versions(content: &[u8]) -> Vec<String> {
        let header = FileHeader64::<Endianness>::parse(content).expect("an ELF file");
        needed_versions(header, header.endian().expect("known"), content).expect("readable")
    }

    #[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
    #[test]
    fn a_program_that_needs_a_newer_c_library_is_refused_and_one_that_does_not_is_accepted() {
        let mut program = this_program();
        // The same program with the newest version it needs replaced by others of the same length.
        let newest = versions(&program)
            .into_iter()
            .filter(|version| version.len() == "GLIBC_2.34".len())
            .max_by_key(|version| parsed(version))
            .expect("it needs the C library");
        let places: Vec<usize> = (0..program.len() - newest.len())
            .filter(|at| program[*at..].starts_with(newest.as_bytes()) && program[*at + newest.len()] == 0)
            .collect();
        let mut with = |version: &str| {
            for at in &places {
                program[*at..*at + version.len()].copy_from_slice(version.as_bytes());
            }
            check(&program)
        };
        assert_eq!(with("GLIBC_2.34"), Ok(()));
        assert_eq!(
            with("GLIBC_2.35"),
            Err("it needs GLIBC_2.35 and provided.al2023 has GLIBC_2.34; build on a system with an older C library"
                .to_owned())
        );
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parsed("GLIBC_2.4") < parsed("GLIBC_2.34"));
        assert_eq!(parsed("GLIBC_2.2.5"), Some((2, 2)));
        assert_eq!(parsed("GCC_3.0"), None);
    }

    #[test]
    fn what_is_no_program_is_refused() {
        assert!(check(b"#!/bin/sh\n").expect_err("refused").starts_with("it is no Linux program"));
    }
}
