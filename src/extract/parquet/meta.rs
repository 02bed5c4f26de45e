//! What the end of the file says: the tree of columns, and where the pages of each lie.
//!
//! Source: `parquet.thrift` of the Parquet format; numbers of fields are those of the structures there.

use super::thrift::Thrift;

/// Levels of groups in groups that are followed.
const MOST_DEPTH: usize = 64;

/// What values of a column mean, beyond how they are stored.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Plain,
    Text,
    /// With so many digits behind the point.
    Decimal(u32),
    Date,
    /// Parts of a second: a thousand, a million or a thousand million.
    Time(i64),
    Timestamp(i64),
    Unsigned,
    Uuid,
    Float16,
    Map,
    List,
}

/// An entry of the schema, which lists a tree depth first.
pub(super) struct Element {
    pub(super) name: String,
    pub(super) physical: i64,
    pub(super) length: usize,
    optional: bool,
    repeated: bool,
    children: usize,
    pub(super) meaning: Meaning,
}

/// A step from the root to a column.
pub(super) struct Step {
    /// Number of the entry in the schema.
    pub(super) node: usize,
    /// Its name, empty for the groups that a list or map is wrapped into.
    pub(super) name: String,
    pub(super) repeated: bool,
    /// True for the pairs of a map.
    pub(super) pair: bool,
}

/// A column.
pub(super) struct Leaf {
    pub(super) steps: Vec<Step>,
    pub(super) physical: i64,
    pub(super) length: usize,
    pub(super) meaning: Meaning,
    pub(super) most_def: u64,
    pub(super) most_rep: u64,
    /// True if values of one row are all there is in a repeated group.
    pub(super) alone: bool,
}

impl Leaf {
    /// The names on the way, with points between.
    pub(super) fn name(&self) -> String {
        let names: Vec<&str> = self.steps.iter().map(|s| s.name.as_str()).filter(|n| !n.is_empty()).collect();
        names.join(".")
    }
}

/// Pages of a column in a row group.
#[derive(Default)]
pub(super) struct Chunk {
    pub(super) codec: i64,
    pub(super) values: u64,
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) encrypted: bool,
    /// True if the pages lie in another file.
    pub(super) elsewhere: bool,
}

/// A stretch of rows.
#[derive(Default)]
pub(super) struct RowGroup {
    pub(super) chunks: Vec<Chunk>,
    pub(super) rows: u64,
}

/// All of it.
#[derive(Default)]
pub(super) struct Meta {
    pub(super) root: String,
    pub(super) leaves: Vec<Leaf>,
    pub(super) groups: Vec<RowGroup>,
    /// Remarks of the program that wrote the file.
    pub(super) remarks: Vec<(String, String)>,
}

impl Meta {
    /// Reads the metadata. What stands before damage in it is kept; `None` if that is not even the columns.
    pub(super) fn read(bytes: &[u8]) -> Option<(Meta, bool)> {
        let (mut meta, mut schema) = (Meta::default(), Vec::new());
        let mut thrift = Thrift::new(bytes);
        let whole = thrift.fields(|t, id, kind| match id {
            2 => t.items(kind, |t, _| element(t).map(|e| schema.push(e))),
            4 => t.items(kind, |t, _| row_group(t).map(|g| meta.groups.push(g))),
            5 => t.items(kind, |t, _| remark(t).map(|r| meta.remarks.push(r))),
            _ => t.skip(kind),
        });
        meta.root.clone_from(&schema.first()?.name);
        meta.leaves = leaves(&schema)?;
        Some((meta, whole.is_some()))
    }
}

