//! Inference: an example, how long it takes, and how the model is exported; and the papers behind it all.

use super::page::{Command, Kind, Page, Passage, Table, does, topic};
use super::{Finder, Item, LIKELY, PLAIN};
use crate::facts::Lines;
use crate::pattern::Pattern;

/// Finds what the document says about using the model, and what it cites.
pub(super) fn find(page: &Page<'_>, finder: &mut Finder) {
    for passage in page.telling() {
        timing(page, passage, finder);
        export(page, passage, finder);
        mentioned(page, passage, finder);
        references(page, passage, finder);
    }
    for table in page.tables.iter().filter(|table| !page.is_about(table.section, topic::ASIDE)) {
        timing_table(page, table, finder);
    }
    code(page, finder);
    entries(page, finder);
}

fn code(page: &Page<'_>, finder: &mut Finder) {
    static RUNS: Pattern = Pattern::new(
        r"from_pretrained\(|from_hparams\(|pipeline\(|\.predict\(|\.generate\(|\.transcribe\w*\(|\.translate\(|\.sample\(|\.synthesi[sz]e\(|inferencesession|\.run_on_|hub\.load\(|torch\.load\(|load_model\(|load_state_dict\(|\.encode\(|\.classify\w*\(|\.separate\w*\(|inference_\w+\(|init_model\(|\.infer\w*\(|output\w* ?= ?\w*model\(|logits ?= ?\w*model|\bsess\w*\.run\(|restore\(|def (predict|infer|inference)\w*\(|\.forward\(",
    );
    static MODEL: Pattern = Pattern::new(
        r"model|def (predict|infer)|session|pipeline|hub|net\(|hparams|generative|predictor|demo",
    );
    static DATASET_ONLY: Pattern = Pattern::new(r"load_dataset\(|hf_hub_download\(");
    for command in page.telling_commands() {
        let others = does::DOWNLOAD | does::PREPARE_MACHINE | does::PROCESS | does::EXPORT | does::TRAIN;
        let named = command.named;
        // Generation that is only scored is evaluation.
        let decodes = named & does::EVALUATE != 0 && named & does::INFER == 0;
        let own = page.own_topics(command.section);
        let for_inference = own & topic::INFERENCE != 0
            && own & (topic::EVALUATION | topic::RESULTS | topic::PERFORMANCE) == 0;
        // What predicts on the way to the data makes data.
        let makes_data = own & (topic::DATA | topic::PROCESSING) != 0
            && own & (topic::INFERENCE | topic::MODELS) == 0
            && command.said & does::DOWNLOAD == 0;
        if makes_data {
            continue;
        }
        if named & does::INFER != 0 && named & others == 0 {
            let scored = named & does::EVALUATE != 0;
            finder.add(
                Item::InferenceCode,
                command.lines,
                if scored { LIKELY } else { PLAIN },
                &command.text,
            );
        } else if (named & does::RUN != 0 && named & others == 0)
            && (command.said & does::INFER != 0 && !decodes
                || decodes && for_inference && command.said & does::EVALUATE == 0
                || decodes && (takes_own_input(page, command) || tries_own_input(page, command)))
        {
            finder.add(Item::InferenceCode, command.lines, LIKELY, &command.text);
        }
    }
    for snippet in page
        .snippets
        .iter()
        .filter(|snippet| !page.is_about(snippet.section, topic::ASIDE | topic::REFERENCES))
    {
        let evaluates = page.own_topics(snippet.section) & topic::EVALUATION != 0;
        if RUNS.is_in(&snippet.lower)
            && MODEL.is_in(&snippet.lower)
            && (snippet.lower.contains("model") || !DATASET_ONLY.is_in(&snippet.lower))
        {
            let loads = snippet.lower.contains("import ")
                || snippet.lower.contains("from_pretrained")
                || snippet.lower.contains("load");
            let is_input_only = page.own_topics(snippet.section) & topic::PROCESSING != 0
                && !snippet.lower.contains("sess")
                && !snippet.lower.contains("model(");
            let weight = if evaluates { LIKELY } else { PLAIN };
            if loads && !is_input_only {
                finder.add(Item::InferenceCode, snippet.lines, weight, "code that runs the model");
            }
        }
    }
}

