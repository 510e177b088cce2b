//! Jupyter notebooks: their cells, how they were run, and what their code and words say.

use super::commands::is_placeholder;
use super::document::{Document, LineIndex, Markup};
use super::{markdown, python};
use crate::pattern::Pattern;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use std::sync::Arc;

/// A notebook.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notebook {
    /// Cells in order.
    pub cells: Vec<Cell>,
    /// The kernel's language, in lower case: `python`, `r`, `julia`.
    pub language: String,
    /// Why it could not be read, if so.
    pub broken: Option<String>,
}

/// A cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// Whether it holds code, or else words.
    pub is_code: bool,
    /// Its text.
    pub source: String,
    /// In which place it was executed.
    pub execution_count: Option<u64>,
    /// The error that its output ends in: its name and message.
    pub error: Option<String>,
    /// Whether it is tagged to show an error (`raises-exception`).
    pub expects_error: bool,
    /// Whether it shows a picture.
    pub has_image: bool,
    /// Text of its outputs, shortened.
    pub output: String,
    /// The line of the `.ipynb` file that its source starts on.
    pub line: u32,
}

impl Notebook {
    /// Whether the words above a cell say that it fails on purpose.
    pub fn announces_error(&self, at: usize) -> bool {
        static WORDS: Pattern = Pattern::text(
            r"(?i)\b(?:raises?|throws?|will (?:fail|error|not work)|(?:an?|the|this|following) (?:error|exception)|fails with|expected to fail)\b",
        );
        let above = at.checked_sub(1).and_then(|above| self.cells.get(above)).filter(|cell| !cell.is_code);
        above.is_some_and(|cell| WORDS.is_in(&cell.source))
    }
}

/// Home folders of persons that code names, as `/home/NAME/`.
pub fn personal_paths(source: &str) -> Vec<String> {
    static PERSONAL: Pattern = Pattern::text(
        r#"(?:^|[\s"'=(,:])((?:/home/|/Users/|[A-Z]:\\+Users\\+|[A-Z]:/Users/)([A-Za-z0-9._-]+)[/\\])"#,
    );
    /// Folders of services and accounts that everybody has, and names that stand for one's own.
    const SHARED: [&str; 36] = [
        "jovyan",
        "user",
        "users",
        "username",
        "ubuntu",
        "root",
        "colab",
        "docker",
        "vscode",
        "app",
        "out",
        "output",
        "outputs",
        "input",
        "data",
        "dataset",
        "datasets",
        "model",
        "models",
        "results",
        "work",
        "workspace",
        "project",
        "projects",
        "code",
        "shared",
        "public",
        "share",
        "storage",
        "scratch",
        "tmp",
        "runner",
        "coder",
        "ec2-user",
        "sagemaker-user",
        "name",
    ];
    let mut found = Vec::new();
    let Some(personal) = PERSONAL.within(source) else { return found };
    for line in source.lines() {
        if line.trim_start().starts_with('#') {
            continue;
        }
        for captured in personal.captures_iter(line) {
            let (Some(whole), Some(name)) = (captured.get(1), captured.get(2)) else { continue };
            let name = name.as_str();
            let shared = SHARED.iter().any(|known| known.eq_ignore_ascii_case(name));
            if !shared && !is_placeholder(name) {
                found.push(whole.as_str().to_owned());
            }
        }
    }
    found
}

#[derive(Deserialize)]
struct RawNotebook {
    #[serde(default)]
    cells: Vec<RawCell>,
    #[serde(default)]
    worksheets: Vec<RawWorksheet>,
    #[serde(default)]
    metadata: RawMetadata,
}

#[derive(Deserialize)]
struct RawWorksheet {
    #[serde(default)]
    cells: Vec<RawCell>,
}

#[derive(Deserialize, Default)]
struct RawMetadata {
    #[serde(default)]
    kernelspec: RawKernel,
    #[serde(default)]
    language_info: RawLanguage,
}

