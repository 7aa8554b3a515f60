//! Data that has been verified: holding one is the proof.

use core::{fmt, ops::Deref};
use std::sync::Arc;

use iap_core::{Environment, Timestamp};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, Visitor},
};

use crate::{config::App, jws::VerifiedChain};

/// A payload that Apple signed, for an accepted app, in an accepted environment.
///
/// Only a [`SignedDataVerifier`](crate::SignedDataVerifier) makes one. Dereferences to the payload.
///
/// A verifier built for [`Environment::Xcode`] or [`Environment::LocalTesting`] makes them of
/// unsigned data; [`environment`](Self::environment) tells.
#[derive(Clone)]
pub struct Verified<T> {
    payload: T,
    json: String,
    signed_at: Timestamp,
    environment: Environment,
    app: Option<Arc<App>>,
    /// Whose key signed it; `None` for local environments, whose data nobody signs.
    #[cfg_attr(
        not(feature = "client"),
        expect(dead_code, reason = "only revocation checks ask for it")
    )]
    chain: Option<Arc<VerifiedChain>>,
}

impl<T> Verified<T> {
    pub(crate) const fn new(
        payload: T,
        json: String,
        signed_at: Timestamp,
        environment: Environment,
        app: Option<Arc<App>>,
        chain: Option<Arc<VerifiedChain>>,
    ) -> Self {
        Self {
            payload,
            json,
            signed_at,
            environment,
            app,
            chain,
        }
    }

    #[cfg(feature = "client")]
    pub(crate) fn chain(&self) -> Option<&VerifiedChain> {
        self.chain.as_deref()
    }

    /// The payload.
    #[must_use]
    pub const fn payload(&self) -> &T {
        &self.payload
    }

    /// Gives up the proof and returns the payload.
    #[must_use]
    pub fn into_payload(self) -> T {
        self.payload
    }

    /// The payload as Apple signed it, with members that this version does not know.
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// One top-level member of the payload, also one that this version does not know; `None` if it
    /// is missing or `null`.
    ///
    /// # Errors
    ///
    /// When the member is there and is no `M`.
    pub fn member<M: DeserializeOwned>(&self, name: &str) -> Result<Option<M>, serde_json::Error> {
        let mut deserializer = serde_json::Deserializer::from_str(&self.json);
        deserializer.deserialize_map(Member {
            name,
            kind: core::marker::PhantomData,
        })
    }

    /// The environment it was made in.
    #[must_use]
    pub const fn environment(&self) -> Environment {
        self.environment
    }

    /// When it was signed; for data without a date, when it was verified.
    #[must_use]
    pub const fn signed_at(&self) -> Timestamp {
        self.signed_at
    }

    /// The accepted app that it belongs to; `None` if the data names none, as a renewal info does.
    #[must_use]
    pub fn app(&self) -> Option<&App> {
        self.app.as_deref()
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.payload
    }
}

impl<T: fmt::Debug> fmt::Debug for Verified<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("payload", &self.payload)
            .field("signed_at", &self.signed_at)
            .field("environment", &self.environment)
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}

/// Finds one member of an object without keeping the others.
struct Member<'a, M> {
    name: &'a str,
    kind: core::marker::PhantomData<M>,
}

impl<'de, M: Deserialize<'de>> Visitor<'de> for Member<'_, M> {
    type Value = Option<M>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(name) = members.next_key::<std::borrow::Cow<'_, str>>()? {
            if name == self.name {
                found = members.next_value()?;
            } else {
                members.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
