//! Every set of instructions gives what plain code gives.

use super::operations::rounded;
use super::plain::Plain;
use super::x86::within;
use super::{EIGHT, Eight, Instructions, Operand, Simd, Work};

/// Numbers that look random: SplitMix64.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
}

/// What is asked of the instructions.
struct Question {
    a: [f64; 64],
    b: [f64; 64],
    mask: u64,
    draws: [[u32; 8]; 4],
    thresholds: [f64; 64],
    bytes: [u8; 64],
}

#[derive(Debug, PartialEq)]
struct Answer {
    masks: Vec<u64>,
    numbers: Vec<u64>,
    integers: Vec<i32>,
    fours: Vec<u64>,
    bytes: Vec<u8>,
}

impl Work for &Question {
    type Output = Answer;

    fn with<X: Simd>(self, wide: X) -> Answer {
        let Question { a, b, mask, draws, thresholds, bytes } = self;
        let (below, equal) = wide.draws_below(draws, thresholds);
        let masks = vec![
            wide.less(a, b),
            wide.less(a, b[0]),
            wide.less(b[0], a),
            wide.less_equal(a, b),
            wide.equal(a, b),
            wide.below(small(b[0]), a) & values(a),
            wide.unlike(|index| (a.eight(index), b.eight(index))),
            below,
            equal,
            wide.bytes_equal(bytes, bytes[7]),
        ];
        let held: Vec<Eight> = parts(a).map(|part| part.map(small)).collect();
        let chosen = (0..EIGHT).flat_map(|index| {
            wide.choose((mask >> (EIGHT * index)) as u8, a.as_chunks().0[index], b.as_chunks().0[index])
        });
        let rounded = held.iter().flat_map(|part| wide.rounded(*part)).map(|x| x + 0.0);
        let positive = (0..EIGHT)
            .flat_map(|index| wide.choose_positive((mask >> (EIGHT * index)) as u8, b.eight(index), a.eight(index)));
        let positive = positive.map(|x| if x == 0.0 { 0.0 } else { x });
        let numbers = chosen.chain(rounded).chain(positive).map(f64::to_bits).collect();
        let mut unlike = Vec::new();
        let fours = a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0).flat_map(|(a, b)| {
            let (a, b) = (wide.four(a.map(small)), wide.four(b.map(small)));
            unlike.push(u64::from(wide.four_unlike(a, b)));
            [wide.plus(a, b), wide.greater(a, b), wide.lesser(a, b)]
        });
        let fours: Vec<u64> = fours.flat_map(|four| wide.numbers(four).map(|x| (x + 0.0).to_bits())).collect();
        let fours = [fours, unlike];
        let integers = held.iter().flat_map(|part| wide.truncated(*part)).collect();
        Answer { masks, numbers, integers, fours: fours.concat(), bytes: wide.bytes(&self.a).to_vec() }
    }
}

fn parts(numbers: &[f64; 64]) -> impl Iterator<Item = Eight> {
    numbers.as_chunks().0.iter().copied()
}

/// The lanes that have a value.
fn values(numbers: &[f64; 64]) -> u64 {
    (0..64).fold(0, |bits, i| bits | u64::from(!numbers[i].is_nan()) << i)
}

fn small(x: f64) -> f64 {
    if x.is_finite() { x.clamp(-1e9, 1e9) } else { 0.5 }
}

