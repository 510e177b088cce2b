//! Training: the model, its loss, the code that trains it, how training goes and what comes out.

use super::page::{Kind, Page, Passage, does, topic};
use super::{Finder, Item, LIKELY, PLAIN};
use crate::facts::Lines;
use crate::pattern::Pattern;

/// Finds what the document says about training.
pub(super) fn find(page: &Page<'_>, finder: &mut Finder) {
    for passage in page.telling() {
        architecture(page, passage, finder);
        loss(page, passage, finder);
        dynamics(page, passage, finder);
        outputs(page, passage, finder);
        mentioned(page, passage, finder);
    }
    commands(page, finder);
    tables(page, finder);
    figures(page, finder);
    records(page, finder);
}

/// What training prints: several lines that each give a step and how well it went.
fn records(page: &Page<'_>, finder: &mut Finder) {
    static LINE: Pattern = Pattern::new(
        r"\b(iter(ation)?s?|epochs?|steps?)\b\W{0,4}\d.{0,80}\b(loss|error|acc\w*|ppl|perplexity|wer|cer|bleu|psnr|reward|score)\b\W{0,6}\d",
    );
    /// How many lines make a record.
    const LINES: usize = 2;
    let telling = page.snippets.iter().filter(|snippet| {
        !page.is_about(snippet.section, topic::ASIDE | topic::REFERENCES | topic::INSTALLATION)
    });
    for snippet in telling {
        let mut found =
            snippet.lower.lines().zip(snippet.lines.first + 1..).filter(|(line, _)| LINE.is_in(line));
        let Some((text, line)) = found.next() else { continue };
        let place = Lines::at(line.min(snippet.lines.last));
        if 1 + found.count() >= LINES {
            finder.add(Item::Dynamics, place, PLAIN, text);
            finder.add(Item::TargetMetrics, place, 20, text);
        }
    }
}

/// Names of architectures and of their families.
static ARCHITECTURE: Pattern = Pattern::new(
    r"\b(res-?nets?|resnext\w*|densenets?|vgg-?\d*|alexnet|inception|efficientnets?|mobilenet\w*|shufflenet\w*|squeezenet|regnet\w*|convnext\w*|vits?|vision transformers?|swin\w*|deit\w*|u-?nets?(-?3d|\d*)?|v-?net|deeplab\w*|pspnet|fcn|mask r-?cnn|(fast|faster) r-?cnn|r-?cnn|retinanet|yolo\w*|ssd|detr|centernet|bert\w*|roberta|albert|electra|gpt-?\w*|llama\w*|t5|bart|xlnet|opt|mamba|rwkv|transformers?|conformers?|zipformers?|performers?|lstms?|grus?|rnn-?t|convnets?|(dynamic|lightweight|separable|graph|dilated|depthwise|deformable) convolutions?|gcns?|gats?|gnns?|auto-?encoders?|normali[sz]ing flows?|diffusion models?|ddpm|nerf|wav2vec\w*|hubert|wavlm\w*|whisper\w*|jasper|quartznet|deepspeech\w*|tacotron\w*|waveglow|wavenet|hifi-?gan|fastspeech\w*|transducers?|crdnn|ecapa\w*|x-?vectors?|(deep |graph |convolutional |recurrent |artificial )?neural networks?|neural (wiring|ode|process)\w*|mlps?|multi-?layer perceptrons?|perceptrons?|(convolutional|recurrent|fully[- ]connected|residual|attention|dense|linear) (neural )?(layers?|networks?|blocks?|units?)|decision trees?|random forests?|gradient boosting|xgboost|gaussian process\w*|support vector\w*|capsule networks?|memory networks?|hypernetworks?|siamese|mixture[- ]of[- ]experts|ncf|dlrm|tft|temporal fusion \w+|matrix factori[sz]ation|encoder-?decoder|seq2seq|sequence[- ]to[- ]sequence|(text|object|face|keypoint|anomaly|lane) detectors?|language models?|word2vec|fasttext|classifiers?|qwen\w*|pythia|neox|levenshtein)\b",
);

/// How names of architectures end: what stands before makes no difference.
static KIND_OF_ARCHITECTURE: Pattern =
    Pattern::new(r"\wformers?\b|(rnn|cnn|gan|vae)s?\b|\wnets\b|flow models?\b|\b[a-z]+convs?\b");