/// Whether a script named for testing is run on what a reader brings along.
fn takes_own_input(page: &Page<'_>, command: &Command) -> bool {
    static OWN: Pattern = Pattern::new(
        r"\byour (own )?([\w*-]+ ){0,2}(images?|photos?|pictures|videos?|audio|recordings|sentences|sketches)\b|(folder|path|directory)[ _-](path )?(to|of|with) (test|input|your) (images|videos|files|audio)|--(input|source|test[-_]folder)[ =]|--(\w+[-_])?(img|image|video|audio|wav|seq|photo)[-_](path|file)[ =]|--(example|input|test)[-_](img|image|video|audio|wav|text)[ =]",
    );
    static WITH_RELEASED: Pattern = Pattern::new(
        r"\byou can run inference\b|\b(translate|generate|predict|restore|enhance|synthesi[sz]e|process|convert|edit|run|apply)\b.{0,40}\b(using|with) (the |our |a )?(pre-?trained|trained|released|provided) (models?|networks?|weights)\b",
    );
    /// How many lines above a command a list of steps reaches.
    const STEPS: u32 = 8;
    if OWN.is_in(&command.lower) || OWN.is_in(&command.lead) || WITH_RELEASED.is_in(&command.lead) {
        return true;
    }
    page.telling().any(|passage| {
        passage.section == command.section
            && passage.lines.last < command.lines.first
            && passage.lines.last + STEPS >= command.lines.first
            && (OWN.is_in(&passage.lower) || WITH_RELEASED.is_in(&passage.lower))
    })
}

/// Whether a script named for testing only shows what the model makes of a reader's own input: nothing is scored.
pub(super) fn tries_own_input(page: &Page<'_>, command: &Command) -> bool {
    static TESTS: Pattern = Pattern::new(r"^(run_)?test\w*\.");
    static SCORES: Pattern = Pattern::new(
        r"\b(evaluat\w*|metrics?|accuracy|scores?|benchmark\w*|calculat\w+|comput\w+|results? (on|of|for) the)\b",
    );
    static EXAMPLE: Pattern = Pattern::new(r"--example[-_](img|image|video|audio|wav|text)[ =]");
    if command.named & does::EVALUATE == 0 {
        return false;
    }
    if EXAMPLE.is_in(&command.lower) {
        return true;
    }
    let script = super::command::script(&command.lower);
    if !TESTS.is_in(&script) || SCORES.is_in(&command.lower) {
        return false;
    }
    let scored = |wanted: &Command| {
        page.passages.iter().any(|passage| passage.section == wanted.section && SCORES.is_in(&passage.lower))
    };
    let same = |other: &&Command| super::command::script(&other.lower) == script;
    let mut runs = page.telling_commands().filter(same);
    !page.telling_commands().filter(same).any(scored) && runs.any(|other| takes_own_input(page, other))
}

/// Notebooks, demos and interfaces that sentences lead to.
fn mentioned(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static EXAMPLE: Pattern = Pattern::new(
        r"\b(inference|demo|prediction|predict|example|tutorial|quick ?start|sampling|generate)\b",
    );
    static INTERFACE: Pattern = Pattern::new(
        r"\b(easy[- ]?inference|inference (interface|notebook|example|script|code|api)|interactive demo|online demo|how to use (it|the model)|demo (notebook|page|colab)|can be (tried|tested) (online|in)|run(ning)? inference)\b",
    );
    let lower = passage.lower.as_str();
    if passage.kind == Kind::Title || page.is_about(passage.section, topic::REFERENCES | topic::INSTALLATION)
    {
        return;
    }
    for link in passage.links.iter().filter(|link| !link.image) {
        let target = link.target.to_lowercase();
        if target.starts_with('#') || target.contains("/#") || target.ends_with(".pdf") {
            continue;
        }
        let notebook =
            target.ends_with(".ipynb") || target.contains("colab.research") || target.contains("/spaces/");
        let other = lower.contains("conversion") || target.contains("validat") || lower.contains("benchmark");
        let example = notebook && !other && (EXAMPLE.is_in(lower) || EXAMPLE.is_in(&target));
        let interface = (INTERFACE.is_in(lower)
            || page.headings.get(passage.section).is_some_and(|heading| INTERFACE.is_in(&heading.title)))
            && (target.contains("huggingface.co") || target.ends_with(".py"));
        // Programs that show the model at work.
        static DEMO: Pattern = Pattern::new(r"(^|[/_-])demos?([/_-]|$)");
        let shown = DEMO.is_in(&target)
            && !target.contains("://")
            && page
                .headings
                .get(passage.section)
                .is_some_and(|heading| heading.title.to_lowercase().contains("demo"));
        static RUN: Pattern = Pattern::new(r"\b(run|use|see|launch|check)\b");
        let script = RUN.is_in(lower)
            && (target.ends_with(".py") || target.ends_with(".sh"))
            && page.is_about(passage.section, topic::INFERENCE)
            && page.own_topics(passage.section) & (topic::PROCESSING | topic::EXPORT | topic::EVALUATION)
                == 0
            && !lower.contains("process")
            && !target.contains("/blob/");
        if example || interface || shown || script {
            finder.add(Item::InferenceCode, passage.lines, LIKELY, &passage.text);
        }
    }
    static CALL: Pattern =
        Pattern::new(r"\.from_(hparams|pretrained)\(|\.transcribe\w*\(|\.predict\(|\.generate\(|hub\.load\(");
    // A notebook that is named and not linked.
    static SHOWS: Pattern = Pattern::new(r"\b(shows?|see|demonstrat\w+|explains?|walks?)\b");
    static WITH_MODEL: Pattern = Pattern::new(r"\b(inference|predict\w*|generat\w+|sampl\w+|transcri\w+)\b");
    let notebook = passage.code.iter().any(|code| code.ends_with(".ipynb"));
    if passage.code.iter().any(|code| CALL.is_in(code))
        || notebook
            && SHOWS.is_in(lower)
            && WITH_MODEL.is_in(lower)
            && lower.contains("model") | lower.contains("trained")
    {
        finder.add(Item::InferenceCode, passage.lines, LIKELY, &passage.text);
    }
}

