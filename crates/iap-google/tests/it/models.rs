//! Every object, member and value of `facts/models.json`, which was written down from Google's
//! discovery document apart from the code.

use std::collections::BTreeSet;

use iap_google::*;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

/// What becomes of a JSON text that is read as one of Google's objects.
struct Read {
    shown: String,
    written: Value,
}

/// A type of the crate under its name in Google's tables.
struct Model {
    name: &'static str,
    read: fn(&Value) -> serde_json::Result<Read>,
}

fn read_as<T: DeserializeOwned + Serialize + core::fmt::Debug>(
    json: &Value,
) -> serde_json::Result<Read> {
    let object: T = serde_json::from_str(&json.to_string())?;
    Ok(Read {
        shown: format!("{object:?}"),
        written: serde_json::to_value(&object)?,
    })
}

macro_rules! models {
    ($($name:ident),+ $(,)?) => {
        &[ $( Model { name: stringify!($name), read: read_as::<$name> } ),+ ]
    };
}

const MODELS: &[Model] = models![
    AcquisitionTargetingRule,
    AutoRenewingBasePlanType,
    AutoRenewingPlan,
    BaseDetails,
    BasePlan,
    BasePriceOfferPhase,
    BatchGetOneTimeProductOffersRequest,
    BatchGetOneTimeProductOffersResponse,
    BatchGetOneTimeProductsResponse,
    BatchGetOrdersResponse,
    BatchGetSubscriptionOffersRequest,
    BatchGetSubscriptionOffersResponse,
    BatchGetSubscriptionsResponse,
    BuyerAddress,
    CancelSubscriptionPurchaseRequest,
    CancelSubscriptionPurchaseResponse,
    CancelSurveyResult,
    CanceledStateContext,
    CancellationContext,
    CancellationEvent,
    CoarseLocation,
    ConsumptionUsageEvent,
    ConvertRegionPricesRequest,
    ConvertRegionPricesResponse,
    ConvertedOtherRegionsPrice,
    ConvertedRegionPrice,
    DeferSubscriptionPurchaseRequest,
    DeferSubscriptionPurchaseResponse,
    DeferralContext,
    DeferredItemRemoval,
    DeferredItemReplacement,
    DeveloperInitiatedCancellation,
    ExternalAccountIdentifiers,
    ExternalAccountIds,
    ExternalContentLinkDetails,
    ExternalOfferDetails,
    ExternalSubscription,
    ExternalTransaction,
    ExternalTransactionAddress,
    ExternalTransactionTestPurchase,
    FreeTrialDetails,
    FreeTrialOfferPhase,
    FullRefund,
    GetOneTimeProductOfferRequest,
    GetSubscriptionOfferRequest,
    InAppProduct,
    InAppProductListing,
    InGracePeriodStateContext,
    InappproductsBatchGetResponse,
    InappproductsListResponse,
    InstallmentPlan,
    InstallmentsBasePlanType,
    IntroductoryPriceDetails,
    IntroductoryPriceInfo,
    IntroductoryPriceOfferPhase,
    ItemExpiryTimeDetails,
    ItemReplacement,
    LineItem,
    ListOneTimeProductOffersResponse,
    ListOneTimeProductsResponse,
    ListSubscriptionOffersResponse,
    ListSubscriptionsResponse,
    ManagedProductTaxAndComplianceSettings,
    Money,
    OfferDetails,
    OfferPhase,
    OfferPhaseDetails,
    OfferTag,
    OnHoldStateContext,
    OneTimeCode,
    OneTimeExternalTransaction,
    OneTimeProduct,
    OneTimeProductBuyPurchaseOption,
    OneTimeProductDiscountedOffer,
    OneTimeProductGameRewardOffer,
    OneTimeProductListing,
    OneTimeProductOffer,
    OneTimeProductOfferNoPriceOverrideOptions,
    OneTimeProductOfferRegionalPricingAndAvailabilityConfig,
    OneTimeProductPreOrderOffer,
    OneTimeProductPurchaseOption,
    OneTimeProductPurchaseOptionNewRegionsConfig,
    OneTimeProductPurchaseOptionRegionalPricingAndAvailabilityConfig,
    OneTimeProductRentPurchaseOption,
    OneTimeProductTaxAndComplianceSettings,
    OneTimePurchaseDetails,
    Order,
    OrderDetails,
    OrderHistory,
    OrdersReviewRefundRequest,
    OtherRecurringProduct,
    OtherRegionsBasePlanConfig,
    OtherRegionsSubscriptionOfferConfig,
    OtherRegionsSubscriptionOfferPhaseConfig,
    OtherRegionsSubscriptionOfferPhaseFreePriceOverride,
    OtherRegionsSubscriptionOfferPhasePrices,
    OutOfAppPurchaseContext,
    PageInfo,
    PaidAppDetails,
    PartialRefund,
    PartialRefundEvent,
    PausedStateContext,
    PendingCancellation,
    PointsDetails,
    PreorderDetails,
    PreorderOfferDetails,
    PrepaidBasePlanType,
    PrepaidPlan,
    Price,
    PriceStepUpConsentDetails,
    ProcessedEvent,
    ProductLineItem,
    ProductOfferDetails,
    ProductPurchase,
    ProductPurchaseV2,
    ProductPurchasesAcknowledgeRequest,
    ProrationPeriodDetails,
    ProrationPeriodOfferPhase,
    PurchaseOptionTaxAndComplianceSettings,
    PurchaseStateContext,
    RecurringExternalTransaction,
    RefundDetails,
    RefundEvent,
    RefundExternalTransactionRequest,
    RegionalBasePlanConfig,
    RegionalProductAgeRatingInfo,
    RegionalSubscriptionOfferConfig,
    RegionalSubscriptionOfferPhaseConfig,
    RegionalSubscriptionOfferPhaseFreePriceOverride,
    RegionalTaxConfig,
    RegionalTaxRateInfo,
    RegionsVersion,
    RenewalDeclinedContext,
    RentOfferDetails,
    RentalDetails,
    ReplacementCancellation,
    RestrictedPaymentCountries,
    RevocationContext,
    RevocationContextFullRefund,
    RevocationContextItemBasedRefund,
    RevocationContextProratedRefund,
    RevokeSubscriptionPurchaseRequest,
    RevokeSubscriptionPurchaseResponse,
    SignupPromotion,
    SubscribeWithGoogleInfo,
    Subscription,
    SubscriptionCancelSurveyResult,
    SubscriptionDeferralInfo,
    SubscriptionDetails,
    SubscriptionItemPriceChangeDetails,
    SubscriptionListing,
    SubscriptionOffer,
    SubscriptionOfferPhase,
    SubscriptionOfferTargeting,
    SubscriptionPriceChange,
    SubscriptionPurchase,
    SubscriptionPurchaseLineItem,
    SubscriptionPurchaseV2,
    SubscriptionPurchasesAcknowledgeRequest,
    SubscriptionPurchasesDeferRequest,
    SubscriptionPurchasesDeferResponse,
    SubscriptionTaxAndComplianceSettings,
    SystemInitiatedCancellation,
    TargetingRuleScope,
    TargetingRuleScopeAnySubscriptionInApp,
    TargetingRuleScopeThisSubscription,
    TestPurchase,
    TestPurchaseContext,
    TokenPagination,
    UpgradeTargetingRule,
    UserInitiatedCancellation,
    VanityCode,
    VoidedPurchase,
    VoidedPurchasesListResponse,
];

