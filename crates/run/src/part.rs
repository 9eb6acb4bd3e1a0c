//! Partial results: finished units on their way from where they were simulated to the store.
//!
//! # Promises
//! - A part is a stream of records of integers: each unit with its number, its length before it and a SHA-256 behind it, over
//!   the plan's hash too. It ends with a record that counts and digests all others.
//! - So a part that was cut off, altered, or made for another plan or by a build with other totals is noticed, and the message
//!   says where.
//! - Nothing here guards against somebody who forges digests: it finds accidents.
//!
//! # Where to start
//! [`Writer`] and [`Reader`]; [`FORMAT`] changes with the layout, and a test holds the layout of each format.

use counterfoil_core::facts::{Totals, UnitFacts};
use sha2::{Digest as _, Sha256};
use std::io::{self, Read, Write};

/// The layout that is written and read.
pub const FORMAT: u32 = 1;
/// How every part begins, before the number of its format.
pub const MAGIC: [u8; 8] = *b"CFPART\r\n";
/// Most bytes of a record: more than any world leaves that fits into memory.
const RECORD_MAX: u32 = 1 << 31;

type Sum = [u8; 32];

/// What is wrong with a part.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It begins otherwise.
    #[error("it does not begin like partial results")]
    NotAPart,
    /// It has another layout.
    #[error("it has format {found}, but this version reads format {FORMAT}")]
    OtherFormat {
        /// Its format.
        found: u32,
    },
    /// It was made for another plan.
    #[error("it was made for the plan {found}, not for {expected}")]
    OtherPlan {
        /// Hash of its plan.
        found: String,
        /// Hash of the plan at hand.
        expected: String,
    },
    /// It was made by a build with other totals.
    #[error("it was made by a build that counts other totals")]
    OtherTotals,
    /// It ends too early.
    #[error("it is cut off in record {record}{}", after(.last))]
    CutOff {
        /// The record that is not whole, from 1.
        record: u32,
        /// Number of the last whole unit.
        last: Option<u32>,
    },
    /// What it says is not what was written.
    #[error("record {record}{} was altered: {why}", after(.last))]
    Altered {
        /// The record, from 1.
        record: u32,
        /// Number of the last unit before it.
        last: Option<u32>,
        /// What shows it.
        why: String,
    },
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
}

fn after(last: &Option<u32>) -> String {
    last.map(|unit| format!(" (after unit {unit})")).unwrap_or_default()
}

/// Writes a part.
pub struct Writer<W: Write> {
    out: W,
    plan: Sum,
    all: Sha256,
    records: u32,
}

impl<W: Write> Writer<W> {
    /// Begins a part of the plan with this hash (64 hexadecimal digits).
    ///
    /// # Errors
    /// Those of `out`.
    pub fn begin(mut out: W, plan_hash: &str) -> io::Result<Self> {
        let plan = bytes_of(plan_hash).ok_or_else(|| io::Error::other("the plan's hash is no SHA-256"))?;
        out.write_all(&MAGIC)?;
        out.write_all(&FORMAT.to_le_bytes())?;
        out.write_all(&totals())?;
        out.write_all(&plan)?;
        Ok(Self { out, plan, all: Sha256::new(), records: 0 })
    }

    /// Writes one unit under its number.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn unit(&mut self, number: u32, facts: &UnitFacts) -> io::Result<()> {
        let bytes = postcard::to_stdvec(&(number, facts)).map_err(io::Error::other)?;
        let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= RECORD_MAX);
        let length = length.ok_or_else(|| io::Error::other("the unit is larger than a record may be"))?;
        let sum = sum_of(&self.plan, &bytes);
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(&bytes)?;
        self.out.write_all(&sum)?;
        self.all.update(sum);
        self.records += 1;
        self.out.flush()
    }

    /// Ends the part. One that was not ended is taken for cut off.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn end(mut self) -> io::Result<W> {
        self.out.write_all(&0_u32.to_le_bytes())?;
        self.out.write_all(&self.records.to_le_bytes())?;
        self.out.write_all(&self.all.finalize())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// One unit as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Which record of its part, from 1.
    pub place: u32,
    /// Number of the unit.
    pub number: u32,
    /// What it left behind; the arms have no names yet.
    pub facts: UnitFacts,
    /// SHA-256 of the record.
    pub sum: Sum,
}

