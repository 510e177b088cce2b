//! Data: what it is, where it is, how it is processed, and where it is once processed.

use super::page::{Command, Kind, Page, Passage, does, topic};
use super::{Finder, Item, LIKELY, PLAIN};
use crate::pattern::Pattern;

/// Words that speak of data.
static DATA: Pattern = Pattern::new(
    r"\b(data|datasets?|corpus|corpora|database|train(ing)? set|test set|validation set|dev set|splits?|subsets?|benchmark datasets?|images|scans|videos|recordings|annotations|replays|transcripts|manifests?|raw text)\b",
);
/// Words that speak of a model's weights.
static MODEL: Pattern = Pattern::new(
    r"\b(models?|checkpoints?|weights|embeddings|tokenizers?|backbones?|pre-?trained|networks?)\b",
);
static ACQUIRE: Pattern = Pattern::new(
    r"\b(download(s|ed|ing|able)?|obtain(ed)?|get|fetch|available|found|access(ed)?|hosted|retrieved?|acquired?|requested|provided?|released?|stored|register|collected from|taken from|from|here)\b",
);
static DOWNLOAD: Pattern = Pattern::new(
    r"\bdownload|\bobtain|\bfetch|\bto get [^.]{0,30}\baccess\b|\bregister\b|\bget the|\bacquir|\bclone\b|available (at|from|on|in|here|for download)|can be found|hosted (at|on)|provided (at|on|by)",
);

/// Finds what the document says about its data.
pub(super) fn find(page: &Page<'_>, finder: &mut Finder) {
    for passage in page.telling() {
        description(page, passage, finder);
        path(page, passage, finder);
        processing(page, passage, finder);
    }
    processed(page, finder);
    for command in page.telling_commands() {
        of_command(page, command, finder);
    }
    snippets(page, finder);
    tables(page, finder);
}

fn is_aside(page: &Page<'_>, passage: &Passage<'_>) -> bool {
    page.is_about(passage.section, topic::INSTALLATION)
        && !page.is_about(passage.section, topic::DATA | topic::PROCESSING)
}

