//! A damaged store: whoever reads it gets the undamaged answer or an error that says so, and the file stays as it is.

use std::fs;

use counterfoil_api::Api;

use crate::dice::Dice;
use crate::ground::{Begin, Ground};
use crate::kinds::Tried;
use crate::program::{Room, words};
use crate::stock::Stock;

/// Damages the bytes of a store.
pub(crate) fn damage(bytes: &mut Vec<u8>, dice: &mut Dice) -> String {
    let mut said = Vec::new();
    for _ in 0..1 + dice.below(4) {
        let (length, page) = (bytes.len().max(1), 4096);
        let at = match dice.below(4) {
            0 => dice.below(100),
            1 => dice.below(length / page + 1) * page + dice.below(16),
            _ => dice.below(length),
        };
        said.push(match dice.below(8) {
            0 => {
                bytes.truncate(at);
                format!("cut at {at}")
            }
            1 => {
                let end = (at + 1 + dice.below(page)).min(bytes.len());
                let with = *dice.pick(&[0_u8, 0xff, 0x41]);
                bytes.iter_mut().take(end).skip(at).for_each(|byte| *byte = with);
                format!("{at}..{end} all {with}")
            }
            2 => {
                let from = dice.below(length);
                let piece: Vec<u8> = bytes.iter().skip(from).take(page).copied().collect();
                for (place, byte) in piece.into_iter().enumerate() {
                    if let Some(here) = bytes.get_mut(at + place) {
                        *here = byte;
                    }
                }
                format!("{from} copied to {at}")
            }
            _ => {
                let bit = dice.below(8);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << bit;
                }
                format!("bit {bit} of byte {at}")
            }
        });
    }
    said.join(", ")
}

/// Readers of a damaged store.
fn readers(ground: &Ground) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = [
        "runs --json",
        "show latest --json",
        "verify latest --threads 1",
        "replay latest --shopper 4 --world 1",
        "export latest --table orders --out -",
        "export latest --table visits --out -",
        "export latest --table truth --out -",
        "export latest --table needs --out -",
        "report latest --out report.html",
        "chart latest --figure headline --out chart.svg",
        "run --resume latest --threads 1",
    ]
    .map(words)
    .to_vec();
    let query = "SELECT arm, sum(orders) FROM totals_readable WHERE run = :run GROUP BY arm";
    all.push(["sql", "latest", query].map(str::to_owned).to_vec());
    if ground.has("verify", "--stored") {
        all.push(words("verify latest --stored"));
    }
    all
}

/// One try on the program.
pub(crate) fn by_program(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    let begin = if dice.once_in(4) { Begin::Partial } else { Begin::Finished };
    let mut bytes = ground.bytes(begin).to_vec();
    let what = damage(&mut bytes, dice);
    let all = readers(ground);
    for _ in 0..3 {
        let line = dice.pick(&all);
        let reads = !line.contains(&"--resume".to_owned());
        fs::write(room.store(), &bytes).map_err(|error| error.to_string())?;
        let ended = room.run(line)?;
        ended.sound(&[0, 1, 2, 3]).map_err(|fault| format!("{what}: {fault}"))?;
        if reads && fs::read(room.store()).ok().as_ref() != Some(&bytes) {
            return Err(format!("{what}: `{}` changed the file", ended.command));
        }
        if line[0] == "export" && ended.code == Some(0) {
            judged(ground, room, line, &ended.out, begin).map_err(|fault| format!("{what}: {fault}"))?;
        }
        for leftover in ["store.db-wal", "store.db-shm", "store.db-journal"] {
            let _ = fs::remove_file(room.desk().join(leftover));
        }
    }
    Ok(Tried::Fine)
}

/// An answer that differs from the undamaged one is allowed only where `verify --stored` finds the damage.
fn judged(ground: &Ground, room: &Room, line: &[String], out: &[u8], begin: Begin) -> Result<(), String> {
    if !ground.has("verify", "--stored") {
        return Ok(());
    }
    let whole =
        ground.room(&format!("{}-whole", room.folder.file_name().unwrap_or_default().to_string_lossy()))?;
    ground.lay(begin, &whole)?;
    let wanted = whole.run(line)?.out;
    let _ = fs::remove_dir_all(&whole.folder);
    if wanted == out {
        return Ok(());
    }
    let found = room.run(&words("verify latest --stored"))?;
    found.sound(&[1, 2, 3]).map_err(|fault| format!("`{}` answers otherwise, and {fault}", line.join(" ")))
}

/// One try in this process: list, document, tables.
pub(crate) fn in_process(stock: &Stock, dice: &mut Dice) -> Result<(), String> {
    let mut bytes = stock.store.clone();
    let what = damage(&mut bytes, dice);
    let file = stock.folder.join("damaged.db");
    for leftover in ["-wal", "-shm", "-journal"] {
        let _ = fs::remove_file(stock.folder.join(format!("damaged.db{leftover}")));
    }
    fs::write(&file, &bytes).map_err(|error| error.to_string())?;
    let fault = |error: counterfoil_api::dto::ApiError| {
        let text = error.to_string();
        if text.contains("defect of the program") { Err(format!("{what}: {text}")) } else { Ok(()) }
    };
    let api = match Api::read(Some(&file)) {
        Ok(api) => api,
        Err(error) => return fault(error),
    };
    let mut answer = Vec::new();
    api.list_runs().map_or_else(fault, |_| Ok(()))?;
    match dice.below(3) {
        0 => api.document("latest").map_or_else(fault, |_| Ok(()))?,
        1 => api.export_table("latest", "orders", &mut answer).map_or_else(fault, |()| Ok(()))?,
        _ => api.export_table("latest", "totals", &mut answer).map_or_else(fault, |()| Ok(()))?,
    }
    drop(api);
    let same = fs::read(&file).is_ok_and(|now| now == bytes);
    if same { Ok(()) } else { Err(format!("{what}: reading changed the file")) }
}
