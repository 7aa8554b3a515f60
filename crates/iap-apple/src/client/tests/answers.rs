//! What an answer means: good, bad, unreadable, and of tomorrow.

use core::error::Error as _;

use iap_core::{Error, ErrorKind, Rejection};

use super::*;
use crate::{
    ApiError, ApiFailure, AppStoreEnvironment, HistoryResponse, ImageIdentifier, OrderLookupStatus,
    TransactionHistoryRequest, TransactionHistoryVersion, UpdateAppAccountTokenRequest,
};

#[tokio::test(start_paused = true)]
async fn each_answer_of_apple_has_its_meaning() {
    let table: [(u16, &str, ErrorKind, Option<&str>); 10] = [
        (
            404,
            r#"{"errorCode":4040010,"errorMessage":"Transaction id not found."}"#,
            ErrorKind::Rejected(Rejection::NotFound),
            Some("4040010"),
        ),
        (
            404,
            r#"{"errorCode":4040002}"#,
            ErrorKind::Unavailable,
            Some("4040002"),
        ),
        (
            429,
            r#"{"errorCode":4290000}"#,
            ErrorKind::Unavailable,
            Some("4290000"),
        ),
        (
            500,
            r#"{"errorCode":5000000}"#,
            ErrorKind::Unavailable,
            Some("5000000"),
        ),
        (
            503,
            "<html>Service Unavailable</html>",
            ErrorKind::Unavailable,
            None,
        ),
        (502, "", ErrorKind::Unavailable, None),
        (401, "Unauthenticated", ErrorKind::Misconfigured, None),
        (200, "<html>", ErrorKind::InvalidResponse, None),
        (200, "", ErrorKind::InvalidResponse, None),
        (200, "[1]", ErrorKind::InvalidResponse, None),
    ];
    for (status, body, kind, code) in table {
        let setup = setup(Environment::Production);
        for _ in 0..3 {
            setup.transport.answer(status, body);
        }
        let error = call(&setup).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status} {body}: {error}");
        assert_eq!(error.http_status(), Some(status));
        assert_eq!(error.api_code(), code, "{status} {body}");
    }
}

/// What came of a call that Apple answers with `status` and `body`.
async fn failure<T>(
    status: u16,
    body: &'static str,
    call: impl AsyncFnOnce(AppStoreServerClient) -> Result<T, Error>,
) -> Error {
    let setup = setup(Environment::Sandbox);
    for _ in 0..3 {
        setup.transport.answer(status, body);
    }
    match call(setup.client).await {
        Ok(_) => panic!("{status} {body} is no failure"),
        Err(error) => error,
    }
}

/// Apple's own words in an error.
fn api_failure(error: &Error) -> &ApiFailure {
    error.source().unwrap().downcast_ref().unwrap()
}

#[tokio::test(start_paused = true)]
async fn each_refusal_of_apple_comes_through_with_code_and_message() {
    macro_rules! check {
        ($status:literal $code:literal $name:ident: |$client:ident| $call:expr) => {{
            let body = concat!(
                r#"{"errorCode":"#,
                $code,
                r#","errorMessage":"In Apple's words."}"#
            );
            let error = failure($status, body, async |$client| $call.await).await;
            let failure = api_failure(&error);
            assert_eq!(failure.api_error(), Some(ApiError::$name));
            assert_eq!(failure.message(), Some("In Apple's words."));
            assert_eq!(error.http_status(), Some($status));
            assert_eq!(error.api_code(), Some(stringify!($code)));
        }};
    }
    let account =
        UpdateAppAccountTokenRequest::new("3f8b0f0a-7d2e-4c3f-9d7a-2b6a0c1d5e4f").unwrap();
    check!(400 4000183 InvalidAppAccountTokenUuidError:
        |client| client.set_app_account_token("1", &account));
    check!(400 4000185 FamilyTransactionNotSupportedError:
        |client| client.set_app_account_token("1", &account));
    check!(400 4000187 TransactionIdIsNotOriginalTransactionIdError:
        |client| client.set_app_account_token("1", &account));
    check!(400 4000006 InvalidTransactionId: |client| client.get_app_transaction_info("1"));
    check!(404 4040019 AppTransactionDoesNotExistError:
        |client| client.get_app_transaction_info("1"));
    check!(404 4040010 TransactionIdNotFound: |client| client.get_app_transaction_info("1"));
    check!(500 5000000 GeneralInternal: |client| client.get_transaction_info("1"));
    check!(429 4290000 RateLimitExceeded: |client| client.get_transaction_info("1"));
}