fn description(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static QUANTITY: Pattern = Pattern::new(
        r"(^|[^\w.-])(~|≈)?\d[\d,.]*\s?(k|m|b|thousands?|millions?|billions?|hundreds?)?\+?\s+(?:[a-z0-9/\-]+\s+){0,3}?(images?|videos?|clips?|pictures|photos|photographs|hours of|utterances|recordings|speakers|samples|examples|instances|sentences?|documents?|articles|books|tokens|languages|classes|categories|labels|subjects|patients|cases|volumes|scans|slices|pairs|questions|frames|nodes|graphs|molecules|trajectories|demonstrations|games|entries|rows|records|reviews|tweets|pages|users|ratings|data ?points|snapshots|snippets|words|characters)\b",
    );
    static HOURS: Pattern = Pattern::new(
        r"\d\s?(k|,\d+)?\s?(hours|hrs?|h)\b.{0,30}\b(speech|audio|recording|video|read|english|data|transcribed)",
    );
    static SIZE: Pattern = Pattern::new(r"\d\s?(tb|gb|mb|gib)\b");
    static NOT_SIZE: Pattern = Pattern::new(
        r"\b(features?|gpus?|vram|ram|memory|models?|checkpoints?|disk|v100|a100|nvidia|node|weights)\b",
    );
    static CONSISTS: Pattern = Pattern::new(
        r"\b(datasets?|corpus|corpora|data|benchmark|(train|training|test|dev|validation|eval|evaluation) set)\b[^.;:]{0,70}\b(contain(s|ing)?|consist(s|ed|ing)? of|compris(es|ed|ing)|is composed of|are composed of|includes|made up of|extracted from|collected from|collected by|derived from|drawn from|sampled from|annotated (with|by)|labell?ed with|covering|recorded (in|by|at|from)|composed of)\b",
    );
    static MADE: Pattern = Pattern::new(
        r"\b(build|built|create[sd]?|construct(ed)?|collect(ed)?|curate[sd]?|assemble[sd]?|combin(e[sd]?|ing)|synthesi[sz]ed?)\b[^.]{0,50}\b(dataset|corpus|data)\b[^.]{0,80}\b(by|of|from|with|:)",
    );
    static TRAINED_ON: Pattern = Pattern::new(
        r"\b(trained|evaluated|tested|training|pre-?trained)\b[^.]{0,40}\b(on|with|using|by)\b[^.]{0,80}\b(samples|recordings|images|videos|texts?|clips|sentences|records|scans|utterances)\b[^.]{0,20}\b(that|which|of|with|from|including|containing|labell?ed)\b",
    );
    static PLACE: Pattern = Pattern::new(
        r"\b(data (preparation|processing|augmentation|pipeline|loader|loading)|folder|director(y|ies)|file|files|repo|repository|script|scripts|package|container|class|function|module|argument|flag|field|format|should contain|each line)\b",
    );
    static STATE: Pattern = Pattern::new(
        r"\b(gpus|per gpu|another|inference time|averaged|batch|beam|latency|throughput|memory|parameters|per second|inference|max-|epochs?|iterations|steps|generat(e|es|ed|ing)|detects|hidden|layers?|chunks?|seeds?)\b",
    );
    let lower = passage.lower.as_str();
    if is_aside(page, passage) || passage.kind == Kind::Title {
        return;
    }
    let about_data = page.is_about(passage.section, topic::DATA | topic::PROCESSING);
    let names_data = DATA.is_in(lower) || about_data;
    let sized = passage.kind != Kind::Row || about_data;
    static TOKENS: Pattern =
        Pattern::new(r"\d\s?(b|t|billion|trillion|million|m)\+? (unique |training |of )?tokens\b");
    // A year in a data set's name counts nothing.
    static YEAR: Pattern = Pattern::new(r"^\W*(19|20)\d\d\s+(train|val|test|images|and|data)");
    let quantity = |text: &str| {
        QUANTITY.find(text).is_some_and(|found| {
            let rest = text.get(found.end()..).unwrap_or_default();
            !YEAR.is_in(found.as_str()) || QUANTITY.is_in(rest)
        })
    };
    static SCHEDULE: Pattern = Pattern::new(r"batch|warm-?up|learning rate|decay|schedule");
    let counted =
        TOKENS.is_in(lower) && !SCHEDULE.is_in(lower) || names_data && quantity(lower) && !STATE.is_in(lower);
    static TRAINED: Pattern = Pattern::new(r"\b(train|tuned)\w*\b[^.]{0,80}\b(on|with|split|set)\b");
    let timed = HOURS.is_in(lower)
        && !lower.contains("batch")
        && (!page.is_about(passage.section, topic::INFERENCE) || TRAINED.is_in(lower));
    if sized && (counted || timed) {
        finder.add(Item::RawDataDescription, passage.lines, PLAIN, &passage.text);
    } else if passage.kind != Kind::Row && names_data && SIZE.is_in(lower) && !NOT_SIZE.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, LIKELY, &passage.text);
    }
    if passage.kind == Kind::Row || page.is_about(passage.section, topic::REFERENCES) {
        return;
    }
    // Statistics, one a line, and what a name in a list stands for.
    static STATISTIC: Pattern = Pattern::new(
        r"^\W*(#|number of |num\.? |total )?\s?(train(ing)?|valid(ation)?|val|dev|test|nodes|edges|triples|entities|relations?( types)?|classes|labels|samples|examples|images|videos|utterances|sentences|documents|tokens|graphs|users|items|hours|speakers)( (set|size|samples|examples|images))?\W*[:=]\W*~?\d",
    );
    static NAMED: Pattern = Pattern::new(
        r"^\W*[\w./+-]+( [\w./+-]+){0,2}\W*(:|–|—| - | is )\W*(an?|the) [^.]{0,80}\b(data ?set|corpus|benchmark|collection)\b[^.]{0,80}\b(from|of|for|with|in|between|containing)\b",
    );
    let own_data = page.own_topics(passage.section) & topic::DATA != 0;
    if own_data && passage.kind == Kind::Item && (STATISTIC.is_in(lower) || NAMED.is_in(lower)) {
        finder.add(Item::RawDataDescription, passage.lines, PLAIN, &passage.text);
    }
    static SOURCES: Pattern = Pattern::new(
        r"\btrain(ed|ing)? (on|with|using|from)\b[^.]{0,60}\b(the following (data|sources|datasets|corpora)|data sources|(sub-?sets?|a mix(ture)?|a combination|the union) of|(text|images?|audio|code|videos?|data)( \w+){0,2} (obtained|collected|scraped|crawled|taken|sampled) from)\b",
    );
    static TAKEN: Pattern = Pattern::new(
        r"\bwe (use|used|collect(ed)?|gather(ed)?|take|took)\b[^.]{0,50}\b(videos?|images|photos|recordings|sequences|clips|texts?|audio|songs|articles|sentences)\b[^.]{0,30}\b(from|found (on|in|at)|of|downloaded)\b",
    );
    static KIND: Pattern = Pattern::new(
        r"\b[a-z]+ (network|graph|image|text|speech|video|audio|language|series|sensor) (data|datasets?) \([a-z]",
    );
    // What kind of data set a name stands for.
    static KIND_OF: Pattern = Pattern::new(
        r"\b(is |, |\()(an?|the|our) ([\w()/,-]+ ){1,7}(data ?set|corpus|benchmark|collection) (with|of|containing|that|which|consisting|including|comprising|for)\b",
    );
    static GENERAL: Pattern = Pattern::new(r"\b(your|custom|new|another|own|any|same|given)\b");
    if KIND_OF.is_in(lower) && !PLACE.is_in(lower) && !GENERAL.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, LIKELY, &passage.text);
    }
    static POOLED: Pattern =
        Pattern::new(r"\bwe (pool|mix|merge|combine)\b[^.]{0,20}\b(data|datasets|corpora|recordings)\b");
    if POOLED.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, LIKELY, &passage.text);
    }
    static SEVERAL: Pattern = Pattern::new(
        r"\b(combin|us|train|merg)\w* [^.]{0,30}\b(two|three|four|five|six|several|\d+) ([\w-]+,? ){1,5}(corpora|datasets)\b",
    );
    if own_data && SEVERAL.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, LIKELY, &passage.text);
    }
    if SOURCES.is_in(lower) || KIND.is_in(lower) || own_data && TAKEN.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, LIKELY, &passage.text);
    }
    if CONSISTS.is_in(lower) && !PLACE.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, PLAIN, &passage.text);
    }
    static HOLDS: Pattern = Pattern::new(
        r"^\W*(the |it |this )?[\w-]+( [\w-]+)? (contains?|consists? of|comprises?) [^.;]{0,60}\b(sentences|speech|recordings|images|videos|utterances|sequences|clips|audio|texts|documents|scans|dialogues|reviews|articles|photos)\b",
    );
    if HOLDS.is_in(lower) && !PLACE.is_in(lower) && !STATE.is_in(lower) && !MODEL.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, LIKELY, &passage.text);
    }
    if (MADE.is_in(lower) || TRAINED_ON.is_in(lower)) && !PLACE.is_in(lower) {
        finder.add(Item::RawDataDescription, passage.lines, LIKELY, &passage.text);
    }
}

