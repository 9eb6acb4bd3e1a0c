//! One hash under any number of threads, locale, time zone, instruction set and amount that is kept.

use crate::dice::Dice;
use crate::ground::{Ground, SMALL};
use crate::kinds::Tried;
use crate::program::{PATIENCE, Room, words};

const LOCALES: [&str; 6] = ["C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "ar_EG.UTF-8", "not-a-locale"];
const ZONES: [&str; 5] = ["UTC", "Pacific/Kiritimati", "America/St_Johns", "Asia/Kathmandu", ":broken"];
const TUNABLES: [&str; 4] = [
    "glibc.cpu.hwcaps=-AVX2,-AVX,-FMA,-FMA4",
    "glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable",
    "glibc.cpu.hwcaps=-SSE4_2,-AVX512F",
    "glibc.malloc.perturb=165",
];

/// One try.
pub(crate) fn same(ground: &Ground, room: &Room, dice: &mut Dice) -> Result<Tried, String> {
    let mut line = words(&format!("run fashion-web-shop {} --json", SMALL.replace("--threads 2", "")));
    if dice.once_in(5) {
        line = words(&format!("run fashion-web-shop {SMALL} --json").replace(" --threads 2", ""));
    } else {
        line.extend(["--threads".to_owned(), (1 + dice.below(9)).to_string()]);
    }
    let kept: Vec<&str> = ["summary", "visits", "sample"]
        .into_iter()
        .filter(|word| ground.help["run"].contains(&format!("- {word}")))
        .collect();
    if !kept.is_empty() && !dice.once_in(3) {
        line.extend(["--keep".to_owned(), (*dice.pick(&kept)).to_owned()]);
    }
    if dice.once_in(3) {
        line.extend(["--trace".to_owned(), dice.below(9).to_string()]);
    }
    let mut command = room.command(&line);
    command.env("LANG", dice.pick(&LOCALES)).env("LC_ALL", dice.pick(&LOCALES)).env("TZ", dice.pick(&ZONES));
    if !dice.once_in(3) {
        command.env("GLIBC_TUNABLES", dice.pick(&TUNABLES));
    }
    let shown = format!("{command:?}");
    let ended = room.start_as(command, &line)?.wait(PATIENCE);
    ended.sound(&[0])?;
    let hash = ended.result_hash()?;
    if hash == ground.hash {
        Ok(Tried::Fine)
    } else {
        Err(format!("{shown} has the result {hash}, not {}", ground.hash))
    }
}
