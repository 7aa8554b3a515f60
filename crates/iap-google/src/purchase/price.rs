//! What an item of a subscription costs, now and at the next renewal: offer, price and its changes.
//!
//! [Google's page](https://developer.android.com/google/play/billing/price-changes)

use iap_core::{Offer, OfferKind, OfferPayment, PriceIncrease, Timestamp};

use crate::model::{
    AutoRenewingPlan, ConsentState, PriceChangeMode, PriceChangeState, SubscriptionPurchaseLineItem,
};

/// The offer of the present period, of which only the phase tells: the offer's id stays on the item
/// for life.
pub(super) fn offer(item: &SubscriptionPurchaseLineItem) -> Option<Offer> {
    let phase = item.offer_phase.as_ref()?;
    let payment = if phase.free_trial.is_some() {
        Some(OfferPayment::FreeTrial)
    } else if phase.introductory_price.is_some() {
        None
    } else {
        return None;
    };
    let kind = match item.signup_promotion {
        Some(_) => OfferKind::OfferCode,
        None => OfferKind::Introductory,
    };
    let mut offer = Offer::new(kind);
    offer.payment = payment;
    offer.id = item
        .offer_details
        .as_ref()
        .and_then(|details| details.offer_id.clone());
    Some(offer)
}

/// Whether the next charge of an item is the price of its plan. Within an offer it may be that of the
/// next period of the offer, and of what was left of another plan nobody tells what follows. An item
/// that has not started begins with the offer that it was bought with.
pub(super) fn renews_at_its_price(item: &SubscriptionPurchaseLineItem) -> bool {
    match (&item.offer_phase, &item.offer_details) {
        (Some(phase), _) => phase.base_price.is_some(),
        (None, Some(details)) => item.expiry_time.is_some() || details.offer_id.is_none(),
        (None, None) => true,
    }
}

/// The price of the next period: the new one, once that is certain and due by then.
pub(super) fn renewal_price(
    plan: &AutoRenewingPlan,
    end: Option<Timestamp>,
) -> Option<iap_core::Money> {
    let change = plan.price_change_details.as_ref().filter(|change| {
        let is_due = match (change.expected_new_price_charge_time, end) {
            (Some(charge), Some(end)) => charge <= end,
            _ => false,
        };
        change.price_change_state == Some(PriceChangeState::Confirmed) && is_due
    });
    let price = match change {
        Some(change) => change.new_price.as_ref(),
        None => plan.recurring_price.as_ref(),
    };
    price?.to_money()
}

/// Where a higher price stands that is to come. Without an answer in Google's words, that is no
/// consent.
pub(super) fn price_increase(plan: &AutoRenewingPlan) -> Option<PriceIncrease> {
    let change = plan.price_change_details.as_ref().and_then(|change| {
        match (
            &change.price_change_mode,
            change.price_change_state.as_ref()?,
        ) {
            (Some(PriceChangeMode::PriceDecrease), _)
            | (_, PriceChangeState::Applied | PriceChangeState::Canceled) => None,
            (_, PriceChangeState::Confirmed)
            | (Some(PriceChangeMode::OptOutPriceIncrease), PriceChangeState::Outstanding) => {
                Some(PriceIncrease::Accepted)
            }
            _ => Some(PriceIncrease::Pending),
        }
    });
    let consent = plan.price_step_up_consent_details.as_ref();
    let consent = consent.and_then(|consent| match consent.state.as_ref()? {
        ConsentState::Completed => None,
        ConsentState::Confirmed => Some(PriceIncrease::Accepted),
        _ => Some(PriceIncrease::Pending),
    });
    match (change, consent) {
        (Some(PriceIncrease::Pending), _) | (_, Some(PriceIncrease::Pending)) => {
            Some(PriceIncrease::Pending)
        }
        (change, consent) => change.or(consent),
    }
}