fn element(t: &mut Thrift<'_>) -> Option<Element> {
    let mut e = Element {
        name: String::new(),
        physical: -1,
        length: 0,
        optional: false,
        repeated: false,
        children: 0,
        meaning: Meaning::Plain,
    };
    let (mut scale, mut converted, mut logical) = (0, None, None);
    t.fields(|t, id, kind| {
        match id {
            1 => e.physical = t.int(kind)?,
            2 => e.length = usize::try_from(t.int(kind)?).ok()?,
            3 => {
                let repetition = t.int(kind)?;
                (e.optional, e.repeated) = (repetition == 1, repetition == 2);
            }
            4 => e.name = t.text(kind)?,
            5 => e.children = usize::try_from(t.int(kind)?).ok()?,
            6 => converted = Some(t.int(kind)?),
            7 => scale = u32::try_from(t.int(kind)?).ok()?,
            10 => logical_type(t, &mut logical)?,
            _ => t.skip(kind)?,
        }
        Some(())
    })?;
    e.meaning =
        logical.or_else(|| converted.and_then(|c| converted_type(c, scale))).unwrap_or(Meaning::Plain);
    Some(e)
}

/// `ConvertedType`: the older way to say what values mean.
fn converted_type(number: i64, scale: u32) -> Option<Meaning> {
    Some(match number {
        0 | 4 | 19 => Meaning::Text,
        1 | 2 => Meaning::Map,
        3 => Meaning::List,
        5 => Meaning::Decimal(scale),
        6 => Meaning::Date,
        7 => Meaning::Time(1_000),
        8 => Meaning::Time(1_000_000),
        9 => Meaning::Timestamp(1_000),
        10 => Meaning::Timestamp(1_000_000),
        11..=14 => Meaning::Unsigned,
        _ => return None,
    })
}

/// `LogicalType`, a structure of which one field is set.
fn logical_type(t: &mut Thrift<'_>, meaning: &mut Option<Meaning>) -> Option<()> {
    t.fields(|t, id, kind| {
        *meaning = match id {
            1 | 4 | 12 => Some(Meaning::Text),
            2 => Some(Meaning::Map),
            3 => Some(Meaning::List),
            5 => return decimal(t).map(|scale| *meaning = Some(Meaning::Decimal(scale))),
            6 => Some(Meaning::Date),
            7 => return unit(t).map(|unit| *meaning = Some(Meaning::Time(unit))),
            8 => return unit(t).map(|unit| *meaning = Some(Meaning::Timestamp(unit))),
            10 => return unsigned(t).map(|unsigned| *meaning = unsigned.then_some(Meaning::Unsigned)),
            14 => Some(Meaning::Uuid),
            15 => Some(Meaning::Float16),
            _ => None,
        };
        t.skip(kind)
    })
}

fn decimal(t: &mut Thrift<'_>) -> Option<u32> {
    let mut scale = 0;
    t.fields(|t, id, kind| match id {
        1 => t.size(kind).and_then(|s| u32::try_from(s).ok()).map(|s| scale = s),
        _ => t.skip(kind),
    })?;
    Some(scale)
}

fn unit(t: &mut Thrift<'_>) -> Option<i64> {
    let mut unit = 1_000_000;
    t.fields(|t, id, kind| match id {
        2 => t.fields(|t, id, kind| {
            unit = [1_000, 1_000_000, 1_000_000_000][usize::from(id.clamp(1, 3).unsigned_abs()) - 1];
            t.skip(kind)
        }),
        _ => t.skip(kind),
    })?;
    Some(unit)
}

fn unsigned(t: &mut Thrift<'_>) -> Option<bool> {
    let mut unsigned = false;
    t.fields(|t, id, kind| match id {
        2 => Thrift::flag(kind).map(|signed| unsigned = !signed),
        _ => t.skip(kind),
    })?;
    Some(unsigned)
}

fn remark(t: &mut Thrift<'_>) -> Option<(String, String)> {
    let mut remark = (String::new(), String::new());
    t.fields(|t, id, kind| match id {
        1 => t.text(kind).map(|key| remark.0 = key),
        2 => t.text(kind).map(|value| remark.1 = value),
        _ => t.skip(kind),
    })?;
    Some(remark)
}

fn row_group(t: &mut Thrift<'_>) -> Option<RowGroup> {
    let mut group = RowGroup::default();
    t.fields(|t, id, kind| match id {
        1 => t.items(kind, |t, _| chunk(t).map(|c| group.chunks.push(c))),
        3 => t.size(kind).map(|rows| group.rows = rows),
        _ => t.skip(kind),
    })?;
    Some(group)
}

