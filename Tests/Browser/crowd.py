# SPDX-License-Identifier: MIT
"""Ten thousand events in a database, faster than a server could take them in."""

import datetime
import json
import os
import pathlib
import random
import sqlite3
import uuid

import house
import pictures


def embeddings(images, folder):
    """The embedding of each picture, by the program itself."""
    paths = []
    for name, content in images.items():
        path = pathlib.Path(folder) / f"{name}.jpg"
        path.write_bytes(content)
        paths.append(path)
    lines = house.run("embed", *paths, "--weights", house.WEIGHTS).splitlines()
    return {name: json.loads(line) for name, line in zip(images, lines)}


def fill(data, count, newest=datetime.datetime(2026, 6, 30, 20, 0)):
    """Fills the database of a server that has run once and stopped.

    Every event has a file of its own, which is a link to one of the scenes, and an embedding a little beside that of
    the scene. They lie 20 minutes apart.
    """
    draw = random.Random(20)
    scenes = pictures.scenes()
    vectors = embeddings(scenes, data)
    names = list(scenes)
    sources = {name: pathlib.Path(data) / f"{name}.jpg" for name in names}
    version = vectors[names[0]]["model_version"]
    # A few variants of each vector: what the database reads is as long as it would be.
    texts = {
        name: [json.dumps([round(x * (1 + draw.uniform(-0.05, 0.05)), 6) for x in vectors[name]["embedding"]])
               for _ in range(20)] for name in names}
    database = sqlite3.connect(pathlib.Path(data) / "afterimage.sqlite")
    cameras = ["drive", "porch", "street"]
    with database:
        database.executemany("INSERT INTO cameras (id, name) VALUES (?, ?)", [(c, c.title()) for c in cameras])
        for index in range(count):
            moment = newest - datetime.timedelta(minutes=20 * index)
            day, identifier, name = moment.strftime("%Y-%m-%d"), str(uuid.UUID(int=draw.getrandbits(128), version=4)), draw.choice(names)
            folder = pathlib.Path(data) / "thumbnails" / day
            if index == 0 or not folder.exists():
                folder.mkdir(parents=True, exist_ok=True)
            os.link(sources[name], folder / f"{identifier}.jpg")
            database.execute(
                "INSERT INTO events (id, camera_id, timestamp, description, confidence, objects_detected, thumbnail_path)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (identifier, draw.choice(cameras), moment.strftime("%Y-%m-%d %H:%M:%S.000000"), name.replace("-", " "),
                 draw.randrange(50, 100), json.dumps([draw.choice(["person", "vehicle", "animal", "package"])]),
                 f"/api/v1/thumbnails/{day}/{identifier}.jpg"))
            database.execute(
                "INSERT INTO event_embeddings (id, event_id, embedding, model_version, created_at) VALUES (?, ?, ?, ?, ?)",
                (str(uuid.UUID(int=draw.getrandbits(128), version=4)), identifier, draw.choice(texts[name]), version,
                 moment.strftime("%Y-%m-%d %H:%M:%S.000000")))
    database.close()
