"""Grid, table and inspector: the views of the rows, and the selection that they share."""
