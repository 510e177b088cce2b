//! Weights that documents lead to: which documents speak for the project, and which of their links they offer as
//! trained models.

use super::files::{has_other_licence, is_read_or_looked_at, is_weight_file};
use super::hub::{bears_own_name, is_foundation, is_own_hub_page, own_names};
use super::words::{
    DATA, NO_OFFER, OWN_EMBEDDINGS, SAMPLES, TOGETHER, has_weight_ending, is_about_data, is_archive,
    offers_weights, pieces, says, says_model,
};
use super::{Release, Weights, host_of};
use crate::facts::document::{Block, BlockKind, Inline, Lines};
use crate::facts::identifier::has_any;
use crate::facts::places::{Place, Places, end_of, last_sentence, start_of, words_of};
use crate::facts::{Document, Facts, Link, Markup, foreign, plan};
use crate::pattern::Pattern;
use foldhash::HashSet;
use std::borrow::Cow;
use std::cell::OnceCell;

/// Whether a sentence says of the link with this text that the authors hand out what they trained.
fn hands_out(sentence: &str, link: &str) -> bool {
    static HANDS_OUT: Pattern = Pattern::new(
        r"(?i)\bwe\s+(?:also\s+|have\s+)*(?:provided?|released?|shared?|include)\b[^.;]{0,40}\b(?:trained|pre-?trained|weights|checkpoints?)\b",
    );
    static OTHER_THINGS: Pattern = Pattern::new(
        r"(?i)[.;]\s|\b(?:data\s?sets?|data|images?|features?|annotations?|splits?|labels?|logs?)\b",
    );
    let before = before_text(sentence, link).unwrap_or(sentence);
    HANDS_OUT
        .find(before)
        .and_then(|said| before.get(said.end()..))
        .is_some_and(|between| !says(&OTHER_THINGS, between))
}

/// Links of a notebook that nobody is led to, where its authors say that they hand out what they trained.
pub(super) fn handed_out(facts: &Facts, document: &Document) -> Vec<Weights> {
    let mut places = Places::new(document);
    let links = document.links.iter().filter(|link| {
        let place = places.next(link);
        hands_out(&sentence_of(document, link, &places, place), &link.text)
    });
    let lines: HashSet<u32> = links.map(|link| link.line).collect();
    linked(facts, document).into_iter().filter(|weights| lines.contains(&weights.lines.first)).collect()
}

/// The guided documents, and the READMEs and model pages of folders.
pub(super) fn is_read_by_visitors(facts: &Facts, document: &Document) -> bool {
    if facts.guided.contains(&document.path) {
        return true;
    }
    facts.depth(&document.path) <= NEAR && is_page_of_folder(facts, document)
}

/// How deep the folders lie whose pages visitors read: deeper ones hold other people's code as often as not.
pub(super) const NEAR: usize = 1;

/// Whether a document is the README or the model page of a folder of the project's own.
pub(super) fn is_page_of_folder(facts: &Facts, document: &Document) -> bool {
    let within = facts.within_project(&document.path);
    let name = within.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_page = name.starts_with("readme") || (name.contains("model") && name.ends_with(".md"));
    is_page
        && !within.starts_with('.')
        && !lies_in_a_release(within)
        && !plan::is_vendored(&document.path)
        && (!has_other_licence(facts, &document.path) || foreign::speaks_of_the_project(facts, document))
        && !presents_another_repository(facts, document)
}

/// Whether a path lies in a folder that is called by a name and a version, as a release of another project unpacks.
pub(super) fn lies_in_a_release(path: &str) -> bool {
    let is_release = |folder: &str| {
        folder.rsplit_once(['-', '_']).is_some_and(|(name, version)| {
            let version = version.trim_start_matches('v');
            name.len() > 1
                && version.split('.').count() > 1
                && version
                    .split('.')
                    .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        })
    };
    path.split('/').rev().skip(1).any(is_release)
}

/// Whether the page of a folder, to which nothing leads, presents itself as that of a whole repository: it was the
/// front page of another one.
fn presents_another_repository(facts: &Facts, document: &Document) -> bool {
    static PRESENTS: Pattern = Pattern::new(
        r"(?i)\bthis\s+(?:repo|repository)\b[^.]{0,40}\b(?:is|contains|holds|provides|implements|includes)\b[^.]{0,60}\b(?:implementation|code|source)\b",
    );
    let is_front = facts.readme.as_ref() == Some(&document.path);
    let words = |block: &&Block| !matches!(block.kind, BlockKind::Code { .. } | BlockKind::Table { .. });
    !is_front && document.blocks.iter().filter(words).take(4).any(|block| says(&PRESENTS, &block.text))
}

