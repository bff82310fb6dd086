//! Draws from outside: the vectors of `docs/reproducibility.md`, and distributions held against what they should be.

use escalate::draws::{Draw, Half, K_MAX, Key, RESERVED_FROM, Site, TURNS_MAX, Threshold};
use escalate::draws::{choose, continuous, counting, cumulate, unit};

const PAGE: &str = include_str!("../docs/reproducibility.md");
const TRIGGER: &str = "triggers/russia_arms_dprk";

fn site(path: &str) -> Site {
    Site::from_digest(blake3::hash(path.as_bytes()).as_bytes())
}

fn draw(key: &str, turn: u32, k: u32) -> Draw {
    Draw::new(site(&format!("{TRIGGER}/{key}")), turn, k).unwrap()
}

/// Holds that a table of the page has this row.
fn documented(cells: &[String]) {
    let row = format!("| {} |", cells.join(" | "));
    assert!(PAGE.lines().any(|line| line == row), "docs/reproducibility.md lacks the row\n{row}");
}

#[test]
fn keys_are_pinned() {
    let keys = [
        (0, "0000000000000000657363616c61746520647261777320310000000000000000"),
        (1, "0100000000000000657363616c61746520647261777320310000000000000000"),
        (u64::MAX, "ffffffffffffffff657363616c61746520647261777320310000000000000000"),
    ];
    for (seed, hex) in keys {
        assert_eq!(Key::from_seed(seed).bytes().map(|byte| format!("{byte:02x}")).concat(), hex);
        documented(&[seed.to_string(), format!("`{hex}`")]);
    }
}

#[test]
fn sites_are_pinned() {
    let sites = [
        ("chance", 0x20_eec2_33f2),
        ("delay", 0xf5_5ce3_24c1),
        ("observed/us", 0xce_a31b_4052),
        ("loss", 0x4b_8b1a_adec),
        ("then/0", 0x9a_c176_7226),
    ];
    for (key, number) in sites {
        let path = format!("{TRIGGER}/{key}");
        assert_eq!(site(&path).number(), number, "{path}");
        documented(&[format!("`{path}`"), format!("`{number:010x}`")]);
    }
}

#[test]
fn bits_are_pinned() {
    let draws = [
        (0, "chance", 1, 0, 0, 0x20ee_c233_f200_0400, 0x6ae0_8e43_bb8b_6216),
        (0, "chance", 1, 0, 1, 0x20ee_c233_f200_0400, 0x9a2e_c1f0_3ca8_25ba),
        (1, "chance", 0, 0, 0, 0x20ee_c233_f200_0000, 0xf5df_515b_8d04_887d),
        (1, "chance", 7, 0, 731_204, 0x20ee_c233_f200_0800, 0x062b_2083_7a0d_4046),
        (1, "chance", 8, 0, 731_204, 0x20ee_c233_f200_0800, 0x1a60_9618_180d_1049),
        (1, "chance", 7, 1, 731_204, 0x20ee_c233_f200_0802, 0x2ab9_e4e8_6ad0_54e1),
        (1, "delay", 7, 0, 731_204, 0xf55c_e324_c100_0800, 0x5f76_14aa_eb61_e2f9),
        (1, "loss", TURNS_MAX, K_MAX, RESERVED_FROM - 1, 0x4b8b_1aad_ec27_13fe, 0xe1d8_e933_2753_75cc),
        (u64::MAX, "observed/us", 40, 0, RESERVED_FROM, 0xcea3_1b40_5200_2800, 0x1010_5da0_d1a8_9c92),
    ];
    for (seed, name, turn, k, replication, stream, bits) in draws {
        let (key, draw) = (Key::from_seed(seed), draw(name, turn, k));
        assert_eq!((draw.stream(Half::First), draw.stream(Half::Rest)), (stream, stream + 1));
        assert_eq!(draw.bits(&key, replication), bits, "{seed} {name} {turn} {k} {replication}");
        let (group, lane) = (replication / 64, replication as usize % 64);
        assert_eq!(draw.tile(&key, group).row(turn)[lane], (bits >> 48) as u16);
        assert_eq!(draw.full_tile(&key, group).row(turn)[lane], bits);
        let (seed, turn, k, replication) = (seed.to_string(), turn.to_string(), k.to_string(), replication.to_string());
        documented(&[
            seed,
            format!("`{name}`"),
            turn,
            k,
            replication,
            format!("`{stream:016x}`"),
            format!("`{bits:016x}`"),
        ]);
    }
}

