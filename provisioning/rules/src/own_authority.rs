//! Whether an authority is this deployment's.

use shared::AuthorityRecord;
use shared::api::AuthorityAction;

/// Whether this deployment decides about the vehicles that come with certificates of an authority, given what its operators
/// did to the authority, the newest first.
///
/// AWS IoT tells every listener of an account about every authority's certificates. Those of an authority that another fleet
/// or another stack registered are not ours to deny and to delete. Whoever registers an authority here, or switches
/// just-in-time registration on for it, takes it over; who switches it off, or deletes the authority, leaves it.
pub fn is_own_authority(newest_first: &[AuthorityRecord]) -> bool {
    let what = newest_first.iter().find_map(|record| match record.what.replace(' ', "-").as_str() {
        "register" => Some(true),
        word if word == AuthorityAction::JustInTimeOn.as_str() => Some(true),
        word if word == AuthorityAction::JustInTimeOff.as_str() => Some(false),
        word if word == AuthorityAction::Delete.as_str() => Some(false),
        _ => None,
    });
    what.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use shared::{AuthorityId, CertificateId, Timestamp};

    use super::*;

    fn is_own_after(oldest_first: &[&str]) -> bool {
        let record = |what: &&str| AuthorityRecord {
            authority_id: AuthorityId(CertificateId::of_digest([1; 32])),
            at: Timestamp::UNIX_EPOCH,
            operator: "an-operator".to_owned(),
            what: (*what).to_owned(),
            reason: "a test".to_owned(),
        };
        is_own_authority(&oldest_first.iter().rev().map(record).collect::<Vec<_>>())
    }

    #[test]
    fn an_authority_that_nobody_registered_here_is_another_fleets() {
        assert!(!is_own_after(&[]));
        // Taking it out of use, because of a leak say, does not make it ours.
        assert!(!is_own_after(&["deactivate", "activate"]));
    }

    #[test]
    fn an_authority_is_own_from_its_registration_or_take_over_until_it_is_left() {
        assert!(is_own_after(&["register"]));
        assert!(is_own_after(&["register", "deactivate", "activate"]));
        assert!(is_own_after(&["just in time on"]));
        assert!(!is_own_after(&["register", "just in time off"]));
        assert!(!is_own_after(&["register", "deactivate", "delete"]));
        assert!(is_own_after(&["register", "delete", "register"]));
    }
}