/// Whether a link leads to a text about the work and not to data.
fn is_reading_matter(target: &str) -> bool {
    static READING: Pattern = Pattern::new(
        r"arxiv\.org|\.pdf|openreview|aclanthology|aclweb|doi\.org|papers\.n(eur)?ips|proceedings|openaccess\.thecvf|semanticscholar|wikipedia\.org|/(docs?|documentation)/|pytorch\.org|tensorflow\.org/(api|install|guide)|/blob/.*\.(py|md|ipynb)|/issues/|/pull/|shields\.io|tensorboard\.dev|pypi\.org|readthedocs|medium\.com|nvidia\.com/(deeplearning|catalog|orgs)|ngc\.nvidia|youtube|twitter|wandb\.ai|colab\.research",
    );
    READING.is_in(&target.to_lowercase())
}

fn path(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static AUTOMATIC: Pattern = Pattern::new(
        r"automatically (be )?(download|fetch|creat|retriev)|(download|fetch|retriev)(ed|s)?,? (and \w+ )?automatically|will be downloaded|downloaded (on the fly|on first use|if)|\b(torchvision|datasets|tfds|huggingface datasets?)\b.{0,40}download",
    );
    static INCLUDED: Pattern = Pattern::new(
        r"\b(repo(sitory)?|folder|director(y|ies))\b.{0,30}\b(contains?|includes?|provides?|comes with|ships with)\b.{0,60}\b(datasets?|data files|the data)\b|\bdata(sets?)? (is|are) (included|provided|contained) in (this|the) repo",
    );
    let lower = passage.lower.as_str();
    if passage.kind == Kind::Title || is_aside(page, passage) {
        return;
    }
    // Addresses are made of words that say nothing here.
    static ADDRESS: Pattern = Pattern::new(r"\w+://\S+");
    let spoken = ADDRESS.remove(lower);
    let names_data = DATA.is_in(lower);
    let names_model = MODEL.is_in(lower);
    let of_data = !names_model || spoken.contains("data");
    if names_data && of_data && AUTOMATIC.is_in(lower) {
        finder.add(Item::RawDataPath, passage.lines, PLAIN, &passage.text);
    }
    if INCLUDED.is_in(lower) && !lower.contains("script") && !lower.contains("code") {
        finder.add(Item::RawDataPath, passage.lines, LIKELY, &passage.text);
    }
    if page.is_about(passage.section, topic::REFERENCES) && !page.is_about(passage.section, topic::DATA) {
        return;
    }
    let own = page.own_topics(passage.section);
    let about_data =
        page.is_about(passage.section, topic::DATA) && own & (topic::MODELS | topic::RESULTS) == 0;
    for link in passage.links.iter().filter(|link| !link.image) {
        let target = link.target.to_lowercase();
        let text = link.text.to_lowercase();
        let is_outside = target.contains("://");
        // A script that gets a corpus, wherever it lies.
        static GETS: Pattern =
            Pattern::new(r"(recipes?|download\w*|prepare\w*|get_\w+)(/[^/]*)?\.(py|sh)$|/recipes/[^/]+\.py$");
        if about_data && !names_model && is_outside && GETS.is_in(&target) {
            finder.add(Item::RawDataPath, passage.lines, LIKELY, &passage.text);
        }
        if target.starts_with('#') || target.trim().is_empty() || (is_outside && is_reading_matter(&target)) {
            continue;
        }
        let is_data_host = target.contains("/datasets/")
            || target.contains("openslr")
            || target.contains("kaggle.com")
            || target.contains("/dataset");
        static ARCHIVE: Pattern =
            Pattern::new(r"\.(tar(\.\w+)?|tgz|zip|gz|7z|rar|parquet|csv|tsv|jsonl?|h5|hdf5|lmdb)([?#]|$)");
        let archived = ARCHIVE.is_in(&target) && DATA.is_in(&text) && !MODEL.is_in(&text);
        let text_leads = DOWNLOAD.is_in(&text) && (DATA.is_in(&text) || text.contains("preprocess"));
        static USES: Pattern = Pattern::new(
            r"\b(we|experiments?|models?) (use|used|train|trained|evaluated?|run|ran)\b|\b(used|using)\b",
        );
        let said = names_data && of_data && DOWNLOAD.is_in(lower);
        let listed = about_data
            && !names_model
            && (passage.kind != Kind::Sentence
                || names_data
                || ACQUIRE.is_in(lower)
                || USES.is_in(lower)
                || lower.trim() == text.trim())
            && !is_code_host(&target);
        static NAMED: Pattern = Pattern::new(r"\bdownload(ed)? [^.]{1,60}\b(at|from|here)\b");
        static SOFTWARE: Pattern = Pattern::new(
            r"\b(code|repo\w*|toolkit|docker|software|scripts?|binar(y|ies)|packages?|library|sdk|cuda|drivers?|tools?|wheels?|install\w*|container|image|compiler)\b",
        );
        let named = NAMED.is_in(lower) && !names_model && !SOFTWARE.is_in(lower);
        // The page of a data set on a hub says what it is.
        static HUB: Pattern = Pattern::new(
            r"(huggingface\.co|hf\.co)/datasets/[\w.-]+/[\w.-]+|kaggle\.com/(datasets|c|competitions)/\w|tensorflow\.org/datasets/catalog/\w",
        );
        static ARCHIVE_OF_DATA: Pattern = Pattern::new(
            r"zenodo\.org/record|figshare|physionet|codalab|grand-challenge|archive\.ics\.uci|openml\.org|dataverse|data\.world|ieee-dataport|catalog\.ldc|registry\.opendata|snap\.stanford|rajpurkar|statmt\.org|image-net\.org|cocodataset|cityscapes|cs\.toronto\.edu/~kriz|nuscenes|waymo|kitti",
        );
        let is_data_host = is_data_host || ARCHIVE_OF_DATA.is_in(&target) && !MODEL.is_in(&text);
        let hosted = (is_data_host && names_data) || HUB.is_in(&target) || named;
        if text_leads || (is_outside && (said || hosted || archived)) {
            finder.add(Item::RawDataPath, passage.lines, PLAIN, &passage.text);
            continue;
        }
        let acquired = about_data && names_data && ACQUIRE.is_in(lower) && !names_model;
        let trained_on = about_data
            && !MODEL.is_in(&text)
            && ["trained on", "trained with", "trained using", "evaluated on"]
                .iter()
                .any(|words| lower.contains(words));
        if is_outside && (listed || acquired || trained_on) {
            finder.add(Item::RawDataPath, passage.lines, LIKELY, &passage.text);
        }
    }
}

