//! Tells the tests what is at hand, so that tests that need more are reported as ignored: other
//! people's data, and the openssl program.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-env-changed=IAP_SPEC_DIR");
    println!("cargo::rustc-check-cfg=cfg(no_spec)");
    if std::env::var_os("IAP_SPEC_DIR").is_none() {
        println!("cargo::rustc-cfg=no_spec");
    }
    println!("cargo::rerun-if-env-changed=PATH");
    println!("cargo::rustc-check-cfg=cfg(no_openssl)");
    if !has_openssl() {
        println!("cargo::rustc-cfg=no_openssl");
    }
}

/// Other libraries have programs of the same name, with other options.
fn has_openssl() -> bool {
    Command::new("openssl")
        .arg("version")
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"OpenSSL 3"))
}
