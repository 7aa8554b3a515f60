//! What a subscription of Google Play is in the words that all stores share.
//!
//! [Google's page](https://developer.android.com/google/play/billing/lifecycle/subscriptions)

use core::time::Duration;

use iap_core::{
    AccountId, Acknowledgement, AppId, AutoRenew, ExpirationReason, PlanId, ProductId, ProductKind,
    ProfileId, Purchase, PurchaseItem, PurchaseKey, PurchaseState, PurchaseToken, Subscription,
    Timestamp, TransactionId,
};

use super::{
    ACKNOWLEDGEMENT_PERIOD, ACKNOWLEDGEMENT_PERIOD_OF_TESTS, MISSING, MissingMember, new_purchase,
    price::{offer, price_increase, renewal_price, renews_at_its_price},
};
use crate::model::{
    AcknowledgementState, AutoRenewingPlan, CanceledStateContext, ExternalAccountIdentifiers,
    SubscriptionPurchaseLineItem, SubscriptionPurchaseV2, SubscriptionState,
};

impl SubscriptionPurchaseV2 {
    /// The purchase that Google answered with at `as_of`, when it was asked for `token`.
    ///
    /// The main product is the base, which stands first, whether or not add-ons last longer; where
    /// another one has taken or will take its place, the one that is owned. The others are
    /// [`additional_items`](Purchase::additional_items) with an end of their own. An item without an
    /// end is not owned yet. Prepaid plans are of the same kind as renewing ones, for the state
    /// decides about both.
    ///
    /// # Errors
    ///
    /// [`MissingMember`] if Google names no product.
    ///
    /// ```
    /// use iap_google::{AccessPolicy, SubscriptionPurchaseV2};
    ///
    /// let answer: SubscriptionPurchaseV2 = serde_json::from_str(r#"{
    ///     "subscriptionState": "SUBSCRIPTION_STATE_ON_HOLD",
    ///     "lineItems": [{ "productId": "pro", "expiryTime": "2030-01-01T00:00:00Z" }]
    /// }"#)?;
    /// let now = "2026-11-21T09:30:00Z".parse().unwrap();
    /// let purchase = answer.to_purchase(&"com.example.app".into(), &"token".into(), now)?;
    /// // The state counts before the date.
    /// assert!(!purchase.access_at(now, &AccessPolicy::new()).is_granted());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_purchase(
        &self,
        package_name: &AppId,
        token: &PurchaseToken,
        as_of: Timestamp,
    ) -> Result<Purchase, MissingMember> {
        let (main, product_id) = self.main_item(as_of)?;
        let mut purchase = new_purchase(
            package_name,
            token,
            product_id.clone(),
            ProductKind::AutoRenewableSubscription,
            as_of,
        );
        purchase.is_test = self.test_purchase.is_some();
        purchase.replaces = self.linked_purchase_token.clone().map(PurchaseKey::google);
        purchase.transaction_id = main
            .latest_successful_order_id
            .as_ref()
            .map(|order_id| TransactionId::new(order_id.as_str()));
        purchase.additional_items = self
            .line_items
            .iter()
            .filter(|item| !core::ptr::eq(*item, main))
            .filter_map(|item| self.additional_item(item))
            .collect();
        let out_of_app = self.out_of_app_purchase_context.as_ref();
        purchase.resubscribes = out_of_app
            .and_then(|context| context.expired_purchase_token.clone())
            .map(PurchaseKey::google);
        purchase.account_id = self
            .attached_id(|ids| ids.obfuscated_external_account_id.as_deref())
            .map(AccountId::from);
        purchase.profile_id = self
            .attached_id(|ids| ids.obfuscated_external_profile_id.as_deref())
            .map(ProfileId::from);
        purchase.state = self.purchase_state();
        purchase.purchased_at = self.start_time;
        purchase.originally_purchased_at = self.start_time;
        purchase.expires_at = main.expiry_time;
        purchase.is_replaced = self.canceled_by(|by| by.replacement_cancellation.is_some());
        purchase.acknowledgement = self.acknowledgement();
        purchase.acknowledge_by = self.acknowledge_by(main, purchase.acknowledgement);
        purchase.subscription = Some(self.subscription(main));
        Ok(purchase)
    }

    /// The item of a product; `None` if it is not part of the purchase.
    #[must_use]
    pub fn line_item(&self, product_id: &ProductId) -> Option<&SubscriptionPurchaseLineItem> {
        let mut items = self.line_items.iter();
        items.find(|item| item.product_id.as_ref() == Some(product_id))
    }

    fn subscription(&self, main: &SubscriptionPurchaseLineItem) -> Subscription {
        let mut subscription = Subscription::new(self.state());
        let next_product_id = main
            .deferred_item_replacement
            .as_ref()
            .and_then(|replacement| replacement.product_id.as_ref());
        // What goes at the renewal says nothing about it; what comes does. It may be another plan of
        // the same product.
        let mut others = self
            .line_items
            .iter()
            .filter(|item| !core::ptr::eq(*item, main));
        let next = others
            .find(|item| next_product_id.is_some() && item.product_id.as_ref() == next_product_id);
        let renewing = next.unwrap_or(main);
        let plan = renewing.auto_renewing_plan.as_ref();
        subscription.auto_renew = self.auto_renew(renewing);
        let details = main.offer_details.as_ref();
        let plan_id = details.and_then(|details| details.base_plan_id.as_deref());
        subscription.plan_id = plan_id.filter(|id| !id.is_empty()).map(PlanId::from);
        subscription.started_at = self.start_time;
        subscription.offer = offer(main);
        subscription.price_increase = plan.and_then(price_increase);
        subscription.expiration_reason = self.expiration_reason(main.auto_renewing_plan.as_ref());
        if let Some(product_id) = next_product_id {
            subscription.next_product_id = Some(product_id.clone());
            subscription.next_product_at = main.expiry_time;
        }
        if subscription.auto_renew == AutoRenew::On && renews_at_its_price(renewing) {
            subscription.renewal_price =
                plan.and_then(|plan| renewal_price(plan, main.expiry_time));
        }
        match self.subscription_state {
            Some(SubscriptionState::Active) if subscription.auto_renew == AutoRenew::On => {
                subscription.renews_at = main.expiry_time;
            }
            // Google moves the end of the item along with the grace period.
            Some(SubscriptionState::InGracePeriod) => {
                subscription.grace_expires_at = main.expiry_time;
            }
            Some(SubscriptionState::Paused) => {
                let context = self.paused_state_context.as_ref();
                subscription.resumes_at = context.and_then(|context| context.auto_resume_time);
            }
            _ => {}
        }
        subscription
    }

    /// Cancelled is active without renewal.
    fn state(&self) -> iap_core::SubscriptionState {
        use iap_core::SubscriptionState as State;

        match &self.subscription_state {
            Some(SubscriptionState::Active | SubscriptionState::Canceled) => State::Active,
            Some(SubscriptionState::InGracePeriod) => State::InGracePeriod,
            Some(SubscriptionState::OnHold) => State::OnHold,
            Some(SubscriptionState::Paused) => State::Paused,
            Some(SubscriptionState::Expired) => State::Expired,
            Some(SubscriptionState::Pending | SubscriptionState::PendingPurchaseCanceled) => {
                State::NotStarted
            }
            Some(other) => State::Unknown(other.to_string()),
            None => State::Unknown(MISSING.to_owned()),
        }
    }

    fn purchase_state(&self) -> PurchaseState {
        match &self.subscription_state {
            Some(SubscriptionState::Pending) => PurchaseState::Pending,
            Some(SubscriptionState::PendingPurchaseCanceled) => PurchaseState::Canceled,
            Some(
                SubscriptionState::Active
                | SubscriptionState::Canceled
                | SubscriptionState::Expired
                | SubscriptionState::InGracePeriod
                | SubscriptionState::OnHold
                | SubscriptionState::Paused,
            ) => PurchaseState::Purchased,
            Some(other) => PurchaseState::Unknown(other.to_string()),
            None => PurchaseState::Unknown(MISSING.to_owned()),
        }
    }

    /// Whether an item renews. Google leaves the mark of it out where it does not.
    fn auto_renew(&self, item: &SubscriptionPurchaseLineItem) -> AutoRenew {
        let ends = matches!(
            self.subscription_state,
            Some(
                SubscriptionState::Canceled
                    | SubscriptionState::Expired
                    | SubscriptionState::PendingPurchaseCanceled
            )
        );
        let plan = item.auto_renewing_plan.as_ref();
        if !ends && plan.is_some_and(|plan| plan.auto_renew_enabled) {
            AutoRenew::On
        } else {
            AutoRenew::Off
        }
    }

    fn additional_item(&self, item: &SubscriptionPurchaseLineItem) -> Option<PurchaseItem> {
        let mut purchase_item = PurchaseItem::new(item.product_id.clone()?);
        purchase_item.expires_at = item.expiry_time;
        // An item that goes at the renewal, or went at the last one, has no claim to a delay of it.
        let goes = item.deferred_item_removal.is_some()
            || item.deferred_item_replacement.is_some()
            || self.is_replaced_by_another(item);
        purchase_item.auto_renew = if goes {
            AutoRenew::Off
        } else {
            self.auto_renew(item)
        };
        Some(purchase_item)
    }

    /// The item that the purchase is mostly about:
    ///
    /// 1. the base, which stands first, even if it has ended and an add-on has not;
    /// 2. unless it is not owned yet, or has ended and another one took its place: then the first
    ///    one that has not ended at `as_of`;
    /// 3. if all have, the one that ended last; one that is not owned yet only if there is no other.
    fn main_item(
        &self,
        as_of: Timestamp,
    ) -> Result<(&SubscriptionPurchaseLineItem, &ProductId), MissingMember> {
        if self.line_items.is_empty() {
            return Err(MissingMember {
                member: "lineItems",
            });
        }
        let named = || {
            let items = self.line_items.iter();
            items.filter_map(|item| Some((item, item.product_id.as_ref()?)))
        };
        let is_running =
            |item: &SubscriptionPurchaseLineItem| item.expiry_time.is_some_and(|end| as_of < end);
        let is_replaced = |item: &SubscriptionPurchaseLineItem| {
            item.deferred_item_replacement.is_some() || self.is_replaced_by_another(item)
        };
        // 1
        let base = named().next().filter(|(item, _)| {
            is_running(item) || item.expiry_time.is_some() && !is_replaced(item)
        });
        // 2
        base.or_else(|| named().find(|(item, _)| is_running(item)))
            // 3; of several, `max_by_key` takes the last one, and the base stands first.
            .or_else(|| named().rev().max_by_key(|(item, _)| item.expiry_time))
            .ok_or(MissingMember {
                member: "productId",
            })
    }

    /// Whether another item says that it took the place of `item`.
    fn is_replaced_by_another(&self, item: &SubscriptionPurchaseLineItem) -> bool {
        let plan = |item: &SubscriptionPurchaseLineItem| {
            let details = item.offer_details.as_ref();
            details.and_then(|details| details.base_plan_id.clone())
        };
        let others = self.line_items.iter();
        others
            .filter(|other| !core::ptr::eq(*other, item))
            .filter_map(|other| other.item_replacement.as_ref())
            .any(|replaced| {
                replaced.product_id == item.product_id
                    && (replaced.base_plan_id.is_none() || replaced.base_plan_id == plan(item))
            })
    }

    /// What the app attached when buying. A subscription that was bought again in Google Play has
    /// nothing of its own until it is acknowledged with something: Google names what was attached to
    /// the subscription that had ended.
    fn attached_id<'a>(
        &'a self,
        id: impl Fn(&'a ExternalAccountIdentifiers) -> Option<&'a str>,
    ) -> Option<&'a str> {
        let own = self.external_account_identifiers.as_ref();
        let before = self.out_of_app_purchase_context.as_ref();
        let before =
            before.and_then(|context| context.expired_external_account_identifiers.as_ref());
        let is_attached = |ids: &ExternalAccountIdentifiers| {
            let id = |id: &Option<String>| id.as_deref().is_some_and(|id| !id.is_empty());
            id(&ids.obfuscated_external_account_id) || id(&ids.obfuscated_external_profile_id)
        };
        // Account and profile belong together.
        let ids = [own, before]
            .into_iter()
            .flatten()
            .find(|ids| is_attached(ids))?;
        id(ids).filter(|id| !id.is_empty())
    }

    fn canceled_by(&self, is: impl Fn(&CanceledStateContext) -> bool) -> bool {
        self.canceled_state_context.as_ref().is_some_and(is)
    }

    /// Why it ended or will end. Google's own cancellation may be a failed payment or a refund.
    fn expiration_reason(&self, plan: Option<&AutoRenewingPlan>) -> Option<ExpirationReason> {
        let installments = plan.and_then(|plan| plan.installment_details.as_ref());
        if installments.is_some_and(|plan| plan.pending_cancellation.is_some()) {
            return Some(ExpirationReason::CustomerCanceled);
        }
        let context = self.canceled_state_context.as_ref()?;
        if context.replacement_cancellation.is_some() {
            Some(ExpirationReason::Replaced)
        } else if context.user_initiated_cancellation.is_some() {
            Some(ExpirationReason::CustomerCanceled)
        } else if context.developer_initiated_cancellation.is_some() {
            Some(ExpirationReason::DeveloperCanceled)
        } else {
            Some(ExpirationReason::Other)
        }
    }

    /// Google waits while the subscription lives. A state of the confirmation that is not known is
    /// taken for "not yet": to confirm once more harms nobody.
    fn acknowledgement(&self) -> Acknowledgement {
        let lives = matches!(
            self.subscription_state,
            Some(
                SubscriptionState::Active
                    | SubscriptionState::Canceled
                    | SubscriptionState::InGracePeriod
                    | SubscriptionState::OnHold
                    | SubscriptionState::Paused
            )
        );
        match self.acknowledgement_state {
            Some(AcknowledgementState::Acknowledged) => Acknowledgement::Done,
            _ if lives => Acknowledgement::Pending,
            _ => Acknowledgement::NotRequired,
        }
    }

    /// A prepaid plan of less than a week must be confirmed within half its length. A top-up adds
    /// its time to what was left, so that its length cannot be told from its end: it is taken for the
    /// shortest there is, since to confirm too early harms nobody.
    fn acknowledge_by(
        &self,
        main: &SubscriptionPurchaseLineItem,
        acknowledgement: Acknowledgement,
    ) -> Option<Timestamp> {
        if acknowledgement != Acknowledgement::Pending {
            return None;
        }
        let start = self.start_time?;
        let mut length = main.expiry_time?.saturating_duration_since(start);
        if self.linked_purchase_token.is_some() {
            length = length.min(SHORTEST_PREPAID_PLAN);
        }
        let period = if self.test_purchase.is_some() {
            ACKNOWLEDGEMENT_PERIOD_OF_TESTS
        } else if main.prepaid_plan.is_some() && length < WEEK {
            length.checked_div(2)?
        } else {
            ACKNOWLEDGEMENT_PERIOD
        };
        Some(start.saturating_add(period))
    }
}

/// Google Play sells prepaid plans of one day to one year.
const SHORTEST_PREPAID_PLAN: Duration = Duration::from_secs(24 * 60 * 60);

/// Prepaid plans of at least this length are confirmed like any other.
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);
