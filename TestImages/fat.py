# SPDX-License-Identifier: Apache-2.0
"""Deletes files on a FAT volume as Windows or Linux does, byte by byte.

Both write 0xE5 over the first byte of all of a file's slots and zero its chain in both tables. Windows also
zeroes the high half of the first cluster's number, on FAT32.
Source: Microsoft, fastfat driver, dirsup.c and cleanup.c; Linux, fs/fat/dir.c and fatent.c.
"""
import struct


class FAT:
    def __init__(self, image, offset=0):
        self.path, self.offset = image, offset
        with open(image, "rb") as file:
            file.seek(offset)
            boot = file.read(512)
        self.sector, self.per, self.reserved, self.tables, self.root_entries = struct.unpack_from("<HBHBH", boot, 11)
        small, = struct.unpack_from("<H", boot, 22)
        self.length = small or struct.unpack_from("<I", boot, 36)[0]
        total = struct.unpack_from("<H", boot, 19)[0] or struct.unpack_from("<I", boot, 32)[0]
        self.root_start = (self.reserved + self.tables * self.length) * self.sector
        self.data = self.root_start + self.root_entries * 32
        clusters = (total * self.sector - self.data) // (self.per * self.sector)
        self.bits = 12 if clusters < 4085 else 16 if clusters < 65525 else 32
        self.root = struct.unpack_from("<I", boot, 44)[0] if self.bits == 32 else 0
        self.file = open(image, "r+b")

    def at(self, place, count):
        self.file.seek(self.offset + place)
        return bytearray(self.file.read(count))

    def put(self, place, data):
        self.file.seek(self.offset + place)
        self.file.write(data)

    def next(self, cluster):
        base = self.reserved * self.sector
        if self.bits == 12:
            pair = struct.unpack("<H", self.at(base + cluster * 3 // 2, 2))[0]
            return pair >> 4 if cluster & 1 else pair & 0xFFF
        if self.bits == 16:
            return struct.unpack("<H", self.at(base + 2 * cluster, 2))[0]
        return struct.unpack("<I", self.at(base + 4 * cluster, 4))[0] & 0x0FFFFFFF

    def set(self, cluster, value):
        for table in range(self.tables):
            base = (self.reserved + table * self.length) * self.sector
            if self.bits == 12:
                place = base + cluster * 3 // 2
                pair = struct.unpack("<H", self.at(place, 2))[0]
                pair = pair & 0x000F | value << 4 if cluster & 1 else pair & 0xF000 | value
                self.put(place, struct.pack("<H", pair))
            elif self.bits == 16:
                self.put(base + 2 * cluster, struct.pack("<H", value))
            else:
                self.put(base + 4 * cluster, struct.pack("<I", value))

    def chain(self, cluster):
        end = {12: 0xFF8, 16: 0xFFF8, 32: 0x0FFFFFF8}[self.bits]
        clusters = []
        while 2 <= cluster < end:
            clusters.append(cluster)
            cluster = self.next(cluster)
        return clusters

    def place(self, cluster):
        return self.data + (cluster - 2) * self.per * self.sector

    def slots(self, cluster):
        """Where the 32-byte slots of a folder lie."""
        if cluster == 0 and self.bits != 32:
            return [self.root_start + 32 * i for i in range(self.root_entries)]
        size = self.per * self.sector
        return [self.place(c) + o for c in self.chain(cluster or self.root) for o in range(0, size, 32)]

    def entries(self, cluster):
        """(name, slots, first cluster, is a folder) of a folder's entries."""
        long, slots = [], []
        for place in self.slots(cluster):
            slot = self.at(place, 32)
            if slot[0] == 0: return
            if slot[0] == 0xE5:
                long, slots = [], []
            elif slot[11] == 0x0F:
                long.insert(0, bytes(slot[1:11] + slot[14:26] + slot[28:32]))
                slots.append(place)
            else:
                if long: name = b"".join(long).decode("utf-16-le").split("\0")[0]
                else:
                    base, ending = slot[:8].decode("cp850").rstrip(), slot[8:11].decode("cp850").rstrip()
                    if slot[12] & 8: base = base.lower()
                    if slot[12] & 16: ending = ending.lower()
                    name = base + ("." + ending if ending else "")
                first = struct.unpack_from("<H", slot, 20)[0] << 16 | struct.unpack_from("<H", slot, 26)[0]
                if not slot[11] & 8 and slot[0] != 0x2E:
                    yield name, slots + [place], first if self.bits == 32 else first & 0xFFFF, bool(slot[11] & 16)
                long, slots = [], []

    def find(self, path):
        cluster, found = 0, None
        for part in path.split("/"):
            found = next(e for e in self.entries(cluster) if e[0] == part)
            cluster = found[2]
        return found

    def delete(self, path, windows):
        _, slots, first, _ = self.find(path)
        for cluster in self.chain(first): self.set(cluster, 0)
        for place in slots: self.put(place, b"\xe5")
        if windows and self.bits == 32: self.put(slots[-1] + 20, b"\0\0")

    def delete_tree(self, path, windows):
        """A folder and all below it, what lies in it first."""
        for name, _, _, is_folder in list(self.entries(self.find(path)[2])):
            if is_folder: self.delete_tree(path + "/" + name, windows)
            else: self.delete(path + "/" + name, windows)
        self.delete(path, windows)

    def close(self):
        self.file.close()
