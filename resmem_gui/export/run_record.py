"""The run record: all that somebody else must know to obtain the same table again."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from dataclasses import fields as fields_of
from typing import Any, Final, TypeAlias, TypeVar, get_origin

#: What JSON can say; the record holds nothing else.
JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"

#: Of the fields. Raised when a field changes its meaning, not when one is added.
FORMAT: Final = 1
NOT_RECORDED: Final = "not recorded"
_DAMAGED: Final = "The run record is damaged or was changed."

_Part = TypeVar("_Part", "Producer", "UsedReference", "UsedRecipe", "Counts", "Times")


@dataclass(frozen=True, slots=True)
class Producer:
    """What produced some of the scores.

    Attributes:
        scorer: Name and release.
        weights_sha256: Of the file of weights.
        weights: About that file: name, bytes, source; empty where this installation does not know it.
        preprocessing: Id of the recipe from a file to the network's input.
        parameters: What the recipe does, step by step; empty where this installation does not know it.
        device: Where the network ran: "cpu", "cuda" or "mps".
        precision: Of the network's numbers there.
        n: How many of the table's scores it produced.
    """

    scorer: str
    weights_sha256: str
    weights: Mapping[str, JSON]
    preprocessing: str
    parameters: Mapping[str, JSON]
    device: str
    precision: str
    n: int


@dataclass(frozen=True, slots=True)
class UsedReference:
    """A distribution that percentiles of the table were taken from.

    Attributes:
        id: In the program.
        name: As people write it.
        n: How many images were measured on people.
        mean: Of their scores.
        sd: Sample standard deviation of their scores.
        provenance: Where they come from: source, citation, column, licence.
        rows: How many rows of the table name it.
    """

    id: str
    name: str
    n: int
    mean: float
    sd: float
    provenance: Mapping[str, str]
    rows: int


@dataclass(frozen=True, slots=True)
class UsedRecipe:
    """A way of framing images that sensitivities of the table were measured by.

    Attributes:
        id: In the table.
        title: For people.
        meaning: What is done to an image, in a sentence.
        framings: How many scores an image got by it.
        rows: How many rows of the table carry it.
    """

    id: str
    title: str
    meaning: str
    framings: int
    rows: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many images there were.

    Attributes:
        rows: In the table.
        scored: Of those.
        failed: Of those.
        waiting: Of those.
        ranked_among: Scored images that ranks were taken among: the whole library, though the table may hold
            a part of it.
        recalled: Scores that came from the store of an earlier run; None where nobody counted.
        computed: Scores that the network gave in this run; None where nobody counted.
    """

    rows: int
    scored: int
    failed: int
    waiting: int
    ranked_among: int
    recalled: int | None = None
    computed: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """When it happened: ISO 8601, UTC; empty where nobody looked at the clock."""

    began: str
    ended: str
    exported: str


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What made a table and what its columns mean.

    Attributes:
        program: Name, version and, run from a checkout, the commit.
        counts: Of images.
        times: Of the run and the export.
        producers: What produced the scores, the most productive first.
        references: That percentiles were taken from.
        recipes: That sensitivities were measured by.
        environment: Python, platform and processor.
        libraries: Versions of what takes part in a score, and of the decoders inside.
        definitions: What rank, percentile, floor and the others mean, a sentence each.
        citations: Whom to cite.
    """

    program: Mapping[str, str]
    counts: Counts
    times: Times
    producers: tuple[Producer, ...] = ()
    references: tuple[UsedReference, ...] = ()
    recipes: tuple[UsedRecipe, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    citations: tuple[str, ...] = ()

    def fields(self) -> dict[str, Any]:
        """Return it as what every export and the report write: nested, in this order, plain JSON."""
        counts = asdict(self.counts)
        for key in ("recalled", "computed"):
            counts[key] = NOT_RECORDED if counts[key] is None else counts[key]
        return {
            "format": FORMAT,
            "program": dict(self.program),
            "counts": counts,
            "times": {key: value or NOT_RECORDED for key, value in asdict(self.times).items()},
            "scores_made_by": [asdict(producer) for producer in self.producers],
            "references": [asdict(reference) for reference in self.references],
            "sensitivity": [asdict(recipe) for recipe in self.recipes],
            "environment": dict(self.environment),
            "libraries": dict(self.libraries),
            "definitions": dict(self.definitions),
            "citations": list(self.citations),
        }

    @classmethod
    def from_fields(cls, fields: Mapping[str, Any]) -> "RunRecord":
        """Return the record that `fields` wrote.

        Raises:
            ValueError: They are not those of a run record, or of a later format; the text is a sentence.
        """
        version = fields.get("format") if hasattr(fields, "get") else None  # whatever lay in the file
        if not isinstance(version, int) or version > FORMAT:
            later = f"The run record has the format {version}; this program reads up to {FORMAT}."
            raise ValueError(later if isinstance(version, int) else _DAMAGED)
        try:
            return cls(
                program=dict(fields["program"]),
                counts=_made(Counts, {key: _known(value) for key, value in fields["counts"].items()}),
                times=_made(Times, {key: _known(value) for key, value in fields["times"].items()}),
                producers=tuple(_made(Producer, item) for item in fields.get("scores_made_by", ())),
                references=tuple(_made(UsedReference, item) for item in fields.get("references", ())),
                recipes=tuple(_made(UsedRecipe, item) for item in fields.get("sensitivity", ())),
                environment=dict(fields.get("environment", {})),
                libraries=dict(fields.get("libraries", {})),
                definitions=dict(fields.get("definitions", {})),
                citations=tuple(fields.get("citations", ())),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ValueError(_DAMAGED) from error


def _made(kind: type[_Part], values: Mapping[str, Any]) -> _Part:
    """Return a part of the record; what a later release has added to it is passed over.

    A workbook holds single values only, and neither empty mappings nor empty texts.
    """
    types = {part.name: part.type for part in fields_of(kind)}
    empty: dict[str, Any] = {name: {} for name in types.keys() & {"weights", "parameters", "provenance"}}
    known = {name: value for name, value in values.items() if name in types}
    texts = {name: "" for name, value in known.items() if value is None and types[name] is str}
    made = empty | known | texts
    if not all(isinstance(value, _accepted(types[name])) for name, value in made.items()):
        raise ValueError(_DAMAGED)
    return kind(**made)


def _accepted(annotation: Any) -> Any:  # noqa: ANN401 - what `isinstance` takes
    """Return the types that a field may have in a file: a whole number may be written for another one."""
    if annotation is float:
        return int | float
    return Mapping if get_origin(annotation) is Mapping else annotation


def _known(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    return None if value == NOT_RECORDED else value