fn timing(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static SPEED: Pattern = Pattern::new(
        r"\b(latency|throughput|inference (time|speed)|runtime|real[- ]?time factor|rtfx?|fps|frames per second|(images?|samples?|sequences?|tokens?|sentences?|queries|requests|infer\w*|items)\s?(/|per) ?s(ec(ond)?)?|ms (per|/) ?\w+|inferences? takes?|(takes?|took) .{0,30}(per|for (one|a|each)) (image|sentence|sample|utterance|query|clip))\b",
    );
    static VALUE: Pattern = Pattern::new(
        r"\b\d[\d.,]*\s?(ms|milliseconds?|s|secs?|seconds?|us|µs|fps|hz|x|(frames|images|samples|tokens|inf\w*|sentences|seq\w*)\s?(/|per))\b|\brtfx? (of|is|=|:)? ?\d|\b\d[\d.]* (frames|images|tokens|samples)|fps[^a-z]{0,5}\d|\bfps (of|at|is|around|about) \d|\d+ ?fps",
    );
    static NOT: Pattern = Pattern::new(
        r"\b(train(ing)?|epochs?|iteration time|compile|window|chunks?|audio length|budget|queue|max_|stride|audio chunks?|padding|concurrency|video(s)? (at|with)|sampled at|hz\b.{0,10}audio)\b",
    );
    let lower = passage.lower.as_str();
    if matches!(passage.kind, Kind::Title | Kind::Row) {
        return;
    }
    let about = page.is_about(passage.section, topic::INFERENCE | topic::PERFORMANCE);
    static FASTER: Pattern =
        Pattern::new(r"\b\d[\d.,]*\s?(x|times) (faster|slower) than (real|run)-?\s?time");
    if FASTER.is_in(lower) && !page.is_about(passage.section, topic::ASIDE | topic::REFERENCES) {
        finder.add(Item::InferenceTiming, passage.lines, LIKELY, &passage.text);
    }
    let itself = ["inference", "latency", "fps", "rtf"].iter().any(|word| lower.contains(word));
    if SPEED.is_in(lower) && VALUE.is_in(lower) && !NOT.is_in(lower) && (about || itself) {
        finder.add(Item::InferenceTiming, passage.lines, PLAIN, &passage.text);
    }
}

