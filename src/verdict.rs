//! Points, scores, the gate's decision and the delta.

use crate::engine::{Judged, Judgements};
use crate::policy::{FailOn, Policy, Project, Waiver};
use crate::rules::{Evidence, Finding, Fix, Met, Rule, Standard};
use serde::Serialize;
use std::collections::BTreeMap;

/// A rule's result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Every part is met.
    Pass,
    /// Some points are earned, or the deciding part is met, and something is missing.
    Partial,
    /// Nothing is met.
    Fail,
    /// Nothing is asked here.
    NotApplicable,
    /// Accepted for a while; the points stay what they are by themselves.
    Waived,
    /// What would decide it could not be read.
    Unknown,
}

/// How a rule's result differs from the base's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Met at the base, or not there, and missing now.
    Introduced,
    /// Missing at the base and missing now.
    Existing,
    /// Missing at the base and met now.
    Fixed,
}

/// One rule's result.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The rule.
    pub rule: &'static Rule,
    /// Its result.
    pub status: Status,
    /// Whether its deciding part is met.
    pub met: bool,
    /// Points earned.
    pub points: f64,
    /// Points if what is unknown turned out well; equal to `points` where nothing is unknown.
    pub points_at_most: f64,
    /// Points that it could earn, before scaling.
    pub of: f64,
    /// Each part, in the rule's order.
    pub parts: Vec<PartOutcome>,
    /// Places that are wrong, each with its change since the base; waived ones left out.
    pub findings: Vec<FindingOutcome>,
    /// Where the rule looked.
    pub looked_at: Vec<String>,
    /// Why it does not apply, or why it is unknown, or the waiver's reason.
    pub reason: Option<String>,
    /// The day the waiver ends.
    pub waived_until: Option<String>,
    /// How it differs from the base's; `None` without a base, or where it is met at both.
    pub change: Option<Change>,
    /// How to mend it.
    pub fix: Option<Fix>,
    /// Points of the project's score that mending it whole would gain.
    pub gain: f64,
}

/// One part's result.
#[derive(Debug, Clone)]
pub struct PartOutcome {
    /// The part's id.
    pub id: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Whether it is met; `None` where it is unknown or not asked.
    pub met: Option<bool>,
    /// Why it is unknown or not asked.
    pub reason: Option<String>,
    /// The places that show it.
    pub evidence: Vec<Evidence>,
}

/// One finding's result.
#[derive(Debug, Clone)]
pub struct FindingOutcome {
    /// The finding.
    pub finding: Finding,
    /// The same across pushes while the finding is the same, wherever its line moves.
    pub fingerprint: String,
    /// How it differs from the base's.
    pub change: Option<Change>,
}

/// A standard's result.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandardScore {
    /// The standard.
    pub standard: Standard,
    /// 0 to 100; `None` where none of its rules applies.
    pub score: Option<f64>,
    /// Its share of the score, in points of 100.
    pub weight: f64,
}

/// A recipe's result.
#[derive(Debug, Clone)]
pub struct RecipeVerdict {
    /// The document.
    pub path: String,
    /// 0 to 100.
    pub score: f64,
    /// Each rule's result.
    pub outcomes: Vec<Outcome>,
}

/// A waiver that does nothing any more, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedWaiver {
    /// The waiver.
    pub waiver: Waiver,
    /// `ended on …`, or `nothing to waive`.
    pub why: String,
}

/// Everything known about one project at one commit.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The project's folder; empty for the root.
    pub root: String,
    /// 0 to 100, one decimal.
    pub score: f64,
    /// What the score would be if everything unknown turned out well.
    pub score_at_most: f64,
    /// By standard, those that apply.
    pub standards: Vec<StandardScore>,
    /// Rules that judge the project as a whole.
    pub outcomes: Vec<Outcome>,
    /// Rules that judge recipes.
    pub recipes: Vec<RecipeVerdict>,
    /// Waivers that do nothing any more.
    pub ended_waivers: Vec<EndedWaiver>,
    /// The gate's decision.
    pub gate: Gate,
}

