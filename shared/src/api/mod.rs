//! The console API: routes, requests, answers and errors, written once for the edge and the console.

mod answers;
mod authorities;
mod claims;
mod error;
mod issuing;
mod requests;
mod route;

pub use answers::{
    AttemptsPage, CertificateDetails, Done, Possibility, ReceiptsPage, Session, UnreadableRow, VehicleDetails,
    VehicleSummary, VehiclesPage,
};
pub use authorities::{AuthoritiesPage, Authority, AuthorityAction, RegisterAuthority};
pub use claims::{
    BurnClaim, ClaimCertificate, ClaimCertificatesPage, ClaimNames, ClaimReach, ClaimTries, CreateClaim, RotateClaim,
};
pub use error::ApiError;
pub use issuing::{CertificateSource, IssueCertificate, IssuedCertificate, PrivateKeyPem};
pub use requests::{Authorize, Cursor, OpenTicket, Reason};
pub use route::{AttemptsQuery, CertificateAction, Method, Route, VehiclesQuery};
