//! Weights that code, commands and shell scripts fetch.

use super::documents::{is_read_by_visitors, lies_in_a_release};
use super::hub::{FOUNDATIONS, project_names};
use super::words::{NO_OFFER, SAMPLES, has_weight_ending, offers_weights, pieces, says};
use super::{Release, Weights};
use crate::facts::document::{Block, BlockKind, Lines};
use crate::facts::identifier::has_any;
use crate::facts::python::{Call, Value};
use crate::facts::{Document, Facts, PythonModule, foreign, plan};
use crate::pattern::Pattern;

/// Scripts, notebooks and modules that fetch weights.
pub(super) fn downloads(facts: &Facts) -> Vec<Weights> {
    // What is yet to come is not what the code of a known model fetches.
    if are_yet_to_come(facts) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let own = project_names(facts);
    let fetched_by_itself = are_fetched_by_themselves(facts);
    for (path, file) in &facts.files {
        if plan::is_vendored(path) || lies_in_a_release(facts.within_project(path)) {
            continue;
        }
        if let Some(python) = &file.python {
            found.extend(python.calls.iter().filter_map(|call| fetched(path, call)));
            if fetched_by_itself {
                found.extend(python.calls.iter().filter_map(|call| fetched_by_name(path, python, call)));
            }
            for assignment in &python.assignments {
                let mut addresses = Vec::new();
                texts(&assignment.value, &mut addresses);
                // One address is as often somebody else's model; a table of them is a zoo, and an own one where the
                // addresses bear a name of the project.
                let ends_so = |text: &str| has_weight_ending(text.split('?').next().unwrap_or_default());
                let is_zoo = addresses.iter().filter(|text| ends_so(text)).count() >= 2;
                let named = addresses.into_iter().find(|text| {
                    let lower = text.to_ascii_lowercase();
                    // One of many bears the name in the singular.
                    let bears = |name: &String| lower.contains(name.strip_suffix('s').unwrap_or(name));
                    let is_handed_on =
                        ["dropbox.com/", "drive.google.com/"].iter().any(|host| lower.contains(host));
                    is_zoo
                        && is_address(text)
                        && ends_so(text)
                        && !is_third_party(text)
                        && (text.starts_with("{}/") || is_handed_on || own.iter().any(bears))
                });
                if let Some(target) = named {
                    found.push(Weights {
                        release: Release::Script,
                        path: path.clone(),
                        lines: Lines::at(assignment.line),
                        target: target.to_owned(),
                    });
                }
            }
        } else if plan::Kind::of(path) == plan::Kind::Script || path.ends_with(".txt") {
            found.extend(fetched_by_shell(path, &file.text, false));
        }
    }
    found.retain(|weights| !is_of_another_project(facts, &weights.target));
    found
}

/// Whether a text is an address, also where its first part is filled in.
fn is_address(text: &str) -> bool {
    text.contains("://") || text.starts_with("{}/")
}

/// Whether an address is on a publisher's own shelf whose name the README does not bear: the code of a known model,
/// brought along with the addresses of its makers.
fn is_of_another_project(facts: &Facts, address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let Some((_, path)) = lower.split_once("fbaipublicfiles.com/") else { return false };
    let Some(shelf) = path.split('/').next().filter(|shelf| shelf.len() >= 3) else { return false };
    let readme = facts.readme.as_ref().and_then(|readme| facts.files.get(readme));
    let plain = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
    readme.is_some_and(|file| !plain(&file.text.to_ascii_lowercase()).contains(&plain(shelf)))
}

fn is_third_party(address: &str) -> bool {
    is_known_model(address)
        || has_any(&pieces(&address.to_ascii_lowercase()), &["dataset", "datasets", "data"])
}

/// Whether an address leads to one of the models that everybody starts from.
fn is_known_model(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let words = pieces(&lower);
    lower.contains("download.pytorch.org")
        || lower.contains("nvlabs-fi-cdn")
        || lower.contains("/rwightman/")
        || lower.contains("keras-applications")
        || lower.contains("/fchollet/")
        || has_any(
            &words,
            &[
                "vgg",
                "vgg16",
                "vgg19",
                "inception",
                "alexnet",
                "glove",
                "word2vec",
                "lpips",
                "imagenet",
                "resnet",
                "resnet18",
                "resnet34",
                "resnet50",
                "resnet101",
                "resnet152",
                "densenet",
                "squeezenet",
                "bert",
                "i3d",
                "mobilenet",
            ],
        )
}

