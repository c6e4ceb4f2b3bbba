//! Where the stack under test is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use aws::secrets_manager::get_secret_value;
use aws::tables::TableNames;
use aws::{Aws, Credentials, NativeTransport};
use serde::Deserialize;
use vehicle::{Claim, Endpoint, TemplateName};

use crate::LoadError;

const CALL_LIMIT: Duration = Duration::from_secs(30);

/// What the local stack writes into its `stack.json`. For an AWS account the fields with a default may be left out, and the
/// keys come from the environment.
#[derive(Clone, Deserialize)]
pub struct Stack {
    /// The AWS endpoint, where it is not AWS's own.
    #[serde(default)]
    pub aws_endpoint: Option<String>,
    /// The AWS region.
    pub region: String,
    /// The access key to authorize, look and clean up with; without it that of the environment.
    #[serde(default)]
    pub access_key_id: Option<String>,
    /// Its secret.
    #[serde(default)]
    pub secret_access_key: Option<String>,
    /// The host of MQTT over mutual TLS: on AWS what `aws iot describe-endpoint --endpoint-type iot:Data-ATS` tells.
    pub mqtt_host: String,
    /// Its port.
    #[serde(default = "default_port")]
    pub mqtt_port: u16,
    /// A PEM file with the root that MQTT's server certificate is signed with, where it is none of the web's.
    #[serde(default)]
    pub root_ca: Option<PathBuf>,
    /// The secret that holds the claim certificate.
    pub claim_secret_id: String,
    /// The provisioning template.
    pub template_name: String,
    /// The table of authorized vehicles.
    pub authorized_vehicles_table: String,
    /// The table of provisioned vehicles.
    pub provisioned_vehicles_table: String,
    /// The table of provisioning attempts, which holds the reasons of denials.
    #[serde(default)]
    pub provisioning_attempts_table: Option<String>,
}

fn default_port() -> u16 {
    Endpoint::DEFAULT_PORT
}

impl Stack {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let unusable = |problem: String| LoadError::Stack { path: path.to_owned(), problem };
        let text = std::fs::read_to_string(path).map_err(|error| unusable(error.to_string()))?;
        // A parser's own message could quote a key: the place and the field are all that is passed on.
        let stack: Self = serde_json::from_str(&text).map_err(|error| unusable(without_values(&error)))?;
        if stack.access_key_id.is_some() != stack.secret_access_key.is_some() {
            return Err(unusable("access_key_id and secret_access_key go together".to_owned()));
        }
        Ok(stack)
    }

    /// AWS, with the keys of the file or else those that `setting` tells.
    pub(crate) fn aws(
        &self,
        setting: impl Fn(&str) -> Option<String>,
        path: &Path,
    ) -> Result<Aws<NativeTransport>, LoadError> {
        let credentials = match (&self.access_key_id, &self.secret_access_key) {
            (Some(id), Some(secret)) => {
                Credentials { access_key_id: id.clone(), secret_access_key: secret.clone(), session_token: None }
            }
            _ => Credentials::from_settings(&setting).map_err(|error| LoadError::Stack {
                path: path.to_owned(),
                problem: format!("it has no access_key_id, and {error}"),
            })?,
        };
        let endpoint = self.aws_endpoint.clone();
        Ok(Aws::new(NativeTransport::new(CALL_LIMIT), &self.region, credentials, move |name| match &endpoint {
            Some(endpoint) => (name == "AWS_ENDPOINT_URL").then(|| endpoint.clone()),
            None => setting(name),
        }))
    }

    /// The names of the tables, for `perform`. Those that this test has nothing to do with have none.
    pub(crate) fn tables(&self, path: &Path) -> Result<TableNames, LoadError> {
        TableNames::from_settings(|name| {
            Some(match name {
                "AUTHORIZED_VEHICLES_TABLE_NAME" => self.authorized_vehicles_table.clone(),
                "PROVISIONED_VEHICLES_TABLE_NAME" => self.provisioned_vehicles_table.clone(),
                _ => "-".to_owned(),
            })
        })
        .map_err(|_| LoadError::Stack { path: path.to_owned(), problem: "a table has no name in it".to_owned() })
    }

    /// The claim certificate, as a plant reads it.
    pub(crate) async fn claim(&self, aws: &Aws<NativeTransport>) -> Result<Claim, LoadError> {
        let secret = get_secret_value(aws, &self.claim_secret_id)
            .await
            .map_err(LoadError::attempting("read the claim certificate"))?;
        Ok(Claim::from_secret(&secret)?)
    }

    /// Where vehicles connect.
    pub(crate) fn mqtt(&self, path: &Path) -> Result<Endpoint, LoadError> {
        let read = |root_ca: &PathBuf| {
            std::fs::read_to_string(root_ca).map_err(|error| LoadError::Stack {
                path: path.to_owned(),
                problem: format!("its root_ca {} cannot be read ({error})", root_ca.display()),
            })
        };
        Ok(Endpoint {
            port: self.mqtt_port,
            root_ca_pem: self.root_ca.as_ref().map(read).transpose()?,
            ..Endpoint::new(&self.mqtt_host)
        })
    }

    /// The template that vehicles name.
    pub(crate) fn template(&self) -> Result<TemplateName, LoadError> {
        Ok(TemplateName::parse(&self.template_name)?)
    }
}

fn without_values(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let field = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    match field {
        Some(field) => format!("it has no {field}"),
        None => format!("it is not JSON of the expected shape (line {}, column {})", error.line(), error.column()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = r#"{"region": "eu-central-1", "mqtt_host": "abc-ats.iot.eu-central-1.amazonaws.com",
        "claim_secret_id": "s", "template_name": "t", "authorized_vehicles_table": "a", "provisioned_vehicles_table": "p"}"#;

    fn read(text: &str) -> Result<Stack, LoadError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        Stack::read(file.path())
    }

    #[test]
    fn an_account_needs_no_endpoint_no_root_and_keys_from_the_environment() {
        let stack = read(ACCOUNT).unwrap();
        assert_eq!(stack.mqtt_port, 8883);
        assert!(stack.mqtt(Path::new("x")).unwrap().root_ca_pem.is_none());
        let key = |name: &str| name.starts_with("AWS_").then(|| "k".to_owned());
        assert!(stack.aws(key, Path::new("x")).is_ok());
        let sentence = stack.aws(|_| None, Path::new("x")).err().unwrap().to_string();
        assert!(sentence.contains("AWS_ACCESS_KEY_ID is not set"), "{sentence}");
    }

    #[test]
    fn what_is_wrong_with_the_file_is_said_without_quoting_it() {
        for (text, sentence_holds) in [
            ("{", "not JSON of the expected shape"),
            (r#"{"region": "r"}"#, "it has no mqtt_host"),
            (r#"{"region": 7, "secret_access_key": "hush"}"#, "not JSON of the expected shape"),
        ] {
            let sentence = read(text).err().unwrap().to_string();
            assert!(sentence.contains(sentence_holds) && sentence.contains("make run"), "{sentence}");
            assert!(!sentence.contains("hush"), "{sentence}");
        }
        let half = ACCOUNT.replacen('{', r#"{"access_key_id": "A", "#, 1);
        assert!(read(&half).err().unwrap().to_string().contains("go together"));
        let gone = Stack::read(Path::new("/nowhere/stack.json")).err().unwrap().to_string();
        assert!(gone.contains("/nowhere/stack.json cannot be used"), "{gone}");
    }
}
