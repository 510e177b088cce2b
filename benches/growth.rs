//! How the cost of one file grows with its length, for texts that are made to be slow: each is doubled, and a cost that
//! more than doubles shows as an exponent over 1. Processor time is counted, so a busy machine does not matter.
//!
//! `cargo bench --bench growth [-- PART]`; with `--profile dev` it needs no optimized build. It fails when an exponent
//! is over 1.5 and the cost is more than a whole file of that length may take.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::exit,
    reason = "a program that prints"
)]

use reprogate::facts::FileFacts;
use reprogate::policy::{PATH, Policy};
use reprogate::snapshot::Snapshot;
use reprogate::{Request, render, review};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A path, and pieces of text: the first once, the second over and over with `%` as its number, the third once.
type Pattern = (&'static str, &'static str, &'static str, &'static str);

const PATTERNS: &[Pattern] = &[
    // Markdown.
    ("README.md", "", "`a` ", ""),
    ("README.md", "", "`a%` ", ""),
    ("README.md", "", "`a%.py`\n", ""),
    ("README.md", "", "[a%](b%.md) ", ""),
    ("README.md", "", "[a](b%.py)\n\n", ""),
    ("README.md", "", "![a](b%.png) ", ""),
    ("README.md", "", "[a%][b] ", "\n\n[b]: c\n"),
    ("README.md", "", "[b%]: c%\n", ""),
    ("README.md", "", "# h%\n", ""),
    ("README.md", "", "# Training\n\ntext\n\n", ""),
    ("README.md", "", "##### Training %\n\npython train.py\n\n", ""),
    ("README.md", "| a | b |\n|---|---|\n", "| model % | 71.% |\n", ""),
    ("README.md", "|", " a |", "\n|---|\n"),
    ("README.md", "", "| a | b |\n|---|---|\n| accuracy | 71.2 |\n\n", ""),
    ("README.md", "", "* ", "x"),
    ("README.md", "", "> ", "x"),
    ("README.md", "", "- item %\n", ""),
    ("README.md", "", "1. item %\n   - inner\n", ""),
    ("README.md", "", "```\n", ""),
    ("README.md", "", "```bash\npython train%.py --lr 0.%\n```\n\n", ""),
    ("README.md", "```bash\n", "python train%.py --lr 0.%\n", "```\n"),
    ("README.md", "```bash\n", "python train.py --a% 1 \\\n", "```\n"),
    ("README.md", "```bash\n", "python -m a% --b c && ", "\n```\n"),
    ("README.md", "```bash\n", "cd a% && ", "\n```\n"),
    ("README.md", "```bash\n", "$(echo ", "\n```\n"),
    ("README.md", "```bash\n", "export A%=b%\n", "python $A1\n```\n"),
    ("README.md", "```bash\n", "for i in 1 2; do\n", "```\n"),
    ("README.md", "```bash\n", "cat <<EOF%\n", "```\n"),
    ("README.md", "```bash\n", "pip install a%\n", "```\n"),
    ("README.md", "```bash\n", "git clone https://github.com/a/b%\n", "```\n"),
    ("README.md", "```bash\n", "wget https://example.org/%.pth\n", "```\n"),
    ("README.md", "```python\n", "import a%\n", "```\n"),
    ("README.md", "```python\n", "model = Model.from_pretrained('a/b%')\n", "```\n"),
    ("README.md", "", "<div>", ""),
    ("README.md", "", "<div>\n\n", ""),
    ("README.md", "", "<!-- ", ""),
    ("README.md", "", "<!-- a -->\n", ""),
    ("README.md", "", "<a name=\"x%\"></a>", ""),
    ("README.md", "", "<img src=\"a%.png\">", ""),
    ("README.md", "", "<table><tr><td>", ""),
    ("README.md", "<table>", "<tr><td>model %</td><td>71.2</td></tr>\n", "</table>"),
    ("README.md", "<pre>", "python train.py\n", "</pre>"),
    ("README.md", "", "<pre>", ""),
    ("README.md", "", "<code>", ""),
    ("README.md", "", "<details><summary>a</summary>\n\n", ""),
    ("README.md", "", "*a_ ", ""),
    ("README.md", "", "**a* ", ""),
    ("README.md", "", "[", ""),
    ("README.md", "", "](", ""),
    ("README.md", "", "![", ""),
    ("README.md", "", "<", ""),
    ("README.md", "", "`", ""),
    ("README.md", "", "` `` ", ""),
    ("README.md", "", "\\", ""),
    ("README.md", "", "&amp;", ""),
    ("README.md", "", "$a$ ", ""),
    ("README.md", "", "http://a.b/% ", ""),
    ("README.md", "", "https://drive.google.com/file/d/%\n", ""),
    ("README.md", "", "[weights](https://zenodo.org/record/%/files/model.pth)\n\n", ""),
    ("README.md", "", "https://arxiv.org/abs/2101.%\n", ""),
    ("README.md", "", "https://github.com/a/b/commit/0123456789abcdef0123456789abcdef%\n", ""),
    ("README.md", "", "a\n===\n\n", ""),
    ("README.md", "", "word ", ""),
    ("README.md", "", "word. ", ""),
    ("README.md", "", "word %\n", ""),
    ("README.md", "", "a", ""),
    ("README.md", "", " ", ""),
    ("README.md", "", "\n", ""),
    ("README.md", "", "\t", ""),
    ("README.md", "", "\u{e9}", ""),
    ("README.md", "", "1", ""),
    ("README.md", "", "-", ""),
    ("README.md", "", "=", ""),
    ("README.md", "", "1.", ""),
    ("README.md", "", "a.", ""),
    ("README.md", "", "a/", ""),
    ("README.md", "", "a@", ""),
    ("README.md", "", "0123456789abcdef", ""),
    ("README.md", "", "batch size 32, learning rate 0.1, ", ""),
    ("README.md", "", "batch size: 32\n", ""),
    ("README.md", "", "- learning rate: 0.1\n- optimizer: Adam\n", ""),
    ("README.md", "", "We train on 8 V100 GPUs for 100 epochs with Adam. ", ""),
    ("README.md", "", "accuracy 90.1% ", ""),
    ("README.md", "", "Table % shows the results. ", ""),
    ("README.md", "", "The model is trained with cross-entropy loss. ", ""),
    ("README.md", "", "The data was downloaded from s3://bucket/% and processed. ", ""),
    ("README.md", "", "not applicable, because ", ""),
    ("README.md", "", "commit 0123abc ", ""),
    ("README.md", "", "@article{a%, title={b}, author={c}}\n", ""),
    ("README.md", "", "@misc{", ""),
    ("README.md", "@misc{a, title={", "{", ""),
    ("README.md", "", "A. B and C. D. Title. In ICML, 2021.\n\n", ""),
    ("README.md", "## Citation\n\n", "A. Moss and B. Fern. ", ""),
    ("README.md", "", "TODO ", ""),
    ("README.md", "", "- [ ] x\n", ""),
    ("README.md", "", "[^%]: x\n", ""),
    ("README.md", "", "MIT License ", ""),
    ("README.md", "---\n", "a%: b\n", "---\n"),
    ("recipe.md", "# Recipe\n\n", "## Data %\n\ntext\n\n", ""),
    ("recipe.md", "# Recipe\n\n", "Loss: cross entropy\n", ""),
    ("recipe.md", "# Recipe\n\n## Architecture\n\n", "layer % of 64 units\n", ""),
    ("recipe.md", "# Recipe\n\n## References\n\n", "- A. Moss, Title %, 2020\n", ""),
    ("LICENSE", "", "Permission is hereby granted ", ""),
    // reStructuredText and plain text.
    ("README.rst", "", "a%\n===\n\n", ""),
    ("README.rst", "", ".. image:: a%.png\n", ""),
    ("README.rst", "", "`a% <b%>`_ ", ""),
    ("README.rst", "", "::\n\n  a\n\n", ""),
    ("README.rst", "", ".. code-block:: bash\n\n   python a%.py\n\n", ""),
    ("README.rst", "", "+--+--+\n| a| b|\n", ""),
    ("README.rst", "", "==== ====\n", ""),
    ("README.rst", "", ".. _a%: b\n", ""),
    ("README.rst", "", "|a% ", ""),
    ("README.rst", "", "``a%`` ", ""),
    ("README.rst", "", "`", ""),
    ("README.rst", "", "* a\n", ""),
    ("README.rst", "", " ", "x"),
    ("README.rst", "", ":a:`b` ", ""),
    ("notes.txt", "", "python train.py --a%\n", ""),
    ("notes.txt", "", "word ", ""),
    // Notebooks.
    (
        "demo.ipynb",
        "{\"cells\":[",
        "{\"cell_type\":\"code\",\"execution_count\":%,\"source\":\"import a%\\n\",\"outputs\":[]},",
        "{\"cell_type\":\"markdown\",\"source\":\"x\"}],\"metadata\":{}}",
    ),
    (
        "demo.ipynb",
        "{\"cells\":[",
        "{\"cell_type\":\"markdown\",\"source\":[\"# h%\\n\",\"text\"]},",
        "{\"cell_type\":\"markdown\",\"source\":\"x\"}],\"metadata\":{}}",
    ),
    (
        "demo.ipynb",
        "{\"cells\":[{\"cell_type\":\"code\",\"source\":[",
        "\"a%\\n\",",
        "\"\"],\"outputs\":[]}]}",
    ),
    (
        "demo.ipynb",
        "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"x\",\"outputs\":[",
        "{\"output_type\":\"error\"},",
        "{}]}]}",
    ),
    ("demo.ipynb", "{\"cells\":", "[", ""),
    ("demo.ipynb", "{\"cells\":\"", "\\u00e9", "\"}"),
    (
        "demo.ipynb",
        "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"",
        "!pip install a%\\n",
        "\",\"outputs\":[]}]}",
    ),
    (
        "demo.ipynb",
        "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"",
        "%%bash\\npython a.py\\n",
        "\",\"outputs\":[]}]}",
    ),
    // Python.
    ("train.py", "", "import a%\n", ""),
    ("train.py", "", "from a% import b%\n", ""),
    ("train.py", "import ", "a%, ", "b\n"),
    ("train.py", "", "x% = %\n", ""),
    ("train.py", "", "x = ", "1\n"),
    ("train.py", "", "def f%():\n    pass\n", ""),
    ("train.py", "", "def f%():\n    \"\"\"Says.\"\"\"\n    f%()\n", ""),
    ("train.py", "", "class A%(nn.Module):\n    def forward(self, x):\n        return x\n", ""),
    (
        "train.py",
        "import argparse\np = argparse.ArgumentParser()\n",
        "p.add_argument('--a%', default=%)\n",
        "p.parse_args()\n",
    ),
    ("train.py", "if x:\n    pass\n", "elif x == %:\n    pass\n", ""),
    ("train.py", "", "if x:\n    y()\nelse:\n    z()\n", ""),
    ("train.py", "x = ", "a + \\\n", "1\n"),
    ("train.py", "x = (", "a +\n", "1)\n"),
    ("train.py", "x = (a", ".b\n", ")\n"),
    ("train.py", "x = (f", "()\n", ")\n"),
    ("train.py", "x = (f", "[0]\n", ")\n"),
    ("train.py", "x = (", "not\n", "1)\n"),
    ("train.py", "x = (", "lambda:\n", "1)\n"),
    ("train.py", "x = (", "a if b else\n", "1)\n"),
    ("train.py", "x = (", "a and\n", "1)\n"),
    ("train.py", "x = (", "a <\n", "1)\n"),
    ("train.py", "x = (", "-\n", "1)\n"),
    ("train.py", "x = (", "await\n", "1)\n"),
    ("train.py", "x = (", "'a%'\n", ")\n"),
    ("train.py", "x = (", "f'{a%}'\n", ")\n"),
    ("train.py", "x = [", "a%,\n", "]\n"),
    ("train.py", "x = {", "'a%': %,\n", "}\n"),
    ("train.py", "f(", "a%=%,\n", ")\n"),
    ("train.py", "", "@d%\n", "def f(): pass\n"),
    ("train.py", "", "a%; \\\n", "\n"),
    ("train.py", "", "# comment %\n", ""),
    ("train.py", "", "\"\"\"", ""),
    ("train.py", "\"\"\"", "python train.py --a% 1\n", "\"\"\"\n"),
    ("train.py", "", "'", ""),
    ("train.py", "", "(\n", ""),
    ("train.py", "", "\\\n", ""),
    ("train.py", "import torch\n", "torch.manual_seed(%)\n", ""),
    ("train.py", "import random\n", "random.random()\n", ""),
    ("train.py", "import numpy as np\n", "rng% = np.random.default_rng(%)\nrng%.normal()\n", ""),
    ("train.py", "import torch\n", "for x in y:\n    loss.backward()\n    optimizer.step()\n", ""),
    ("train.py", "import torch\n", "torch.save(model%.state_dict(), 'a%.pth')\n", ""),
    ("train.py", "import sys\n", "if sys.argv[%] == '--a%':\n    x()\n", ""),
    ("train.py", "import os\n", "os.system('python a%.py')\n", ""),
    ("train.py", "from absl import flags\n", "flags.DEFINE_string('a%', '', '')\n", ""),
    ("train.py", "import click\n", "@click.option('--a%')\n", "def main(): pass\n"),
    ("train.py", "", "def f%(x):\n    return f%(x)\nf%(f%)\n", ""),
    ("train.py", "", "print 'a%'\n", ""),
    // Other languages and configuration.
    ("train.sh", "", "python train.py --a% 1\n", ""),
    ("train.sh", "", "python train.py \\\n", ""),
    ("train.sh", "", "$(", ""),
    ("train.sh", "", "\"", ""),
    ("train.sh", "", "A%=b\n", "python $A1 $A2\n"),
    ("train.sh", "", "if x; then\n", ""),
    ("train.sh", "", "f%() {\npython a.py\n}\n", ""),
    ("train.sh", "", "; ", ""),
    ("train.R", "", "set.seed(%)\n", ""),
    ("train.R", "", "x <- lm(y ~ x%)\n", ""),
    ("train.R", "", "library(a%)\n", ""),
    ("train.jl", "", "using A%\n", ""),
    ("train.m", "", "rng(%)\n", ""),
    ("train.lua", "", "cmd:option('-a%', 1, 'b')\n", ""),
    ("train.lua", "", "optim.sgd(f, x%)\n", ""),
    ("train.cpp", "", "#include <a%>\n", ""),
    ("train.cpp", "", "/* ", ""),
    ("train.cpp", "", "int f%() { return 1; }\n", ""),
    ("Makefile", "", "a%: b\n\tpython train.py\n", ""),
    ("Makefile", "", "A%=b\n", ""),
    ("Makefile", "a:", " b%", "\n"),
    ("config.yaml", "", "a%: b\n", ""),
    ("config.yaml", "", "batch_size: 32\n", ""),
    ("config.json", "{", "\"lr%\": 0.1,", "\"b\": 1}"),
    ("config.gin", "", "a%.b = 0.1\n", ""),
    // What declares dependencies.
    ("requirements.txt", "", "a%==1.0\n", ""),
    ("requirements.txt", "", "a%[b] >= 1.0, < 2 ; python_version < '3' # c\n", ""),
    ("requirements.txt", "", "-r b%.txt\n", ""),
    ("requirements.txt", "a==1 ", "\\\n --hash=sha256:%", "\n"),
    ("requirements.txt", "", "git+https://github.com/a/b%.git@v1#egg=c\n", ""),
    ("requirements.txt", "", "a,", ""),
    ("environment.yml", "dependencies:\n", "  - a%=1.0\n", ""),
    ("environment.yml", "dependencies:\n  - pip:\n", "    - a%==1.0\n", ""),
    ("environment.yml", "", " ", "a"),
    ("pyproject.toml", "[project]\ndependencies = [", "\"a%==1\",\n", "]\n"),
    ("pyproject.toml", "[project]\ndependencies = [", "\"a%==1\", ", "]\n"),
    ("pyproject.toml", "", "[a%]\nb = 1\n", ""),
    ("pyproject.toml", "[tool.poetry.dependencies]\n", "a% = \"^1\"\n", ""),
    ("pyproject.toml", "a = ", "[", ""),
    ("pyproject.toml", "", "\"\"\"", ""),
    ("setup.py", "from setuptools import setup\nsetup(install_requires=[", "'a%>=1',\n", "])\n"),
    ("setup.cfg", "[options]\ninstall_requires =\n", "    a%>=1\n", ""),
    ("Pipfile", "[packages]\n", "a% = \"==1\"\n", ""),
    ("Pipfile.lock", "{\"default\":{", "\"a%\":{\"version\":\"==1\"},", "\"b\":{}}}"),
    ("poetry.lock", "", "[[package]]\nname = \"a%\"\nversion = \"1\"\n\n", ""),
    ("uv.lock", "", "[[package]]\nname = \"a%\"\nversion = \"1\"\n\n", ""),
    ("Dockerfile", "FROM a\n", "RUN pip install a%\n", ""),
    ("Dockerfile", "FROM a\nRUN a", " && pip install b%", "\n"),
    ("Dockerfile", "FROM a\nRUN a", " && \\\n b%", "\n"),
    ("DESCRIPTION", "Package: a\nImports: ", "b%,\n  ", "c\n"),
    ("Project.toml", "[deps]\n", "A% = \"0\"\n", ""),
    ("CMakeLists.txt", "", "find_package(A%)\n", ""),
    ("conda-lock.yml", "package:\n", "- name: a%\n  version: 1\n", ""),
    ("renv.lock", "{\"Packages\":{", "\"a%\":{\"Version\":\"1\"},", "\"b\":{}}}"),
    ("package.json", "{\"dependencies\":{", "\"a%\":\"1\",", "\"b\":\"1\"}}"),
    ("pixi.toml", "[dependencies]\n", "a% = \"1\"\n", ""),
    ("CITATION.cff", "authors:\n", "- name: a%\n", ""),
    ("CITATION.cff", "a: ", "[", ""),
    ("CITATION.cff", "a: ", "{a: ", ""),
    ("CITATION.cff", "a: [", "b, ", "]\n"),
    ("CITATION.cff", "a: {", "b%: c, ", "}\n"),
    ("CITATION.cff", "a: [", "&a%\n", "]\n"),
    ("CITATION.cff", "", "a%: b\n", ""),
    ("CITATION.cff", "", "- ", ""),
    ("CITATION.cff", "", "? ", ""),
    ("CITATION.cff", "", "a: b: ", ""),
    ("CITATION.cff", "a: \"", "\\x41 ", "\"\n"),
    ("CITATION.cff", "a: |\n", "  b\n", ""),
    ("CITATION.cff", "a: &x [1]\nb: [", "*x,", "]\n"),
    (PATH, "waivers:\n", "  - {rule: integrity/links, path: 'a%', reason: b, until: 2030-01-01}\n", ""),
    (PATH, "recipes:\n", "  - 'a%/**/*.md'\n", ""),
    (PATH, "recipes: ['", "{a,b}*", "']\n"),
    (PATH, "rules: ", "{a: ", ""),
    (PATH, "", "a%: b\n", ""),
];

