//! What App Store payloads hold: builders with realistic defaults, one file a payload.
//!
//! Members are named as Apple names them and written as JSON directly. No type of `iap-apple` takes
//! part, so that its models are judged by something they did not write themselves.

mod app_transaction;
mod notification;
mod realtime_request;
mod renewal_info;
mod transaction;

use std::collections::BTreeMap;

use iap_core::{Environment, Timestamp};
use serde_json::{Map, Value};

pub use app_transaction::AppTransactionBuilder;
pub use notification::NotificationBuilder;
pub use realtime_request::RealtimeRequestBuilder;
pub use renewal_info::RenewalInfoBuilder;
pub use transaction::TransactionBuilder;

/// What a builder was told: a value for a member, or that the member is to be left out.
///
/// Defaults are applied last, so that they can follow from what was told in any order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Changes(BTreeMap<String, Option<Value>>);

impl Changes {
    pub(crate) fn set(&mut self, member: &str, value: Value) {
        self.0.insert(member.to_owned(), Some(value));
    }

    pub(crate) fn leave_out(&mut self, member: &str) {
        self.0.insert(member.to_owned(), None);
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.as_ref()?.as_str()
    }

    fn date(&self, member: &str) -> Option<Timestamp> {
        let millis = self.0.get(member)?.as_ref()?.as_i64()?;
        Some(Timestamp::from_millis(millis))
    }

    /// The members of `defaults`, changed as told.
    pub(crate) fn apply_to(&self, defaults: Value) -> Map<String, Value> {
        let Value::Object(mut members) = defaults else {
            unreachable!("every builder's defaults are an object");
        };
        for (name, change) in &self.0 {
            match change {
                Some(value) => members.insert(name.clone(), value.clone()),
                None => members.remove(name),
            };
        }
        members
    }
}

/// How a value is written in Apple's JSON.
pub(crate) trait Wire {
    fn wire(self) -> Value;
}

impl Wire for Timestamp {
    fn wire(self) -> Value {
        self.as_millis().into()
    }
}

impl Wire for Environment {
    fn wire(self) -> Value {
        match self {
            Self::LocalTesting => "LocalTesting",
            Self::Production => "Production",
            Self::Sandbox => "Sandbox",
            Self::Xcode => "Xcode",
            other => panic!("the App Store has no environment {other}"),
        }
        .into()
    }
}

impl Wire for &[&str] {
    fn wire(self) -> Value {
        self.iter().copied().collect()
    }
}

macro_rules! wire_as_it_is {
    ($($type:ty),*) => {$(
        impl Wire for $type {
            fn wire(self) -> Value {
                self.into()
            }
        }
    )*};
}

wire_as_it_is!(bool, i64, &str, Value);

/// The methods that every payload builder has, and one setter for each member of the payload:
/// `setter: argument type => "wireName";`.
macro_rules! setters {
    ($($(#[$doc:meta])* $setter:ident: $type:ty => $member:literal;)*) => {
        /// Sets any member, by Apple's name: for what no setter knows yet, and for wrong types.
        pub fn set(mut self, member: &str, value: impl Into<serde_json::Value>) -> Self {
            self.changes.set(member, value.into());
            self
        }

        /// Leaves a member out, by Apple's name.
        pub fn without(mut self, member: &str) -> Self {
            self.changes.leave_out(member);
            self
        }

        $(
            $(#[$doc])*
            pub fn $setter(self, value: $type) -> Self {
                self.set($member, $crate::payload::Wire::wire(value))
            }
        )*
    };
}
pub(crate) use setters;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn changes_win_over_defaults_in_any_order() {
        let mut changes = Changes::default();
        changes.set("new", json!(1));
        changes.set("changed", Value::Null);
        changes.leave_out("dropped");
        let members = changes.apply_to(json!({ "kept": 1, "changed": 2, "dropped": 3 }));
        assert_eq!(
            Value::Object(members),
            json!({ "kept": 1, "changed": null, "new": 1 })
        );
    }

    #[test]
    fn environments_have_apples_names() {
        for (environment, name) in [
            (Environment::Production, "Production"),
            (Environment::Sandbox, "Sandbox"),
            (Environment::Xcode, "Xcode"),
            (Environment::LocalTesting, "LocalTesting"),
        ] {
            assert_eq!(environment.wire(), name);
        }
    }
}