#[derive(Deserialize, Default)]
struct RawKernel {
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize, Default)]
struct RawLanguage {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct RawCell {
    #[serde(default)]
    cell_type: String,
    #[serde(default, alias = "input")]
    source: Texts,
    #[serde(default, alias = "prompt_number")]
    execution_count: Option<serde_json::Number>,
    #[serde(default)]
    outputs: Vec<RawOutput>,
    #[serde(default)]
    metadata: serde_json::Value,
}

#[derive(Deserialize)]
struct RawOutput {
    #[serde(default)]
    output_type: String,
    #[serde(default)]
    ename: Option<String>,
    #[serde(default)]
    evalue: Option<String>,
    #[serde(default)]
    text: Texts,
    #[serde(default)]
    data: RawData,
}

/// Pictures are noticed and not kept: they are most of a notebook's bytes.
#[derive(Deserialize, Default)]
struct RawData {
    #[serde(default, rename = "text/plain")]
    plain: Texts,
    #[serde(default, rename = "image/png")]
    png: Option<serde::de::IgnoredAny>,
    #[serde(default, rename = "image/jpeg")]
    jpeg: Option<serde::de::IgnoredAny>,
    #[serde(default, rename = "image/svg+xml")]
    svg: Option<serde::de::IgnoredAny>,
}

/// A text, or the pieces of one; nothing where it is `null`.
#[derive(Default)]
struct Texts(String);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut whole = String::new();
        Append(&mut whole).deserialize(deserializer)?;
        Ok(Self(whole))
    }
}

/// Puts a text, or its pieces, behind what is there.
struct Append<'whole>(&'whole mut String);

impl<'de> DeserializeSeed<'de> for Append<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Append<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text or a list of texts")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut pieces: A) -> Result<(), A::Error> {
        while let Some(()) = pieces.next_element_seed(Piece(self.0))? {}
        Ok(())
    }
}

/// One piece of a text, which is a text itself.
struct Piece<'whole>(&'whole mut String);

impl<'de> DeserializeSeed<'de> for Piece<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Piece<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<(), E> {
        self.0.push_str(text);
        Ok(())
    }
}

/// Reads a notebook of format 3 or 4; what is no notebook is `broken`.
pub fn parse(_path: &str, text: &str) -> Notebook {
    const OUTPUT: usize = 4000;
    let raw: RawNotebook = match serde_json::from_str(text) {
        Ok(raw) => raw,
        Err(error) => return Notebook { broken: Some(error.to_string()), ..Notebook::default() },
    };
    let RawMetadata { kernelspec, language_info } = raw.metadata;
    let language = language_info
        .name
        .or(kernelspec.language)
        .or(kernelspec.name)
        .unwrap_or_else(|| "python".to_owned())
        .to_ascii_lowercase();
    let cells = raw.cells.into_iter().chain(raw.worksheets.into_iter().flat_map(|sheet| sheet.cells));
    let mut cells: Vec<Cell> = cells
        .map(|cell| {
            let mut read = Cell {
                is_code: cell.cell_type == "code",
                source: cell.source.0,
                expects_error: cell
                    .metadata
                    .get("tags")
                    .and_then(|tags| tags.as_array())
                    .is_some_and(|tags| tags.iter().any(|tag| tag.as_str() == Some("raises-exception"))),
                execution_count: cell.execution_count.and_then(|count| count.as_u64()),
                ..Cell::default()
            };
            for output in cell.outputs {
                if output.output_type == "error" || output.output_type == "pyerr" {
                    read.error = Some(format!(
                        "{}: {}",
                        output.ename.unwrap_or_default(),
                        output.evalue.unwrap_or_default()
                    ));
                }
                read.has_image |=
                    output.data.png.is_some() || output.data.jpeg.is_some() || output.data.svg.is_some();
                let (text, plain) = (output.text.0, output.data.plain.0);
                read.output
                    .extend(text.chars().chain(plain.chars()).take(OUTPUT.saturating_sub(read.output.len())));
            }
            read
        })
        .collect();
    locate(text, &mut cells);
    Notebook { cells, language, broken: None }
}

/// Finds the line of each cell's source by searching for its first words, in order.
fn locate(text: &str, cells: &mut [Cell]) {
    /// How often the text is gone through for words that it holds in another form: `é` as `\u00e9`.
    const MOST_SEARCHES: usize = 400;
    let index = LineIndex::new(text);
    let mut from = 0;
    let mut left = text.len().saturating_mul(MOST_SEARCHES);
    for cell in cells {
        let key = memchr::memmem::find(text.as_bytes().get(from..).unwrap_or_default(), b"\"cell_type\"")
            .map_or(from, |at| from + at + 1);
        let encoded = cell
            .source
            .lines()
            .find(|line| !line.trim().is_empty())
            .map(|line| serde_json::Value::from(line).to_string());
        let needle = encoded.as_deref().map(|line| line.trim_end_matches('"')).unwrap_or("\"cell_type\"");
        let rest = text.as_bytes().get(from..).unwrap_or_default();
        let found = if left > 0 { memchr::memmem::find(rest, needle.as_bytes()) } else { None };
        let at = match found {
            Some(at) => from + at,
            None => {
                left = left.saturating_sub(rest.len());
                key
            }
        };
        cell.line = index.line(at);
        from = at.max(key);
    }
}

