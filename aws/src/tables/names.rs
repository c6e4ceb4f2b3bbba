//! Where the tables are: their names are configuration.

/// The names of the tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableNames {
    /// Which VINs may be provisioned.
    pub authorized_vehicles: String,
    /// Which certificates were issued to which vehicle.
    pub provisioned_vehicles: String,
    /// Who asked to be provisioned, and what became of it.
    pub provisioning_attempts: String,
    /// What operators did to certificates.
    pub operator_actions: String,
    /// What each claim certificate is for and what has become of it.
    pub claim_certificates: String,
}

impl TableNames {
    /// Reads the settings of Lambda functions and of the Worker.
    pub fn from_settings(setting: impl Fn(&str) -> Option<String>) -> Result<Self, MissingSetting> {
        let required = |name: &'static str| setting(name).filter(|value| !value.is_empty()).ok_or(MissingSetting(name));
        Ok(TableNames {
            authorized_vehicles: required("AUTHORIZED_VEHICLES_TABLE_NAME")?,
            provisioned_vehicles: required("PROVISIONED_VEHICLES_TABLE_NAME")?,
            provisioning_attempts: required("PROVISIONING_ATTEMPTS_TABLE_NAME")?,
            operator_actions: required("OPERATOR_ACTIONS_TABLE_NAME")?,
            claim_certificates: required("CLAIM_CERTIFICATES_TABLE_NAME")?,
        })
    }
}

/// A setting is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the setting {0} is missing: it is an output of the CloudFormation stack")]
pub struct MissingSetting(pub &'static str);
