//! Partial results: integers only, the same on the way back, and whatever happened to them on the way is named.
#![allow(clippy::unwrap_used)]

mod common;

use common::{plan, scenario, small};
use counterfoil_core::facts::{Fate, OfferFate, UnitFacts, VisitEnd};
use counterfoil_core::policy::{DecisionPoint, Reason, Stage};
use counterfoil_run::hash::sha256;
use counterfoil_run::part::{FORMAT, PartError, Reader, Record, Writer};
use counterfoil_run::unit::unit;
use serde_reflection::{ContainerFormat, Format, FormatHolder, Registry, Samples, Tracer, TracerConfig};

/// SHA-256 of the layout of each format. Whoever changes the facts of a unit changes the layout: what was released gets the
/// next format.
const LAYOUTS: [(u32, &str); 1] = [(1, "093b00833852767299cc589ed9fe31d37b26156902448a2cd0a773170f012ea4")];

const PLAN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn units() -> Vec<UnitFacts> {
    let plan = plan(scenario("fashion-web-shop", &small(300)));
    (0..3).map(|world| unit(&plan, world, None, &mut |_| true).unwrap().0).collect()
}

fn part(units: &[UnitFacts]) -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), PLAN).unwrap();
    for (facts, number) in units.iter().zip(7..) {
        writer.unit(number, facts).unwrap();
    }
    writer.end().unwrap()
}

fn read(bytes: &[u8]) -> Result<Vec<Record>, PartError> {
    let mut reader = Reader::begin(bytes, PLAN)?;
    let mut records = Vec::new();
    while let Some(record) = reader.next_unit()? {
        records.push(record);
    }
    Ok(records)
}

/// Every type that a record is made of.
fn layout() -> Registry {
    let (mut tracer, samples) = (Tracer::new(TracerConfig::default()), Samples::new());
    tracer.trace_simple_type::<Fate>().unwrap();
    tracer.trace_simple_type::<OfferFate>().unwrap();
    tracer.trace_simple_type::<VisitEnd>().unwrap();
    tracer.trace_simple_type::<DecisionPoint>().unwrap();
    tracer.trace_simple_type::<Reason>().unwrap();
    tracer.trace_simple_type::<Stage>().unwrap();
    tracer.trace_type::<UnitFacts>(&samples).unwrap();
    tracer.registry().unwrap()
}

#[test]
fn a_part_holds_integers_only() {
    let mut whole = 0;
    for (name, container) in layout() {
        let mut leaves = |format: &mut Format| {
            match format {
                Format::F32 | Format::F64 | Format::Str | Format::Bytes | Format::Char => {
                    panic!("{name} holds {format:?}, but a part holds integers only")
                }
                Format::I64 | Format::U64 | Format::U32 | Format::U16 | Format::U8 => whole += 1,
                _ => {}
            }
            Ok(())
        };
        let mut container: ContainerFormat = container;
        container.visit_mut(&mut leaves).unwrap();
    }
    assert!(whole > 100, "the types were looked into: {whole}");
}

#[test]
fn another_layout_is_another_format() {
    // The names of totals stand in every part.
    let named: Vec<_> = layout().into_iter().filter(|(name, _)| name != "Totals").collect();
    let text = format!("{named:?}");
    let known = LAYOUTS.iter().find(|(format, _)| *format == FORMAT).map(|(_, hash)| *hash);
    let remedy = "the facts of a unit changed: raise FORMAT in part.rs and add a line to LAYOUTS";
    assert_eq!(Some(sha256(&text).as_str()), known, "{remedy}");
}

#[test]
fn what_was_written_is_read_but_for_the_names_of_arms() {
    let units = units();
    assert!(units[0].arms.iter().all(|arm| !arm.needs.is_empty() && !arm.visits.is_empty()));
    assert!(units[0].arms.iter().any(|arm| !arm.decisions.is_empty()));
    assert!(units[0].arms.iter().any(|arm| !arm.offers.is_empty()));
    let records = read(&part(&units)).unwrap();
    let numbers: Vec<(u32, u32)> = records.iter().map(|record| (record.place, record.number)).collect();
    assert_eq!(numbers, [(1, 7), (2, 8), (3, 9)]);
    for (mut record, facts) in records.into_iter().zip(&units) {
        for (read, written) in record.facts.arms.iter_mut().zip(&facts.arms) {
            assert_eq!(std::mem::replace(&mut read.arm, written.arm.clone()), "");
        }
        assert_eq!(record.facts, *facts);
    }
    assert!(read(&part(&[])).unwrap().is_empty());
}

#[test]
fn a_part_that_was_cut_off_says_where() {
    let whole = part(&units());
    // Everywhere near a boundary, and a few places within.
    let near = (0..200).chain(whole.len() - 60..whole.len());
    for length in near.chain((0..whole.len()).step_by(997)) {
        match read(&whole[..length]) {
            Err(PartError::NotAPart) => assert!(length < 8, "{length}"),
            Err(PartError::CutOff { record, last }) => {
                assert!((1..=4).contains(&record), "{length}");
                assert_eq!(last, (record > 1).then(|| 5 + record), "{length}");
            }
            other => panic!("{length} of {} bytes: {other:?}", whole.len()),
        }
    }
    let message = read(&whole[..whole.len() - 1]).unwrap_err().to_string();
    assert_eq!(message, "it is cut off in record 4 (after unit 9)");
}

#[test]
fn a_part_that_was_altered_is_noticed_at_every_byte() {
    let whole = part(&units()[..1]);
    assert!(read(&whole).is_ok());
    let places = (0..120).chain((120..whole.len()).step_by(313)).chain(whole.len() - 80..whole.len());
    for place in places {
        let mut bytes = whole.clone();
        bytes[place] ^= 0x10;
        assert!(read(&bytes).is_err(), "byte {place}");
    }
    let mut more = whole.clone();
    more.push(0);
    assert!(matches!(read(&more), Err(PartError::Altered { .. })));
    // Two whole parts behind each other are no part either.
    assert!(matches!(read(&[whole.clone(), whole].concat()), Err(PartError::Altered { .. })));
}

#[test]
fn a_part_of_another_plan_or_format_is_refused_by_name() {
    let whole = part(&[]);
    let other = PLAN.replace("00", "ff");
    let Err(PartError::OtherPlan { found, expected }) = Reader::begin(&whole[..], &other).map(|_| ()) else {
        panic!("another plan is read")
    };
    assert_eq!((found.as_str(), expected.as_str()), (PLAN, other.as_str()));
    let mut totals = whole.clone();
    totals[12] ^= 1;
    assert!(matches!(read(&totals), Err(PartError::OtherTotals)));
    let mut newer = whole;
    newer[8] = 9;
    assert!(matches!(read(&newer), Err(PartError::OtherFormat { found: 9 })));
    assert!(matches!(read(b"arm,world,orders\n"), Err(PartError::NotAPart)));
    assert!(Writer::begin(Vec::new(), "no hash").is_err());
}
