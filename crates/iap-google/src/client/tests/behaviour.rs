//! Token, retries, errors, pages and set-up.

use bytes::Bytes;
use iap_core::{
    ErrorKind, Rejection,
    http::{HttpRequest, HttpTransport, TransportError, TransportErrorKind},
};

use super::*;
use crate::{
    credentials::ServiceAccountKey,
    model::{ProductPurchasesAcknowledgeRequest, VoidedPurchasesListRequest},
    testing::key_file,
};

fn bearer(request: &HttpRequest) -> String {
    request.headers()["authorization"]
        .to_str()
        .unwrap()
        .to_owned()
}

async fn call(setup: &Setup) -> Result<(), Error> {
    let lookup = setup.client.subscriptionsv2().get("t").await?;
    lookup.found_or_rejected().map(drop)
}

#[tokio::test]
async fn one_token_serves_many_calls_and_apps_until_shortly_before_it_expires() {
    let setup = setup();
    assert_eq!(
        setup.tokens.load(Ordering::SeqCst),
        0,
        "building sends nothing"
    );
    let other = setup.client.with_package_name("com.example.other").unwrap();
    call(&setup).await.unwrap();
    other.subscriptionsv2().get("t").await.unwrap();
    setup.clock.advance(Duration::from_secs(56 * 60));
    call(&setup).await.unwrap();
    let requests = setup.transport.requests();
    let tokens: Vec<_> = requests.iter().map(bearer).collect();
    assert_eq!(
        tokens,
        ["Bearer token-0", "Bearer token-0", "Bearer token-1"]
    );
    assert!(requests[1].uri().path().contains("/com.example.other/"));
}

#[tokio::test(start_paused = true)]
async fn a_401_with_an_older_token_is_tried_once_more_with_a_new_one() {
    for body in [error_object(401, "authError"), String::new()] {
        let setup = setup();
        call(&setup).await.unwrap();
        setup.transport.answer(401, body);
        call(&setup).await.unwrap();
        let tokens: Vec<_> = setup.transport.requests().iter().map(bearer).collect();
        assert_eq!(
            tokens,
            ["Bearer token-0", "Bearer token-0", "Bearer token-1"]
        );
    }
}

/// Never answers.
#[derive(Debug)]
struct Silence;

