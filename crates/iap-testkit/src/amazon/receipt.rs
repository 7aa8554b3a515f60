//! What Amazon knows of one purchase, as its Receipt Verification Service writes it.
//!
//! <https://developer.amazon.com/docs/in-app-purchasing/iap-rvs-for-android-apps.html>

use core::time::Duration;

use iap_core::Timestamp;
use serde_json::{Map, Value, json};

/// Builds what the Receipt Verification Service answers for a purchase (`verifyReceiptId`).
///
/// Dates that are not set follow from the purchase, itself "now" by default: a subscription renews 30
/// days after it.
///
/// ```
/// use iap_testkit::AmazonReceiptBuilder;
///
/// let receipt = AmazonReceiptBuilder::subscription("pro", "pro.monthly").build();
/// assert_eq!(receipt["productId"], "pro");
/// assert_eq!(receipt["termSku"], "pro.monthly");
/// ```
#[derive(Clone, Debug)]
#[must_use = "a builder makes nothing until `build` is called or it is bought"]
pub struct AmazonReceiptBuilder {
    members: Map<String, Value>,
    purchased_at: Option<Timestamp>,
}

impl AmazonReceiptBuilder {
    /// A consumable, such as coins.
    pub fn consumable(sku: &str) -> Self {
        Self::new(sku, "CONSUMABLE")
    }

    /// An entitlement: bought once, owned for good.
    pub fn entitlement(sku: &str) -> Self {
        Self::new(sku, "ENTITLED")
    }

    /// A subscription to one term, such as a month, of the product `parent_sku`.
    pub fn subscription(parent_sku: &str, term_sku: &str) -> Self {
        Self::new(parent_sku, "SUBSCRIPTION")
            .set("termSku", term_sku)
            .set("term", "1 Month")
            .set("autoRenewing", true)
    }

    fn new(sku: &str, product_type: &str) -> Self {
        let defaults = json!({
            "autoRenewing": false,
            "baseReceipts": null,
            "betaProduct": false,
            "cancelDate": null,
            "cancelReason": null,
            "countryCode": "US",
            "deferredDate": null,
            "deferredSku": null,
            "freeTrialEndDate": null,
            "fulfillmentDate": null,
            "fulfillmentResult": null,
            "gracePeriodEndDate": null,
            "parentProductId": null,
            "productId": sku,
            "productType": product_type,
            "promotions": null,
            "purchaseMetadataMap": null,
            "quantity": 1,
            "renewalDate": null,
            "term": null,
            "termSku": null,
            "testTransaction": false,
        });
        let Value::Object(members) = defaults else {
            unreachable!("the defaults are an object");
        };
        Self {
            members,
            purchased_at: None,
        }
    }

    /// Sets any member, by Amazon's name; dates are milliseconds since 1970.
    pub fn set(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.members.insert(member.to_owned(), value.into());
        self
    }

    /// Leaves a member out, by Amazon's name: Amazon does so in place of `null`.
    pub fn without(mut self, member: &str) -> Self {
        self.members.remove(member);
        self
    }

    /// When it was bought.
    pub const fn purchased_at(mut self, at: Timestamp) -> Self {
        self.purchased_at = Some(at);
        self
    }

    /// A free trial until `end`, before the first paid term.
    pub fn free_trial_until(self, end: Timestamp) -> Self {
        self.set("freeTrialEndDate", end.as_millis())
            .set("renewalDate", end.as_millis())
    }

    /// Bought in Live App Testing: in production, for no money.
    pub fn beta(self) -> Self {
        self.set("betaProduct", true)
    }

    /// The answer.
    #[must_use]
    pub fn build(&self) -> Value {
        Value::Object(self.members_at(crate::system::now()))
    }

    /// The answer, bought at `now` unless it was told when.
    pub(super) fn members_at(&self, now: Timestamp) -> Map<String, Value> {
        let mut members = self.members.clone();
        let purchased_at = self.purchased_at.unwrap_or(now);
        members.insert("purchaseDate".to_owned(), purchased_at.as_millis().into());
        let renews = members.get("autoRenewing") == Some(&Value::Bool(true));
        if renews && members.get("renewalDate") == Some(&Value::Null) {
            let renewal = purchased_at.saturating_add(TERM);
            members.insert("renewalDate".to_owned(), renewal.as_millis().into());
        }
        members
    }
}

/// The length of every term here.
pub(super) const TERM: Duration = Duration::from_secs(30 * 24 * 60 * 60);