fn timing_table(page: &Page<'_>, table: &Table, finder: &mut Finder) {
    static COLUMN: Pattern = Pattern::new(
        r"latency|inf[_ -]?time|infer(ence)?( perf| time| speed|ence \(|\b.*\b(ms|sec|fps))|\bfps\b|\binf/s|\(ms\)|\brtfx?\b|real-?time factor|(img|images?|items?|samples?|seq\w*|sent\w*|tokens|frames)\s?/\s?s(ec)?|throughput|\bspeed\b|runtime|time ?\((s|ms|sec)\)|^ms$",
    );
    static DIGIT: Pattern = Pattern::new(r"\d");
    static TRAINING: Pattern = Pattern::new(r"train(ing)?");
    static ITSELF: Pattern = Pattern::new(r"infer|inf[_ -]?time|latency|\brtf|fps");
    let heading = page.headings.get(table.section);
    let near = format!("{} {}", heading.map_or("", |heading| &heading.title), table.lead);
    let trail = heading.map_or(String::new(), |heading| heading.trail.join(" "));
    let columns = table.header.join(" ");
    let trains = TRAINING.is_in(&near) && !near.contains("infer")
        || (TRAINING.is_in(&columns) && !columns.contains("infer"));
    let speaks = ITSELF.is_in(&columns) || ITSELF.is_in(&near) || ITSELF.is_in(&trail);
    let column = table.header.iter().position(|name| COLUMN.is_in(name) && !TRAINING.is_in(name));
    if let Some(column) = column.filter(|_| speaks && !trains) {
        let found = table
            .rows
            .iter()
            .zip(&table.row_lines)
            .find(|(row, _)| row.iter().skip(column).any(|cell| DIGIT.is_in(cell)));
        if let Some((_, line)) = found {
            finder.add(Item::InferenceTiming, Lines::at(*line), PLAIN, "table of inference speed");
        }
    }
}

/// Whether a text names a format that models are exported to.
pub(super) fn names_format(lower: &str) -> bool {
    static FORMAT: Pattern = Pattern::new(
        r"\b(onnx|torch-?script|tensorrt|trt|tflite|tf-?lite|saved_?model|core-?ml|openvino|ncnn|gguf|ggml|jit|ts-trace|frozen graph|protobuf|safetensors|pmml|libtorch|keras2onnx|fixed[- ]point|mar file|hugging ?face (`?transformers`? )?format|(pytorch|tensorflow|transformers|hf) format)\b",
    );
    FORMAT.is_in(lower)
}

fn export(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static VERB: Pattern = Pattern::new(
        r"\b(convert(s|ed|ing)?|conversion|converter|export(s|ed|ing)?|seriali[sz]\w*|quanti[sz](e|ed|ation|ing)|trac(ed?|ing)|freez(e|ing)|compil(e|ed|ing) (it |the model )?(to|into)|generates?)\b",
    );
    static TOOL: Pattern = Pattern::new(
        r"\b(tool|script|code|notebook|tutorial|converter|command|run|use|using|can be|can use|steps)\b",
    );
    static GOAL: Pattern = Pattern::new(
        r"\b(model|models|network|checkpoint|weights|pytorch|keras|caffe|inference code|point)\b",
    );
    let lower = passage.lower.as_str();
    if matches!(passage.kind, Kind::Title | Kind::Row) || page.is_about(passage.section, topic::INSTALLATION)
    {
        return;
    }
    let given = passage.links.iter().any(|link| !link.image && !link.target.starts_with('#'))
        || passage.code.iter().any(|code| code.contains('.') || code.contains('/') || code.contains('_'))
        || TOOL.is_in(lower);
    if VERB.is_in(lower) && names_format(lower) && GOAL.is_in(lower) && given && !lower.contains("data into")
    {
        let exact = ["convert", "conversion", "export"].iter().any(|word| lower.contains(word));
        finder.add(Item::Serialization, passage.lines, if exact { PLAIN } else { LIKELY }, &passage.text);
    }
}

