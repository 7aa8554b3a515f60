//! Data really signed by Apple verifies with the built-in anchor, and nothing else does.
use crate::spec;
use iap::apple::{App, Environment, SignedDataVerifier};
#[test]
fn smoke() {
    for f in spec::signed_files(&spec::directory().unwrap()) {
        let mut b = SignedDataVerifier::builder().environment(Environment::Sandbox);
        b = b.app(App::new(
            f.bundle_id.clone().unwrap_or("x".into()),
            f.app_apple_id.unwrap_or(1470168868),
        ));
        let v = b.build().unwrap();
        let r = v.verify_any(&f.jws);
        match &r {
            Ok(d) => println!("{} {:?}", f.name, d.kind()),
            Err(e) => println!("{} {e}", f.name),
        }
        if let Ok(iap::apple::SignedData::Notification(n)) = r {
            println!("{:#?}", n.to_event().unwrap());
        }
    }
}
