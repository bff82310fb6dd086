//! The page with marked places, into which tables are put.

use super::measure;

pub const PAGE: &str = "docs/korea_2024.md";

/// Puts each table between its marks.
pub fn write(tables: &[(&str, String)]) -> Result<(), String> {
    let page = filled(&measure::text(PAGE)?, tables)?;
    std::fs::write(measure::project(PAGE), page).map_err(|error| format!("{PAGE}: {error}"))
}

/// The names of the tables that stand otherwise in the page.
pub fn stale<'t>(tables: &'t [(&str, String)]) -> Result<Vec<&'t str>, String> {
    let page = measure::text(PAGE)?;
    let mut stale = Vec::new();
    for table in tables {
        if filled(&page, std::slice::from_ref(table))? != page {
            stale.push(table.0);
        }
    }
    Ok(stale)
}

fn filled(page: &str, tables: &[(&str, String)]) -> Result<String, String> {
    let mut page = page.to_owned();
    for (name, table) in tables {
        let (open, close) = (format!("<!-- made: {name} -->\n"), "<!-- end -->");
        let start = page.find(&open).ok_or_else(|| format!("{PAGE} has no place for `{name}`"))? + open.len();
        let end = start + page[start..].find(close).ok_or_else(|| format!("{PAGE}: `{name}` has no end"))?;
        page.replace_range(start..end, table);
    }
    Ok(page)
}
