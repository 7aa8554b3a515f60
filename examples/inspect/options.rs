//! The command line of `inspect`.

use std::{ffi::OsString, fmt::Display, fs, path::PathBuf};

use iap::apple::{App, TrustAnchor};
use iap::{
    AccessPolicy, Clock, Environment, EnvironmentSet, ProductId, ProductKind, SystemClock,
    Timestamp,
};
use lexopt::prelude::*;

use crate::{amazon::AmazonAnswer, rtn_options::RtnOptions, stored::StoredOptions};

pub(crate) const HELP: &str = "\
Tells whether data signed by a store is genuine, and what it says.

usage: inspect apple-jws [OPTION]... [FILE|-]
       inspect apple-receipt --bundle-id ID [OPTION]... [FILE|-]
       inspect amazon-receipt|amazon-product|amazon-subscription [OPTION]... [FILE|-]
       inspect amazon-rtn --topic ARN --package NAME [OPTION]... [FILE|-]

apple-jws reads one JWS per line from FILE, or from standard input: transactions,
renewal infos, app transactions, notifications and retention requests of the App
Store. apple-receipt reads one legacy app receipt, in base64 or as it is.
amazon-receipt, amazon-product and amazon-subscription read the JSON that Amazon
answered to verifyReceiptId, purchases.products.get or purchases.subscriptionsv2.get,
and that your backend stored: nothing signs it, so believe only what you stored.
amazon-rtn reads the body of one Real-Time Notification, as it was posted.
Prints one JSON object each:

  verdict    \"verified\", \"rejected\" or \"unavailable\" (no verdict was possible)
  kind       what the data is
  failure    which check failed, and why
  payload    the data as signed; believe that of a JWS only if the verdict is \"verified\".
             That of a receipt is not read before its signature holds
  purchase   the purchase it proves        event   what the notification tells
  access     whether the purchase gives access, at present or at --now
  purchases  the purchases that a receipt proves, each with its access
  next_check_at
             when to ask the store again, of stored answers
  transaction_id
             to ask the App Store Server API about; taken from a receipt unverified

options:
  --bundle-id ID         accept data of this app; may be repeated (default for a JWS:
                         any app)
  --app-apple-id N       and, where the data carries one, with this App Store id
  --environment NAME     accept data of production, sandbox, xcode or local-testing; may
                         be repeated (default: production and sandbox). Data of xcode
                         and local-testing is signed by nobody
  --allow-sandbox        let purchases in the sandbox give access
  --root FILE            trust this root certificate (DER or PEM) instead of Apple's; may
                         be repeated
  --now RFC3339          take this as the present time, for example 2026-11-21T09:30:00Z
  --help                 print this

options of apple-receipt:
  --accept-sha1          accept SHA-1, with which Apple signed until January 2025
  --device-id ID         demand that the receipt was made for this device: the UUID of
                         identifierForVendor or, on macOS, the network address
  --product-kind ID=KIND a receipt does not say what kind of product was bought: this one is
                         a consumable, non-consumable, non-renewing or auto-renewable; may
                         be repeated (default: known for auto-renewable ones only)

options of stored answers: --allow-sandbox, --now, and
  --product ID           demand that this product was bought; of a subscription, the parent
  --sandbox              the answer came from the sandbox
  --received-at RFC3339  when the answer came (default: the present time)

options of amazon-rtn: --now, and
  --topic ARN            accept messages of this topic; may be repeated
  --package NAME         and of this app; may be repeated
  --certificate FILE     the certificate (PEM) from the address that the message names:
                         nothing is fetched, and without it there is no verdict

exit status: 0 all verified, 1 some were not, 2 wrong usage or unreadable input
";

/// What to do.
pub(crate) enum Command {
    Help,
    Amazon(AmazonAnswer, StoredOptions),
    AmazonRtn(RtnOptions),
    AppleJws(Options),
    AppleReceipt(Options),
}

/// What a command of Apple's was told.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) bundle_ids: Vec<String>,
    pub(crate) app_apple_id: Option<u64>,
    environments: EnvironmentSet,
    allows_sandbox: bool,
    roots: Vec<PathBuf>,
    pub(crate) now: Option<Timestamp>,
    /// `None` for standard input.
    pub(crate) file: Option<PathBuf>,

    // Of apple-receipt only.
    pub(crate) accepts_sha1: bool,
    pub(crate) device: Option<Vec<u8>>,
    pub(crate) product_kinds: Vec<(ProductId, ProductKind)>,
}

impl Options {
    /// The apps whose data is verified.
    pub(crate) fn apps(&self) -> impl Iterator<Item = App> {
        self.bundle_ids
            .iter()
            .map(|bundle_id| match self.app_apple_id {
                Some(id) => App::new(bundle_id.as_str(), id),
                None => App::unreleased(bundle_id.as_str()),
            })
    }

    /// The environments whose data is verified.
    pub(crate) fn accepted_environments(&self) -> EnvironmentSet {
        if self.environments.is_empty() {
            eprintln!("inspect: accepting production and sandbox; choose with --environment");
            return EnvironmentSet::from([Environment::Production, Environment::Sandbox]);
        }
        self.environments
    }

    /// What gives access: as on a server, the sandbox does only if it was allowed.
    pub(crate) fn access_policy(&self, accepted: EnvironmentSet) -> AccessPolicy {
        let counts = |it: &Environment| *it != Environment::Sandbox || self.allows_sandbox;
        let environments: EnvironmentSet = accepted.iter().filter(counts).collect();
        AccessPolicy::new().environments(environments)
    }

