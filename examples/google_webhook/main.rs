//! How does a server receive Google Play's notifications? Takes what Pub/Sub pushes to `/google`,
//! authenticates it, asks Google what the purchase is now, handles each notification once, and answers
//! so that Pub/Sub sends again what could not be handled.
//!
//! ```text
//! cargo run -p iap-examples --bin google_webhook -- --demo
//! ```

mod demo;
mod handler;
mod options;
#[path = "../common/seen.rs"]
mod seen;
#[path = "../common/shutdown.rs"]
mod shutdown;

use core::time::Duration;
use std::{error::Error, process::ExitCode, sync::Arc};

use iap::core::http::{HttpTransport, ReqwestTransport, RetryPolicy};
use iap::google::{
    GoogleKeyFetcher, GooglePlayVerifier, NotificationVerifier, OnlineNotificationVerifier,
    PlayClient, ServiceAccountKey,
};
use tokio::net::TcpListener;

use crate::{
    handler::{Webhook, router},
    options::{Command, Options},
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let result = match options::parse(lexopt::Parser::from_env()) {
        Err(message) => Err(message.into()),
        Ok(Command::Help) => {
            print!("{}", options::HELP);
            Ok(())
        }
        Ok(Command::Demo) => demo::run().await,
        Ok(Command::Listen(options)) => listen(options).await,
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("google_webhook: {error}");
            ExitCode::from(2)
        }
    }
}

async fn listen(options: Options) -> Result<(), Box<dyn Error>> {
    let transport: Arc<dyn HttpTransport> = Arc::new(ReqwestTransport::new()?);
    let mut builder = NotificationVerifier::builder();
    for package in &options.packages {
        builder = builder.app(package.as_str());
    }
    for audience in options.audiences {
        builder = builder.audience(audience);
    }
    for email in options.service_accounts {
        builder = builder.service_account(email);
    }
    for subscription in options.subscriptions {
        builder = builder.subscription(subscription);
    }
    let fetcher = GoogleKeyFetcher::builder(Arc::clone(&transport)).build();
    let verifier = OnlineNotificationVerifier::new(builder.build()?, fetcher);
    let play = match options.key {
        Some(key) => Some(play(&options.packages, &key, transport)?),
        None => None,
    };
    let listener = TcpListener::bind(options.listen).await?;
    println!("listening on http://{}/google", listener.local_addr()?);
    // Pub/Sub wants HTTPS: put a proxy in front that has your certificate.
    axum::serve(listener, router(Webhook::new(verifier, play)))
        .with_graceful_shutdown(shutdown::ctrl_c())
        .await?;
    Ok(())
}

/// Asks Google about the purchases of all apps, which belong to one developer account.
fn play(
    packages: &[String],
    key: &str,
    transport: Arc<dyn HttpTransport>,
) -> Result<GooglePlayVerifier, Box<dyn Error>> {
    let (first, others) = packages.split_first().ok_or("missing --package")?;
    let client = PlayClient::builder(first.as_str(), ServiceAccountKey::from_json(key)?)
        .transport(transport)
        .retry(RetryPolicy::new().deadline(TIME_TO_ASK))
        .build()?;
    let mut verifier = GooglePlayVerifier::new(client.clone());
    for package in others {
        verifier = verifier.and(client.with_package_name(package.as_str())?);
    }
    Ok(verifier)
}

/// Pub/Sub waits 10 seconds for our answer, unless told otherwise. A purchase of which a notification
/// does not say what it is may take two questions.
const TIME_TO_ASK: Duration = Duration::from_secs(4);
