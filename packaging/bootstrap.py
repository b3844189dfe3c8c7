"""Set resmem_gui up in an environment of its own (.venv), then start, test or check it.

    python3 packaging/bootstrap.py run [ARGUMENTS]     start resmem-gui with these arguments
    python3 packaging/bootstrap.py test [ARGUMENTS]    check the code, then run pytest with these
    python3 packaging/bootstrap.py lint                check the code only
    python3 packaging/bootstrap.py format              put the code into the project's style
    python3 packaging/bootstrap.py bench [ARGUMENTS]   run the benchmarks
    python3 packaging/bootstrap.py setup [--test]      set up only, with --test for the tests too
    python3 packaging/bootstrap.py clean               remove .venv and every cache

Each of them sets up what it needs first, and nothing twice. On Windows the command is "py" instead
of "python3".
"""

# Standard library only. Python older than 3.11 has to get far enough to say what is wrong, so this
# file keeps to what Python 3.6 can parse and evaluate; annotations that it could not are quoted.

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
MINIMUM_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 14)
TEST_EXTRA = "test"

EXIT_FAILED = 1
EXIT_NOT_POSSIBLE_HERE = 2
EXIT_INTERRUPTED = 130

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)
FORMATTERS = (
    ("ruff", "check", "--fix", "--exit-zero", "."),
    ("ruff", "format", "."),
)
LEFTOVERS = (
    ".venv",
    ".hypothesis",
    ".import_linter_cache",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    "build",
    "dist",
)
SOURCES = ("packaging", "resmem_gui", "resources", "tests")


