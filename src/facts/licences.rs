//! Licences: recognised by their text, by an SPDX name in a manifest, or by what the README says.

use super::document::{Document, Lines};
use super::foreign;
use super::{BlockKind, Facts};
use crate::pattern::Pattern;

/// A licence that something declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Licence {
    /// Its SPDX identifier, or `LicenseRef-own` for a licence text that SPDX does not list.
    pub id: String,
    /// Where it is declared.
    pub path: String,
    /// The lines there.
    pub lines: Lines,
    /// Whether the text itself stands there, and not its name alone.
    pub text: bool,
}

/// The licence that a text is; `None` where it is none.
pub fn recognise(text: &str) -> Option<&'static str> {
    const READ: usize = 60_000;
    let mut plain = String::with_capacity(text.len().min(READ));
    for word in text.split_whitespace() {
        if plain.len() > READ {
            break;
        }
        plain.push_str(&word.to_lowercase().replace(['"', '“', '”', '*', '_', '#'], ""));
        plain.push(' ');
    }
    let has = |words: &str| plain.contains(words);
    let version =
        |id: [&'static str; 2]| if has("version 2, june 1991") || has("version 2.1") { id[0] } else { id[1] };
    let head_names = |words: &str| {
        let mut end = 600.min(plain.len());
        while !plain.is_char_boundary(end) {
            end -= 1;
        }
        plain.get(..end).is_some_and(|head| head.contains(words))
    };
    // The text of the GPL names the others as well, further down.
    let gnu = [
        "gnu affero general public license",
        "gnu lesser general public license",
        "gnu general public license",
    ]
    .into_iter()
    .filter_map(|words| Some((plain.find(words)?, words)))
    .min()
    .map_or("", |(_, words)| if head_names(words) { words } else { "" });
    Some(if gnu.contains("affero") {
        "AGPL-3.0"
    } else if gnu.contains("lesser") {
        version(["LGPL-2.1", "LGPL-3.0"])
    } else if !gnu.is_empty() {
        version(["GPL-2.0", "GPL-3.0"])
    } else if has("apache license") && has("version 2.0") {
        "Apache-2.0"
    } else if has("permission is hereby granted, free of charge, to any person obtaining a copy")
        && has("boost software license")
    {
        "BSL-1.0"
    } else if has("permission is hereby granted, free of charge, to any person obtaining a copy") {
        "MIT"
    } else if has("redistribution and use in source and binary forms") {
        if has("all advertising materials mentioning features") {
            "BSD-4-Clause"
        } else if has("neither the name") || has("may not be used to endorse or promote") {
            if has("no express or implied licenses to any party's patent rights") {
                "BSD-3-Clause-Clear"
            } else {
                "BSD-3-Clause"
            }
        } else {
            "BSD-2-Clause"
        }
    } else if has("mozilla public license") {
        "MPL-2.0"
    } else if has("permission to use, copy, modify, and/or distribute this software")
        || has("permission to use, copy, modify, and distribute this software")
    {
        "ISC"
    } else if has("this is free and unencumbered software") {
        "Unlicense"
    } else if has("cc0 1.0") || has("creative commons zero") {
        "CC0-1.0"
    } else if has("creative commons") || has("attribution-noncommercial") {
        match (has("noncommercial"), has("sharealike"), has("noderivatives") && head_names("noderivatives")) {
            (true, true, _) => "CC-BY-NC-SA-4.0",
            (true, false, true) => "CC-BY-NC-ND-4.0",
            (true, false, false) => "CC-BY-NC-4.0",
            (false, true, _) => "CC-BY-SA-4.0",
            (false, false, true) => "CC-BY-ND-4.0",
            (false, false, false) => "CC-BY-4.0",
        }
    } else if has("eclipse public license") {
        "EPL-2.0"
    } else if has("european union public licence") {
        "EUPL-1.2"
    } else if has("academic free license") {
        "AFL-3.0"
    } else if has("artistic license") {
        "Artistic-2.0"
    } else if has("do what the fuck you want to public license") {
        "WTFPL"
    } else if has("this software is provided 'as-is', without any express or implied warranty") {
        "Zlib"
    } else if (has("licence") || has("license"))
        && (has("grant") || has("permission") || has("permitted") || has("redistribut") || has("may use"))
        && (has("copyright") || has("warrant") || has("liab") || has("non-commercial"))
    {
        "LicenseRef-own"
    } else {
        return None;
    })
}