fn names_architecture(lower: &str) -> bool {
    ARCHITECTURE.is_in(lower) || KIND_OF_ARCHITECTURE.is_in(lower)
}

fn architecture(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static SAID: Pattern = Pattern::new(
        r"\b(architecture|backbone|encoder|network|layers?|hidden (size|units)|heads|model (consists|is (a|an|based|composed)|contains|structure)|based on|we (use|train|propose|introduce)|implementation of|variant|generators?|discriminator|mask extractor|cells?|train(s|ed|ing)? (a|an|the|our))\b",
    );
    static LAYERS: Pattern = Pattern::new(
        r"\b\d+[- ]?layers?\b|\bn_layers?\b|\bd_model\b|\bhidden (size|units)\b|\b(n|num)_heads?\b|--arch(itecture)?\b|--model\b|\bbackbone\b",
    );
    static CASED: Pattern =
        Pattern::new(r"[a-z]-?(Net|RNN|CNN|GAN|VAE|BERT|GPT|Former|MAE|NN|LSTM)(v?[0-9]+|-[0-9A-Z]+)?\b");
    let lower = passage.lower.as_str();
    if page.is_about(passage.section, topic::INSTALLATION) && passage.kind != Kind::Title {
        return;
    }
    // What fits any network names none.
    static ANY: Pattern = Pattern::new(
        r"\b(any|other|different|custom) (\w+ ){0,2}(backbone|classifier|architecture|network|detector)s?\b",
    );
    let without = ANY.remove(lower);
    let lower = without.as_str();
    let named = names_architecture(lower) || CASED.is_in(&passage.text);
    let sized = LAYERS.is_in(lower);
    if !named && !sized {
        return;
    }
    // A title may speak of a task.
    static TASK: Pattern = Pattern::new(
        r"\b(language models?|classifiers?|(text|object|face|keypoint|anomaly|lane) detectors?|(deep )?neural networks?)\b",
    );
    if passage.kind == Kind::Title
        && passage.section > 1
        && !CASED.is_in(&passage.text)
        && !sized
        && !names_architecture(&TASK.remove(lower))
    {
        return;
    }
    let mut weight: u32 = 10;
    if named {
        weight += 10;
    }
    if SAID.is_in(lower) {
        weight += 12;
    }
    if sized {
        weight += 10;
    }
    if lower.contains("architecture") {
        weight += 14;
    }
    if page.is_about(passage.section, topic::REFERENCES) {
        weight = weight.saturating_sub(8);
    }
    if page.own_topics(passage.section) & (topic::INFERENCE | topic::EXPORT | topic::PERFORMANCE) != 0 {
        weight = weight.saturating_sub(8);
    }
    match passage.kind {
        Kind::Title if passage.section <= 1 => weight += 4,
        Kind::Title => weight = weight.saturating_sub(6),
        _ => {}
    }
    finder.add(Item::Architecture, passage.lines, weight, &passage.text);
}

/// Whether a text names a loss.
fn names_loss(lower: &str) -> bool {
    static KNOWN: Pattern = Pattern::new(
        r"\bcross[- ]?entropy\b|\bmean[- ]squared[- ]error\b|\bsum of squared (differences|errors)\b|\bcontrastive (learning|loss|objective|pre-?training)|\bnegative log[- ]?likelihood\b|\bmaximum likelihood\b|\bmaximi[sz](e|es|ing) (the )?((marginal|data|training|conditional) )?(log[- ]?)?likelihood\b|\bevidence lower bound\b|\belbo\b|\binfonce\b|\b(arc-?face|cos-?face|aam|arc-?margin|additive (angular )?margin|am-?softmax|aam-?softmax|sphere-?face)\b|\bnt-?xent\b|\b(hinge|softmax|focal|triplet|quantile|ctc|transducer|dice|adversarial|perceptual|reconstruction|wasserstein|margin|ranking|huber|smooth l1|l1|l2|mse|mae|bce|nll|kl|pinball|contrastive|cycle[- ]consistency|distillation|infonce|regression|classification|segmentation|mutual information( \(\w+\))?|rmi|backbone|arcface|cosine|multi-?task|auxiliary|self-?supervised|masked[- ]\w+|variational|policy( gradient)?|commitment|spectral|identity|content|style|feature[- ]matching|smoothness|photometric|chamfer|bpr|logistic|exponential|squared|absolute|nat_|label[- ]smooth\w*( cross entropy)?)[- ]?loss(es)?\b|\bloss(es)? (function )?(is|are|based on|we use|:)\s|\bobjective (function )?(is|:)\s|\b(using|with|by|optimi[sz]\w+|minimi[sz]\w+|maximi[sz]\w+) (the |an? )?[\w-]+ objective\b|\b(consists? of|us(e|es|ing)|with|introduces?|proposes?) (an? |the )?[\w-]+(-based|-wise|-aware|-level) (\w+ )?loss\b|\bloss ?function ?[:=]|\bminimi[sz](e|es|ing) (the )?[a-z -]{0,40}(loss(es)?|error|divergence)\b|(^|\s)--(criterion|loss|loss[-_](fn|type|function))[ =][\w-]+",
    );
    static GENERAL: Pattern = Pattern::new(
        r"\b(validation|val|train(ing)?|test|eval|best|lowest|least|final|total) loss(es)?\b|\bloss curves?\b|\bloss scaling\b|different losses|definitions? of loss|loss functions? (and|are defined|definitions?)",
    );
    KNOWN.is_in(lower) && KNOWN.is_in(&GENERAL.remove(lower))
}

