//! What each stage of the flow costs, and how the cost grows with the tree: 1,000, 10,000 and 100,000 files.

#![allow(missing_docs, clippy::unwrap_used, reason = "criterion's macros write undocumented functions")]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use reprogate::facts::plan::plan;
use reprogate::facts::{Facts, FileFacts, Parsed, Tree, parse_on};
use reprogate::snapshot::{BlobId, Entry, Limits, Mode, Snapshot, Text};
use reprogate::{Request, render, review};
use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

const README: &str = include_str!("../docs/policy.md");

const TRAIN: &str = "\
import argparse
import random

import numpy as np
import torch
from torch import nn, optim

from data import loader


def train(model, args):
    \"\"\"Fits the model.\"\"\"
    optimizer = optim.Adam(model.parameters(), lr=args.lr, weight_decay=1e-4)
    for epoch in range(args.epochs):
        for images, labels in loader(args.data, batch_size=args.batch_size):
            loss = nn.functional.cross_entropy(model(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(epoch, loss.item())
    torch.save(model.state_dict(), args.output)


def evaluate(model, args):
    correct = total = 0
    with torch.no_grad():
        for images, labels in loader(args.data, split='test'):
            correct += (model(images).argmax(1) == labels).sum().item()
            total += len(labels)
    return correct / total


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--data', default='data')
    parser.add_argument('--lr', type=float, default=1e-3)
    parser.add_argument('--epochs', type=int, default=10)
    parser.add_argument('--batch-size', type=int, default=64)
    parser.add_argument('--output', default='model.pt')
    args = parser.parse_args()
    random.seed(0)
    np.random.seed(0)
    torch.manual_seed(0)
    model = nn.Linear(784, 10)
    train(model, args)
    print(evaluate(model, args))
";

/// A tree of `files` files, of which at most 2,000 are read: a third Python, the rest data.
fn tree(files: usize) -> Snapshot {
    let mut entries = Vec::with_capacity(files);
    let mut texts = HashMap::new();
    for index in 0..files {
        let read = index % 3 == 0 && index < 6_000;
        let path = if read {
            format!("src/part{}/module{index}.py", index % 40)
        } else {
            format!("data/part{}/sample{index}.png", index % 400)
        };
        let id = BlobId::new(format!("{index:040x}"));
        if read {
            texts.insert(id.clone(), Text::Read(Arc::from(format!("# {index}\n{TRAIN}"))));
        }
        entries.push(Entry { path: Arc::from(path), size: Some(TRAIN.len() as u64), mode: Mode::File, id });
    }
    let id = BlobId::new("readme");
    texts.insert(id.clone(), Text::Read(Arc::from(README)));
    entries.push(Entry {
        path: Arc::from("README.md"),
        size: Some(README.len() as u64),
        mode: Mode::File,
        id,
    });
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    Snapshot { commit: None, entries: Arc::new(entries), texts, ..Snapshot::default() }
}

fn growth(criterion: &mut Criterion) {
    for files in [1_000, 10_000, 100_000] {
        let snapshot = tree(files);
        let parsed = parse_on(&snapshot, &Parsed::new(), None);
        let mut group = criterion.benchmark_group("growth");
        group.sample_size(10).throughput(Throughput::Elements(files as u64));
        group.bench_with_input(BenchmarkId::new("listing", files), &snapshot, |bench, snapshot| {
            bench.iter(|| Tree::new(Arc::clone(&snapshot.entries)));
        });
        group.bench_with_input(BenchmarkId::new("planning", files), &snapshot, |bench, snapshot| {
            bench.iter(|| plan(&snapshot.entries, &Limits::default()));
        });
        group.bench_with_input(BenchmarkId::new("parsing", files), &snapshot, |bench, snapshot| {
            bench.iter(|| parse_on(snapshot, &Parsed::new(), None));
        });
        group.bench_with_input(BenchmarkId::new("gathering", files), &snapshot, |bench, snapshot| {
            bench.iter(|| Facts::gather(snapshot, &parsed, ""));
        });
        group.bench_with_input(BenchmarkId::new("whole flow", files), &snapshot, |bench, snapshot| {
            bench.iter(|| review(snapshot, None, &Request::default()));
        });
        group.finish();
    }
}

fn languages(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("facts");
    let notebook = serde_json::json!({"cells": TRAIN.split("\n\n\n").map(|cell| serde_json::json!({
        "cell_type": "code", "execution_count": 1, "source": [cell], "outputs": []})).collect::<Vec<_>>(), "metadata": {}, "nbformat": 4});
    for (path, text) in [
        ("README.md", README.to_owned()),
        ("README.rst", README.to_owned()),
        ("train.py", TRAIN.to_owned()),
        ("train.ipynb", notebook.to_string()),
        ("requirements.txt", "torch==2.0.1\nnumpy>=1.20\nscikit-learn\n".repeat(20)),
        ("train.sh", "CUDA_VISIBLE_DEVICES=0 python train.py --lr 0.1 \\\n  --epochs 3\n".repeat(20)),
    ] {
        let text: Arc<str> = Arc::from(text);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(path, |bench| bench.iter(|| FileFacts::extract(path, black_box(&text))));
    }
    group.finish();
}

fn faces(criterion: &mut Criterion) {
    let report = review(&tree(300), None, &Request::default());
    let mut group = criterion.benchmark_group("render");
    group.bench_function("comment", |bench| bench.iter(|| render::comment::render(&report)));
    group.bench_function("json", |bench| bench.iter(|| render::json::render(&report)));
    group.bench_function("html", |bench| bench.iter(|| render::html::render(&report)));
    group.bench_function("sarif", |bench| bench.iter(|| render::sarif::render(&report)));
    group.finish();
}

criterion_group!(stages, growth, languages, faces);
criterion_main!(stages);
