//! `openssl ocsp`, which reads our requests and whose answers we read.

use std::sync::Mutex;

use bytes::Bytes;
use iap_apple::{CrlReason, ResponderProblem};
use iap_core::{Clock as _, FixedClock, SystemClock};

use super::*;
use crate::openssl::{Issuer, Responder, Signer, Workshop};

const DELEGATE: &str = "extendedKeyUsage = OCSPSigning\nnoCheck = ignored\n";
const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const NEXT_IN_TEN_MINUTES: &[&str] = &["-nmin", "10"];

fn entitled_by(issuer: Issuer) -> Signer {
    Signer::Delegate {
        issuer,
        algorithm: P256,
        extensions: DELEGATE,
    }
}

/// A line of a responder's index.
fn index(state: &str, authority: &SigningAuthority, issuer: Issuer) -> String {
    let certificate = match issuer {
        Issuer::Root => authority.intermediate_der(),
        Issuer::Intermediate => authority.leaf_der(),
    };
    let serial = serial_number(certificate);
    format!("{state}\t{serial}\tunknown\t/CN=unknown\n")
}

/// The serial number as upper-case hexadecimal: after version 3, the first thing in a
/// certificate.
fn serial_number(der: &[u8]) -> String {
    let start = der
        .windows(5)
        .position(|it| it == [0xA0, 0x03, 0x02, 0x01, 0x02])
        .unwrap();
    let length = usize::from(der[start + 6]);
    let serial = &der[start + 7..start + 7 + length];
    serial.iter().map(|byte| format!("{byte:02X}")).collect()
}

const VALID: &str = "V\t350101000000Z\t";
const REVOKED: &str = "R\t350101000000Z\t260105060708Z,keyCompromise";

fn good_responders(workshop: &Workshop, signer: impl Fn(Issuer) -> Signer) -> [Responder; 2] {
    [Issuer::Intermediate, Issuer::Root].map(|issuer| {
        let index = index(VALID, &AUTHORITY, issuer);
        workshop.start(issuer, signer(issuer), &index, NEXT_IN_TEN_MINUTES)
    })
}

async fn check(leaf: &Responder, intermediate: &Responder) -> ChainStatus {
    checker(leaf.port, intermediate.port)
        .build()
        .check(&verified_by(&AUTHORITY))
        .await
        .unwrap()
}

/// What comes of asking about the leaf when `signer` answers "good".
async fn leaf_status(signer: Signer, options: &[&str]) -> CertificateStatus {
    let workshop = Workshop::of(&AUTHORITY);
    let index = index(VALID, &AUTHORITY, Issuer::Intermediate);
    let responder = workshop.start(Issuer::Intermediate, signer, &index, options);
    ask(responder.port).await
}

