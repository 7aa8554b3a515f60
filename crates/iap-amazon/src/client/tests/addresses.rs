//! Every address that is asked, byte for byte, and what no id can do to it.

use iap_core::{ErrorKind, Rejection};

use super::*;
#[cfg(feature = "billing-compatibility")]
use iap_core::{AppId, ProductId, PurchaseToken};

/// A value with every character that an address takes as it is, and its other look.
const LITERAL: &str = "AZaz09-._~:=+@!$&'()*,;";

/// A value with every character that must be encoded, and how it stands in the address.
const ENCODED: (&str, &str) = (
    "a/?#% \"<>[]{}|\\^`é",
    "a%2F%3F%23%25%20%22%3C%3E%5B%5D%7B%7D%7C%5C%5E%60%C3%A9",
);

async fn url_of_receipt(setup: &Setup, receipt_id: &str, user_id: &str) -> String {
    let (receipt_id, user_id) = (ReceiptId::new(receipt_id), UserId::new(user_id));
    let answer = setup.client.verify_receipt(&receipt_id, &user_id).await;
    assert!(answer.is_err(), "the script is over");
    setup.transport.urls().pop().unwrap()
}

#[tokio::test]
async fn a_receipt_is_asked_for_where_amazon_serves_it() {
    let url = url_of_receipt(&production(), "wE1EG=:1:11", "LRyD0=").await;
    assert_eq!(
        url,
        format!(
            "https://appstore-sdk.amazon.com/version/1.0/verifyReceiptId/developer/{SECRET}/user/LRyD0=/receiptId/wE1EG=:1:11"
        )
    );
    let url = url_of_receipt(&sandbox(), "q1YqVbJS", "l3HL7=").await;
    assert_eq!(
        url,
        "https://appstore-sdk.amazon.com/sandbox/version/1.0/verifyReceiptId/developer/sandbox/user/l3HL7=/receiptId/q1YqVbJS"
    );
}

#[cfg(feature = "billing-compatibility")]
#[tokio::test]
async fn billing_purchases_are_asked_for_where_amazon_serves_them() {
    let setup = production();
    let (app, token) = (
        AppId::new("com.example.app"),
        PurchaseToken::new("wE1EG=:1:11"),
    );
    let product = ProductId::new("com.example.gold_medal");
    let answer = setup
        .client
        .get_product_purchase(&app, &product, &token)
        .await;
    assert!(answer.is_err());
    let answer = setup.client.get_subscription_purchase(&app, &token).await;
    assert!(answer.is_err());
    assert_eq!(
        setup.transport.urls(),
        [
            format!(
                "https://appstore-sdk.amazon.com/version/1.0/get/developer/{SECRET}/applications/com.example.app/purchases/products/com.example.gold_medal/tokens/wE1EG=:1:11"
            ),
            format!(
                "https://appstore-sdk.amazon.com/version/1.0/developer/{SECRET}/applications/com.example.app/purchases/subscriptionsv2/tokens/wE1EG=:1:11"
            ),
        ]
    );
}

#[tokio::test]
async fn a_request_is_a_get_without_body_and_without_another_credential() {
    let setup = production();
    assert!(setup.verify().await.is_err());
    let requests = setup.transport.requests.lock().unwrap();
    let request = requests.first().unwrap();
    assert_eq!(request.method(), http::Method::GET);
    assert!(request.body().is_empty());
    let headers: Vec<_> = request.headers().keys().collect();
    assert_eq!(headers, ["accept"]);
}

#[tokio::test]
async fn each_id_is_one_segment_whatever_is_in_it() {
    let (raw, encoded) = ENCODED;
    let setup = production();
    for (id, segment) in [
        (LITERAL, LITERAL),
        (raw, encoded),
        ("../../developer", "..%2F..%2Fdeveloper"),
        ("...", "..."),
        ("%2e%2e", "%252e%252e"),
        ("a%2Fb", "a%252Fb"),
        ("a+b", "a+b"),
        (" id ", "%20id%20"),
        ("Id==", "Id=="),
    ] {
        let url = url_of_receipt(&setup, id, id).await;
        let end = format!("/user/{segment}/receiptId/{segment}");
        assert!(url.ends_with(&end), "{id}: {url}");
        let uri: http::Uri = url.parse().unwrap();
        assert_eq!(uri.path().split('/').count(), 10, "{url}");
        assert_eq!(uri.query(), None);
        // What another library makes of it is the same.
        let parsed = Url::parse(&url).unwrap();
        assert_eq!(parsed.as_str(), url);
    }
}

#[cfg(feature = "billing-compatibility")]
#[tokio::test]
async fn each_billing_id_is_one_segment_too() {
    let (raw, encoded) = ENCODED;
    let setup = production();
    let (app, product) = (AppId::new(raw), ProductId::new(raw));
    let token = PurchaseToken::new(raw);
    let answer = setup
        .client
        .get_product_purchase(&app, &product, &token)
        .await;
    assert!(answer.is_err());
    let answer = setup.client.get_subscription_purchase(&app, &token).await;
    assert!(answer.is_err());
    let urls = setup.transport.urls();
    assert!(urls[0].ends_with(&format!(
        "/applications/{encoded}/purchases/products/{encoded}/tokens/{encoded}"
    )));
    assert!(urls[1].ends_with(&format!(
        "/applications/{encoded}/purchases/subscriptionsv2/tokens/{encoded}"
    )));
}

