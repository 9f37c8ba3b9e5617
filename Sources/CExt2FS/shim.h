// SPDX-License-Identifier: Apache-2.0
#include <ext2fs/ext2fs.h>
