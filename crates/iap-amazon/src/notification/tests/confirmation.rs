//! Confirming a subscription: only when told to, only at the right address.

use std::sync::Arc;

use iap_core::{ErrorKind, http::TransportErrorKind};
use iap_testkit::SnsMessageBuilder;

use super::{
    SIGNER, TOPIC,
    network::{Network, Reply},
    of_now, verifier,
};
use crate::{Confirmation, Error, VerifiedMessage};

const TOKEN: &str = "2336412f37fPLANTED";

fn confirmation(change: impl FnOnce(SnsMessageBuilder) -> SnsMessageBuilder) -> Confirmation {
    let message = SnsMessageBuilder::subscription_confirmation(TOPIC).token(TOKEN);
    let body = of_now(change(message)).sign(&SIGNER);
    match verifier().verify(body).unwrap() {
        VerifiedMessage::Confirmation(confirmation) => confirmation,
        other => panic!("{other:?}"),
    }
}

async fn confirm(confirmation: &Confirmation, network: &Arc<Network>) -> Result<(), Error> {
    let transport: Arc<Network> = Arc::clone(network);
    confirmation.confirm(transport).await
}

fn accepting() -> Arc<Network> {
    Network::new(|_| Reply::Answer("<ConfirmSubscriptionResponse/>".to_owned()))
}

#[tokio::test]
async fn confirming_visits_the_address_once_and_nothing_does_before() {
    let network = accepting();
    let confirmation = confirmation(|message| message);
    assert_eq!(confirmation.topic().as_str(), TOPIC);
    assert_eq!(confirmation.token().expose(), TOKEN);
    assert_eq!(network.count(), 0);
    confirm(&confirmation, &network).await.unwrap();
    let requests = network.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].method(), "GET");
    assert_eq!(
        requests[0].uri().to_string(),
        confirmation.subscribe_url().expose()
    );
    assert!(requests[0].headers().is_empty() && requests[0].body().is_empty());
}

#[tokio::test]
async fn no_address_but_that_of_the_call_is_visited() {
    const HOST: &str = "https://sns.us-east-1.amazonaws.com";
    let good = format!("Action=ConfirmSubscription&TopicArn={TOPIC}&Token={TOKEN}");
    let tricks = [
        format!("https://example.com/?{good}"),
        format!("https://sns.us-east-1.amazonaws.com.example.com/?{good}"),
        format!("https://sns.us-east-1.amazonaws.com@example.com/?{good}"),
        format!("https://sns.us-east-1.amazonaws.com:8443/?{good}"),
        format!("https://sns.us-east-1.s3.amazonaws.com/?{good}"),
        format!("https://sns.eu-west-1.amazonaws.com/?{good}"),
        format!("https://sqs.us-east-1.amazonaws.com/?{good}"),
        format!("http://sns.us-east-1.amazonaws.com/?{good}"),
        format!("https://169.254.169.254/?{good}"),
        format!("{HOST}\\@example.com/?{good}"),
        format!("{HOST}/path?{good}"),
        format!("{HOST}/?{good}#fragment"),
        format!("{HOST}/"),
        format!("{HOST}/?"),
        format!("{HOST}/?Action=ConfirmSubscription&TopicArn={TOPIC}"),
        format!("{HOST}/?Action=ConfirmSubscription&Token={TOKEN}"),
        format!("{HOST}/?TopicArn={TOPIC}&Token={TOKEN}"),
        format!("{HOST}/?{good}&Action=Unsubscribe"),
        format!("{HOST}/?Action=Unsubscribe&{good}"),
        format!("{HOST}/?{good}&Token=other"),
        format!("{HOST}/?{good}&TopicArn=arn:aws:sns:us-east-1:999999999999:Attack"),
        format!(
            "{HOST}/?{}",
            good.replace("ConfirmSubscription", "confirmsubscription")
        ),
        format!("{HOST}/?{}", good.replace("Example", "Other")),
        format!("{HOST}/?{}", good.replace(TOKEN, "other")),
        "not an address".to_owned(),
    ];
    for url in tricks {
        let network = accepting();
        // Signed as it is, so only the rules stand in the way.
        let confirmation = confirmation(|message| message.set("SubscribeURL", url.as_str()));
        let error = confirm(&confirmation, &network).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused, "{url}");
        assert_eq!(network.count(), 0, "{url}");
        assert!(!format!("{error} {error:?}").contains(TOKEN), "{error}");
    }
}

#[tokio::test]
async fn a_call_that_is_written_otherwise_is_the_same_call() {
    let arn = TOPIC.replace(':', "%3A");
    for query in [
        format!("Token={TOKEN}&TopicArn={TOPIC}&Action=ConfirmSubscription"),
        format!("Action=ConfirmSubscription&TopicArn={arn}&Token={TOKEN}&Version=2010-03-31"),
    ] {
        let network = accepting();
        let url = format!("https://sns.us-east-1.amazonaws.com/?{query}");
        let confirmation = confirmation(|message| message.set("SubscribeURL", url.as_str()));
        confirm(&confirmation, &network).await.unwrap();
        assert_eq!(network.requests()[0].uri().to_string(), url);
    }
}

#[tokio::test(start_paused = true)]
async fn what_amazon_answers_says_whether_it_is_worth_another_try() {
    type Make = fn() -> Reply;
    let cases: [(Make, ErrorKind, Option<u16>, usize); 7] = [
        (|| Reply::Status(400), ErrorKind::Refused, Some(400), 1),
        (|| Reply::Status(403), ErrorKind::Refused, Some(403), 1),
        (|| Reply::Status(302), ErrorKind::Refused, Some(302), 1),
        (|| Reply::Status(500), ErrorKind::Unavailable, Some(500), 3),
        (|| Reply::Status(429), ErrorKind::Unavailable, Some(429), 3),
        (|| Reply::Never, ErrorKind::Unavailable, None, 1),
        (
            || Reply::Failure(TransportErrorKind::Connect),
            ErrorKind::Unavailable,
            None,
            3,
        ),
    ];
    let confirmation = confirmation(|message| message);
    for (make, kind, status, requests) in cases {
        let network = Network::new(move |_| make());
        let error = confirm(&confirmation, &network).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.http_status(), network.count()),
            (kind, status, requests)
        );
        assert!(!format!("{error} {error:?}").contains(TOKEN), "{error}");
    }
}

#[test]
fn an_unsubscription_is_told_and_its_address_is_not_offered() {
    let body = of_now(SnsMessageBuilder::unsubscribe_confirmation(TOPIC).token(TOKEN));
    let verified = verifier().verify(body.sign(&SIGNER)).unwrap();
    let VerifiedMessage::Unsubscribed(unsubscribed) = &verified else {
        panic!("{verified:?}");
    };
    assert_eq!(unsubscribed.topic().as_str(), TOPIC);
    assert_eq!(verified.endpoint_answer().http_status(), 200);
    assert!(!format!("{verified:?}").contains(TOKEN));
}
