//! The AWS services that are called, and where they are.

use std::fmt;

/// An AWS service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// CloudFormation.
    CloudFormation,
    /// DynamoDB.
    DynamoDb,
    /// Identity and Access Management.
    Iam,
    /// IoT Core, control plane.
    Iot,
    /// IoT Core, data plane.
    IotData,
    /// Key Management Service.
    Kms,
    /// Lambda.
    Lambda,
    /// Simple Storage Service.
    S3,
    /// Secrets Manager.
    SecretsManager,
    /// Service Quotas.
    ServiceQuotas,
    /// Simple Queue Service.
    Sqs,
    /// Security Token Service.
    Sts,
}

impl Service {
    /// Every service that is called.
    pub const ALL: [Self; 12] = [
        Self::CloudFormation,
        Self::DynamoDb,
        Self::Iam,
        Self::Iot,
        Self::IotData,
        Self::Kms,
        Self::Lambda,
        Self::S3,
        Self::SecretsManager,
        Self::ServiceQuotas,
        Self::Sqs,
        Self::Sts,
    ];

    /// The service's name in a signature.
    pub fn signing_name(self) -> &'static str {
        match self {
            Service::CloudFormation => "cloudformation",
            Service::DynamoDb => "dynamodb",
            Service::Iam => "iam",
            Service::Iot => "iot",
            Service::IotData => "iotdata",
            Service::Kms => "kms",
            Service::Lambda => "lambda",
            Service::S3 => "s3",
            Service::SecretsManager => "secretsmanager",
            Service::ServiceQuotas => "servicequotas",
            Service::Sqs => "sqs",
            Service::Sts => "sts",
        }
    }

    /// The region in the signature of a call made in `region`.
    pub fn signing_region(self, region: &str) -> &str {
        match self {
            // IAM is one service for all regions, and takes the signatures of one.
            Service::Iam => "us-east-1",
            _ => region,
        }
    }

    /// The end of the standard variable `AWS_ENDPOINT_URL_<...>` that overrides this service's endpoint.
    fn variable_suffix(self) -> &'static str {
        match self {
            Service::CloudFormation => "CLOUDFORMATION",
            Service::DynamoDb => "DYNAMODB",
            Service::Iam => "IAM",
            Service::Iot => "IOT",
            Service::IotData => "IOT_DATA_PLANE",
            Service::Kms => "KMS",
            Service::Lambda => "LAMBDA",
            Service::S3 => "S3",
            Service::SecretsManager => "SECRETS_MANAGER",
            Service::ServiceQuotas => "SERVICE_QUOTAS",
            Service::Sqs => "SQS",
            Service::Sts => "STS",
        }
    }

    fn public_endpoint(self, region: &str) -> String {
        match self {
            // IAM is one service for all regions.
            Service::Iam => "https://iam.amazonaws.com".to_owned(),
            Service::IotData => format!("https://data-ats.iot.{region}.amazonaws.com"),
            service => format!("https://{}.{region}.amazonaws.com", service.signing_name()),
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Service::CloudFormation => "AWS CloudFormation",
            Service::DynamoDb => "Amazon DynamoDB",
            Service::Iam => "AWS IAM",
            Service::Iot => "AWS IoT Core",
            Service::IotData => "AWS IoT Core's data plane",
            Service::Kms => "AWS KMS",
            Service::Lambda => "AWS Lambda",
            Service::S3 => "Amazon S3",
            Service::SecretsManager => "AWS Secrets Manager",
            Service::ServiceQuotas => "Service Quotas",
            Service::Sqs => "Amazon SQS",
            Service::Sts => "AWS STS",
        })
    }
}

/// Where the services are: AWS's public endpoints, unless the standard variables say otherwise.
#[derive(Clone, Debug)]
pub struct Endpoints {
    region: String,
    overrides: Vec<(Option<&'static str>, String)>,
}

impl Endpoints {
    /// Reads `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>`.
    pub fn from_settings(region: &str, setting: impl Fn(&str) -> Option<String>) -> Self {
        let given =
            |name: &str| setting(name).filter(|url| !url.is_empty()).map(|url| url.trim_end_matches('/').to_owned());
        let specific = Service::ALL.into_iter().filter_map(|service| {
            let suffix = service.variable_suffix();
            given(&format!("AWS_ENDPOINT_URL_{suffix}")).map(|url| (Some(suffix), url))
        });
        let general = given("AWS_ENDPOINT_URL").map(|url| (None, url));
        Endpoints { region: region.to_owned(), overrides: specific.chain(general).collect() }
    }

    /// The URL of a service, without a slash at its end.
    pub fn url(&self, service: Service) -> String {
        let wanted = service.variable_suffix();
        self.overrides
            .iter()
            .find(|(suffix, _)| suffix.is_none_or(|suffix| suffix == wanted))
            .map_or_else(|| service.public_endpoint(&self.region), |(_, url)| url.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_variables_override_endpoints_the_specific_one_first() {
        let setting = |name: &str| match name {
            "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:4566/".to_owned()),
            "AWS_ENDPOINT_URL_IOT_DATA_PLANE" => Some("https://abc-ats.iot.eu-west-1.amazonaws.com".to_owned()),
            _ => None,
        };
        let endpoints = Endpoints::from_settings("eu-west-1", setting);
        assert_eq!(endpoints.url(Service::Iot), "http://127.0.0.1:4566");
        assert_eq!(endpoints.url(Service::IotData), "https://abc-ats.iot.eu-west-1.amazonaws.com");
        let endpoints = Endpoints::from_settings("eu-west-1", |_| None);
        assert_eq!(endpoints.url(Service::DynamoDb), "https://dynamodb.eu-west-1.amazonaws.com");
        assert_eq!(endpoints.url(Service::Iam), "https://iam.amazonaws.com");
    }
}