/// Ids that are none, with a limit for their length.
fn bad_ids(max_length: usize) -> Vec<String> {
    let long = "x".repeat(max_length.saturating_add(1));
    let odd = ["", ".", "..", "a\n", "\0", "a\u{7f}", "\u{85}", "\t", &long];
    odd.map(str::to_owned).to_vec()
}

fn assert_malformed<T: fmt::Debug>(answer: Result<T, Error>, id: &str) {
    let error = answer.unwrap_err();
    let kind = ErrorKind::Rejected(Rejection::Malformed);
    assert_eq!(error.kind(), kind, "{id:?}");
    assert!(id.len() < 3 || !format!("{error:?}").contains(id));
}

#[tokio::test]
async fn an_id_that_is_none_is_rejected_before_anything_goes_out() {
    let good = "x";
    for setup in [production(), sandbox()] {
        for id in bad_ids(1024) {
            let (receipt_id, user_id) = (id.as_str().into(), good.into());
            let answer = setup.client.verify_receipt(&receipt_id, &user_id).await;
            assert_malformed(answer, &id);
        }
        for id in bad_ids(256) {
            let (receipt_id, user_id) = (good.into(), id.as_str().into());
            let answer = setup.client.verify_receipt(&receipt_id, &user_id).await;
            assert_malformed(answer, &id);
        }
        assert_eq!(setup.transport.urls(), [""; 0]);
    }
    // The longest that are accepted; ids of old have 347.
    let url = url_of_receipt(&production(), &"x".repeat(1024), &"y".repeat(256)).await;
    assert!(url.len() > 1280);
}

#[cfg(feature = "billing-compatibility")]
#[tokio::test]
async fn a_billing_id_that_is_none_is_rejected_before_anything_goes_out() {
    let setup = production();
    let good = "x";
    let product = async |app: &str, product: &str, token: &str| {
        let (app, product, token) = (app.into(), product.into(), token.into());
        setup
            .client
            .get_product_purchase(&app, &product, &token)
            .await
    };
    let subscription = async |app: &str, token: &str| {
        let (app, token) = (app.into(), token.into());
        setup.client.get_subscription_purchase(&app, &token).await
    };
    for id in bad_ids(256) {
        assert_malformed(product(&id, good, good).await, &id);
        assert_malformed(product(good, &id, good).await, &id);
        assert_malformed(subscription(&id, good).await, &id);
    }
    for id in bad_ids(1024) {
        assert_malformed(product(good, good, &id).await, &id);
        assert_malformed(subscription(good, &id).await, &id);
    }
    assert_eq!(setup.transport.urls(), [""; 0]);
}

#[tokio::test]
async fn a_base_url_takes_the_place_of_everything_before_the_version() {
    for (base_url, start) in [
        (
            "http://localhost:8080/RVSSandbox",
            "http://localhost:8080/RVSSandbox/version/1.0/",
        ),
        (
            "http://localhost:8080/RVSSandbox/",
            "http://localhost:8080/RVSSandbox/version/1.0/",
        ),
        (
            "https://proxy.example.com",
            "https://proxy.example.com/version/1.0/",
        ),
        ("http://[::1]:80", "http://[::1]/version/1.0/"),
    ] {
        for builder in [AmazonClient::production(SECRET), AmazonClient::sandbox()] {
            let url = url_of_receipt(&setup(builder.base_url(base_url)), "r", "u").await;
            assert!(url.starts_with(start), "{url}");
        }
    }
}

#[test]
fn a_client_that_cannot_work_is_refused_at_once_without_showing_why_in_detail() {
    let build = |builder: AmazonClientBuilder| {
        let result = builder.transport(Arc::new(Transport::default())).build();
        let error = result.map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Misconfigured);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("planted"), "{shown}");
    };
    for secret in [
        "",
        ".",
        "..",
        "planted\n",
        " planted",
        "plan ted planted",
        "plantéd planted",
        "planted\0",
        &"planted".repeat(100),
    ] {
        build(AmazonClient::production(secret));
    }
    for url in [
        "",
        "planted.example.com",
        "http://planted.example.com",
        "ftp://localhost/planted",
        "https://example.com/?planted",
        "https://example.com/#planted",
    ] {
        build(AmazonClient::production(SECRET).base_url(url));
        build(AmazonClient::sandbox().base_url(url));
    }
    build(AmazonClient::sandbox().requests_per_second(0));
}

#[tokio::test]
async fn the_real_secret_has_no_way_into_the_sandbox() {
    // There is no place to put one; what goes out is a constant.
    let url = url_of_receipt(&sandbox(), "r", "u").await;
    assert!(url.contains("/developer/sandbox/"), "{url}");
}

#[cfg(feature = "billing-compatibility")]
#[tokio::test]
async fn cloud_sandbox_is_not_asked_what_it_is_not_documented_to_know() {
    let ask = async |setup: &Setup| {
        let (app, token) = (AppId::new("a"), PurchaseToken::new("t"));
        let product = ProductId::new("p");
        let answer = setup.client.get_subscription_purchase(&app, &token).await;
        let kinds = [
            answer.unwrap_err().kind(),
            setup
                .client
                .get_product_purchase(&app, &product, &token)
                .await
                .unwrap_err()
                .kind(),
        ];
        assert_eq!(kinds, [ErrorKind::Misconfigured; 2]);
        setup.transport.urls().len()
    };
    assert_eq!(ask(&sandbox()).await, 0);
    let own = setup(AmazonClient::sandbox().base_url("http://localhost:1"));
    assert_eq!(ask(&own).await, 2, "a fake Amazon of one's own");
}
