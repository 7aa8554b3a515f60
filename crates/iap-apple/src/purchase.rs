//! What a verified transaction, with its renewal info, says in the words that all stores share.

use iap_core::{
    AccountId, AutoRenew, Currency, ExpirationReason, Money, Offer, OfferKind, OfferPayment,
    Ownership, PriceIncrease, ProductKind, Purchase, PurchaseItem, PurchaseKey, RefundScope,
    Revocation, Store, Subscription, SubscriptionState,
};

use crate::{
    error::VerificationFailure,
    model::{
        AdvancedCommerceTransactionItem, AutoRenewStatus, ExpirationIntent, InAppOwnershipType,
        OfferDiscountType, OfferType, PriceIncreaseStatus, ProductType, RenewalInfo,
        RevocationReason, RevocationType, Status, Transaction,
    },
    notification::require_same_purchase,
    signed_data::Verified,
};

impl Verified<Transaction> {
    /// The purchase that this transaction proves; with the renewal info of the same subscription,
    /// also whether it renews, is in a grace period, or is being retried.
    ///
    /// # Errors
    ///
    /// [`VerificationFailure::MissingMember`] if the transaction names no product or no original
    /// transaction id, [`VerificationFailure::Inconsistent`] if the renewal info is about another
    /// subscription or of another environment.
    ///
    /// ```no_run
    /// # use iap_apple::{Access, AccessPolicy, Clock, SignedDataVerifier, SystemClock};
    /// # fn example(verifier: &SignedDataVerifier, jws: &str) -> Result<(), iap_apple::VerificationFailure> {
    /// let transaction = verifier.verify_transaction(jws)?;
    /// let purchase = transaction.to_purchase(None)?;
    /// match purchase.access_at(SystemClock.now(), &AccessPolicy::new()) {
    ///     Access::Granted { until, .. } => println!("{} until {until:?}", purchase.product_id),
    ///     access => println!("no access: {access:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_purchase(
        &self,
        renewal_info: Option<&Verified<RenewalInfo>>,
    ) -> Result<Purchase, VerificationFailure> {
        purchase(self, renewal_info, None)
    }
}

/// The purchase of a transaction; `status` is what Apple says about the whole subscription.
pub(crate) fn purchase(
    transaction: &Verified<Transaction>,
    renewal_info: Option<&Verified<RenewalInfo>>,
    status: Option<Status>,
) -> Result<Purchase, VerificationFailure> {
    if let Some(renewal_info) = renewal_info {
        require_same_purchase(transaction, renewal_info)?;
    }
    let key = transaction
        .original_transaction_id
        .clone()
        .ok_or(missing("originalTransactionId"))?;
    let product_id = transaction.product_id.clone().ok_or(missing("productId"))?;
    let mut purchase = Purchase::new(
        Store::AppStore,
        transaction.environment(),
        PurchaseKey::apple(key),
        product_id,
        product_kind(transaction.product_type.as_ref()),
        // A newer renewal info does not vouch for an older transaction: it may be refunded since.
        transaction.signed_at(),
    );
    purchase.app_id = transaction.bundle_id.clone();
    purchase.transaction_id = transaction.transaction_id.clone();
    purchase.quantity = transaction
        .quantity
        .and_then(|quantity| u32::try_from(quantity).ok())
        .unwrap_or(1);
    purchase.ownership = ownership(transaction.in_app_ownership_type.as_ref());
    // The empty token means that there is none, as in Apple's first consumption request.
    purchase.account_id = transaction
        .app_account_token
        .as_ref()
        .filter(|token| !token.as_str().is_empty())
        .map(|token| AccountId::new(token.as_str()));
    purchase.purchased_at = transaction.purchase_date;
    purchase.originally_purchased_at = transaction.original_purchase_date;
    purchase.expires_at = transaction.expires_date;
    purchase.revocation = revocation(transaction);
    purchase.is_replaced = transaction.is_upgraded == Some(true);
    purchase.price = money(transaction.price, transaction.currency.as_deref());
    purchase.additional_items = additional_items(transaction);
    if purchase.kind == ProductKind::AutoRenewableSubscription {
        purchase.subscription = Some(subscription(transaction, renewal_info, status));
    }
    Ok(purchase)
}

