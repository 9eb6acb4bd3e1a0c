//! Node: whether it is there and new enough.

use crate::shell;

/// Oldest version that the front end's tools accept.
pub const OLDEST: Version = Version(20, 19);

/// Major and minor number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

/// What was found.
#[derive(Debug, PartialEq, Eq)]
pub enum Node {
    /// New enough, and npm beside it.
    Ready,
    /// Too old.
    Old(Version),
    /// Node or npm cannot be started.
    Missing,
}

/// Looks for `node` and `npm`.
pub fn find() -> Node {
    let version = shell::output("node", &["--version"]).as_deref().and_then(parse);
    match version {
        Some(version) if version < OLDEST => Node::Old(version),
        Some(_) if shell::output(npm(), &["--version"]).is_some() => Node::Ready,
        _ => Node::Missing,
    }
}

/// Name of npm on this system.
pub fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Reads `v20.19.2`, `20.19.2+dfsg-1`, `1:22.3.0-2`.
pub fn parse(text: &str) -> Option<Version> {
    let text = text.trim().trim_start_matches('v');
    let text = text.split_once(':').map_or(text, |(_, rest)| rest);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).map(str::parse);
    Some(Version(numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, Version, parse};

    #[test]
    fn versions_are_read_as_node_and_package_managers_write_them() {
        assert_eq!(parse("v20.19.2"), Some(Version(20, 19)));
        assert_eq!(parse("18.20.4+dfsg-1~deb12u1"), Some(Version(18, 20)));
        assert_eq!(parse("1:22.3.0-2"), Some(Version(22, 3)));
        assert_eq!(parse("(none)"), None);
        assert!(Version(20, 18) < OLDEST && Version(22, 0) > OLDEST);
    }
}