/// Whether an address leads to a file or folder of files, and not to a page to read.
pub(super) fn leads_to_files(target: &str) -> bool {
    let lower = target.to_ascii_lowercase();
    let path = lower.split(['?', '#']).next().unwrap_or_default();
    let page = [
        ".pdf", ".html", ".htm", ".py", ".ipynb", ".md", ".png", ".jpg", ".gif", ".svg", ".txt", ".yml",
        ".yaml", ".json", ".csv", ".mp4", ".sh", ".m", ".lua", ".jl", ".r", ".cpp", ".h",
    ];
    // What a publisher shows of a paper.
    let is_paper =
        |part: &str| matches!(part, "paper" | "papers" | "proceedings" | "publication" | "publications");
    if page.iter().any(|ending| path.ends_with(ending))
        || path.split('/').skip(3).any(is_paper) && !has_weight_ending(path) && !is_archive(path)
        || [
            "arxiv.org",
            "youtu",
            "openreview",
            "colab.research",
            "shields.io",
            "doi.org",
            "wikipedia",
            "nbviewer",
            "localhost",
            "127.0.0.1",
            "paperswithcode",
            // Publishers and manuals.
            "mdpi.com",
            "ieeexplore",
            "dl.acm.org",
            "springer.com",
            "sciencedirect.com",
            "aclanthology",
            "jmlr.org",
            "mlr.press",
            "thecvf.com",
            "biorxiv.org",
            "nature.com/articles",
            "kdd.org",
            "readthedocs",
            "scikit-learn.org",
            "pytorch.org/docs",
            "pytorch.org/tutorials",
            "tensorflow.org/tutorials",
        ]
        .iter()
        .any(|host| lower.contains(host))
    {
        return false;
    }
    if lower.contains("huggingface.co") || lower.contains("hf.co/") {
        let rest = lower.split(".co/").nth(1).unwrap_or_default();
        let kind = rest.split('/').next().unwrap_or_default();
        return !matches!(
            kind,
            "" | "spaces" | "datasets" | "papers" | "docs" | "blog" | "transformers" | "docs.rs"
        ) && rest != "models";
    }
    if is_state_of_repository(path) {
        return false;
    }
    if lower.contains("github.com") || lower.contains("gitlab.com") {
        return path.contains("/releases")
            || path.contains("/raw/")
            || path.contains("/tree/")
            || path.contains("/blob/")
            || path.contains("/archive/")
            || has_weight_ending(path);
    }
    lower.contains("://") && !is_front_door(path) || has_weight_ending(path)
}