/// The same by the definitions.
fn plainly(question: &Question) -> Answer {
    let Question { a, b, mask, draws, thresholds, bytes } = question;
    let mask_of = |holds: &dyn Fn(usize) -> bool| (0..64).fold(0, |bits, i| bits | u64::from(holds(i)) << i);
    let draw = |i: usize| (draws[i / 16][i % 16 / 2] >> (16 * (i % 2))) as u16;
    let threshold = |i: usize| thresholds[i] as u16;
    let masks = vec![
        mask_of(&|i| a[i] < b[i]),
        mask_of(&|i| a[i] < b[0]),
        mask_of(&|i| b[0] < a[i]),
        mask_of(&|i| a[i] <= b[i]),
        mask_of(&|i| a[i] == b[i]),
        mask_of(&|i| small(b[0]) < a[i]),
        mask_of(&|i| a[i] != b[i]),
        mask_of(&|i| draw(i) < threshold(i)),
        mask_of(&|i| draw(i) == threshold(i)),
        mask_of(&|i| bytes[i] == bytes[7]),
    ];
    let chosen = (0..64).map(|i| if mask >> i & 1 == 1 { a[i] } else { b[i] });
    let rounded = a.iter().map(|x| small(*x).round() + 0.0);
    let positive = (0..64).map(|i| if mask >> i & 1 == 1 { b[i] } else { a[i] } + 0.0);
    let numbers = chosen.chain(rounded).chain(positive).map(f64::to_bits).collect();
    let integers = a.iter().map(|x| small(*x) as i32).collect();
    let mut unlike = Vec::new();
    let fours = a.chunks(4).zip(b.chunks(4)).flat_map(|(a, b)| {
        let (a, b) = (a.iter().map(|x| small(*x)), b.iter().map(|x| small(*x)));
        let pairs: Vec<(f64, f64)> = a.zip(b).collect();
        unlike.push((0..4).fold(0, |bits, i| bits | u64::from(pairs[i].0 != pairs[i].1) << i));
        let all = |function: fn(f64, f64) -> f64| -> Vec<u64> {
            pairs.iter().map(|(a, b)| (function(*a, *b) + 0.0).to_bits()).collect()
        };
        [all(|a, b| a + b), all(f64::max), all(f64::min)].concat()
    });
    let fours: Vec<u64> = fours.collect();
    let fours = [fours, unlike].concat();
    let bytes = question.a.iter().map(|x| *x as u8).collect();
    Answer { masks, numbers, integers, fours, bytes }
}

#[test]
fn all_instructions_say_the_same() {
    let mut dice = Dice(20_241_125);
    let special = [0.0, -0.0, 1.0, 0.5, -0.5, 1.5, 2.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300];
    for _ in 0..500 {
        let mut number = || match dice.next() % 4 {
            0 => special[dice.next() as usize % special.len()],
            1 => f64::from(dice.next() as u8 % 16) / 4.0 - 1.0,
            2 => f64::from(dice.next() as u32) / 4_294_967_296.0,
            _ => f64::from_bits(dice.next()),
        };
        let (a, b) = (std::array::from_fn(|_| number()), std::array::from_fn(|_| number()));
        let draws: [[u32; 8]; 4] = std::array::from_fn(|_| std::array::from_fn(|_| dice.next() as u32));
        let mut thresholds: [f64; 64] = std::array::from_fn(|i| a[i] % 2.0 * 65_536.0);
        for (i, threshold) in thresholds.iter_mut().enumerate().filter(|(i, t)| i % 2 == 0 || t.is_nan()) {
            let draw = (draws[i / 16][i % 16 / 2] >> (16 * (i % 2))) as u16;
            *threshold = f64::from(draw.wrapping_add(dice.next() as u16 % 3)) + 0.25;
        }
        let bytes = std::array::from_fn(|_| dice.next() as u8 % 5);
        let question = Question { a, b, mask: dice.next(), draws, thresholds, bytes };
        let expected = plainly(&question);
        assert_eq!(question.with(Plain::new()), expected);
        for instructions in Instructions::ALL {
            assert_eq!(within(instructions as u8, &question), expected, "{instructions:?}");
        }
    }
}

#[test]
fn numbers_are_rounded_as_the_language_of_the_program_rounds_them() {
    let limit = (1_u64 << 51) as f64;
    let mut numbers = vec![0.0, -0.0, 0.49999999999999994, limit, limit - 0.5, limit - 0.25, limit - 1.5, 1e9 + 0.5];
    numbers.extend((0..4_000).map(|i| f64::from(i) * 0.25));
    numbers.extend((0..51).map(|i| 1.37 * libm::ldexp(1.0, i)));
    for x in numbers {
        assert_eq!((rounded(x), rounded(-x)), (x.round(), (-x).round()), "{x}");
    }
}
