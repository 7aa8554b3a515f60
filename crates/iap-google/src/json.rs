//! Reads one JSON object strictly: nothing around it, and no member twice anywhere in it.

use core::fmt;
use std::{borrow::Cow, collections::HashSet};

use iap_core::{printable, shorten};
use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned},
};

/// Why bytes are not the object that was expected. Both texts may repeat a stranger's, and are fit
/// for a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonProblem {
    /// Where, for example `message.data`; `.` for the whole.
    pub(crate) path: String,
    /// What is wrong there.
    pub(crate) reason: String,
}

/// Reads an object whose length has been checked.
///
/// 1. It is one object and not a list, which serde would read as the members in their order.
/// 2. It is JSON as a whole, and no object in it has a member twice: of two values neither can be
///    relied on, and two readers may see different ones.
/// 3. Its members are as they should be.
pub(crate) fn read_object<T: DeserializeOwned>(json: &[u8]) -> Result<T, JsonProblem> {
    // 1
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(JsonProblem::of_the_whole("not a JSON object"));
    }
    // 2
    // Once as a whole, which is faster than each text in it twice.
    let json = str::from_utf8(json).map_err(|error| JsonProblem::of_the_whole(shown(&error)))?;
    serde_json::from_str::<NoRepeatedMember>(json)
        .map_err(|error| JsonProblem::of_the_whole(shown(&error)))?;
    // 3
    serde_json::from_str(json).map_err(|error| {
        // Read once more to name the member: a record of the path takes an allocation for each.
        let mut deserializer = serde_json::Deserializer::from_str(json);
        match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
            Err(error) => JsonProblem {
                path: shown(error.path()),
                reason: shown(error.inner()),
            },
            Ok(_) => JsonProblem::of_the_whole(shown(&error)),
        }
    })
}

fn shown(text: &impl fmt::Display) -> String {
    printable(&text.to_string()).unwrap_or_default()
}

impl JsonProblem {
    fn of_the_whole(reason: impl Into<String>) -> Self {
        Self {
            path: ".".to_owned(),
            reason: reason.into(),
        }
    }
}

/// Any JSON in which no object has a member twice. Keeps nothing of it.
struct NoRepeatedMember;

impl<'de> Deserialize<'de> for NoRepeatedMember {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor)
    }
}

struct Visitor;

impl<'de> de::Visitor<'de> for Visitor {
    type Value = NoRepeatedMember;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<NoRepeatedMember, E> {
        Ok(NoRepeatedMember)
    }

    fn visit_i64<E>(self, _: i64) -> Result<NoRepeatedMember, E> {
        Ok(NoRepeatedMember)
    }

    fn visit_u64<E>(self, _: u64) -> Result<NoRepeatedMember, E> {
        Ok(NoRepeatedMember)
    }

    fn visit_f64<E>(self, _: f64) -> Result<NoRepeatedMember, E> {
        Ok(NoRepeatedMember)
    }

    fn visit_str<E>(self, _: &str) -> Result<NoRepeatedMember, E> {
        Ok(NoRepeatedMember)
    }

    fn visit_unit<E>(self) -> Result<NoRepeatedMember, E> {
        Ok(NoRepeatedMember)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<NoRepeatedMember, A::Error> {
        while list.next_element::<NoRepeatedMember>()?.is_some() {}
        Ok(NoRepeatedMember)
    }

    fn visit_map<A: de::MapAccess<'de>>(
        self,
        mut members: A,
    ) -> Result<NoRepeatedMember, A::Error> {
        let mut names = Names::default();
        while let Some(Name(name)) = members.next_key()? {
            if names.contain(&name) {
                return Err(de::Error::custom(format_args!(
                    "{:?} is there twice",
                    shorten(&name)
                )));
            }
            names.insert(name);
            members.next_value::<NoRepeatedMember>()?;
        }
        Ok(NoRepeatedMember)
    }
}

/// The names of an object so far. The first few are compared one by one, which is faster than to hash
/// them; more, which a stranger may send without end, are hashed.
#[derive(Default)]
struct Names<'a> {
    few: Vec<Cow<'a, str>>,
    more: HashSet<Cow<'a, str>>,
}

