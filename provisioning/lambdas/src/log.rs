//! One JSON object a line, which CloudWatch Logs can search.

use serde_json::{Map, Value};

/// Something happened.
pub(crate) fn info(message: &str, fields: &[(&str, String)]) {
    write("INFO", message, fields);
}

/// Something needs a person's attention.
pub(crate) fn warn(message: &str, fields: &[(&str, String)]) {
    write("WARN", message, fields);
}

/// The function failed.
pub(crate) fn error(message: &str, fields: &[(&str, String)]) {
    write("ERROR", message, fields);
}

fn write(level: &str, message: &str, fields: &[(&str, String)]) {
    let mut line = Map::new();
    line.insert("level".to_owned(), level.into());
    line.insert("message".to_owned(), message.into());
    for (name, value) in fields {
        line.insert((*name).to_owned(), value.as_str().into());
    }
    eprintln!("{}", Value::Object(line));
}
