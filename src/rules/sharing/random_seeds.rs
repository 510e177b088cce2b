//! Every source of randomness that training draws from is seeded.

use super::{at, few, has_code};
use crate::facts::python::Import;
use crate::facts::randomness::{self, EntryPoint, Library, Seed};
use crate::facts::{Facts, Lines};
use crate::rules::{
    Evidence, Finding, Fix, Judge, Judgement, Met, Options, Part, PartJudgement, Replacement, Rule, Snippet,
    Standard, Theme,
};

/// The rule; its source is the model sharing tutorial.
pub(super) static RULE: Rule = Rule {
    id: "sharing/random-seeds",
    standard: Standard::Sharing,
    title: "Random seeds",
    summary: "Every source of randomness that the training code draws from is seeded",
    reason: "one generator without a seed is enough for every run to differ",
    theme: Theme::Training,
    weight: 2.0,
    parts: &[
        Part { id: "seeded", title: "every library that training draws from is seeded", share: 4 },
        Part { id: "flag-read", title: "a seed option is read", share: 1 },
    ],
    options: &[],
    docs: include_str!("random-seeds.md"),
    judge: Judge::Project(judge),
};

fn judge(facts: &Facts, _options: &Options) -> Judgement {
    if !has_code(facts) {
        return Judgement::not_applicable("there is no code");
    }
    let all = facts.entry_points();
    // What the documents tell people to run comes first, then what is named for it. One script that was forgotten is a
    // finding; that most were is a repository that does not seed. Where nothing says what to run, nearly all must.
    let told: Vec<&EntryPoint> = all.iter().filter(|entry| entry.documented).collect();
    let named: Vec<&EntryPoint> =
        all.iter().filter(|entry| randomness::is_named_for_it(&entry.path)).collect();
    let both: Vec<&EntryPoint> =
        told.iter().copied().filter(|entry| randomness::is_named_for_it(&entry.path)).collect();
    let (entries, least) = if !both.is_empty() {
        (both, 0.5)
    } else if !told.is_empty() {
        (told, 0.5)
    } else if !named.is_empty() {
        (named, 0.5)
    } else {
        (all.iter().collect(), 0.8)
    };
    let drawing: Vec<&EntryPoint> = entries.iter().copied().filter(|entry| entry.is_telling()).collect();
    if drawing.is_empty() {
        return Judgement::not_applicable("no training code that draws random numbers was found");
    }
    let good: Vec<&EntryPoint> =
        drawing.iter().copied().filter(|entry| entry.unseeded().next().is_none()).collect();
    let met = good.len() as f64 >= drawing.len() as f64 * least;
    let findings = findings(facts, &drawing);
    let mut evidence: Vec<Evidence> = Vec::new();
    for seed in good.iter().flat_map(|entry| &entry.seeds).filter(|seed| seed.void.is_none()) {
        if !evidence.iter().any(|place| place.path == seed.path) {
            evidence.push(at(&seed.path, seed.line, seed.what.as_str()));
        }
    }
    let seeded = PartJudgement {
        id: "seeded",
        met: if met { Met::Yes } else { Met::No },
        credit: good.len() as f64 / drawing.len() as f64,
        evidence: if met { few(evidence) } else { Vec::new() },
    };
    let flags: usize = drawing.iter().map(|entry| entry.read_flags).sum();
    let unread = drawing.iter().flat_map(|entry| &entry.unread_flags).next();
    let flag = match unread {
        Some(_) => PartJudgement::missing("flag-read"),
        None if flags > 0 => PartJudgement::met("flag-read", Vec::new()),
        None => PartJudgement::not_applicable("flag-read", "no seed option is declared"),
    };
    let fix = fix(facts, &drawing);
    Judgement {
        not_applicable: None,
        parts: vec![seeded, flag],
        looked_at: drawing.iter().take(8).map(|entry| entry.path.clone()).collect(),
        findings,
        fix,
    }
}