fn loss(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static IMPLEMENTATION_OF: Pattern = Pattern::new(
        r"^\W*[\w/.]+\.py\b|\b(defin|implement|contain)\w*\b.{0,60}\.py\b|\.py\b.{0,40}\b(defin|implement|contain)",
    );
    let lower = passage.lower.as_str();
    if page.is_about(passage.section, topic::INSTALLATION) && !lower.contains("this recipe uses") {
        // An extra dependency may be there for the loss.
        if !(lower.contains("recipe") || lower.contains("train")) {
            return;
        }
    }
    if page.is_about(passage.section, topic::REFERENCES) && passage.kind != Kind::Title {
        return;
    }
    if names_loss(lower) && !(passage.kind == Kind::Item && IMPLEMENTATION_OF.is_in(lower)) {
        let weight = if page.is_about(passage.section, topic::TRAINING | topic::HYPERPARAMETERS) {
            PLAIN
        } else {
            LIKELY
        };
        finder.add(Item::Loss, passage.lines, weight, &passage.text);
    }
}

/// Links to records of training.
fn is_log(target: &str, text: &str) -> bool {
    static HOST: Pattern = Pattern::new(
        r"tensorboard\.dev|wandb\.(ai|com)|comet\.(ml|com)|neptune\.ai|/tensorboard([/#?]|$)|mlflow",
    );
    static LOG: Pattern = Pattern::new(r"\.log(\.\w+)?$|\.log\.json|train(ing)?[-_ ]?logs?|log\.txt|/logs?/");
    static WORD: Pattern =
        Pattern::new(r"^(train(ing)? )?logs?$|training (logs?|curves?)|loss curves?|tensorboard");
    HOST.is_in(target) || LOG.is_in(target) || WORD.is_in(text)
}

