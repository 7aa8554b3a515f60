//! Every endpoint: method, path, query, headers and body, written down apart from the code.

use iap_core::{Error, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::{
    AdvancedCommerceClient, AltText, BulletPoint, BulletPointText, ConsumptionPercentage,
    ConsumptionRequest, ConsumptionRequestV1, DefaultConfigurationRequest, Delivery,
    DeliveryStatusV1, ExtendReasonCode, ExtendRenewalDateRequest, HistoryProductType, HistorySort,
    ImageIdentifier, ImageSize, InAppOwnershipType, MassExtendRenewalDateRequest, MessageBody,
    MessageHeader, MessageIdentifier, NotificationFilter, NotificationHistoryRequest,
    PerformanceTestRequest, ProductType, RealtimeUrl, RealtimeUrlRequest, RefundPreference,
    RequestIdentifier, SampleContent, Status, StorefrontCountryCode, TransactionHistoryRequest,
    TransactionHistoryVersion, UpdateAppAccountTokenRequest, UploadMessageRequestBody,
};

const UUID: &str = "7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e7f";

/// What goes out for one call.
async fn sent<T>(call: impl AsyncFnOnce(AppStoreServerClient) -> Result<T, Error>) -> HttpRequest {
    let setup = setup(Environment::Sandbox);
    // Most answers are read from `{}`; where one member is mandatory, the request counts all the same.
    let _ = call(setup.client).await;
    let requests = setup.transport.requests();
    assert_eq!(requests.len(), 1);
    requests.into_iter().next().unwrap()
}

/// Checks one call against a row: method, path with query, and JSON body.
macro_rules! check {
    ($method:literal $path:literal $(, $body:expr)?; |$client:ident| $call:expr) => {{
        let request = sent(async |$client| $call.await).await;
        assert_eq!(request.method().as_str(), $method);
        assert_eq!(
            request.uri().to_string(),
            concat!("https://api.storekit-sandbox.apple.com", $path)
        );
        assert_eq!(request.headers()["accept"], "application/json");
        let body: Option<Value> = None;
        $(let body: Option<Value> = { let _ = body; Some($body) };)?
        let content_type = request.headers().get("content-type");
        match body {
            None => {
                assert!(request.body().is_empty());
                assert!(content_type.is_none());
            }
            Some(body) => {
                assert_eq!(content_type.unwrap(), "application/json");
                assert_eq!(serde_json::from_slice::<Value>(request.body()).unwrap(), body);
            }
        }
    }};
}

#[tokio::test]
async fn transactions() {
    check!("GET" "/inApps/v1/transactions/1234"; |client| client.get_transaction_info("1234"));
    check!("GET" "/inApps/v1/transactions/appTransactions/1234";
        |client| client.get_app_transaction_info("1234"));
    check!("GET" "/inApps/v1/lookup/W002182"; |client| client.look_up_order_id("W002182"));
    check!("POST" "/inApps/v1/transactions/1234/finish"; |client| client.finish_transaction("1234"));
    check!("GET" "/inApps/v2/refund/lookup/1234"; |client| client.get_refund_history("1234", None));
    check!("GET" "/inApps/v2/refund/lookup/1234?revision=a%2Bb%2Fc%3D";
        |client| client.get_refund_history("1234", Some("a+b/c=")));
    let request = UpdateAppAccountTokenRequest::new(UUID).unwrap();
    check!("PUT" "/inApps/v1/transactions/1234/appAccountToken", json!({ "appAccountToken": UUID });
        |client| client.set_app_account_token("1234", &request));
}

#[tokio::test]
async fn transaction_history_with_every_condition_and_with_none() {
    let all = TransactionHistoryRequest::new();
    check!("GET" "/inApps/v2/history/1234";
        |client| client.get_transaction_history("1234", None, &all, TransactionHistoryVersion::V2));
    let some = TransactionHistoryRequest::new()
        .with_start_date(Timestamp::from_millis(123_455))
        .with_end_date(Timestamp::from_millis(123_456))
        .with_product_id("a")
        .with_product_id("b")
        .with_product_type(HistoryProductType::Consumable)
        .with_product_type(HistoryProductType::AutoRenewable)
        .with_sort(HistorySort::Ascending)
        .with_subscription_group_identifier("g")
        .with_in_app_ownership_type(InAppOwnershipType::FamilyShared)
        .without_revoked();
    check!("GET" "/inApps/v1/history/1234?revision=r&startDate=123455&endDate=123456&productId=a&productId=b&productType=CONSUMABLE&productType=AUTO_RENEWABLE&sort=ASCENDING&subscriptionGroupIdentifier=g&inAppOwnershipType=FAMILY_SHARED&revoked=false";
        |client| client.get_transaction_history("1234", Some("r"), &some, TransactionHistoryVersion::V1));
}

#[tokio::test]
async fn subscriptions() {
    check!("GET" "/inApps/v1/subscriptions/1234";
        |client| client.get_all_subscription_statuses("1234", &[]));
    check!("GET" "/inApps/v1/subscriptions/1234?status=2&status=1";
        |client| client.get_all_subscription_statuses("1234", &[Status::Expired, Status::Active]));

    let identifier = RequestIdentifier::new(UUID).unwrap();
    let one = ExtendRenewalDateRequest::new(
        45,
        ExtendReasonCode::CustomerSatisfaction,
        identifier.clone(),
    )
    .unwrap();
    check!("PUT" "/inApps/v1/subscriptions/extend/1234",
        json!({ "extendByDays": 45, "extendReasonCode": 1, "requestIdentifier": UUID });
        |client| client.extend_subscription_renewal_date("1234", &one));

    let storefronts = ["USA", "MEX"].map(|code| StorefrontCountryCode::new(code).unwrap());
    let many = MassExtendRenewalDateRequest::new(
        "p",
        45,
        ExtendReasonCode::ServiceIssueOrOutage,
        identifier.clone(),
    )
    .unwrap()
    .with_storefronts(storefronts)
    .unwrap();
    check!("POST" "/inApps/v1/subscriptions/extend/mass",
        json!({
            "extendByDays": 45, "extendReasonCode": 3, "requestIdentifier": UUID,
            "storefrontCountryCodes": ["USA", "MEX"], "productId": "p",
        });
        |client| client.extend_renewal_date_for_all_active_subscribers(&many));
    check!("GET" "/inApps/v1/subscriptions/extend/mass/com.example.p/7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e7f";
        |client| client.get_status_of_subscription_renewal_date_extensions(&identifier, "com.example.p"));
}

#[tokio::test]
async fn notifications() {
    check!("POST" "/inApps/v1/notifications/test"; |client| client.request_test_notification());
    check!("GET" "/inApps/v1/notifications/test/token_1";
        |client| client.get_test_notification_status("token_1"));
    let request =
        NotificationHistoryRequest::new(Timestamp::from_millis(1), Timestamp::from_millis(2))
            .unwrap()
            .with_filter(NotificationFilter::Transaction("5".into()));
    check!("POST" "/inApps/v1/notifications/history",
        json!({ "startDate": 1, "endDate": 2, "transactionId": "5" });
        |client| client.get_notification_history(None, &request));
    check!("POST" "/inApps/v1/notifications/history?paginationToken=t%3D",
        json!({ "startDate": 1, "endDate": 2, "transactionId": "5" });
        |client| client.get_notification_history(Some("t="), &request));
}

#[tokio::test]
async fn consumption() {
    let half = ConsumptionPercentage::from_percent(50).unwrap();
    let request = ConsumptionRequest::with_customer_consent(
        Delivery::Consumed(half),
        SampleContent::NotProvided,
    )
    .with_refund_preference(RefundPreference::GrantFull, &ProductType::Consumable)
    .unwrap();
    check!("PUT" "/inApps/v2/transactions/consumption/1234",
        json!({
            "customerConsented": true, "deliveryStatus": "DELIVERED", "consumptionPercentage": 50_000,
            "refundPreference": "GRANT_FULL", "sampleContentProvided": false,
        });
        |client| client.send_consumption_information("1234", &request));

    let request = ConsumptionRequestV1::with_customer_consent(
        DeliveryStatusV1::DeliveredAndWorkingProperly,
        SampleContent::Provided,
    );
    check!("PUT" "/inApps/v1/transactions/consumption/1234",
        json!({
            "accountTenure": 0, "appAccountToken": "", "consumptionStatus": 0,
            "customerConsented": true, "deliveryStatus": 0, "lifetimeDollarsPurchased": 0,
            "lifetimeDollarsRefunded": 0, "platform": 0, "playTime": 0, "refundPreference": 0,
            "sampleContentProvided": true, "userStatus": 0,
        });
        |client| client.send_consumption_data("1234", &request));
}

#[tokio::test]
async fn retention_images_and_messages() {
    let image = ImageIdentifier::new(UUID).unwrap();
    let message = MessageIdentifier::new(UUID).unwrap();
    check!("DELETE" "/inApps/v1/messaging/image/7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e7f";
        |client| client.delete_image(&image));
    check!("GET" "/inApps/v1/messaging/image/list"; |client| client.get_image_list());
    check!("DELETE" "/inApps/v1/messaging/message/7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e7f";
        |client| client.delete_message(&message));
    check!("GET" "/inApps/v1/messaging/message/list"; |client| client.get_message_list());
    let bullet = BulletPoint::new(
        BulletPointText::new("point").unwrap(),
        image.clone(),
        AltText::new("alt").unwrap(),
    );
    let body = UploadMessageRequestBody::new(
        MessageHeader::new("h").unwrap(),
        MessageBody::new("b").unwrap(),
    )
    .with_bullet_points([bullet])
    .unwrap();
    check!("PUT" "/inApps/v1/messaging/message/7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e7f",
        json!({
            "header": "h", "body": "b",
            "bulletPoints": [{ "text": "point", "imageIdentifier": UUID, "altText": "alt" }],
        });
        |client| client.upload_message(&message, &body));
}

#[tokio::test]
async fn an_image_goes_out_as_png() {
    let image = ImageIdentifier::new(UUID).unwrap();
    for (size, query) in [
        (None, None),
        (Some(ImageSize::FullSize), Some("imageSize=FULL_SIZE")),
    ] {
        let request = sent(async |client| {
            client
                .upload_image(&image, size, Bytes::from_static(&[1, 2, 3]))
                .await
        })
        .await;
        assert_eq!(request.method(), "PUT");
        assert_eq!(
            request.uri().path(),
            "/inApps/v1/messaging/image/7f3c2f6e-53a5-4b1c-9d3e-2a1b0c9d8e7f"
        );
        assert_eq!(request.uri().query(), query);
        assert_eq!(request.headers()["content-type"], "image/png");
        assert_eq!(request.body().as_ref(), [1, 2, 3]);
    }
}

#[tokio::test]
async fn retention_configuration_and_performance_tests() {
    let message = MessageIdentifier::new(UUID).unwrap();
    let default = DefaultConfigurationRequest::new(message);
    check!("PUT" "/inApps/v1/messaging/default/com.example.p/en-US", json!({ "messageIdentifier": UUID });
        |client| client.configure_default_message("com.example.p", "en-US", &default));
    check!("DELETE" "/inApps/v1/messaging/default/com.example.p/en-US";
        |client| client.delete_default_message("com.example.p", "en-US"));
    check!("GET" "/inApps/v1/messaging/default/com.example.p/en-US";
        |client| client.get_default_message("com.example.p", "en-US"));
    let url = RealtimeUrlRequest::new(RealtimeUrl::new("https://example.com/r").unwrap());
    check!("PUT" "/inApps/v1/messaging/realtime/url", json!({ "realtimeURL": "https://example.com/r" });
        |client| client.configure_realtime_url(&url));
    check!("DELETE" "/inApps/v1/messaging/realtime/url"; |client| client.delete_realtime_url());
    check!("GET" "/inApps/v1/messaging/realtime/url"; |client| client.get_realtime_url());
    let test = PerformanceTestRequest::new("1234");
    check!("POST" "/inApps/v1/messaging/performanceTest", json!({ "originalTransactionId": "1234" });
        |client| client.initiate_performance_test(&test));
    check!("GET" "/inApps/v1/messaging/performanceTest/result/r1";
        |client| client.get_performance_test_results("r1"));
}

#[tokio::test]
async fn production_and_a_base_url_of_your_own() {
    let setup = setup(Environment::Production);
    setup.client.get_transaction_info("1").await.unwrap();
    let uri = setup.transport.requests()[0].uri().to_string();
    assert_eq!(
        uri,
        "https://api.storekit.apple.com/inApps/v1/transactions/1"
    );

    let transport = Arc::new(Transport::default());
    let client = AppStoreServerClient::builder(key(), "com.example.app", Environment::Production)
        .transport(transport.clone())
        .base_url("https://proxy.example.com/apple/")
        .build()
        .unwrap();
    client.get_transaction_info("1").await.unwrap();
    let uri = transport.requests()[0].uri().to_string();
    assert_eq!(
        uri,
        "https://proxy.example.com/apple/inApps/v1/transactions/1"
    );
}

#[tokio::test]
async fn advanced_commerce() {
    /// Sends `body`, read as the request of the call, and checks that it goes out as it is.
    macro_rules! check_advanced {
        ($method:ident $path:literal, $body:expr) => {{
            let body = $body;
            let request = serde_json::from_value(body.clone()).expect("a request");
            check!("POST" $path, body; |client| async {
                AdvancedCommerceClient::from(client).$method("1234", &request).await
            });
        }};
    }

    let info = json!({ "requestReferenceId": UUID });
    let texts = json!({ "description": "d", "displayName": "n" });
    check_advanced!(cancel_subscription "/advancedCommerce/v1/subscription/cancel/1234",
        json!({ "requestInfo": info }));
    check_advanced!(revoke_subscription "/advancedCommerce/v1/subscription/revoke/1234",
    json!({
        "requestInfo": info, "refundReason": "LEGAL", "refundType": "FULL",
        "refundRiskingPreference": false,
    }));
    check_advanced!(request_transaction_refund "/advancedCommerce/v1/transaction/requestRefund/1234",
    json!({
        "requestInfo": info, "refundRiskingPreference": true,
        "items": [{ "SKU": "s", "refundReason": "OTHER", "refundType": "FULL", "revoke": true }],
    }));
    check_advanced!(change_subscription_price "/advancedCommerce/v1/subscription/changePrice/1234",
        json!({ "requestInfo": info, "items": [{ "SKU": "s", "price": 4990 }] }));
    check_advanced!(change_subscription_metadata "/advancedCommerce/v1/subscription/changeMetadata/1234",
        json!({ "requestInfo": info, "taxCode": "S042-07-1" }));
    check_advanced!(migrate_subscription "/advancedCommerce/v1/subscription/migrate/1234",
    json!({
        "requestInfo": info, "descriptors": texts, "targetProductId": "p", "taxCode": "S042-07-1",
        "items": [{ "SKU": "s", "description": "d", "displayName": "n" }],
    }));
}
