//! How each forgery is made: one line for each way of being wrong.

mod chain;
mod token;

use core::time::Duration;

use iap_core::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::{
    Forgery, SigningAuthority,
    certificate::{
        CRL_SIGN, INTERMEDIATE_MARKER, KEY_AGREEMENT, LEAF_MARKER, OTHER_INTERMEDIATE_MARKER,
        OTHER_LEAF_MARKER, is_ca, is_not_ca, key_usage, marker, remove_extension,
        replace_extension, set_validity, unknown_critical_extension,
    },
    jws, system, xcode_jws,
};

impl SigningAuthority {
    /// A JWS over `payload` that is wrong in the way of `forgery`, and right in every other.
    ///
    /// What is said of dates is meant at the payload's `signedDate` (or `receiptCreationDate`); at
    /// the present time if it has none.
    ///
    /// ```
    /// use iap_testkit::{Forgery, SigningAuthority, TransactionBuilder};
    ///
    /// let authority = SigningAuthority::new();
    /// let payload = TransactionBuilder::consumable("com.example.app", "coins").build();
    /// let jws = authority.forge(Forgery::AlgorithmNone, &payload);
    /// assert!(jws.ends_with('.'));
    /// ```
    ///
    /// # Panics
    ///
    /// When `payload` cannot be written as JSON.
    #[must_use]
    pub fn forge(&self, forgery: Forgery, payload: &(impl Serialize + ?Sized)) -> String {
        let payload = serde_json::to_value(payload).expect("the payload is representable in JSON");
        let forger = Forger {
            authority: self,
            signed: signed_date(&payload).unwrap_or_else(system::now),
            json: jws::json(&payload),
            payload,
        };
        forger.forge(forgery)
    }
}

/// An authority that is about to sign something wrongly.
struct Forger<'a> {
    authority: &'a SigningAuthority,
    payload: Value,
    /// The payload's JSON.
    json: Vec<u8>,
    /// When the payload says it was signed.
    signed: Timestamp,
}

