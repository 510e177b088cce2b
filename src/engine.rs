//! Runs the registry over the facts.

use crate::facts::{Facts, Recipe};
use crate::policy::{Policy, Profile};
use crate::rules::{self, Judge, Judgement, Met, Options, Rule, Standard};

/// A rule with what it found out.
#[derive(Debug, Clone)]
pub struct Judged {
    /// The rule.
    pub rule: &'static Rule,
    /// Its judgement.
    pub judgement: Judgement,
}

/// What every rule found out about one project.
#[derive(Debug, Clone, Default)]
pub struct Judgements {
    /// Rules that judge the project as a whole, in the order of the catalogue.
    pub project: Vec<Judged>,
    /// Each recipe's path, with the rules that judge it.
    pub recipes: Vec<(String, Vec<Judged>)>,
}

/// Which rules run: all of them, or those of `only` (ids of rules or of standards).
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Empty for all.
    pub only: Vec<String>,
}

impl Selection {
    /// Whether `rule` runs under `policy`.
    pub fn includes(&self, rule: &Rule, policy: &Policy) -> bool {
        let selected = self.only.is_empty()
            || self.only.iter().any(|only| only == rule.id || only == rule.standard.id());
        let in_profile = policy.profile != Profile::Checklist || rule.standard == Standard::Checklist;
        selected && in_profile && !policy.off.contains(rule.id)
    }
}

/// Judges a project, and each of its `recipes`.
pub fn judge(facts: &Facts, recipes: &[Recipe<'_>], policy: &Policy, selection: &Selection) -> Judgements {
    let defaults = Options::default();
    let options = |rule: &Rule| policy.options.get(rule.id).unwrap_or(&defaults);
    let chosen: Vec<&'static Rule> = rules::all().filter(|rule| selection.includes(rule, policy)).collect();
    let project = chosen
        .iter()
        .filter_map(|&rule| match rule.judge {
            Judge::Project(judge) => {
                Some(Judged { rule, judgement: guard(judge(facts, options(rule)), rule, facts) })
            }
            Judge::Recipe(_) => None,
        })
        .collect();
    let recipes = recipes
        .iter()
        .map(|recipe| {
            let recipe = Recipe { production: policy.profile == Profile::Production, ..recipe.clone() };
            let judged = chosen.iter().filter_map(|&rule| match rule.judge {
                Judge::Recipe(judge) => {
                    Some(Judged { rule, judgement: guard(judge(&recipe, facts, options(rule)), rule, facts) })
                }
                Judge::Project(_) => None,
            });
            (recipe.document.path.clone(), judged.collect())
        })
        .collect();
    Judgements { project, recipes }
}

/// Where the listing itself is not whole, what was not found may stand in what was not seen: a part that is missing
/// becomes unknown. A part that was found stays found.
fn guard(mut judgement: Judgement, _rule: &Rule, facts: &Facts) -> Judgement {
    if let Some(unread) = facts.unread.iter().find(|unread| unread.path == facts.root) {
        for part in judgement.parts.iter_mut().filter(|part| part.met == Met::No) {
            part.met = Met::Unknown(unread.why.clone());
        }
    }
    judgement
}
