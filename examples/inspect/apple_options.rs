//! What `inspect apple-jws` and `inspect apple-receipt` were told.

use std::{ffi::OsString, fmt::Display, fs, path::PathBuf};

use iap::apple::{App, TrustAnchor};
use iap::{
    AccessPolicy, Clock, Environment, EnvironmentSet, ProductId, ProductKind, SystemClock,
    Timestamp,
};
use lexopt::prelude::*;

/// Which kind of data is to be judged.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum AppleData {
    Jws,
    Receipt,
}

/// What a command of Apple's was told.
#[derive(Default)]
pub(crate) struct AppleOptions {
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

impl AppleOptions {
    /// Reads the rest of the command line; `None` if help was asked for.
    pub(crate) fn parse(
        parser: &mut lexopt::Parser,
        kind: AppleData,
    ) -> Result<Option<Self>, lexopt::Error> {
        let is_receipt = kind == AppleData::Receipt;
        let mut options = Self::default();
        let mut input: Option<OsString> = None;
        while let Some(argument) = parser.next()? {
            match argument {
                Long("help") | Short('h') => return Ok(None),
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
        Ok(Some(options))
    }

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
