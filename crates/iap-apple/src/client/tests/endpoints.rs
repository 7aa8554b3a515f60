//! Every endpoint, held against the table: what goes out, what comes back, and how often.

use iap_core::{Error, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::*;
use crate::{
    AdvancedCommerceClient, HistoryProductType, HistorySort, ImageIdentifier, ImageSize,
    InAppOwnershipType, MessageIdentifier, RequestIdentifier, Status, TransactionHistoryRequest,
    TransactionHistoryVersion,
    facts::{self, Row, UUID},
};

/// The endpoints that a server calls. The table has others: two that Apple calls, and one that no
/// library has.
fn endpoints() -> Vec<Row> {
    let mut rows = facts::rows(include_str!("../../../tests/facts/endpoints.tsv"));
    rows.retain(|row| matches!(row["api"], "server" | "retention" | "advanced-commerce"));
    assert_eq!(rows.len(), 37);
    rows
}

/// Whether a call makes use of what it may leave out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Options {
    All,
    None,
}

/// The method of a row with its arguments: for each part of the path its name or, where it must be
/// one, [`UUID`]; `body`; and the values of [`QUERY`].
async fn call(
    method: &str,
    client: &AppStoreServerClient,
    body: &Value,
    options: Options,
) -> Result<Value, Error> {
    let advanced = AdvancedCommerceClient::from(client.clone());
    let option = |value: &'static str| (options == Options::All).then_some(value);
    let image = ImageIdentifier::new(UUID).unwrap();
    let message = MessageIdentifier::new(UUID).unwrap();
    let request_identifier = RequestIdentifier::new("requestIdentifier").unwrap();
    match method {
        "extend_renewal_date_for_all_active_subscribers" => {
            json(client.extend_renewal_date_for_all_active_subscribers(&read(body))).await
        }
        "extend_subscription_renewal_date" => {
            json(client.extend_subscription_renewal_date("originalTransactionId", &read(body)))
                .await
        }
        "get_all_subscription_statuses" => {
            let status: &[Status] = match options {
                Options::All => &[Status::Expired, Status::Active],
                Options::None => &[],
            };
            json(client.get_all_subscription_statuses("anyTransactionId", status)).await
        }
        "get_refund_history" => {
            json(client.get_refund_history("anyTransactionId", option("a+b/c="))).await
        }
        "get_status_of_subscription_renewal_date_extensions" => {
            json(client.get_status_of_subscription_renewal_date_extensions(
                &request_identifier,
                "productId",
            ))
            .await
        }
        "get_test_notification_status" => {
            json(client.get_test_notification_status("testNotificationToken")).await
        }
        "get_notification_history" => {
            json(client.get_notification_history(option("t="), &read(body))).await
        }
        "get_transaction_history (version V2)" => {
            history(client, options, TransactionHistoryVersion::V2).await
        }
        "get_transaction_history (version V1)" => {
            history(client, options, TransactionHistoryVersion::V1).await
        }
        "get_transaction_info" => json(client.get_transaction_info("transactionId")).await,
        "look_up_order_id" => json(client.look_up_order_id("orderId")).await,
        "request_test_notification" => json(client.request_test_notification()).await,
        "send_consumption_information" => {
            json(client.send_consumption_information("transactionId", &read(body))).await
        }
        "send_consumption_data" => {
            json(client.send_consumption_data("transactionId", &read(body))).await
        }
        "set_app_account_token" => {
            json(client.set_app_account_token("originalTransactionId", &read(body))).await
        }
        "get_app_transaction_info" => {
            json(client.get_app_transaction_info("anyTransactionId")).await
        }
        "finish_transaction" => json(client.finish_transaction("transactionId")).await,

        "upload_image" => {
            let size = (options == Options::All).then_some(ImageSize::FullSize);
            json(client.upload_image(&image, size, Bytes::from_static(PNG))).await
        }
        "delete_image" => json(client.delete_image(&image)).await,
        "get_image_list" => json(client.get_image_list()).await,
        "upload_message" => json(client.upload_message(&message, &read(body))).await,
        "delete_message" => json(client.delete_message(&message)).await,
        "get_message_list" => json(client.get_message_list()).await,
        "configure_default_message" => {
            json(client.configure_default_message("productId", "locale", &read(body))).await
        }
        "delete_default_message" => {
            json(client.delete_default_message("productId", "locale")).await
        }
        "get_default_message" => json(client.get_default_message("productId", "locale")).await,
        "configure_realtime_url" => json(client.configure_realtime_url(&read(body))).await,
        "delete_realtime_url" => json(client.delete_realtime_url()).await,
        "get_realtime_url" => json(client.get_realtime_url()).await,
        "initiate_performance_test" => json(client.initiate_performance_test(&read(body))).await,
        "get_performance_test_results" => {
            json(client.get_performance_test_results("requestId")).await
        }

        "cancel_subscription" => {
            json(advanced.cancel_subscription("transactionId", &read(body))).await
        }
        "change_subscription_metadata" => {
            json(advanced.change_subscription_metadata("transactionId", &read(body))).await
        }
        "change_subscription_price" => {
            json(advanced.change_subscription_price("transactionId", &read(body))).await
        }
        "migrate_subscription" => {
            json(advanced.migrate_subscription("transactionId", &read(body))).await
        }
        "request_transaction_refund" => {
            json(advanced.request_transaction_refund("transactionId", &read(body))).await
        }
        "revoke_subscription" => {
            json(advanced.revoke_subscription("transactionId", &read(body))).await
        }
        unknown => panic!("the table has {unknown}, and the client has not"),
    }
}

