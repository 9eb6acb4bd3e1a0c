//! Runs the sample in a store of its own and writes its report: `cargo run -p counterfoil-api --example sample -- FOLDER`.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use counterfoil_api::Api;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    let api = Api::open(Some(&folder.join("sample.db")))?;
    let run = api.open_sample(&|_| {}, &AtomicBool::new(false))?;
    std::fs::write(folder.join("report.html"), api.report_html(&run.id)?)?;
    println!("{}", serde_json::to_string_pretty(&api.document(&run.id)?)?);
    Ok(())
}