/// Many files in place of a long one: a path and a text, `%` being the file's number and `~` the next one's.
const MANY: &[(&str, &str)] = &[
    ("docs/a%.md", "# a\n\n[next](a~.md)\n"),
    ("a%.md", "[next](a~.md) `a~.md`\n"),
    ("a%/README.md", "```\npython train.py --lr 1\n```\n"),
    ("m%.py", "import m~\nfrom m~ import f\n"),
    ("m%.py", "import argparse\nfrom m~ import *\np.add_argument('--a%')\n"),
    ("p%/train.py", "import torch\nloss.backward()\noptimizer.step()\n"),
    ("p/train%.py", "from . import train~\nrandom.random()\n"),
    ("requirements%.txt", "-r requirements~.txt\na%\n"),
    ("s%.sh", "bash s~.sh\npython m%.py\n"),
    ("a%.ipynb", "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"import a\",\"outputs\":[]}]}"),
    ("weights/a%.pth", ""),
    ("a/a/a/a/a/a/a/a/a%", ""),
    ("tests/test_%.py", "def test_a():\n    pass\n"),
    ("recipes/a%.md", "# Recipe\n\n## Data\n\ntext\n"),
    ("Dockerfile%", "FROM a\nRUN python a%.py\n"),
    (".github/workflows/a%.yml", "jobs:\n  a:\n    steps:\n      - run: ruff check\n"),
    ("a%.yaml", "lr: 0.1\nbatch_size: 3\n"),
];