fn is_code_host(target: &str) -> bool {
    target.contains("github.com") && (target.contains("/blob/") || target.contains("/tree/"))
}

/// Whether a text says what is done to data.
pub(super) fn is_step(lower: &str) -> bool {
    STEP.is_in(lower) && !ALONE.is_in(lower)
}

/// That data is processed, and no step of how.
static ALONE: Pattern =
    Pattern::new(r"\bhow (the )?(pre-?)?process(ing)? is (done|performed)\b|\bon how pre-?process is done\b");

static STEP: Pattern = Pattern::new(
    r"\b(tokeni[sz](e[sd]?|ing|ation)|resi[sz](e[sd]?|ing)|normali[sz](e[sd]?|ing|ation)|lower-?cas(e[sd]?|ing)|standardi[sz]ed?|stemm?(ed|ing)|resampl(e[sd]?|ing)|downsampl(e[sd]?|ing)|rescal(e[sd]?|ing)|crop(s|ped|ping)?|filter(s|ed|ing)?|remov(e[sd]?|ing)|discard(ed|ing)?|drop(ped|ping)?|splitting|split (the|by|into|up)|(is|are|was|were|then) split|partition(ed|s)?|convert(s|ed|ing)?|transform(s|ed|ing)?|encod(e[sd]?|ing)|binari[sz](e[sd]?|ing)|pad(ded|ding)|truncat(e[sd]?|ing)|segment(ed|ing)|shard(ed|s|ing)?|cach(e[sd]|ing)|extract(s|ed|ing)?|feature extraction|replac(e[sd]?|ing)|clean(s|ed|ing)?|dedup\w*|pre-?process(es|ed|ing)?|parsed?|combin(e[sd]?|ing)|only .{0,60} (are|is) kept|kept only|exclud(e[sd]?|ing)|select(s|ed|ing)? (all |the )?(images|samples|examples|sentences|documents)|block-?list|black-?list|(fbank|filter ?banks?|mfccs?|log-?mel|mel-?spectrograms?) features?|cmvn|trimmed|spliced|shuffl(e[sd]?|ing)|concatenat(e[sd]?|ing)|pre-?tokeni[sz]ed|detokeni[sz]ed|speed perturb\w*|merg(e[sd]?|ing)|bpe|sentencepiece|turn it (from|into)|quanti[sz]ed into|bucketing|vocabulary|integers|range of \[|(mel-?)?spectrograms?|(held|hold)[- ]?out|masked|mapped)\b",
);

