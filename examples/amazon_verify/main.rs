//! Is this receipt of the Amazon Appstore good? Asks Amazon about one receipt and prints what it says.
//!
//! ```text
//! AMAZON_SHARED_SECRET=… cargo run -p iap-examples --bin amazon_verify -- --product pro USER_ID RECEIPT_ID
//! ```

use std::{env, error::Error, process::ExitCode};

use iap::amazon::{AmazonClient, AmazonVerifier, ExpectedProduct};
use iap::{Access, AccessPolicy, Clock, Environment, ErrorKind, Proof, SystemClock, Verifier};
use lexopt::prelude::*;

const HELP: &str = "\
Asks Amazon about one receipt: is it genuine, and does it give access now?

usage: amazon_verify [OPTION]... [--] USER_ID RECEIPT_ID

Put -- before the ids: Amazon makes some that begin with a dash.

The shared secret of your developer account is read from the environment variable
AMAZON_SHARED_SECRET, so that it stands in no list of processes and no history.

options:
  --product SKU   demand that this product was bought; of a subscription, the parent
  --term SKU      and this term of it
  --sandbox       ask Cloud Sandbox, for receipts of App Tester; takes no secret
  --base-url URL  ask another host, such as a fake Amazon of iap-testkit
  --help          print this

exit status: 0 it gives access, 1 it does not, 2 wrong usage, or Amazon could not tell
";

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("amazon_verify: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<bool, Box<dyn Error>> {
    let Some(question) = Question::parse(lexopt::Parser::from_env())? else {
        print!("{HELP}");
        return Ok(true);
    };
    let mut client = match question.environment {
        Environment::Sandbox => AmazonClient::sandbox(),
        _ => AmazonClient::production(
            env::var(SECRET).map_err(|_| format!("{SECRET} is not set; see --help"))?,
        ),
    };
    if let Some(url) = question.base_url {
        client = client.base_url(url);
    }
    let verifier = AmazonVerifier::new(client.build()?);
    let proof = Proof::amazon_receipt(question.receipt_id, question.user_id);
    let purchase = match verifier.verify(&proof).await {
        Ok(purchase) => purchase,
        // A verdict. Everything else is none: what is stored about the customer stays.
        Err(error) if matches!(error.kind(), ErrorKind::Rejected(_)) => {
            println!("{error}");
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    println!("{}", serde_json::to_string_pretty(&purchase)?);
    if let Some(expected) = question.expected
        && let Err(error) = expected.check(&purchase)
    {
        println!("{error}");
        return Ok(false);
    }
    // Who asks the sandbox wants to know what its purchases would give.
    let policy = AccessPolicy::new().environments([question.environment]);
    let access = purchase.access_at(SystemClock.now(), &policy);
    match access {
        Access::Granted { until: None, .. } => println!("access for good"),
        Access::Granted {
            until: Some(until), ..
        } => println!("access until {until}"),
        Access::Denied { reason, .. } => println!("no access: {reason:?}"),
    }
    Ok(access.is_granted())
}

/// What the command line asks.
struct Question {
    environment: Environment,
    base_url: Option<String>,
    expected: Option<ExpectedProduct>,
    user_id: String,
    receipt_id: String,
}

impl Question {
    /// `None` if help was asked for.
    fn parse(mut parser: lexopt::Parser) -> Result<Option<Self>, lexopt::Error> {
        let (mut product, mut term, mut base_url) = (None, None, None);
        let mut environment = Environment::Production;
        let mut ids = Vec::new();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("help") | Short('h') => return Ok(None),
                Long("product") => product = Some(parser.value()?.string()?),
                Long("term") => term = Some(parser.value()?.string()?),
                Long("base-url") => base_url = Some(parser.value()?.string()?),
                Long("sandbox") => environment = Environment::Sandbox,
                Value(id) => ids.push(id.string()?),
                other => return Err(other.unexpected()),
            }
        }
        let [user_id, receipt_id] = <[String; 2]>::try_from(ids)
            .map_err(|_| "expected USER_ID and RECEIPT_ID; see --help")?;
        let expected = match (product, term) {
            (None, Some(_)) => return Err("--term goes with --product".into()),
            (None, None) => None,
            (Some(product), None) => Some(ExpectedProduct::new(product)),
            (Some(product), Some(term)) => Some(ExpectedProduct::new(product).term(term)),
        };
        Ok(Some(Self {
            environment,
            base_url,
            expected,
            user_id,
            receipt_id,
        }))
    }
}

const SECRET: &str = "AMAZON_SHARED_SECRET";