/// Whether the gate is passed.
#[derive(Debug, Clone, PartialEq)]
pub struct Gate {
    /// The decision.
    pub decision: Decision,
    /// The minimum that was asked for.
    pub min_score: f64,
    /// Why it is not passed, one sentence each; empty when it is.
    pub reasons: Vec<String>,
}

/// The gate's decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Passed, whatever is unknown.
    Passed,
    /// Failed, whatever is unknown.
    Failed,
    /// It depends on what could not be read.
    Undecided,
}

impl Verdict {
    /// Every outcome, the project's and then each recipe's.
    pub fn all_outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().chain(self.recipes.iter().flat_map(|recipe| &recipe.outcomes))
    }
}

/// Rounds to one decimal, as scores are shown.
pub fn rounded(score: f64) -> f64 {
    (score * 10.0).round() / 10.0
}

/// Reaches the verdict on `project`; `today` is `YYYY-MM-DD`, and `base` the same project's verdict at the base commit.
pub fn reach(
    judgements: Judgements,
    policy: &Policy,
    project: &Project,
    today: &str,
    base: Option<&Verdict>,
) -> Verdict {
    let mut used = vec![false; policy.waivers.len()];
    let mut outcome = |judged: Judged| outcome(judged, policy, today, &mut used);
    let outcomes: Vec<Outcome> = judgements.project.into_iter().map(&mut outcome).collect();
    let recipes: Vec<RecipeVerdict> = judgements
        .recipes
        .into_iter()
        .map(|(path, judged)| {
            let outcomes: Vec<Outcome> = judged.into_iter().map(&mut outcome).collect();
            let sum = Sum::of(&outcomes);
            RecipeVerdict { path, score: rounded(100.0 * sum.share(sum.points)), outcomes }
        })
        .collect();
    let ended_waivers = policy
        .waivers
        .iter()
        .zip(used)
        .filter_map(|(waiver, used)| {
            let why = if waiver.until.as_str() < today {
                format!("ended on {}", waiver.until)
            } else if !used {
                "nothing to waive".to_owned()
            } else {
                return None;
            };
            Some(EndedWaiver { waiver: waiver.clone(), why })
        })
        .collect();
    let mut verdict = Verdict {
        root: project.root.clone(),
        score: 0.0,
        score_at_most: 0.0,
        standards: Vec::new(),
        outcomes,
        recipes,
        ended_waivers,
        gate: Gate { decision: Decision::Passed, min_score: 0.0, reasons: Vec::new() },
    };
    tally(&mut verdict);
    if let Some(base) = base {
        compare(&mut verdict, base);
    }
    verdict.gate = decide(&verdict, policy, project, base);
    verdict
}