fn processing(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static SUBJECT: Pattern = Pattern::new(
        r"\b(data|dataset|datasets|corpus|text|texts|images?|videos?|audio|frames|waveforms?|transcripts?|sentences|documents|examples|samples|tokens|features?|links|pages|columns|files|volumes|questions|train(ing)?|validation|dev|test|inputs?|splits?|set|sets|recordings|utterances|captions|labels|words|sequences?|vocabulary|tokeni[sz]ation|speech|graphs?|molecules)\b",
    );
    static INTO: Pattern = Pattern::new(
        r"\b(into|to|from|by|with|using|at|of|onto|as|in|per|before|for|less|longer|shorter|such that|so that|and)\b",
    );
    static TRIVIAL: Pattern = Pattern::new(
        r"\b(unzip|extract (and|them|it|the (files?|archive|zip|tar|folder|data))|download and extract|extracted (folder|files?|dataset|data\b|model)|run the following|the following command|remove the|convert(s|ed|ing)? (the |your |a |pretrained |trained )?(pre-?trained |pytorch |trained )?(model|checkpoint|weights|onnx)|checkpoints?|learned|gpus?|throughput|latency|inference server|triton|tensorrt|container|docker|your own|custom|arguments?|flags? |option|defines?|implements?|(folder|directory) contains?|repo(sitory)?|toolkit|website|visuali[sz]|split batch|multi-gpu|loss|gradients?|paper|license|prediction|browser|message)\b",
    );
    static SPLIT: Pattern = Pattern::new(
        r"\b(train(ing)?|dev|val(id(ation)?)?|test)\b[\s/,]+(and )?\b(dev|val(id(ation)?)?|test|train(ing)?)\b[^.]{0,30}\b(splits?|sets?|subsets?)\b|\bsplit(s|ted)? (the |our )?(data|dataset|corpus|images|videos)\b|\b(split|partition)(s|ed)? .{0,40}(into|by)\b.{0,40}\b(train|test|valid|folds)|_train\w* = |(training|evaluation) is done on|\b\d+ ?% .{0,20}(train|test|valid)|train_val_test|val(id)?ation split|\b(dataset|data|train(ing)?[-/ ]test|standard|official|default|public|fixed|same|original|random) splits?\b.{0,24}\b(from|of|by|provided|released|as in|used)\b|\bsplits? (is|are) (from|taken from|provided by)\b|\bh[eo]ld(ing)?[- ]?out\b[^.]{0,40}\d[^.]{0,120}\b(split|set|valid\w*|images|samples|examples)\b|(are|is) used for (training|testing|validation|evaluation)",
    );
    let lower = passage.lower.as_str();
    // How words are cut up may stand among the requirements.
    static SUBWORDS: Pattern = Pattern::new(
        r"\b(sentence-?piece|word-?piece|bpe|byte[- ]?pair( encoding)?( \(bpe\))?)\b.{0,20}\bvocab\w* (with|of|size)\b.{0,12}\d|\b(sentence-?piece|word-?piece|bpe|byte[- ]pair)\b.{0,60}\b(vocab\w*|tokeni[sz]er|merges)\b.{0,60}\b(is|are|will be|gets?) (automatically )?(generated|learned|learnt|trained|built|created|computed)\b",
    );
    if SUBWORDS.is_in(lower) && passage.kind != Kind::Title {
        finder.add(Item::ProcessingDescription, passage.lines, LIKELY, &passage.text);
    }
    if passage.kind == Kind::Title || is_aside(page, passage) {
        return;
    }
    let own = page.topics(passage.section);
    if own & topic::REFERENCES != 0 && own & (topic::DATA | topic::PROCESSING) == 0 {
        return;
    }
    let about = own & (topic::PROCESSING | topic::DATA) != 0 && own & topic::INFERENCE == 0;
    let about_processing = page.own_topics(passage.section) & topic::PROCESSING != 0;
    // A row says what a stage of the work does.
    static STAGE: Pattern =
        Pattern::new(r"\b(pre-?)?process(es|ing)? (the )?(raw )?data\b|\bdata (pre-?)?process");
    if passage.kind == Kind::Row {
        static CALCULATES: Pattern = Pattern::new(
            r"\b(calculat|comput|generat|extract|normali[sz]|tokeni[sz]|split|convert|filter|resampl|build|get)\w* (the )?[\w-]+",
        );
        if STAGE.is_in(lower) && CALCULATES.is_in(&STAGE.remove(lower)) {
            finder.add(Item::ProcessingDescription, passage.lines, LIKELY, &passage.text);
        }
        return;
    }
    // Sets that are only offered for download are no split that the document describes.
    static OFFERED: Pattern = Pattern::new(
        r"\bsets? (are|is|can be) (available|found|downloaded)\b|\d\s?[gmt]i?b\b.{0,60}\bsets?\b|\b(results?|accuracy|scores?) (of|on|for)\b.{0,80}\bsets?\b",
    );
    if SPLIT.is_in(lower) && !OFFERED.is_in(lower) && (about || DATA.is_in(lower)) && !TRIVIAL.is_in(lower) {
        finder.add(Item::ProcessingDescription, passage.lines, PLAIN, &passage.text);
        return;
    }
    // Data that is called processed, or whose processing is described elsewhere, says no step.
    static STATED: Pattern = Pattern::new(
        r"\bfor (data )?pre-?processing\b|\bbinari[sz]ed (data|dataset|corpus)\b|\bpre-?(processed|tokeni[sz]ed) ([\w-]+ )?(data|dataset|corpus)\b|\bpre-?processed (data|dataset|version|files?|corpus|videos|images|text)s?\b|^\W*to pre-?process [^.]{0,60}, (please )?(see|refer|follow|check)\b|\b(see|refer to|follow|check) [^.]{0,100}\b(to|for|on|how to) (pre-?process|prepare|pre-?processing|preparing)( the)?( \w+)?( data\w*)?",
    );
    let step = STEP.is_in(&STATED.remove(lower));
    static KEPT: Pattern = Pattern::new(r"\bonly .{0,60} (are|is|were) kept\b");
    if !step || !(SUBJECT.is_in(lower) || KEPT.is_in(lower)) {
        return;
    }
    // That data is processed says no step, whatever the section is about.
    if ALONE.is_in(lower) {
        return;
    }
    if about_processing && (lower.contains("process") || !TRIVIAL.is_in(lower)) {
        let weight = if INTO.is_in(lower) { PLAIN } else { LIKELY };
        if words(lower) >= 5 && INTO.is_in(lower) {
            finder.add(Item::ProcessingDescription, passage.lines, weight, &passage.text);
        }
        return;
    }
    if TRIVIAL.is_in(lower) {
        return;
    }
    static STRONG: Pattern = Pattern::new(
        r"\b(is|are|was|were|be|been|being|we|we've|and|then|will|first|to|which|next,?|learn|easiest way)\b.{0,40}\b(tokeni[sz]e[sd]?|resi[sz]e[sd]?|normali[sz]e[sd]?|filter(ed)?|split|convert(ed)?|transform(s|ed)?|encoded|binari[sz]ed|padded|truncated|sharded|replaced|cleaned|pre-?process(es|ed)?|combin(ed|ing)|kept|trimmed|cropped|resampled?|downsampled|vocabulary|deduplicated|segmented|removed|discarded|masked|rescaled|merged)\b|tokeni[sz]ation (method|scheme)|\b(character|word|byte|bpe|sub-?word|phone(me)?)[- ](based|level) tokeni[sz]ation|turn it from|range of \[|feature extraction|extract .{0,30}features|\bextract(s|ed|ing)? (the |all )?[\w-]*[a-z][\w-]* (of|from) (the |each |all )|\bfeatures?( info)?\b.{0,20}\b(fbank|filter ?bank|mfcc|cmvn|log-?mel)|\b(used?|using|appl(y|ied)) (a |an )?([\w-]+ )?(block-?list|black-?list|filters?) to\b|\b(select|remov|discard|exclud|filter)(e|es|ed|s|ing)? (out )?(all |the |any )?([\w-]+ )?(images|samples|examples|sentences|documents|utterances|pages|words|characters|duplicates|tokens|frames|punctuation|stop ?words)\b|speed perturb|(generat|comput|extract|prepar)(e|es|ed|ing)? (the |all )?(log-?)?(mel-?|linear-?)?(spectrograms?|fbanks?|filter ?banks?|mfccs?)|features? extracted (by|using|with|from)|resized|tokenized|pre-?tokenized|preprocessing replaces|transforms an?|tokenizer\.|pre-?process(es)? each|(are|is) (normali[sz]ed|standardi[sz]ed|scaled)",
    );
    static TOLD: Pattern = Pattern::new(
        r"^\W*(then |next,? |first,? |finally,? )?(pre-?process|binari[sz]e|tokeni[sz]e|resi[sz]e|normali[sz]e|split|filter|resample) (and \w+ )?(the |all |your )?(\w+ )?(data|dataset|images|texts?|corpus|files|audio|videos|sentences)\b",
    );
    let tokenizes = lower.contains("tokenization") || lower.contains("tokenisation");
    if (STRONG.is_in(lower) || TOLD.is_in(lower) || about)
        && (INTO.is_in(lower) || tokenizes)
        && !STATEMENT_OF_MODEL.is_in(lower)
    {
        finder.add(
            Item::ProcessingDescription,
            passage.lines,
            if about { PLAIN } else { LIKELY },
            &passage.text,
        );
    }
}

