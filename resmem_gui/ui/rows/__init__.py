"""The library as rows: the item model, its columns, order and thumbnails."""
