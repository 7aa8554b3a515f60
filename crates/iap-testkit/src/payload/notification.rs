//! What a server notification (version 2) holds, signed data within signed data included.
//!
//! <https://developer.apple.com/documentation/appstoreservernotifications/responsebodyv2decodedpayload>

use iap_core::{Environment, Timestamp};
use serde_json::{Value, json};

use super::{AppTransactionBuilder, Changes, RenewalInfoBuilder, TransactionBuilder, Wire as _};
use crate::{SigningAuthority, system};

/// Builds a server notification (`ResponseBodyV2DecodedPayload`).
///
/// It has one subject: `data` (the default), [`summary`](Self::summary),
/// [`external_purchase_token`](Self::external_purchase_token) or [`app_data`](Self::app_data).
/// App, environment and signed date follow the transaction, or the app transaction, unless they
/// are set.
///
/// ```
/// use iap_testkit::{NotificationBuilder, RenewalInfoBuilder, SigningAuthority, TransactionBuilder};
///
/// let authority = SigningAuthority::new();
/// let transaction = TransactionBuilder::auto_renewable("com.example.app", "pro.monthly");
/// let signed_payload = NotificationBuilder::new("DID_RENEW")
///     .subtype("BILLING_RECOVERY")
///     .renewal_info(RenewalInfoBuilder::of(&transaction))
///     .transaction(transaction)
///     .sign(&authority);
/// let body = serde_json::json!({ "signedPayload": signed_payload });
/// # assert!(body.to_string().len() > 15_000);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `payload` or `sign` is called"]
pub struct NotificationBuilder {
    notification_type: String,
    uuid: String,
    made_at: Timestamp,
    transaction: Option<TransactionBuilder>,
    renewal_info: Option<RenewalInfoBuilder>,
    subject: Subject,
    environment: Option<Environment>,
    /// Members of the notification itself.
    changes: Changes,
    /// Members of the subject.
    subject_changes: Changes,
}

/// What a notification is about.
#[derive(Clone, Debug)]
enum Subject {
    Data,
    Summary(Value),
    ExternalPurchaseToken(Value),
    AppData(Box<AppTransactionBuilder>),
}

impl NotificationBuilder {
    /// A notification of this `notificationType`, such as `DID_RENEW`, with fresh
    /// `notificationUUID`.
    pub fn new(notification_type: &str) -> Self {
        Self {
            notification_type: notification_type.to_owned(),
            uuid: system::uuid(),
            made_at: system::now(),
            transaction: None,
            renewal_info: None,
            subject: Subject::Data,
            environment: None,
            changes: Changes::default(),
            subject_changes: Changes::default(),
        }
    }

    /// The `subtype`, such as `BILLING_RECOVERY`. Default: none.
    pub fn subtype(self, subtype: &str) -> Self {
        self.set("subtype", subtype)
    }

    /// The `notificationUUID`: stays the same when the App Store sends the notification again.
    pub fn notification_uuid(self, uuid: &str) -> Self {
        self.set("notificationUUID", uuid)
    }

    /// The `version` of the notification's form. Default: `2.0`.
    pub fn version(self, version: &str) -> Self {
        self.set("version", version)
    }

    /// When the App Store signed the notification (`signedDate`); what is nested keeps its own
    /// date. Default: the date of what is nested, else when the builder was made.
    pub fn signed_at(self, at: Timestamp) -> Self {
        self.set("signedDate", at.wire())
    }

    /// Sets any member of the notification, by Apple's name.
    pub fn set(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.changes.set(member, value.into());
        self
    }

    /// Leaves a member of the notification out, by Apple's name; `data`, for example.
    pub fn without(mut self, member: &str) -> Self {
        self.changes.leave_out(member);
        self
    }

    /// The app: `bundleId` and the App Store's number `appAppleId`. Default: those of what is
    /// nested, else `com.example.app` and 1234567890.
    pub fn app(self, bundle_id: &str, app_apple_id: i64) -> Self {
        self.set_in_subject("bundleId", bundle_id)
            .set_in_subject("appAppleId", app_apple_id)
    }

    /// The `bundleVersion` of the app. Default: `42`.
    pub fn bundle_version(self, version: &str) -> Self {
        self.set_in_subject("bundleVersion", version)
    }

