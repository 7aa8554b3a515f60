//! What happens to a purchase at the store, and what the backend then answers.

use core::time::Duration;

use iap_core::{
    Access, AccessPolicy, AutoRenew, Clock as _, DenialReason, Environment, EnvironmentSet,
    ErrorKind, GrantReason, Proof, Rejection, RevocationReason, SubscriptionState, Verifier as _,
};
use iap_testkit::{Bought, TransactionBuilder};

use super::{BUNDLE_ID, Town};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Town {
    async fn access(&self, bought: &Bought) -> Access {
        let proof = Proof::apple_transaction_id(bought.transaction_id.as_str());
        let purchase = self.verifier().verify(&proof).await.unwrap();
        purchase.access_at(self.clock.now(), &AccessPolicy::new())
    }

    fn bought(&self) -> Bought {
        let customer = self.store.customer();
        self.store.buy(&customer, self.subscription())
    }
}

fn granted(reason: GrantReason) -> impl Fn(Access) -> bool {
    move |access| matches!(access, Access::Granted { reason: it, .. } if it == reason)
}

fn denied(reason: DenialReason) -> impl Fn(Access) -> bool {
    move |access| matches!(access, Access::Denied { reason: it, .. } if it == reason)
}

#[tokio::test]
async fn a_subscription_gives_access_until_its_end_and_again_after_it_renewed() {
    let town = Town::new();
    let bought = town.bought();
    assert!(granted(GrantReason::Active)(town.access(&bought).await));
    town.clock.advance(DAY * 31);
    town.store
        .set_auto_renew(&bought.original_transaction_id, AutoRenew::Off);
    assert!(denied(DenialReason::Expired)(town.access(&bought).await));
    town.store.renew(&bought.original_transaction_id);
    assert!(granted(GrantReason::Active)(town.access(&bought).await));
}

#[tokio::test]
async fn a_failed_payment_keeps_access_for_the_grace_period_only() {
    let town = Town::new();
    let bought = town.bought();
    let id = &bought.original_transaction_id;
    town.clock.advance(DAY * 31);
    town.store.fail_renewal(id, Some(DAY * 16));
    assert!(granted(GrantReason::InGracePeriod)(
        town.access(&bought).await
    ));
    town.clock.advance(DAY * 16);
    town.store.end_grace_period(id);
    assert!(denied(DenialReason::OnHold)(town.access(&bought).await));
    town.store.expire(id, 2);
    assert!(denied(DenialReason::Expired)(town.access(&bought).await));
}

#[tokio::test]
async fn a_refund_ends_access_at_once_and_its_reversal_brings_it_back() {
    let town = Town::new();
    let bought = town.bought();
    town.store.refund(&bought.transaction_id);
    assert!(denied(DenialReason::Revoked)(town.access(&bought).await));
    town.store.reverse_refund(&bought.transaction_id);
    assert!(granted(GrantReason::Active)(town.access(&bought).await));
}

#[tokio::test]
async fn a_refund_of_an_earlier_period_leaves_the_present_one_alone() {
    let town = Town::new();
    let first = town.bought();
    town.clock.advance(DAY * 30);
    town.store.renew(&first.original_transaction_id);
    town.store.refund(&first.transaction_id);
    assert!(granted(GrantReason::Active)(town.access(&first).await));
}

#[tokio::test]
async fn a_family_member_who_stops_sharing_ends_access_without_a_refund() {
    let town = Town::new();
    let customer = town.store.customer();
    let shared = town.subscription().in_app_ownership_type("FAMILY_SHARED");
    let bought = town.store.buy(&customer, shared);
    town.store.stop_sharing(&bought.transaction_id);
    let proof = Proof::apple_transaction_id(bought.transaction_id.as_str());
    let purchase = town.verifier().verify(&proof).await.unwrap();
    let revocation = purchase.revocation.clone().unwrap();
    assert_eq!(revocation.reason, RevocationReason::FamilySharingEnded);
    assert!(
        !purchase
            .access_at(town.clock.now(), &AccessPolicy::new())
            .is_granted()
    );
}