#[test]
fn the_worked_example_is_what_the_cipher_says() {
    let (key, draw) = (Key::from_seed(1), draw("chance", 7, 0));
    let words = [(Half::First, 91_402), (Half::Rest, 274_202), (Half::Rest, 274_210), (Half::Rest, 274_218)]
        .map(|(half, block)| key.word(draw.stream(half), block, 8));
    assert_eq!(words, [0x8f29_062b, 0x799d_2083, 0x9825_7a0d, 0xb619_4046]);
    for (piece, word) in words.iter().enumerate() {
        let [half, block] = [usize::from(piece > 0), [91_402, 274_202, 274_210, 274_218][piece]];
        let cells = [piece, half, block].map(|number| number.to_string());
        let [piece, half, block] = cells;
        documented(&[piece, half, block, format!("`{word:08x}`"), format!("`{:04x}`", word & 0xffff)]);
    }
}

#[test]
fn thresholds_are_pinned() {
    let thresholds = [
        (0.0, 0),
        (1e-20, 1),
        (0.1, 0x1999_9999_9999_9a00),
        (0.35, 0x5999_9999_9999_9800),
        (0.5, 0x8000_0000_0000_0000),
        (0.9999999999999999, 0xffff_ffff_ffff_f800),
        (1.0, 1_u128 << 64),
    ];
    for (p, t) in thresholds {
        let threshold = Threshold::new(p);
        assert_eq!(u128::from(threshold.high()) << 48 | u128::from(threshold.low()), t);
        documented(&[format!("{p:?}"), format!("`{t:017x}`")]);
    }
}

#[test]
#[rustfmt::skip]
fn values_are_pinned() {
    let values = [
        (0, 1.1102230246251565e-16, -0.9999999999999996, 4.712160915387242e-8, -8.209536151601386, 2, 0.0, 0.0),
        (0x062b_2083_7a0d_4046, 0.02409556589014017, -0.9036177364394393, 0.6941983274272587, -1.975679115114666, 2, 0.0, 2.0),
        (0x6ae0_8e43_bb8b_6216, 0.417488948379782, 0.669955793519128, 3.1735159760226903, -0.20832156219015915, 4, 3.0, 6.0),
        (0x8000_0000_0000_0000, 0.5000000000000001, 1.0000000000000004, 3.675444679663242, 2.7829164246717676e-16, 4, 3.0, 6.0),
        (0xf5df_515b_8d04_887d, 0.9604388092530077, 2.841755237012031, 8.220984749992462, 1.7558010708378131, 6, 7.0, 10.0),
        (u64::MAX, 0.9999999999999999, 2.9999999999999996, 9.999999905756782, 8.209536151601386, 6, 28.0, 20.0),
    ];
    for (bits, v, uniform, triangular, normal, integer, poisson, binomial) in values {
        assert_eq!(unit(bits), v);
        assert_eq!(continuous::uniform(v, -1.0, 3.0), uniform);
        assert_eq!(continuous::triangular(v, 0.0, 2.0, 10.0), triangular);
        assert_eq!(continuous::normal(v, 0.0, 1.0), normal);
        assert_eq!(counting::uniform_integer(bits, 2, 6), Some(integer));
        assert_eq!(counting::poisson(v, 3.5), poisson);
        assert_eq!(counting::binomial(v, 20.0, 0.3), binomial);
        let bits = format!("`{bits:016x}`");
        let [v, uniform, triangular, normal] = [v, uniform, triangular, normal].map(|x| format!("{x:?}"));
        let [integer, poisson, binomial] = [integer as f64, poisson, binomial].map(|x| x.to_string());
        documented(&[bits, v, uniform, triangular, normal, integer, poisson, binomial]);
    }
}

/// U of 102,400 replications, from a site and turn of its own for each use.
fn sample(name: &str) -> Vec<u64> {
    let (key, draw) = (Key::from_seed(20_240_607), draw(name, 3, 0));
    (0..1_600).flat_map(|group| draw.full_tile(&key, group).row(3)).collect()
}

/// The Kolmogorov-Smirnov distance times √n, below 1.95 with probability 0.999 if the values have this distribution.
fn distance(mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len() as f64;
    let gaps =
        values.iter().enumerate().map(|(i, &x)| (cdf(x) - i as f64 / n).abs().max((cdf(x) - (i + 1) as f64 / n).abs()));
    gaps.fold(0.0, f64::max) * libm::sqrt(n)
}

/// How far chi-square of the counts is from its mean, in its standard deviations; about 3.5 at probability 0.999.
fn excess(counts: &[u64], chances: &[f64]) -> f64 {
    let n = counts.iter().sum::<u64>() as f64;
    let terms = counts.iter().zip(chances).map(|(&count, p)| (count as f64 - n * p) * (count as f64 - n * p) / (n * p));
    let freedom = counts.len() as f64 - 1.0;
    (terms.sum::<f64>() - freedom) / libm::sqrt(2.0 * freedom)
}

