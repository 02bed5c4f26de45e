//! The result stream: one JSON object a line (`docs/OUTPUT.md`). It holds no raw number and no raw name of a
//! person; every string that comes from the input has passed the masker.

mod short;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::coverage::{Cause, Class, Coverage};

pub use short::Short;

/// Version of the contract.
pub const SCHEMA: u32 = 1;

/// One line of a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Event {
    /// First line.
    Run(Run),
    /// First line of an appended run.
    Resume(Resume),
    /// A mount, at first sight.
    Volume(Volume),
    /// A path in hand for over a second.
    Begin(Begin),
    /// A settled path or member.
    File(Box<FileLine>),
    /// A person with at least one number: the statutory unit.
    Record(Box<Record>),
    /// A number that no name was joined to.
    Element(Box<ElementLine>),
    /// A table column with elements.
    Column(Column),
    /// An evidence list that records and elements refer to.
    Why(Why),
    /// What belongs to no file.
    Gap(GapLine),
    /// Last line of a run.
    Summary(Box<Summary>),
    /// An event this version does not know; readers skip it.
    #[serde(other)]
    Unknown,
}

/// First line: what was run, by whom, with which rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Run {
    /// Version of the contract: 1.
    pub schema: u32,
    /// `revere`.
    pub tool: String,
    /// Version of the tool.
    pub version: String,
    /// New for every run.
    pub run_id: String,
    /// Digest of the pattern set.
    pub patterns: String,
    /// The policy the patterns serve: `ma-201-cmr-17`.
    pub policy: String,
    /// Roots as given, masked.
    pub roots: Vec<String>,
    /// Name of the host, or what the operator said.
    pub label: String,
    /// Under which account the scan ran.
    pub account: Account,
    /// RFC 3339, UTC.
    pub started: String,
    /// HMAC of a constant: equal keys give equal ids.
    pub key_id: String,
    /// Options that change results.
    pub options: BTreeMap<String, serde_json::Value>,
    /// Isolation in force for documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isolation: Option<Vec<String>>,
    /// The configuration file that options came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration: Option<Configuration>,
}

/// A configuration file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Configuration {
    /// Its path, masked.
    pub file: String,
    /// BLAKE3 of its bytes.
    pub digest: String,
}

/// The account a scan ran under.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Account {
    /// Login name, or the number of the user.
    pub name: String,
    /// True for root.
    pub privileged: bool,
}

/// First line of an appended run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// RFC 3339, UTC.
    pub started: String,
    /// Version of the tool.
    pub version: String,
}

/// Kind of volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VolumeKind {
    /// A disk of this machine.
    Local,
    /// Mounted over a network.
    Network,
    /// A medium one can carry away.
    Removable,
    /// In memory.
    Memory,
    /// Not known.
    Unknown,
}

/// Yes, no or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tri {
    /// Proved.
    Yes,
    /// Disproved.
    No,
    /// Neither.
    Unknown,
}

/// A mount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Volume {
    /// Number within the run, from 0.
    pub id: u32,
    /// Mount point, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mount: Option<String>,
    /// File system, as in `ext4`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fs: Option<String>,
    /// Kind of volume.
    pub kind: VolumeKind,
    /// Whether the volume is encrypted.
    pub encrypted: Tri,
    /// What proves it, or what was looked at in vain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<String>,
    /// `kept`, `relative` or `off`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub atime: Option<String>,
}

/// A path in hand for over a second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Begin {
    /// Attempt.
    pub seq: u64,
    /// The path.
    #[serde(flatten)]
    pub at: PathRef,
}

/// A path: index of its root, and the path below it, masked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PathRef {
    /// Index in `roots`.
    pub root: u32,
    /// Relative to the root, `/`-separated, masked.
    pub path: String,
    /// HMAC over the raw bytes of the path.
    pub path_id: String,
    /// True if the masker replaced something in `path`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub path_masked: bool,
    /// Base64 of the raw bytes, only where they are not UTF-8 and nothing was masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_raw: Option<String>,
}

/// What of a file was not examined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// Why.
    pub cause: Cause,
    /// How much it weighs.
    pub class: Class,
    /// Our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// How much of the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extent: Option<String>,
}

