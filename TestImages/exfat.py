# SPDX-License-Identifier: Apache-2.0
"""Deletes files on an exFAT volume as Windows and the kernel of Linux do, byte by byte.

Both clear the highest bit of the type of each entry of a file's set, and its clusters' bits in the allocation
bitmap. The FAT stays as it is, and so does the rest of the set with its checksum.
Source: Microsoft, exFAT File System Specification 1.00, 6.2 and 7.1; Linux, fs/exfat/namei.c and balloc.c.
"""
import struct


class ExFAT:
    def __init__(self, image):
        self.file = open(image, "r+b")
        boot = self.at(0, 512)
        self.sector = 1 << boot[108]
        self.size = self.sector << boot[109]
        table, _, heap, _, self.root = struct.unpack_from("<5I", boot, 80)
        self.table, self.heap = table * self.sector, heap * self.sector
        for place in self.slots(self.chain(self.root)):
            slot = self.at(place, 32)
            if slot[0] == 0x81: self.bitmap = self.chain(struct.unpack_from("<I", slot, 20)[0])

    def at(self, place, count):
        self.file.seek(place)
        return bytearray(self.file.read(count))

    def put(self, place, data):
        self.file.seek(place)
        self.file.write(data)

    def place(self, cluster):
        return self.heap + (cluster - 2) * self.size

    def chain(self, cluster):
        clusters = []
        while 2 <= cluster < 0xFFFFFFF7:
            clusters.append(cluster)
            cluster, = struct.unpack("<I", self.at(self.table + 4 * cluster, 4))
        return clusters

    def slots(self, clusters):
        """Where the 32-byte entries of a folder lie."""
        return [self.place(cluster) + o for cluster in clusters for o in range(0, self.size, 32)]

    def entries(self, clusters):
        """(name, places of the set's entries, clusters, is a folder) of what a folder lists."""
        slots, index = self.slots(clusters), 0
        while index < len(slots):
            first = self.at(slots[index], 32)
            if first[0] == 0: return
            if first[0] != 0x85:
                index += 1
                continue
            places = slots[index:index + 1 + first[1]]
            stream, *names = [self.at(place, 32) for place in places[1:]]
            name = b"".join(n[2:] for n in names)[:2 * stream[3]].decode("utf-16-le")
            start, length = struct.unpack_from("<IQ", stream, 20)
            count = -(-length // self.size)
            if stream[1] & 2: held = list(range(start, start + count))
            else: held = self.chain(start)[:count]
            yield name, places, held, bool(first[4] & 0x10)
            index += len(places)

    def find(self, path):
        clusters = self.chain(self.root)
        for part in path.split("/"):
            found = next(e for e in self.entries(clusters) if e[0] == part)
            clusters = found[2]
        return found

    def delete(self, path):
        _, places, clusters, _ = self.find(path)
        for place in places: self.put(place, bytes([self.at(place, 1)[0] & 0x7F]))
        for cluster in clusters:
            byte, bit = divmod(cluster - 2, 8)
            place = self.place(self.bitmap[byte // self.size]) + byte % self.size
            self.put(place, bytes([self.at(place, 1)[0] & ~(1 << bit)]))

    def delete_tree(self, path):
        """A folder and all below it, what lies in it first."""
        for name, _, _, is_folder in list(self.entries(self.find(path)[2])):
            if is_folder: self.delete_tree(path + "/" + name)
            else: self.delete(path + "/" + name)
        self.delete(path)

    def close(self):
        self.file.close()
