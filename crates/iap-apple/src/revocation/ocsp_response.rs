//! What does an OCSP answer say about one certificate, and did somebody entitled to it say so, lately?
//!
//! RFC 6960 §4.2.

use core::time::Duration;

use der::{
    Decode, DecodeValue, FixedTag, Header, Reader, Sequence, Tag, Tagged as _,
    asn1::{AnyRef, BitStringRef, GeneralizedTime, Null, ObjectIdentifier, OctetStringRef},
};
use iap_core::Timestamp;
use x509_cert::ext::Extension;

use super::{
    ocsp_request::{CertId, CertificateId},
    status::{CertificateStatus, OcspFailure, OcspResponseStatus},
};

/// What an entitled responder said about a certificate, and until when it counts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    /// Never [`CertificateStatus::Undetermined`].
    pub(crate) status: CertificateStatus,
    pub(crate) this_update: Timestamp,
    /// From then on the responder has newer information.
    pub(crate) next_update: Timestamp,
}

/// When an answer is judged, and how far the responder's clock may be from ours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judging {
    pub(crate) now: Timestamp,
    pub(crate) clock_tolerance: Duration,
}

impl Answer {
    /// Reads and verifies an answer about `certificate`.
    ///
    /// 1. It has a bounded length, and is one DER structure with nothing after it.
    /// 2. The responder did answer, in the one form that is defined.
    /// 3. It has no critical extension: none is supported.
    /// 4. The responder it names is the issuer itself, or has a certificate in the answer that the
    ///    issuer itself issued for signing OCSP answers and that is valid now.
    /// 5. That responder's key made the signature.
    /// 6. Exactly one of its statements is about the certificate.
    /// 7. The statement is current: neither from the future nor superseded.
    pub(crate) fn verify(
        der: &[u8],
        certificate: &CertificateId<'_>,
        judging: Judging,
    ) -> Result<Self, OcspFailure> {
        // 1
        if der.len() > MAX_RESPONSE_LENGTH {
            return Err(OcspFailure::TooLong {
                found: der.len(),
                limit: MAX_RESPONSE_LENGTH,
            });
        }
        let response = OcspResponse::from_der(der)?;
        // 2
        let status = response.status()?;
        if status != OcspResponseStatus::Successful {
            return Err(OcspFailure::Refused { status });
        }
        let Some(bytes) = response.response_bytes else {
            return Err(malformed("successful, and without an answer"));
        };
        if bytes.response_type != BASIC_RESPONSE {
            return Err(malformed("an answer of an unknown type"));
        }
        let basic = BasicOcspResponse::from_der(bytes.response.as_bytes())?;
        let data = ResponseData::from_der(basic.signed_part)?;
        if data.version != VERSION_1 {
            return Err(malformed("another version than 1"));
        }
        // 3
        refuse_critical(data.extensions.as_deref())?;
        // 4, 5
        basic.check_signer(&data.responder, certificate.issuer, judging.now)?;
        // 6
        let single = data.find(certificate)?;
        refuse_critical(single.extensions.as_deref())?;
        // 7
        let (this_update, next_update) = single.check_dates(&data, judging)?;
        Ok(Self {
            status: single.status.read(),
            this_update,
            next_update,
        })
    }
}

/// RFC 6960 §4.2.1.
#[derive(Sequence)]
struct OcspResponse<'a> {
    /// ENUMERATED. Read by hand, so that a value of tomorrow is told as such.
    status: AnyRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    response_bytes: Option<ResponseBytes<'a>>,
}

#[derive(Sequence)]
struct ResponseBytes<'a> {
    response_type: ObjectIdentifier,
    response: &'a OctetStringRef,
}

/// The one type of answer that is defined. Decoded by hand, to keep the bytes that are signed.
pub(crate) struct BasicOcspResponse<'a> {
    /// The `ResponseData`, as it was received.
    pub(crate) signed_part: &'a [u8],
    pub(crate) algorithm: AnyRef<'a>,
    pub(crate) signature: BitStringRef<'a>,
    /// Certificates in DER.
    pub(crate) certificates: Vec<&'a [u8]>,
}

#[derive(Sequence)]
struct ResponseData<'a> {
    #[asn1(
        context_specific = "0",
        tag_mode = "EXPLICIT",
        default = "Default::default"
    )]
    version: u8,
    responder: ResponderId<'a>,
    produced_at: GeneralizedTime,
    statements: Vec<SingleResponse<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(der::Choice)]
pub(crate) enum ResponderId<'a> {
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", constructed = "true")]
    ByName(AnyRef<'a>),
    /// The SHA-1 of the key.
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", constructed = "true")]
    ByKey(&'a OctetStringRef),
}

#[derive(Sequence)]
struct SingleResponse<'a> {
    certificate: CertId<'a>,
    status: CertStatus<'a>,
    this_update: GeneralizedTime,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    next_update: Option<GeneralizedTime>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    extensions: Option<Vec<Extension>>,
}

#[derive(der::Choice)]
enum CertStatus<'a> {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    Good(Null),
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", constructed = "true")]
    Revoked(RevokedInfo<'a>),
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT")]
    Unknown(Null),
}

#[derive(Sequence)]
struct RevokedInfo<'a> {
    revoked_at: GeneralizedTime,
    /// ENUMERATED. Read by hand, so that an unknown or unreadable reason does not hide a revocation.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    reason: Option<AnyRef<'a>>,
}