/// The tables.
struct Facts {
    schemas: Map<String, Value>,
    removed: Vec<Value>,
}

impl Facts {
    fn read() -> Self {
        let facts: Value = serde_json::from_str(include_str!("../facts/models.json")).unwrap();
        let mut schemas = facts["schemas"].as_object().unwrap().clone();
        schemas.extend(facts["legacy_schemas"].as_object().unwrap().clone());
        let removed = facts["removed_fields"].as_array().unwrap().clone();
        Self { schemas, removed }
    }

    /// The members of an object, those that Google still sends included.
    fn members(&self, schema: &str) -> Vec<Value> {
        let schema_members = self.schemas[schema]["fields"].as_array();
        let removed = self.removed.iter().filter(|it| it["schema"] == schema);
        let members = schema_members.into_iter().flatten().chain(removed);
        members.cloned().collect()
    }

    /// An object with every member set, all the way down.
    fn full(&self, schema: &str) -> Value {
        let members = self.members(schema).into_iter();
        Value::Object(
            members
                .map(|it| (wire(&it).to_owned(), self.value(&it)))
                .collect(),
        )
    }

    fn value(&self, member: &Value) -> Value {
        if let Some(values) = values(member).into_iter().last() {
            return values;
        }
        let kind = member["json"].as_str().unwrap();
        if kind.starts_with("map<") {
            return json!({ "DE": self.full(member["ref"].as_str().unwrap()) });
        }
        match (kind, member["format"].as_str()) {
            ("array", _) if member["items"] == "string" => json!(["a", "b"]),
            ("array", _) => json!([self.full(member["items"].as_str().unwrap())]),
            ("boolean", _) => json!(true),
            ("integer", Some("int32")) => json!(7),
            ("number", Some("double")) => json!(0.25),
            ("object", _) => self.full(member["ref"].as_str().unwrap()),
            ("string", Some("google-datetime")) => json!("2026-11-21T09:30:00.123Z"),
            ("string", Some("google-duration")) => json!("86400s"),
            // More than a number of other JSON readers holds.
            ("string", Some("int64")) => json!("9007199254740993"),
            ("string", None) => json!(format!("a {}", wire(member))),
            unknown => panic!("{unknown:?} is new in the tables"),
        }
    }
}

