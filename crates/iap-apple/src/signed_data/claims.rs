//! Whom a payload says it is for: the app, the environment, the date; and whether that is us.

use std::sync::Arc;

use iap_core::{AppId, Environment, EnvironmentSet, Timestamp};

use crate::{
    config::{AcceptedApps, App, AppAppleIdCheck},
    error::VerificationFailure,
    model::AppStoreEnvironment,
};

/// What a payload says about itself, in the same shape for every kind.
pub(crate) struct Claims<'a> {
    /// Whether it has the members by which its kind is recognised.
    pub(crate) is_of_kind: bool,
    pub(crate) signed_at: Option<Timestamp>,
    pub(crate) bundle_id: Claim<&'a AppId>,
    pub(crate) app_apple_id: Claim<i64>,
    pub(crate) environment: Option<&'a AppStoreEnvironment>,
}

/// One claim of a payload.
#[derive(Clone, Copy)]
pub(crate) enum Claim<T> {
    /// Payloads of this kind do not make the claim.
    NotMade,
    /// The claim; `None` if the payload should make it and does not.
    Made(Option<T>),
}

impl Claims<'_> {
    /// Finds the accepted app that the payload belongs to; `None` if it names no app, or any app is
    /// accepted.
    ///
    /// 1. The bundle id is that of an accepted app, to the letter; a missing one matches nothing.
    /// 2. The Apple id is that of the same app. Apple writes it reliably in production data only;
    ///    elsewhere it may be missing or 0. Where there is one, it must match everywhere.
    pub(crate) fn check_app(
        &self,
        accepted: &AcceptedApps,
    ) -> Result<Option<Arc<App>>, VerificationFailure> {
        match accepted {
            AcceptedApps::Any { app_apple_id: None } => Ok(None),
            AcceptedApps::Any {
                app_apple_id: Some(expected),
            } => match self.known_app_apple_id(AppAppleIdCheck::Required) {
                Ok(None) => Ok(None),
                Ok(Some(found)) if is_id(found, *expected) => Ok(None),
                _ => Err(self.app_apple_id_failure(vec![*expected])),
            },
            AcceptedApps::Only { apps, app_apple_id } => self.find_app(apps, *app_apple_id),
        }
    }

    fn find_app(
        &self,
        apps: &[Arc<App>],
        policy: AppAppleIdCheck,
    ) -> Result<Option<Arc<App>>, VerificationFailure> {
        // 1
        let (names_bundle_id, bundle_id) = match self.bundle_id {
            Claim::Made(bundle_id) => (true, bundle_id),
            Claim::NotMade => (false, None),
        };
        let has_bundle_id =
            |app: &&Arc<App>| !names_bundle_id || bundle_id == Some(app.bundle_id());
        let candidates = || apps.iter().filter(has_bundle_id);
        let Some(first) = candidates().next() else {
            return Err(VerificationFailure::BundleId {
                expected: apps.iter().map(|app| app.bundle_id().to_string()).collect(),
                found: bundle_id.map(ToString::to_string),
            });
        };
        // 2
        let app = match self.known_app_apple_id(policy) {
            // Named by neither: the data belongs to no app in particular.
            Ok(None) => return Ok(names_bundle_id.then(|| Arc::clone(first))),
            Ok(Some(found)) => candidates()
                .find(|app| app.app_apple_id().is_some_and(|id| is_id(found, id)))
                .or_else(|| {
                    candidates().find(|app| names_bundle_id && app.app_apple_id().is_none())
                }),
            Err(Missing) => None,
        };
        app.map(|app| Some(Arc::clone(app))).ok_or_else(|| {
            self.app_apple_id_failure(candidates().filter_map(|app| app.app_apple_id()).collect())
        })
    }

    /// The Apple id, if the payload carries one; an error if it should and does not.
    fn known_app_apple_id(&self, policy: AppAppleIdCheck) -> Result<Option<i64>, Missing> {
        let Claim::Made(found) = self.app_apple_id else {
            return Ok(None);
        };
        let is_production = self.environment == Some(&AppStoreEnvironment::Production);
        match found.filter(|id| *id != 0) {
            None if is_production && policy == AppAppleIdCheck::Required => Err(Missing),
            found => Ok(found),
        }
    }

    fn app_apple_id_failure(&self, expected: Vec<u64>) -> VerificationFailure {
        VerificationFailure::AppAppleId {
            expected,
            found: match self.app_apple_id {
                Claim::Made(found) => found,
                Claim::NotMade => None,
            },
        }
    }

    /// The payload's environment, if it is an accepted one.
    pub(crate) fn check_environment(
        &self,
        accepted: EnvironmentSet,
    ) -> Result<Environment, VerificationFailure> {
        self.environment
            .and_then(AppStoreEnvironment::known_environment)
            .filter(|environment| accepted.contains(*environment))
            .ok_or_else(|| VerificationFailure::Environment {
                expected: accepted,
                found: self.environment.map(ToString::to_string),
            })
    }
}

/// The payload lacks an Apple id that it should carry.
struct Missing;

fn is_id(found: i64, expected: u64) -> bool {
    u64::try_from(found) == Ok(expected)
}
