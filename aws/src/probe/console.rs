use super::Probe::{self, *};
use super::ProbedTable::{
    self, AuthorizedVehicles, ClaimCertificates, OperatorActions, ProvisionedVehicles, ProvisioningAttempts,
};

/// The kinds of calls that the console's API makes, but for those that cannot be tried without an effect.
pub const CONSOLE_NEEDS: &[Probe] = &[
    GetItem(AuthorizedVehicles),
    UpdateItem(AuthorizedVehicles),
    BatchGetItem(AuthorizedVehicles),
    QueryIndex(AuthorizedVehicles, AuthorizedVehicles.first_index()),
    Query(ProvisionedVehicles),
    PutItem(ProvisionedVehicles),
    UpdateItem(ProvisionedVehicles),
    ConditionCheckItem(ProvisionedVehicles),
    QueryIndex(ProvisionedVehicles, ProvisionedVehicles.first_index()),
    GetItem(ProvisioningAttempts),
    PutItem(ProvisioningAttempts),
    Query(ProvisioningAttempts),
    QueryIndex(ProvisioningAttempts, ProvisioningAttempts.first_index()),
    Query(OperatorActions),
    PutItem(OperatorActions),
    Scan(ClaimCertificates),
    UpdateItem(ClaimCertificates),
    DescribeCertificate,
    UpdateCertificate,
    DeleteCertificate,
    AttachPolicy,
    DetachPolicy,
    ListAttachedPolicies,
    ListPrincipalThings,
    AttachThingPrincipal,
    DetachThingPrincipal,
    UpdateThing,
    GetConnection,
    DeleteConnection,
    RegisterCertificateWithoutCa,
    CreateCertificateFromCsr,
    ListCaCertificates,
    GetRegistrationCode,
    InvokeClaims,
];

impl ProbedTable {
    const fn first_index(self) -> &'static str {
        match self.indexes() {
            [first, ..] => first,
            [] => "",
        }
    }
}
