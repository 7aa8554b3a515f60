//! The program openssl: it makes keys, certificates and messages, judges ours, and is an authority's
//! OCSP responder that listens on this machine.
//!
//! Tests that need it carry `#[cfg_attr(no_openssl, ignore = "…")]`; see `build.rs`.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use iap_testkit::SigningAuthority;

/// A folder of one's own, in which openssl works.
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
    /// An empty one.
    pub(crate) fn empty() -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("openssl-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let workshop = Self { folder };
        // Without it `openssl req` reads the machine's configuration.
        workshop.write("req.cnf", "[req]\ndistinguished_name = dn\n[dn]\n");
        workshop
    }

    /// With the certificates and keys of `authority`.
    pub(crate) fn of(authority: &SigningAuthority) -> Self {
        let workshop = Self::empty();
        for (name, certificate, key) in [
            ("root", authority.root_der(), authority.root_key_pkcs8_der()),
            (
                "intermediate",
                authority.intermediate_der(),
                authority.intermediate_key_pkcs8_der(),
            ),
            ("leaf", authority.leaf_der(), authority.leaf_key_pkcs8_der()),
        ] {
            workshop.write(&format!("{name}.pem"), pem("CERTIFICATE", certificate));
            workshop.write(&format!("{name}.key"), pem("PRIVATE KEY", key));
        }
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
        self.certify(&name, issuer, algorithm, extensions);
        name
    }

    /// Makes a key and a certificate with `extensions` that `issuer` issues, or the key itself where
    /// it is the same name. They are in the files `{name}.key` and `{name}.pem`.
    pub(crate) fn certify(&self, name: &str, issuer: &str, algorithm: &str, extensions: &str) {
        self.write("extensions.cnf", extensions);
        self.make(&format!("genpkey {algorithm} -out {name}.key"), b"");
        self.make(
            &format!("req -new -config req.cnf -key {name}.key -subj /CN={name} -out {name}.csr"),
            b"",
        );
        let signer = match issuer == name {
            true => format!("-signkey {name}.key"),
            false => format!("-CA {issuer}.pem -CAkey {issuer}.key"),
        };
        self.make(
            &format!(
                "x509 -req -in {name}.csr {signer} -set_serial 42 -days 2 -extfile extensions.cnf \
                 -out {name}.pem"
            ),
            b"",
        );
    }

    /// What a command prints that reads `input`; it must succeed.
    pub(crate) fn make(&self, command: &str, input: &[u8]) -> Vec<u8> {
        self.run(command, input)
            .unwrap_or_else(|message| panic!("openssl {command}: {message}"))
    }

    /// Whether a command succeeds that reads `input`.
    pub(crate) fn accepts(&self, command: &str, input: &[u8]) -> bool {
        self.run(command, input).is_ok()
    }

    /// What a command prints, or how it complains.
    fn run(&self, command: &str, input: &[u8]) -> Result<Vec<u8>, String> {
        let mut words = command.split_whitespace();
        let mut process = self
            .command(words.next().unwrap())
            .args(words)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It may end before it has read everything.
        let _ = process.stdin.take().unwrap().write_all(input);
        let output = process.wait_with_output().unwrap();
        match output.status.success() {
            true => Ok(output.stdout),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    fn command(&self, command: &str) -> Command {
        let mut openssl = Command::new("openssl");
        openssl.arg(command).current_dir(&self.folder);
        openssl
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder.join(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.folder.join(name)).unwrap()
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
