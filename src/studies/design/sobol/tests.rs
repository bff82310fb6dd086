//! Tests of Sobol points: published vectors, stratification, extension, and that scrambling is fair.

use super::*;

/// The first points of the sequence, as Joe and Kuo's program prints them, in ten dimensions.
const PUBLISHED: [[f64; 10]; 10] = [
    [0.0; 10],
    [0.5; 10],
    [0.75, 0.25, 0.25, 0.25, 0.75, 0.75, 0.25, 0.75, 0.75, 0.75],
    [0.25, 0.75, 0.75, 0.75, 0.25, 0.25, 0.75, 0.25, 0.25, 0.25],
    [0.375, 0.375, 0.625, 0.875, 0.375, 0.125, 0.375, 0.875, 0.875, 0.625],
    [0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125],
    [0.625, 0.125, 0.875, 0.625, 0.625, 0.875, 0.125, 0.125, 0.125, 0.375],
    [0.125, 0.625, 0.375, 0.125, 0.125, 0.375, 0.625, 0.625, 0.625, 0.875],
    [0.1875, 0.3125, 0.9375, 0.4375, 0.5625, 0.3125, 0.4375, 0.9375, 0.9375, 0.3125],
    [0.6875, 0.8125, 0.4375, 0.9375, 0.0625, 0.8125, 0.9375, 0.4375, 0.4375, 0.8125],
];

#[test]
fn the_first_points_are_those_published() {
    let points = Sobol::plain(10).unwrap().points(10).unwrap();
    for (number, row) in PUBLISHED.iter().enumerate() {
        assert_eq!(points.row(number), row, "point {number}");
    }
}

/// From scipy 1.17 (`qmc.Sobol`, 32 bits), dimensions counted from 1.
#[test]
fn far_points_and_dimensions_are_those_of_another_implementation() {
    let sobol = Sobol::plain(DIMENSIONS_MAX).unwrap();
    let known: [(u32, [u32; 8]); 3] = [
        (10, [0xf000_0000, 0x1000_0000, 0xb000_0000, 0x7000_0000, 0x7000_0000, 0x5000_0000, 0x9000_0000, 0xb000_0000]),
        (
            1_000,
            [0x3840_0000, 0x18c0_0000, 0x84c0_0000, 0x85c0_0000, 0x8cc0_0000, 0xc4c0_0000, 0x5ec0_0000, 0xc140_0000],
        ),
        (
            4_095,
            [0x0010_0000, 0xf0f0_0000, 0x5590_0000, 0x39d0_0000, 0xbb70_0000, 0x5850_0000, 0x56b0_0000, 0x0f90_0000],
        ),
    ];
    for (number, digits) in known {
        let found = [1, 2, 3, 21, 22, 101, 1_111, 1_600].map(|dimension| sobol.digits(number, dimension - 1));
        assert_eq!(found, digits, "point {number}");
    }
    // All 4,096 points in all dimensions at once: each number times the number of its dimension, all joined by exclusive or.
    let folded = (0..4_096).flat_map(|number| (0..DIMENSIONS_MAX).map(move |dimension| (number, dimension)));
    let folded = folded.fold(0, |sum, (number, dimension)| {
        sum ^ (u64::from(sobol.digits(number, dimension)) * (dimension as u64 + 1))
    });
    assert_eq!(folded, 0x684_0000_0000);
}

/// Each dimension alone is stratified at every power of two; the first two are together.
fn is_stratified(points: &Points, digits: u32) {
    let n = 1_usize << digits;
    for factor in 0..points.factors() {
        let mut strata: Vec<usize> = points.rows().take(n).map(|row| (row[factor] * n as f64) as usize).collect();
        strata.sort_unstable();
        assert!(strata.iter().copied().eq(0..n), "dimension {factor}, {n} points");
    }
    for wide in 0..=digits {
        let (columns, rows) = (1_usize << wide, 1_usize << (digits - wide));
        let cell = |row: &[f64]| (row[0] * columns as f64) as usize * rows + (row[1] * rows as f64) as usize;
        let mut cells: Vec<usize> = points.rows().take(n).map(cell).collect();
        cells.sort_unstable();
        assert!(cells.iter().copied().eq(0..n), "{columns} x {rows}");
    }
}

#[test]
fn points_are_stratified_plain_and_scrambled() {
    for sobol in [Sobol::plain(30).unwrap(), Sobol::scrambled(30, 1, 0).unwrap(), Sobol::scrambled(30, 1, 7).unwrap()] {
        let points = sobol.points(1_024).unwrap();
        (0..=10).for_each(|digits| is_stratified(&points, digits));
    }
}

#[test]
fn doubling_keeps_the_points() {
    let sobol = Sobol::scrambled(5, 9, 0).unwrap();
    let (some, twice) = (sobol.points(128).unwrap(), sobol.points(256).unwrap());
    assert!(some.rows().eq(twice.rows().take(128)));
    let wider = Sobol::scrambled(6, 9, 0).unwrap().points(128).unwrap();
    assert!(some.rows().zip(wider.rows()).all(|(narrow, wide)| narrow == &wide[..5]));
}

/// The mean of a smooth function over 256 scrambled points: no bias over scrambles, and far less error than random points.
#[test]
fn scrambles_are_fair_and_precise() {
    let means: Vec<f64> = (0..200)
        .map(|scramble| {
            let points = Sobol::scrambled(3, 4, scramble).unwrap().points(256).unwrap();
            points.rows().map(|x| x[0] * x[1] + x[2] * x[2]).sum::<f64>() / 256.0
        })
        .collect();
    let (mean, error) = crate::statistics::student::mean_and_error(&means);
    let truth = 0.25 + 1.0 / 3.0;
    assert!((mean - truth).abs() < 4.0 * error, "{mean} {error}");
    assert!(error * libm::sqrt(200.0) < 0.001, "{error}");
    // A single coordinate of a scrambled point is uniform over scrambles.
    let firsts: Vec<f64> =
        (0..400).map(|scramble| Sobol::scrambled(1, 4, scramble).unwrap().points(1).unwrap().row(0)[0]).collect();
    let (mean, error) = crate::statistics::student::mean_and_error(&firsts);
    assert!((mean - 0.5).abs() < 4.0 * error && (error - 0.2887 / 20.0).abs() < 0.002, "{mean} {error}");
}

#[test]
fn dimensions_have_a_limit() {
    let most = DIMENSIONS_MAX;
    assert_eq!(directions(most).len(), most);
    assert!(matches!(Sobol::plain(most + 1), Err(DesignError::TooManyDimensions { .. })));
    assert!(Sobol::plain(0).is_err());
}