/// Bytes of the shortest text, doubled as often as there are costs.
const LEAST: usize = 16 << 10;
const DOUBLED: u32 = 3;
/// What the longest may cost whatever its exponent: an ordinary text of its length takes as long.
const FREE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 300 } else { 30 });

fn filled(pattern: &str, number: usize) -> String {
    pattern.replace('%', &number.to_string()).replace('~', &(number + 1).to_string())
}

fn text((_, first, piece, last): &Pattern, bytes: usize) -> String {
    let mut text = (*first).to_owned();
    let mut number = 0;
    while text.len() < bytes {
        if piece.contains('%') {
            text.push_str(&filled(piece, number));
        } else {
            text.push_str(piece);
        }
        number += 1;
    }
    text.push_str(last);
    text
}

/// Nanoseconds of processor time that this thread has used.
fn processor_time() -> Option<u64> {
    std::fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
}

fn timed(work: impl FnOnce()) -> Duration {
    let (began, before) = (Instant::now(), processor_time());
    work();
    match (before, processor_time()) {
        (Some(before), Some(after)) => Duration::from_nanos(after.saturating_sub(before)),
        _ => began.elapsed(),
    }
}

/// On a stack as deep as the program's own workers have.
fn on_a_worker<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(256 << 20).spawn_scoped(scope, work).unwrap().join().unwrap()
    })
}

