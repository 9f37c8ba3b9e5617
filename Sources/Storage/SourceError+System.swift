// SPDX-License-Identifier: Apache-2.0

import CStorage
import Glibc

extension SourceError {
  /// Why a source could not be opened.
  init(_ path: String, opening error: SystemError) {
    switch error.code {
    case ENOENT, ENOTDIR: self.init(path, .missing)
    case EACCES, EPERM: self.init(path, .noRights)
    case ENOMEDIUM: self.init(path, .empty)
    default: self.init(path, .unreadable(error.words))
    }
  }
}

extension cs_kind {
  /// What a technician calls it.
  var words: String {
    switch self {
    case CS_FILE: "a file"
    case CS_FOLDER: "a folder"
    case CS_BLOCK_DEVICE: "a block device"
    case CS_CHARACTER_DEVICE: "a character device"
    case CS_FIFO: "a pipe"
    case CS_SOCKET: "a socket"
    case CS_LINK: "a symbolic link"
    default: "something else"
    }
  }
}