fn subscription(
    transaction: &Verified<Transaction>,
    renewal_info: Option<&Verified<RenewalInfo>>,
    status: Option<Status>,
) -> Subscription {
    let state = match status {
        // These are about the subscription as a whole, and end every period of it.
        Some(status @ (Status::Expired | Status::Revoked | Status::Unknown(_))) => state_of(status),
        Some(Status::BillingGracePeriod) if is_latest_period(transaction, renewal_info) => {
            SubscriptionState::InGracePeriod
        }
        Some(Status::BillingRetry) if is_latest_period(transaction, renewal_info) => {
            SubscriptionState::OnHold
        }
        // This transaction may be an earlier period of it: there the dates decide.
        _ => state_by_dates(transaction, renewal_info),
    };
    let mut subscription = Subscription::new(state);
    subscription.group_id = transaction.subscription_group_identifier.clone();
    subscription.offer = offer(transaction);
    if let Some(renewal_info) = renewal_info {
        subscription.auto_renew = match renewal_info.auto_renew_status {
            Some(AutoRenewStatus::On) => AutoRenew::On,
            Some(AutoRenewStatus::Off) => AutoRenew::Off,
            Some(_) | None => AutoRenew::Unknown,
        };
        subscription.started_at = renewal_info.recent_subscription_start_date;
        subscription.grace_expires_at = renewal_info.grace_period_expires_date;
        subscription.renews_at = renewal_info
            .renewal_date
            .filter(|_| subscription.auto_renew == AutoRenew::On);
        subscription.next_product_id = renewal_info.auto_renew_product_id.clone();
        subscription.renewal_price =
            money(renewal_info.renewal_price, renewal_info.currency.as_deref());
        subscription.expiration_reason = renewal_info.expiration_intent.map(expiration_reason);
        subscription.price_increase = renewal_info.price_increase_status.map(price_increase);
    }
    subscription
}

/// What Apple's status says about a subscription as a whole.
pub(crate) fn state_of(status: Status) -> SubscriptionState {
    match status {
        Status::Active => SubscriptionState::Active,
        Status::BillingGracePeriod => SubscriptionState::InGracePeriod,
        Status::BillingRetry => SubscriptionState::OnHold,
        Status::Expired => SubscriptionState::Expired,
        Status::Revoked => SubscriptionState::Revoked,
        unknown => SubscriptionState::Unknown(unknown.to_string()),
    }
}

/// The state when the newer of both was signed, by what was signed.
fn state_by_dates(
    transaction: &Verified<Transaction>,
    renewal_info: Option<&Verified<RenewalInfo>>,
) -> SubscriptionState {
    let Some(expires_date) = transaction.expires_date else {
        // Access is denied for want of an end date, which says more than a guess here.
        return SubscriptionState::Active;
    };
    let signed_at = renewal_info.map_or_else(
        || transaction.signed_at(),
        |renewal_info| transaction.signed_at().max(renewal_info.signed_at()),
    );
    if signed_at < expires_date {
        return SubscriptionState::Active;
    }
    match renewal_info {
        Some(renewal_info) if is_latest_period(transaction, Some(renewal_info)) => {
            let grace_end = renewal_info.grace_period_expires_date;
            if grace_end.is_some_and(|grace_end| signed_at < grace_end) {
                SubscriptionState::InGracePeriod
            } else if renewal_info.is_in_billing_retry_period == Some(true) {
                SubscriptionState::OnHold
            } else {
                SubscriptionState::Expired
            }
        }
        _ => SubscriptionState::Expired,
    }
}

/// Whether the transaction is the period that the renewal info is about. Grace is given for that
/// one only: an earlier period, perhaps of a dearer product, is over.
fn is_latest_period(
    transaction: &Transaction,
    renewal_info: Option<&Verified<RenewalInfo>>,
) -> bool {
    renewal_info.is_some_and(|renewal_info| match renewal_info.renewal_date {
        Some(renewal_date) => transaction.expires_date == Some(renewal_date),
        None => transaction.product_id == renewal_info.product_id,
    })
}

fn product_kind(product_type: Option<&ProductType>) -> ProductKind {
    match product_type {
        Some(ProductType::AutoRenewableSubscription) => ProductKind::AutoRenewableSubscription,
        Some(ProductType::Consumable) => ProductKind::Consumable,
        Some(ProductType::NonConsumable) => ProductKind::NonConsumable,
        Some(ProductType::NonRenewingSubscription) => ProductKind::NonRenewingSubscription,
        Some(unknown) => ProductKind::Unknown(unknown.to_string()),
        None => ProductKind::Unknown(MISSING.to_owned()),
    }
}

/// A transaction from before family sharing says nothing about it, and was bought.
fn ownership(ownership: Option<&InAppOwnershipType>) -> Ownership {
    match ownership {
        Some(InAppOwnershipType::Purchased) | None => Ownership::Purchased,
        Some(InAppOwnershipType::FamilyShared) => Ownership::FamilyShared,
        Some(unknown) => Ownership::Unknown(unknown.to_string()),
    }
}