/// Parsing one file; and then everything behind it, whose parsing is left to workers and so not counted again.
fn costs(files: &[(String, String)]) -> [Duration; 2] {
    let parsing = on_a_worker(|| {
        timed(|| {
            for (path, text) in files {
                if path == PATH {
                    let _ = reprogate::policy::parse(text, PATH);
                }
                let facts = FileFacts::extract(path, &Arc::from(text.as_str()));
                std::hint::black_box(facts.reading());
            }
        })
    });
    let snapshot = Snapshot::from_files(files.iter().map(|(path, text)| (path, text)));
    let policy = Policy::default();
    let request = Request { policy, today: "2026-01-01".to_owned(), jobs: Some(1), ..Request::default() };
    let judging = timed(|| {
        let report = review(&snapshot, None, &request);
        std::hint::black_box(render::comment::render(&report).len() + render::json::render(&report).len());
    });
    [parsing, judging]
}

/// Prints the costs, and says whether they grow too fast.
fn judged(name: &str, costs: &[[Duration; 2]]) -> bool {
    let mut bad = false;
    for (stage, label) in ["parsing", "judging"].into_iter().enumerate() {
        let of = |index: usize| costs[index][stage].as_secs_f64();
        let last = costs.len() - 1;
        let exponent = (of(last) / of(last - 2).max(1e-6)).log2() / 2.0;
        let slow = exponent > 1.5 && costs[last][stage] > FREE;
        bad |= slow;
        if slow || std::env::var_os("GROWTH_ALL").is_some() {
            let shown: Vec<String> =
                costs.iter().map(|cost| format!("{:.0}", cost[stage].as_secs_f64() * 1e3)).collect();
            println!(
                "{} {exponent:.2} {label} [{} ms] {name}",
                if slow { "SLOW" } else { "    " },
                shown.join(" ")
            );
        }
    }
    bad
}

