# SPDX-License-Identifier: MIT
"""Exact search for the nearest vectors, each peer behind the same call: `search(query)` gives row numbers, best first.

All search the same rows of unit length, so that cosine and inner product order alike. Every class imports its own
library only. Threads are those of the process's environment where a library has no setting of its own.
"""

import os
import pathlib

import numpy

LIMIT = 10
# Rows that are copied at once, so that loading needs little more memory than what is loaded.
SLICE = 50_000


def slices(vectors):
    """Consecutive pieces of the rows, with the number of the first row of each."""
    for start in range(0, len(vectors), SLICE):
        yield start, numpy.ascontiguousarray(vectors[start:start + SLICE])


class Numpy:
    """One matrix product in single precision, then a partial sort: what one writes without a library."""

    def __init__(self, vectors, path, threads):
        self.vectors = numpy.array(vectors)
        self.version = f"numpy {numpy.__version__}"
        self.threads = threads

    def search(self, query):
        scores = self.vectors @ query
        best = numpy.argpartition(scores, -LIMIT)[-LIMIT:]
        return best[numpy.argsort(-scores[best], kind="stable")]


class Faiss:
    """`IndexFlatIP`: an exact scan."""

    def __init__(self, vectors, path, threads):
        import faiss

        faiss.omp_set_num_threads(threads)
        self.index = faiss.IndexFlatIP(vectors.shape[1])
        for _, rows in slices(vectors):
            self.index.add(rows)
        self.version = f"faiss {faiss.__version__}"
        self.threads = threads

    def search(self, query):
        return self.index.search(query[None], LIMIT)[1][0]


class Usearch:
    """usearch's exact search. Half precision and 8 bits are scanned as such, without rescoring."""

    def __init__(self, precision, vectors, threads):
        import usearch
        from usearch.index import MetricKind, search

        self.call, self.metric = search, MetricKind.Cos if precision == "i8" else MetricKind.IP
        self.kind = {"f32": numpy.float32, "f16": numpy.float16, "i8": numpy.int8}[precision]
        # Coordinates of unit vectors of 512 dimensions are small: the largest one takes the whole range of 8 bits.
        self.scale = 127 / max(float(numpy.abs(rows).max()) for _, rows in slices(vectors)) if precision == "i8" else 1
        self.vectors = numpy.empty(vectors.shape, self.kind)
        for start, rows in slices(vectors):
            self.vectors[start:start + len(rows)] = self.converted(rows)
        self.version = f"usearch {usearch.__version__}"
        self.threads = threads

    def converted(self, rows):
        if self.kind is not numpy.int8:
            return rows.astype(self.kind)
        return numpy.clip(numpy.rint(rows * self.scale), -127, 127).astype(numpy.int8)

    def search(self, query):
        matches = self.call(
            self.vectors, self.converted(query), LIMIT, self.metric, exact=True, threads=self.threads)
        return numpy.asarray(matches.keys)


class SqliteVec:
    """A `vec0` table in a file beside the vectors, made once. It scans on one thread, by its nature.

    Through apsw, which brings an SQLite that loads extensions; not every Python's own does.
    """

    def __init__(self, vectors, path, threads):
        import apsw
        import sqlite_vec

        written = os.stat(path).st_mtime_ns
        file = pathlib.Path(f"{path}.{len(vectors)}.{written}.sqlite-vec-{sqlite_vec.__version__}")
        if not file.exists():
            self.make(sqlite_vec, vectors, file)
        self.connection = self.open(sqlite_vec, file)
        # As far as SQLite goes, the file is read from memory without being copied.
        self.connection.execute("PRAGMA mmap_size = 17179869184")
        self.version = f"sqlite-vec {sqlite_vec.__version__}, SQLite {apsw.sqlite_lib_version()}"
        self.threads = 1

    @staticmethod
    def open(sqlite_vec, file):
        import apsw

        connection = apsw.Connection(str(file))
        connection.enable_load_extension(True)
        connection.load_extension(sqlite_vec.loadable_path())
        connection.enable_load_extension(False)
        return connection

    @classmethod
    def make(cls, sqlite_vec, vectors, file):
        unfinished = file.with_name(file.name + ".unfinished")
        unfinished.unlink(missing_ok=True)
        connection = cls.open(sqlite_vec, unfinished)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        width = vectors.shape[1]
        connection.execute(
            f"CREATE VIRTUAL TABLE vectors USING vec0(embedding float[{width}] distance_metric=cosine)")
        connection.execute("BEGIN")
        for start, rows in slices(vectors):
            pairs = ((start + offset, row.tobytes()) for offset, row in enumerate(rows))
            connection.executemany("INSERT INTO vectors (rowid, embedding) VALUES (?, ?)", pairs)
        connection.execute("COMMIT")
        connection.close()
        os.replace(unfinished, file)

    def search(self, query):
        rows = self.connection.execute(
            f"SELECT rowid FROM vectors WHERE embedding MATCH ? AND k = {LIMIT} ORDER BY distance", (query.tobytes(),))
        return [row[0] for row in rows]

    def close(self):
        self.connection.close()


STARTERS = {
    "numpy": Numpy,
    "faiss-flat": Faiss,
    "usearch-f32": lambda vectors, path, threads: Usearch("f32", vectors, threads),
    "usearch-f16": lambda vectors, path, threads: Usearch("f16", vectors, threads),
    "usearch-i8": lambda vectors, path, threads: Usearch("i8", vectors, threads),
    "sqlite-vec": SqliteVec,
}
