//! Service Quotas: how often an account may call AWS IoT, JSON protocol 1.1.

mod list_service_quotas;

pub use list_service_quotas::{Quota, iot_quotas};
