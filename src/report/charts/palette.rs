//! Colours: the same outcome in the same colour in every chart, told apart by colour-blind readers and in print.

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    pub const WHITE: Ink = Ink(255, 255, 255);
    pub const TEXT: Ink = Ink(26, 26, 26);
    pub const NOTE: Ink = Ink(84, 84, 84);
    pub const AXIS: Ink = Ink(120, 120, 120);
    pub const GRID: Ink = Ink(226, 226, 226);
    pub const STRIPE: Ink = Ink(246, 246, 246);
    pub const FAILED: Ink = Ink(128, 128, 128);
    /// The hue of shades that mean a share.
    pub const SHARE: Ink = Ink(8, 48, 107);
    /// The hue of a metric's line and bands.
    pub const METRIC: Ink = Ink(0, 90, 150);

    /// This colour on white: 0 is white, 1 the colour itself.
    pub fn tint(self, strength: f64) -> Ink {
        Ink::WHITE.towards(self, strength)
    }

    /// A colour on the way to another.
    pub fn towards(self, other: Ink, way: f64) -> Ink {
        let mix = |a: u8, b: u8| {
            let (a, b) = (f64::from(a), f64::from(b));
            libm::round(a + (b - a) * way.clamp(0.0, 1.0)) as u8
        };
        Ink(mix(self.0, other.0), mix(self.1, other.1), mix(self.2, other.2))
    }
}

/// The colours of Okabe and Ito (2008), those that show best on white first; yellow is darkened for the same reason.
const OUTCOMES: [Ink; 8] = [
    Ink(0, 114, 178),
    Ink(213, 94, 0),
    Ink(0, 158, 115),
    Ink(204, 121, 167),
    Ink(230, 159, 0),
    Ink(86, 180, 233),
    Ink(0, 0, 0),
    Ink(176, 160, 20),
];

/// The colour of an outcome by its place in the scenario; after eight they come round again, darker.
pub fn outcome(index: usize) -> Ink {
    let ink = OUTCOMES[index % OUTCOMES.len()];
    let rounds = (index / OUTCOMES.len()).min(2);
    ink.towards(Ink(90, 90, 90), rounds as f64 * 0.4)
}

/// The colour of a rung, from calm to severe; all about equally dark, so that tints of them compare.
pub fn rung(index: usize, rungs: usize) -> Ink {
    const CALM: Ink = Ink(43, 103, 168);
    const MIDDLE: Ink = Ink(122, 74, 138);
    const SEVERE: Ink = Ink(165, 15, 30);
    let way = if rungs < 2 { 0.0 } else { index as f64 / (rungs - 1) as f64 };
    if way < 0.5 { CALM.towards(MIDDLE, way * 2.0) } else { MIDDLE.towards(SEVERE, way * 2.0 - 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_differ() {
        for one in 0..16 {
            for other in 0..one {
                assert_ne!(outcome(one), outcome(other), "{one} and {other}");
            }
        }
        assert_eq!(outcome(1000), outcome(1000));
    }

    #[test]
    fn tints_run_from_white() {
        assert_eq!(Ink::SHARE.tint(0.0), Ink::WHITE);
        assert_eq!(Ink::SHARE.tint(1.0), Ink::SHARE);
        assert_eq!(rung(0, 1), rung(0, 9));
        assert_ne!(rung(0, 9), rung(8, 9));
    }
}