/// Whether an address shows a whole repository as it was at a commit.
fn is_state_of_repository(path: &str) -> bool {
    const ABBREVIATED: usize = 7;
    path.split_once("/tree/").is_some_and(|(_, revision)| {
        let revision = revision.trim_end_matches('/');
        revision.len() >= ABBREVIATED && revision.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Whether an address names a site and nothing on it.
fn is_front_door(address: &str) -> bool {
    address.split_once("://").is_some_and(|(scheme, rest)| {
        rest.split_once('/').is_none_or(|(_, path)| {
            let path = path.trim_end_matches('/');
            path.is_empty() || path.starts_with('~') && !path.contains('/')
        })
            && !address.contains('?')
            // Shortened addresses and buckets may be as short.
            && !matches!(scheme, "gs" | "s3")
    })
}

/// Whether an address lies in a folder of data and does not itself speak of a model: a `.pt` file may hold any tensor.
fn lies_among_data(address: &str) -> bool {
    let (folder, name) = address.rsplit_once('/').unwrap_or(("", address));
    let path = folder.split_once("://").map_or(folder, |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, path)| path);
    has_any(&pieces(path), &["data", "dataset", "datasets"])
        && !has_any(&pieces(path), &["models", "checkpoints", "weights", "pretrained"])
        && !says_model(&pieces(name))
}

pub(super) static MODELS_TITLE: Pattern = Pattern::new(
    r"(?i)^\W*(?:\d+\.?\s*)?(?:our |the |available |released |download(?:ing)? )*(?:models?\s*(?:$|\W*/|[(:,&-]|(?:zoo|weights?|downloads?|and|files?|cards?|links?|for|from|list|on|available|releases?)\b)|models\b)",
);

static DATA_TITLE: Pattern = Pattern::new(
    r"(?i)\bdata(?:sets?)?\b|preparation|citation|links|\bauthors?\b|\bcontacts?\b|\backnowledge?ments?\b|\breferences?\b",
);

/// The title that a reader sees above, and the one over it, the document's own left out.
fn title_of(document: &Document, section: usize) -> String {
    let own = document.sections.get(section);
    let above = own.and_then(|section| section.parent).and_then(|parent| document.sections.get(parent));
    let first = document.sections.iter().find(|section| section.level > 0).map(|section| section.lines.first);
    let titles = above
        .into_iter()
        .chain(own)
        // The first heading names the document, whatever its level.
        .filter(|section| first != Some(section.lines.first) || document.sections.len() <= 2)
        .filter(|section| section.level > 1 || own.is_some_and(|own| own.level <= 1 && own.lines.first > 3));
    titles.map(|section| start_of(&section.title)).collect::<Vec<_>>().join(" / ")
}

/// Links of a document that lead to weights: by what they are called, by the sentence around them, by the title above.
pub(super) fn linked(facts: &Facts, document: &Document) -> Vec<Weights> {
    let mut found = Vec::new();
    let own = OnceCell::new();
    for links in [&document.links, &addresses_as_code(document)] {
        let mut places = Places::new(document);
        for link in links.iter().filter(|link| !link.image && !link.target.trim().is_empty()) {
            let place = places.next(link);
            let sentence = || sentence_of(document, link, &places, place);
            let is_offered = match leads_to(facts, document, link) {
                true => {
                    let own = || own.get_or_init(|| own_names(facts, document));
                    let is_of_others = is_foundation(&link.target)
                        && !bears_own_name(&link.target, own())
                        && !says(&OURS, &sentence());
                    !is_of_others
                        && (offers(document, link, &places, place, &sentence())
                            || is_badge_of_models(facts, document, link)
                            || is_own_hub_page(&link.target, own()))
                }
                false => is_repository(&link.target) && holds_them(link, &sentence()),
            };
            if is_offered {
                found.push(Weights {
                    release: Release::Link,
                    path: document.path.clone(),
                    lines: Lines::at(link.line),
                    target: link.target.clone(),
                });
            }
        }
    }
    found
}

/// What the authors call theirs.
static OURS: Pattern = Pattern::new(
    r"(?i)\bour\b|\bwe\s+(?:also\s+|have\s+)*(?:release|provide|share|host|upload|open-?source)d?\b",
);

/// Addresses that a sentence gives as code: `https://…`; and those of sentences that are indented as if they were code.
fn addresses_as_code(document: &Document) -> Vec<Link> {
    static ADDRESS: Pattern = Pattern::text(r#"https?://[^\s"'<>|;)]+"#);
    const SENTENCE: usize = 5;
    let mut found = Vec::new();
    for block in &document.blocks {
        if !matches!(&block.kind, BlockKind::Code { language } if language.is_empty())
            || !block.text.contains("://")
        {
            continue;
        }
        let Some(address) = ADDRESS.within(&block.text) else { continue };
        for (line, text) in block.code_lines() {
            let is_sentence = text.trim_start().starts_with(|first: char| first.is_uppercase())
                && text.split_whitespace().count() > SENTENCE;
            found.extend(address.find(text).filter(|_| is_sentence).map(|target| Link {
                text: target.as_str().to_owned(),
                target: target.as_str().to_owned(),
                line,
                image: false,
                section: block.section,
                bare: true,
            }));
        }
    }
    let codes = document.inline_code.iter().filter(|code| {
        let address = code.text.trim();
        (address.starts_with("https://") || address.starts_with("http://"))
            && !address.contains(char::is_whitespace)
            && !address.contains(['{', '<', '$'])
    });
    let link = |code: &Inline| Link {
        text: code.text.clone(),
        target: code.text.trim().to_owned(),
        line: code.line,
        image: false,
        section: code.section,
        bare: true,
    };
    found.extend(codes.map(link));
    found
}

/// Whether an address names a whole repository of a forge.
fn is_repository(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let rest = path.split_once("://").map_or("", |(_, rest)| rest);
    let mut parts = rest.trim_end_matches('/').split('/');
    matches!(parts.next(), Some("github.com" | "www.github.com" | "gitlab.com")) && parts.count() == 2
}

/// Whether a link's sentence says outright that what is trained lies at the address that it leads to.
fn holds_them(link: &Link, sentence: &str) -> bool {
    static LIES_AT: Pattern = Pattern::new(
        r"(?i)\b(?:pre-?trained|checkpoints?|trained\s+(?:models?|weights|networks?))\b[^.]{0,60}\b(?:is|are|can\s+be)\s+(?:also\s+|publicly\s+|freely\s+)?(?:available|found|released|provided|downloaded|hosted|accessed)\s+(?:at|in|on|from|via|through|under)\W+(?:\w+\W+){0,2}$",
    );
    let before = before_text(sentence, words_of(link)).unwrap_or_default();
    says(&LIES_AT, before) && !says(&NO_OFFER, sentence) && !says(&LATER, sentence)
}

/// What is not there yet, or somebody else's to begin with.
static LATER: Pattern = Pattern::new(r"(?i)\b(?:will|soon|baselines?|third[\s-]party|official)\b");

/// Whether a link to a hub is carried by a badge that says models.
fn is_badge_of_models(facts: &Facts, document: &Document, link: &Link) -> bool {
    const LONGEST_LINE: usize = 20_000;
    static BADGE: Pattern = Pattern::new(r"(?i)/badge/[^)>\x22]*\b(?:models?|weights|checkpoints?)\b");
    let is_hub = link.target.contains("huggingface.co/") || link.target.contains("modelscope.cn/");
    let file = facts.files.get(&document.path).filter(|_| is_hub);
    let line = file.and_then(|file| file.line(link.line)).map(|line| {
        // A longer line was written by a program.
        line.get(..line.floor_char_boundary(LONGEST_LINE)).unwrap_or(line)
    });
    let start = |line: &str| memchr::memmem::find(line.as_bytes(), link.target.as_bytes());
    line.and_then(|line| line.get(..start(line).unwrap_or(line.len())))
        .map(end_of)
        // The badge just before the address, and not one of others on the line.
        .and_then(|before| before.rsplit("](").nth(1).or(Some(before)))
        .is_some_and(|badge| says(&BADGE, &badge.replace("%20", " ")))
}

/// Whether a link leads to files outside, or to weights in the tree.
fn leads_to(facts: &Facts, document: &Document, link: &Link) -> bool {
    if link.target.contains("://") {
        return leads_to_files(&link.target);
    }
    // From a page of the forge, two folders up is the repository itself.
    if link.target.starts_with("../../releases") || link.target.starts_with("../../raw/") {
        return true;
    }
    let Some(path) = crate::facts::tree::resolve(&document.path, &link.target) else { return false };
    // A page that says where they lie.
    let page =
        facts.document(&path).filter(|page| page.markup != Markup::Notebook && page.path != document.path);
    // What words offer as weights may have any name.
    let is_offered =
        |path: &str| !is_read_or_looked_at(path) && offers_weights(&link.text) && !is_about_data(&link.text);
    facts
        .tree
        .entry(&path)
        .is_some_and(|entry| is_weight_file(&path, entry.size) || entry.is_file() && is_offered(&path))
        || page.is_some_and(|page| {
            page.links.iter().any(|link| {
                host_of(&link.target).is_some_and(|host| host.name != "GitHub")
                    && leads_to_files(&link.target)
            })
        })
}

/// Models that everybody starts from, and that hardly anybody trains anew.
const KNOWN_MODELS: &[&str] = &[
    "vgg16",
    "vgg19",
    "vgg",
    "inception",
    "glove",
    "word2vec",
    "lpips",
    "fasttext",
    "alexnet",
    "imagenet21k",
];

fn offers(document: &Document, link: &Link, places: &Places<'_>, place: Place, sentence: &str) -> bool {
    let title = title_of(document, link.section);
    // Whoever keeps it at home may be called after a model: `~vgg`.
    let parts = link.target.rsplit("://").next().unwrap_or_default().split('/');
    let target_words: Vec<String> = parts.filter(|part| !part.starts_with('~')).flat_map(pieces).collect();
    let address = link.target.split(['?', '#']).next().unwrap_or_default();
    // Arrays and tensors are data as often.
    let may_be_data = [".pt", ".h5", ".npz", ".pkl", ".bin"].iter().any(|ending| address.ends_with(ending));
    let is_called_data = may_be_data && is_about_data(&link.text);
    let named_as_weights = has_weight_ending(address) && !lies_among_data(address) && !is_called_data;
    let is_foreign_target =
        has_any(&target_words, KNOWN_MODELS) || link.target.contains("download.pytorch.org");
    let intro = introduction(document, link, places, place);
    // An address alone is what the words over it say.
    let is_alone = sentence.trim() == link.target;
    if is_foreign_target
        || says(&NO_OFFER, sentence) && !says(&OWN_EMBEDDINGS, sentence)
        || is_alone && intro.is_some_and(|intro| says(&NO_OFFER, intro))
    {
        return false;
    }
    // What stands behind these words is where something was described or comes from, and not the thing.
    static DESCRIBED: Pattern = Pattern::new(
        r"(?i)\b(?:(?:described|proposed|introduced|presented|published)\s+(?:in|by)|(?:adapted|borrowed|modified|forked|ported)\s+from)\s+(?:[\w-]+\s+){0,3}\W*$",
    );
    // Things are published here, and described elsewhere.
    let is_here = |before: &str| before.trim_end_matches([' ', '(', ':', '<']).ends_with("here");
    if before_text(sentence, &link.text).is_some_and(|before| says(&DESCRIBED, before) && !is_here(before)) {
        return false;
    }
    // Another state of the code is no state of a model.
    if has_any(&pieces(&link.text), &["branch", "tag", "commit"]) {
        return false;
    }
    // What the authors use, they took from others.
    static USES: Pattern = Pattern::new(
        r"(?i)\bwe\s+(?:also\s+)?used?\s+(?:the\s+|an?\s+)?(?:(?:[\w-]+\s+)?(?:checkpoints?|weights|models?)\s+(?:of|from|by)\s+)?\W*$",
    );
    if before_text(sentence, &link.text).is_some_and(|before| says(&USES, before)) {
        return false;
    }
    // `the official … repository` on a hub is that of its makers.
    static OFFICIAL: Pattern = Pattern::new(r"(?i)\bofficial\s+(?:[\w-]+\s+){0,2}\W*$");
    if is_foundation(&link.target)
        && before_text(sentence, &link.text).is_some_and(|before| says(&OFFICIAL, before))
    {
        return false;
    }
    if offers_weights(&link.text) && (!says(&SAMPLES, &link.text) || says(&TOGETHER, &link.text)) {
        return true;
    }
    // An archive under a title of data holds data, whatever words its name shares with models.
    if named_as_weights && !(is_archive(address) && says(&DATA_TITLE, &title)) {
        return true;
    }
    if hands_out(sentence, &link.text)
        || says_no_more(link) && (says(&PROVIDES, sentence) || holds_trained(document, link, place))
    {
        return true;
    }
    if is_about_data(&link.text) {
        return false;
    }
    if models_lie_at(sentence, link) || is_called_model(link) {
        return true;
    }
    let introduced = intro.is_some_and(|intro| {
        offers_weights(intro)
            && !says(&NO_OFFER, intro)
            && (!says(&SAMPLES, intro) || says(&TOGETHER, intro))
            && !has_any(&pieces(sentence), KNOWN_MODELS)
    });
    let near = introduced || offers_weights(sentence);
    let about_data = is_about_data(&near_words(sentence, &link.text)) && !says(&TOGETHER, sentence);
    let own = document.sections.get(link.section).map_or("", |section| section.title.as_str());
    // What the nearest title says counts for more than the one over it.
    let own_offers =
        title.ends_with(own) && !own.is_empty() && (offers_weights(own) || says(&MODELS_TITLE, own));
    let title_offers = own_offers && !says(&DATA_TITLE, own)
        || (offers_weights(&title) || says(&MODELS_TITLE, &title)) && !says(&DATA_TITLE, &title);
    // Code of others under a title of models is what they were made with.
    let is_code = link.target.contains("github.com/")
        && (link.target.contains("/tree/") || link.target.contains("/blob/"))
        && !has_weight_ending(address)
        && !offers_weights(&link.text);
    (near && !about_data)
        || (title_offers && !is_code && (!is_about_data(sentence) || is_first_word(link, sentence)))
        || (near && title_offers)
}

/// Whether a link that says no more than that something is to be had opens its sentence or item, and what follows at once
/// is no data: `[download] our method, trained on …`.
fn is_first_word(link: &Link, sentence: &str) -> bool {
    const NEXT: usize = 3;
    let Some(at) = sentence.find(&link.text).filter(|_| says_no_more(link)) else { return false };
    let after = sentence.get(at + link.text.len()..).unwrap_or_default();
    let next: Vec<&str> = after.split_whitespace().take(NEXT).collect();
    !sentence.get(..at).is_some_and(|before| before.contains(char::is_alphanumeric))
        && !is_about_data(&next.join(" "))
}

/// Whether a link's words are no name of what it leads to: `here`, `[download]`.
fn says_no_more(link: &Link) -> bool {
    static HAD: Pattern = Pattern::new(
        r"(?i)^\W*(?:download|this\s+link|link|here|get|google\s+drive(?:\s+folder)?|drive|dropbox|pan|url)\W*$",
    );
    says(&HAD, &link.text)
}

/// What the authors say that they hand out, wherever the link stands: `we provide here classifiers that were trained …`.
static PROVIDES: Pattern = Pattern::new(
    r"(?i)\bwe\s+(?:also\s+)?(?:provide|release|share|include)\b[^;]{0,160}\b(?:models?|classifiers?|networks?|agents?|policies|generators?|flows?)\b[^;]{0,80}\btrained\b",
);

/// Whether a later sentence of the paragraph says that what the link leads to holds something trained.
fn holds_trained(document: &Document, link: &Link, place: Place) -> bool {
    static HOLDS: Pattern = Pattern::new(
        r"(?i)\b(?:contain|include|hold)s?\b[^.]{0,60}\b(?:checkpoints?|(?:pre-?)?trained\s+(?:[\w-]+\s+){0,2}(?:models?|networks?|weights|polic(?:y|ies)|agents?)|model\s+weights)\b",
    );
    let block = place.block.and_then(|at| document.blocks.get(at));
    let after = block.zip(place.at).and_then(|(block, at)| block.text.get(at + link.text.len()..));
    host_of(&link.target).is_some_and(|host| host.name != "GitHub")
        && after.is_some_and(|after| says(&HOLDS, start_of(after)) && !says(&NO_OFFER, start_of(after)))
}

/// What stands before a text in the sentence that holds it.
fn before_text<'sentence>(sentence: &'sentence str, text: &str) -> Option<&'sentence str> {
    sentence.find(text).and_then(|at| sentence.get(..at))
}

/// Whether a link to files or to a model hub is called a model and nothing else: `[Models](…)`, `[model link](…)`.
pub(super) fn is_called_model(link: &Link) -> bool {
    static CALLED: Pattern = Pattern::new(
        r"(?i)^\W*(?:(?:trained|our|final|best|released)\s+)*(?:models?|adapters?)(?:\s+(?:links?|downloads?|files?|drive|hub|page|collection|zip|here))*\W*$",
    );
    says(&CALLED, &link.text)
        && host_of(&link.target).is_some_and(|host| host.name != "GitHub")
        && !is_foundation(&link.target)
}

/// Whether models are the subject of a sentence that says where they lie, on a host of files: `the model trained on the
/// first data set can be found at …`.
fn models_lie_at(sentence: &str, link: &Link) -> bool {
    static LIE: Pattern = Pattern::text(
        r"(?i)^([^.;]{0,60}?)\bmodels?\b[^.;]{0,200}\b(?:can\s+be|is|are)\s+(?:\w+ly\s+|also\s+)?(?:found|downloaded|obtained|accessed|available|saved|stored|hosted|provided|released|shared|uploaded)\b",
    );
    let lower = link.target.to_ascii_lowercase();
    if lower.contains("github.com") || lower.contains("gitlab.com") {
        return false;
    }
    let Some(found) = LIE.captures(sentence) else { return false };
    // Data for the models are no models, and neither is the code of one.
    found.get(1).is_none_or(|before| !says(&DATA, before.as_str()))
}

/// What stands over the list that holds a link and ends in a colon: it speaks for every item.
fn introduction<'document>(
    document: &'document Document,
    link: &Link,
    places: &Places<'_>,
    place: Place,
) -> Option<&'document str> {
    const MOST_ENTRIES: usize = 20;
    const SHORT: usize = 6;
    // A longer paragraph is asked for each of its links, and is no entry of a list.
    const LONGEST: usize = 400;
    let is_entry = |block: &Block| {
        let words = block.text.split_whitespace().filter(|word| !word.contains("://"));
        matches!(block.kind, BlockKind::Paragraph)
            && block.text.len() <= LONGEST
            && words.take(SHORT + 1).count() <= SHORT
    };
    let at = place.block?;
    // A paragraph that holds nothing but an address belongs to the one over it.
    if let Some(alone) = document.blocks.get(at).filter(|block| block.text.trim() == link.target)
        && let Some(over) = at.checked_sub(1).and_then(|over| document.blocks.get(over))
        && over.section == alone.section
        && !matches!(over.kind, BlockKind::Code { .. } | BlockKind::Table { .. })
    {
        return Some(last_sentence(over.text.trim().trim_end_matches(['.', ':'])));
    }
    let item = document.blocks.get(at)?;
    let over = match &item.kind {
        BlockKind::Item { .. } => places.over_list(at)?,
        BlockKind::Table { .. } => at.checked_sub(1)?,
        // Short paragraphs, one after the other, are as good as a list.
        BlockKind::Paragraph if is_entry(item) => {
            let over = document
                .blocks
                .get(..at)?
                .iter()
                .rev()
                .take(MOST_ENTRIES)
                .position(|block| !is_entry(block))?;
            at.checked_sub(over + 1)?
        }
        _ => return None,
    };
    let over = document.blocks.get(over)?;
    let text = over.text.trim();
    let is_words = matches!(over.kind, BlockKind::Paragraph | BlockKind::Html);
    (is_words && over.section == item.section && text.ends_with(':')).then(|| last_sentence(text))
}

