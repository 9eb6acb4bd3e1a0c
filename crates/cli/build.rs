//! Hands the commit to `--version` where the sources are a checkout with git at hand; elsewhere it is not known, and nothing
//! fails. The same commit gives the same program: no time and no place enter.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=COUNTERFOIL_COMMIT");
    if std::env::var_os("COUNTERFOIL_COMMIT").is_some() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if let Some(commit) = commit(&root) {
        println!("cargo:rustc-env=COUNTERFOIL_COMMIT={commit}");
    }
}

/// The commit of the checkout at `root`; none where the sources merely lie in a checkout of something else.
fn commit(root: &Path) -> Option<String> {
    let top = PathBuf::from(git(root, &["rev-parse", "--show-toplevel"])?);
    if top.canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD".to_owned(), "packed-refs".to_owned()].into_iter().chain(branch) {
        // A file that is watched has to be there, else every build begins anew.
        let file = git(root, &["rev-parse", "--git-path", &name]).map(|path| root.join(path));
        if let Some(file) = file.filter(|file| file.is_file()) {
            println!("cargo:rerun-if-changed={}", file.display());
        }
    }
    git(root, &["rev-parse", "--short=12", "HEAD"])
}

fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