fn findings(facts: &Facts, drawing: &[&EntryPoint]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for entry in drawing {
        // One line seeds all that the script draws from.
        let mut seeding = seeding_line(facts, entry);
        for draw in entry.unseeded() {
            let void =
                entry.seeds.iter().find(|seed| seed.libraries.contains(&draw.library) && seed.void.is_some());
            let library = draw.library.name();
            let call = draw.library.seed_call("seed");
            let message = match void.and_then(|seed| Some((seed, seed.void.as_ref()?))) {
                Some((seed, why)) => format!(
                    "{} draws from {library}; {} at {}:{} {why}, so no run is like another",
                    entry.path, seed.what, seed.path, seed.line
                ),
                None => match drawn_seed(entry, draw.library) {
                    Some((seed, source)) => format!(
                        "{} draws from {library}; the seed of {} at {}:{} is itself drawn from {}, which nothing seeds",
                        entry.path,
                        seed.what,
                        seed.path,
                        seed.line,
                        source.name()
                    ),
                    None => format!(
                        "{} draws from {library} and nothing on the way seeds it; add {call} before training",
                        entry.path
                    ),
                },
            };
            let key = format!("unseeded {library} {}", entry.path);
            let place = at(&draw.path, draw.line, format!("draws from {library} ({})", draw.what));
            if !found.iter().any(|known| known.place == place) {
                found.push(Finding { place, message, key, replacement: seeding.take() });
            }
        }
        for flag in &entry.unread_flags {
            let place = at(&flag.path, flag.line, format!("{} is declared", flag.name));
            if !found.iter().any(|known| known.place == place) {
                let message = format!("{} is declared in {} and nothing reads it", flag.name, flag.path);
                found.push(Finding {
                    place,
                    message,
                    key: format!("unread {} {}", flag.name, flag.path),
                    replacement: None,
                });
            }
        }
    }
    found
}

/// The line where a Python script begins to run, with the calls that seed what it draws from; `None` where the script
/// has no such line, or does not import what would be called.
fn seeding_line(facts: &Facts, entry: &EntryPoint) -> Option<Replacement> {
    let file = facts.files.get(&entry.path).filter(|_| entry.path.ends_with(".py"))?;
    let module = file.python.as_ref()?;
    let imported = |package: &str| {
        let whole = |import: &&Import| import.level == 0 && import.name.is_none() && import.module == package;
        module.imports.iter().filter(whole).find(|import| !import.optional)
    };
    let mut calls: Vec<String> = Vec::new();
    let mut last_import = 0;
    for draw in entry.unseeded() {
        if !matches!(draw.library, Library::Random | Library::NumPy | Library::Torch | Library::TensorFlow) {
            return None;
        }
        let import = imported(draw.library.name())?;
        last_import = last_import.max(import.line);
        let call = draw.library.seed_call("0");
        let call = call.split_once('.').map(|(_, rest)| format!("{}.{rest}", import.alias))?;
        if !calls.contains(&call) {
            calls.push(call);
        }
    }
    let drawn = entry.draws.iter().filter(|draw| draw.path == entry.path).map(|draw| draw.line).min();
    let line = |number: u32| file.line(number);
    if let Some(main) = module.entry_point {
        let head = line(main.first).filter(|head| head.trim_end().ends_with(':'))?;
        let body = (main.first + 1..=main.last).filter_map(line).find(|line| !line.trim().is_empty())?;
        let indent: String = body.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let inserted: String = calls.iter().map(|call| format!("\n{indent}{call}")).collect();
        return Some(Replacement { line: main.first, text: format!("{head}{inserted}") });
    }
    let is_free = |work: &&Lines| work.first > last_import && drawn.is_none_or(|drawn| work.first <= drawn);
    let first = module.top_level_work.iter().find(is_free)?.first;
    let text = line(first).filter(|text| !text.starts_with([' ', '\t']))?;
    Some(Replacement { line: first, text: format!("{}\n{text}", calls.join("\n")) })
}

/// The seed of a library whose value comes from a generator, and that generator.
fn drawn_seed(entry: &EntryPoint, library: Library) -> Option<(&Seed, Library)> {
    let seed = entry.seeds.iter().find(|seed| seed.libraries.contains(&library) && seed.from.is_some())?;
    Some((seed, seed.from?))
}

fn fix(facts: &Facts, drawing: &[&EntryPoint]) -> Option<Fix> {
    let entry = drawing.iter().find(|entry| entry.unseeded().next().is_some())?;
    let libraries: Vec<Library> = entry.unseeded().map(|draw| draw.library).collect();
    let named: Vec<&str> = libraries.iter().map(|library| library.name()).collect();
    let named = match named.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    };
    let is_python = facts.files.get(&entry.path).is_some_and(|file| file.python.is_some());
    let imports = libraries.iter().filter(|_| is_python).map(|library| match library {
        Library::Random => "import random\n",
        Library::NumPy => "import numpy as np\n",
        Library::Torch => "import torch\n",
        Library::TensorFlow => "import tensorflow as tf\n",
        Library::Jax => "import jax\n",
        _ => "",
    });
    let calls = libraries.iter().map(|library| library.seed_call("0") + "\n");
    let body: String =
        imports.chain(std::iter::once("\n").filter(|_| is_python)).map(str::to_owned).chain(calls).collect();
    let snippet = Snippet { path: entry.path.clone(), body, new_file: false };
    Some(Fix {
        summary: format!("Seed {named} at the start of {}, before anything is drawn", entry.path),
        snippet: seeding_line(facts, entry).is_none().then_some(snippet),
    })
}