fn dynamics(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static TIME: Pattern = Pattern::new(
        r"(\d[\d.,]*|\bone|\btwo|\bthree|\bfour|\bfive|\bsix|\bhalf an?|\ba few|\ban|\bseveral)\s?~?(-|to|–)?\s?\d*\s?(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|h)\b|\d\s?(min|sec|h)s?/(epoch|iteration)|\b\d+s per (epoch|step)|\b(hours used|[gt]pu[- ](hours|days)|[avh]100[- ](hours|days))\W{0,12}\d|\d\s?k?\s([gt]pu|[avh]100)[- ](hours|days)",
    );
    static TRAINING: Pattern = Pattern::new(
        r"\b(train(ing|ed|s)?|fine-?tun\w+|epochs?|converge\w*|optimi[sz]ation|run(s|ning)? for|runtime|pre-?train\w*|ttt|hours used|[gt]pu[- ](hours|days)|[avh]100[- ](hours|days)|time[- ]to[- ](train|convergence|accuracy|target))\b",
    );
    static OTHER: Pattern = Pattern::new(
        r"\b(download\w*|pre-?process\w*|data prep\w*|preparation|inference|latency|of (speech|audio|video|read|recorded|training data|data|labell?ed|transcribed)|hours? (speech|audio)|compil\w+|install\w*|tokeni[sz]\w+|processing may|ago|frames?|context|chunk|sampled|window|stride|contains|corpus|dataset (contains|consists))\b",
    );
    static CONVERGE: Pattern = Pattern::new(
        r"\bconverge[sd]?\b.{0,40}\b\d|\b(stop(s|ped)?|early stop\w*) .{0,30}\b(at|after|in) .{0,20}\d|\b(after|in|within|at about|at) (about |around |~)?\d[\d,.]*\s?(k|m)?~?\d*k?\s(epochs|iterations|steps|updates)\b.{0,80}\b(loss|accuracy|reach|converge|collapse|stable|error|perplexity|wer|map)|\b(reach|converge|collapse|stable|best)\w*\b.{0,60}\b(after|at|in) .{0,24}\d[\d,.]*k?\s(epochs?|iterations|steps|updates)\b|\b(accuracy|loss|error|perplexity|wer|bleu|map)\b[^.]{0,30}\d[^;]{0,30}\bafter (about |around |training for )?\d[\d,.]*\s?k?\s(epochs?|iterations|steps|updates)\b|training (should|will|can) stop|\b(iteration|epoch|step) \d[\d,]*k?\b.{0,40}\b(accuracy|loss|error|perplexity|wer)\b.{0,12}\d",
    );
    static LOGS: Pattern = Pattern::new(
        r"\b(training|tensorboard|wandb|loss)\b.{0,24}\b(logs?|curves?|runs?)\b|\blogs?\b.{0,20}\btraining\b|(models?|checkpoints?),? (and )?(training )?logs",
    );
    let lower = passage.lower.as_str();
    let plans = page.is_about(passage.section, topic::INSTALLATION)
        || (page.own_topics(passage.section) & (topic::DATA | topic::PROCESSING | topic::INFERENCE) != 0
            && page.own_topics(passage.section) & (topic::TRAINING | topic::RESULTS) == 0);
    for link in passage.links.iter().filter(|link| !link.image) {
        let target = link.target.to_lowercase();
        if !target.starts_with('#')
            && (is_log(&target, &link.text.to_lowercase())
                || (LOGS.is_in(lower) && target.contains("://") && passage.kind != Kind::Row))
        {
            finder.add(Item::Dynamics, passage.lines, PLAIN, &passage.text);
        }
    }
    if plans || matches!(passage.kind, Kind::Title | Kind::Row) {
        return;
    }
    let about = page.is_about(passage.section, topic::TRAINING);
    if TIME.is_in(lower)
        && (TRAINING.is_in(lower) || (about && lower.contains("take")))
        && !OTHER.is_in(lower)
    {
        finder.add(Item::Dynamics, passage.lines, PLAIN, &passage.text);
    } else if CONVERGE.is_in(lower)
        && (about || TRAINING.is_in(lower))
        && !page.is_about(passage.section, topic::INFERENCE)
    {
        finder.add(Item::Dynamics, passage.lines, LIKELY, &passage.text);
    }
}

fn figures(page: &Page<'_>, finder: &mut Finder) {
    static CURVE: Pattern = Pattern::new(
        r"loss|curve|tensorboard|convergence|learning[-_ ]?curve|train(ing)?[-_ ](acc|err|plot|progress|curve)|val[-_]?(loss|acc)|wandb",
    );
    for link in
        page.document.links.iter().filter(|link| link.image && !page.is_about(link.section, topic::ASIDE))
    {
        let name = link.target.rsplit('/').next().unwrap_or_default().to_lowercase();
        let is_badge = link.target.contains("shields.io") || link.target.contains("badge");
        if !is_badge && (CURVE.is_in(&name) || CURVE.is_in(&link.text.to_lowercase())) {
            finder.add(Item::Dynamics, Lines::at(link.line), LIKELY, "figure of training");
        }
    }
}

fn is_weights(target: &str) -> bool {
    static FILE: Pattern = Pattern::new(
        r"\.(pth?|ckpt|h5|hdf5|onnx|pb|tflite|safetensors|bin|pkl|pt2|caffemodel|weights|params|npz|pdparams|th|t7|nemo|gguf|mar)(\.\w{2,3})?([?#]|$)",
    );
    static NAMED: Pattern = Pattern::new(
        r"(model|checkpoint|ckpt|weight|pretrain)[^/]*\.(tar|tar\.gz|tgz|zip)([?#]|$)|/models/[^?]*\.(tar|tar\.gz|tgz|zip)",
    );
    FILE.is_in(target) || NAMED.is_in(target)
}