#[tokio::test]
async fn an_upgrade_moves_access_to_the_new_product_whichever_transaction_is_asked_for() {
    let town = Town::new();
    let bought = town.bought();
    let upgraded = town
        .store
        .upgrade(&bought.original_transaction_id, "pro.yearly");
    for id in [&bought.transaction_id, &upgraded.transaction_id] {
        let proof = Proof::apple_transaction_id(id.as_str());
        let purchase = town.verifier().verify(&proof).await.unwrap();
        assert_eq!(purchase.product_id.as_str(), "pro.yearly");
        assert!(
            purchase
                .access_at(town.clock.now(), &AccessPolicy::new())
                .is_granted()
        );
    }
}

#[tokio::test]
async fn a_downgrade_waits_for_the_next_period() {
    let town = Town::new();
    let bought = town.bought();
    town.store
        .downgrade(&bought.original_transaction_id, "basic.monthly");
    let proof = Proof::apple_transaction_id(bought.transaction_id.as_str());
    let purchase = town.verifier().verify(&proof).await.unwrap();
    assert_eq!(purchase.product_id.as_str(), "pro.monthly");
    let next = purchase.subscription.unwrap().next_product_id.unwrap();
    assert_eq!(next.as_str(), "basic.monthly");
}

#[tokio::test]
async fn a_signed_transaction_that_is_genuine_and_refunded_since_gives_no_access() {
    let town = Town::new();
    let bought = town.bought();
    town.store.refund(&bought.transaction_id);
    let proof = Proof::apple_signed_transaction(bought.signed_transaction.as_str());
    let snapshot = town.offline().verify(&proof).await.unwrap();
    assert!(
        snapshot
            .access_at(town.clock.now(), &AccessPolicy::new())
            .is_granted()
    );
    let present = town.verifier().verify(&proof).await.unwrap();
    assert!(
        !present
            .access_at(town.clock.now(), &AccessPolicy::new())
            .is_granted()
    );
    assert!(present.supersedes(&snapshot) || present.as_of == snapshot.as_of);
}

#[tokio::test]
async fn a_purchase_of_the_sandbox_is_found_there_and_gives_access_only_to_those_who_allow_it() {
    let town = Town::new();
    let customer = town.store.customer();
    let sandbox = town.subscription().environment(Environment::Sandbox);
    let bought = town.store.buy(&customer, sandbox);
    let proof = Proof::apple_transaction_id(bought.transaction_id.as_str());
    let purchase = town.verifier().verify(&proof).await.unwrap();
    assert_eq!(purchase.environment, Environment::Sandbox);
    assert_eq!(
        purchase.subscription.as_ref().unwrap().state,
        SubscriptionState::Active
    );
    let now = town.clock.now();
    assert!(!purchase.access_at(now, &AccessPolicy::new()).is_granted());
    let both: EnvironmentSet = [Environment::Production, Environment::Sandbox].into();
    let staging = AccessPolicy::new().environments(both);
    assert!(purchase.access_at(now, &staging).is_granted());
}

#[tokio::test]
async fn what_nobody_bought_is_a_verdict_and_a_wrong_key_is_none() {
    let town = Town::new();
    let proof = Proof::apple_transaction_id("999");
    let error = town.verifier().verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::NotFound));
    let stranger = Town::new();
    let client = iap_apple::AppStoreServerClient::builder(
        stranger.key(),
        BUNDLE_ID,
        Environment::Production,
    )
    .base_url(town.store.url(Environment::Production))
    .clock(town.clock.clone())
    .build()
    .unwrap();
    let verifier = iap_apple::AppStoreVerifier::new(client, town.offline());
    let bought = town.bought();
    let proof = Proof::apple_transaction_id(bought.transaction_id.as_str());
    let error = verifier.verify(&proof).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.http_status(), Some(401));
}

#[tokio::test]
async fn a_consumable_is_bought_again_and_again_and_each_purchase_stands_alone() {
    let town = Town::new();
    let customer = town.store.customer();
    let coins = || TransactionBuilder::consumable(BUNDLE_ID, "coins");
    let first = town.store.buy(&customer, coins());
    let second = town.store.buy(&customer, coins());
    town.store.refund(&first.transaction_id);
    assert!(denied(DenialReason::Revoked)(town.access(&first).await));
    assert!(granted(GrantReason::Purchased)(town.access(&second).await));
}
