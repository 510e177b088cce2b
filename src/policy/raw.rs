//! The policy as it is written: shapes and types only. Unknown and repeated keys are refused here, meaning is checked
//! by `validate`.

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// `.github/reprogate.yml`.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", expecting = "a map of settings")]
pub(super) struct RawPolicy {
    pub(super) version: Option<u64>,
    pub(super) profile: Option<String>,
    pub(super) min_score: Option<f64>,
    #[serde(default)]
    pub(super) min_scores: UniqueMap<f64>,
    #[serde(default)]
    pub(super) required: Vec<String>,
    pub(super) fail_on: Option<String>,
    #[serde(default)]
    pub(super) projects: Vec<RawProject>,
    #[serde(default)]
    pub(super) recipes: Vec<String>,
    #[serde(default)]
    pub(super) documents: Vec<String>,
    #[serde(default)]
    pub(super) weights: UniqueMap<f64>,
    #[serde(default)]
    pub(super) rules: UniqueMap<RawRule>,
    #[serde(default)]
    pub(super) waivers: Vec<RawWaiver>,
    #[serde(default)]
    pub(super) limits: RawLimits,
}

/// A folder, or a folder with its own minimum.
#[derive(Debug)]
pub(super) struct RawProject {
    pub(super) path: String,
    pub(super) min_score: Option<f64>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "kebab-case",
    expecting = "a map with `rule`, `reason` and `until`"
)]
pub(super) struct RawWaiver {
    pub(super) rule: String,
    pub(super) path: Option<String>,
    pub(super) reason: String,
    pub(super) until: String,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct RawLimits {
    pub(super) files: Option<u64>,
    pub(super) file_bytes: Option<u64>,
    pub(super) notebook_bytes: Option<u64>,
    pub(super) total_bytes: Option<u64>,
}

/// `off`, or options.
#[derive(Debug)]
pub(super) enum RawRule {
    Off,
    Options(UniqueMap<serde_yaml::Value>),
}

/// A map in the order it is written, in which no key comes twice.
#[derive(Debug)]
pub(super) struct UniqueMap<V>(pub(super) Vec<(String, V)>);

impl<V> Default for UniqueMap<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

struct UniqueMapVisitor<V>(PhantomData<V>);

impl<'de, V: Deserialize<'de>> Visitor<'de> for UniqueMapVisitor<V> {
    type Value = UniqueMap<V>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        let mut entries: Vec<(String, V)> = Vec::new();
        while let Some(key) = access.next_key::<String>()? {
            if entries.iter().any(|(known, _)| *known == key) {
                return Err(de::Error::custom(format_args!("duplicate field `{key}`")));
            }
            let value = access.next_value()?;
            entries.push((key, value));
        }
        Ok(UniqueMap(entries))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(UniqueMap::default())
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for UniqueMap<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(UniqueMapVisitor(PhantomData))
    }
}

struct RawRuleVisitor;

impl<'de> Visitor<'de> for RawRuleVisitor {
    type Value = RawRule;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("`off` or a map of options")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        match text {
            "off" => Ok(RawRule::Off),
            other => Err(de::Error::invalid_value(de::Unexpected::Str(other), &self)),
        }
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Self::Value, E> {
        match value {
            false => Ok(RawRule::Off),
            true => Err(de::Error::invalid_value(de::Unexpected::Bool(true), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, access: A) -> Result<Self::Value, A::Error> {
        UniqueMapVisitor(PhantomData).visit_map(access).map(RawRule::Options)
    }
}

impl<'de> Deserialize<'de> for RawRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawRuleVisitor)
    }
}

struct RawProjectVisitor;

impl<'de> Visitor<'de> for RawProjectVisitor {
    type Value = RawProject;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a folder, or a map with `path` and `min-score`")
    }

    fn visit_str<E: de::Error>(self, path: &str) -> Result<Self::Value, E> {
        Ok(RawProject { path: path.to_owned(), min_score: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Self::Value, A::Error> {
        const FIELDS: &[&str] = &["path", "min-score"];
        let (mut path, mut min_score) = (None, None);
        while let Some(key) = access.next_key::<String>()? {
            match key.as_str() {
                "path" if path.is_some() => return Err(de::Error::duplicate_field("path")),
                "min-score" if min_score.is_some() => return Err(de::Error::duplicate_field("min-score")),
                "path" => path = Some(access.next_value::<String>()?),
                "min-score" => min_score = Some(access.next_value::<f64>()?),
                other => return Err(de::Error::unknown_field(other, FIELDS)),
            }
        }
        Ok(RawProject { path: path.ok_or_else(|| de::Error::missing_field("path"))?, min_score })
    }
}

impl<'de> Deserialize<'de> for RawProject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawProjectVisitor)
    }
}