fn untrusted(problem: ResponderProblem) -> CertificateStatus {
    CertificateStatus::Undetermined(OcspFailure::UntrustedResponder { problem })
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn valid_certificates_are_good() {
    let workshop = Workshop::of(&AUTHORITY);
    let [leaf, intermediate] = good_responders(&workshop, entitled_by);
    let status = check(&leaf, &intermediate).await;
    assert_eq!(status.leaf, CertificateStatus::Good);
    assert_eq!(status.intermediate, CertificateStatus::Good);
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn revoked_certificates_are_revoked_and_those_not_listed_are_unknown() {
    let workshop = Workshop::of(&AUTHORITY);
    let start = |issuer, index: &str| workshop.start(issuer, entitled_by(issuer), index, &[]);
    let revoked = CertificateStatus::Revoked {
        at: "2026-01-05T06:07:08Z".parse().unwrap(),
        reason: Some(CrlReason::KeyCompromise),
    };
    let list = index(REVOKED, &AUTHORITY, Issuer::Intermediate);
    let leaf = start(Issuer::Intermediate, &list);
    let intermediate = start(Issuer::Root, "");
    let status = check(&leaf, &intermediate).await;
    assert_eq!(status.leaf, revoked);
    assert_eq!(status.intermediate, CertificateStatus::Unknown);

    let leaf = start(Issuer::Intermediate, "");
    let intermediate = start(Issuer::Root, &index(REVOKED, &AUTHORITY, Issuer::Root));
    let status = check(&leaf, &intermediate).await;
    assert_eq!(status.leaf, CertificateStatus::Unknown);
    assert_eq!(status.intermediate, revoked);
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn every_kind_of_responder_that_the_issuer_entitled_is_believed() {
    let delegate = |algorithm| Signer::Delegate {
        issuer: Issuer::Intermediate,
        algorithm,
        extensions: DELEGATE,
    };
    for (signer, options) in [
        (Signer::Issuer, &["-nmin", "10"][..]),
        (Signer::Issuer, &["-resp_no_certs"]),
        (delegate(P256), &["-resp_key_id"]),
        (delegate(P256), &["-rmd", "sha384"]),
        (
            delegate("-algorithm EC -pkeyopt ec_paramgen_curve:P-384"),
            &["-ndays", "1"],
        ),
        (
            delegate("-algorithm RSA -pkeyopt rsa_keygen_bits:2048"),
            &["-rmd", "sha256"],
        ),
    ] {
        let status = leaf_status(signer, options).await;
        assert_eq!(status, CertificateStatus::Good, "{options:?}");
    }
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn nobody_else_is_believed() {
    let delegate = |issuer, extensions| Signer::Delegate {
        issuer,
        algorithm: P256,
        extensions,
    };
    for (signer, problem) in [
        (
            delegate(Issuer::Intermediate, "keyUsage = digitalSignature\n"),
            ResponderProblem::NotEntitled,
        ),
        (
            delegate(Issuer::Intermediate, "extendedKeyUsage = serverAuth\n"),
            ResponderProblem::NotEntitled,
        ),
        (
            delegate(Issuer::Root, DELEGATE),
            ResponderProblem::NotIssuedByIssuer,
        ),
    ] {
        assert_eq!(leaf_status(signer, &[]).await, untrusted(problem));
    }
    // The leaf, about itself.
    assert_eq!(
        leaf_status(Signer::Leaf, &[]).await,
        untrusted(ResponderProblem::NotEntitled)
    );
    assert_eq!(
        leaf_status(entitled_by(Issuer::Intermediate), &["-resp_no_certs"]).await,
        untrusted(ResponderProblem::CertificateMissing)
    );
    assert_eq!(
        leaf_status(Signer::Issuer, &["-badsig"]).await,
        CertificateStatus::Undetermined(OcspFailure::Signature)
    );
    let unsupported = CertificateStatus::Undetermined(OcspFailure::SignatureAlgorithm);
    assert_eq!(
        leaf_status(Signer::Issuer, &["-rmd", "sha1"]).await,
        unsupported
    );
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn a_responder_of_another_authority_does_not_know_the_certificate() {
    let other = SigningAuthority::new();
    let workshop = Workshop::of(&other);
    let index = index(VALID, &other, Issuer::Intermediate);
    let responder = workshop.start(Issuer::Intermediate, Signer::Issuer, &index, &[]);
    // Signed by an authority of the same name, with another key.
    let failure = OcspFailure::Signature;
    assert_eq!(
        ask(responder.port).await,
        CertificateStatus::Undetermined(failure)
    );
}

/// Returns what it recorded, whatever is asked.
#[derive(Debug)]
struct Replay(Mutex<Bytes>);

#[async_trait]
impl HttpTransport for Replay {
    async fn send(&self, _: HttpRequest) -> Result<HttpResponse, TransportError> {
        Ok(HttpResponse::new(self.0.lock().unwrap().clone()))
    }
}

/// A real answer about the leaf of [`AUTHORITY`].
async fn recorded(signer: impl Fn(Issuer) -> Signer) -> Vec<u8> {
    #[derive(Debug)]
    struct Recorder {
        detour: Detour,
        answer: Mutex<Vec<u8>>,
    }

    #[async_trait]
    impl HttpTransport for Recorder {
        async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
            let is_leaf = request.uri().path() == "/leaf";
            let response = self.detour.send(request).await?;
            if is_leaf {
                *self.answer.lock().unwrap() = response.body().to_vec();
            }
            Ok(response)
        }
    }

    let workshop = Workshop::of(&AUTHORITY);
    let [leaf, intermediate] = good_responders(&workshop, signer);
    let recorder = Arc::new(Recorder {
        detour: Detour {
            transport: ReqwestTransport::new().unwrap(),
            leaf: leaf.port,
            intermediate: intermediate.port,
        },
        answer: Mutex::default(),
    });
    let transport: Arc<dyn HttpTransport> = Arc::<Recorder>::clone(&recorder);
    let checker = RevocationChecker::builder(transport).build();
    let status = checker.check(&verified_by(&AUTHORITY)).await.unwrap();
    assert_eq!(status.leaf, CertificateStatus::Good);
    recorder.answer.lock().unwrap().clone()
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn an_answer_repeated_too_late_is_stale_and_one_repeated_too_early_does_not_count() {
    let answer = Bytes::from(recorded(|_| Signer::Issuer).await);
    let replayed_at = async |minutes: i64| {
        let clock = FixedClock::new(SystemClock.now());
        clock.set(iap_core::Timestamp::from_millis(
            clock.now().as_millis() + minutes * 60_000,
        ));
        let replay = Arc::new(Replay(Mutex::new(answer.clone())));
        let checker = RevocationChecker::builder(replay).clock(clock).build();
        checker.check(&verified_by(&AUTHORITY)).await.unwrap().leaf
    };
    assert_eq!(replayed_at(0).await, CertificateStatus::Good);
    // Ten minutes of its own and five of tolerance.
    assert_eq!(replayed_at(14).await, CertificateStatus::Good);
    assert!(matches!(
        replayed_at(16).await,
        CertificateStatus::Undetermined(OcspFailure::Stale { .. })
    ));
    assert!(matches!(
        replayed_at(-6).await,
        CertificateStatus::Undetermined(OcspFailure::NotYetValid { .. })
    ));
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn an_answer_about_another_leaf_says_nothing_about_this_one() {
    let answer = recorded(entitled_by).await;
    let replay = Arc::new(Replay(Mutex::new(answer.into())));
    let checker = RevocationChecker::builder(replay).build();
    let status = checker
        .check(&verified_by(&AUTHORITY.another_leaf()))
        .await
        .unwrap();
    let failure = OcspFailure::OtherCertificate;
    assert_eq!(status.leaf, CertificateStatus::Undetermined(failure));
}

#[tokio::test]
#[cfg_attr(no_openssl, ignore = "needs the program openssl, version 3")]
async fn no_changed_or_missing_byte_of_a_real_answer_passes_for_good() {
    let answer = recorded(entitled_by).await;
    let replay = Arc::new(Replay(Mutex::default()));
    let transport: Arc<dyn HttpTransport> = Arc::<Replay>::clone(&replay);
    let checker = RevocationChecker::builder(transport)
        .remembered_certificates(0)
        .build();
    let data = verified_by(&AUTHORITY);
    let status_of = async |bytes: Vec<u8>| {
        *replay.0.lock().unwrap() = bytes.into();
        checker.check(&data).await.unwrap().leaf
    };
    assert_eq!(status_of(answer.clone()).await, CertificateStatus::Good);
    for position in 0..answer.len() {
        for mask in [0x01, 0x20, 0x80] {
            let mut changed = answer.clone();
            changed[position] ^= mask;
            let status = status_of(changed).await;
            assert!(
                matches!(status, CertificateStatus::Undetermined(_)),
                "byte {position}, {mask:02x}: {status:?}"
            );
        }
        let status = status_of(answer[..position].to_vec()).await;
        assert!(
            matches!(
                status,
                CertificateStatus::Undetermined(OcspFailure::Malformed { .. })
            ),
            "{position} bytes: {status:?}"
        );
    }
}
