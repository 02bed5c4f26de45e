//! Ctrl-C and its like: the first asks the scan to end in good order, the second ends the process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::{Handle, Signals};

use super::exit::Exit;
use super::progress::Notes;
use crate::scan::Control;

/// Watches for signals until dropped.
pub struct Watch {
    first: Arc<AtomicI32>,
    handle: Handle,
}

impl Watch {
    /// Starts to watch.
    ///
    /// # Errors
    /// If the system lets no handler be set.
    pub fn start(control: Arc<Control>, notes: Notes) -> io::Result<Self> {
        let mut signals = Signals::new([SIGINT, SIGTERM])?;
        let watch = Watch { first: Arc::new(AtomicI32::new(0)), handle: signals.handle() };
        let first = Arc::clone(&watch.first);
        std::thread::Builder::new().name("signals".into()).spawn(move || {
            for signal in signals.forever() {
                if first.swap(signal, Ordering::SeqCst) != 0 {
                    signal_hook::low_level::exit(i32::from(exit_for(signal).code()));
                }
                control.stop();
                notes.say("Stopping after the files in hand … (once more: stop at once)");
            }
        })?;
        Ok(watch)
    }

    /// The exit of a run that was stopped.
    pub fn exit(&self) -> Exit {
        exit_for(self.first.load(Ordering::SeqCst))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.handle.close();
    }
}

fn exit_for(signal: i32) -> Exit {
    if signal == SIGTERM { Exit::Terminated } else { Exit::Interrupted }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn the_first_signal_asks_the_scan_to_stop() {
        let control = Arc::new(Control::default());
        let watch = Watch::start(Arc::clone(&control), Notes::quiet()).unwrap();
        signal_hook::low_level::raise(SIGTERM).unwrap();
        let start = Instant::now();
        while !control.stopping() && start.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(control.stopping());
        assert_eq!(watch.exit(), Exit::Terminated);
    }
}
