//! Untrusted text, made safe for the place where it is shown: Markdown, HTML, code spans, fences, addresses.
//!
//! Paths, headings, messages and reasons come from the pull request. None of them may mention a person, refer to
//! another issue, open a comment, or end the table row or the fence that it stands in.

/// An invisible character without width: it keeps `@name` and `#1` from becoming links.
const BREAK: char = '\u{200b}';

/// Longest address that browsers and GitHub take.
const MOST_ADDRESS_BYTES: usize = 6_000;
/// Longest address of lines; a longer path is shown without a link.
const MOST_LINK_BYTES: usize = 800;

/// One line: control characters and direction overrides are gone, white space is single blanks, and at most
/// `most` characters stay, the rest being `…`.
pub(crate) fn line(text: &str, most: usize) -> String {
    let mut line = String::with_capacity(text.len().min(most.saturating_mul(4)));
    let mut count = 0;
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
            count += 1;
        }
        for character in word.chars().filter(|c| !is_hidden(*c)) {
            if count >= most {
                line.push('…');
                return line;
            }
            line.push(character);
            count += 1;
        }
    }
    line
}

/// Characters that change how others are shown, or that nobody sees.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{00ad}')
}

/// Whether a fence would show every character of one line as it is.
pub(crate) fn is_shown(text: &str) -> bool {
    text.chars().all(|c| (c == '\t' || !c.is_control()) && !is_hidden(c))
}

/// A path that is too long keeps its end, where the file's name is.
pub(crate) fn path(path: &str, most: usize) -> String {
    let path = line(path, usize::MAX);
    let count = path.chars().count();
    if count <= most {
        return path;
    }
    let tail: String = path.chars().skip(count - most.saturating_sub(1)).collect();
    format!("…{tail}")
}

/// Untrusted text as Markdown prose, on one line; what stands between backticks becomes a code span.
pub(crate) fn prose(text: &str, most: usize) -> String {
    let text = line(text, most);
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return escape(&text);
    }
    pieces
        .iter()
        .enumerate()
        .map(|(index, piece)| match (index % 2 == 1, piece.trim().is_empty()) {
            (true, false) => code(piece, most),
            (true, true) => "\\`\\`".to_owned(),
            (false, _) => escape(piece),
        })
        .collect()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let characters: Vec<char> = text.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        let next = characters.get(index + 1).copied();
        let at_start = index == 0;
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '|' => out.push_str("&#124;"),
            '@' => {
                out.push('@');
                out.push(BREAK);
            }
            '#' => {
                out.push_str("\\#");
                out.push(BREAK);
            }
            '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' => {
                out.push('\\');
                out.push(character);
            }
            '!' if next == Some('[') => out.push_str("\\!"),
            '-' | '+' | '=' if at_start => {
                out.push('\\');
                out.push(character);
            }
            '-' if characters.get(index.wrapping_sub(1)).is_some_and(|c| matches!(c, 'h' | 'H'))
                && next.is_some_and(|c| c.is_ascii_digit()) =>
            {
                out.push('-');
                out.push(BREAK);
            }
            // An address stays text: `https://…` and `www.…` would become links.
            ':' if next == Some('/') => {
                out.push(':');
                out.push(BREAK);
            }
            '.' if ends_with_www(&characters, index) => {
                out.push('.');
                out.push(BREAK);
            }
            // `1.` at the start would open a list.
            '.' | ')' if characters.iter().take(index).all(char::is_ascii_digit) && index > 0 => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

fn ends_with_www(characters: &[char], dot: usize) -> bool {
    dot.checked_sub(3)
        .and_then(|start| characters.get(start..dot))
        .is_some_and(|word| word.iter().all(|c| c.eq_ignore_ascii_case(&'w')))
}

/// Untrusted text as a code span, on one line, fit for a table's cell too.
pub(crate) fn code(text: &str, most: usize) -> String {
    let text = line(text, most);
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    // In a table, a bar ends the cell even within code; the entity would be shown as it is.
    if text.contains('|') {
        let mut out = String::from("<code>");
        for character in html(&text).chars() {
            match character {
                '|' | '`' | '*' | '_' | '\\' | '[' | ']' | '~' | ':' | '@' | '!' | '.' => {
                    out.push_str(&format!("&#{};", u32::from(character)));
                }
                _ => out.push(character),
            }
        }
        out.push_str("</code>");
        return out;
    }
    let ticks = "`".repeat(longest_run(&text, '`') + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.starts_with(' ') { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Untrusted text within HTML, or within a double-quoted attribute.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(character),
        }
    }
    out
}

/// Untrusted text as HTML, on one line; what stands between backticks becomes code.
pub(crate) fn rich(text: &str, most: usize) -> String {
    let text = line(text, most);
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return html(&text);
    }
    let piece = |(index, piece): (usize, &&str)| match (index % 2 == 1, piece.trim().is_empty()) {
        (true, false) => format!("<code>{}</code>", html(piece)),
        (true, true) => "``".to_owned(),
        (false, _) => html(piece),
    };
    pieces.iter().enumerate().map(piece).collect()
}

/// A fenced block whose fence is longer than any run of backticks in it; ends with a newline.
pub(crate) fn fence(body: &str, language: &str) -> String {
    let body: String = body
        .replace("\r\n", "\n")
        .chars()
        .map(|c| if c == '\r' { '\n' } else { c })
        .filter(|c| (*c == '\n' || *c == '\t' || !c.is_control()) && !is_hidden(*c))
        .collect();
    let ticks = "`".repeat((longest_run(&body, '`') + 1).max(3));
    let end = if body.ends_with('\n') || body.is_empty() { "" } else { "\n" };
    format!("{ticks}{language}\n{body}{end}{ticks}\n")
}