    /// The `environment`. Default: that of what is nested, else production.
    ///
    /// An external purchase token has no such member: its id says `SANDBOX` instead.
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = Some(environment);
        self
    }

    /// The `status` of the subscription: 1 active, 2 expired, 3 billing retry, 4 billing grace
    /// period, 5 revoked. Default: 1 when renewal information is nested, else none.
    pub fn status(self, status: i64) -> Self {
        self.set_in_subject("status", status)
    }

    /// The `consumptionRequestReason`, such as `UNINTENDED_PURCHASE`.
    pub fn consumption_request_reason(self, reason: &str) -> Self {
        self.set_in_subject("consumptionRequestReason", reason)
    }

    /// Nests this transaction, signed by the authority that signs the notification.
    pub fn transaction(mut self, transaction: TransactionBuilder) -> Self {
        self.transaction = Some(transaction);
        self
    }

    /// Nests this renewal information, signed by the authority that signs the notification.
    pub fn renewal_info(mut self, renewal_info: RenewalInfoBuilder) -> Self {
        self.renewal_info = Some(renewal_info);
        self
    }

    /// Nests any text as `signedTransactionInfo`: a forgery, or a JWS of another authority.
    pub fn signed_transaction_info(self, text: impl Into<String>) -> Self {
        self.set_in_subject("signedTransactionInfo", text.into())
    }

    /// Nests any text as `signedRenewalInfo`: a forgery, or a JWS of another authority.
    pub fn signed_renewal_info(self, text: impl Into<String>) -> Self {
        self.set_in_subject("signedRenewalInfo", text.into())
    }

    /// Makes the notification one about a mass renewal extension: `summary` instead of `data`.
    /// App and environment are added to the members of `summary`.
    pub fn summary(mut self, summary: Value) -> Self {
        self.subject = Subject::Summary(summary);
        self
    }

    /// Makes the notification one about an external purchase: `externalPurchaseToken` instead of
    /// `data`. App, a fresh `externalPurchaseId` and `tokenCreationDate` are added to the members
    /// of `token`.
    pub fn external_purchase_token(mut self, token: Value) -> Self {
        self.subject = Subject::ExternalPurchaseToken(token);
        self
    }

    /// Makes the notification one about the app itself: `appData` instead of `data`, with this app
    /// transaction nested and signed.
    pub fn app_data(mut self, app_transaction: AppTransactionBuilder) -> Self {
        self.subject = Subject::AppData(Box::new(app_transaction));
        self
    }

    /// Sets any member of `data`, or of the subject that stands in its place, by Apple's name.
    pub fn set_in_subject(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.subject_changes.set(member, value.into());
        self
    }

    /// Leaves a member of `data`, or of the subject that stands in its place, out.
    pub fn without_in_subject(mut self, member: &str) -> Self {
        self.subject_changes.leave_out(member);
        self
    }

    /// The payload; `authority` signs what is nested.
    ///
    /// # Panics
    ///
    /// When a summary or an external purchase token is not a JSON object.
    #[must_use]
    pub fn payload(&self, authority: &SigningAuthority) -> Value {
        let (name, subject) = match &self.subject {
            Subject::Data => ("data", self.data(authority)),
            Subject::Summary(members) => ("summary", self.about_the_app(members)),
            Subject::ExternalPurchaseToken(members) => {
                ("externalPurchaseToken", self.token(members))
            }
            Subject::AppData(app_transaction) => {
                let nested = app_transaction.sign(authority);
                let members = json!({ "signedAppTransactionInfo": nested });
                ("appData", self.about_the_app(&members))
            }
        };
        let defaults = json!({
            "notificationType": self.notification_type,
            "notificationUUID": self.uuid,
            name: self.subject_changes.apply_to(subject),
            "version": "2.0",
            "signedDate": self.signed_date().as_millis(),
        });
        Value::Object(self.changes.apply_to(defaults))
    }

    /// The payload, signed: the `signedPayload` that the App Store posts.
    ///
    /// # Panics
    ///
    /// When a summary or an external purchase token is not a JSON object.
    #[must_use]
    pub fn sign(&self, authority: &SigningAuthority) -> String {
        authority.sign(&self.payload(authority))
    }

    fn data(&self, authority: &SigningAuthority) -> Value {
        let mut data = json!({ "bundleVersion": "42" });
        if let Some(transaction) = &self.transaction {
            data["signedTransactionInfo"] = transaction.sign(authority).into();
        }
        if let Some(renewal_info) = &self.renewal_info {
            data["signedRenewalInfo"] = renewal_info.sign(authority).into();
            data["status"] = 1.into();
        }
        self.about_the_app(&data)
    }

    fn token(&self, members: &Value) -> Value {
        let prefix = match self.environment {
            Some(Environment::Sandbox) => "SANDBOX_",
            _ => "",
        };
        let mut token = json!({
            "externalPurchaseId": format!("{prefix}{}", self.uuid),
            "tokenCreationDate": self.signed_date().as_millis(),
        });
        extend(&mut token, members);
        let mut token = self.about_the_app(&token);
        token
            .as_object_mut()
            .map(|token| token.remove("environment"));
        token
    }

    /// `members` and what every subject says about the app.
    fn about_the_app(&self, members: &Value) -> Value {
        let nested = match (&self.subject, &self.transaction) {
            (Subject::AppData(app_transaction), _) => app_transaction.build(),
            (_, Some(transaction)) => transaction.build(),
            (_, None) => Value::Null,
        };
        let follow = |member: &str, default: Value| nested.get(member).cloned().unwrap_or(default);
        let environment = match self.environment {
            Some(environment) => environment.wire(),
            None => follow("environment", follow("receiptType", "Production".into())),
        };
        let mut subject = json!({
            "appAppleId": follow("appAppleId", 1_234_567_890.into()),
            "bundleId": follow("bundleId", "com.example.app".into()),
            "environment": environment,
        });
        extend(&mut subject, members);
        subject
    }

    fn signed_date(&self) -> Timestamp {
        let nested = match (&self.subject, &self.transaction) {
            (Subject::AppData(app_transaction), _) => Some(app_transaction.signed_date()),
            (_, Some(transaction)) => Some(transaction.signed_date()),
            (_, None) => None,
        };
        self.changes
            .date("signedDate")
            .or(nested)
            .unwrap_or(self.made_at)
    }
}

