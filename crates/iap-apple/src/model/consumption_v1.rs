//! What did the first version of consumption information tell the App Store?
//!
//! Apple replaced it with [`ConsumptionRequest`](super::ConsumptionRequest) in version 1.19 of the
//! API, and still takes it.

use iap_core::open_enum;
use serde::{Deserialize, Serialize};

use super::{
    app_account_token::account_uuid,
    common::AppAccountToken,
    consumption::SampleContent,
    invalid::{InvalidRequest, checked_when_read},
};

/// How a consumable or a subscription that renews by itself was used, for the App Store to decide
/// on a refund. Deprecated by Apple; see [`ConsumptionRequest`](super::ConsumptionRequest).
///
/// Apple expects all members: what you do not set is sent as undeclared, and an account that is not
/// known as an empty text.
///
/// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/consumptionrequestv1)
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", remote = "Self")]
#[must_use]
pub struct ConsumptionRequestV1 {
    customer_consented: bool,
    consumption_status: ConsumptionStatus,
    platform: Platform,
    sample_content_provided: SampleContent,
    delivery_status: DeliveryStatusV1,
    app_account_token: AppAccountToken,
    account_tenure: AccountTenure,
    play_time: PlayTime,
    lifetime_dollars_refunded: LifetimeDollarsRefunded,
    lifetime_dollars_purchased: LifetimeDollarsPurchased,
    user_status: UserStatus,
    refund_preference: RefundPreferenceV1,
}

impl ConsumptionRequestV1 {
    /// For a customer who consented to tell the App Store about the purchase. Without consent there
    /// is nothing to send: Apple refuses the request.
    pub fn with_customer_consent(
        delivery_status: DeliveryStatusV1,
        sample_content: SampleContent,
    ) -> Self {
        Self {
            customer_consented: true,
            consumption_status: ConsumptionStatus::Undeclared,
            platform: Platform::Undeclared,
            sample_content_provided: sample_content,
            delivery_status,
            app_account_token: AppAccountToken::new(""),
            account_tenure: AccountTenure::Undeclared,
            play_time: PlayTime::Undeclared,
            lifetime_dollars_refunded: LifetimeDollarsRefunded::Undeclared,
            lifetime_dollars_purchased: LifetimeDollarsPurchased::Undeclared,
            user_status: UserStatus::Undeclared,
            refund_preference: RefundPreferenceV1::Undeclared,
        }
    }

    /// The account that made the purchase; a UUID, sent in lower case.
    ///
    /// # Errors
    ///
    /// When the token is no UUID.
    pub fn with_app_account_token(
        mut self,
        app_account_token: impl Into<AppAccountToken>,
    ) -> Result<Self, InvalidRequest> {
        self.app_account_token = account_uuid(&app_account_token.into())?;
        Ok(self)
    }

    /// How much of the purchase was used.
    pub const fn with_consumption_status(mut self, status: ConsumptionStatus) -> Self {
        self.consumption_status = status;
        self
    }

    /// Where it was used.
    pub const fn with_platform(mut self, platform: Platform) -> Self {
        self.platform = platform;
        self
    }

    /// How old the account is.
    pub const fn with_account_tenure(mut self, tenure: AccountTenure) -> Self {
        self.account_tenure = tenure;
        self
    }

    /// How long the customer used the app.
    pub const fn with_play_time(mut self, play_time: PlayTime) -> Self {
        self.play_time = play_time;
        self
    }

    /// How much was refunded to the customer so far.
    pub const fn with_lifetime_dollars_refunded(
        mut self,
        refunded: LifetimeDollarsRefunded,
    ) -> Self {
        self.lifetime_dollars_refunded = refunded;
        self
    }

    /// For how much the customer bought so far.
    pub const fn with_lifetime_dollars_purchased(
        mut self,
        purchased: LifetimeDollarsPurchased,
    ) -> Self {
        self.lifetime_dollars_purchased = purchased;
        self
    }

    /// The state of the customer's account with you.
    pub const fn with_user_status(mut self, status: UserStatus) -> Self {
        self.user_status = status;
        self
    }

    /// What you would like the App Store to decide.
    pub const fn with_refund_preference(mut self, preference: RefundPreferenceV1) -> Self {
        self.refund_preference = preference;
        self
    }

    fn check(&self) -> Result<(), InvalidRequest> {
        if !self.customer_consented {
            return Err(InvalidRequest::rule("customerConsented", "must be true"));
        }
        if self.app_account_token.as_str().is_empty() {
            return Ok(());
        }
        account_uuid(&self.app_account_token).map(drop)
    }
}

checked_when_read!(ConsumptionRequestV1);

open_enum! {
    /// How old a customer's account is.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/accounttenure)
    pub enum AccountTenure: i64 {
        /// Not said.
        Undeclared = 0,
        /// Up to 3 days.
        ZeroToThreeDays = 1,
        /// 3 to 10 days.
        ThreeDaysToTenDays = 2,
        /// 10 to 30 days.
        TenDaysToThirtyDays = 3,
        /// 30 to 90 days.
        ThirtyDaysToNinetyDays = 4,
        /// 90 to 180 days.
        NinetyDaysToOneHundredEightyDays = 5,
        /// 180 to 365 days.
        OneHundredEightyDaysToThreeHundredSixtyFiveDays = 6,
        /// More than 365 days.
        GreaterThanThreeHundredSixtyFiveDays = 7,
    }
}

