//! Causes for which something was not examined, their classes, and the four coverages.
//!
//! This is the one table: exit codes, summaries, the schema and the documentation are made from it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a path or member. The four sum to the total in every output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Coverage {
    /// Read completely.
    Examined,
    /// Read in part; the gaps say what is missing.
    Partial,
    /// Encrypted, proved by structure.
    Encrypted,
    /// Not read at all; the gaps say why.
    NotExamined,
}

/// How much a cause weighs: whether a scan that met it may call itself complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Should have been examined and was not: exit code 3.
    Failed,
    /// Holds no text by its nature: listed, exit code 3 only with `--strict`.
    ByNature,
    /// Left out because somebody asked for it.
    ByChoice,
}

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident $word:literal $class:ident;)*) => {
        /// Why something was not examined.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum Cause {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
            /// A cause this version does not know; readers go by its class.
            #[serde(other, rename = "unknown")]
            Unknown,
        }

        impl Cause {
            /// Every cause that this version can give, in the order of the contract.
            pub const ALL: &'static [Cause] = &[$(Cause::$name,)*];

            /// The word for it in results.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Cause::$name => $word,)* Cause::Unknown => "unknown" }
            }

            /// The class that decides about exit code and coverage.
            #[must_use]
            pub fn class(self) -> Class {
                match self { $(Cause::$name => Class::$class,)* Cause::Unknown => Class::Failed }
            }
        }
    };
}

causes! {
    /// The content contradicts its format.
    Damaged "damaged" Failed;
    /// Permission denied.
    Denied "denied" Failed;
    /// Locked by another process.
    Locked "locked" Failed;
    /// Reading failed; the detail names the system error.
    IoError "io-error" Failed;
    /// The file was altered while it was being read.
    ChangedWhileRead "changed-while-read" Failed;
    /// The path was listed and then gone.
    Vanished "vanished" Failed;
    /// More expanded bytes than the budget.
    LimitBytes "limit-bytes" Failed;
    /// Expands by more than the allowed ratio.
    LimitRatio "limit-ratio" Failed;
    /// Nested deeper than allowed.
    LimitDepth "limit-depth" Failed;
    /// More members than allowed.
    LimitMembers "limit-members" Failed;
    /// Took longer than allowed.
    LimitTime "limit-time" Failed;
    /// Needs more memory than allowed.
    LimitMemory "limit-memory" Failed;
    /// A number stayed without a name because the unit was too long to look through.
    LimitUnit "limit-unit" Failed;
    /// The worker that read it was killed or died.
    WorkerKilled "worker-killed" Failed;
    /// A document format without a reader.
    NoReader "no-reader" Failed;
    /// Images or scanned pages without text.
    NoTextLayer "no-text-layer" ByNature;
    /// Picture, sound or film.
    Media "media" ByNature;
    /// Machine code.
    Executable "executable" ByNature;
    /// Data with no text in it.
    OpaqueData "opaque-data" ByNature;
    /// Device, socket or named pipe.
    SpecialFile "special-file" ByNature;
    /// A symbolic link; its target is scanned where it lies, if it lies within the roots.
    Link "link" ByNature;
    /// A stub of tiered storage whose content is elsewhere.
    OfflineStub "offline-stub" ByNature;
    /// Left out by an option, or one of this program's own files.
    Excluded "excluded" ByChoice;
    /// On another file system than its root.
    OtherFileSystem "other-file-system" ByChoice;
    /// A snapshot folder of the storage system.
    Snapshot "snapshot" ByChoice;
}