/// Sentences about networks and services use the same verbs.
static STATEMENT_OF_MODEL: Pattern = Pattern::new(
    r"\b(network|convolution\w*|layers?|model (takes|converts|transforms|is)|generator|discriminator|request|server|client|attention|engine|backprop\w*|signature|embedding|pooling|encoder|decoder|neural|compiler|onnx)\b",
);

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn processed(page: &Page<'_>, finder: &mut Finder) {
    static PROCESSED: Pattern = Pattern::new(
        r"\b(pre-?processed|processed|pre-?tokeni[sz]ed|tokeni[sz]ed|binari[sz]ed|pre-?shuffled|pre-?computed|pre-?extracted|extracted features|featuri[sz]ed|prepared (data|dataset)|converted (data|dataset)|cleaned|pseudo-?labell?ed|with pseudo-?labels|ready[- ]to[- ]use)\b",
    );
    static GIVEN: Pattern = Pattern::new(
        r"\bdownload|available|provide|can be found|is at\b|\bhosted|\breleased?\b|version of|\bfetch|\bobtain|\bupload|from the following command",
    );
    static LOCAL: Pattern = Pattern::new(
        r"\b(will be (saved|written|stored)|located at|make sure|saved (to|in|at)|output|pre-?processed automatically|path to)\b",
    );
    static FEATURES: Pattern = Pattern::new(
        r"\bdow\w*load ((this|these|the|our|all) )?([\w-]+ ){0,2}(features?( banks?)?|spectrograms?|feature files)\b|\b(features?|spectrograms?) (can be|is|are) (downloaded|available)\b",
    );
    // It lies in the repository.
    static INCLUDED: Pattern = Pattern::new(
        r"\bwe (also )?(include|provide|ship|release|supply)\b[^.]{0,40}\b(pre-?processed|processed|extracted|pre-?computed|tokeni[sz]ed|resulting)\b[^.]{0,30}\b(data|datasets?|files|features|splits|versions?)\b",
    );
    static LATER: Pattern =
        Pattern::new(r"\b(scripts?|code|soon|will)\b[^.]{0,20}\b(pre-?process|extract|comput)");
    /// How many sentences, and how many lines, lie between the word and the way to get it.
    const SENTENCES: usize = 3;
    const LINES: u32 = 6;
    let telling: Vec<&Passage<'_>> =
        page.telling().filter(|passage| !matches!(passage.kind, Kind::Title | Kind::Row)).collect();
    // A column of a table of downloads may say that its data is processed.
    static COLUMN: Pattern =
        Pattern::new(r"\b(pre-?processed|processed|filtered|cleaned|tokeni[sz]ed|features)\b");
    let tables = page.tables.iter().filter(|table| page.is_about(table.section, topic::DATA));
    for table in tables.filter(|table| table.header.iter().any(|name| COLUMN.is_in(name))) {
        let row = page.telling().find(|passage| {
            passage.kind == Kind::Row
                && passage.section == table.section
                && table.lines.contains(passage.lines.first)
                && passage.links.iter().any(|link| {
                    link.target.contains("://")
                        && !is_reading_matter(&link.target)
                        && !is_code_host(&link.target)
                })
        });
        if let Some(row) = row {
            finder.add(Item::ProcessedDataPath, row.lines, LIKELY, &row.text);
        }
    }
    for (index, passage) in telling.iter().enumerate() {
        let lower = passage.lower.as_str();
        if INCLUDED.is_in(lower) && !LATER.is_in(lower) {
            finder.add(Item::ProcessedDataPath, passage.lines, LIKELY, &passage.text);
        }
        if !(PROCESSED.is_in(lower) || FEATURES.is_in(lower)) || LOCAL.is_in(lower) {
            continue;
        }
        let names = DATA.is_in(lower) || lower.contains("files") || lower.contains("features");
        let given = GIVEN.is_in(lower);
        let linked = given
            && passage.links.iter().any(|link| {
                !link.image
                    && link.target.contains("://")
                    && !is_reading_matter(&link.target)
                    && !is_code_host(&link.target)
            });
        let mut next =
            telling.iter().skip(index).take(SENTENCES).filter(|next| next.section == passage.section);
        let fetched = next.any(|next| GIVEN.is_in(&next.lower))
            && page.telling_commands().any(|command| {
                command.section == passage.section
                    && command.lines.first > passage.lines.first
                    && command.lines.first <= passage.lines.last + LINES
                    && command.named & does::DOWNLOAD != 0
                    && command.named & does::PROCESS == 0
                    && (!command.lower.starts_with("git clone") || command.lower.contains("/datasets/"))
            });
        // A link whose words are that the data is processed.
        let called = passage.links.iter().any(|link| {
            let text = link.text.to_lowercase();
            !link.image
                && link.target.contains("://")
                && PROCESSED.is_in(&text)
                && (DATA.is_in(&text) || text.contains("features"))
                && !is_reading_matter(&link.target)
                && !is_code_host(&link.target)
        });
        if called || (names && (linked || fetched)) || (FEATURES.is_in(lower) && !passage.links.is_empty()) {
            finder.add(Item::ProcessedDataPath, passage.lines, PLAIN, &passage.text);
        }
    }
}