/// How often each of `0..cells` occurs, what is beyond counted in the last.
fn histogram(values: impl Iterator<Item = f64>, cells: usize) -> Vec<u64> {
    let mut counts = vec![0; cells];
    values.for_each(|value| counts[(value as usize).min(cells - 1)] += 1);
    counts
}

#[test]
fn continuous_values_have_their_distribution() {
    let values = |name, f: &dyn Fn(f64) -> f64| sample(name).into_iter().map(|bits| f(unit(bits))).collect::<Vec<_>>();
    assert!(distance(values("uniform", &|v| continuous::uniform(v, 2.0, 6.0)), |x| (x - 2.0) / 4.0) < 1.95);
    let phi = |x: f64| libm::erfc((3.0 - x) / 2.0 / std::f64::consts::SQRT_2) / 2.0;
    assert!(distance(values("normal", &|v| continuous::normal(v, 3.0, 2.0)), phi) < 1.95);
    let triangle = |x: f64| if x < 2.0 { x * x / 20.0 } else { 1.0 - (10.0 - x) * (10.0 - x) / 80.0 };
    assert!(distance(values("triangular", &|v| continuous::triangular(v, 0.0, 2.0, 10.0)), triangle) < 1.95);
}

#[test]
fn counting_values_have_their_distribution() {
    let mut poisson: Vec<f64> =
        (0..12).map(|k| libm::exp(-3.5 + k as f64 * libm::log(3.5) - libm::lgamma(k as f64 + 1.0))).collect();
    poisson.push(1.0 - poisson.iter().sum::<f64>());
    let weights = counting::poisson_weights(3.5).unwrap();
    let counts = histogram(sample("poisson").into_iter().map(|bits| weights.value(unit(bits))), 13);
    assert!(excess(&counts, &poisson) < 3.5, "{counts:?}");

    let binomial = [1.0, 6.0, 15.0, 20.0, 15.0, 6.0, 1.0].map(|ways| ways / 64.0);
    let counts = histogram(sample("binomial").into_iter().map(|bits| counting::binomial(unit(bits), 6.0, 0.5)), 7);
    assert!(excess(&counts, &binomial) < 3.5, "{counts:?}");

    let integers = sample("integer").into_iter().filter_map(|bits| counting::uniform_integer(bits, 0, 9));
    let counts = histogram(integers.map(|i| i as f64), 10);
    assert!(excess(&counts, &[0.1; 10]) < 3.5, "{counts:?}");
}

#[test]
fn chances_and_options_come_as_often_as_they_should() {
    for p in [0.001, 0.1, 0.5, 0.93] {
        let threshold = Threshold::new(p);
        let come = sample("chance").into_iter().filter(|&bits| threshold.comes(bits)).count() as u64;
        assert!(excess(&[come, 102_400 - come], &[p, 1.0 - p]) < 7.0, "{p}: {come}");
    }
    let mut thresholds = [3.0, 0.0, 1.0, 4.0];
    cumulate(&mut thresholds);
    let taken = sample("option").into_iter().filter_map(|bits| choose(bits, &thresholds)).map(|i| i as f64);
    let [a, none, b, c] = histogram(taken, 4).try_into().unwrap();
    assert!(none == 0 && excess(&[a, b, c], &[0.375, 0.125, 0.5]) < 3.5);
}

#[test]
fn draws_of_different_addresses_are_uncorrelated() {
    let key = Key::from_seed(5);
    let us = |draw: Draw, shift: u64| -> Vec<f64> {
        let rows = (0..400).flat_map(|group| draw.full_tile(&key, group + shift).row(draw.turn()));
        rows.map(|bits| unit(bits) - 0.5).collect()
    };
    let origin = us(draw("chance", 5, 0), 0);
    let others =
        [("chance", 6, 0, 0), ("chance", 9, 0, 0), ("chance", 5, 1, 0), ("delay", 5, 0, 0), ("chance", 5, 0, 1)];
    for (name, turn, k, shift) in others {
        let products = origin.iter().zip(us(draw(name, turn, k), shift)).map(|(a, b)| a * b);
        let correlation = products.sum::<f64>() * 12.0 / origin.len() as f64;
        assert!(correlation.abs() < 3.5 / 160.0, "{name} {turn} {k} {shift}: {correlation}");
    }
}

#[test]
fn a_higher_chance_only_adds_events_on_the_same_luck() {
    let (low, high) = (Threshold::new(0.2), Threshold::new(0.2000001));
    assert!(sample("chance").into_iter().all(|bits| high.comes(bits) || !low.comes(bits)));
    let values = |sd| sample("paired").into_iter().map(move |bits| continuous::normal(unit(bits), 0.0, sd));
    assert!(values(1.0).zip(values(2.0)).all(|(one, two)| two == 2.0 * one));
}