fn longest_run(text: &str, character: char) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in text.chars() {
        run = if c == character { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}

/// The language that a fence names for a path.
pub(crate) fn language(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "md" | "markdown" | "rmd" | "qmd" => "markdown",
        "rst" => "rst",
        "py" => "python",
        "yml" | "yaml" | "cff" => "yaml",
        "toml" => "toml",
        "json" => "json",
        "sh" => "sh",
        "r" => "r",
        "jl" => "julia",
        _ if name.starts_with("dockerfile") => "dockerfile",
        _ => "text",
    }
}

/// Percent-encodes all but RFC 3986's unreserved characters, and `/` if `keep_slash`.
pub(crate) fn percent(text: &str, keep_slash: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b'/' if keep_slash => out.push('/'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The address of lines of a file; `None` where it would be too long.
pub(crate) fn permalink(blob_url: &str, path: &str, line: u32, end_line: u32) -> Option<String> {
    let lines = match (line, end_line) {
        (0, _) => String::new(),
        (line, end) if end > line => format!("#L{line}-L{end}"),
        (line, _) => format!("#L{line}"),
    };
    // A rendered document has no line numbers; its source has.
    let plain =
        if matches!(language(path), "markdown" | "rst") && !lines.is_empty() { "?plain=1" } else { "" };
    let address = format!("{}/{}{plain}{lines}", blob_url.trim_end_matches('/'), percent(path, true));
    (address.len() <= MOST_LINK_BYTES).then_some(address)
}

/// The address that opens GitHub's editor with a new file filled in; `None` where it would be too long.
pub(crate) fn new_file_address(new_file_url: &str, path: &str, body: &str) -> Option<String> {
    let address = format!(
        "{}?filename={}&value={}",
        new_file_url.trim_end_matches('/'),
        percent(path, false),
        percent(body, false)
    );
    (address.len() <= MOST_ADDRESS_BYTES).then_some(address)
}

/// Points with one decimal, none where it is zero.
pub(crate) fn points(points: f64) -> String {
    let rounded = crate::verdict::rounded(points);
    format!("{}", if rounded == 0.0 { 0.0 } else { rounded })
}

/// Points with their sign: `+9`, `-0.5`, `±0`.
pub(crate) fn signed(points: f64) -> String {
    let rounded = crate::verdict::rounded(points);
    if rounded > 0.0 {
        format!("+{rounded}")
    } else if rounded < 0.0 {
        format!("{rounded}")
    } else {
        "±0".to_owned()
    }
}

/// `1 rule`, `2 rules`.
pub(crate) fn count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// `a, b and c`.
pub(crate) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// The first letter in upper case.
pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A title within a sentence: its first letter small, unless it is one of several capitals.
pub(crate) fn small(title: &str) -> String {
    let mut characters = title.chars();
    match (characters.next(), characters.as_str().chars().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(characters).collect()
        }
        _ => title.to_owned(),
    }
}

/// A sentence ends with a stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '?', '…', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// The first seven digits of a commit.
pub(crate) fn short(commit: &str) -> String {
    line(commit, usize::MAX).chars().take(7).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_never_markup() {
        assert_eq!(prose("see <!-- x --> *a* [b](c)", 99), "see &lt;!-- x --&gt; \\*a\\* \\[b\\](c)");
        assert_eq!(
            prose("@team fixes #12 and GH-3", 99),
            "@\u{200b}team fixes \\#\u{200b}12 and GH-\u{200b}3"
        );
        assert_eq!(prose("https://x.org and www.x.org", 99), "https:\u{200b}//x.org and www.\u{200b}x.org");
        assert_eq!(prose("run `a|b` now", 99), "run <code>a&#124;b</code> now");
        assert_eq!(prose("run `make all` now", 99), "run `make all` now");
        assert_eq!(prose("one ` tick", 99), "one \\` tick");
        assert_eq!(prose("two\nlines\u{202e}", 99), "two lines");
        assert_eq!(prose("1. no list", 99), "1\\. no list");
    }

    #[test]
    fn fences_are_longer_than_what_they_hold() {
        assert_eq!(fence("a ```` b", "text"), "`````text\na ```` b\n`````\n");
        assert_eq!(fence("x\r\ny\r", "sh"), "```sh\nx\ny\n```\n");
        assert_eq!(code("``", 9), "``` `` ```");
    }

    #[test]
    fn long_paths_keep_their_end() {
        assert_eq!(path("a/very/long/train.py", 9), "…train.py");
        assert_eq!(line("abcdef", 3), "abc…");
    }

    #[test]
    fn addresses_are_encoded() {
        assert_eq!(
            permalink("https://github.com/o/r/blob/s", "a b/#1.md", 3, 5).as_deref(),
            Some("https://github.com/o/r/blob/s/a%20b/%231.md?plain=1#L3-L5")
        );
        assert_eq!(
            new_file_address("https://github.com/o/r/new/main", "a/b.cff", "x: 1\n").as_deref(),
            Some("https://github.com/o/r/new/main?filename=a%2Fb.cff&value=x%3A%201%0A")
        );
        assert_eq!(new_file_address("u", "p", &"é".repeat(2000)), None);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!((signed(9.0), signed(-0.51), signed(0.04)), ("+9".into(), "-0.5".into(), "±0".into()));
        assert_eq!(points(71.25), "71.3");
    }
}