#[async_trait::async_trait]
impl HttpTransport for Silence {
    async fn send(&self, _request: HttpRequest) -> Result<HttpResponse, TransportError> {
        core::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn fetching_the_token_counts_against_the_deadline_of_the_call() {
    for seconds in [0, 5, 20] {
        let source = TokenFn::new(move || async move {
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            let expires_at = now().saturating_add(Duration::from_secs(60 * 60));
            Ok(Token::new(Secret::new("token"), expires_at))
        });
        let client = PlayClient::builder("com.example.app", source)
            .transport(Arc::new(Silence))
            .clock(FixedClock::new(now()))
            .build()
            .unwrap();
        let started = tokio::time::Instant::now();
        let error = client.subscriptionsv2().get("t").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!(error.store(), Some(Store::GooglePlay));
        assert_eq!(started.elapsed(), Duration::from_secs(8), "{seconds}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_401_is_not_repeated_with_a_fresh_token_nor_twice_nor_for_missing_rights() {
    let setup = setup();
    setup.transport.answer(401, error_object(401, "authError"));
    assert_eq!(
        call(&setup).await.unwrap_err().kind(),
        ErrorKind::Misconfigured
    );
    assert_eq!(setup.transport.requests().len(), 1);

    setup.transport.answer(401, error_object(401, "authError"));
    setup.transport.answer(401, error_object(401, "authError"));
    assert_eq!(
        call(&setup).await.unwrap_err().kind(),
        ErrorKind::Misconfigured
    );
    assert_eq!(setup.transport.requests().len(), 3);

    setup
        .transport
        .answer(401, error_object(401, "permissionDenied"));
    let error = call(&setup).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.to_string().contains("48 hours"), "{error}");
    assert_eq!(setup.transport.requests().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn an_outage_is_tried_again_and_is_never_a_verdict() {
    for status in [500, 502, 503, 504] {
        let setup = setup();
        for _ in 0..3 {
            setup
                .transport
                .answer(status, error_object(404, "purchaseTokenNotFound"));
        }
        let error = call(&setup).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{status}");
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(setup.transport.requests().len(), 3);
    }
    for kind in [
        TransportErrorKind::Connect,
        TransportErrorKind::Interrupted,
        TransportErrorKind::Timeout,
    ] {
        let setup = setup();
        for _ in 0..3 {
            setup.transport.push(Err(TransportError::new(kind)));
        }
        assert_eq!(
            call(&setup).await.unwrap_err().kind(),
            ErrorKind::Unavailable
        );
        assert_eq!(setup.transport.requests().len(), 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_purchase_that_is_not_known_yet_is_asked_for_three_times_within_two_seconds() {
    let setup = setup();
    setup
        .transport
        .answer(404, error_object(404, "purchaseTokenNotFound"));
    setup
        .transport
        .answer(404, error_object(404, "purchaseTokenNotFound"));
    let started = tokio::time::Instant::now();
    call(&setup).await.unwrap();
    assert_eq!(setup.transport.requests().len(), 3);
    assert!(started.elapsed() < Duration::from_secs(2));

    for _ in 0..4 {
        setup
            .transport
            .answer(404, error_object(404, "purchaseTokenNotFound"));
    }
    let error = call(&setup).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::NotFound));
    assert_eq!(setup.transport.requests().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_an_answer() {
    for (status, body) in [
        (410, error_object(410, "purchaseTokenNoLongerValid")),
        (400, r#"{"error":{"code":400,"message":"It has been expired for too long.","status":"FAILED_PRECONDITION"}}"#.to_owned()),
    ] {
        let setup = setup();
        setup.transport.answer(status, body.clone());
        let lookup = setup.client.subscriptionsv2().get("t").await.unwrap();
        assert!(matches!(&lookup, Lookup::Gone(failure) if failure.http_status() == status));
        let error = lookup.found_or_rejected().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Rejected(Rejection::NoLongerValid));
        assert_eq!(setup.transport.requests().len(), 1);

        setup.transport.answer(status, body.clone());
        let lookup = setup.client.productsv2().get_product_purchase_v2("t").await.unwrap();
        assert!(lookup.found().is_none());
        setup.transport.answer(status, body);
        assert!(setup.client.products().get("p", "t").await.unwrap().found().is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn an_empty_410_ends_a_subscription_only_in_the_call_that_google_announced_it_for() {
    let setup = setup();
    setup.transport.answer(410, "");
    let error = setup.client.subscriptionsv2().get("t").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    setup.transport.answer(410, "");
    let products = setup.client.productsv2();
    let error = products.get_product_purchase_v2("t").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    setup.transport.answer(410, "");
    #[expect(deprecated, reason = "it answers so")]
    let lookup = setup.client.subscriptions().get("p", "t").await.unwrap();
    assert!(matches!(lookup, Lookup::Gone(failure) if failure.http_status() == 410));
}

#[tokio::test(start_paused = true)]
async fn what_must_not_happen_twice_is_not_repeated_unless_it_surely_did_not_happen() {
    for (status, reason, attempts) in [
        (503, "backendError", 1),
        (400, "invalidPurchaseState", 1),
        (409, "concurrentUpdate", 3),
    ] {
        let setup = setup();
        for _ in 0..3 {
            setup.transport.answer(status, error_object(status, reason));
        }
        let request = ProductPurchasesAcknowledgeRequest::default();
        let result = setup
            .client
            .products()
            .acknowledge("p", "t", &request)
            .await;
        assert!(result.is_err());
        assert_eq!(setup.transport.requests().len(), attempts, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_is_not_waited_for_beyond_the_deadline() {
    for (status, reason, wait) in [
        (429, "rateLimitExceeded", Some(Duration::from_secs(60))),
        (403, "quotaExceeded", Some(Duration::from_secs(60))),
        (403, "dailyLimitExceeded", None),
    ] {
        let setup = setup();
        setup.transport.answer(status, error_object(status, reason));
        let started = tokio::time::Instant::now();
        let error = call(&setup).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!(error.retry_after(), wait, "{reason}");
        assert_eq!(setup.transport.requests().len(), 1);
        assert_eq!(started.elapsed(), Duration::ZERO);
    }
    // Google's own wish counts, if it fits.
    let setup = setup();
    let limited = http::Response::builder()
        .status(429)
        .header("retry-after", "2");
    setup
        .transport
        .push(Ok(limited.body(Bytes::new()).unwrap()));
    let started = tokio::time::Instant::now();
    call(&setup).await.unwrap();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_no_verdict_and_is_not_repeated() {
    for body in [
        "<html>planted",
        "",
        "[]",
        "[1]",
        "null",
        "\"planted\"",
        "{} planted",
        r#"{"startTime":"planted"}"#,
    ] {
        let setup = setup();
        setup.transport.answer(200, body);
        let error = call(&setup).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert_eq!(error.http_status(), Some(200));
        assert!(
            !format!("{error} {error:?}").contains("planted"),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn no_list_of_voided_purchases_is_no_empty_one() {
    let setup = setup();
    let list = async || {
        let request = VoidedPurchasesListRequest::default();
        setup.client.voidedpurchases().list(&request, None).await
    };
    setup.transport.answer(200, "{}");
    assert!(list().await.unwrap().voided_purchases.is_empty());
    setup.transport.answer(200, "");
    let error = list().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
}

#[tokio::test]
async fn a_page_is_no_answer_where_google_says_nothing() {
    for (body, is_good) in [("", true), ("{}\n", true), ("<html>", false), ("OK", false)] {
        let setup = setup();
        setup.transport.answer(200, body);
        let request = ProductPurchasesAcknowledgeRequest::default();
        let result = setup
            .client
            .products()
            .acknowledge("coins", "t", &request)
            .await;
        match result {
            Ok(()) => assert!(is_good, "{body}"),
            Err(error) => {
                assert!(!is_good, "{body}");
                assert_eq!(error.kind(), ErrorKind::InvalidResponse);
            }
        }
    }
}

#[tokio::test]
async fn an_id_cannot_lead_to_another_call_and_what_is_none_is_not_sent() {
    let setup = setup();
    let too_long = "a".repeat(2049);
    let endless = "\u{e9}".repeat(100_000);
    for id in [
        "", ".", "..", "\n", "a\0", "\u{7f}", "\u{85}", &too_long, &endless,
    ] {
        let error = setup.client.subscriptionsv2().get(id).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::Rejected(Rejection::Malformed),
            "{id:?}"
        );
        assert!(error.to_string().len() < 200, "{error}");
        let error = setup
            .client
            .products()
            .consume("coins", id)
            .await
            .unwrap_err();
        assert_eq!(error.rejection(), Some(Rejection::Malformed), "{id:?}");
        let error = setup
            .client
            .monetization()
            .subscriptions()
            .get(id)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{id:?}");
    }
    assert!(setup.transport.requests().is_empty());
    let longest = "\u{e9}".repeat(1024);
    for id in [
        "../../orders/1:refund",
        "t:consume",
        "%2e%2e",
        "t?a=b#c",
        "t\\..\\x",
        " ",
        &longest,
    ] {
        setup.client.subscriptionsv2().get(id).await.unwrap();
        let uri = setup.transport.requests().last().unwrap().uri().clone();
        let segments: Vec<_> = uri.path().split('/').collect();
        assert_eq!(segments.len(), 9, "{uri}");
        assert!(!uri.path().contains(':') && uri.query().is_none(), "{uri}");
    }
}

#[tokio::test]
async fn no_error_and_no_debug_shows_the_key_the_token_or_the_path() {
    let setup = setup();
    setup.transport.answer(400, error_object(400, "invalid"));
    setup.transport.answer(200, "<html>");
    let request = ApiRequest::get("test", ["planted-id"]).query("a", "planted-value");
    let key = ServiceAccountKey::from_json(key_file().to_string()).unwrap();
    let builder = PlayClient::builder("com.example.app", key);
    let mut shown = format!("{:?} {request:?} {builder:?}", setup.client);
    for _ in 0..2 {
        let error = setup
            .client
            .send::<serde_json::Value>(request.clone())
            .await
            .unwrap_err();
        shown.push_str(&format!("{error} {error:?}"));
    }
    for secret in ["planted", "token-0", "PRIVATE"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn a_client_that_cannot_work_is_refused_at_once() {
    let build = |package_name: &str, url: Option<&str>| {
        let source = TokenFn::new(|| async { Err(Error::unavailable("never asked")) });
        let mut builder =
            PlayClient::builder(package_name, source).transport(Arc::new(Transport::default()));
        if let Some(url) = url {
            builder = builder.base_url(url);
        }
        builder.build().map_err(|error| error.kind())
    };
    for name in ["com.example.app", "a.b", "com.Example.app_2"] {
        assert!(build(name, None).is_ok(), "{name}");
    }
    for name in [
        "",
        "app",
        ".",
        "..",
        "com..app",
        "com.example/app",
        "com.2app",
        "com.example.app ",
        "com.é.app",
    ] {
        assert_eq!(
            build(name, None).unwrap_err(),
            ErrorKind::Misconfigured,
            "{name}"
        );
        assert!(setup().client.with_package_name(name).is_err(), "{name}");
    }
    for url in [
        "googleapis.com",
        "http://googleapis.com",
        "ftp://localhost",
        "https://a/?b=c",
        "data:x",
    ] {
        assert_eq!(
            build("a.b", Some(url)).unwrap_err(),
            ErrorKind::Misconfigured,
            "{url}"
        );
    }
    for url in [
        "https://googleapis.com",
        "http://localhost:8080/base/",
        "http://127.0.0.1:1",
        "http://[::1]",
    ] {
        assert!(build("a.b", Some(url)).is_ok(), "{url}");
    }
}

#[tokio::test]
async fn a_base_url_of_your_own_may_have_a_path() {
    for base_url in [
        "https://proxy.example.com/google/",
        "https://proxy.example.com/google",
    ] {
        let transport = Arc::new(Transport::default());
        let never = Timestamp::from_millis(i64::MAX);
        let source = TokenFn::new(move || async move { Ok(Token::new("t".into(), never)) });
        let client = PlayClient::builder("com.example.app", source)
            .transport(transport.clone())
            .base_url(base_url)
            .build()
            .unwrap();
        client.subscriptionsv2().get("t").await.unwrap();
        assert_eq!(
            transport.requests()[0].uri(),
            "https://proxy.example.com/google/androidpublisher/v3/applications/com.example.app/purchases/subscriptionsv2/tokens/t"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_is_walked_to_its_end_a_page_that_failed_again_and_a_circle_once() {
    let setup = setup();
    let page = |order: &str, next: &str| {
        format!(
            r#"{{"voidedPurchases":[{{"orderId":"{order}"}}],"tokenPagination":{{"nextPageToken":"{next}"}}}}"#
        )
    };
    setup.transport.answer(200, page("1", "a"));
    setup.transport.answer(400, "");
    setup.transport.answer(200, page("2", "b"));
    setup
        .transport
        .answer(200, r#"{"voidedPurchases":[{"orderId":"3"}]}"#);
    let request = VoidedPurchasesListRequest::new().with_subscriptions();
    let mut pages = setup.client.voidedpurchases().pages(request.clone());
    let mut orders = Vec::new();
    for _ in 0..2 {
        while let Ok(Some(page)) = pages.next().await {
            orders.extend(
                page.voided_purchases
                    .into_iter()
                    .filter_map(|it| it.order_id),
            );
        }
    }
    assert_eq!(orders, ["1", "2", "3"]);
    let queries: Vec<_> = setup
        .transport
        .requests()
        .iter()
        .map(|it| it.uri().query().unwrap().to_owned())
        .collect();
    assert_eq!(
        queries,
        [
            "type=1",
            "token=a&type=1",
            "token=a&type=1",
            "token=b&type=1"
        ]
    );

    setup.transport.answer(200, page("1", "a"));
    setup.transport.answer(200, page("2", "a"));
    let mut pages = setup.client.voidedpurchases().pages(request);
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_none());

    setup
        .transport
        .answer(200, r#"{"subscriptions":[{}],"nextPageToken":"n"}"#);
    setup
        .transport
        .answer(200, r#"{"subscriptions":[{}],"nextPageToken":""}"#);
    let mut pages = setup.client.monetization().subscriptions().pages();
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.unwrap().is_none());
}
