//! The command line of `inspect`.

use iap::Store;
use lexopt::prelude::*;

use crate::{
    amazon::AmazonAnswer,
    amazon_rtn_options::AmazonRtnOptions,
    apple_options::{AppleData, AppleOptions},
    google::GoogleAnswer,
    google_rtn_options::GoogleRtnOptions,
    stored::StoredOptions,
};

pub(crate) const HELP: &str = "\
Tells whether data signed by a store is genuine, and what it says.

usage: inspect apple-jws [OPTION]... [FILE|-]
       inspect apple-receipt --bundle-id ID [OPTION]... [FILE|-]
       inspect amazon-receipt|amazon-product|amazon-subscription [OPTION]... [FILE|-]
       inspect amazon-rtn --topic ARN --package NAME [OPTION]... [FILE|-]
       inspect google-subscription|google-product --package NAME --token TOKEN
               [OPTION]... [FILE|-]
       inspect google-rtn --package NAME [OPTION]... [FILE|-]

apple-jws reads one JWS per line from FILE, or from standard input: transactions,
renewal infos, app transactions, notifications and retention requests of the App
Store. apple-receipt reads one legacy app receipt, in base64 or as it is.
amazon-receipt, amazon-product and amazon-subscription read the JSON that Amazon
answered to verifyReceiptId, purchases.products.get or purchases.subscriptionsv2.get,
and that your backend stored: nothing signs it, so believe only what you stored.
amazon-rtn reads the body of one Real-Time Notification, as it was posted.
google-subscription reads what Google answered to purchases.subscriptionsv2.get, and
google-product what it answered to purchases.productsv2.getproductpurchasev2 or
purchases.products.get: again, nothing signs it, so believe only what you stored.
google-rtn reads one Real-time developer notification: the body of a push as it was
posted, wrapped or not, the data of a message, or an answer of subscriptions.pull.
Nothing signs these either: a token beside a push proves who sent it, and what you
pulled, you got from Google. Without --authorization or --stored it is \"unavailable\".
Prints one JSON object each:

  verdict    \"verified\", \"rejected\" or \"unavailable\" (no verdict was possible)
  kind       what the data is
  failure    which check failed, and why
  payload    the data as signed; believe that of a JWS, or of a notification, only if the
             verdict is \"verified\". That of a receipt is not read before its signature holds
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
  --product ID           demand that this product was bought; of a subscription at Amazon,
                         the parent. An answer of products.get may name none: then this is
                         the one that Google was asked about
  --received-at RFC3339  when the answer came (default: the present time)
  --sandbox              the answer came from the sandbox (Amazon)
  --package NAME         the app that Google was asked about
  --token TOKEN          and the purchase token: Google's answers do not name them. May be
                         left out for an answer of products.get that does

options of amazon-rtn: --now, and
  --topic ARN            accept messages of this topic; may be repeated
  --package NAME         and of this app; may be repeated
  --certificate FILE     the certificate (PEM) from the address that the message names:
                         nothing is fetched, and without it there is no verdict

options of google-rtn: --now, and
  --package NAME         accept notifications about this app; may be repeated
  --authorization VALUE  the Authorization header of the push, \"Bearer\" and a token, or the
                         token alone. It is good for an hour: say with --now when it came
  --audience TEXT        accept tokens for this audience; may be repeated
  --service-account MAIL and of this service account; may be repeated
  --keys FILE            Google's keys when the push came, the JSON of
                         https://www.googleapis.com/oauth2/v3/certs: nothing is fetched, and
                         without them there is no verdict
  --stored               you pulled the message from Pub/Sub, or authenticated it before you
                         stored it: take it for Google's without proof

exit status: 0 all verified, 1 some were not, 2 wrong usage or unreadable input
";

/// What to do.
pub(crate) enum Command {
    Help,
    Amazon(AmazonAnswer, StoredOptions),
    AmazonRtn(AmazonRtnOptions),
    AppleJws(AppleOptions),
    AppleReceipt(AppleOptions),
    Google(GoogleAnswer, StoredOptions),
    GoogleRtn(GoogleRtnOptions),
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
    let command = match command.as_str() {
        "amazon-product" => amazon(parser, AmazonAnswer::Product)?,
        "amazon-receipt" => amazon(parser, AmazonAnswer::Receipt)?,
        "amazon-subscription" => amazon(parser, AmazonAnswer::Subscription)?,
        "amazon-rtn" => AmazonRtnOptions::parse(parser)?.map(Command::AmazonRtn),
        "apple-jws" => AppleOptions::parse(parser, AppleData::Jws)?.map(Command::AppleJws),
        "apple-receipt" => {
            AppleOptions::parse(parser, AppleData::Receipt)?.map(Command::AppleReceipt)
        }
        "google-product" => google(parser, GoogleAnswer::Product)?,
        "google-subscription" => google(parser, GoogleAnswer::Subscription)?,
        "google-rtn" => GoogleRtnOptions::parse(parser)?.map(Command::GoogleRtn),
        unknown => return Err(format!("unknown command {unknown}").into()),
    };
    Ok(command.unwrap_or(Command::Help))
}

fn amazon(
    parser: &mut lexopt::Parser,
    answer: AmazonAnswer,
) -> Result<Option<Command>, lexopt::Error> {
    let options = StoredOptions::parse(parser, Store::AmazonAppstore)?;
    Ok(options.map(|options| Command::Amazon(answer, options)))
}

fn google(
    parser: &mut lexopt::Parser,
    answer: GoogleAnswer,
) -> Result<Option<Command>, lexopt::Error> {
    let options = StoredOptions::parse(parser, Store::GooglePlay)?;
    Ok(options.map(|options| Command::Google(answer, options)))
}