fn main() {
    let part = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    let (mut tried, mut slow) = (0, 0);
    let mut attempt = |name: String, files: &dyn Fn(u32) -> Vec<(String, String)>| {
        if !name.contains(&part) {
            return;
        }
        tried += 1;
        let costs: Vec<[Duration; 2]> = (0..=DOUBLED).map(|times| costs(&files(times))).collect();
        slow += usize::from(judged(&name, &costs));
    };
    for pattern in PATTERNS {
        let name = format!("{} {:?} {:?} {:?}", pattern.0, pattern.1, pattern.2, pattern.3);
        attempt(name, &|times| vec![(pattern.0.to_owned(), text(pattern, LEAST << times))]);
    }
    for (path, body) in MANY {
        let files = |times| {
            let count = 150_usize << times;
            let mut files: Vec<_> =
                (0..count).map(|number| (filled(path, number), filled(body, number))).collect();
            let links: String =
                (0..count).map(|number| format!("[{number}]({})\n", filled(path, number))).collect();
            files.push(("README.md".to_owned(), links));
            files
        };
        attempt(format!("many {path} {body:?}"), &files);
    }
    println!("{tried} texts doubled {DOUBLED} times, {slow} of them too slow");
    if slow > 0 {
        std::process::exit(1);
    }
}
