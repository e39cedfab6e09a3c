"""Reads plainly encoded Parquet by the standard library alone: a test submission that needs no wheels."""

import struct
from pathlib import Path

DOUBLE, BYTES, LIST, SET, STRUCT = 7, 8, 9, 10, 12


class Compact:
    """Thrift's compact protocol, as far as Parquet's metadata uses it."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def byte(self):
        self.at += 1
        return self.data[self.at - 1]

    def varint(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def number(self):
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def take(self, size):
        self.at += size
        return self.data[self.at - size : self.at]

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind == DOUBLE:
            return struct.unpack("<d", self.take(8))[0]
        if kind == BYTES:
            return self.take(self.varint())
        if kind in (LIST, SET):
            head = self.byte()
            size = head >> 4 if head >> 4 < 15 else self.varint()
            return [self.value(head & 15) for _ in range(size)]
        if kind == STRUCT:
            return self.struct()
        return self.byte() if kind == 3 else self.number()

    def struct(self):
        fields, last = {}, 0
        while head := self.byte():
            last = last + (head >> 4) if head >> 4 else self.number()
            fields[last] = self.value(head & 15)
        return fields


def read(path):
    """Return a table as column name -> list of values."""
    data = Path(path).read_bytes()
    size = struct.unpack("<I", data[-8:-4])[0]
    footer = Compact(data, len(data) - 8 - size).struct()
    table = {}
    for group in footer[4]:
        for chunk in group[1]:
            meta = chunk[3]
            table.setdefault(meta[3][0].decode(), []).extend(column(data, meta))
    return table


def column(data, meta):
    reader, values = Compact(data, meta[9]), []
    while len(values) < meta[5]:
        header = reader.struct()
        page, count = reader.take(header[3]), header[5][1]
        kind = meta[1]
        if kind == 6:
            at = 0
            for _ in range(count):
                length = struct.unpack_from("<I", page, at)[0]
                values.append(page[at + 4 : at + 4 + length].decode())
                at += 4 + length
        else:
            values.extend(struct.unpack(f"<{count}{ {1: 'i', 2: 'q', 4: 'f', 5: 'd'}[kind] }", page))
    return values