/// The sentence, the list item or the table row that holds a link, with the table's header.
fn sentence_of<'places>(
    document: &Document,
    link: &'places Link,
    places: &'places Places<'_>,
    place: Place,
) -> Cow<'places, str> {
    // Rows are searched no further for a link.
    const MOST_CELLS: usize = 200;
    let Some(block) = place.block.and_then(|at| document.blocks.get(at)) else {
        return Cow::Borrowed(&link.text);
    };
    let BlockKind::Table { header, rows, row_lines } = &block.kind else {
        return Cow::Borrowed(places.sentence(link, place));
    };
    // The cells of a row may stand on lines of their own.
    let row = row_lines.partition_point(|line| *line <= link.line).checked_sub(1);
    let row = row.and_then(|row| rows.get(row));
    // Several links of a row may have the same text, each in a cell of its own.
    let is_twin = |other: &&&Link| !other.image && other.text == link.text;
    let twins = places.links_on(link.line).iter().take(MOST_CELLS).filter(is_twin);
    let before = twins.take_while(|other| other.target != link.target).count();
    let holds = |cell: &&(usize, &String)| cell.1.contains(link.text.as_str());
    let columns = || row.into_iter().flatten().take(MOST_CELLS).enumerate();
    let column =
        columns().filter(|cell| holds(&cell)).nth(before).or_else(|| columns().find(|cell| holds(&cell)));
    let column = column.map(|(column, _)| column);
    let head = column.and_then(|column| header.get(column)).map_or("", |head| start_of(head));
    // What a column of models holds links to is a model.
    let is_model = offers_weights(head) && !says(&NO_OFFER, head)
        || pieces(head).iter().any(|word| {
            matches!(
                word.as_str(),
                "model"
                    | "models"
                    | "weights"
                    | "ckpt"
                    | "checkpoint"
                    | "checkpoints"
                    | "pretrained"
            )
            // Data are had for the asking as well.
            || word == "download" && !header.iter().any(|head| says(&SAMPLES, start_of(head)))
        });
    Cow::Owned(match is_model {
        true => format!("{head} model weights {}", link.text),
        false => {
            format!("{} {}", row.and_then(|row| row.first()).map_or("", |cell| start_of(cell)), link.text)
        }
    })
}

/// The words just before a link: what it is a link to.
fn near_words(sentence: &str, text: &str) -> String {
    let at = sentence.find(text).filter(|_| !text.is_empty()).unwrap_or(sentence.len());
    let before: Vec<&str> = sentence.get(..at).unwrap_or_default().split_whitespace().rev().take(6).collect();
    let said: Vec<&str> = before.into_iter().rev().collect();
    said.join(" ")
}
