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
    /// accepted. A missing value matches nothing, and comparison is exact.
    ///
    /// Apple writes the Apple id reliably in production data only; elsewhere it may be missing or
    /// 0. Where there is one, it must match in every environment.
    pub(crate) fn check_app(
        &self,
        accepted: &AcceptedApps,
    ) -> Result<Option<Arc<App>>, VerificationFailure> {
        let (apps, policy) = match accepted {
            AcceptedApps::Only { apps, app_apple_id } => (apps, *app_apple_id),
            AcceptedApps::Any { app_apple_id: None } => return Ok(None),
            AcceptedApps::Any {
                app_apple_id: Some(expected),
            } => {
                return if self.has_app_apple_id(Some(*expected), AppAppleIdCheck::Required) {
                    Ok(None)
                } else {
                    Err(self.app_apple_id_failure(vec![*expected]))
                };
            }
        };
        let has_bundle_id = |app: &App| match self.bundle_id {
            Claim::NotMade => true,
            Claim::Made(found) => found == Some(app.bundle_id()),
        };
        if !apps.iter().any(|app| has_bundle_id(app)) {
            return Err(VerificationFailure::BundleId {
                expected: apps.iter().map(|app| app.bundle_id().to_string()).collect(),
                found: match self.bundle_id {
                    Claim::Made(Some(found)) => Some(found.to_string()),
                    _ => None,
                },
            });
        }
        let mut candidates = apps.iter().filter(|app| has_bundle_id(app));
        let app = candidates.find(|app| self.has_app_apple_id(app.app_apple_id(), policy));
        match app {
            // A payload that names neither bundle id nor Apple id belongs to no app in particular.
            Some(_)
                if matches!(
                    (self.bundle_id, self.app_apple_id),
                    (Claim::NotMade, Claim::NotMade)
                ) =>
            {
                Ok(None)
            }
            Some(app) => Ok(Some(Arc::clone(app))),
            None => Err(self.app_apple_id_failure(
                apps.iter()
                    .filter(|app| has_bundle_id(app))
                    .filter_map(|app| app.app_apple_id())
                    .collect(),
            )),
        }
    }

    fn has_app_apple_id(&self, expected: Option<u64>, policy: AppAppleIdCheck) -> bool {
        let Claim::Made(found) = self.app_apple_id else {
            return true;
        };
        let is_production = self.environment == Some(&AppStoreEnvironment::Production);
        let must_be_there = is_production && policy == AppAppleIdCheck::Required;
        match (found, expected) {
            (None | Some(0), _) => !must_be_there,
            (Some(_), None) => !must_be_there,
            (Some(found), Some(expected)) => u64::try_from(found) == Ok(expected),
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
