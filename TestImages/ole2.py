# SPDX-License-Identifier: Apache-2.0
"""Writes a compound file with plain streams. Source: Microsoft, [MS-CFB]."""
import struct


def compound_file(streams):
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    sectors, fat, starts = [], [], []

    def add(data):
        first = len(sectors)
        count = max(1, (len(data) + 511) // 512)
        for index in range(count):
            sectors.append(data[512 * index: 512 * index + 512].ljust(512, b"\0"))
            fat.append(first + index + 1 if index + 1 < count else end)
        return first

    for _, data in streams: starts.append(add(data))

    def entry(name, kind, child, start, size, right=free):
        text = name.encode("utf-16-le") + b"\0\0"
        return (text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, free, right, child) + bytes(36)
                + struct.pack("<IQ", start, size))

    directory = entry("Root Entry", 5, 1, end, 0)
    for index, ((name, data), start) in enumerate(zip(streams, starts)):
        directory += entry(name, 2, free, start, len(data), index + 2 if index + 1 < len(streams) else free)
    directory += bytes(-len(directory) % 512)
    first_directory = add(directory)
    count = 1
    while (len(fat) + count) > 128 * count: count += 1
    first_table = len(fat)
    fat += [table] * count
    fat += [free] * (128 * count - len(fat))
    body = b"".join(sectors) + struct.pack("<%dI" % len(fat), *fat)
    header = (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0,
              count, first_directory, 0, 4096, end, 0, end, 0))
    places = [first_table + index for index in range(count)]
    return header + struct.pack("<109I", *(places + [free] * (109 - count))) + body
