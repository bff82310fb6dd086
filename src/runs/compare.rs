//! Where two files differ first.

use crate::error::Error;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// How much of a line is shown.
const SHOWN: usize = 120;

/// Says where a file first differs from what it should be: none if they are the same.
///
/// # Errors
/// One of them cannot be read.
pub fn files(said: &Path, right: &Path) -> Result<Option<String>, Error> {
    let open = |path: &Path| -> Result<_, Error> {
        let file = File::open(path).map_err(Error::unreadable(path))?;
        Ok(BufReader::with_capacity(1 << 16, file).bytes())
    };
    let (mut one, mut other) = (open(said)?, open(right)?);
    let (mut line, mut at) = (1_u64, 0_u64);
    let (mut begun, mut is_text) = (Vec::new(), true);
    loop {
        let pair = (byte(&mut one, said)?, byte(&mut other, right)?);
        match pair {
            (None, None) => return Ok(None),
            (Some(a), Some(b)) if a == b => {
                at += 1;
                is_text &= a != 0 && a < 0x80 || a >= 0xC2;
                if a == b'\n' {
                    line += 1;
                    begun.clear();
                } else if begun.len() < SHOWN {
                    begun.push(a);
                }
            }
            (a, b) if is_text => {
                let (said, right) = (rest(&begun, a, one), rest(&begun, b, other));
                return Ok(Some(format!("line {line}: `{said}`; it should be `{right}`")));
            }
            _ => return Ok(Some(format!("byte {at}"))),
        }
    }
}

type Bytes = std::io::Bytes<BufReader<File>>;

fn byte(bytes: &mut Bytes, path: &Path) -> Result<Option<u8>, Error> {
    bytes.next().transpose().map_err(Error::unreadable(path))
}

/// The line that has begun so, as far as it is shown.
fn rest(begun: &[u8], next: Option<u8>, bytes: Bytes) -> String {
    let more = next.into_iter().chain(bytes.map_while(Result::ok)).take_while(|byte| *byte != b'\n');
    let mut line: Vec<u8> = begun.iter().copied().chain(more).take(SHOWN + 1).collect();
    let is_cut = line.len() > SHOWN;
    line.truncate(SHOWN);
    format!("{}{}", String::from_utf8_lossy(&line), if is_cut { " …" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(said: &[u8], right: &[u8]) -> Option<String> {
        let name = format!("escalate-compare-{}-{:?}", std::process::id(), std::thread::current().id());
        let path = |which: &str| std::env::temp_dir().join(format!("{name}-{which}"));
        std::fs::write(path("said"), said).expect("written");
        std::fs::write(path("right"), right).expect("written");
        let found = files(&path("said"), &path("right")).expect("read");
        let _ = std::fs::remove_file(path("said")).and_then(|()| std::fs::remove_file(path("right")));
        found
    }

    #[test]
    fn the_first_difference_is_shown() {
        assert_eq!(compared(b"a,b\n1,2\n", b"a,b\n1,2\n"), None);
        let found = compared(b"a,b\n1,2\n3,4\n", b"a,b\n1,3\n3,5\n");
        assert_eq!(found.as_deref(), Some("line 2: `1,2`; it should be `1,3`"));
        assert_eq!(compared(b"a\n", b"a\nb\n").as_deref(), Some("line 2: ``; it should be `b`"));
        assert_eq!(compared(b"PAR1\0\x01", b"PAR1\0\x02").as_deref(), Some("byte 5"));
    }
}
