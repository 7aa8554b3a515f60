//! The command line of `mixed`.

use std::{env, error::Error, fs, path::PathBuf};

use iap::amazon::{AmazonClient, AmazonVerifier};
use iap::apple::{App, SignedDataVerifier};
use iap::google::{GooglePlayVerifier, PlayClient, ServiceAccountKey};
use iap::{Catalog, Environment, Stores};
use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
Verifies all purchases of a customer, of every store, and prints what they entitle to.

usage: mixed OPTION... < PROOFS
       mixed --demo

PROOFS has one line for each of what an app sent:

  apple-jws JWS                      a signed transaction of StoreKit 2
  google-subscription TOKEN
  google-product TOKEN
  amazon-receipt USER_ID RECEIPT_ID

options:
  --bundle-id ID            the App Store: this app
  --apple-id N              and the App Store's number for it
  --package NAME            Google Play: this app
  --key FILE                and the key of a service account (JSON) that may see its purchases
  --amazon                  the Amazon Appstore: the shared secret is read from the environment
                            variable AMAZON_SHARED_SECRET
  --entitlement KEY=ID,...  each of these products gives the entitlement KEY; may be repeated
  --demo                    restore the purchases of a customer of three stores on this machine, twice:
                            the second time one of them is out of order; needs no network
  --help                    print this

Give the options of the stores that you sell in; a proof of another store is left open.
exit status: 0 all verified, 1 some were not, 2 wrong usage or unreadable input
";

/// What to do.
pub(crate) enum Command {
    Demo,
    Help,
    Restore(Options),
}

/// Which stores there are, and what their products give.
#[derive(Default)]
pub(crate) struct Options {
    bundle_id: Option<String>,
    apple_id: Option<u64>,
    pub(crate) package: Option<String>,
    key: Option<PathBuf>,
    has_amazon: bool,
    pub(crate) catalog: Catalog,
}

impl Options {
    /// One verifier for each store that was named.
    pub(crate) fn stores(&self) -> Result<Stores, Box<dyn Error>> {
        let mut stores = Stores::builder();
        if let Some(bundle_id) = &self.bundle_id {
            let app = match self.apple_id {
                Some(id) => App::new(bundle_id.as_str(), id),
                None => return Err("--bundle-id goes with --apple-id; see --help".into()),
            };
            let verifier = SignedDataVerifier::builder()
                .app(app)
                .environment(Environment::Production);
            stores = stores.with(verifier.build()?);
        }
        match (&self.package, &self.key) {
            (Some(package), Some(file)) => {
                let key = fs::read_to_string(file);
                let key = key.map_err(|error| format!("{}: {error}", file.display()))?;
                let key = ServiceAccountKey::from_json(key)?;
                let client = PlayClient::builder(package.as_str(), key).build()?;
                stores = stores.with(GooglePlayVerifier::new(client));
            }
            (None, None) => {}
            _ => return Err("--package goes with --key; see --help".into()),
        }
        if self.has_amazon {
            let secret = env::var(SECRET).map_err(|_| format!("{SECRET} is not set"))?;
            let client = AmazonClient::production(secret).build()?;
            stores = stores.with(AmazonVerifier::new(client));
        }
        Ok(stores.build()?)
    }
}

/// Reads the command line.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    parse_command(&mut parser).map_err(|error| format!("{error}; see --help"))
}

fn parse_command(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("demo") => return Ok(Command::Demo),
            Long("bundle-id") => options.bundle_id = Some(parser.value()?.string()?),
            Long("apple-id") => options.apple_id = Some(parser.value()?.parse()?),
            Long("package") => options.package = Some(parser.value()?.string()?),
            Long("key") => options.key = Some(PathBuf::from(parser.value()?)),
            Long("amazon") => options.has_amazon = true,
            Long("entitlement") => {
                let text = parser.value()?.string()?;
                let (key, products) = text
                    .split_once('=')
                    .ok_or("--entitlement takes KEY=PRODUCT,PRODUCT,...")?;
                options.catalog = options.catalog.with(key, products.split(','));
            }
            other => return Err(other.unexpected()),
        }
    }
    Ok(Command::Restore(options))
}

const SECRET: &str = "AMAZON_SHARED_SECRET";
