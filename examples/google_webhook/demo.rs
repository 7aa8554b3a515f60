//! A Google Play on this machine that pushes to the webhook what Pub/Sub, and what an attacker, would.

use std::{error::Error, sync::Arc};

use iap::core::http::{HttpRequest, HttpTransport, ReqwestTransport, RetryPolicy};
use iap::google::{
    GoogleKeyFetcher, GooglePlayVerifier, NotificationVerifier, OnlineNotificationVerifier,
    PlayClient, ServiceAccountKey,
};
use iap_testkit::{
    FakeGooglePlay, Fault, GoogleNotificationBuilder, GoogleProductBuilder, GooglePushSigner,
    GoogleSubscriptionBuilder,
};
use tokio::net::TcpListener;

use crate::handler::{Webhook, router};

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let store = FakeGooglePlay::start(PACKAGE);
    let transport: Arc<dyn HttpTransport> = Arc::new(ReqwestTransport::new()?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/google", listener.local_addr()?);
    println!("listening on {url}");
    let webhook = webhook(&store, Arc::clone(&transport))?;
    tokio::spawn(axum::serve(listener, router(webhook)).into_future());

    println!("\nwhat happens at the store:");
    store.set_push_audience(AUDIENCE);
    store.set_notification_url(&url);
    let subscription = store.buy_subscription(GoogleSubscriptionBuilder::new("pro", "monthly"));
    // Google is asked what is now, and not what was: one after the other.
    store.notifications_posted().await;
    store.hold(&subscription);
    store.notifications_posted().await;
    store.recover(&subscription);
    store.notifications_posted().await;
    let coins = store.buy_product(GoogleProductBuilder::new("coins"));
    store.notifications_posted().await;
    store.cancel_product(&coins);
    store.notifications_posted().await;

    println!("\nwhat happens while Google does not answer:");
    store.fail_next(Fault::ServerError(503));
    store.renew(&subscription);
    store.notifications_posted().await;
    println!("\nand when everything is delivered once more:");
    store.post_notifications_again();
    store.notifications_posted().await;

    println!("\nwhat others push:");
    for (what, authorization, body) in others(&store) {
        let status = push(&*transport, &url, authorization, body).await?;
        println!("{status}       {what}");
    }
    Ok(())
}

/// As on a real server, which leaves the addresses out: Google's are the default.
fn webhook(
    store: &FakeGooglePlay,
    transport: Arc<dyn HttpTransport>,
) -> Result<Webhook, Box<dyn Error>> {
    let verifier = NotificationVerifier::builder()
        .audience(AUDIENCE)
        .service_account(store.push_service_account())
        .app(PACKAGE)
        .build()?;
    let keys = GoogleKeyFetcher::builder(Arc::clone(&transport)).url(store.keys_url().parse()?);
    let key = ServiceAccountKey::from_json(store.service_account_key())?;
    let client = PlayClient::builder(PACKAGE, key.with_token_url(&store.token_url())?)
        .base_url(store.url())
        .transport(transport)
        // Nor is one failure the end of it there.
        .retry(RetryPolicy::never())
        .build()?;
    Ok(Webhook::new(
        OnlineNotificationVerifier::new(verifier, keys.build()),
        Some(GooglePlayVerifier::new(client)),
    ))
}

/// What anybody who knows the address may push: what it is, an Authorization header, a body.
fn others(store: &FakeGooglePlay) -> Vec<(&'static str, Option<String>, String)> {
    let (signer, account) = (store.push_signer(), store.push_service_account());
    let token = || signer.token(AUDIENCE, account);
    let genuine = || Some(token().authorization());
    let forger = GooglePushSigner::new();
    let forged = token().signed_by(&forger).authorization();
    let unknown_key = forger.token(AUDIENCE, account).authorization();
    let unsigned = format!("Bearer {}", token().unsigned());
    let other_audience = signer.token("https://example.com/other", account);
    let stranger = signer.token(AUDIENCE, "stranger@project.iam.gserviceaccount.com");
    let test = || GoogleNotificationBuilder::test(PACKAGE).push("test-1");
    let other_app = GoogleNotificationBuilder::test("com.example.other").push("test-2");
    vec![
        ("a genuine one", genuine(), test()),
        ("the same again", genuine(), test()),
        ("a forgery", Some(forged), test()),
        ("one with a key of their own", Some(unknown_key), test()),
        ("one that nobody signed", Some(unsigned), test()),
        ("one without a token", None, test()),
        (
            "one for another audience",
            Some(other_audience.authorization()),
            test(),
        ),
        (
            "one by a stranger's service account",
            Some(stranger.authorization()),
            test(),
        ),
        ("one for another app", genuine(), other_app),
        ("a web page", genuine(), "<html></html>".to_owned()),
        ("nothing", genuine(), String::new()),
        ("too much", genuine(), "x".repeat(100_000)),
    ]
}

async fn push(
    transport: &dyn HttpTransport,
    url: &str,
    authorization: Option<String>,
    body: String,
) -> Result<u16, Box<dyn Error>> {
    let mut request = HttpRequest::new(body.into());
    *request.method_mut() = axum::http::Method::POST;
    *request.uri_mut() = url.parse()?;
    if let Some(authorization) = authorization {
        let name = axum::http::header::AUTHORIZATION;
        request.headers_mut().insert(name, authorization.parse()?);
    }
    Ok(transport.send(request).await?.status().as_u16())
}

const PACKAGE: &str = "com.example.app";
const AUDIENCE: &str = "https://example.com/google";