    /// The roots that were named; `None` for Apple's.
    pub(crate) fn trust_anchors(&self) -> Result<Option<Vec<TrustAnchor>>, String> {
        if self.roots.is_empty() {
            return Ok(None);
        }
        let anchors: Result<Vec<_>, String> = self
            .roots
            .iter()
            .map(|root| {
                let named = |error: &dyn Display| format!("{}: {error}", root.display());
                let certificate = fs::read(root).map_err(|error| named(&error))?;
                TrustAnchor::from_certificate(certificate).map_err(|error| named(&error))
            })
            .collect();
        anchors.map(Some)
    }

    pub(crate) fn present_time(&self) -> Timestamp {
        self.now.unwrap_or_else(|| SystemClock.now())
    }
}

/// Reads the command line.
pub(crate) fn parse(mut parser: lexopt::Parser) -> Result<Command, String> {
    parse_command(&mut parser).map_err(|error| format!("{error}; see --help"))
}

fn parse_command(parser: &mut lexopt::Parser) -> Result<Command, lexopt::Error> {
    let command = match parser.next()? {
        Some(Long("help") | Short('h')) => return Ok(Command::Help),
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected()),
        None => return Err("missing command, such as apple-jws".into()),
    };
    match command.as_str() {
        "apple-jws" => parse_apple(parser, Command::AppleJws, false),
        "apple-receipt" => parse_apple(parser, Command::AppleReceipt, true),
        "amazon-product" => parse_stored(parser, AmazonAnswer::Product),
        "amazon-receipt" => parse_stored(parser, AmazonAnswer::Receipt),
        "amazon-subscription" => parse_stored(parser, AmazonAnswer::Subscription),
        "amazon-rtn" => {
            let options = RtnOptions::parse(parser)?;
            Ok(options.map_or(Command::Help, Command::AmazonRtn))
        }
        unknown => Err(format!("unknown command {unknown}").into()),
    }
}

fn parse_stored(
    parser: &mut lexopt::Parser,
    answer: AmazonAnswer,
) -> Result<Command, lexopt::Error> {
    let options = StoredOptions::parse(parser)?;
    Ok(options.map_or(Command::Help, |options| Command::Amazon(answer, options)))
}

fn parse_apple(
    parser: &mut lexopt::Parser,
    command: fn(Options) -> Command,
    is_receipt: bool,
) -> Result<Command, lexopt::Error> {
    let mut options = Options::default();
    let mut input: Option<OsString> = None;
    while let Some(argument) = parser.next()? {
        match argument {
            Long("help") | Short('h') => return Ok(Command::Help),
            Long("bundle-id") => options.bundle_ids.push(parser.value()?.string()?),
            Long("app-apple-id") => options.app_apple_id = Some(parser.value()?.parse()?),
            Long("environment") => {
                let environment = parser.value()?.parse_with(environment)?;
                options.environments = options.environments.with(environment);
            }
            Long("allow-sandbox") => options.allows_sandbox = true,
            Long("root") => options.roots.push(parser.value()?.into()),
            Long("now") => options.now = Some(parser.value()?.parse()?),
            Long("accept-sha1") if is_receipt => options.accepts_sha1 = true,
            Long("device-id") if is_receipt => {
                options.device = Some(parser.value()?.parse_with(device_identifier)?);
            }
            Long("product-kind") if is_receipt => {
                options
                    .product_kinds
                    .push(parser.value()?.parse_with(product_kind)?);
            }
            Value(file) if input.is_none() => input = Some(file),
            other => return Err(other.unexpected()),
        }
    }
    options.file = input.filter(|file| file != "-").map(PathBuf::from);
    Ok(command(options))
}

fn environment(name: &str) -> Result<Environment, &'static str> {
    match name {
        "production" => Ok(Environment::Production),
        "sandbox" => Ok(Environment::Sandbox),
        "xcode" => Ok(Environment::Xcode),
        "local-testing" => Ok(Environment::LocalTesting),
        _ => Err("expected production, sandbox, xcode or local-testing"),
    }
}

/// The bytes that hexadecimal digits stand for: 16 of a UUID, or 6 of a network address.
fn device_identifier(text: &str) -> Result<Vec<u8>, &'static str> {
    let wrong = "expected a UUID or a network address";
    let digits: Vec<char> = text.chars().filter(|it| !matches!(it, '-' | ':')).collect();
    if !matches!(digits.len(), 12 | 32) {
        return Err(wrong);
    }
    let byte = |pair: &[char]| {
        let digits: String = pair.iter().collect();
        u8::from_str_radix(&digits, 16).map_err(|_| wrong)
    };
    digits.chunks(2).map(byte).collect()
}

fn product_kind(text: &str) -> Result<(ProductId, ProductKind), &'static str> {
    let wrong = "expected ID=KIND, where KIND is consumable, non-consumable, non-renewing or auto-renewable";
    let (id, kind) = text.split_once('=').ok_or(wrong)?;
    let kind = match kind {
        "auto-renewable" => ProductKind::AutoRenewableSubscription,
        "consumable" => ProductKind::Consumable,
        "non-consumable" => ProductKind::NonConsumable,
        "non-renewing" => ProductKind::NonRenewingSubscription,
        _ => return Err(wrong),
    };
    Ok((id.into(), kind))
}
