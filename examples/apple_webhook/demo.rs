//! An App Store on this machine that posts to the webhook what Apple, and what an attacker, would.

use std::{error::Error, sync::Arc};

use iap::apple::{App, MAX_NOTIFICATION_BODY_LENGTH, SignedDataVerifier, TrustAnchor};
use iap::core::http::{HttpRequest, HttpTransport, ReqwestTransport};
use iap::{AutoRenew, Environment};
use iap_testkit::{FakeAppStore, Forgery, NotificationBuilder, TransactionBuilder};
use tokio::net::TcpListener;

use crate::handler::{Webhook, router};

pub(crate) async fn run() -> Result<(), Box<dyn Error>> {
    let store = FakeAppStore::start(BUNDLE_ID, 1_234_567_890);
    // A real server leaves the trust anchors out: Apple's is built in.
    let root = TrustAnchor::from_certificate(store.authority().root_der())?;
    let verifier = SignedDataVerifier::builder()
        .app(App::new(BUNDLE_ID, 1_234_567_890))
        .environment(Environment::Production)
        .trust_anchors([root])
        .build()?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/apple", listener.local_addr()?);
    println!("listening on {url}");
    let server = axum::serve(listener, router(Webhook::new(verifier)));
    tokio::spawn(server.into_future());

    println!("\nwhat happens at the store:");
    store.set_notification_url(Environment::Production, &url);
    let subscription = TransactionBuilder::auto_renewable(BUNDLE_ID, "pro.monthly");
    let bought = store.buy(&store.customer(), subscription);
    store.renew(&bought.original_transaction_id);
    store.set_auto_renew(&bought.original_transaction_id, AutoRenew::Off);
    store.refund(&bought.transaction_id);
    store.notifications_posted().await;

    println!("\nwhat others post:");
    let genuine = NotificationBuilder::new("TEST").app(BUNDLE_ID, 1_234_567_890);
    let payload = genuine.payload(store.authority());
    let forged = store.authority().forge(Forgery::PayloadTampered, &payload);
    let other_app = NotificationBuilder::new("TEST").app("com.example.other", 1);
    let genuine = genuine.sign(store.authority());
    let transport = Arc::new(ReqwestTransport::new()?);
    for (what, body) in [
        ("a genuine one", signed(&genuine)),
        ("the same again", signed(&genuine)),
        ("a forgery", signed(&forged)),
        (
            "one for another app",
            signed(&other_app.sign(store.authority())),
        ),
        ("a web page", "<html></html>".to_owned()),
        ("nothing", String::new()),
        (
            "too much",
            "x".repeat(MAX_NOTIFICATION_BODY_LENGTH.saturating_add(1)),
        ),
    ] {
        let mut request = HttpRequest::new(body.into());
        *request.method_mut() = axum::http::Method::POST;
        *request.uri_mut() = url.parse()?;
        let status = transport.send(request).await?.status().as_u16();
        println!("{status}       {what}");
    }
    Ok(())
}

fn signed(signed_payload: &str) -> String {
    serde_json::json!({ "signedPayload": signed_payload }).to_string()
}

const BUNDLE_ID: &str = "com.example.app";