async fn history(
    client: &AppStoreServerClient,
    options: Options,
    version: TransactionHistoryVersion,
) -> Result<Value, Error> {
    let all = TransactionHistoryRequest::new();
    let some = TransactionHistoryRequest::new()
        .with_start_date(Timestamp::from_millis(123_455))
        .with_end_date(Timestamp::from_millis(123_456))
        .with_product_id("a")
        .with_product_id("b")
        .with_product_type(HistoryProductType::Consumable)
        .with_product_type(HistoryProductType::AutoRenewable)
        .with_sort(HistorySort::Ascending)
        .with_subscription_group_identifier("g")
        .with_subscription_group_identifier("h")
        .with_in_app_ownership_type(InAppOwnershipType::FamilyShared)
        .without_revoked();
    let (revision, request) = match options {
        Options::All => (Some("a+b/c="), some),
        Options::None => (None, all),
    };
    json(client.get_transaction_history("anyTransactionId", revision, &request, version)).await
}

/// An answer as it came in.
async fn json<T: Serialize>(call: impl Future<Output = Result<T, Error>>) -> Result<Value, Error> {
    call.await
        .map(|answer| serde_json::to_value(answer).unwrap())
}

/// A request of which this is the JSON.
fn read<T: DeserializeOwned>(body: &Value) -> T {
    serde_json::from_value(body.clone()).unwrap()
}

/// A sample of what a row says goes out; nothing for what is no JSON.
fn body(row: &Row) -> Value {
    match row["request_body"] {
        "" | "raw PNG bytes" => Value::Null,
        name => facts::sample(name),
    }
}

/// Has the next call answered as the row says. Returns the answer; nothing for an empty one.
fn answer(row: &Row, transport: &Transport) -> Value {
    if row["response_type"] == "void" {
        transport.answer(202, "");
        return Value::Null;
    }
    let answer = facts::sample(row["response_type"]);
    transport.answer_json(200, &answer);
    answer
}

/// The path of a row, with the arguments of [`call`].
fn path(row: &Row) -> String {
    row["path"]
        .replace("{imageIdentifier}", UUID)
        .replace("{messageIdentifier}", UUID)
        .replace(['{', '}'], "")
}

/// The query parameters of a row: `name* (remarks); name remarks`, where a star says that a name
/// may come several times.
fn query(row: &Row) -> Vec<(String, String)> {
    let cells = row["query_params"].split("; ");
    let cells = cells.filter(|cell| !cell.is_empty());
    cells
        .flat_map(|cell| {
            let word = cell.split(' ').next().unwrap();
            let name = word.trim_end_matches('*');
            let known = QUERY.iter().find(|(known, _)| *known == name);
            let (name, values) = known.unwrap_or_else(|| panic!("no value of {name}"));
            assert_eq!(values.len() > 1, word.ends_with('*'), "{name}");
            values
                .iter()
                .map(|value| ((*name).to_owned(), (*value).to_owned()))
        })
        .collect()
}