#[tokio::test(start_paused = true)]
async fn a_code_that_nobody_knows_keeps_its_number_and_message() {
    let body = r#"{"errorCode":9990000,"errorMessage":"Testing error."}"#;
    let error = failure(400, body, async |client| client.get_image_list().await).await;
    let failure = api_failure(&error);
    assert_eq!(failure.api_error(), Some(ApiError::Unknown(9_990_000)));
    assert_eq!(failure.message(), Some("Testing error."));
    assert_eq!(error.api_code(), Some("9990000"));
    assert_eq!(error.http_status(), Some(400));
    assert_eq!(error.rejection(), None);
}

#[tokio::test]
async fn a_page_in_place_of_the_error_object_leaves_the_status_alone() {
    let page = "<html><body>Bad Request</body></html>";
    let error = failure(400, page, async |client| client.get_image_list().await).await;
    let failure = api_failure(&error);
    assert_eq!((failure.api_error(), failure.message()), (None, None));
    assert!(failure.source().is_none());
    assert_eq!(error.http_status(), Some(400));
    assert_eq!(error.api_code(), None);
}

#[tokio::test]
async fn an_answer_with_a_member_of_the_wrong_type_is_no_answer_and_the_member_is_named() {
    for (body, member) in [
        (r#"{"hasMore":1}"#, "hasMore"),
        (r#"{"appAppleId":{"id":1}}"#, "appAppleId"),
        (r#"{"signedTransactions":[1]}"#, "signedTransactions[0]"),
        (r#"{"environment":7}"#, "environment"),
    ] {
        let error = failure(200, body, all_transactions).await;
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert_eq!(error.http_status(), Some(200), "{body}");
        let cause = error.source().unwrap().to_string();
        assert!(cause.starts_with(&format!("{member}: ")), "{cause}");
    }
}

#[tokio::test]
async fn only_one_whole_json_object_is_an_answer() {
    for body in [
        "",
        "null",
        "[]",
        r#"["a",false]"#,
        "{",
        r#"{"revision":"a"#,
        r#"{"revision":"a"}}"#,
        r#"{"revision":"a"} {"revision":"b"}"#,
        "{}<html></html>",
    ] {
        let error = failure(200, body, all_transactions).await;
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert!(error.source().is_some(), "{body}");
    }
    let setup = setup(Environment::Sandbox);
    setup.transport.answer(200, " \r\n{\"revision\":\"a\"}\n");
    let history = all_transactions(setup.client).await.unwrap();
    assert_eq!(history.revision.as_deref(), Some("a"));
}

#[tokio::test]
async fn a_page_is_no_answer_where_apple_says_nothing() {
    let id = ImageIdentifier::new("0f7a1b52-3c4d-4e5f-8a9b-0c1d2e3f4a5b").unwrap();
    let delete = async |client: AppStoreServerClient| client.delete_image(&id).await;
    for body in ["", "\n", "{}"] {
        let setup = setup(Environment::Sandbox);
        setup.transport.answer(200, body);
        assert!(delete(setup.client).await.is_ok(), "{body}");
    }
    for body in ["<html></html>", "OK", "[]", "{"] {
        let error = failure(200, body, delete).await;
        assert_eq!(error.kind(), ErrorKind::InvalidResponse, "{body}");
        assert_eq!(error.http_status(), Some(200), "{body}");
    }
}

async fn all_transactions(client: AppStoreServerClient) -> Result<HistoryResponse, Error> {
    let (all, version) = (
        TransactionHistoryRequest::new(),
        TransactionHistoryVersion::V2,
    );
    client
        .get_transaction_history("1", None, &all, version)
        .await
}

#[tokio::test]
async fn an_answer_may_hold_what_this_version_does_not_know() {
    let setup = setup(Environment::Sandbox);
    setup.transport.answer(
        200,
        r#"{"environment":"LocalTestingxxx","appAppleId":"hi","signedTransactions":["a","b"]}"#,
    );
    let history = all_transactions(setup.client.clone()).await.unwrap();
    let environment = history.environment.unwrap();
    assert_eq!(environment.as_str(), "LocalTestingxxx");
    assert!(matches!(environment, AppStoreEnvironment::Unknown(_)));
    // It decides nothing here, and must not cost the transactions.
    assert_eq!(history.app_apple_id, None);
    assert_eq!(history.signed_transactions, ["a", "b"]);

    setup
        .transport
        .answer(200, r#"{"status":1,"signedTransactions":["a","b"]}"#);
    let order = setup.client.look_up_order_id("W002182").await.unwrap();
    assert_eq!(order.status, Some(OrderLookupStatus::Invalid));
    assert_eq!(order.signed_transactions, ["a", "b"]);
}
