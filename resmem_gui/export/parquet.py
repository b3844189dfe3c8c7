"""Parquet: typed columns with nulls, and the run record in the metadata of the schema."""

import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from resmem_gui.export.columns import TABLE, Cell, Column, Kind, Row
from resmem_gui.export.path_texts import as_valid_text, path_as_text
from resmem_gui.export.run_record import RunRecord
from resmem_gui.heavy_imports import import_aside

if TYPE_CHECKING:
    import pyarrow as pa

#: Under which the run record and the columns' meanings lie in the metadata, as JSON.
RUN_KEY: Final = b"resmem_gui.run"
COLUMNS_KEY: Final = b"resmem_gui.columns"
_ROWS_A_GROUP: Final = 20_000


def write_parquet(rows: Iterable[Row], record: RunRecord, stream: BinaryIO) -> None:
    """Write the table, some thousand rows at a time.

    Paths that are no valid text are written as `path_texts` says.

    Raises:
        OSError: The stream is full.
    """
    import_aside("pyarrow.parquet")
    from pyarrow import parquet

    schema = _schema(record)
    remaining = iter(rows)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        while group := list(islice(remaining, _ROWS_A_GROUP)):
            writer.write_batch(_batch(group, schema))


def _schema(record: RunRecord) -> "pa.Schema":
    import pyarrow as pa

    types = {
        Kind.TEXT: pa.string(),
        Kind.WHOLE: pa.int64(),
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
    }
    meanings = {column.name: column.meaning for column in TABLE}
    return pa.schema(
        [pa.field(column.name, types[column.kind]) for column in TABLE],
        metadata={RUN_KEY: _json(record.fields()), COLUMNS_KEY: _json(meanings)},
    )


def _batch(group: Sequence[Row], schema: "pa.Schema") -> "pa.RecordBatch":
    import pyarrow as pa

    columns = zip(TABLE, zip(*group, strict=True), schema, strict=True)
    arrays = [pa.array(_cells(column, cells), field.type) for column, cells, field in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _cells(column: Column, cells: Sequence[Cell]) -> Sequence[Cell]:
    if column.kind is not Kind.TEXT:
        return cells
    as_text = path_as_text if column.name == "path" else as_valid_text
    return [as_text(cell) if isinstance(cell, str) else cell for cell in cells]


def _json(content: Any) -> bytes:  # noqa: ANN401 - whatever JSON holds
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