fn extend(object: &mut Value, members: &Value) {
    let members = members.as_object().expect("the subject is a JSON object");
    for (name, value) in members {
        object[name] = value.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn payload(notification: &NotificationBuilder) -> Value {
        notification.payload(&SigningAuthority::all_p256())
    }

    #[test]
    fn app_environment_and_date_follow_the_transaction() {
        let at = Timestamp::from_seconds(1_700_000_000);
        let transaction = TransactionBuilder::auto_renewable("com.example.other", "pro")
            .environment(Environment::Sandbox)
            .signed_at(at);
        let payload = payload(&NotificationBuilder::new("DID_RENEW").transaction(transaction));
        assert_eq!(payload["data"]["bundleId"], "com.example.other");
        assert_eq!(payload["data"]["environment"], "Sandbox");
        assert_eq!(payload["signedDate"], at.as_millis());
    }

    #[test]
    fn what_is_set_wins_over_what_is_nested() {
        let transaction = TransactionBuilder::auto_renewable("com.example.other", "pro");
        let payload = payload(
            &NotificationBuilder::new("DID_RENEW")
                .app("com.example.app", 7)
                .environment(Environment::Sandbox)
                .transaction(transaction),
        );
        assert_eq!(payload["data"]["bundleId"], "com.example.app");
        assert_eq!(payload["data"]["appAppleId"], 7);
        assert_eq!(payload["data"]["environment"], "Sandbox");
    }

    #[test]
    fn every_subject_stands_in_the_place_of_data() {
        let about = |name: &str, notification: NotificationBuilder| {
            let payload = payload(&notification.app("com.example.app", 7));
            for other in ["data", "summary", "externalPurchaseToken", "appData"] {
                assert_eq!(payload.get(other).is_some(), other == name, "{other}");
            }
            assert_eq!(payload[name]["bundleId"], "com.example.app");
            assert_eq!(payload[name]["appAppleId"], 7);
            payload[name].clone()
        };
        about("data", NotificationBuilder::new("TEST"));
        let summary = NotificationBuilder::new("RENEWAL_EXTENSION")
            .subtype("SUMMARY")
            .summary(json!({ "succeededCount": 5 }));
        assert_eq!(about("summary", summary)["succeededCount"], 5);
        let token = NotificationBuilder::new("EXTERNAL_PURCHASE_TOKEN")
            .subtype("UNREPORTED")
            .external_purchase_token(json!({ "tokenType": "SERVICES" }));
        let token = about("externalPurchaseToken", token);
        assert_eq!(token["tokenType"], "SERVICES");
        assert_eq!(token.get("environment"), None);
        let app_data = NotificationBuilder::new("RESCIND_CONSENT")
            .app_data(AppTransactionBuilder::new("com.example.other", 8));
        let app_data = about("appData", app_data);
        assert!(app_data["signedAppTransactionInfo"].is_string());
        assert_eq!(app_data["environment"], "Production");
    }

    #[test]
    fn the_id_of_an_external_purchase_names_the_sandbox() {
        let notification = NotificationBuilder::new("EXTERNAL_PURCHASE_TOKEN")
            .external_purchase_token(json!({}))
            .environment(Environment::Sandbox);
        let id = payload(&notification)["externalPurchaseToken"]["externalPurchaseId"].clone();
        assert!(id.as_str().unwrap().starts_with("SANDBOX"));
    }

    #[test]
    fn a_notification_can_nest_any_text_and_lack_any_member() {
        let payload = payload(
            &NotificationBuilder::new("REFUND")
                .transaction(TransactionBuilder::consumable("com.example.app", "coins"))
                .signed_transaction_info("not.a.jws")
                .without("version")
                .without_in_subject("bundleVersion"),
        );
        assert_eq!(payload["data"]["signedTransactionInfo"], "not.a.jws");
        assert_eq!(payload.get("version"), None);
        assert_eq!(payload["data"].get("bundleVersion"), None);
    }

    #[test]
    fn two_notifications_have_two_ids_and_sending_again_keeps_one() {
        let first = NotificationBuilder::new("TEST");
        let second = NotificationBuilder::new("TEST");
        assert_ne!(
            payload(&first)["notificationUUID"],
            payload(&second)["notificationUUID"]
        );
        assert_eq!(payload(&first), payload(&first));
    }
}
