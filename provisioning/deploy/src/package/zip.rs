//! The zip that Lambda takes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A zip that holds `program` as `bootstrap`, executable. The same program makes the same bytes: no time and no owner of
/// this machine is in it. The error is the zip library's.
pub fn zip_of(program: &[u8]) -> Result<Vec<u8>, String> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bootstrap", options).map_err(|error| error.to_string())?;
    zip.write_all(program).map_err(|error| error.to_string())?;
    zip.finish().map(Cursor::into_inner).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_same_program_makes_the_same_bytes_at_any_time() {
        let zip = zip_of(b"program").expect("a zip");
        assert_eq!(zip, zip_of(b"program").expect("a zip"));
        assert_ne!(zip, zip_of(b"another").expect("a zip"));
        let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("a readable zip");
        assert_eq!(archive.len(), 1);
        let mut file = archive.by_name("bootstrap").expect("the program");
        // The first moment that a zip can name, not the moment it was made.
        let time = file.last_modified().expect("a time");
        assert_eq!((time.year(), time.month(), time.day(), time.hour()), (1980, 1, 1, 0));
        assert_eq!(file.unix_mode(), Some(0o100_755));
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("readable");
        assert_eq!(content, b"program");
    }
}