impl Gap {
    /// A gap with its class from the table.
    #[must_use]
    pub fn new(cause: Cause, detail: impl Into<Option<String>>) -> Self {
        Gap { cause, class: cause.class(), detail: detail.into(), extent: None }
    }
}

/// What makes a file the same file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Identity {
    /// Device.
    pub dev: u64,
    /// Inode.
    pub ino: u64,
    /// Hard links.
    pub nlink: u64,
    /// RFC 3339, UTC.
    pub ctime: String,
}

/// Who can reach a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// The owner alone.
    Owner,
    /// A group.
    Group,
    /// Everyone.
    Everyone,
    /// Not known (the mount makes it up).
    Unknown,
}

/// Who can read and who can write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Exposure {
    /// Who can read.
    pub read: Reach,
    /// Who can write.
    pub write: Reach,
}

/// Encryption, proved by structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Encryption {
    /// `office-agile`, `pdf-standard`, `zip-aes`, `zip-crypto` …
    pub kind: String,
    /// Key length, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<u32>,
    /// Whether it meets the 128 bits of M.G.L. c. 93H s.1.
    pub statutory: Tri,
}

/// The first file of a set of hard links, or of overlapping roots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SameAs {
    /// Index in `roots`.
    pub root: u32,
    /// Masked path.
    pub path: String,
    /// Its id.
    pub path_id: String,
}

/// Records by level of confidence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Levels {
    /// At least 75 points.
    pub high: u64,
    /// 50 to 74.
    pub medium: u64,
    /// 25 to 49.
    pub low: u64,
}

impl Levels {
    /// All three.
    #[must_use]
    pub fn total(self) -> u64 {
        self.high + self.medium + self.low
    }

    /// Counts one record.
    pub fn add(&mut self, level: Confidence) {
        match level {
            Confidence::High => self.high += 1,
            Confidence::Medium => self.medium += 1,
            Confidence::Low => self.low += 1,
        }
    }
}

/// Level of confidence; ordered from low to high.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// 25 to 49 points.
    Low,
    /// 50 to 74 points.
    Medium,
    /// 75 points and more.
    High,
}

impl Confidence {
    /// The level of a score; `None` below 25.
    #[must_use]
    pub fn of(score: i32) -> Option<Self> {
        match score {
            75.. => Some(Confidence::High),
            50..=74 => Some(Confidence::Medium),
            25..=49 => Some(Confidence::Low),
            _ => None,
        }
    }
}

/// What the number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ElementType {
    /// Social Security number.
    Ssn,
    /// Driver's licence number.
    DriversLicense,
    /// State-issued identification card number.
    StateId,
    /// Credit or debit card number.
    PaymentCard,
    /// Financial account number.
    BankAccount,
    /// Related numbers that are not personal information by themselves (ITIN …).
    Other,
}

impl ElementType {
    /// The word for it in results; also the type word of its fingerprint, but for state ids, which share the
    /// licence's.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ElementType::Ssn => "ssn",
            ElementType::DriversLicense => "drivers_license",
            ElementType::StateId => "state_id",
            ElementType::PaymentCard => "payment_card",
            ElementType::BankAccount => "bank_account",
            ElementType::Other => "other",
        }
    }
}

/// Whether the number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ElementClass {
    /// Personal information when joined to a name.
    Pi,
    /// A published sample or test number.
    TestData,
    /// Related, never personal information by itself.
    Related,
}

/// Where something stands; masked twin of `document::Place`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Location {
    /// Page or slide, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Worksheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Row, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Column, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// Spreadsheet cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Byte offset, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub byte: Option<u64>,
    /// Form field or column header.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Short>,
    /// JSON pointer or XML path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Part of a document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Paragraph, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paragraph: Option<u32>,
}

/// A number, masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Element {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ElementType,
    /// Its last digits.
    pub masked: Short,
    /// Keyed fingerprint.
    pub id: Short,
    /// Level.
    pub confidence: Confidence,
    /// Points.
    pub score: i32,
    /// The `n` of a `why` line.
    pub why: Short,
    /// Within a record only what differs from the record's.
    #[serde(default)]
    pub location: Location,
    /// `visa`, `iban`, `ma-s8`, `lost-zero` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
    /// Issuing state of a licence, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Whether it counts.
    pub class: ElementClass,
}

