//! The OLE2 file around a workbook: its stream, pivot caches, embedded objects, macros, properties.

use crate::coverage::Cause;
use crate::document::{DocumentSink, Sealed};
use crate::extract::cfb::{Compound, Id, properties};

/// Storages with macros ([MS-OVBA] 2.2.1), by their names in version 8 and in version 5.
const MACROS: [&str; 2] = ["_VBA_PROJECT_CUR", "_VBA_PROJECT"];

/// Reads the workbook in a storage. Files that both Excel 95 and Excel 97 can read hold it twice: the later is read.
pub(crate) fn read(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) {
    let Some(stream) = ["Workbook", "Book"].iter().find_map(|name| file.read_named(at, name)) else { return };
    if super::open(stream, file.passwords, sink)
        && super::pivot::read(file, at, sink)
        && embedded(file, at, sink)
    {
        properties::read(file, at, sink);
    }
}

/// Objects embedded in sheets: storages of the workbook's storage, each a document of its own ([MS-XLS] 2.1.7.3).
/// False if the work must end.
fn embedded(file: &mut Compound<'_>, at: Id, sink: &mut dyn DocumentSink) -> bool {
    for id in file.children(at).to_vec() {
        if !sink.go_on() {
            return false;
        }
        let (name, is_storage) = (file.item(id).name.clone(), file.item(id).storage);
        if !is_storage {
            continue;
        }
        if MACROS.iter().any(|macros| name.eq_ignore_ascii_case(macros)) {
            sink.sealed_member(&name, 0, Sealed::Gap(Cause::Executable, "macros".into()));
        } else if is_object(&name) {
            let object = file.carve(id);
            sink.member(&name, &mut &object[..]);
        }
    }
    sink.go_on()
}

/// `MBD` or `LNK` and eight hexadecimal digits.
fn is_object(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    upper.starts_with("MBD") || upper.starts_with("LNK")
}
