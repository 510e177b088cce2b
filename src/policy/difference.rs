//! What a proposed policy would change, in words.

use super::Policy;
use std::collections::BTreeSet;

/// Each change from `now` to `then` as a short sentence, most telling first.
pub fn differences(now: &Policy, then: &Policy) -> Vec<String> {
    let mut changes = Vec::new();
    let mut value = |what: &str, now: String, then: String| {
        if now != then {
            changes.push(format!("{what} {now} -> {then}"));
        }
    };
    value("minimum", now.min_score.to_string(), then.min_score.to_string());
    value("profile", now.profile.id().to_owned(), then.profile.id().to_owned());
    value("fail-on", now.fail_on.id().to_owned(), then.fail_on.id().to_owned());
    for standard in crate::rules::Standard::ALL {
        let shown =
            |policy: &Policy| policy.min_scores.get(&standard).map_or("none".to_owned(), f64::to_string);
        value(&format!("minimum of {}", standard.id()), shown(now), shown(then));
    }
    let roots = |policy: &Policy| {
        let shown = |project: &super::Project| {
            let root = if project.root.is_empty() { "." } else { &project.root };
            project.min_score.map_or_else(|| root.to_owned(), |score| format!("{root} (minimum {score})"))
        };
        policy.projects.iter().map(shown).collect::<Vec<_>>().join(", ")
    };
    value("projects", roots(now), roots(then));
    value("recipes", now.recipes.join(", "), then.recipes.join(", "));
    value("documents", now.documents.join(", "), then.documents.join(", "));
    let limits = |policy: &Policy| {
        let limits = &policy.limits;
        format!(
            "{} files, {} bytes each, {} bytes a notebook, {} bytes in all",
            limits.files, limits.file_bytes, limits.notebook_bytes, limits.total_bytes
        )
    };
    value("limits", limits(now), limits(then));
    let mut sets = |what: &str, now: BTreeSet<String>, then: BTreeSet<String>| {
        changes.extend(then.difference(&now).map(|added| format!("{what} added: {added}")));
        changes.extend(now.difference(&then).map(|removed| format!("{what} removed: {removed}")));
    };
    sets("required rule", now.required.clone(), then.required.clone());
    sets("rule that is off", now.off.clone(), then.off.clone());
    let weights =
        |policy: &Policy| policy.weights.iter().map(|(id, points)| format!("{id} = {points}")).collect();
    sets("weight", weights(now), weights(then));
    let waivers = |policy: &Policy| {
        let shown = |waiver: &super::Waiver| {
            let path = waiver.path.as_ref().map_or(String::new(), |path| format!(" at {path}"));
            format!("{}{path} until {} ({})", waiver.rule, waiver.until, waiver.reason)
        };
        policy.waivers.iter().map(shown).collect()
    };
    sets("waiver", waivers(now), waivers(then));
    let options = |policy: &Policy| {
        policy.options.iter().map(|(id, options)| format!("{id} {:?}", options.values)).collect()
    };
    sets("options", options(now), options(then));
    changes
}
