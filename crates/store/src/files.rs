//! The files of a store as the system sees them: who they are, what lies beside them, and who may write them.
//!
//! # Promises
//! - While a store is open in this process, no other descriptor of its file is closed: on Unix that would drop the locks
//!   that SQLite holds on it. Whoever wants to look at the bytes goes through [`Handle`].
//! - Permission bits count even for a user whom the system would let through (root).

use crate::error::StoreError;
use std::fs::{self, File, Metadata};
use std::io::{Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::SystemTime;

/// Files that SQLite may leave beside a database.
pub(crate) const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// The file whose name is that of the store with something behind it.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Whether there is such a file with something in it.
pub(crate) fn has_beside(path: &Path, ending: &str) -> bool {
    fs::metadata(beside(path, ending)).is_ok_and(|file| file.len() > 0)
}

/// Folder that the file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// The same file under a name that SQLite takes for nothing else: `file:x` and `:memory:` are names like others here.
pub(crate) fn plain(path: &Path) -> PathBuf {
    if path.is_absolute() { path.to_owned() } else { Path::new(".").join(path) }
}

/// What the system says about the path of a store; `None` if there is nothing.
pub(crate) fn metadata(path: &Path) -> Result<Option<Metadata>, StoreError> {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(Some(metadata)),
        Ok(_) => Err(StoreError::NotAFile { file: path.to_owned() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::Disk { file: path.to_owned(), found: error.to_string() }),
    }
}

/// Which file it is, whatever it is called: device and inode. Only Unix can tell; Windows refuses to move an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity(u64, u64);

impl Identity {
    /// Of the file behind the metadata.
    pub fn of(metadata: &Metadata) -> Option<Self> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            Some(Self(metadata.dev(), metadata.ino()))
        }
        #[cfg(not(unix))]
        {
            let _ = metadata;
            None
        }
    }

    /// Of whatever is at the path now.
    pub fn at(path: &Path) -> Option<Self> {
        fs::metadata(path).ok().as_ref().and_then(Self::of)
    }
}

/// A descriptor for looking at the bytes of a store, shared by all that have it open in this process and closed after the
/// last of them.
pub(crate) struct Handle {
    identity: Option<Identity>,
    file: Mutex<File>,
}

/// What changes with a file that is written, and not when it is moved: length, time, and the header with SQLite's own
/// count of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    header: Vec<u8>,
}

static HANDLES: Mutex<Vec<Weak<Handle>>> = Mutex::new(Vec::new());

fn handles() -> MutexGuard<'static, Vec<Weak<Handle>>> {
    HANDLES.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Handle {
    /// The handle on the file at `path`.
    ///
    /// # Errors
    /// What the system says, if it cannot be opened for reading.
    pub fn on(path: &Path) -> std::io::Result<Arc<Self>> {
        let mut known = handles();
        known.retain(|handle| handle.strong_count() > 0);
        let identity = Identity::at(path);
        let same = |handle: &Arc<Self>| identity.is_some() && handle.identity == identity;
        if let Some(handle) = known.iter().filter_map(Weak::upgrade).find(same) {
            return Ok(handle);
        }
        let file = File::open(path)?;
        let identity = file.metadata().ok().as_ref().and_then(Identity::of);
        let handle = Arc::new(Self { identity, file: Mutex::new(file) });
        known.push(Arc::downgrade(&handle));
        Ok(handle)
    }

    /// Lets go of a handle, so that no other thread takes it up while it is being closed.
    pub fn release(handle: Arc<Self>) {
        let known = handles();
        drop(handle);
        drop(known);
    }

    /// Which file it is.
    pub fn identity(&self) -> Option<Identity> {
        self.identity
    }

    /// Bytes of the file now.
    pub fn bytes(&self) -> std::io::Result<u64> {
        Ok(self.file().metadata()?.len())
    }

    /// How the file stands now.
    pub fn stamp(&self) -> Option<Stamp> {
        const HEADER_BYTES: u64 = 100;
        let header = self.beginning(HEADER_BYTES).ok()?;
        let metadata = self.file().metadata().ok()?;
        let (bytes, modified) = (metadata.len(), metadata.modified().ok());
        Some(Stamp { bytes, modified, header })
    }

    /// The first bytes, at most `count`.
    pub fn beginning(&self, count: u64) -> std::io::Result<Vec<u8>> {
        let mut file = self.file();
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        Read::by_ref(&mut *file).take(count).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Copies the whole file.
    pub fn copy_to(&self, target: &Path) -> std::io::Result<()> {
        let mut file = self.file();
        file.seek(SeekFrom::Start(0))?;
        std::io::copy(&mut *file, &mut File::create(target)?).map(|_| ())
    }

    fn file(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