fn is_model_host(target: &str) -> bool {
    static HUB: Pattern = Pattern::new(
        r"(huggingface\.co|hf\.co)/(collections/)?[\w.-]+(/[\w.-]+)?/?([?#]|/(tree|resolve|blob)/|$)|ngc\.nvidia\.com/(catalog/)?(models|orgs/.*models)|catalog\.ngc\.nvidia\.com/orgs/.*models|ngc\.nvidia\.com/models|modelscope\.cn/models|tfhub\.dev|kaggle\.com/models|pytorch\.org/hub|replicate\.com",
    );
    static NOT: Pattern =
        Pattern::new(r"huggingface\.co/(docs|datasets|spaces|blog|join|papers|settings|transformers)");
    HUB.is_in(target) && !NOT.is_in(target)
}

/// Whether a link's words only point to what the sentence speaks of.
fn is_pointer(text: &str) -> bool {
    matches!(
        text.trim(),
        "here"
            | "this"
            | "link"
            | "this link"
            | "the link"
            | "url"
            | "download"
            | "download link"
            | "this page"
    )
}

fn is_file_host(target: &str) -> bool {
    static HOST: Pattern = Pattern::new(
        r"drive\.google|dropbox|onedrive|1drv\.ms|sharepoint|zenodo|figshare|pan\.baidu|amazonaws|s3\.|storage\.googleapis|yadi\.sk|disk\.yandex|mediafire|nextcloud|owncloud|seafile|/releases/|box\.com|mega\.nz|osf\.io|cloud|fbaipublicfiles|download\.|dl\.|\.edu/|gs://|s3://|hdfs:",
    );
    HOST.is_in(target)
}

static PRETRAINED: Pattern = Pattern::new(
    r"pre-?trained|trained (models?|weights|networks?|checkpoints?)|\bcheckpoints?\b|\bckpts?\b|\bmodel weights\b|\bweights\b|\bmodel zoo\b|\bmodels? (\([^()]*\) )?(can be|is|are|have been|has been|were|was) (publicly |freely |also |now )*(downloaded|available|released|found|upload(ed)?|published|shared|hosted)|\bmodel files?\b|\bour models?\b|\breleas(e[sd]?|ing) the parameters\b|\bdownload (\w+ ){0,3}models?\b",
);

