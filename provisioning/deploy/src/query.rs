//! The protocol of AWS's older services: a form goes out, XML comes back.

use aws::{Aws, AwsError, AwsErrorCause, Call, Service, Transport};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as a part of a path, of a query or of a form.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Calls `operation` and gives the answer's XML as text.
pub async fn ask<T: Transport>(
    aws: &Aws<T>,
    service: Service,
    version: &str,
    operation: &'static str,
    parameters: &[(String, String)],
) -> Result<String, AwsError> {
    let mut body = format!("Action={operation}&Version={version}");
    for (name, value) in parameters {
        body.push_str(&format!("&{}={}", encoded(name), encoded(value)));
    }
    let headers = vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())];
    let path = "/".to_owned();
    let call = Call { service, operation, method: http::Method::POST, path, headers, body: body.into_bytes() };
    let answer = aws.call(call).await?;
    String::from_utf8(answer.into_body()).map_err(|error| unreadable(service, operation, error))
}

/// An answer that is not what the service's API promises.
pub fn unreadable(service: Service, operation: &'static str, problem: impl ToString) -> AwsError {
    AwsError { service, operation, cause: AwsErrorCause::Unreadable(problem.to_string()) }
}

/// Parses an answer.
pub fn parsed<'a>(
    service: Service,
    operation: &'static str,
    xml: &'a str,
) -> Result<roxmltree::Document<'a>, AwsError> {
    roxmltree::Document::parse(xml).map_err(|error| unreadable(service, operation, error))
}

/// The children of every list called `list` below `node`.
pub fn members<'a>(node: roxmltree::Node<'a, 'a>, list: &'static str) -> impl Iterator<Item = roxmltree::Node<'a, 'a>> {
    node.descendants()
        .filter(move |node| node.tag_name().name() == list)
        .flat_map(|list| list.children().filter(|child| child.is_element()))
}

/// The text of `node`'s own child `name`, where there is one with text.
pub fn text(node: roxmltree::Node<'_, '_>, name: &str) -> Option<String> {
    let child = node.children().find(|child| child.tag_name().name() == name)?;
    child.text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The text of the first element called `name` anywhere below `node`.
pub fn text_below(node: roxmltree::Node<'_, '_>, name: &str) -> Option<String> {
    let found = node.descendants().find(|node| node.tag_name().name() == name)?;
    found.text().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}
