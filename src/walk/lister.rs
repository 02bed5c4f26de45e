//! Lists folders of a slow volume ahead, many at a time: each call to a server takes its time, whoever waits for it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::tree::{Children, device_of, list};

/// How many folders are listed at a time.
const AT_A_TIME: usize = 16;
/// How many folders that are to be listed are known.
const WANTED: usize = 1024;
/// How many entries of listed folders are held; with more, no further one is listed.
const HELD: usize = 1 << 16;

/// Which folders are left out.
type Skips = dyn Fn(&Path) -> bool + Send + Sync;

/// Threads that list folders, until this is dropped.
pub(super) struct Lister(Arc<Shared>);

struct Shared {
    device: u64,
    skips: Box<Skips>,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    /// By components of their paths: in the order in which a walk comes to them.
    wanted: BTreeSet<PathBuf>,
    in_hand: HashSet<PathBuf>,
    listed: HashMap<PathBuf, Listed>,
    held: usize,
    ended: bool,
}

/// A folder that was looked at.
struct Listed {
    device: Option<u64>,
    /// What it holds; not on another volume.
    children: Option<io::Result<Children>>,
    weight: usize,
}

impl Drop for Lister {
    fn drop(&mut self) {
        // Nobody waits for a thread: one may hang as long as its server does.
        self.0.locked().ended = true;
        self.0.changed.notify_all();
    }
}

impl Lister {
    /// Lists folders on `device`, but for those that `skips` picks.
    pub fn new(device: u64, skips: impl Fn(&Path) -> bool + Send + Sync + 'static) -> Self {
        let (state, changed) = (Mutex::default(), Condvar::new());
        let shared = Arc::new(Shared { device, skips: Box::new(skips), state, changed });
        for _ in 0..AT_A_TIME {
            let shared = Arc::clone(&shared);
            // Without threads folders are listed one after another.
            let _ = std::thread::Builder::new().name("list".to_owned()).spawn(move || shared.work());
        }
        Lister(shared)
    }

    /// The device whose folders are listed.
    pub fn device(&self) -> u64 {
        self.0.device
    }

    /// Has a folder listed, if there is room: else `false`.
    pub fn wants(&self, path: PathBuf) -> bool {
        let mut state = self.0.locked();
        let room = state.wanted.len() < WANTED;
        if room && self.0.want(&mut state, path) {
            self.0.changed.notify_all();
        }
        room
    }

    /// The device of a folder that is listed, or in hand.
    pub fn device_of(&self, path: &Path) -> Option<u64> {
        self.0.waited(path).listed.get(path)?.device
    }

    /// What a folder holds, if it was listed or is in hand; it is then forgotten.
    pub fn take(&self, path: &Path) -> Option<io::Result<Children>> {
        let mut state = self.0.waited(path);
        let listed = state.listed.remove(path)?;
        state.held -= listed.weight;
        self.0.changed.notify_all();
        listed.children
    }
}

impl Shared {
    fn locked(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a folder that is in hand; one that is not will not be listed ahead any more.
    fn waited(&self, path: &Path) -> MutexGuard<'_, State> {
        let mut state = self.locked();
        while state.in_hand.contains(path) {
            state = self.wait(state);
        }
        state.wanted.remove(path);
        state
    }

    fn want(&self, state: &mut State, path: PathBuf) -> bool {
        let known = state.in_hand.contains(&path) || state.listed.contains_key(&path);
        !known && !(self.skips)(&path) && state.wanted.insert(path)
    }

    fn work(&self) {
        let mut state = self.locked();
        while !state.ended {
            let next = if state.held < HELD { state.wanted.pop_first() } else { None };
            let Some(path) = next else {
                state = self.wait(state);
                continue;
            };
            state.in_hand.insert(path.clone());
            drop(state);
            let listed = self.look(&path);
            state = self.locked();
            if let Some(Ok(children)) = &listed.children {
                for (name, _) in children.names.iter().filter(|(_, folder)| *folder) {
                    if state.wanted.len() >= WANTED {
                        break;
                    }
                    self.want(&mut state, path.join(name));
                }
            }
            state.in_hand.remove(&path);
            state.held += listed.weight;
            state.listed.insert(path, listed);
            self.changed.notify_all();
        }
    }

    fn look(&self, path: &Path) -> Listed {
        let device = device_of(path).ok();
        let children = device.filter(|device| *device == self.device).map(|_| list(path));
        let names = children.as_ref().and_then(|c| c.as_ref().ok()).map_or(0, |c| c.names.len());
        Listed { device, children, weight: names + 1 }
    }
}