fn of_command(page: &Page<'_>, command: &Command, finder: &mut Finder) {
    static DATA_NAME: Pattern =
        Pattern::new(r"data|corpus|images?|clevr|coco|voc|wikitext|instances|librispeech|get_");
    static MODEL_NAME: Pattern = Pattern::new(
        r"model|checkpoint|weights|\.pth?\b|\.ckpt|\.onnx|embedding|glove|word2vec|pretrained|vgg|resnet|bert|gpt|qwen|whisper|llama",
    );
    static CLONES_CODE: Pattern = Pattern::new(r"^git clone");
    static SYNTHETIC: Pattern = Pattern::new(
        r"\bgenerat\w+ (\w+ ){1,3}(instances|problems|graphs|trajectories)\b|\bsynthetic (data|dataset)",
    );
    if command.named & (does::DOWNLOAD | does::PROCESS) != 0 && SYNTHETIC.is_in(&command.lead) {
        finder.add(Item::RawDataDescription, command.lines, LIKELY, &command.lead);
    }
    if command.named & does::DOWNLOAD != 0 {
        let lead = command.lead.as_str();
        let lead_data = DATA.is_in(lead) || lead.contains("preprocess");
        let lead_model = MODEL.is_in(lead);
        let own_model = MODEL_NAME.is_in(&command.lower);
        let own_data = DATA_NAME.is_in(&command.lower);
        let about_data = page.is_about(command.section, topic::DATA);
        let is_data = match (lead_data, lead_model) {
            (true, _) => !(own_model && !own_data && lead_model),
            (false, true) => own_data && !own_model,
            (false, false) => (own_data || about_data) && !own_model,
        };
        // Cloning gets data only where the words before it say so.
        let clones = CLONES_CODE.is_in(&command.lower);
        let cloned_data = !clones
            || command.lower.contains("/datasets/")
            || (lead_data && lead.contains("download") && !lead.contains("repo"));
        if is_data && cloned_data {
            finder.add(Item::RawDataPath, command.lines, PLAIN, &command.text);
        }
        static PROCESSED: Pattern =
            Pattern::new(r"pre-?processed|pre-?tokeni[sz]ed|\bprocessed|binari[sz]ed|tokeni[sz]ed");
        if is_data
            && PROCESSED.is_in(&format!("{lead} {}", command.lower))
            && cloned_data
            && !lead.contains("download and")
        {
            finder.add(Item::ProcessedDataPath, command.lines, PLAIN, &command.text);
        }
    } else if command.said & does::DOWNLOAD != 0
        && command.named & (does::TRAIN | does::EVALUATE | does::INFER | does::PREPARE_MACHINE | does::EXPORT)
            == 0
        && command.named & does::RUN != 0
        && (DATA.is_in(&command.lead) || page.is_about(command.section, topic::DATA))
        && !MODEL.is_in(&command.lead)
    {
        finder.add(Item::RawDataPath, command.lines, LIKELY, &command.text);
    }
    let by_name = command.named & does::PROCESS != 0;
    let others =
        does::TRAIN | does::EVALUATE | does::INFER | does::EXPORT | does::DOWNLOAD | does::PREPARE_MACHINE;
    let by_words = command.said & does::PROCESS != 0
        && command.named & (others & !does::DOWNLOAD) == 0
        && command.named & does::RUN != 0
        && command.said & (does::TRAIN | does::EVALUATE | does::EXPORT) == 0;
    let is_fetch = command.named & does::DOWNLOAD != 0
        && !super::page::is_script(&super::command::script(&command.lower));
    if by_name {
        finder.add(Item::ProcessingCode, command.lines, PLAIN, &command.text);
    } else if by_words && !is_fetch {
        finder.add(Item::ProcessingCode, command.lines, LIKELY, &command.text);
    }
}

