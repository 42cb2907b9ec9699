//! JSON without the members that are null, as PostgreSQL's `json_strip_nulls` leaves it: elements
//! of arrays stay, so that the others keep their places.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Appends the document `json`, stripped.
pub(super) fn document(json: &[u8], out: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    Strip(out).deserialize(&mut deserializer)
}

struct Strip<'a>(&'a mut Vec<u8>);

impl Strip<'_> {
    fn write<E: serde::de::Error, T: serde::Serialize + ?Sized>(self, value: &T) -> Result<(), E> {
        serde_json::to_writer(self.0, value).map_err(E::custom)
    }
}

impl<'de> DeserializeSeed<'de> for Strip<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strip<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.write(&())
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.write(&value)
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.write(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        self.0.push(b'[');
        let mut first = true;
        loop {
            let before = self.0.len();
            if !first {
                self.0.push(b',');
            }
            if elements.next_element_seed(Strip(self.0))?.is_none() {
                self.0.truncate(before);
                self.0.push(b']');
                return Ok(());
            }
            first = false;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.push(b'{');
        let mut first = true;
        while let Some(key) = members.next_key::<String>()? {
            let before = self.0.len();
            if !first {
                self.0.push(b',');
            }
            serde_json::to_writer(&mut *self.0, &key).map_err(serde::de::Error::custom)?;
            self.0.push(b':');
            let start = self.0.len();
            members.next_value_seed(Strip(self.0))?;
            if &self.0[start..] == b"null" {
                self.0.truncate(before);
            } else {
                first = false;
            }
        }
        self.0.push(b'}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn null_members_go_and_null_elements_stay() {
        let mut out = vec![];
        super::document(br#"{"a":null,"b":[null,{"c":null}],"d":{"e":1.5,"f":null},"g":"null"}"#, &mut out)
            .unwrap();
        assert_eq!(out, br#"{"b":[null,{}],"d":{"e":1.5},"g":"null"}"#);
    }
}