/// The values that [`call`] passes, as they are to go out.
const QUERY: &[(&str, &[&str])] = &[
    ("endDate", &["123456"]),
    ("imageSize", &["FULL_SIZE"]),
    ("inAppOwnershipType", &["FAMILY_SHARED"]),
    ("paginationToken", &["t="]),
    ("productId", &["a", "b"]),
    ("productType", &["CONSUMABLE", "AUTO_RENEWABLE"]),
    ("revision", &["a+b/c="]),
    ("revoked", &["false"]),
    ("sort", &["ASCENDING"]),
    ("startDate", &["123455"]),
    ("status", &["2", "1"]),
    ("subscriptionGroupIdentifier", &["g", "h"]),
];

const PNG: &[u8] = &[1, 2, 3];

#[tokio::test]
async fn every_endpoint_of_the_table_is_called_as_it_says_and_its_answer_is_read() {
    for row in endpoints() {
        for options in [Options::All, Options::None] {
            let method = row["method_name"];
            let setup = setup(Environment::Sandbox);
            let (body, answer) = (body(&row), answer(&row, &setup.transport));
            let read = call(method, &setup.client, &body, options).await;
            assert_eq!(read.unwrap(), answer, "{method}");

            let requests = setup.transport.requests();
            let [request] = requests.as_slice() else {
                panic!("{method} made {} requests", requests.len());
            };
            assert_eq!(request.method().as_str(), row["http"], "{method}");
            let url = url::Url::parse(&request.uri().to_string()).unwrap();
            assert_eq!(url.host_str(), Some("api.storekit-sandbox.apple.com"));
            assert_eq!(url.path(), path(&row), "{method}");
            let expected_query = match options {
                Options::All => query(&row),
                Options::None => Vec::new(),
            };
            let pairs: Vec<_> = url.query_pairs().into_owned().collect();
            assert_eq!(pairs, expected_query, "{method}");
            assert_eq!(url.query().is_none(), expected_query.is_empty(), "{method}");

            let headers = request.headers();
            assert_eq!(headers["accept"], "application/json", "{method}");
            assert!(bearer(request).starts_with("Bearer ey"), "{method}");
            let content_type = headers.get("content-type");
            let content_type = content_type.map_or("", |value| value.to_str().unwrap());
            assert_eq!(content_type, row["request_content_type"], "{method}");
            let others = usize::from(!content_type.is_empty());
            assert_eq!(headers.len(), 2 + others, "{method}: {headers:?}");
            match row["request_body"] {
                "" => assert!(request.body().is_empty(), "{method}"),
                "raw PNG bytes" => assert_eq!(request.body(), PNG),
                _ => {
                    let sent: Value = serde_json::from_slice(request.body()).unwrap();
                    assert_eq!(sent, body, "{method}");
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_repeated_exactly_where_the_table_allows_it() {
    for row in endpoints() {
        let may_be_repeated = match row["idempotent_retry"] {
            rule if rule.starts_with("yes") => true,
            // Apple recognises the request by an identifier that it carries.
            "by requestIdentifier" => true,
            rule if rule.starts_with("no") => false,
            "each call sends another notification" => false,
            // Apple refuses the repetition, so what became of the first one would not be known.
            rule if rule.starts_with("guarded by requestInfo.requestReferenceId") => false,
            unknown => panic!("may a call be repeated: {unknown}"),
        };
        let setup = setup(Environment::Sandbox);
        for _ in 0..3 {
            setup.transport.answer(503, "");
        }
        let method = row["method_name"];
        let answer = call(method, &setup.client, &body(&row), Options::None).await;
        assert!(answer.is_err(), "{method}");
        let expected = if may_be_repeated { 3 } else { 1 };
        assert_eq!(setup.transport.requests().len(), expected, "{method}");
    }
}

#[test]
fn the_conditions_of_a_transaction_history_are_the_members_that_the_table_lists() {
    for row in endpoints() {
        if !row["method_name"].starts_with("get_transaction_history") {
            continue;
        }
        let mut names: Vec<_> = query(&row).into_iter().map(|(name, _)| name).collect();
        names.dedup();
        let members = facts::members("TransactionHistoryRequest").into_iter();
        let expected: Vec<_> = ["revision"]
            .into_iter()
            .chain(members.map(|(name, _)| name))
            .collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn what_is_special_in_a_query_is_encoded() {
    let setup = setup(Environment::Sandbox);
    let revision = Some("a+b/c= &ü");
    setup
        .client
        .get_refund_history("1", revision)
        .await
        .unwrap();
    let requests = setup.transport.requests();
    assert_eq!(
        requests[0].uri().query(),
        Some("revision=a%2Bb%2Fc%3D+%26%C3%BC")
    );
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