impl OcspResponse<'_> {
    fn status(&self) -> Result<OcspResponseStatus, OcspFailure> {
        enumerated(self.status).map(OcspResponseStatus::from)
    }
}

impl FixedTag for BasicOcspResponse<'_> {
    const TAG: Tag = Tag::Sequence;
}

impl<'a> DecodeValue<'a> for BasicOcspResponse<'a> {
    type Error = der::Error;

    fn decode_value<R: Reader<'a>>(reader: &mut R, _header: Header) -> der::Result<Self> {
        let signed_part = reader.tlv_bytes()?;
        let algorithm = AnyRef::decode(reader)?;
        let signature = BitStringRef::decode(reader)?;
        let mut certificates = Vec::new();
        if !reader.is_finished() {
            let wrapped = AnyRef::decode(reader)?;
            wrapped.tag().assert_eq(CERTIFICATES)?;
            let list = AnyRef::from_der(wrapped.value())?;
            list.sequence(|reader| {
                while !reader.is_finished() {
                    if certificates.len() >= MAX_CERTIFICATES {
                        return Err(reader.error(der::ErrorKind::Overlength));
                    }
                    certificates.push(reader.tlv_bytes()?);
                }
                Ok::<_, der::Error>(())
            })?;
        }
        Ok(Self {
            signed_part,
            algorithm,
            signature,
            certificates,
        })
    }
}

impl<'a> ResponseData<'a> {
    fn find(&self, certificate: &CertificateId<'_>) -> Result<&SingleResponse<'a>, OcspFailure> {
        let mut found = None;
        for statement in &self.statements {
            if !certificate.is_named_by(&statement.certificate)? {
                continue;
            }
            if found.replace(statement).is_some() {
                return Err(malformed("two statements about one certificate"));
            }
        }
        found.ok_or(OcspFailure::OtherCertificate)
    }
}

impl SingleResponse<'_> {
    /// RFC 6960 §4.2.2.1. Returns from when and until when the statement counts.
    fn check_dates(
        &self,
        data: &ResponseData<'_>,
        judging: Judging,
    ) -> Result<(Timestamp, Timestamp), OcspFailure> {
        let Judging {
            now,
            clock_tolerance,
        } = judging;
        let produced_at = timestamp(&data.produced_at);
        let this_update = timestamp(&self.this_update);
        let next_update = self.next_update.as_ref().map_or_else(
            || this_update.saturating_add(MAX_AGE_WITHOUT_NEXT_UPDATE),
            timestamp,
        );
        if next_update < this_update {
            return Err(malformed("superseded before it was made"));
        }
        let latest = now.saturating_add(clock_tolerance);
        for since in [this_update, produced_at] {
            if since > latest {
                return Err(OcspFailure::NotYetValid { since, now });
            }
        }
        if next_update < now.saturating_sub(clock_tolerance) {
            return Err(OcspFailure::Stale { next_update, now });
        }
        Ok((this_update, next_update))
    }
}

impl CertStatus<'_> {
    fn read(&self) -> CertificateStatus {
        match self {
            Self::Good(_) => CertificateStatus::Good,
            Self::Revoked(revoked) => CertificateStatus::Revoked {
                at: timestamp(&revoked.revoked_at),
                reason: revoked
                    .reason
                    .and_then(|reason| enumerated(reason).ok())
                    .map(Into::into),
            },
            Self::Unknown(_) => CertificateStatus::Unknown,
        }
    }
}

impl From<der::Error> for OcspFailure {
    fn from(error: der::Error) -> Self {
        malformed(error)
    }
}

fn malformed(reason: impl ToString) -> OcspFailure {
    OcspFailure::Malformed {
        reason: reason.to_string(),
    }
}

fn refuse_critical(extensions: Option<&[Extension]>) -> Result<(), OcspFailure> {
    match extensions.unwrap_or_default().iter().find(|it| it.critical) {
        None => Ok(()),
        Some(extension) => Err(malformed(format!(
            "critical extension {} is not supported",
            extension.extn_id
        ))),
    }
}

/// An ENUMERATED of one byte, as all of OCSP's are.
fn enumerated(value: AnyRef<'_>) -> Result<i64, OcspFailure> {
    match (value.tag(), value.value()) {
        (Tag::Enumerated, [code @ 0..=0x7F]) => Ok(i64::from(*code)),
        _ => Err(malformed("not an enumerated value")),
    }
}

fn timestamp(time: &GeneralizedTime) -> Timestamp {
    Timestamp::from_seconds(i64::try_from(time.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}

/// Real answers have one to four kilobytes, most of it the responder's certificate.
pub(crate) const MAX_RESPONSE_LENGTH: usize = 32 * 1024;

/// An answer carries the responder's certificate, perhaps with its chain. Each may cost a signature.
const MAX_CERTIFICATES: usize = 8;

/// Without `nextUpdate`, newer information is there at any time (RFC 6960 §4.2.2.1), so an answer
/// must have been made for this request, or shortly before.
const MAX_AGE_WITHOUT_NEXT_UPDATE: Duration = Duration::from_secs(60 * 60);

const VERSION_1: u8 = 0;

/// `id-pkix-ocsp-basic`.
const BASIC_RESPONSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");

/// `[0]`, constructed.
const CERTIFICATES: Tag = Tag::ContextSpecific {
    constructed: true,
    number: der::TagNumber(0),
};