impl<'a> Names<'a> {
    fn contain(&self, name: &str) -> bool {
        self.few.iter().any(|known| known == name) || self.more.contains(name)
    }

    fn insert(&mut self, name: Cow<'a, str>) {
        if self.few.len() < COMPARED_NAMES {
            self.few.push(name);
        } else {
            self.more.insert(name);
        }
    }
}

/// A name, not copied unless it has escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// No object that Google makes has more members.
const COMPARED_NAMES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Sample {
        a: Option<i64>,
    }

    fn read(json: &str) -> Result<Sample, JsonProblem> {
        read_object(json.as_bytes())
    }

    #[test]
    fn an_object_is_read_with_members_of_tomorrow() {
        let json = r#" {"a":1,"b":[{"c":null},{"c":"x"},2.5,true,-3],"é":{}} "#;
        assert_eq!(read(json).unwrap(), Sample { a: Some(1) });
        assert_eq!(read("{}").unwrap(), Sample { a: None });
    }

    #[test]
    fn a_problem_can_neither_control_a_terminal_nor_flood_a_log() {
        #[derive(Debug, Deserialize)]
        struct Named {
            #[serde(rename = "names")]
            _names: std::collections::BTreeMap<String, String>,
        }

        let long = "x".repeat(10_000);
        for name in ["\\u001b[2J\\n\u{202e}", long.as_str()] {
            let json = format!(r#"{{"names":{{"{name}":1}}}}"#);
            let problem = read_object::<Named>(json.as_bytes()).unwrap_err();
            assert!(problem.path.starts_with("names."), "{problem:?}");
            let shown = format!("{}: {}", problem.path, problem.reason);
            assert!(
                shown.len() < 450 && !shown.contains(['\u{1b}', '\n', '\u{202e}']),
                "{shown:?}"
            );
        }
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused_wherever_it_is_and_however_it_is_spelled() {
        for json in [
            r#"{"a":1,"a":1}"#,
            r#"{"a":1,"\u0061":2}"#,
            r#"{"a":1,"b":{"c":1,"d":2,"c":3}}"#,
            r#"{"a":1,"b":[[{"c":1,"c":1}]]}"#,
        ] {
            let problem = read(json).unwrap_err();
            assert!(
                problem.reason.contains("is there twice"),
                "{json}: {problem:?}"
            );
        }
    }

    #[test]
    fn a_member_that_is_there_twice_is_found_among_many() {
        let members = |names: &[String]| {
            let members: Vec<_> = names.iter().map(|name| format!("{name:?}:1")).collect();
            format!("{{{}}}", members.join(","))
        };
        let names: Vec<String> = (0..3 * COMPARED_NAMES).map(|n| format!("m{n}")).collect();
        assert_eq!(read(&members(&names)).unwrap(), Sample { a: None });
        for again in &names {
            let repeated = [&names[..], core::slice::from_ref(again)].concat();
            let problem = read(&members(&repeated)).unwrap_err();
            assert!(
                problem.reason.contains("is there twice"),
                "{again}: {problem:?}"
            );
        }
    }

    #[test]
    fn what_is_not_one_object_is_refused() {
        let deep = format!("{{\"a\":1,\"b\":{}{}}}", "[".repeat(1000), "]".repeat(1000));
        for json in [
            "",
            " ",
            "[1]",
            "1",
            "null",
            "\"{}\"",
            "{",
            "{\"a\":1",
            "{\"a\":1}x",
            "{\"a\":1}{}",
            "<html></html>",
            "{\"a\":1,}",
            deep.as_str(),
        ] {
            assert!(read(json).is_err(), "{json}");
        }
        assert!(read_object::<Sample>(b"{\"a\":1,\"b\":\"\xff\"}").is_err());
    }

    #[test]
    fn a_problem_says_where_it_is() {
        #[derive(Debug, Deserialize)]
        struct Outer {
            #[expect(dead_code, reason = "never read")]
            inner: Sample,
        }
        let problem = read_object::<Outer>(br#"{"inner":{"a":"x"}}"#).unwrap_err();
        assert_eq!(problem.path, "inner.a");
    }
}
