//! In which environment is this id? Ids do not say: production first, then the sandbox.

use std::error::Error as _;

use iap_core::{Environment, Error};

use super::AppStoreServerClient;
use crate::api_error::ApiFailure;

/// Two clients of one app: asks production first and, where the id may belong to the sandbox, the
/// sandbox.
///
/// Apple's own advice, since one backend serves App Store customers, TestFlight and App Review.
///
/// ```no_run
/// # use iap_apple::{AppStoreServerClient, Error, ProductionThenSandbox};
/// # async fn example(production: AppStoreServerClient, sandbox: AppStoreServerClient) -> Result<(), Error> {
/// let clients = ProductionThenSandbox::new(production, sandbox)?;
/// let (environment, response) = clients
///     .look_up(|client| async move { client.get_transaction_info("2000000000000001").await })
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ProductionThenSandbox {
    production: AppStoreServerClient,
    sandbox: AppStoreServerClient,
}

impl ProductionThenSandbox {
    /// Takes a client of each environment.
    ///
    /// # Errors
    ///
    /// [`Misconfigured`](iap_core::ErrorKind::Misconfigured) if they are not for production and sandbox.
    pub fn new(
        production: AppStoreServerClient,
        sandbox: AppStoreServerClient,
    ) -> Result<Self, Error> {
        let found = (production.environment(), sandbox.environment());
        if found != (Environment::Production, Environment::Sandbox) {
            return Err(Error::misconfigured(format!(
                "expected a client of production and one of the sandbox, found {} and {}",
                found.0, found.1
            )));
        }
        Ok(Self {
            production,
            sandbox,
        })
    }

    /// The client of production or, for any other environment, of the sandbox.
    #[must_use]
    pub fn client(&self, environment: Environment) -> &AppStoreServerClient {
        match environment {
            Environment::Production => &self.production,
            _ => &self.sandbox,
        }
    }

    /// Makes a call in production and, if the id is not known there, in the sandbox. Returns the
    /// environment that knew it.
    ///
    /// 1. Production's answer counts unless it does not know the id, or refuses our key, as it does
    ///    for an app that was never released
    ///    ([`suggests_other_environment`](ApiFailure::suggests_other_environment)).
    /// 2. Then the sandbox's answer counts, if it knows the id.
    /// 3. If neither knows it, a refused key is reported before "not found": a mistake in our
    ///    set-up must not look like a purchase that does not exist.
    ///
    /// # Errors
    ///
    /// Those of the call.
    pub async fn look_up<T, F>(
        &self,
        call: impl Fn(AppStoreServerClient) -> F,
    ) -> Result<(Environment, T), Error>
    where
        F: Future<Output = Result<T, Error>>,
    {
        // 1
        let first = match call(self.production.clone()).await {
            Ok(answer) => return Ok((Environment::Production, answer)),
            Err(error) if suggests_sandbox(&error) => error,
            Err(error) => return Err(error),
        };
        // 2
        match call(self.sandbox.clone()).await {
            Ok(answer) => Ok((Environment::Sandbox, answer)),
            // 3
            Err(second) if suggests_sandbox(&second) && first.rejection().is_none() => Err(first),
            Err(second) => Err(second),
        }
    }
}

fn suggests_sandbox(error: &Error) -> bool {
    let failure = error
        .source()
        .and_then(|source| source.downcast_ref::<ApiFailure>());
    failure.is_some_and(ApiFailure::suggests_other_environment)
}
