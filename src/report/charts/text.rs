//! How wide words are, without a font: a careful estimate, and what is done with words that are too long.

/// Advances of the printable ASCII characters in thousandths of the size, those of a wide sans-serif font.
const ADVANCE: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];

/// How much wider bold is.
const BOLD: f64 = 1.13;

/// The estimated width of a text, in the unit of `size`.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let thousandths: u64 = text.chars().map(advance).sum();
    thousandths as f64 / 1000.0 * size * if bold { BOLD } else { 1.0 }
}

fn advance(letter: char) -> u64 {
    match letter {
        ' '..='~' => u64::from(ADVANCE[letter as usize - ' ' as usize]),
        '\u{a0}' | '·' => 340,
        '–' => 556,
        '\u{300}'..='\u{36f}' => 0,
        '\u{a1}'..='\u{24f}' => 800,
        // Cyrillic, Greek, Arabic, Hebrew and their like; then what may be as wide as it is high.
        '\u{250}'..='\u{10ff}' => 900,
        _ => 1050,
    }
}

/// The text without what XML cannot hold; white space of any kind becomes a plain space.
pub fn clean(text: &str) -> String {
    let plain: String = text
        .chars()
        .filter(|letter| !matches!(letter, '\u{fffe}' | '\u{ffff}'))
        .map(|letter| if letter.is_control() || (letter.is_whitespace() && letter != '\u{a0}') { ' ' } else { letter })
        .collect();
    plain.trim().to_string()
}

/// The text, cut with an ellipsis where it is wider than `room`; empty if not even that fits.
pub fn fit(text: &str, size: f64, bold: bool, room: f64) -> String {
    if width(text, size, bold) <= room + 1e-6 {
        return text.to_string();
    }
    let mut kept = String::new();
    let mut best = String::new();
    for letter in text.chars() {
        let cut = format!("{}…", kept.trim_end());
        if width(&cut, size, bold) > room {
            break;
        }
        best = cut;
        kept.push(letter);
    }
    best
}

/// The text in lines of at most `room`, broken at spaces; the last of `lines_max` lines ends in an ellipsis if there is more.
pub fn wrap(text: &str, size: f64, bold: bool, room: f64, lines_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut words = text.split(' ').filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let mut line = word.to_string();
        if lines.len() + 1 >= lines_max {
            for rest in words.by_ref() {
                line.push(' ');
                line.push_str(rest);
            }
        }
        while let Some(next) = words.peek() {
            let longer = format!("{line} {next}");
            if width(&longer, size, bold) > room {
                break;
            }
            line = longer;
            words.next();
        }
        lines.push(fit(&line, size, bold, room));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_add_up() {
        assert_eq!(width("", 10.0, false), 0.0);
        assert!((width("00", 10.0, false) - 12.72).abs() < 1e-12);
        assert!(width("W", 10.0, true) > width("W", 10.0, false));
        assert_eq!(width("e\u{301}", 10.0, false), width("e", 10.0, false));
    }

    #[test]
    fn cuts_to_fit() {
        let cut = fit("A title that is far too long", 14.0, false, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 14.0, false) <= 100.0);
        assert_eq!(fit("short", 14.0, false, 100.0), "short");
        assert_eq!(fit("short", 14.0, false, 1.0), "");
    }

    #[test]
    fn wraps_at_spaces_and_stops() {
        let text = "one two three four five six seven eight nine ten";
        let lines = wrap(text, 14.0, false, 120.0, 9);
        assert_eq!(lines.join(" "), text);
        let lines = wrap(text, 14.0, false, 120.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'));
        assert!(lines.iter().all(|line| width(line, 14.0, false) <= 120.0));
        assert!(wrap("", 14.0, false, 120.0, 2).is_empty());
        assert_eq!(wrap(&"x".repeat(400), 14.0, false, 120.0, 2).len(), 1);
    }

    #[test]
    fn cleans_what_xml_cannot_hold() {
        assert_eq!(clean("a\u{1}b\n\tc\u{ffff} "), "a b  c");
        assert_eq!(clean("<&>"), "<&>");
    }
}
