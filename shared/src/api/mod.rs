//! The console API: routes, requests, answers and errors, written once for the edge and the console.

mod answers;
mod error;
mod requests;
mod route;

pub use answers::{
    AttemptsPage, CertificateDetails, ClaimCertificate, ClaimCertificatesPage, Done, Possibility, Session,
    UnreadableRow, VehicleDetails, VehicleSummary, VehiclesPage,
};
pub use error::ApiError;
pub use requests::{Authorize, Cursor, OpenTicket, Reason};
pub use route::{AttemptsQuery, CertificateAction, Method, Route, VehiclesQuery};