class SetupProblem(Exception):  # noqa: N818 - it is told to the user as a sentence, not an error
    """Something stands in the way of the set-up; its text is the sentence for the user."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def announce(line: str) -> None:
    """Print one line at once, so that it stands before what the next program prints."""
    print(line, flush=True)


def call(command: "list[str]", cwd: "Path | None" = None, env: "dict[str, str] | None" = None) -> int:
    """Run a program in the foreground and return its exit code, as a shell would number it."""
    with subprocess.Popen(command, cwd=cwd, env=env) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            process.wait()  # Ctrl+C reached the program as well: let it tidy up and end by itself
            raise
    return code if code >= 0 else 128 - code


def succeeds(command: "list[str]") -> bool:
    """Tell whether a program can be started and ends well; what it prints is dropped."""
    try:
        return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def become(command: "list[str]") -> int:
    """Go on as another program, or run it and return its exit code where that is impossible."""
    if os.name == "posix":
        sys.stdout.flush()
        os.execv(command[0], command)
    return call(command)  # execv on Windows gives the terminal back before the program has ended


# --- Which Python -------------------------------------------------------------------------------


def is_recent(python: str, code: str = "") -> bool:
    """Tell whether a Python starts, is recent enough and runs a line of code."""
    probe = f"import sys; sys.exit(sys.version_info < {MINIMUM_PYTHON!r})"
    return succeeds([python, "-c", f"{code}\n{probe}"])


def find_recent_python() -> "str | None":
    """Return the newest Python on the PATH that is recent enough.

    Each one is tried out, because version managers leave commands there that only say "not
    installed".
    """
    major, newest_minor = NEWEST_PYTHON
    for minor in range(newest_minor, MINIMUM_PYTHON[1] - 1, -1):
        python = shutil.which(f"python{major}.{minor}")
        if python and is_recent(python):
            return python
    return None


def restart_with_recent_python(argv: "list[str]") -> int:
    """Go on with a Python that is recent enough, or say that there is none."""
    python = find_recent_python()
    if python is None:
        here = ".".join(str(part) for part in sys.version_info[:3])
        wanted = ".".join(str(part) for part in MINIMUM_PYTHON)
        other = f"py -3.12 {__file__} {argv[0]}" if os.name == "nt" else f"make {argv[0]} PYTHON=python3.12"
        raise SetupProblem(
            f"resmem_gui needs Python {wanted} or later; this is {here}. Run it with another one: {other}",
            EXIT_NOT_POSSIBLE_HERE,
        )
    return become([python, str(Path(__file__).resolve()), *argv])


# --- The environment ----------------------------------------------------------------------------


class Environment:
    """The project's virtual environment, with a stamp in it that says what was installed.

    The stamp's first line is a digest of everything that the installation followed from, its second
    the place of the environment. It is written last, and a mark of unfinished work takes its place
    while pip is busy, so that an interrupted set-up never looks like a whole one.
    """

    UNFINISHED = "unfinished"

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.config = self.folder / "pyvenv.cfg"
        self.stamp = self.folder / "resmem-gui-setup"
        self.python = self.program("python")

    def program(self, name: str) -> Path:
        """Return the path of a program in the environment."""
        if os.name == "nt":
            return self.folder / "Scripts" / f"{name}.exe"
        return self.folder / "bin" / name

    def prepare(self, extra: str) -> None:
        """Bring the environment to where it holds the project with an extra ("" for none)."""
        if self.holds(extra):
            return
        if not self.works():
            self.create()
        self.install(extra)

    def holds(self, extra: str) -> bool:
        """Tell whether nothing needs to be done; the tests' extra is enough for every purpose."""
        return self.is_there() and self.read_stamp() in {
            self.stamp_for(extra),
            self.stamp_for(TEST_EXTRA),
        }

    def is_there(self) -> bool:
        """Tell, without starting anything, whether the environment and its base Python exist."""
        if not (self.python.exists() and self.config.is_file()):
            return False
        entries = (line.partition("=") for line in self._config_text().splitlines())
        settings = {key.strip(): value.strip() for key, _, value in entries}
        return Path(settings.get("home", "")).is_dir()

    def works(self) -> bool:
        """Tell whether packages can be installed into the environment as it is.

        One made by hand has no stamp, works, and is kept. One that was moved or copied here does
        not: the programs in it still name the Python of the old place.
        """
        stamp = self.read_stamp()
        is_whole = not stamp or stamp.endswith(f"\n{self.folder}")
        return is_whole and self.is_there() and is_recent(str(self.python), "import pip")

    def create(self) -> None:
        """Make the environment anew, whatever is in its place."""
        announce(f"Making a Python environment in {self.folder.name}.")
        if call([sys.executable, "-m", "venv", "--clear", str(self.folder)]) != 0:
            raise SetupProblem(
                f"Python could not make an environment in {self.folder} (its reason is above); "
                "delete that folder, then run the same command again.",
                EXIT_FAILED,
            )

    def install(self, extra: str) -> None:
        """Install the project, editable, with an extra, and stamp the environment."""
        size = "6 GB" if sys.platform == "linux" else "1 GB"
        announce(
            "Installing resmem_gui and what it needs; "
            f"the first time this takes some minutes and downloads about {size}."
        )
        self.write_stamp(self.UNFINISHED)
        command = [str(self.python), "-m", "pip", "install", "--quiet"]
        command += ["--disable-pip-version-check", "--editable", f".[{extra}]" if extra else "."]
        if call(command, cwd=self.root) != 0:
            raise SetupProblem(
                "pip could not install resmem_gui (its reason is above); check the network and "
                "the free disk space, then run the same command again.",
                EXIT_FAILED,
            )
        self.write_stamp(self.stamp_for(extra))

    def read_stamp(self) -> str:
        """Return what the stamp says, nothing where there is none."""
        return os.fsdecode(self.stamp.read_bytes()) if self.stamp.is_file() else ""

    def write_stamp(self, text: str) -> None:
        """Replace what the stamp says."""
        self.stamp.write_bytes(os.fsencode(text))

    def stamp_for(self, extra: str) -> str:
        """Return what the stamp says after an installation with an extra.

        The installation follows from the project's own file, from the environment's configuration
        (it names the Python and its version) and from the Python behind the link, which a system
        upgrade may swap for a newer one.
        """
        parts = (
            (self.root / "pyproject.toml").read_bytes(),
            self.config.read_bytes(),
            os.fsencode(str(self.python.resolve())),
            extra.encode(),
        )
        digests = (hashlib.sha256(part).digest() for part in parts)
        return f"{hashlib.sha256(b''.join(digests)).hexdigest()}\n{self.folder}"

    def _config_text(self) -> str:
        return self.config.read_text(encoding="utf-8", errors="replace")


# --- System packages ----------------------------------------------------------------------------


def load_system(root: Path) -> ModuleType:
    """Load resmem_gui/system.py by its path: the package cannot be imported before the set-up."""
    name = "resmem_gui_system"
    spec = importlib.util.spec_from_file_location(name, root / "resmem_gui" / "system.py")
    assert spec is not None  # for the type checker: only an unknown file type has none
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def missing_packages(system: ModuleType, environment: Environment, extra: str) -> "dict[str, str]":
    """Return what is missing on this machine, each with the Debian package that holds it."""
    lists = environment.root / "packaging"
    libraries = (lists / "system-libraries.txt").read_text(encoding="utf-8")
    missing = {library.soname: library.package for library in system.missing_libraries(libraries)}
    if extra == TEST_EXTRA:
        commands = (lists / "test-packages.txt").read_text(encoding="utf-8")
        missing.update(
            (command, package)
            for command, package in system.parse_listing(commands)
            if shutil.which(command) is None
        )
    if not environment.is_there() and importlib.util.find_spec("ensurepip") is None:
        # Debian splits off the part of Python that makes environments.
        missing["ensurepip (part of Python)"] = "python{}.{}-venv".format(*sys.version_info)
    return missing