/// Reads a part, record by record.
pub struct Reader<R: Read> {
    from: R,
    plan: Sum,
    all: Sha256,
    records: u32,
    last: Option<u32>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads the beginning and compares it with the hash of the plan at hand.
    ///
    /// # Errors
    /// [`PartError`].
    pub fn begin(mut from: R, plan_hash: &str) -> Result<Self, PartError> {
        let magic: [u8; 8] = exactly(&mut from)?.ok_or(PartError::NotAPart)?;
        if magic != MAGIC {
            return Err(PartError::NotAPart);
        }
        let cut = || PartError::CutOff { record: 1, last: None };
        let found = u32::from_le_bytes(exactly(&mut from)?.ok_or_else(cut)?);
        if found != FORMAT {
            return Err(PartError::OtherFormat { found });
        }
        if exactly(&mut from)?.ok_or_else(cut)? != totals() {
            return Err(PartError::OtherTotals);
        }
        let plan: Sum = exactly(&mut from)?.ok_or_else(cut)?;
        let found = hex(&plan);
        if found != plan_hash {
            return Err(PartError::OtherPlan { found, expected: plan_hash.to_owned() });
        }
        Ok(Self { from, plan, all: Sha256::new(), records: 0, last: None, ended: false })
    }

    fn cut_off(&self) -> PartError {
        PartError::CutOff { record: self.records + 1, last: self.last }
    }

    fn altered(&self, why: impl Into<String>) -> PartError {
        PartError::Altered { record: self.records + 1, last: self.last, why: why.into() }
    }

    /// The next unit; `None` after the last one, when the end was there and right.
    ///
    /// # Errors
    /// [`PartError`]; after it nothing more can be read.
    pub fn next_unit(&mut self) -> Result<Option<Record>, PartError> {
        if self.ended {
            return Ok(None);
        }
        let length = u32::from_le_bytes(exactly(&mut self.from)?.ok_or_else(|| self.cut_off())?);
        if length == 0 {
            self.end()?;
            return Ok(None);
        }
        if length > RECORD_MAX {
            return Err(self.altered(format!("{length} bytes are more than a record has")));
        }
        let mut bytes = Vec::new();
        let read = self.from.by_ref().take(u64::from(length)).read_to_end(&mut bytes)?;
        let sum: Sum = exactly(&mut self.from)?.ok_or_else(|| self.cut_off())?;
        if read < length as usize {
            return Err(self.cut_off());
        }
        if sum != sum_of(&self.plan, &bytes) {
            return Err(self.altered("it does not have the digest that was written with it"));
        }
        let taken = postcard::take_from_bytes::<(u32, UnitFacts)>(&bytes);
        let ((number, facts), rest) = taken.map_err(|error| self.altered(error.to_string()))?;
        if !rest.is_empty() {
            return Err(self.altered(format!("{} bytes too many", rest.len())));
        }
        self.all.update(sum);
        self.records += 1;
        self.last = Some(number);
        Ok(Some(Record { place: self.records, number, facts, sum }))
    }

    /// The record that counts the others, and that nothing follows.
    fn end(&mut self) -> Result<(), PartError> {
        let records = u32::from_le_bytes(exactly(&mut self.from)?.ok_or_else(|| self.cut_off())?);
        let sum: Sum = exactly(&mut self.from)?.ok_or_else(|| self.cut_off())?;
        if records != self.records {
            return Err(
                self.altered(format!("the end counts {records} units, but {} are there", self.records))
            );
        }
        if sum[..] != self.all.clone().finalize()[..] {
            return Err(self.altered("the end has another digest than the units before it"));
        }
        if exactly::<1>(&mut self.from)?.is_some() {
            return Err(self.altered("something follows the end"));
        }
        self.ended = true;
        Ok(())
    }
}

/// So many bytes; `None` where there are fewer.
fn exactly<const N: usize>(from: &mut impl Read) -> Result<Option<[u8; N]>, PartError> {
    let mut bytes = [0; N];
    match from.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// SHA-256 of the names of all totals: a new one changes the layout, and with it this.
fn totals() -> Sum {
    Sha256::digest(Totals::NAMES.join(",")).into()
}

fn sum_of(plan: &Sum, bytes: &[u8]) -> Sum {
    Sha256::new().chain_update(plan).chain_update(bytes).finalize().into()
}

fn hex(sum: &Sum) -> String {
    sum.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes_of(hex: &str) -> Option<Sum> {
    let mut sum = Sum::default();
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (place, byte) in sum.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * place..2 * place + 2], 16).ok()?;
    }
    Some(sum)
}
