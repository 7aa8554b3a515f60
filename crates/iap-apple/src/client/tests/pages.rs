//! Answers that do not fit into one page.

use iap_core::Timestamp;

use super::*;
use crate::{NotificationHistoryRequest, TransactionHistoryRequest};

#[tokio::test]
async fn a_history_is_walked_to_its_end_and_no_further() {
    let setup = setup(Environment::Production);
    setup
        .transport
        .answer(
            200,
            r#"{"revision":"a","hasMore":true,"signedTransactions":["1"]}"#,
        )
        .answer(
            200,
            r#"{"revision":"b","hasMore":false,"signedTransactions":["2"]}"#,
        );
    let mut pages = setup.client.refund_history("1");
    let mut transactions = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        transactions.extend(page.signed_transactions);
    }
    assert_eq!(transactions, ["1", "2"]);
    assert!(pages.next().await.unwrap().is_none());
    let queries: Vec<_> = setup
        .transport
        .requests()
        .iter()
        .map(|it| it.uri().query().map(str::to_owned))
        .collect();
    assert_eq!(queries, [None, Some("revision=a".to_owned())]);
}

#[tokio::test]
async fn each_further_page_is_asked_for_with_the_same_conditions() {
    let setup = setup(Environment::Production);
    let (first, last) = (
        r#"{"revision":"a","paginationToken":"a","hasMore":true}"#,
        r#"{"revision":"b","hasMore":false}"#,
    );
    for _ in 0..2 {
        setup.transport.answer(200, first).answer(200, last);
    }
    let request = TransactionHistoryRequest::new().with_product_id("p");
    let mut pages = setup.client.transaction_history("1", request);
    while pages.next().await.unwrap().is_some() {}

    let (start, end) = (Timestamp::from_millis(1), Timestamp::from_millis(2));
    let request = NotificationHistoryRequest::new(start, end).unwrap();
    let mut pages = setup.client.notification_history(request.only_failures());
    while pages.next().await.unwrap().is_some() {}

    let requests = setup.transport.requests();
    let sent: Vec<_> = requests
        .iter()
        .map(|it| {
            let body = String::from_utf8(it.body().to_vec()).unwrap();
            (it.uri().path_and_query().unwrap().as_str(), body)
        })
        .collect();
    let nothing = String::new();
    let failures = r#"{"startDate":1,"endDate":2,"onlyFailures":true}"#.to_owned();
    let history = "/inApps/v1/notifications/history";
    assert_eq!(
        sent,
        [
            ("/inApps/v2/history/1?productId=p", nothing.clone()),
            ("/inApps/v2/history/1?revision=a&productId=p", nothing),
            (history, failures.clone()),
            (&format!("{history}?paginationToken=a"), failures),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_that_failed_is_asked_for_again_and_a_circle_ends() {
    let setup = setup(Environment::Production);
    let page = r#"{"revision":"a","hasMore":true,"signedTransactions":[]}"#;
    setup
        .transport
        .answer(200, page)
        .answer(400, "")
        .answer(200, page);
    let mut pages = setup.client.refund_history("1");
    assert!(pages.next().await.unwrap().is_some());
    assert!(pages.next().await.is_err());
    assert!(pages.next().await.unwrap().is_some(), "the same page again");
    assert!(pages.next().await.unwrap().is_none(), "it leads to itself");
}