static BY_ITSELF: Pattern =
    Pattern::new(r"(?i)\bautomatically\s+(?:be\s+)?download|\bdownload\w*\s+automatically");

/// Sentences of a document that say that trained models come by themselves, and not those of others.
pub(super) fn said_to_come_by_themselves(document: &Document) -> Vec<Weights> {
    static TRAINED: Pattern = Pattern::new(
        r"(?i)\b(?:(?:pre-?)?trained\s+(?:models?|weights|networks?|checkpoints?)|checkpoints?|model\s+weights)\b",
    );
    static OF_OTHERS: Pattern = Pattern::new(
        r"(?i)hugging\s?face|torchvision|\b(?:timm|clip|llama\w*|imagenet|keras|openai|teacher|backbone)\b",
    );
    let words = |block: &&Block| !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    let blocks = document.blocks.iter().filter(words).filter(|block| says(&BY_ITSELF, &block.text));
    let is_said = |sentence: &str| {
        let no_offer = [&NO_OFFER, &SAMPLES, &OF_OTHERS].iter().any(|pattern| says(pattern, sentence));
        says(&BY_ITSELF, sentence) && says(&TRAINED, sentence) && !no_offer && !is_known_model(sentence)
    };
    blocks
        .filter_map(|block| {
            let text = block.text.replace('\n', " ");
            // `These come by themselves` is about what the sentence before speaks of.
            let mut before = "";
            let mut sentences =
                text.split(". ").map(|sentence| (std::mem::replace(&mut before, sentence), sentence));
            let said = sentences.find(|(before, sentence)| is_said(sentence) && !says(&OF_OTHERS, before));
            let target = said?.1.trim().to_owned();
            let (path, lines) = (document.path.clone(), block.lines);
            Some(Weights { release: Release::Script, path, lines, target })
        })
        .collect()
}

/// Whether the guided documents say that weights come by themselves when the code asks for them.
fn are_fetched_by_themselves(facts: &Facts) -> bool {
    let documents = facts.guided.iter().filter_map(|path| facts.document(path));
    documents.flat_map(|document| &document.blocks).any(|block| {
        !matches!(block.kind, BlockKind::Code { .. })
            && says(&BY_ITSELF, &block.text)
            && offers_weights(&block.text)
            && !says(&NO_OFFER, &block.text)
    })
}

/// Whether the guided documents say that weights will be released some day.
fn are_yet_to_come(facts: &Facts) -> bool {
    static TO_COME: Pattern = Pattern::new(
        r"(?i)\b(?:pre-?trained\s+(?:models?|weights)|checkpoints?|(?:model|our)\s+weights)\b[^.]{0,20}\bwill\s+be\s+(?:made\s+|publicly\s+)*(?:available|released|uploaded|provided|public)",
    );
    // Some of them are there, where more are to come.
    static SOME: Pattern = Pattern::new(
        r"(?i)\b(?:more|other|additional|remaining|further)\s+(?:pre-?trained|models?|weights|checkpoints?)\b",
    );
    let documents = facts.guided.iter().filter_map(|path| facts.document(path));
    let blocks = documents.flat_map(|document| &document.blocks);
    let words = blocks.filter(|block| !matches!(block.kind, BlockKind::Code { .. }));
    words
        .filter(|block| says(&TO_COME, &block.text))
        .flat_map(|block| block.text.split(". "))
        .any(|sentence| says(&TO_COME, sentence) && !says(&SOME, sentence))
}

/// A fetch of an address that the same definition gave a name.
fn fetched_by_name(path: &str, python: &PythonModule, call: &Call) -> Option<Weights> {
    // `download_checkpoint(name)`: what it fetches is in its name.
    let words = pieces(call.method());
    let says_what = has_any(&words, &["download", "fetch"])
        && has_any(
            &words,
            &["checkpoint", "checkpoints", "ckpt", "model", "models", "weights", "pretrained"],
        );
    if says_what {
        return Some(Weights {
            release: Release::Script,
            path: path.to_owned(),
            lines: call.lines,
            target: call.written.clone(),
        });
    }
    if !LOADERS.contains(&call.method()) {
        return None;
    }
    let named = call.arguments.iter().find_map(|argument| match &argument.value {
        Value::Name(name) => python.assignments_in(call.scope, name).next(),
        _ => None,
    })?;
    let Value::Text(address) = &named.value else { return None };
    let file = address.split('?').next().unwrap_or_default();
    (is_address(address) && has_weight_ending(file) && !is_third_party(file)).then(|| Weights {
        release: Release::Script,
        path: path.to_owned(),
        lines: Lines::at(named.line),
        target: address.clone(),
    })
}