/// A person, masked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Initials.
    pub masked: Short,
    /// Keyed fingerprint of last and first name.
    pub id: Short,
    /// Keyed fingerprint of last name and initial.
    pub initial_id: Short,
    /// Level of the name alone.
    pub confidence: Confidence,
    /// Where the name stands, as far as it differs from the record's.
    #[serde(default)]
    pub location: Location,
}

/// What joined name and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// One row of a table.
    Row,
    /// One object, or its nearest ancestor with a name.
    Object,
    /// One form.
    Form,
    /// Near in running text.
    Near,
    /// The only person and the only number of a unit.
    SingleSubject,
    /// Sender, recipient, subject or file name.
    Envelope,
    /// The same document, neither near nor unique.
    Document,
    /// Two tables that share a key.
    Joined,
    /// One token that holds both.
    #[serde(rename = "self")]
    SelfContained,
}

/// How sure it is that the person lives in Massachusetts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Residency {
    /// State, ZIP or address of the record says so.
    Confirmed,
    /// A Massachusetts licence, or two weak signals.
    Likely,
    /// Nothing known.
    Unknown,
    /// Another state.
    Other,
}

/// One person with at least one number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Record {
    /// Attempt at the top-level path.
    pub seq: u64,
    /// Keyed fingerprint over person and elements.
    pub id: Short,
    /// The path.
    #[serde(flatten)]
    pub at: Arc<PathRef>,
    /// Names of members, outermost first; empty for the file itself.
    pub member: Vec<String>,
    /// Who.
    pub person: Person,
    /// At least one.
    pub elements: Vec<Element>,
    /// What joins them.
    pub link: Link,
    /// The least of number, name and link.
    pub confidence: Confidence,
    /// Massachusetts?
    pub residency: Residency,
    /// Names of the rules that spoke.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub residency_rules: Vec<Cow<'static, str>>,
    /// Keys that join records of one person: `name-dob`, `name-address`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<Cow<'static, str>, Short>,
    /// Kinds of credentials beside a financial account (`pin`, `cvv` …), never their values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub credentials: Vec<String>,
    /// True if the number belongs to several people by the source's own word.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// Where.
    pub location: Location,
}

/// A number without a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ElementLine {
    /// Attempt at the top-level path.
    pub seq: u64,
    /// The path.
    #[serde(flatten)]
    pub at: Arc<PathRef>,
    /// Names of members, outermost first.
    pub member: Vec<String>,
    /// The number.
    #[serde(flatten)]
    pub element: Element,
    /// Why no name was joined.
    pub reason: String,
}

/// A table column with elements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// Attempt at the top-level path.
    pub seq: u64,
    /// The path.
    #[serde(flatten)]
    pub at: PathRef,
    /// Names of members, outermost first.
    pub member: Vec<String>,
    /// Sheet or table, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// Number of the column, from 1.
    pub column: u32,
    /// Header, masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// Keyed fingerprint over path, table and header.
    pub column_id: String,
    /// What the column holds.
    #[serde(rename = "type")]
    pub kind: ElementType,
    /// Cells seen with a number in them.
    pub values: u64,
    /// Of these, valid.
    pub valid: u64,
    /// Different valid values (bounded count).
    pub distinct: u64,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Name of the rule.
    pub rule: Cow<'static, str>,
    /// Points it gave.
    pub points: i32,
    /// The rule's words and the label or header, never a value.
    pub text: Cow<'static, str>,
}

/// An evidence list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Why {
    /// Attempt at the top-level path.
    pub seq: u64,
    /// First 12 hex digits of the BLAKE3 of the list.
    pub n: String,
    /// The list.
    pub evidence: Vec<Evidence>,
}

/// What belongs to no file, such as a folder that could not be listed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GapLine {
    /// The path.
    #[serde(flatten)]
    pub at: PathRef,
    /// Why.
    pub cause: Cause,
    /// How much it weighs.
    pub class: Class,
    /// Our own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Members of a container.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MemberCount {
    /// Met while reading the container.
    pub met: u64,
    /// Settled by a `file` line.
    pub settled: u64,
}

