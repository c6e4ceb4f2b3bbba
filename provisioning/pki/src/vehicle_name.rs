//! Which vehicle a certificate of a private authority names.

use crate::certificate::Certificate;
use crate::name::{COMMON_NAME, SERIAL_NUMBER};

/// The part of a certificate's subject in which an authority writes the vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubjectField {
    /// `CN`.
    CommonName,
    /// `SERIALNUMBER` of the subject; not the certificate's own serial number.
    SerialNumber,
}

/// What the certificate's subject says the vehicle is, without a thing name's `Vehicle_`, still to be parsed as a VIN.
/// `None` where the field is missing, empty, or there twice: then the certificate does not name one vehicle.
pub fn vehicle_named_by(certificate: &Certificate, field: SubjectField) -> Option<String> {
    let attribute = match field {
        SubjectField::CommonName => COMMON_NAME,
        SubjectField::SerialNumber => SERIAL_NUMBER,
    };
    let values = certificate.subject_values(attribute);
    let [value] = values.as_slice() else { return None };
    let value = value.trim();
    let vehicle = value.strip_prefix("Vehicle_").unwrap_or(value);
    (!vehicle.is_empty()).then(|| vehicle.to_owned())
}