/// The SPDX identifier of the first licence that a sentence names.
pub fn named(text: &str) -> Option<String> {
    static NAMES: Pattern = Pattern::text(concat!(
        r"(?i)\b(?:(MIT|X11|expat)|(apache)|(AGPL|affero)|(LGPL|lesser general)|(GPL|GNU general|GNU public)",
        r"|(BSD|new BSD)|(MPL|mozilla public)|(CC0|CC-0)|(CC[- ]BY(?:[- ](?:NC|SA|ND))*|creative commons)",
        r"|(ISC)|(unlicense|public domain)|(EPL|eclipse public)|open-?rail)(?:[-_ v]*\d|\b)",
    ));
    let found = NAMES.captures(text)?;
    let lower = text.to_lowercase();
    let three = !lower.contains("v2")
        && !lower.contains("2.0")
        && !lower.contains("version 2")
        && !lower.contains("-2");
    let (kind, named) = (1..=12).find_map(|kind| Some((kind, found.get(kind)?.as_str()))).unwrap_or_default();
    let id = match kind {
        1 => "MIT",
        2 => "Apache-2.0",
        3 => "AGPL-3.0",
        4 if three => "LGPL-3.0",
        4 => "LGPL-2.1",
        5 if three => "GPL-3.0",
        5 => "GPL-2.0",
        6 if lower.contains('2') => "BSD-2-Clause",
        6 => "BSD-3-Clause",
        7 => "MPL-2.0",
        8 => "CC0-1.0",
        9 => {
            let id = named.to_uppercase().replace(' ', "-");
            return Some(if id.starts_with("CC-BY") { format!("{id}-4.0") } else { "CC-BY-4.0".to_owned() });
        }
        10 => "ISC",
        11 => "Unlicense",
        12 => "EPL-2.0",
        _ => "OpenRAIL",
    };
    Some(id.to_owned())
}

/// Every licence of the project's own that can be found: files first, then manifests, then the README.
pub fn find(facts: &Facts, foreign: &[String]) -> Vec<Licence> {
    let mut found = Vec::new();
    for entry in facts.tree.entries().iter().filter(|entry| facts.files_hold(&entry.path)) {
        let name = entry.path.rsplit_once('/').map_or(&*entry.path, |(_, name)| name);
        if !foreign::is_licence_name(name) || foreign::holds(foreign, &entry.path) {
            continue;
        }
        // The first lines name the licence.
        if let Some(text) = facts.files.get(&*entry.path).map(|file| &file.text)
            && let Some(id) =
                recognise(text).map(str::to_owned).or_else(|| named(text).filter(|_| text.len() < 2000))
        {
            let last = text.lines().take(3).count().max(1) as u32;
            found.push(Licence { id, path: entry.path.to_string(), lines: Lines::new(1, last), text: true });
        }
    }
    found.sort_by_key(|licence| (licence.path.matches('/').count(), licence.path.clone()));
    for (path, file) in &facts.files {
        if foreign::holds(foreign, path) {
            continue;
        }
        let name = path.rsplit_once('/').map_or(path.as_str(), |(_, name)| name);
        if let Some((line, id)) = declared(name, file) {
            found.push(Licence { id, path: path.clone(), lines: Lines::at(line), text: false });
        }
    }
    if let Some(readme) = facts.readme.as_deref().and_then(|path| facts.document(path)) {
        found.extend(in_readme(readme));
    }
    found
}

fn declared(name: &str, file: &super::FileFacts) -> Option<(u32, String)> {
    static FIELD: Pattern = Pattern::text(
        r#"(?im)^\s*(?:["']?licen[sc]e["']?\s*[:=]\s*(?:\{\s*(?:text|name)\s*=\s*)?["']?|["']?License :: )([A-Za-z][^"'\n}]{1,80})"#,
    );
    let lower = name.to_ascii_lowercase();
    if lower == "setup.py" {
        let python = file.python.as_ref()?;
        let call = python.calls.iter().find(|call| call.method() == "setup")?;
        let id = named(call.keyword("license")?.as_text()?)?;
        return Some((call.lines.first, id));
    }
    if let Some(matter) = file.document.as_ref().and_then(|document| document.front_matter.as_deref()) {
        let found = FIELD.captures(matter)?.get(1)?;
        let line = matter.get(..found.start())?.matches('\n').count() as u32 + 2;
        return Some((line, named(found.as_str()).unwrap_or_else(|| found.as_str().trim().to_owned())));
    }
    if !matches!(
        lower.as_str(),
        "pyproject.toml"
            | "setup.cfg"
            | "description"
            | "package.json"
            | "cargo.toml"
            | "citation.cff"
            | "project.toml"
    ) {
        return None;
    }
    let found = FIELD.captures_iter(&file.text).find_map(|found| {
        let value = found.get(1)?;
        Some((value.start(), named(value.as_str())?))
    })?;
    let line = file.text.get(..found.0)?.matches('\n').count() as u32 + 1;
    Some((line, found.1))
}