/// A settled path or member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileLine {
    /// Attempt at the top-level path.
    pub seq: u64,
    /// The path.
    #[serde(flatten)]
    pub at: PathRef,
    /// Names of members, outermost first; empty for the file itself.
    pub member: Vec<String>,
    /// Keyed fingerprint of the raw member names, where one of them is masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<String>,
    /// Format by content.
    pub format: String,
    /// Bytes.
    pub size: u64,
    /// What became of it.
    pub coverage: Coverage,
    /// What is missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// Device, inode, links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// RFC 3339, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<String>,
    /// RFC 3339, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accessed: Option<String>,
    /// RFC 3339, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Name or number of the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Name or number of the group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Who can reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exposure: Option<Exposure>,
    /// Who has rights beyond owner, owning group and everyone, by the file's access control list: `user:NAME:rw`,
    /// `group:NAME:r`, `sid:S-1-5-…:r`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acl: Vec<String>,
    /// Id of its volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub volume: Option<u32>,
    /// Proved encryption.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encryption: Option<Encryption>,
    /// Keyed digest of the content, only where something was found in the file or its members: files of equal
    /// content are copies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// The path met first, for hard links and overlapping roots.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<SameAs>,
    /// What else is worth knowing: `password-note`, if a text or message beside this encrypted file speaks of a
    /// password.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<String>,
    /// Records in this file or member alone.
    pub records: Levels,
    /// Numbers in this file or member alone, by type.
    pub elements: BTreeMap<ElementType, u64>,
    /// Distinct residents; on the top-level line, members included.
    pub residents: Residents,
    /// Candidates below low.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub rejected: u64,
    /// Records counted but not listed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cut: u64,
    /// Members of a container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub members: Option<MemberCount>,
}

impl FileLine {
    /// A line with nothing found and nothing known beyond these.
    #[must_use]
    pub fn bare(seq: u64, at: PathRef, format: &str, size: u64, coverage: Coverage) -> Self {
        FileLine {
            seq,
            at,
            member: Vec::new(),
            member_id: None,
            format: format.to_owned(),
            size,
            coverage,
            gaps: Vec::new(),
            identity: None,
            modified: None,
            accessed: None,
            created: None,
            owner: None,
            group: None,
            exposure: None,
            acl: Vec::new(),
            volume: None,
            encryption: None,
            content: None,
            same_as: None,
            hints: Vec::new(),
            records: Levels::default(),
            elements: BTreeMap::new(),
            residents: Residents::default(),
            rejected: 0,
            cut: 0,
            members: None,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Lower and upper bound of a number of people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Bounds {
    /// At least so many.
    pub lower: u64,
    /// At most so many.
    pub upper: u64,
}

/// People of one grade of residency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResidentGrade {
    /// All of them.
    pub total: Bounds,
    /// By exact set of elements: `ssn`, `ssn+licence`, `financial` …
    pub by_elements: BTreeMap<String, Bounds>,
    /// By any element: `ssn`, `licence`, `financial`.
    pub any: BTreeMap<String, Bounds>,
}

/// Distinct people from records of medium and above.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Residents {
    /// All of them, whatever their residency.
    pub total: Bounds,
    /// By grade.
    pub by_residency: BTreeMap<Residency, ResidentGrade>,
    /// In how many parts they were counted; absent if all were told apart at once, as up to 2,097,152 people are.
    /// Then the upper bounds count a person once in each part they are met in, and the lower ones go by numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parts: Option<u64>,
}

/// Paths or members by what became of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sum {
    /// Met.
    pub met: u64,
    /// Settled, by coverage.
    pub by_coverage: BTreeMap<Coverage, u64>,
}

/// Last line of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Top-level paths.
    pub files: Sum,
    /// Members of containers.
    pub members: Sum,
    /// Gaps by cause.
    pub gaps: BTreeMap<Cause, u64>,
    /// Records by level.
    pub records: Levels,
    /// Distinct people.
    pub residents: Residents,
    /// Bytes read.
    pub bytes: u64,
    /// Seconds.
    pub elapsed: f64,
    /// True if every path met was settled and the run was not interrupted.
    pub complete: bool,
    /// True after an interrupt.
    pub interrupted: bool,
    /// BLAKE3 of all lines before this one.
    pub digest: String,
}
