//! Voided purchases: why, when, how much.

use super::*;
use crate::model::{VoidedPurchase, VoidedReason};

fn revocation(voided: &Value) -> Revocation {
    let voided: VoidedPurchase = serde_json::from_value(voided.clone()).unwrap();
    voided.to_revocation()
}

#[test]
fn every_reason_for_which_google_voids_a_purchase() {
    let table = [
        (0, RevocationReason::Refunded),
        (1, RevocationReason::Refunded),
        (2, RevocationReason::AppIssue),
        (3, RevocationReason::AppIssue),
        (4, RevocationReason::Refunded),
        (5, RevocationReason::Refunded),
        (6, RevocationReason::Refunded),
        (7, RevocationReason::Refunded),
        (8, RevocationReason::NotAcknowledged),
        (9, RevocationReason::Unknown("voidedReason 9".to_owned())),
    ];
    assert_eq!(VoidedReason::known().len() + 1, table.len());
    for (number, reason) in table {
        let found = revocation(&json!({
            "voidedTimeMillis": end().as_millis().to_string(), "voidedReason": number,
        }));
        assert_eq!(
            found,
            Revocation::new(Some(end()), reason, RefundScope::Unspecified),
            "{number}"
        );
    }
    let untold = Revocation::new(None, RevocationReason::Refunded, RefundScope::Unspecified);
    assert_eq!(revocation(&json!({})), untold);
}

#[test]
fn a_number_of_items_is_a_part_and_no_number_of_items_is_none() {
    for (quantity, refund) in [
        (2, RefundScope::Quantity(2)),
        (0, RefundScope::Unspecified),
        (-1, RefundScope::Unspecified),
    ] {
        let found = revocation(&json!({ "voidedQuantity": quantity }));
        assert_eq!(found.refund, refund, "{quantity}");
    }
}