/// Exports by command, and entries of bibliographies.
fn entries(page: &Page<'_>, finder: &mut Finder) {
    for command in page.telling_commands() {
        if command.named & does::EXPORT != 0 {
            finder.add(Item::Serialization, command.lines, PLAIN + 5, &command.text);
        } else if command.said & does::EXPORT != 0
            && names_format(&command.lead)
            && command.named & does::RUN == command.named
            && command.named != 0
        {
            finder.add(Item::Serialization, command.lines, LIKELY, &command.text);
        }
    }
    let converts = |snippet: &super::page::Snippet| {
        page.own_topics(snippet.section) & topic::EXPORT != 0
            && page.headings.get(snippet.section).is_some_and(|heading| {
                let title = heading.title.to_lowercase();
                title.contains("model") && (title.contains("export") || title.contains("convert"))
            })
    };
    static CALL: Pattern = Pattern::new(
        r"onnx\.export\(|jit\.(trace|script)\(|\.export\(|saved_model\.save|tfliteconverter|save_pretrained\(|convert_\w+_to_\w+\(",
    );
    for snippet in &page.snippets {
        if (CALL.is_in(&snippet.lower) || converts(snippet)) && !page.is_about(snippet.section, topic::ASIDE)
        {
            finder.add(Item::Serialization, snippet.lines, PLAIN, "code that exports the model");
        }
    }
    // Entries of a bibliography.
    static ENTRY: Pattern = Pattern::new(
        r"@(article|inproceedings|incollection|misc|techreport|phdthesis|book|conference|unpublished|proceedings|mastersthesis)\s*\{",
    );
    static TITLE: Pattern = Pattern::new(r"title\s*=\s*[\x22{]+([^\n]*)");
    static SOFTWARE: Pattern = Pattern::new(
        r"toolkit|library|framework|open-?source|software|\{?\w+\}?[ -]v?\d+\.\d|platform|implementation of|package|codebase|toolbox",
    );
    static PUBLISHED: Pattern = Pattern::new(r"journal\s*=|booktitle\s*=|eprint|arxiv|school\s*=|volume\s*=");
    for snippet in &page.snippets {
        for piece in snippet.lower.split('@').skip(1) {
            let entry = format!("@{piece}");
            let title =
                TITLE.captures(&entry).and_then(|found| found.get(1)).map_or("", |title| title.as_str());
            if ENTRY.is_in(&entry) && PUBLISHED.is_in(&entry) && !SOFTWARE.is_in(title) {
                finder.add(Item::References, snippet.lines, LIKELY, title);
            }
        }
    }
}

fn references(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static PAPER: Pattern = Pattern::new(
        r"arxiv\.org|openreview\.net|aclanthology|aclweb\.org|doi\.org|n(eur)?ips\.cc|proceedings\.mlr|openaccess\.thecvf|cv-foundation\.org|ieeexplore|dl\.acm|springer|nature\.com|sciencedirect|biorxiv|medrxiv|semanticscholar|isca-(speech|archive)|/publications?/|jmlr\.org|usenix|aaai\.org|ojs\.aaai|mdpi|cell\.com|pnas|science\.org|interspeech|bmva|publications?/.*\.pdf|paper.*\.pdf|papers?/",
    );
    static NOTE: Pattern = Pattern::new(
        r"\b(paper|preprint|article|journal|publication|et al|proposed (in|by)|introduced in|neurips|icml|iclr|cvpr|iccv|eccv|acl|emnlp|naacl|interspeech|icassp|aaai)\b",
    );
    static SPELLED: Pattern = Pattern::new(
        r"\b(et al\.?|and [A-Z][a-z]+)[,.(\s]+.{0,120}\b(19|20)[0-9]{2}\b|\b(19|20)[0-9]{2}\b.{0,60}\b(Proceedings|Conference|Journal|Transactions|NeurIPS|NIPS|ICML|ICLR|CVPR|ICCV|ECCV|ACL|EMNLP|Interspeech|ICASSP|arXiv)\b|arXiv(:| preprint)",
    );
    if passage.kind == Kind::Title && passage.links.is_empty() {
        return;
    }
    let installs = page.is_about(passage.section, topic::INSTALLATION);
    for link in passage.links.iter().filter(|link| !link.image) {
        let target = link.target.to_lowercase();
        let text = link.text.to_lowercase();
        let is_paper = PAPER.is_in(&target)
            || ((text.contains("paper") || text.contains("preprint")) && target.contains(".pdf"))
            || text == "paper";
        if is_paper && !installs {
            let mut weight = LIKELY;
            if NOTE.is_in(&passage.lower) {
                weight += 15;
            }
            // What the work itself builds on stands early, or where it is cited.
            if passage.section <= 1 || page.is_about(passage.section, topic::REFERENCES) {
                weight += 20;
            }
            finder.add(Item::References, passage.lines, weight, &passage.text);
        }
    }
    static CITED: Pattern = Pattern::new(
        r"\([A-Z][^ (),]+ \W{0,2}et al\.?\W{0,3},? \W?(19|20)[0-9]{2}[a-z]?\)|\b[A-Z][^ (),]+ \W{0,2}et al\.?\W{0,3} \((19|20)[0-9]{2}[a-z]?\)",
    );
    if CITED.is_in(&passage.text) && passage.kind != Kind::Row && !installs {
        finder.add(Item::References, passage.lines, LIKELY, &passage.text);
    }
    if page.is_about(passage.section, topic::REFERENCES)
        && passage.kind != Kind::Row
        && SPELLED.is_in(&passage.text)
    {
        finder.add(Item::References, passage.lines, LIKELY, &passage.text);
    }
}
