//! Policies: any text is a policy or an error that names a place.

#![no_main]

use libfuzzer_sys::fuzz_target;
use reprogate::policy::{PATH, Policy, differences, parse};

fuzz_target!(|text: &str| {
    match parse(text, PATH) {
        Ok(policy) => {
            assert!(!policy.projects.is_empty());
            assert!((0.0..=100.0).contains(&policy.min_score));
            let _ = differences(&Policy::default(), &policy);
        }
        Err(error) => assert!(error.to_string().starts_with(PATH)),
    }
});
