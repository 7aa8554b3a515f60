#![allow(clippy::unwrap_used, reason = "a test fails loudly")]

use core::time::Duration;
use std::sync::atomic::{AtomicUsize, Ordering};

use iap_core::{
    Environment, ErrorKind, ProductKind, PurchaseKey, Rejection, Timestamp, VerifierExt as _,
};
use tokio::time::{Instant, sleep};

use super::*;

/// Vouches for every proof of its stores but those that say otherwise, after a while.
#[derive(Debug, Default)]
struct Shop {
    stores: Vec<Store>,
    under_way: AtomicUsize,
    most_under_way: AtomicUsize,
}

impl Shop {
    fn of(stores: impl Into<Vec<Store>>) -> Arc<Self> {
        Arc::new(Self {
            stores: stores.into(),
            ..Self::default()
        })
    }
}

#[async_trait]
impl Verifier for Shop {
    fn stores(&self) -> &[Store] {
        &self.stores
    }

    async fn verify(&self, proof: &Proof) -> Result<Purchase, Error> {
        let under_way = self
            .under_way
            .fetch_add(1, Ordering::Relaxed)
            .saturating_add(1);
        self.most_under_way.fetch_max(under_way, Ordering::Relaxed);
        let token = token(proof);
        let wait = if token == "slow" { 60 } else { 1 };
        sleep(Duration::from_secs(wait)).await;
        self.under_way.fetch_sub(1, Ordering::Relaxed);
        match token {
            "forged" => Err(Error::rejected(Rejection::NotFound, "no such purchase")),
            "outage" => Err(Error::unavailable("no answer")),
            _ => Ok(Purchase::new(
                proof.store(),
                Environment::Production,
                PurchaseKey::google(token),
                token.into(),
                ProductKind::NonConsumable,
                Timestamp::UNIX_EPOCH,
            )),
        }
    }
}

fn token(proof: &Proof) -> &str {
    match proof {
        Proof::AmazonReceipt { receipt_id, .. } => receipt_id.as_str(),
        Proof::AppleSignedTransaction(jws) => jws.as_str(),
        Proof::GoogleProduct { purchase_token, .. } => purchase_token.as_str(),
        other => panic!("not used here: {}", other.kind()),
    }
}

fn google(token: &str) -> Proof {
    Proof::google_product("com.example.app", token)
}

fn only(shop: &Arc<Shop>) -> StoresBuilder {
    Stores::builder().with(Arc::clone(shop))
}

#[tokio::test(start_paused = true)]
async fn each_proof_goes_to_the_verifier_of_its_store() {
    let stores = Stores::builder()
        .with(Shop::of([Store::AppStore]))
        .with(Shop::of([Store::GooglePlay, Store::AmazonAppstore]))
        .build()
        .unwrap();
    let all = [Store::AppStore, Store::GooglePlay, Store::AmazonAppstore];
    assert_eq!(stores.stores(), all);
    let proofs = [
        Proof::apple_signed_transaction("a"),
        google("g"),
        Proof::amazon_receipt("r", "user"),
    ];
    for (proof, store) in proofs.iter().zip(all) {
        let purchase = stores.verify(proof).await.unwrap();
        assert_eq!(
            (purchase.store, purchase.product_id.as_str()),
            (store, token(proof))
        );
        let responsible = stores.verifier(store).unwrap();
        assert!(responsible.stores().contains(&store));
    }
}

#[tokio::test]
async fn a_store_that_is_not_set_up_is_our_mistake_and_no_verdict() {
    let stores = only(&Shop::of([Store::AppStore])).build().unwrap();
    let error = stores.verify(&google("a-secret-token")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert_eq!(error.store(), Some(Store::GooglePlay));
    assert_eq!(
        error.to_string(),
        "google_play: misconfigured: no verifier is set up for it: add one with \
         Stores::builder().with(…) to verify a proof of kind Google one-time product token"
    );
    assert!(stores.verifier(Store::GooglePlay).is_none());
}

#[test]
fn two_verifiers_of_one_store_and_none_at_all_are_refused() {
    let twice = only(&Shop::of([Store::GooglePlay, Store::AppStore]))
        .with(Shop::of([Store::AppStore]))
        .build()
        .unwrap_err();
    assert_eq!(twice.kind(), ErrorKind::Misconfigured);
    assert!(
        twice
            .to_string()
            .contains("app_store: misconfigured: it has two verifiers"),
        "{twice}"
    );

    for nothing in [Stores::builder(), only(&Shop::of([]))] {
        let error = nothing.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        assert!(error.to_string().contains("no store is set up"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn many_proofs_have_an_answer_each_in_their_order() {
    let stores = only(&Shop::of([Store::GooglePlay])).build().unwrap();
    let proofs = [
        google("slow"),
        google("forged"),
        google("lifetime"),
        google("outage"),
        Proof::amazon_receipt("r", "user"),
        google("lifetime"),
    ];
    let answers = stores.verify_all(&proofs).await;
    let told: Vec<_> = answers
        .iter()
        .map(|answer| {
            answer
                .as_ref()
                .map(|it| it.product_id.as_str())
                .map_err(Error::kind)
        })
        .collect();
    assert_eq!(
        told,
        [
            Ok("slow"),
            Err(ErrorKind::Rejected(Rejection::NotFound)),
            Ok("lifetime"),
            Err(ErrorKind::Unavailable),
            Err(ErrorKind::Misconfigured),
            Ok("lifetime"),
        ]
    );
    assert!(stores.verify_all(&[]).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn so_many_proofs_are_under_way_at_a_time_and_a_slow_one_holds_up_no_other() {
    for (concurrency, seconds) in [(None, 60), (Some(1), 92), (Some(2), 60), (Some(100), 60)] {
        let shop = Shop::of([Store::GooglePlay]);
        let mut builder = only(&shop);
        if let Some(concurrency) = concurrency {
            builder = builder.concurrency(NonZeroUsize::new(concurrency).unwrap());
        }
        let stores = builder.build().unwrap();
        let mut proofs = vec![google("slow")];
        proofs.extend((0..32).map(|number| google(&number.to_string())));

        let start = Instant::now();
        // As a task, which it can be only if its future is Send.
        let answers = tokio::spawn(async move { stores.verify_all(&proofs).await });
        assert_eq!(answers.await.unwrap().len(), 33);
        let limit = concurrency.unwrap_or(8).min(33);
        assert_eq!(shop.most_under_way.load(Ordering::Relaxed), limit);
        assert_eq!(start.elapsed().as_secs(), seconds, "{limit}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_checks_that_most_callers_add_hold_for_all_stores() {
    let stores = only(&Shop::of([Store::GooglePlay])).build().unwrap();
    let wrong = stores
        .verify_product(&google("silver"), &"gold".into())
        .await
        .unwrap_err();
    assert_eq!(wrong.rejection(), Some(Rejection::WrongProduct));
    assert_eq!(wrong.store(), Some(Store::GooglePlay));
    let nobodys = stores
        .verify_for_account(&google("gold"), &"me".into())
        .await
        .unwrap_err();
    assert_eq!(nobodys.rejection(), Some(Rejection::WrongAccount));
}