fn wire(member: &Value) -> &str {
    member["wire"].as_str().unwrap()
}

/// The values of a member that is an enum or a code, without what the tables say of its absence.
fn values(member: &Value) -> Vec<Value> {
    let texts = member["enum"].as_array().into_iter().flatten();
    let texts = texts.map(|value| value["value"].clone());
    let codes = member["codes"].as_object().into_iter().flatten();
    let codes = codes.filter_map(|(code, _)| Some(json!(code.parse::<i64>().ok()?)));
    texts.chain(codes).collect()
}

/// Runs a check for every type and each of its members.
fn for_every_member(check: impl Fn(&Facts, &Model, &Value)) {
    let facts = Facts::read();
    let mut checked = 0;
    for model in MODELS {
        for member in facts.members(model.name) {
            check(&facts, model, &member);
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked}");
}

#[test]
fn every_object_of_the_tables_has_a_type_and_no_type_is_made_up() {
    let facts = Facts::read();
    let tables: BTreeSet<_> = facts.schemas.keys().map(String::as_str).collect();
    let types: BTreeSet<_> = MODELS.iter().map(|model| model.name).collect();
    assert_eq!(tables, types);
}

#[test]
fn every_member_has_a_field_and_every_field_is_a_member() {
    let facts = Facts::read();
    for model in MODELS {
        let full = facts.full(model.name);
        let read = (model.read)(&full).unwrap_or_else(|error| panic!("{}: {error}", model.name));
        assert_eq!(read.written, full, "{}", model.name);
        for (gap, meaning) in [
            ("unknown: {\"", "a member without a field"),
            (": None", "a field that is no member"),
            ("Unknown(", "a value without a name"),
        ] {
            assert!(
                !read.shown.contains(gap),
                "{}: {meaning}: {}",
                model.name,
                read.shown
            );
        }
    }
}

#[test]
fn every_value_of_an_enum_has_a_name_and_one_of_tomorrow_is_kept() {
    for_every_member(|_, model, member| {
        let values = values(member);
        let tomorrow = match values.first() {
            None => return,
            Some(Value::String(_)) => json!("OF_TOMORROW"),
            Some(_) => json!(4711),
        };
        for value in &values {
            let json = json!({ wire(member): value });
            let read = (model.read)(&json).unwrap();
            assert_eq!(read.written, json, "{}", model.name);
            assert!(!read.shown.contains("Unknown("), "{}: {json}", model.name);
        }
        let json = json!({ wire(member): tomorrow });
        let read = (model.read)(&json).unwrap();
        assert_eq!(read.written, json, "{}", model.name);
        assert!(read.shown.contains("Unknown("), "{}: {json}", model.name);
    });
}

#[test]
fn a_code_is_read_from_text_too() {
    for_every_member(|_, model, member| {
        for value in values(member) {
            if value.is_i64() {
                let read = (model.read)(&json!({ wire(member): value.to_string() })).unwrap();
                assert_eq!(
                    read.written,
                    json!({ wire(member): value }),
                    "{}",
                    model.name
                );
            }
        }
    });
}

#[test]
fn a_null_is_read_as_a_missing_member() {
    for_every_member(|_, model, member| {
        let read = (model.read)(&json!({ wire(member): null })).unwrap();
        assert_eq!(read.written, json!({}), "{} {member}", model.name);
    });
}

#[test]
fn false_zero_and_empty_lists_are_nothing_where_google_leaves_them_out() {
    for_every_member(|_, model, member| {
        let nothing = match (member["json"].as_str().unwrap(), member["format"].as_str()) {
            ("boolean", _) if member["wire"] != "sampleContentProvided" => json!(false),
            ("array", _) => json!([]),
            _ => return,
        };
        let read = (model.read)(&json!({ wire(member): nothing })).unwrap();
        assert_eq!(read.written, json!({}), "{} {member}", model.name);
    });
}

#[test]
fn every_number_and_time_is_read_as_what_it_is() {
    for_every_member(|facts, model, member| {
        if !values(member).is_empty() {
            return;
        }
        let (wrong, other_spelling) =
            match (member["json"].as_str().unwrap(), member["format"].as_str()) {
                ("string", Some("google-datetime")) => {
                    (json!("soon"), json!("2026-11-21T10:30:00.123+01:00"))
                }
                ("string", Some("google-duration")) => (json!("soon"), json!("86400.000s")),
                ("string", Some("int64")) => (json!("many"), json!(9_007_199_254_740_993_i64)),
                ("integer", Some("int32")) => (json!("many"), json!("7")),
                ("number", _) => (json!("much"), json!(2.5e-1)),
                ("boolean", _) => (json!("perhaps"), json!(true)),
                ("object" | "array", _) => (json!("nothing"), facts.value(member)),
                _ => return,
            };
        assert!(
            (model.read)(&json!({ wire(member): wrong })).is_err(),
            "{} {member}",
            model.name
        );
        let read = (model.read)(&json!({ wire(member): other_spelling })).unwrap();
        let expected = json!({ wire(member): facts.value(member) });
        assert_eq!(read.written, expected, "{}", model.name);
    });
}

#[test]
fn a_member_of_tomorrow_is_kept_and_disturbs_no_other() {
    let facts = Facts::read();
    for model in MODELS {
        for mut json in [json!({}), facts.full(model.name)] {
            json["ofTomorrow"] = json!({ "list": [1, null, "two"], "number": 1.5 });
            let read = (model.read)(&json).unwrap();
            assert_eq!(read.written, json, "{}", model.name);
        }
    }
}

#[test]
fn what_is_no_object_is_refused() {
    for model in MODELS {
        for json in [json!(null), json!(true), json!(1), json!("{}"), json!([{}])] {
            assert!((model.read)(&json).is_err(), "{} {json}", model.name);
        }
    }
}

#[test]
fn debug_shows_no_personal_data_and_no_tokens() {
    let facts = Facts::read();
    for (name, hidden) in [
        (
            "SubscribeWithGoogleInfo",
            &[
                "profileId",
                "profileName",
                "emailAddress",
                "givenName",
                "familyName",
            ][..],
        ),
        (
            "SubscriptionPurchase",
            &[
                "profileId",
                "profileName",
                "emailAddress",
                "givenName",
                "familyName",
                "linkedPurchaseToken",
            ],
        ),
        (
            "SubscriptionPurchaseV2",
            &[
                "emailAddress",
                "linkedPurchaseToken",
                "expiredPurchaseToken",
                "reasonUserInput",
            ],
        ),
        ("ProductPurchase", &["purchaseToken"]),
        ("Order", &["purchaseToken", "buyerPostcode", "buyerState"]),
        ("VoidedPurchase", &["purchaseToken"]),
        (
            "OrdersReviewRefundRequest",
            &["pendingRefundToken", "ipAddress", "locality"],
        ),
        ("ExternalTransaction", &["externalTransactionToken"]),
        ("ProductOfferDetails", &["offerToken"]),
    ] {
        let model = MODELS.iter().find(|model| model.name == name).unwrap();
        let full = facts.full(name);
        let read = (model.read)(&full).unwrap();
        for member in hidden {
            let text = format!("a {member}");
            assert!(full.to_string().contains(&text), "{name} has {member}");
            assert!(!read.shown.contains(&text), "{name} shows {member}");
        }
    }
}