impl Forger<'_> {
    fn forge(&self, forgery: Forgery) -> String {
        use Forgery as F;

        let expired = (
            self.signed.saturating_sub(YEAR),
            self.signed.saturating_sub(DAY),
        );
        let not_yet_valid = (
            self.signed.saturating_add(DAY),
            self.signed.saturating_add(YEAR),
        );
        match forgery {
            F::ExpiredLeaf => self.leaf(|leaf| set_validity(leaf, expired)),
            F::ExpiredIntermediate => self.intermediate(|ca| set_validity(ca, expired)),
            F::LeafNotYetValid => self.leaf(|leaf| set_validity(leaf, not_yet_valid)),
            F::IntermediateNotYetValid => self.intermediate(|ca| set_validity(ca, not_yet_valid)),

            F::LeafWithoutMarker => self.leaf(|leaf| remove_extension(leaf, LEAF_MARKER)),
            F::LeafWithOtherMarker => self.leaf(|leaf| {
                remove_extension(leaf, LEAF_MARKER);
                leaf.custom_extensions.push(marker(OTHER_LEAF_MARKER));
            }),
            F::IntermediateWithoutMarker => {
                self.intermediate(|ca| remove_extension(ca, INTERMEDIATE_MARKER))
            }
            F::IntermediateWithOtherMarker => self.intermediate(|ca| {
                remove_extension(ca, INTERMEDIATE_MARKER);
                ca.custom_extensions.push(marker(OTHER_INTERMEDIATE_MARKER));
            }),
            F::MarkersSwapped => self.markers_swapped(),
            F::LeafIsCa => self.leaf(|leaf| replace_extension(leaf, is_ca())),
            F::IntermediateIsNotCa => self.intermediate(|ca| replace_extension(ca, is_not_ca())),
            F::LeafWithoutDigitalSignature => {
                self.leaf(|leaf| replace_extension(leaf, key_usage(KEY_AGREEMENT)))
            }
            F::IntermediateWithoutCertSign => {
                self.intermediate(|ca| replace_extension(ca, key_usage(CRL_SIGN)))
            }
            F::LeafWithUnknownCriticalExtension => {
                self.leaf(|leaf| leaf.custom_extensions.push(unknown_critical_extension()))
            }
            F::IntermediateWithUnknownCriticalExtension => {
                self.intermediate(|ca| ca.custom_extensions.push(unknown_critical_extension()))
            }
            F::LeafKeyP384 => self.leaf_key_p384(),

            F::OtherRootOfTheSameName => self.other_root_of_the_same_name(),
            F::OtherRootBehindTheTrustedOne => self.other_root_behind_the_trusted_one(),
            F::UnknownRoot => self.unknown_root(),
            F::IntermediateOfAnotherAuthority => self.intermediate_of_another_authority(),
            F::SelfSignedLeaf => self.self_signed_leaf(),
            F::LeafSignedByRoot => self.leaf_signed_by_root(),
            F::LeafOfRootBehindItsImpostor => self.leaf_of_root_behind_its_impostor(),
            F::LeafOfImpostorOfRoot => self.leaf_of_impostor_of_root(),
            F::LeafIssuedByLeaf => self.leaf_issued_by_leaf(),
            F::IntermediateIssuedByIntermediate => self.intermediate_issued_by_intermediate(),
            F::LeafIssuerNameDiffers => self.leaf_issuer_name_differs(),
            F::IntermediateIssuerNameDiffers => self.intermediate_issuer_name_differs(),
            F::LeafKeyReplaced => self.leaf_key_replaced(),
            F::IntermediateKeyReplaced => self.intermediate_key_replaced(),
            F::LeafCertificateTampered => self.leaf_certificate_tampered(),
            F::IntermediateCertificateTampered => self.intermediate_certificate_tampered(),

            F::CertificatesInWrongOrder => self.x5c(|[leaf, ca, root]| vec![ca, leaf, root]),
            F::RootInPlaceOfIntermediate => {
                self.x5c(|[leaf, _, root]| vec![leaf, root.clone(), root])
            }
            F::NoCertificates => self.header(r#"{"alg":"ES256"}"#),
            F::EmptyCertificates => self.x5c(|_| vec![]),
            F::OneCertificate => self.x5c(|[leaf, _, _]| vec![leaf]),
            F::TwoCertificates => self.x5c(|[leaf, ca, _]| vec![leaf, ca]),
            F::FourCertificates => self.x5c(|[leaf, ca, root]| vec![leaf, ca, root.clone(), root]),
            F::CertificatesNotAList => self.certificates_not_a_list(),
            F::CertificatesNotText => self.header(r#"{"alg":"ES256","x5c":[1,2,3]}"#),
            F::CertificateNotBase64 => {
                self.x5c(|[_, ca, root]| vec!["*certificate*".to_owned(), ca, root])
            }
            F::CertificateInBase64Url => self
                .x5c(|[leaf, ca, root]| vec![leaf.replace('+', "-").replace('/', "_"), ca, root]),
            F::CertificateWithLineBreaks => {
                self.x5c(|[leaf, ca, root]| vec![token::in_lines(&leaf), ca, root])
            }
            F::CertificateNotDer => {
                self.x5c(|[_, ca, root]| vec![jws::x5c_entry("not a certificate"), ca, root])
            }
            F::TrailingBytesAfterLeaf => self.trailing_bytes_after_leaf(),
            F::TrailingBytesAfterIntermediate => self.trailing_bytes_after_intermediate(),

            F::AlgorithmNone => self.algorithm_none(),
            F::AlgorithmHs256 => self.algorithm_hs256(),
            F::AlgorithmEs384 => self.header_members(r#""alg":"ES384""#),
            F::AlgorithmLowerCase => self.header_members(r#""alg":"es256""#),
            F::AlgorithmMissing => self.header_members(r#""typ":"JWT""#),
            F::CriticalHeader => {
                self.header_members(r#""alg":"ES256","crit":["unheard-of"],"unheard-of":true"#)
            }
            F::KeyInHeader => self.key_in_header(),
            F::DuplicateHeaderMember => self.header_members(r#""alg":"none","alg":"ES256""#),
            F::HeaderNotJson => self.header("not JSON"),
            F::HeaderTampered => self.header_tampered(),

            F::PayloadNotJson => self.authority.sign_bytes(b"not JSON"),
            F::PayloadNotAnObject => self.authority.sign_bytes(b"[]"),
            F::PayloadTampered => self.payload_tampered(),

            F::KeySwapped => self.key_swapped(),
            F::SignatureOfAnotherPayload => self.signature_of_another_payload(),
            F::SignatureFlipped => self.signature(|signature| signature[40] ^= 1),
            F::SignatureTruncated => self.signature(|signature| signature.truncate(63)),
            F::SignatureExtended => self.signature(|signature| signature.push(0)),
            F::SignatureInDer => self.signature_in_der(),
            F::SignatureEmpty => self.signature(Vec::clear),
            F::SignatureAllZero => self.signature(|signature| signature.fill(0)),
            F::SignatureOfCurveOrder => {
                self.signature(|signature| *signature = token::P256_ORDER.repeat(2))
            }

            F::HeaderPadded => self.header_padded(),
            F::PayloadPadded => self.payload_padded(),
            F::SignaturePadded => format!("{}==", self.honest().join()),
            F::SignatureInStandardBase64 => self.signature_in_standard_base64(),
            F::TrailingBits => self.trailing_bits(),
            F::LeadingWhitespace => format!(" {}", self.honest().join()),
            F::TrailingNewline => format!("{}\n", self.honest().join()),
            F::WhitespaceInside => self.whitespace_inside(),
            F::TwoSegments => self.two_segments(),
            F::FourSegments => format!("{}.AA", self.honest().join()),
            F::EmptySegment => self.authority.sign_bytes(b""),

            F::SignedByXcode => xcode_jws(&self.payload),
        }
    }
}

fn signed_date(payload: &Value) -> Option<Timestamp> {
    ["signedDate", "receiptCreationDate"]
        .into_iter()
        .find_map(|member| payload.get(member)?.as_i64())
        .map(Timestamp::from_millis)
}

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