fn outputs(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static GIVEN: Pattern = Pattern::new(
        r"download|available|can be found|found (at|here|in|on)|released?\b|provide|\bhosted|\bhere\b|get the|see the available|obtain|upload|\blink\b|\bpick a\b",
    );
    static INPUT: Pattern = Pattern::new(
        r"\b(start(ing|s)? (from|with)|initiali[sz]\w*|backbone|imagenet[- ]pre-?trained|feature extract\w*|word (vectors|embeddings)|vgg|as (a )?teacher|we use (the )?pre-?trained|you need to download|before training|for fine-?tuning|pre-?training (checkpoint|model|weights)|permission|openai)\b",
    );
    static MODEL_WORD: Pattern = Pattern::new(r"\bmodels?\b");
    let lower = passage.lower.as_str();
    if passage.kind == Kind::Title
        || page.is_about(passage.section, topic::INSTALLATION) && !PRETRAINED.is_in(lower)
    {
        return;
    }
    let released = PRETRAINED.is_in(lower);
    let about_models = page.is_about(passage.section, topic::MODELS);
    // A table of released models names their backbones.
    let own = page.own_topics(passage.section);
    let prepares = own & (topic::PROCESSING | topic::DATA) != 0
        && own & (topic::MODELS | topic::INFERENCE | topic::EVALUATION | topic::RESULTS) == 0;
    let input = passage.kind != Kind::Row
        && (INPUT.is_in(lower) || prepares && super::hyperparameters::is_start_fetched(lower));
    let about_references = page.is_about(passage.section, topic::REFERENCES);
    for link in passage.links.iter().filter(|link| !link.image) {
        let target = link.target.to_lowercase();
        let text = link.text.to_lowercase();
        if target.starts_with('#') || target.trim().is_empty() {
            continue;
        }
        let is_source = target.contains("/blob/") && target.ends_with(".py");
        let is_row = passage.kind == Kind::Row;
        let given = GIVEN.is_in(lower);
        let files = is_file_host(&target);
        let is_file = is_weights(&target) && !is_source && !target.ends_with("requirements.txt");
        let hub = is_model_host(&target)
            && !about_references
            && (released || about_models || is_row || given || MODEL_WORD.is_in(lower));
        let leads_on = text.contains("zoo")
            || target.contains("zoo")
            || (is_pointer(&text) && target.contains("://"))
            || target.contains("models");
        static MODELS_FROM: Pattern = Pattern::new(r"\bdownload (\w+ ){0,3}models\b.{0,40}\bfrom\b");
        let offered_here = MODELS_FROM.is_in(lower) && target.contains("://");
        let named = PRETRAINED.is_in(&text) && !target.contains("arxiv.org") && given;
        let led = released && given && !about_references && leads_on;
        let listed = files
            && (lower.contains("(model") || lower.contains("model:") || is_row && lower.contains("model"));
        static OURS: Pattern = Pattern::new(
            r"\bdownload (our|the) (published|released|trained|best|final|official)\b.{0,120}\bmodels?\b",
        );
        let listed = listed || (files && OURS.is_in(lower));
        let offered = lower.contains("available models") && target.contains("://");
        let weight = if is_file {
            PLAIN + 10
        } else if hub || (released && files && (given || is_row)) {
            PLAIN
        } else if named || led || listed || offered || offered_here {
            LIKELY
        } else {
            continue;
        };
        if !input {
            finder.add(Item::Outputs, passage.lines, weight, &passage.text);
        }
    }
    static FETCHED: Pattern = Pattern::new(
        r"\bautomatically (be )?download(s|ed)? (\w+ ){0,3}(models?|checkpoints?|weights)\b|\b(models?|checkpoints?|weights) (is|are|will be) (automatically downloaded|downloaded automatically)\b",
    );
    let before_training = super::hyperparameters::is_initialization(lower)
        || page
            .headings
            .get(passage.section)
            .is_some_and(|heading| INPUT.is_in(&heading.title.to_lowercase()));
    if FETCHED.is_in(lower) && !input && !before_training {
        finder.add(Item::Outputs, passage.lines, LIKELY, &passage.text);
    }
    // An address within inline code.
    for code in &passage.code {
        if (is_weights(code) || is_model_host(code)) && code.contains("://") && !input {
            finder.add(Item::Outputs, passage.lines, PLAIN, &passage.text);
        } else if (code.contains("://") || code.starts_with("hdfs:") || code.starts_with("gs:"))
            && released
            && GIVEN.is_in(lower)
        {
            finder.add(Item::Outputs, passage.lines, LIKELY, &passage.text);
        }
    }
}