open_enum! {
    /// How much of a purchase was used.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/consumptionstatus)
    pub enum ConsumptionStatus: i64 {
        /// Not said.
        Undeclared = 0,
        /// Nothing.
        NotConsumed = 1,
        /// A part.
        PartiallyConsumed = 2,
        /// All of it.
        FullyConsumed = 3,
    }
}

open_enum! {
    /// Whether the customer got what was bought.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/deliverystatusv1)
    pub enum DeliveryStatusV1: i64 {
        /// Delivered, and it works.
        DeliveredAndWorkingProperly = 0,
        /// Not delivered, or it does not work.
        DidNotDeliverDueToQualityIssue = 1,
        /// Something else was delivered.
        DeliveredWrongItem = 2,
        /// Not delivered, since a server was down.
        DidNotDeliverDueToServerOutage = 3,
        /// Not delivered, since the currency inside the game changed.
        DidNotDeliverDueToInGameCurrencyChange = 4,
        /// Not delivered for another reason.
        DidNotDeliverForOtherReason = 5,
    }
}

open_enum! {
    /// For how much a customer bought in the app so far, on all platforms; US dollars.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/lifetimedollarspurchased)
    pub enum LifetimeDollarsPurchased: i64 {
        /// Not said.
        Undeclared = 0,
        /// Nothing.
        ZeroDollars = 1,
        /// 0.01 to 49.99.
        OneCentToFortyNineDollarsAndNinetyNineCents = 2,
        /// 50 to 99.99.
        FiftyDollarsToNinetyNineDollarsAndNinetyNineCents = 3,
        /// 100 to 499.99.
        OneHundredDollarsToFourHundredNinetyNineDollarsAndNinetyNineCents = 4,
        /// 500 to 999.99.
        FiveHundredDollarsToNineHundredNinetyNineDollarsAndNinetyNineCents = 5,
        /// 1000 to 1999.99.
        OneThousandDollarsToOneThousandNineHundredNinetyNineDollarsAndNinetyNineCents = 6,
        /// 2000 or more.
        TwoThousandDollarsOrGreater = 7,
    }
}

open_enum! {
    /// How much was refunded to a customer in the app so far, on all platforms; US dollars.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/lifetimedollarsrefunded)
    pub enum LifetimeDollarsRefunded: i64 {
        /// Not said.
        Undeclared = 0,
        /// Nothing.
        ZeroDollars = 1,
        /// 0.01 to 49.99.
        OneCentToFortyNineDollarsAndNinetyNineCents = 2,
        /// 50 to 99.99.
        FiftyDollarsToNinetyNineDollarsAndNinetyNineCents = 3,
        /// 100 to 499.99.
        OneHundredDollarsToFourHundredNinetyNineDollarsAndNinetyNineCents = 4,
        /// 500 to 999.99.
        FiveHundredDollarsToNineHundredNinetyNineDollarsAndNinetyNineCents = 5,
        /// 1000 to 1999.99.
        OneThousandDollarsToOneThousandNineHundredNinetyNineDollarsAndNinetyNineCents = 6,
        /// 2000 or more.
        TwoThousandDollarsOrGreater = 7,
    }
}

open_enum! {
    /// Where a purchase was used.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/platform)
    pub enum Platform: i64 {
        /// Not said.
        Undeclared = 0,
        /// On a platform of Apple.
        Apple = 1,
        /// On another platform.
        NonApple = 2,
    }
}

open_enum! {
    /// How long a customer used the app.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/playtime)
    pub enum PlayTime: i64 {
        /// Not said.
        Undeclared = 0,
        /// Up to 5 minutes.
        ZeroToFiveMinutes = 1,
        /// 5 to 60 minutes.
        FiveToSixtyMinutes = 2,
        /// 1 to 6 hours.
        OneToSixHours = 3,
        /// 6 to 24 hours.
        SixHoursToTwentyFourHours = 4,
        /// 1 to 4 days.
        OneDayToFourDays = 5,
        /// 4 to 16 days.
        FourDaysToSixteenDays = 6,
        /// More than 16 days.
        OverSixteenDays = 7,
    }
}

open_enum! {
    /// What you would like the App Store to decide on a refund.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/refundpreferencev1)
    pub enum RefundPreferenceV1: i64 {
        /// Not said.
        Undeclared = 0,
        /// To refund.
        PreferGrant = 1,
        /// Not to refund.
        PreferDecline = 2,
        /// Either.
        NoPreference = 3,
    }
}

open_enum! {
    /// The state of a customer's account with you.
    ///
    /// [Apple's page](https://developer.apple.com/documentation/appstoreserverapi/userstatus)
    pub enum UserStatus: i64 {
        /// Not said.
        Undeclared = 0,
        /// In use.
        Active = 1,
        /// Closed for a time.
        Suspended = 2,
        /// Closed.
        Terminated = 3,
        /// Open in part.
        LimitedAccess = 4,
    }
}