fn chunk(t: &mut Thrift<'_>) -> Option<Chunk> {
    let (mut chunk, mut read) = (Chunk::default(), false);
    t.fields(|t, id, kind| match id {
        1 => t.binary(kind).map(|path| chunk.elsewhere = !path.is_empty()),
        3 => {
            read = true;
            column(t, &mut chunk)
        }
        8 => {
            chunk.encrypted = true;
            t.skip(kind)
        }
        _ => t.skip(kind),
    })?;
    // Metadata of a column that is encrypted with a key of its own are encrypted too.
    chunk.encrypted |= !read;
    Some(chunk)
}

fn column(t: &mut Thrift<'_>, chunk: &mut Chunk) -> Option<()> {
    let (mut data, mut dictionary) = (0, 0);
    t.fields(|t, id, kind| match id {
        4 => t.int(kind).map(|codec| chunk.codec = codec),
        5 => t.size(kind).map(|n| chunk.values = n),
        7 => t.size(kind).map(|n| chunk.length = n),
        9 => t.size(kind).map(|at| data = at),
        11 => t.size(kind).map(|at| dictionary = at),
        _ => t.skip(kind),
    })?;
    // Some writers give a dictionary that is not there the place 0.
    chunk.start = if dictionary > 0 { dictionary.min(data) } else { data };
    Some(())
}

/// The columns of the tree. `None` if it is no tree.
fn leaves(schema: &[Element]) -> Option<Vec<Leaf>> {
    let mut leaves = Vec::new();
    // Groups that are open: the entry, and how many children are still to come.
    let mut open: Vec<(usize, usize)> = vec![(0, schema.first()?.children)];
    for (node, e) in schema.iter().enumerate().skip(1) {
        while open.last()?.1 == 0 {
            open.pop();
        }
        open.last_mut()?.1 -= 1;
        if e.children > 0 {
            open.push((node, e.children));
            if open.len() > MOST_DEPTH {
                return None;
            }
        } else {
            let path: Vec<usize> = open.iter().skip(1).map(|o| o.0).chain([node]).collect();
            leaves.push(leaf(schema, &path));
        }
    }
    Some(leaves)
}

fn leaf(schema: &[Element], path: &[usize]) -> Leaf {
    let steps: Vec<Step> = path.iter().enumerate().map(|(n, _)| step(schema, path, n)).collect();
    let count = |wanted: fn(&Element) -> bool| path.iter().filter(|n| wanted(&schema[**n])).count() as u64;
    let last = &schema[path[path.len() - 1]];
    let outermost = path.iter().position(|n| schema[*n].repeated);
    let below = outermost.map_or(&path[..0], |at| &path[at..]);
    Leaf {
        steps,
        physical: last.physical,
        length: last.length,
        meaning: last.meaning,
        most_def: count(|e| e.optional || e.repeated),
        most_rep: count(|e| e.repeated),
        alone: below.iter().all(|n| schema[*n].children <= 1),
    }
}

/// A step. Lists and maps are wrapped into one or two groups of their own, which say nothing ("`LogicalTypes`",
/// sections Lists and Maps, backward-compatibility rules included).
fn step(schema: &[Element], path: &[usize], n: usize) -> Step {
    let e = &schema[path[n]];
    let above = |up: usize| n.checked_sub(up).map(|at| &schema[path[at]]);
    let within = |up: usize, meaning: Meaning| above(up).is_some_and(|a| a.meaning == meaning);
    let items = e.repeated && (within(1, Meaning::List) || within(1, Meaning::Map));
    let item = within(2, Meaning::List) && above(1).is_some_and(|a| a.repeated && a.children == 1);
    let value = within(2, Meaning::Map) && e.children > 0 && e.name != "key";
    let hidden = items || item || value;
    Step {
        node: path[n],
        name: if hidden { String::new() } else { e.name.clone() },
        repeated: e.repeated,
        pair: e.repeated && within(1, Meaning::Map),
    }
}