fn commands(page: &Page<'_>, finder: &mut Finder) {
    static MODEL: Pattern = Pattern::new(r"\b(models?|checkpoints?|weights|pre-?trained)\b");
    static NAMED_MODEL: Pattern =
        Pattern::new(r"model|checkpoint|weights|pretrain|\.pth?\b|\.ckpt|\.onnx|/models?/");
    static INPUT: Pattern = Pattern::new(
        r"backbone|imagenet|embedding|glove|word2vec|teacher|prerequisite|initial|pretraining checkpoint|for fine-?tun|to fine-?tun",
    );
    let others = does::PROCESS | does::DOWNLOAD | does::PREPARE_MACHINE | does::EXPORT;
    static LOSS: Pattern = Pattern::new(
        r"\s--?(criterion|loss|objective)([-_](fn|type|func|function|name))?[ =]+[a-z]|\s--?(ctc|mse|l1|l2|kl|heat|dice|focal|triplet|contrastive|adversarial|adv|perceptual|gan|nll|bce|ce|mmi|cycle|distill|distillation)[-_]?loss[-_](scale|weight|coef\w*|lambda)[ =]+\d",
    );
    for command in page.telling_commands() {
        let named = command.named;
        if (named | command.said) & does::TRAIN != 0
            && let Some(found) = LOSS.find(&command.lower)
        {
            let line = super::hyperparameters::line_of(command, found.as_str());
            finder.add(Item::Loss, line, PLAIN, &command.text);
        }
        if named & does::TRAIN != 0 && named & (does::DOWNLOAD | does::PREPARE_MACHINE) == 0 {
            finder.add(Item::TrainingCode, command.lines, PLAIN, &command.text);
        } else if command.said & does::TRAIN != 0
            && named & does::RUN != 0
            && named & (others | does::EVALUATE | does::INFER) == 0
            && (command.said & (does::EVALUATE | does::INFER | does::DOWNLOAD | does::PROCESS) == 0
                || named & does::RUN == named && command.said & (does::DOWNLOAD | does::PROCESS) == 0)
        {
            finder.add(Item::TrainingCode, command.lines, LIKELY, &command.text);
        }
        let of_start = page
            .headings
            .get(command.section)
            .is_some_and(|heading| INPUT.is_in(&heading.title.to_lowercase()));
        let fetches = named & does::DOWNLOAD != 0 && !of_start;
        let code = command.lower.starts_with("git clone") && !command.lower.contains("huggingface");
        if fetches
            && !code
            && !INPUT.is_in(&command.lead)
            && command.lower.contains("://")
                | super::page::is_script(&super::command::script(&command.lower))
                | command.lower.contains("gdown")
                | command.lower.contains("gs://")
                | command.lower.contains("s3 cp")
                | command.lower.contains("download")
        {
            let led = MODEL.is_in(&command.lead);
            let own = NAMED_MODEL.is_in(&command.lower);
            let data = command.lower.contains("data") && !own;
            // What is fetched before training is where training starts.
            let trains_after = page.commands.iter().any(|next| {
                next.section == command.section && next.lines > command.lines && next.named & does::TRAIN != 0
            });
            let is_data_only = command.lead.contains("data") && !led;
            if (led || own) && !data && !trains_after && !is_data_only {
                finder.add(Item::Outputs, command.lines, PLAIN, &command.text);
            }
        }
    }
    // A script that is run without a word on what it does, in a document whose options are those of training.
    if !finder.has(Item::TrainingCode) {
        static OPTIONS: Pattern =
            Pattern::new(r"learning rate|number of epochs|optimi[sz]er|weight decay|training epochs");
        static ENTRY: Pattern = Pattern::new(r"^(main|run|experiments?)([_-]\w+)?\.(py|sh|jl|r|m|lua)$");
        let has_options =
            page.passages.iter().any(|passage| passage.kind == Kind::Item && OPTIONS.is_in(&passage.lower));
        static DATASET: Pattern =
            Pattern::new(r"--?(data|dataset|data[-_]?set|task|env\w*|problem|corpus)[-_\w]*[ =]\S");
        static USAGE: Pattern =
            Pattern::new(r"usage|run(ning)?|experiments?|quick ?start|how to|reproduc|getting started");
        for command in page.telling_commands().filter(|command| command.named == does::RUN) {
            let heading = page.headings.get(command.section);
            let usage = heading.is_some_and(|heading| heading.trail.iter().any(|title| USAGE.is_in(title)));
            let script = super::command::script(&command.lower);
            // The one entry point of a work, handed a data set, is what its experiments are.
            let is_entry = ENTRY.is_in(&script) && DATASET.is_in(&command.lower);
            if super::page::is_script(&script) && usage && (has_options || is_entry) {
                finder.add(Item::TrainingCode, command.lines, LIKELY, &command.text);
            }
        }
    }
}