fn texts<'value>(value: &'value Value, found: &mut Vec<&'value str>) {
    match value {
        Value::Text(text) => found.push(text),
        Value::List(values) => values.iter().for_each(|value| texts(value, found)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| texts(value, found)),
        _ => {}
    }
}

/// Functions that fetch a file.
const LOADERS: &[&str] = &[
    "load_state_dict_from_url",
    "load_url",
    "hf_hub_download",
    "urlretrieve",
    "get_file",
    "download_url",
    "download",
    "download_file_from_google_drive",
    "download_and_extract_archive",
    "cached_download",
    "get",
    "wget",
];

fn fetched(path: &str, call: &Call) -> Option<Weights> {
    // A setting has a default, and is no file.
    if !LOADERS.contains(&call.method()) || call.method() == "get" && !call.name.starts_with("requests.") {
        return None;
    }
    let mut addresses = Vec::new();
    call.arguments.iter().for_each(|argument| texts(&argument.value, &mut addresses));
    let address = addresses.iter().find(|text| text.contains("://"))?;
    let named = addresses.iter().any(|text| has_weight_ending(text) || text.contains(".ckpt"));
    (named && !is_third_party(address)).then(|| Weights {
        release: Release::Script,
        path: path.to_owned(),
        lines: call.lines,
        target: (*address).to_owned(),
    })
}

/// Addresses that documented commands are told to take trained weights from: `--pretrain_url=https://…`.
pub(super) fn passed_to_commands(facts: &Facts) -> Vec<Weights> {
    const KINDS: &[&str] = &["pretrain", "pretrained", "checkpoint", "ckpt", "weights"];
    let mut found = Vec::new();
    for command in &facts.commands.documented {
        let addresses = command.flags.iter().filter(|flag| has_any(&pieces(&flag.name), KINDS));
        let addresses = addresses.filter_map(|flag| flag.value.as_deref());
        let own = addresses.filter(|value| value.contains("://") && !is_third_party(value));
        found.extend(own.map(|address| Weights {
            release: Release::Script,
            path: command.document.clone(),
            lines: command.lines,
            target: address.to_owned(),
        }));
    }
    found.retain(|weights| {
        let page = facts.document(&weights.path);
        page.is_some_and(|page| is_read_by_visitors(facts, page))
            && !foreign::holds(facts.foreign(), &weights.path)
    });
    found
}

/// Commands of a document that fetch what is named as weights, or fetch into a folder for them.
pub(super) fn fetched_by_commands(document: &Document) -> Vec<Weights> {
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if !matches!(block.kind, BlockKind::Code { .. }) {
            continue;
        }
        let over = words_over(document, index);
        // A last sentence may name another host for the same.
        let is_other_way = |sentence: &str| sentence.trim_start().starts_with("Alternatively");
        let mut sentences = over.into_iter().flat_map(|over| over.text.trim().rsplit(". "));
        let announced = sentences.find(|sentence| !is_other_way(sentence)).is_some_and(fetches_weights);
        for mut weights in fetched_by_shell(&document.path, &block.text, announced) {
            let line = block.lines.first + weights.lines.first;
            weights.lines = Lines::at(line.min(block.lines.last));
            found.push(weights);
        }
    }
    found
}

/// Scripts of the repository that a document leads to as what fetches the weights: by what is said of them, or by what
/// they are called.
pub(super) fn fetched_by_named_scripts(facts: &Facts, document: &Document) -> Vec<Weights> {
    let mut found = Vec::new();
    for (index, block) in document.blocks.iter().enumerate() {
        if matches!(block.kind, BlockKind::Table { .. }) || !names_script(&block.text) {
            continue;
        }
        let is_code = matches!(block.kind, BlockKind::Code { .. });
        let over = words_over(document, index).filter(|_| is_code);
        let over = over.map(|over| over.text.trim().rsplit(". ").next().unwrap_or_default());
        let text = block.text.replace('\n', if is_code { "\n" } else { " " });
        let parts = text.split(if is_code { "\n" } else { ". " });
        for (offset, part) in parts.enumerate().filter(|(_, part)| names_script(part)) {
            let announced = fetches_weights(over.unwrap_or(part));
            for word in part
                .split(|c: char| c.is_whitespace() || matches!(c, '`' | '(' | ')' | '[' | ']' | '"' | ','))
            {
                let word = word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '_'));
                let word = word.trim_end_matches('.');
                if !(word.ends_with(".py") || word.ends_with(".sh")) {
                    continue;
                }
                let Some(path) = script_at(facts, document, word) else { continue };
                if (announced || is_called_after_fetching(&path)) && fetches_own(facts, &path) {
                    let line =
                        if is_code { block.lines.first + offset as u32 + 1 } else { block.lines.first };
                    found.push(Weights {
                        release: Release::Script,
                        path: document.path.clone(),
                        lines: Lines::at(line.min(block.lines.last)),
                        target: path,
                    });
                }
            }
        }
    }
    found
}