fn in_readme(readme: &Document) -> Vec<Licence> {
    static SAID: Pattern = Pattern::text(
        r"(?i)\b(?:(?:code|software|project|repo(?:sitory)?|library|package|work|this|models?|weights|implementation)\b[^.\n]{0,80}\b(?:licen[sc]ed|released|offered|distributed|available|provided|published|is|are) (?:under|with|by)\b|licen[sc]ed under|under (?:the|an?) [^.\n]{0,60}licen[sc]e|terms of the\b)",
    );
    let mut found = Vec::new();
    let mut add = |id: String, lines: Lines| {
        found.push(Licence { id, path: readme.path.clone(), lines, text: false });
    };
    for block in &readme.blocks {
        let headed = readme.sections.get(block.section).is_some_and(|section| {
            let title = section.title.to_lowercase();
            section.level > 0
                && (title.contains("licen") && !title.contains("contribut") || title.contains("copyright"))
        });
        let may_say = SAID.within(&block.text);
        let said = block.text.split_terminator(['\n']).find(|line| {
            may_say.is_some_and(|said| said.is_in(line))
                && !line.to_lowercase().contains("contributor license")
        });
        // Code says something about a licence only where a heading announces it.
        if !headed && matches!(block.kind, BlockKind::Code { .. }) {
            continue;
        }
        let text = if headed { Some(block.text.as_str()) } else { said };
        let Some(text) = text else { continue };
        match (named(text), recognise(text)) {
            (Some(id), _) => add(id, block.lines),
            (None, Some(id)) => add(id.to_owned(), block.lines),
            (None, None) if text.to_lowercase().contains("license agreement") => {
                add("LicenseRef-own".to_owned(), block.lines);
            }
            (None, None) => {}
        }
    }
    for link in &readme.links {
        let (text, target) = (link.text.to_lowercase(), link.target.to_lowercase());
        let badge = text.contains("licen") || target.contains("badge/licen") || target.contains("/licenses/");
        if badge
            && let Some(id) = named(&link.text).or_else(|| named(&link.target.replace(['/', '-', '_'], " ")))
        {
            add(id, Lines::at(link.line));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_recognised_whatever_their_layout() {
        assert_eq!(
            recognise(
                "Copyright 2020 A\n\nPermission is hereby granted, free\n of charge, to any person  obtaining a copy of"
            ),
            Some("MIT")
        );
        assert_eq!(recognise("Apache License\n   Version 2.0, January 2004"), Some("Apache-2.0"));
        assert_eq!(
            recognise(
                "GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007 … GNU Affero General Public License"
            ),
            Some("GPL-3.0")
        );
        assert_eq!(
            recognise("Redistribution and use in source and binary forms … Neither the name of"),
            Some("BSD-3-Clause")
        );
        assert_eq!(recognise("All rights reserved."), None);
        assert_eq!(
            recognise("Attribution-NonCommercial 4.0 International\nCreative Commons"),
            Some("CC-BY-NC-4.0")
        );
    }

    #[test]
    fn names_are_understood() {
        for (said, id) in [
            ("MIT", "MIT"),
            ("the Apache License 2.0", "Apache-2.0"),
            ("GPLv2", "GPL-2.0"),
            ("GPL-3.0", "GPL-3.0"),
            ("CC BY-NC 4.0", "CC-BY-NC-4.0"),
            ("BSD", "BSD-3-Clause"),
        ] {
            assert_eq!(named(said).as_deref(), Some(id), "{said}");
        }
        assert_eq!(named("permit commit submit"), None);
    }
}