/// The notebook's Markdown cells as one document, in which lines are those of the `.ipynb` file.
pub fn document(path: &str, notebook: &Notebook) -> Document {
    let mut whole = Document {
        path: path.to_owned(),
        markup: Markup::Notebook,
        sections: vec![super::Section::default()],
        ..Document::default()
    };
    for cell in notebook.cells.iter().filter(|cell| !cell.is_code) {
        let mut part = markdown::parse(path, &Arc::from(cell.source.as_str()));
        let shift = whole.sections.len() - 1;
        let line = cell.line.saturating_sub(1);
        // What stands before a cell's first heading belongs to the section that was open.
        let section = |index: usize| index + shift;
        for mut block in part.blocks.drain(..) {
            block.section = section(block.section);
            block.lines.first += line;
            block.lines.last += line;
            whole.blocks.push(block);
        }
        for mut link in part.links.drain(..) {
            link.section = section(link.section);
            link.line += line;
            whole.links.push(link);
        }
        for mut code in part.inline_code.drain(..) {
            code.section = section(code.section);
            code.line += line;
            whole.inline_code.push(code);
        }
        for mut opened in part.sections.drain(1..) {
            opened.parent = opened.parent.filter(|parent| *parent > 0).map(section).or(Some(0));
            opened.lines.first += line;
            opened.lines.last += line;
            whole.sections.push(opened);
        }
        whole.anchors.append(&mut part.anchors);
    }
    whole.lines = notebook.cells.last().map_or(1, |cell| cell.line);
    whole
}

/// The code cells as one Python module, in which lines are those of the `.ipynb` file; `None` for other languages.
pub fn python(notebook: &Notebook) -> Option<python::PythonModule> {
    if !notebook.language.starts_with("python") && !notebook.language.starts_with("ipython") {
        return None;
    }
    let mut source = String::new();
    let mut lines = 1;
    for cell in
        notebook.cells.iter().filter(|cell| cell.is_code && !cell.source.trim_start().starts_with("%%"))
    {
        while lines < cell.line {
            source.push('\n');
            lines += 1;
        }
        for line in cell.source.lines() {
            // Magics and shell commands are no Python.
            if matches!(line.trim_start().bytes().next(), Some(b'%' | b'!' | b'?')) {
                let indent = line.len() - line.trim_start().len();
                source.push_str(line.get(..indent).unwrap_or_default());
                source.push_str("pass");
            } else {
                source.push_str(line);
            }
            source.push('\n');
            lines += 1;
        }
    }
    Some(python::parse(&source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_keep_their_place_and_magics_do_not_break_the_code() {
        let text = "{\n \"cells\": [\n  {\"cell_type\": \"markdown\", \"source\": [\"# Demo\\n\", \"words\"]},\n  {\"cell_type\": \"code\", \"execution_count\": 2,\n   \"source\": [\"!pip install x\\n\",\n    \"model.fit(1)\"],\n   \"outputs\": [{\"output_type\": \"error\", \"ename\": \"E\", \"evalue\": \"v\"}]}\n ], \"metadata\": {}, \"nbformat\": 4}";
        let notebook = parse("a.ipynb", text);
        assert_eq!(notebook.cells.iter().map(|cell| cell.line).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(notebook.cells[1].error.as_deref(), Some("E: v"));
        let code = python(&notebook).unwrap_or_default();
        assert_eq!(
            code.calls.iter().map(|call| (call.written.as_str(), call.lines.first)).collect::<Vec<_>>(),
            [("model.fit", 6)]
        );
        assert_eq!(document("a.ipynb", &notebook).sections[1].title, "Demo");
    }

    #[test]
    fn what_is_no_notebook_is_broken() {
        assert!(parse("a.ipynb", "{").broken.is_some());
    }
}