/// Scripts, folders and notebooks that sentences say to train with.
fn mentioned(page: &Page<'_>, passage: &Passage<'_>, finder: &mut Finder) {
    static TRAINS: Pattern = Pattern::new(
        r"\b(training (routines?|scripts?|codes?|procedure|recipes?|notebooks?|pipelines?)|(pipeline|commands?|scripts?)\b.{0,40}\b(contain\w*|includ\w*|cover\w*)\b.{0,40}\b(train|fine-?tun)\w*|(scripts?|notebooks?|code|files?|recipes?) .{0,30}(to|for|that) .{0,10}(train|reproduc)\w*|entry point (for|of|to) (the )?train\w*|(scripts?|notebooks?|code) for our experiments|run the .{0,20}(notebooks?|files)|(scripts?|code)( \w+)? (to|for) (reproduc\w*|train\w*)|(contain\w*|provide|release|includ\w*) (the )?(scripts?|code)\b.{0,30}\b(reproduc\w*|experiments?)|(source )?code for (reproduc\w*|all|the) .{0,20}experiments|(we are|are) using the .{0,60}recipe)\b",
    );
    static NOTEBOOK: Pattern = Pattern::new(r"\.ipynb|notebooks?");
    static FOLDERS: Pattern = Pattern::new(r"\b(sub-?director(y|ies)|(sub-?)?folders?|director(y|ies))\b");
    let lower = passage.lower.as_str();
    // A whole sentence may be set as a heading.
    let is_label = passage.kind == Kind::Title
        && (passage.links.is_empty() || !lower.contains(". ") && !lower.ends_with('.'));
    // Step-by-step instructions in a document of their own.
    static INSTRUCTIONS: Pattern = Pattern::new(
        r"\b(instructions?|guides?|steps|tutorials?|walk-?through)\b.{0,60}\b(found|see|refer|given|described|provided|follow|here|in|at)\b|\b(see|follow|refer to)\b.{0,40}\b(instructions?|guides?|steps|tutorial)\b",
    );
    static TO_TRAIN: Pattern = Pattern::new(r"train|fine-?tun");
    let leads_to_training = passage.links.iter().any(|link| {
        let words = format!("{} {}", link.text.to_lowercase(), link.target.to_lowercase());
        !link.image
            && !link.target.starts_with('#')
            && TO_TRAIN.is_in(&words.replace("pretrained", "").replace("pre-trained", ""))
    });
    let instructed = !is_label
        && passage.kind != Kind::Row
        && INSTRUCTIONS.is_in(lower)
        && page.own_topics(passage.section) & topic::TRAINING != 0
        && leads_to_training;
    if instructed {
        finder.add(Item::TrainingCode, passage.lines, LIKELY - 10, &passage.text);
    }
    if is_label || passage.kind == Kind::Row || !TRAINS.is_in(lower) {
        return;
    }
    if page.is_about(passage.section, topic::INSTALLATION | topic::REFERENCES)
        || lower.contains("should work")
    {
        return;
    }
    let coded = passage
        .code
        .iter()
        .any(|code| code.contains('/') || super::page::is_script(code) || NOTEBOOK.is_in(code))
        || !passage.code.is_empty() && FOLDERS.is_in(lower);
    let linked = passage.links.iter().any(|link| {
        let target = link.target.to_lowercase();
        !link.image && !target.starts_with('#') && !target.contains("arxiv") && !target.ends_with(".md")
    });
    if coded || linked {
        finder.add(Item::TrainingCode, passage.lines, LIKELY - 5, &passage.text);
    }
}

fn tables(page: &Page<'_>, finder: &mut Finder) {
    static TIME: Pattern = Pattern::new(
        r"time to train|train(ing)?\s?time|train(ing)? \(?hours|gpu[- ]hours|time ?\(?(hrs?|hours|min|days)|e2e time|total time|^hours$|^epochs? time|time/epoch|convergence",
    );
    static EPOCH: Pattern = Pattern::new(r"^(epochs?|steps?|iterations?|iter)$");
    static METRIC: Pattern = Pattern::new(r"greedy|search|loss|acc|wer|cer|bleu|map|error|dev|test|val");
    static INFERENCE: Pattern = Pattern::new(r"inference|latency|throughput");
    static DIGIT: Pattern = Pattern::new(r"\d");
    for table in page.tables.iter().filter(|table| !page.is_about(table.section, topic::ASIDE)) {
        let line = table.row_lines.first().copied().unwrap_or(table.lines.first);
        let inference = INFERENCE.is_in(&table.lead) || table.header.iter().any(|name| INFERENCE.is_in(name));
        let column = table.header.iter().position(|name| TIME.is_in(name));
        // A column may say itself that its time is that of training.
        let says = |column: &usize| table.header.get(*column).is_some_and(|name| name.contains("train"));
        if let Some(column) = column.filter(|column| !inference || says(column))
            && table.rows.iter().any(|row| row.get(column).is_some_and(|cell| DIGIT.is_in(cell)))
        {
            finder.add(Item::Dynamics, Lines::at(line), PLAIN, "table of training times");
        }
        let epoch = table.header.iter().position(|name| EPOCH.is_in(name));
        if let Some(column) = epoch.filter(|_| table.header.iter().any(|name| METRIC.is_in(name))) {
            let mut values: Vec<&str> = table
                .rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(String::as_str)
                .filter(|cell| DIGIT.is_in(cell))
                .collect();
            values.dedup();
            if values.len() >= 3 {
                finder.add(Item::Dynamics, Lines::at(line), PLAIN, "table of results by epoch");
            }
        }
    }
}
