//! System packages: which ones are missing, and how this system installs them.

use crate::node::{self, Node, Version};
use crate::shell;

/// What the packages are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Build and open the window.
    Window,
    /// The same, and drive it under a virtual display.
    Test,
}

/// A package manager of Linux or macOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    /// Debian, Ubuntu.
    Apt,
    /// Fedora.
    Dnf,
    /// Arch.
    Pacman,
    /// macOS.
    Brew,
}

impl Manager {
    /// The one of this system.
    pub fn find() -> Option<Self> {
        let known =
            [("apt-get", Self::Apt), ("dnf", Self::Dnf), ("pacman", Self::Pacman), ("brew", Self::Brew)];
        known.into_iter().find(|(program, _)| shell::exists(program)).map(|(_, manager)| manager)
    }

    /// Packages for building and opening the window. macOS and Windows bring theirs with the system.
    fn window(self) -> &'static [&'static str] {
        match self {
            Self::Apt => &["pkg-config", "libwebkit2gtk-4.1-dev", "librsvg2-dev"],
            Self::Dnf => &["pkgconf-pkg-config", "webkit2gtk4.1-devel", "librsvg2-devel"],
            Self::Pacman => &["pkgconf", "webkit2gtk-4.1", "librsvg"],
            Self::Brew => &[],
        }
    }

    /// Packages for driving the window in a test, beside those of [`Self::window`].
    fn test(self) -> &'static [&'static str] {
        match self {
            Self::Apt => &["webkit2gtk-driver", "xvfb", "xauth", "fonts-dejavu-core"],
            Self::Dnf => &["webkit2gtk4.1", "xorg-x11-server-Xvfb", "xorg-x11-xauth", "dejavu-sans-fonts"],
            Self::Pacman => &["xorg-server-xvfb", "xorg-xauth", "ttf-dejavu"],
            Self::Brew => &[],
        }
    }

    fn has(self, package: &str) -> bool {
        match self {
            Self::Apt => shell::output("dpkg-query", &["-W", "-f=${Status}", package])
                .is_some_and(|status| status.ends_with("ok installed")),
            Self::Dnf => shell::output("rpm", &["-q", "--whatprovides", package]).is_some(),
            Self::Pacman => shell::output("pacman", &["-Q", package]).is_some(),
            Self::Brew => shell::output("brew", &["list", "--versions", package]).is_some(),
        }
    }

    /// Packages that would give Node, and the version that this system offers.
    fn node(self) -> (&'static [&'static str], Option<Version>) {
        match self {
            Self::Apt => {
                let policy = shell::output("apt-cache", &["policy", "nodejs"]).unwrap_or_default();
                let line = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate:"));
                // The packages of Node's own makers bring npm along and refuse Debian's.
                let about =
                    shell::output("apt-cache", &["show", "--no-all-versions", "nodejs"]).unwrap_or_default();
                let brings_npm = about.lines().any(|line| {
                    line.starts_with("Provides:") && line.split([' ', ',']).any(|one| one == "npm")
                });
                let packages: &[&str] = if brings_npm { &["nodejs"] } else { &["nodejs", "npm"] };
                (packages, line.and_then(node::parse))
            }
            Self::Dnf => {
                let query = ["-q", "repoquery", "--latest-limit=1", "--queryformat=%{version}", "nodejs"];
                (&["nodejs", "npm"], shell::output("dnf", &query).as_deref().and_then(node::parse))
            }
            Self::Pacman => {
                let about = shell::output("pacman", &["-Si", "nodejs"]).unwrap_or_default();
                let line = about.lines().find_map(|line| line.strip_prefix("Version")?.split_once(':'));
                (&["nodejs", "npm"], line.and_then(|(_, version)| node::parse(version)))
            }
            Self::Brew => (&["node"], Some(node::OLDEST)),
        }
    }

    /// The commands that install `packages`, in order.
    fn install(self, packages: &[&str]) -> Vec<Vec<String>> {
        let line = |words: &[&str]| words.iter().chain(packages).map(ToString::to_string).collect::<Vec<_>>();
        match self {
            Self::Apt => vec![
                vec!["apt-get".to_owned(), "update".to_owned()],
                line(&["apt-get", "install", "-y", "--no-install-recommends"]),
            ],
            Self::Dnf => vec![line(&["dnf", "install", "-y"])],
            Self::Pacman => vec![line(&["pacman", "-S", "--needed", "--noconfirm"])],
            Self::Brew => vec![line(&["brew", "install"])],
        }
    }
}

