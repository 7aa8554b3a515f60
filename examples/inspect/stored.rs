//! A store's answer that a backend has stored: what does it say, and does it give access?

use std::{ffi::OsString, path::PathBuf};

use iap::{
    Access, AccessPolicy, AppId, Clock, Environment, Error, ErrorKind, ProductId, Purchase,
    PurchaseToken, Store, SystemClock, Timestamp,
};
use lexopt::prelude::*;
use serde::Serialize;

use crate::report::{Failure, Report, Verdict, on_one_line};

/// What a command for stored answers was told.
#[derive(Default)]
pub(crate) struct StoredOptions {
    pub(crate) product: Option<ProductId>,
    is_sandbox: bool,
    allows_sandbox: bool,
    now: Option<Timestamp>,
    received_at: Option<Timestamp>,
    /// `None` for standard input.
    pub(crate) file: Option<PathBuf>,

    // Of Google Play only.
    pub(crate) package: Option<AppId>,
    pub(crate) token: Option<PurchaseToken>,
}

/// What a stored answer means.
#[derive(Default, Serialize)]
pub(crate) struct Meaning {
    purchase: Option<Purchase>,
    access: Option<Access>,
    /// When to ask the store again.
    next_check_at: Option<Timestamp>,
}

impl StoredOptions {
    /// Reads the rest of the command line; `None` if help was asked for.
    pub(crate) fn parse(
        parser: &mut lexopt::Parser,
        store: Store,
    ) -> Result<Option<Self>, lexopt::Error> {
        let is_google = store == Store::GooglePlay;
        let mut options = Self::default();
        let mut input: Option<OsString> = None;
        while let Some(argument) = parser.next()? {
            match argument {
                Long("help") | Short('h') => return Ok(None),
                Long("product") => options.product = Some(parser.value()?.string()?.into()),
                // Google has one world, and marks test purchases.
                Long("sandbox") if !is_google => options.is_sandbox = true,
                Long("allow-sandbox") => options.allows_sandbox = true,
                Long("now") => options.now = Some(parser.value()?.parse()?),
                Long("received-at") => options.received_at = Some(parser.value()?.parse()?),
                Long("package") if is_google => {
                    options.package = Some(parser.value()?.string()?.into());
                }
                Long("token") if is_google => {
                    options.token = Some(parser.value()?.string()?.into());
                }
                Value(file) if input.is_none() => input = Some(file),
                other => return Err(other.unexpected()),
            }
        }
        options.file = input.filter(|file| file != "-").map(PathBuf::from);
        Ok(Some(options))
    }

    /// The environment that gave the answer.
    pub(crate) const fn environment(&self) -> Environment {
        match self.is_sandbox {
            true => Environment::Sandbox,
            false => Environment::Production,
        }
    }

    /// When the answer came.
    pub(crate) fn received_at(&self) -> Timestamp {
        self.received_at.unwrap_or_else(|| self.now())
    }

    fn now(&self) -> Timestamp {
        self.now.unwrap_or_else(|| SystemClock.now())
    }

    /// Judges a stored answer that `read` turns into a purchase.
    pub(crate) fn inspect(
        &self,
        kind: &'static str,
        answer: &[u8],
        read: impl FnOnce(&[u8]) -> Result<Purchase, Error>,
    ) -> Report<Meaning> {
        let mut report = Report::<Meaning>::new(Some(kind), on_one_line(answer));
        let mut policy = AccessPolicy::new();
        if self.allows_sandbox {
            policy = policy.environments([Environment::Production, Environment::Sandbox]);
        }
        match read(answer).and_then(|purchase| self.check_product(purchase)) {
            Ok(purchase) => {
                // Of what was bought together, each has an end of its own.
                report.content.access = Some(match &self.product {
                    Some(product_id) => purchase.access_to(product_id, self.now(), &policy),
                    None => purchase.access_at(self.now(), &policy),
                });
                report.content.next_check_at = purchase.next_check_at(self.now(), &policy);
                report.content.purchase = Some(purchase);
            }
            Err(error) => {
                let (verdict, check) = match error.kind() {
                    ErrorKind::Rejected(rejection) => (Verdict::Rejected, rejection.as_str()),
                    _ => (Verdict::Unavailable, "readable"),
                };
                let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
                let message = format!("{error}{}", cause.unwrap_or_default());
                report.fail(verdict, Failure { check, message });
            }
        }
        report
    }

    /// As [`iap::VerifierExt::verify_product`] does for a proof.
    fn check_product(&self, purchase: Purchase) -> Result<Purchase, Error> {
        let Some(expected) = &self.product else {
            return Ok(purchase);
        };
        if purchase.includes(expected) {
            return Ok(purchase);
        }
        let found = &purchase.product_id;
        let message = format!("expected product {expected}, found {found}");
        Err(Error::rejected(iap::Rejection::WrongProduct, message))
    }
}