/// Any one of the three members means that Apple took the purchase back.
fn revocation(transaction: &Transaction) -> Option<Revocation> {
    let Transaction {
        revocation_date,
        revocation_reason,
        revocation_type,
        ..
    } = transaction;
    if revocation_date.is_none() && revocation_reason.is_none() && revocation_type.is_none() {
        return None;
    }
    let reason = match (revocation_type, revocation_reason) {
        (Some(RevocationType::FamilyRevoke), _) => iap_core::RevocationReason::FamilySharingEnded,
        (_, Some(RevocationReason::RefundedDueToIssue)) => iap_core::RevocationReason::AppIssue,
        (_, Some(RevocationReason::RefundedForOtherReason) | None) => {
            iap_core::RevocationReason::Refunded
        }
        (_, Some(unknown)) => iap_core::RevocationReason::Unknown(unknown.to_string()),
    };
    let refund = match revocation_type {
        Some(RevocationType::FamilyRevoke) => RefundScope::None,
        Some(RevocationType::RefundFull) => RefundScope::Full,
        Some(RevocationType::RefundProrated) => RefundScope::Prorated(
            transaction
                .revocation_percentage
                .and_then(|milliunits| u32::try_from(milliunits).ok()),
        ),
        Some(_) | None => RefundScope::Unspecified,
    };
    Some(Revocation::new(*revocation_date, reason, refund))
}

fn offer(transaction: &Transaction) -> Option<Offer> {
    let mut offer = Offer::new(match transaction.offer_type? {
        OfferType::IntroductoryOffer => OfferKind::Introductory,
        OfferType::PromotionalOffer => OfferKind::Promotional,
        OfferType::OfferCode => OfferKind::OfferCode,
        OfferType::WinBackOffer => OfferKind::WinBack,
        unknown => OfferKind::Unknown(unknown.to_string()),
    });
    offer.id = transaction.offer_identifier.clone();
    offer.period = transaction.offer_period.clone();
    offer.payment = transaction
        .offer_discount_type
        .as_ref()
        .map(|payment| match payment {
            OfferDiscountType::FreeTrial => OfferPayment::FreeTrial,
            OfferDiscountType::OneTime => OfferPayment::OneTime,
            OfferDiscountType::PayAsYouGo => OfferPayment::PayAsYouGo,
            OfferDiscountType::PayUpFront => OfferPayment::PayUpFront,
            unknown => OfferPayment::Unknown(unknown.to_string()),
        });
    Some(offer)
}

fn expiration_reason(intent: ExpirationIntent) -> ExpirationReason {
    match intent {
        ExpirationIntent::CustomerCancelled => ExpirationReason::CustomerCanceled,
        ExpirationIntent::BillingError => ExpirationReason::BillingError,
        ExpirationIntent::CustomerDidNotConsentToPriceIncrease => {
            ExpirationReason::PriceIncreaseNotConsented
        }
        ExpirationIntent::ProductNotAvailable => ExpirationReason::ProductNotAvailable,
        ExpirationIntent::Other => ExpirationReason::Other,
        unknown => ExpirationReason::Unknown(unknown.to_string()),
    }
}

/// An unknown status is no consent.
const fn price_increase(status: PriceIncreaseStatus) -> PriceIncrease {
    match status {
        PriceIncreaseStatus::CustomerConsentedOrWasNotifiedWithoutNeedingConsent => {
            PriceIncrease::Accepted
        }
        _ => PriceIncrease::Pending,
    }
}

/// The items of an Advanced Commerce purchase, which Apple sells under one generic product id.
fn additional_items(transaction: &Transaction) -> Vec<PurchaseItem> {
    let Some(info) = &transaction.advanced_commerce_info else {
        return Vec::new();
    };
    let item = |item: &AdvancedCommerceTransactionItem| {
        let mut purchase_item = PurchaseItem::new(item.sku.as_deref()?.into());
        purchase_item.expires_at = transaction.expires_date;
        purchase_item.revocation = item.revocation_date.map(|at| {
            Revocation::new(
                Some(at),
                iap_core::RevocationReason::Refunded,
                RefundScope::Unspecified,
            )
        });
        purchase_item.price = money(item.price, transaction.currency.as_deref());
        Some(purchase_item)
    };
    info.items.iter().filter_map(item).collect()
}

fn money(milliunits: Option<i64>, currency: Option<&str>) -> Option<Money> {
    let currency: Currency = currency?.parse().ok()?;
    Some(Money::from_milliunits(milliunits?, currency))
}

const fn missing(member: &'static str) -> VerificationFailure {
    VerificationFailure::MissingMember { member }
}

/// Stands where Apple left out a value that decides about access, so that it is denied.
pub(crate) const MISSING: &str = "missing";