/// Whether a text may name a script.
fn names_script(text: &str) -> bool {
    [".py", ".sh"].iter().any(|ending| memchr::memmem::find(text.as_bytes(), ending.as_bytes()).is_some())
}

/// The script that a document's word names, from its folder, from the root, or by a name that only one file has.
fn script_at(facts: &Facts, document: &Document, word: &str) -> Option<String> {
    let is_file = |path: &String| facts.files.contains_key(path);
    let here = crate::facts::tree::resolve(&document.path, word).filter(is_file);
    here.or_else(|| Some(facts.at_root(word)).filter(is_file)).or_else(|| {
        let ends_so = |path: &&String| path.strip_suffix(word).is_some_and(|folder| folder.ends_with('/'));
        let mut called = facts.files.keys().filter(ends_so);
        called.next().filter(|_| called.next().is_none()).cloned()
    })
}

/// Whether a script is called after the fetching of what is trained: `download_models.py`.
fn is_called_after_fetching(path: &str) -> bool {
    let words = pieces(path.rsplit('/').next().unwrap_or_default());
    has_any(&words, &["download", "downloader", "fetch"])
        && has_any(
            &words,
            &[
                "checkpoint",
                "checkpoints",
                "ckpt",
                "ckpts",
                "model",
                "models",
                "weights",
                "pretrained",
                "trained",
            ],
        )
        && !is_known_model(path)
}

/// Whether a script fetches anything other than what everybody starts from.
fn fetches_own(facts: &Facts, path: &str) -> bool {
    let Some(file) = facts.files.get(path) else { return false };
    let Some(python) = &file.python else {
        let fetched = fetched_by_shell(path, &file.text, true);
        return fetched.iter().any(|weights| !is_of_another_project(facts, &weights.target));
    };
    let fetches = |call: &Call| {
        let words = pieces(call.method());
        has_any(&words, &["download", "urlretrieve", "urlopen", "gdown", "wget"])
            || matches!(call.method(), "get_file" | "load_url" | "load_state_dict_from_url")
            || call.name == "requests.get"
    };
    let mut addresses = Vec::new();
    for value in python.calls.iter().flat_map(|call| &call.arguments).map(|argument| &argument.value) {
        texts(value, &mut addresses);
    }
    let is_command = |text: &&str| ["wget ", "curl ", "gdown "].iter().any(|tool| text.starts_with(tool));
    if !python.calls.iter().any(fetches) && !addresses.iter().any(is_command) {
        return false;
    }
    python.assignments.iter().for_each(|assignment| texts(&assignment.value, &mut addresses));
    addresses.retain(|text| text.contains("://"));
    // Files of a shared drive have ids in place of addresses.
    addresses.is_empty() || addresses.iter().any(|address| !is_known_model(address))
}

