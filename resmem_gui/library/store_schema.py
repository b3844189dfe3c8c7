"""The tables of the store, and how they came about."""

from typing import Final

from resmem_gui.databases import Schema

_SCORES: Final = """
    -- What is equal for scores to be equal. The device is not: its differences are rounding.
    CREATE TABLE makers (
        id INTEGER PRIMARY KEY,
        scorer TEXT NOT NULL,
        weights_sha256 TEXT NOT NULL,
        preprocessing TEXT NOT NULL,
        UNIQUE (scorer, weights_sha256, preprocessing)
    );
    CREATE TABLE scores (
        sha256 BLOB NOT NULL,       -- of the file's bytes
        maker INTEGER NOT NULL REFERENCES makers,
        bytes INTEGER NOT NULL,     -- length of the file
        score NOT NULL,             -- untyped: REAL would make 0.0 of -0.0
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        device TEXT NOT NULL,
        checksum INTEGER NOT NULL,  -- see checked_rows
        PRIMARY KEY (sha256, maker)
    ) WITHOUT ROWID;
    CREATE INDEX scores_by_bytes ON scores (maker, bytes);
    CREATE TABLE files (
        path BLOB PRIMARY KEY NOT NULL,  -- bytes: names need not be text
        state TEXT NOT NULL,             -- see FileState.text
        sha256 BLOB NOT NULL
    ) WITHOUT ROWID;
"""

_TRAITS_AND_SENSITIVITIES: Final = """
    -- What pixels tell besides the score. Only the newest way of looking counts.
    CREATE TABLE traits (
        sha256 BLOB PRIMARY KEY NOT NULL,
        version INTEGER NOT NULL,        -- of the way of looking
        faces INTEGER NOT NULL,
        face_share NOT NULL,
        text_share NOT NULL,
        graphic NOT NULL,
        frames INTEGER NOT NULL,
        fingerprint BLOB NOT NULL,       -- empty for an image that is plain all over
        checksum INTEGER NOT NULL
    ) WITHOUT ROWID;
    -- What the network answered to one image framed in several ways.
    CREATE TABLE sensitivities (
        sha256 BLOB NOT NULL,
        maker INTEGER NOT NULL REFERENCES makers,
        recipe TEXT NOT NULL,            -- of the ways of framing
        scores BLOB NOT NULL,            -- doubles, least byte first
        checksum INTEGER NOT NULL,
        PRIMARY KEY (sha256, maker, recipe)
    ) WITHOUT ROWID;
"""

SCHEMA: Final = Schema(
    application_id=0x5265734D,  # "ResM"
    migrations=(_SCORES, _TRAITS_AND_SENSITIVITIES),
)