/// What stands between this system and the window.
pub struct Needs {
    manager: Option<Manager>,
    packages: Vec<&'static str>,
    /// Why it cannot be done here, and how to mend it; empty when it can.
    pub obstacles: Vec<String>,
}

/// Looks at this system. Installs nothing.
pub fn needs(purpose: Purpose) -> Needs {
    let manager = Manager::find();
    let mut needs = Needs { manager, packages: Vec::new(), obstacles: Vec::new() };
    if cfg!(target_os = "linux") {
        needs.add_libraries(purpose);
    }
    needs.add_node();
    if !needs.packages.is_empty() && manager != Some(Manager::Brew) && elevation().is_none() {
        needs.obstacles.push(format!(
            "{} must be installed, but this user is not root and there is no sudo; ask whoever looks after this machine",
            needs.packages.join(", ")
        ));
    }
    needs
}

impl Needs {
    fn add_libraries(&mut self, purpose: Purpose) {
        let Some(manager) = self.manager else {
            if shell::output("pkg-config", &["--exists", "webkit2gtk-4.1", "librsvg-2.0"]).is_none() {
                self.obstacles.push(
                    "WebKitGTK 4.1 and librsvg with their headers are missing, and no package manager that I know \
                     (apt-get, dnf, pacman) is here; install them by hand"
                        .to_owned(),
                );
            }
            return;
        };
        let wanted = if purpose == Purpose::Test { manager.test() } else { &[] };
        let all = manager.window().iter().chain(wanted);
        self.packages.extend(all.copied().filter(|package| !manager.has(package)));
    }

    fn add_node(&mut self) {
        let found = node::find();
        if found == Node::Ready {
            return;
        }
        let oldest = node::OLDEST;
        let what = match found {
            Node::Old(version) => format!("Node is {version}, older than {oldest}"),
            _ => "Node with npm is missing".to_owned(),
        };
        match self.manager.map(Manager::node) {
            Some((packages, Some(offered))) if offered >= oldest => self.packages.extend(packages),
            offer => {
                let offered = offer.and_then(|(_, version)| version);
                let why = offered.map_or_else(
                    || "this system's packages do not offer it".to_owned(),
                    |version| format!("this system's packages offer only {version}"),
                );
                self.obstacles.push(format!(
                    "{what}, and {why}; install Node {oldest} or newer from nodejs.org or with a version manager"
                ));
            }
        }
    }

    /// Says what will be installed, asks unless `yes`, and installs. True when nothing is missing any more.
    pub fn install(&self, yes: bool) -> bool {
        let (Some(manager), false) = (self.manager, self.packages.is_empty()) else { return true };
        println!("These system packages are missing and will be installed: {}", self.packages.join(", "));
        if !yes && !shell::agrees("Install them?") {
            return false;
        }
        let prefix = if manager == Manager::Brew { Vec::new() } else { elevation().unwrap_or_default() };
        let installed = manager.install(&self.packages).into_iter().all(|line| {
            let words: Vec<String> = prefix.iter().cloned().chain(line).collect();
            let (program, rest) = words.split_first().expect("every line has a program");
            let mut command = shell::command(program, rest);
            // An index that could not be refreshed may still do; the installation itself decides.
            let refreshes = words.last().is_some_and(|word| word == "update");
            shell::runs(command.env("DEBIAN_FRONTEND", "noninteractive")) || refreshes
        });
        let ready = node::find() == Node::Ready;
        if installed && !ready {
            println!(
                "Node is installed, but `node` still starts another one; put the new one first in PATH."
            );
        }
        installed && ready
    }
}

/// What makes a command run as root: nothing for root itself; `None` where that is impossible.
fn elevation() -> Option<Vec<String>> {
    if shell::output("id", &["-u"]).is_some_and(|id| id == "0") {
        return Some(Vec::new());
    }
    shell::exists("sudo").then(|| vec!["sudo".to_owned()])
}

/// Whether a window could be shown here.
pub fn has_display() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

#[cfg(test)]
mod tests {
    use super::Manager;

    #[test]
    fn packages_stand_at_the_end_of_the_last_command() {
        for manager in [Manager::Apt, Manager::Dnf, Manager::Pacman, Manager::Brew] {
            let lines = manager.install(&["one", "two"]);
            let last = lines.last().expect("at least one command");
            assert_eq!(last[last.len() - 2..], ["one", "two"], "{manager:?}");
        }
    }
}