/// The block of words over a block of code.
fn words_over(document: &Document, index: usize) -> Option<&Block> {
    let code = document.blocks.get(index)?;
    let over = index.checked_sub(1).and_then(|before| document.blocks.get(before))?;
    let is_words = !matches!(over.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    (is_words && over.section == code.section).then_some(over)
}

/// Whether a comment says that what follows fetches something trained.
fn fetches_weights(comment: &str) -> bool {
    static TRAINED: Pattern = Pattern::new(
        r"(?i)\b(?:download|fetch|get|retrieve)\w*\b.{0,40}\b(?:(?:pre-?)?trained|checkpoints?|weights|models?|networks?|policies|policy|agents?)\b",
    );
    says(&TRAINED, comment) && !says(&NO_OFFER, comment) && !says(&SAMPLES, comment)
}

/// Whether a comment over a command that fetches something names a model and nothing else.
fn is_of_models(comment: &str) -> bool {
    static MODEL: Pattern = Pattern::new(
        r"(?i)\b(?:(?:pre-?)?trained|checkpoints?|weights|models?|networks?|policies|policy|agents?)\b",
    );
    says(&MODEL, comment) && !says(&NO_OFFER, comment) && !says(&SAMPLES, comment)
}

/// Words of folders that hold weights.
const WEIGHT_FOLDERS: &[&str] =
    &["pretrained", "checkpoint", "checkpoints", "ckpt", "ckpts", "weights", "snapshots"];

/// How a hub is named in commands that fetch from it.
fn names_hub(text: &str) -> bool {
    ["hf.co", "huggingface.co", "huggingface-cli download", "hf download"]
        .iter()
        .any(|hub| text.contains(hub))
}

/// Whether a command fetches from a model hub, other than what everybody starts from.
fn fetches_from_hub(line: &str) -> bool {
    let fetches = line.contains("git clone") || line.contains(" download ") && !line.contains("dataset");
    let id = line.split_whitespace().find(|word| word.contains('/')).map(|word| {
        let path = word.rsplit(".co").next().unwrap_or(word);
        path.trim_start_matches([':', '/']).to_ascii_lowercase()
    });
    fetches
        && names_hub(line)
        && id.is_some_and(|id| {
            !["datasets/", "spaces/"].iter().any(|kind| id.starts_with(kind))
                && !FOUNDATIONS.iter().any(|known| id.starts_with(known))
        })
}

/// Lines of a shell script that fetch what is named as weights; all that they fetch where the words over it announce
/// weights.
fn fetched_by_shell(path: &str, text: &str, all_announced: bool) -> Vec<Weights> {
    static ADDRESS: Pattern =
        Pattern::text(r#"(?:(?:https?|gs|s3)://|git@(?:hf|huggingface)\.co:)[^\s"'<>|;)]+"#);
    const TOOLS: [&str; 8] = ["wget", "curl", "gdown", "gsutil", "aws s3", "rclone", "azcopy", "aria2c"];
    // A word of its own, with what it fetches behind it: `curled` is none.
    let runs = |text: &str, tool: &str| {
        memchr::memmem::find_iter(text.as_bytes(), tool).any(|at| {
            let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + tool.len()..));
            !before.ends_with(|last: char| last.is_alphanumeric())
                && after.is_some_and(|after| after.starts_with([' ', '\t', '(', '.']))
        })
    };
    let fetches = |text: &str| TOOLS.iter().any(|tool| runs(text, tool));
    if !fetches(text) && !names_hub(text) {
        return Vec::new();
    }
    // A folder may be called after the kind of a model: `language_model`.
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let script_is_for_weights =
        has_any(
            &pieces(name),
            &["model", "models", "weights", "pretrained", "checkpoints", "checkpoint", "ckpt"],
        ) || has_any(&pieces(folder), &["models", "weights", "pretrained", "checkpoints"]);
    let script_is_for_data =
        !script_is_for_weights && has_any(&pieces(name), &["data", "dataset", "datasets"]);
    let mut found = Vec::new();
    let mut in_weights = false;
    let mut comment = "";
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with('#') {
            comment = line;
            continue;
        }
        // A comment speaks of the command under it.
        let above = std::mem::take(&mut comment);
        if let Some(folder) = line.split("&&").find_map(|part| part.trim().strip_prefix("cd ")) {
            // The last part alone: a project may well be called after checkpoints.
            let last = folder.trim().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            in_weights = has_any(&pieces(last), WEIGHT_FOLDERS);
        }
        let from_hub = fetches_from_hub(line);
        if !fetches(line) && !from_hub {
            continue;
        }
        let announced = all_announced || fetches_weights(above);
        // From a hub anything is had by name; a word over it has to say what.
        if from_hub && !announced {
            continue;
        }
        let address = ADDRESS.find(line).map_or("", |found| found.as_str());
        let words = pieces(line);
        // What a script for data fetches in a form for data is no model.
        let is_named = |file: &str| has_weight_ending(file) && !(script_is_for_data && file.ends_with(".h5"));
        let named =
            is_named(address.split('?').next().unwrap_or_default()) || line.split_whitespace().any(is_named);
        let says_model = script_is_for_weights
            || in_weights
            || announced
            || is_of_models(above)
            || has_any(&words, &["pretrained", "checkpoint", "checkpoints", "ckpt", "weights"]);
        let source = if address.is_empty() { line } else { address };
        // What a comment calls trained may lie among data.
        let is_elsewhere = match announced {
            true => is_known_model(source),
            false => is_third_party(source),
        };
        if (named || says_model) && !is_elsewhere {
            let target = if address.is_empty() { line.trim() } else { address };
            found.push(Weights {
                release: Release::Script,
                path: path.to_owned(),
                lines: Lines::at(index as u32 + 1),
                target: target.to_owned(),
            });
        }
    }
    found
}