def ensure_system_packages(environment: Environment, extra: str) -> None:
    """See to it that the libraries and commands of Linux are there, or say how to get them."""
    if sys.platform != "linux":
        return
    system = load_system(environment.root)
    missing = missing_packages(system, environment, extra)
    if missing and system.is_root() and shutil.which("apt-get"):
        install_packages(sorted(set(missing.values())))
        missing = missing_packages(system, environment, extra)
    if missing:
        raise SetupProblem(system.how_to_install(missing), EXIT_NOT_POSSIBLE_HERE)


def install_packages(packages: "list[str]") -> None:
    """Install Debian packages; whoever calls this is root and looks at what is missing after."""
    announce("Installing system packages: " + " ".join(packages))
    quietly = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    call(["apt-get", "update", "-qq"], env=quietly)
    call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], env=quietly)


# --- The verbs ----------------------------------------------------------------------------------


def set_up(root: Path, extra: str) -> Environment:
    """Set everything up that is not yet, and return the environment."""
    environment = Environment(root)
    ensure_system_packages(environment, extra)
    environment.prepare(extra)
    return environment


def run_in_turn(environment: Environment, commands: "tuple[tuple[str, ...], ...]") -> int:
    """Run the environment's programs one after the other, up to the first that fails."""
    for name, *arguments in commands:
        announce("==> " + " ".join([name, *arguments]))
        code = call([str(environment.program(name)), *arguments], cwd=environment.root)
        if code != 0:
            return code
    return 0


def run(root: Path, arguments: "list[str]") -> int:
    """Start the program, in the folder that the user is in: the arguments may name files there."""
    program = set_up(root, "").program("resmem-gui")
    return become([str(program), *arguments])


def test(root: Path, arguments: "list[str]") -> int:
    """Check the code, then run the tests."""
    return run_in_turn(set_up(root, TEST_EXTRA), (*CHECKS, ("pytest", *arguments)))


def lint(root: Path, arguments: "list[str]") -> int:
    """Check the code."""
    refuse(arguments)
    return run_in_turn(set_up(root, TEST_EXTRA), CHECKS)


def format_code(root: Path, arguments: "list[str]") -> int:
    """Put the code into the project's style."""
    refuse(arguments)
    return run_in_turn(set_up(root, TEST_EXTRA), FORMATTERS)


def bench(root: Path, arguments: "list[str]") -> int:
    """Run the benchmarks."""
    environment = set_up(root, TEST_EXTRA)
    return run_in_turn(environment, (("python", "-m", "tests.benchmarks.run_all", *arguments),))


def setup(root: Path, arguments: "list[str]") -> int:
    """Set up and nothing else."""
    for_tests = arguments == ["--test"]
    refuse([] if for_tests else arguments)
    set_up(root, TEST_EXTRA if for_tests else "")
    return 0


def clean(root: Path, arguments: "list[str]") -> int:
    """Remove the environment and what the tools have left in the project."""
    refuse(arguments)
    leftovers = [root / name for name in LEFTOVERS]
    for source in SOURCES:
        leftovers += (root / source).glob("**/__pycache__")
    for folder in leftovers:
        if folder.is_dir():
            shutil.rmtree(str(folder))
    return 0


def refuse(arguments: "list[str]") -> None:
    """Say how the set-up is used where there are arguments that a verb does not take."""
    if arguments:
        raise SetupProblem(str(__doc__), EXIT_NOT_POSSIBLE_HERE)


VERBS = {
    "run": run,
    "test": test,
    "lint": lint,
    "format": format_code,
    "bench": bench,
    "setup": setup,
    "clean": clean,
}


def main(argv: "list[str]", root: Path = ROOT) -> int:
    """Carry out the verb that the command line begins with, and return the exit code."""
    verb = VERBS.get(argv[0]) if argv else None
    if verb is None:
        print(__doc__)
        return 0 if argv in (["-h"], ["--help"]) else EXIT_NOT_POSSIBLE_HERE
    try:
        if sys.version_info < MINIMUM_PYTHON:
            return restart_with_recent_python(argv)
        return verb(root, argv[1:])
    except SetupProblem as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    except OSError as error:
        print(f"The set-up cannot go on: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on where this one left off.", file=sys.stderr)
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
