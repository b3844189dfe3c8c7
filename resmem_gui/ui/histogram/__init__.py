"""The histogram: the library's scores over the reference, to look at and to choose a range with."""
