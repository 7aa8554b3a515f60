//! How does a server receive Apple's notifications? Takes what is posted to `/apple`, verifies it,
//! handles each notification once, and answers so that Apple sends again what could not be handled.
//!
//! ```text
//! cargo run -p iap-examples --bin apple_webhook -- --demo
//! ```

mod demo;
mod handler;
mod options;
#[path = "../common/seen.rs"]
mod seen;
#[path = "../common/shutdown.rs"]
mod shutdown;

use std::{error::Error, process::ExitCode};

use iap::apple::{App, SignedDataVerifier};
use tokio::net::TcpListener;

use crate::{
    handler::Webhook,
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
            eprintln!("apple_webhook: {error}");
            ExitCode::from(2)
        }
    }
}

async fn listen(options: Options) -> Result<(), Box<dyn Error>> {
    let verifier = SignedDataVerifier::builder()
        .app(App::new(options.bundle_id, options.apple_id))
        .environment(options.environment)
        .build()?;
    let listener = TcpListener::bind(options.listen).await?;
    println!("listening on http://{}/apple", listener.local_addr()?);
    // Apple wants HTTPS: put a proxy in front that has your certificate.
    axum::serve(listener, handler::router(Webhook::new(verifier)))
        .with_graceful_shutdown(shutdown::ctrl_c())
        .await?;
    Ok(())
}