fn snippets(page: &Page<'_>, finder: &mut Finder) {
    static FUNCTION: Pattern = Pattern::new(
        r"def (pre_?process|tokeni[sz]e|normali[sz]e|transform|prepare_)|transforms\.compose|\w\.encode\(|\.resize\(|replace_newlines?|\btokens\w* = ",
    );
    // Calls that read and change inputs.
    static READS: Pattern = Pattern::new(
        r"image\.open\(|imread\(|librosa\.load\(|torchaudio\.load\(|read_csv\(|\.astype\(|\.convert\('|/ ?255|resize\w*\(",
    );
    for snippet in &page.snippets {
        let own = page.own_topics(snippet.section);
        let led = ["preprocess", "encode the input", "tokeniz", "tokenis"]
            .iter()
            .any(|word| snippet.lead.contains(word))
            || snippet.lead.contains("encod")
                && ["text", "input"].iter().any(|word| snippet.lead.contains(word));
        let about = own & topic::PROCESSING != 0;
        if (FUNCTION.is_in(&snippet.lower) && (about || led)) || (about && READS.is_in(&snippet.lower)) {
            finder.add(Item::ProcessingCode, snippet.lines, PLAIN, "code that processes the data");
        }
    }
    // What a script does beyond fetching, as said behind the command.
    static DOES: Pattern = Pattern::new(
        r"\b(the|this|these) (scripts?|commands?) (will |also |automatically |then )*[^.]{0,120}\b(converts?|pre-?process(es)?|tokeni[sz]es?|splits?|resizes?|normali[sz]es?|filters?|cleans|prepares?)\b[^.]{0,60}\b(data|dataset|labels|annotations|images|videos|audio|files?|text|corpus|records|format|train)\b",
    );
    /// How many lines behind a command that is said.
    const BEHIND: u32 = 12;
    for passage in page.telling().filter(|passage| DOES.is_in(&passage.lower)) {
        let command = page.telling_commands().filter(|command| {
            command.section == passage.section
                && command.lines.first <= passage.lines.last
                && command.lines.last + BEHIND >= passage.lines.first
                && command.named & (does::TRAIN | does::EVALUATE | does::INFER | does::PREPARE_MACHINE) == 0
                && super::page::is_script(&super::command::script(&command.lower))
        });
        if let Some(command) = command.last() {
            finder.add(Item::ProcessingCode, command.lines, LIKELY, &command.text);
        }
    }
    // A link or a flag that is said to process.
    static METHOD: Pattern = Pattern::new(r"pre-?process|data prep|tokeni[sz]");
    static TO_PROCESS: Pattern = Pattern::new(
        r"\bto (pre-?process|prepare|tokeni[sz]e|binari[sz]e)\b.{0,60}\b(data|dataset|corpus|text|images|videos)\b.{0,20}\b(see|follow|refer|use|run)",
    );
    static LINKED: Pattern = Pattern::new(
        r"(instructions|guide|scripts?|notebook|code|steps|tutorial|recipe)\b.{0,40}\b(pre-?process|prepar|process|tokeni[sz]|convert)|(pre-?process|prepar|process|tokeni[sz])\w*.{0,60}\b(script|notebook|guide)\b",
    );
    static FLAG: Pattern =
        Pattern::new(r"\b\w*(data_prep|prepare_data|preprocess)\w*\b.{0,30}\b(flag|option|argument)");
    for passage in page.telling().filter(|passage| passage.kind != Kind::Title && passage.kind != Kind::Row) {
        let linked = passage.links.iter().any(|link| {
            let text = link.text.to_lowercase();
            let target = link.target.to_lowercase();
            let method =
                METHOD.is_in(&text) && super::page::is_script(target.rsplit('/').next().unwrap_or_default());
            let led = TO_PROCESS.is_in(&passage.lower) && METHOD.is_in(&target);
            !link.image && !link.target.starts_with('#') && (LINKED.is_in(&text) || method || led)
        });
        static CODED: Pattern = Pattern::new(
            r"\b(code|scripts?|notebooks?|tools?|pipeline)\b.{0,20}\b(to|for|that|which)\b.{0,16}\b(pre-?process|prepar|tokeni[sz]|process)\w*.{0,80}\b(in|at|under|is|see|found|here|provided)\b|\b(pre-?processing|data preparation) (code|scripts?|notebooks?)\b.{0,40}\b(in|at|under|is|are|see|found|here|provided)\b",
        );
        let coded = CODED.is_in(&passage.lower)
            && passage.code.iter().any(|code| code.contains('/') || super::page::is_script(code));
        static SCRIPT_MAKES: Pattern = Pattern::new(
            r"\bscripts? (will |also |automatically |then )*(creates?|generates?|builds?|converts?|splits?|tokeni[sz]es?|pre-?process(es)?) (the )?(train\w*|validation|vocab\w*|splits?|data\w*|text|audio|images)",
        );
        static INSTRUCTED: Pattern = Pattern::new(
            r"\bfollow\w* (the )?(instructions?|steps|guide)\b.{0,100}\bto (pre-?process|prepare|tokeni[sz]e|binari[sz]e)\b",
        );
        let coded = coded
            || SCRIPT_MAKES.is_in(&passage.lower)
                && passage.code.iter().any(|code| super::page::is_script(code))
            || INSTRUCTED.is_in(&passage.lower)
                && passage.links.iter().any(|link| !link.image && !link.target.starts_with('#'));
        let about = page.is_about(passage.section, topic::DATA | topic::PROCESSING);
        if linked || coded || (about && FLAG.is_in(&passage.lower)) {
            finder.add(Item::ProcessingCode, passage.lines, LIKELY, &passage.text);
        }
    }
}

fn tables(page: &Page<'_>, finder: &mut Finder) {
    static COUNT: Pattern = Pattern::new(
        r"^(#|number of |num |no\. of )?\s?(training |train |validation |test |eval )?(samples|examples|images|videos|utterances|sentences|hours|classes|size|documents|tokens|graphs|nodes|edges)$|^(train|test|eval|val|dev) size$",
    );
    static DIGIT: Pattern = Pattern::new(r"\d");
    for table in page.tables.iter().filter(|table| !page.is_about(table.section, topic::ASIDE)) {
        let columns = table.header.iter().filter(|name| COUNT.is_in(name.trim_matches('*'))).count();
        let named_rows =
            table.rows.iter().filter(|row| row.first().is_some_and(|name| COUNT.is_in(name))).count();
        let speaks = table.header.iter().any(|name| DATA.is_in(name))
            || page.is_about(table.section, topic::DATA)
            || columns > 1;
        if (columns > 0 && speaks || named_rows > 0)
            && table.rows.iter().flatten().any(|cell| DIGIT.is_in(cell))
        {
            let line = table.row_lines.first().copied().unwrap_or(table.lines.first);
            finder.add(
                Item::RawDataDescription,
                crate::facts::Lines::at(line),
                PLAIN,
                "table of the data's size",
            );
        }
    }
}