fn outcome(judged: Judged, policy: &Policy, today: &str, used: &mut [bool]) -> Outcome {
    let Judged { rule, judgement } = judged;
    let of = policy.weights.get(rule.id).copied().unwrap_or(rule.weight);
    let share = |id: &str| rule.parts.iter().find(|part| part.id == id).map_or(1, |part| part.share);
    let title = |id: &str| rule.parts.iter().find(|part| part.id == id).map_or("", |part| part.title);
    let (mut asked, mut earned, mut open, mut why_unknown) = (0.0, 0.0, 0.0, None);
    for part in &judgement.parts {
        let points = f64::from(share(part.id));
        match &part.met {
            Met::NotApplicable(_) => continue,
            Met::Yes | Met::No => earned += points * part.credit.clamp(0.0, 1.0),
            Met::Unknown(why) => {
                open += points;
                why_unknown.get_or_insert_with(|| why.clone());
            }
        }
        asked += points;
    }
    let applies = judgement.not_applicable.is_none() && asked > 0.0;
    let met = applies && judgement.is_met();
    let points = if applies { of * earned / asked } else { 0.0 };
    let points_at_most = if applies { of * (earned + open) / asked } else { 0.0 };
    let decided_by_unknown = matches!(judgement.parts.first().map(|part| &part.met), Some(Met::Unknown(_)));
    let mut status = if !applies {
        Status::NotApplicable
    } else if decided_by_unknown {
        Status::Unknown
    } else if earned >= asked {
        Status::Pass
    } else if met || earned > 0.0 {
        Status::Partial
    } else {
        Status::Fail
    };
    let mut reason = match status {
        Status::NotApplicable => {
            judgement.not_applicable.clone().or_else(|| Some("nothing is asked here".to_owned()))
        }
        _ => why_unknown,
    };
    let mut waived_until = None;
    let mut findings = judgement.findings;
    for (waiver, used) in policy.waivers.iter().zip(used) {
        if waiver.rule != rule.id || waiver.until.as_str() < today {
            continue;
        }
        match &waiver.path {
            None if matches!(status, Status::Partial | Status::Fail | Status::Unknown) => {
                (status, *used) = (Status::Waived, true);
                (reason, waived_until) = (Some(waiver.reason.clone()), Some(waiver.until.clone()));
            }
            None => {}
            Some(glob) => {
                let Ok(glob) = globset::Glob::new(glob) else { continue };
                let glob = glob.compile_matcher();
                let before = findings.len();
                findings.retain(|finding| !glob.is_match(&finding.place.path));
                if findings.len() < before {
                    *used = true;
                    if findings.is_empty() {
                        status = Status::Waived;
                        (reason, waived_until) = (Some(waiver.reason.clone()), Some(waiver.until.clone()));
                    }
                }
            }
        }
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let findings = findings
        .into_iter()
        .map(|finding| {
            let stem = format!("{}|{}|{}", rule.id, finding.place.path, finding.key);
            let count = seen.entry(stem.clone()).or_default();
            *count += 1;
            FindingOutcome { fingerprint: fingerprint(&format!("{stem}|{count}")), finding, change: None }
        })
        .collect();
    let parts = judgement
        .parts
        .into_iter()
        .map(|part| {
            let (met, reason) = match part.met {
                Met::Yes => (Some(true), None),
                Met::No => (Some(false), None),
                Met::Unknown(why) | Met::NotApplicable(why) => (None, Some(why)),
            };
            PartOutcome { id: part.id, title: title(part.id), met, reason, evidence: part.evidence }
        })
        .collect();
    Outcome {
        rule,
        status,
        met,
        points,
        points_at_most,
        of: if applies { of } else { 0.0 },
        parts,
        findings,
        looked_at: judgement.looked_at,
        reason,
        waived_until,
        change: None,
        fix: judgement
            .fix
            .filter(|_| !matches!(status, Status::Pass | Status::NotApplicable | Status::Waived)),
        gain: 0.0,
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every version.
fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    points: f64,
    at_most: f64,
    of: f64,
}

impl Sum {
    fn of<'outcome>(outcomes: impl IntoIterator<Item = &'outcome Outcome>) -> Self {
        outcomes.into_iter().fold(Self::default(), |sum, outcome| Self {
            points: sum.points + outcome.points,
            at_most: sum.at_most + outcome.points_at_most,
            of: sum.of + outcome.of,
        })
    }

    fn share(self, points: f64) -> f64 {
        if self.of > 0.0 { points / self.of } else { 0.0 }
    }
}

/// Scores by standard, the whole, and what each outcome would gain.
fn tally(verdict: &mut Verdict) {
    /// Share of the points that is earned, and that could be.
    type Shares = (f64, f64);
    let mut totals: Vec<(Standard, Option<Shares>, f64)> = Vec::new();
    let mut scale_of_recipe: Vec<f64> = Vec::new();
    for standard in Standard::ALL {
        let of_standard = |outcome: &&Outcome| outcome.rule.standard == standard;
        let whole = Sum::of(verdict.outcomes.iter().filter(of_standard));
        let present = verdict.all_outcomes().any(|outcome| outcome.rule.standard == standard);
        if !present {
            continue;
        }
        let recipes: Vec<Sum> = verdict
            .recipes
            .iter()
            .map(|recipe| Sum::of(recipe.outcomes.iter().filter(of_standard)))
            .filter(|sum| sum.of > 0.0)
            .collect();
        // A standard that is judged by recipe has the mean of its recipes.
        let (share, at_most) = if recipes.is_empty() {
            (whole.share(whole.points), whole.share(whole.at_most))
        } else {
            let count = recipes.len() as f64;
            (
                recipes.iter().map(|sum| sum.share(sum.points)).sum::<f64>() / count,
                recipes.iter().map(|sum| sum.share(sum.at_most)).sum::<f64>() / count,
            )
        };
        let applies = whole.of > 0.0 || !recipes.is_empty();
        totals.push((standard, applies.then_some((share, at_most)), standard.weight()));
        if standard == Standard::Recipe {
            scale_of_recipe = verdict
                .recipes
                .iter()
                .map(|recipe| Sum::of(&recipe.outcomes).of * recipes.len().max(1) as f64)
                .collect();
        }
    }
    let weight: f64 =
        totals.iter().filter(|(_, share, _)| share.is_some()).map(|(_, _, weight)| weight).sum();
    let mean = |pick: fn(&(f64, f64)) -> f64| -> f64 {
        if weight <= 0.0 {
            return 0.0;
        }
        totals.iter().filter_map(|(_, share, weight)| Some(pick(share.as_ref()?) * weight)).sum::<f64>()
            / weight
            * 100.0
    };
    verdict.score = rounded(mean(|share| share.0));
    verdict.score_at_most = rounded(mean(|share| share.1));
    verdict.standards = totals
        .iter()
        .map(|(standard, share, weight)| StandardScore {
            standard: *standard,
            score: share.map(|(share, _)| rounded(share * 100.0)),
            weight: *weight,
        })
        .collect();
    let of_standard: BTreeMap<Standard, f64> = Standard::ALL
        .iter()
        .map(|&standard| {
            (
                standard,
                Sum::of(verdict.outcomes.iter().filter(|outcome| outcome.rule.standard == standard)).of,
            )
        })
        .collect();
    let gain = |outcome: &Outcome, of: f64| {
        if of > 0.0 && weight > 0.0 {
            (outcome.of - outcome.points) / of * outcome.rule.standard.weight() / weight * 100.0
        } else {
            0.0
        }
    };
    for outcome in &mut verdict.outcomes {
        outcome.gain = gain(outcome, of_standard.get(&outcome.rule.standard).copied().unwrap_or(0.0));
    }
    for (recipe, of) in verdict.recipes.iter_mut().zip(scale_of_recipe) {
        for outcome in &mut recipe.outcomes {
            outcome.gain = gain(outcome, of);
        }
    }
}

/// Marks what changed since the base, rule by rule and finding by finding.
fn compare(verdict: &mut Verdict, base: &Verdict) {
    let change = |outcome: &mut Outcome, before: Option<&Outcome>| {
        let missing =
            |outcome: &Outcome| matches!(outcome.status, Status::Partial | Status::Fail | Status::Waived);
        let was_full = before.is_none_or(|before| !missing(before));
        let worse = before
            .is_some_and(|before| before.points > outcome.points + 1e-9 || (before.met && !outcome.met));
        let better = before.is_some_and(|before| before.points + 1e-9 < outcome.points && missing(before));
        outcome.change = match (missing(outcome), before.is_some()) {
            (true, true) if worse || was_full => Some(Change::Introduced),
            (true, true) => Some(Change::Existing),
            (true, false) => Some(Change::Introduced),
            (false, true) if better && outcome.status == Status::Pass => Some(Change::Fixed),
            _ => None,
        };
        let known: Vec<&str> = before
            .iter()
            .flat_map(|before| &before.findings)
            .map(|finding| finding.fingerprint.as_str())
            .collect();
        for finding in &mut outcome.findings {
            let was_there = known.contains(&finding.fingerprint.as_str());
            finding.change = Some(if was_there { Change::Existing } else { Change::Introduced });
        }
    };
    for outcome in &mut verdict.outcomes {
        let before = base.outcomes.iter().find(|before| before.rule.id == outcome.rule.id);
        change(outcome, before);
    }
    for recipe in &mut verdict.recipes {
        let before = base.recipes.iter().find(|before| before.path == recipe.path);
        for outcome in &mut recipe.outcomes {
            let before = before
                .and_then(|recipe| recipe.outcomes.iter().find(|before| before.rule.id == outcome.rule.id));
            change(outcome, before);
        }
    }
}

fn decide(verdict: &Verdict, policy: &Policy, project: &Project, base: Option<&Verdict>) -> Gate {
    let min_score = project.min_score.unwrap_or(policy.min_score);
    let mut gate = Gate { decision: Decision::Passed, min_score, reasons: Vec::new() };
    let mut undecided = false;
    let mut demand = |low: f64, high: f64, least: f64, what: &str, reasons: &mut Vec<String>| {
        if high < least {
            reasons.push(format!("{what} is {high}, below the minimum of {least}"));
        } else if low < least {
            undecided = true;
        }
    };
    if matches!(policy.fail_on, FailOn::Gate | FailOn::Both) {
        demand(verdict.score, verdict.score_at_most, min_score, "the score", &mut gate.reasons);
        for (standard, least) in &policy.min_scores {
            if let Some(score) = verdict
                .standards
                .iter()
                .find(|score| score.standard == *standard)
                .and_then(|score| score.score)
            {
                demand(score, score, *least, &format!("the score of {}", standard.id()), &mut gate.reasons);
            }
        }
        for id in &policy.required {
            for outcome in verdict.all_outcomes().filter(|outcome| outcome.rule.id == id) {
                match outcome.status {
                    Status::Unknown => undecided = true,
                    Status::NotApplicable => {}
                    _ if !outcome.met => gate.reasons.push(format!("{id} is required and not met")),
                    _ => {}
                }
            }
        }
    }
    if matches!(policy.fail_on, FailOn::Regression | FailOn::Both) {
        let before: BTreeMap<&str, &Outcome> =
            base.iter().flat_map(|base| &base.outcomes).map(|outcome| (outcome.rule.id, outcome)).collect();
        for outcome in &verdict.outcomes {
            if before.get(outcome.rule.id).is_some_and(|before| before.met) && !outcome.met {
                match outcome.status {
                    Status::Unknown => undecided = true,
                    _ => gate
                        .reasons
                        .push(format!("{} was met at the base and is not any more", outcome.rule.id)),
                }
            }
        }
        for recipe in base.iter().flat_map(|base| &base.recipes) {
            let now = verdict.recipes.iter().find(|now| now.path == recipe.path);
            for before in recipe.outcomes.iter().filter(|before| before.met) {
                let outcome =
                    now.and_then(|now| now.outcomes.iter().find(|outcome| outcome.rule.id == before.rule.id));
                if outcome.is_none_or(|outcome| !outcome.met) {
                    gate.reasons.push(format!(
                        "{} was met by {} at the base and is not any more",
                        before.rule.id, recipe.path
                    ));
                }
            }
        }
    }
    gate.decision = match (gate.reasons.is_empty(), undecided) {
        (false, _) => Decision::Failed,
        (true, true) => Decision::Undecided,
        (true, false) => Decision::Passed,
    };
    gate
}
