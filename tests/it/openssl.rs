//! The openssl program as an authority's OCSP responder, listening on this machine.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_testkit::SigningAuthority;

/// A folder of one's own, and the files of an authority in it.
pub(crate) struct Workshop {
    folder: PathBuf,
}

/// Who signs the answers about what an authority issued.
#[derive(Clone, Copy)]
pub(crate) enum Signer {
    /// The authority that issued the certificate.
    Issuer,
    /// A responder with a key of `algorithm` (options of `openssl genpkey`) and `extensions`,
    /// whose certificate `issuer` issued.
    Delegate {
        issuer: Issuer,
        algorithm: &'static str,
        extensions: &'static str,
    },
    /// The leaf that signs App Store data.
    Leaf,
}

/// An authority of a chain.
#[derive(Clone, Copy)]
pub(crate) enum Issuer {
    Root,
    Intermediate,
}

/// A running responder; ends when dropped.
pub(crate) struct Responder {
    process: Child,
    pub(crate) port: u16,
}

impl Workshop {
    /// Writes down certificates and keys of `authority`.
    pub(crate) fn new(authority: &SigningAuthority) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("ocsp-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let workshop = Self { folder };
        for (name, certificate, key) in [
            ("root", authority.root_der(), authority.root_key_pkcs8_der()),
            (
                "intermediate",
                authority.intermediate_der(),
                authority.intermediate_key_pkcs8_der(),
            ),
            ("leaf", authority.leaf_der(), authority.leaf_key_pkcs8_der()),
        ] {
            workshop.write(&format!("{name}.pem"), &pem("CERTIFICATE", certificate));
            workshop.write(&format!("{name}.key"), &pem("PRIVATE KEY", key));
        }
        workshop.write("req.cnf", "[req]\ndistinguished_name = dn\n[dn]\n");
        workshop
    }

    /// Starts a responder for what `issuer` issued. `index` is its list of certificates, in the form
    /// of `openssl ca`; `options` are further options of `openssl ocsp`.
    pub(crate) fn start(
        &self,
        issuer: Issuer,
        signer: Signer,
        index: &str,
        options: &[&str],
    ) -> Responder {
        let number = format!("{}-{}", issuer.name(), options.join(""));
        let index_name = format!("index-{number}.txt");
        self.write(&index_name, index);
        let signer = match signer {
            Signer::Issuer => issuer.name().to_owned(),
            Signer::Leaf => "leaf".to_owned(),
            Signer::Delegate {
                issuer,
                algorithm,
                extensions,
            } => self.delegate(issuer, algorithm, extensions),
        };
        let mut process = self
            .command("ocsp")
            .args(["-port", "0", "-index", &index_name])
            .args(["-CA", &format!("{}.pem", issuer.name())])
            .args(["-rsigner", &format!("{signer}.pem")])
            .args(["-rkey", &format!("{signer}.key")])
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // "ACCEPT 0.0.0.0:41111 PID=1234"
        let mut line = String::new();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        output.read_line(&mut line).unwrap();
        let address = line.split(' ').nth(1).unwrap_or_default();
        let (_, port) = address.rsplit_once(':').unwrap_or_else(|| {
            panic!("openssl ocsp did not start: {line}");
        });
        Responder {
            process,
            port: port.trim().parse().unwrap(),
        }
    }

    /// Makes a key and a certificate of a responder, and returns the name of their files.
    fn delegate(&self, issuer: Issuer, algorithm: &str, extensions: &str) -> String {
        let issuer = issuer.name();
        let name = format!("responder-of-{issuer}");
        self.write("extensions.cnf", extensions);
        self.run("genpkey", &format!("{algorithm} -out {name}.key"));
        self.run(
            "req",
            &format!("-new -config req.cnf -key {name}.key -subj /CN={name} -out {name}.csr"),
        );
        self.run(
            "x509",
            &format!(
                "-req -in {name}.csr -CA {issuer}.pem -CAkey {issuer}.key -set_serial 42 -days 2 \
                 -extfile extensions.cnf -out {name}.pem"
            ),
        );
        name
    }

    fn run(&self, command: &str, options: &str) {
        let output = self
            .command(command)
            .args(options.split_whitespace())
            .output()
            .unwrap();
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command} {options}: {message}");
    }

    fn command(&self, command: &str) -> Command {
        let mut openssl = Command::new("openssl");
        openssl.arg(command).current_dir(&self.folder);
        openssl
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.folder.join(name), content).unwrap();
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Issuer {
    const fn name(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Intermediate => "intermediate",
        }
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in BASE64_STANDARD.encode(der).as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).unwrap());
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}
