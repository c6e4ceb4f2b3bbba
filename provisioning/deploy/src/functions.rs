//! The functions that are deployed.

/// A function: a binary of `provisioning-lambdas`, and where the stack's template takes its code from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Function {
    /// The binary's name; its zip is `<name>.zip`.
    pub name: &'static str,
    /// The parameter of the stack's template that takes the zip's key in the code bucket.
    pub code_key_parameter: &'static str,
}

/// All functions of the stack.
pub const FUNCTIONS: [Function; 9] = [
    Function { name: "pre-provisioning-hook", code_key_parameter: "PreProvisioningHookCodeKey" },
    Function { name: "thing-registered", code_key_parameter: "ThingRegisteredCodeKey" },
    Function { name: "vehicle-connected", code_key_parameter: "VehicleConnectedCodeKey" },
    Function { name: "certificate-registered", code_key_parameter: "CertificateRegisteredCodeKey" },
    Function { name: "index-authorized-vehicle", code_key_parameter: "IndexAuthorizedVehicleCodeKey" },
    Function { name: "deployment", code_key_parameter: "DeploymentCodeKey" },
    Function { name: "rotate-claim", code_key_parameter: "RotateClaimCodeKey" },
    Function { name: "claims", code_key_parameter: "ClaimsCodeKey" },
    Function { name: "housekeeping", code_key_parameter: "HousekeepingCodeKey" },
];
