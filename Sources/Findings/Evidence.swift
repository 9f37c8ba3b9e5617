// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One checked fact about a finding, with its values. The verdict is derived from these alone, and
/// each can be put into words.
package enum Evidence: Hashable, Sendable {
  /// What was made anew to let a damaged file be opened. The numbers are those of the case's schema.
  package enum Repair: UInt64, Sendable, CaseIterable {
    /// The index of a movie, from its own frames and parameter sets.
    case movieIndex = 1
    /// The same, by the parameter sets of another movie.
    case movieIndexByReference = 2
    /// The mark that ends a picture.
    case pictureEnd = 3
    /// The directory of an archive, over its whole members.
    case archiveDirectory = 4
    /// The table of a document's objects.
    case objectTable = 5
    /// The sizes that a header states.
    case statedSizes = 6
  }

  // What the file system says
  /// The file system lists the file as present.
  case listedAsLive
  /// A directory entry or inode that says "deleted" in place.
  case deletedEntry
  /// An older copy of the inode or block list, from this journal transaction.
  case journalCopy(transaction: UInt32)
  /// A tree of this older transaction describes the file; newer ones do not, or otherwise.
  case olderTree(transaction: UInt64)
  /// A version of a file of which a newer one is known.
  case olderVersion
  /// A checksum over the metadata that describes the file holds ("inode", "directory entry" …).
  case metadataChecksumHolds(String)
  /// The name stands in a journal copy of a directory block.
  case nameFromJournal(transaction: UInt32)
  /// The name stands in a directory block that was freed.
  case nameFromFreedDirectory
  /// The first letter of a short name, lost by deletion, was computed from the long name's checksum.
  case firstLetterComputed
  /// The first letter of a short name is lost; an underscore stands for it.
  case firstLetterLost
  /// The first letter of a short name is lost; other names on the volume suggest this one.
  case firstLetterGuessed
  /// The folder that held it is known by number only, or not at all.
  case parentUnknown
  /// The extents come from a block list that the file system left behind.
  case blockListSurvived
  /// Only the start is known; the rest is assumed to follow without a gap.
  case contiguityAssumed
  /// Only the start is known; the rest is assumed to follow in the clusters not in use.
  case gapsSkipped(ByteCount)
  /// The start itself is a choice among candidates (FAT32: high 16 bits wiped by Windows).
  case startGuessed(candidates: UInt32)
  /// The size is not recorded and was taken from the content or the blocks.
  case sizeGuessed
  /// Bytes that belong to a file that is in use today, named if known.
  case overwritten(ByteCount, by: String)
  /// Bytes that another deleted file, written later, claims as well.
  case claimedByDeleted(ByteCount, by: String)
  /// The file system's allocation map could not be read here, so these bytes may be in use.
  case allocationUnknown(ByteCount)
  /// Bytes that the medium did not deliver.
  case unreadable(ByteCount)
  /// The medium ends before the file does.
  case beyondMedium(ByteCount)
  /// The content is encrypted or compressed in a way that is not handled.
  case notHandled(String)

  // What the content says
  /// The first bytes are those of the format.
  case headerMatched(String)
  /// The name promises this format, but the content is not of it.
  case headerMismatch(expected: String)
  /// The format's structure holds up to its end, at this length.
  case structureHolds(format: String, length: ByteCount)
  /// This many checksums inside the content hold, and they cover all of its payload.
  case checksumsHold(count: UInt64, kind: String)
  /// The payload was decoded to its end.
  case decoded(String)
  /// Behind the format's end lie more bytes.
  case bytesBehindEnd(ByteCount)
  /// The structure breaks at this offset in the file.
  case brokenAt(ByteOffset, problem: String)
  /// The structure is sound as far as it goes but the bytes end first.
  case truncatedAt(ByteOffset)
  /// All bytes are zero, where a file of this size would not be.
  case allZeros
  /// The format has no end of its own; this one is reasoned.
  case endReasoned
  /// The end is stated or computed, but nothing in the format tells its payload from foreign bytes.
  case payloadUnchecked
  /// From about here on a picture's rows do not go on with those above, though all of it decodes.
  case pictureJumps(ByteOffset)

  /// So many bytes are not the file's own: they were made to let it be opened.
  case mended(ByteCount, Repair)

  /// It was put together of this many pieces, each found by what the content needs next.
  case piecesJoined(UInt32)

  // Where carving and undelete meet
  /// A deleted entry points at the start of this content and lends its name.
  case nameFromEntry
  /// The content calls itself so.
  case nameFromContent
  /// The recycle bin says where the file was before.
  case nameFromRecycleBin
  /// A deleted entry whose content is lost has exactly this size and promises this kind of file.
  case nameFromSize
  /// The name stands in the change journal.
  case nameFromChangeJournal

  /// The list of where the file's bytes lie is not whole: part of it stood in a record that is gone.
  case blockListIncomplete(ByteCount)
}
