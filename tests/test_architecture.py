"""The house rules of the source: who may import whom, and what no module does.

The files are read, not imported, so that a rule holds on every line, also in a branch that no test reaches.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

import ketastats

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "ketastats"
MODULES = sorted(SOURCE.rglob("*.py"))
IDENTIFIERS = [path.relative_to(SOURCE).as_posix() for path in MODULES]

# A room may import from the rooms that stand before it, and from itself.
ORDER = [
    "errors",
    "_validate",
    "_results",
    "numerics",
    "reported",
    "regions",
    "claims",
    "effects",
    "equivalence",
    "power",
    "evidence",
    "consistency",
    "reconstruct",
    "verdict",
    "register",
    "articles",
    "plots",
    "report",
    "_shell",
    "__main__",
]
# The same within `reconstruct`; what these folders share stands beside them and knows none of them.
SETS = ["_tables", "_means", "_samples", "_outcomes", "_subgroups", "_contingency"]
# These take plain numbers: what was printed is none of their business.
PLAIN = {"errors", "_results", "numerics", "regions", "effects", "equivalence", "power", "evidence", "plots"}
# Names of functions that return a lower tail, here and in SciPy.
LOWER_TAIL = {"cdf", "ndtr", "stdtr", "fdtr", "chdtr", "bdtr", "btdtr", "nbdtr", "pdtr", "gammainc", "betainc", "erf"}


@cache
def nodes(path: Path) -> list[ast.AST]:
    """The parsed file, every part of it."""
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))))


def room(path: Path) -> str:
    """The module or folder directly in the package that the file belongs to."""
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """Line and absolute dotted name of everything that the file imports, wherever it stands in it."""
    package = ["ketastats", *path.relative_to(SOURCE).parent.parts]
    found: list[tuple[int, str]] = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = [*base, *([node.module] if node.module else [])]
            found += [(node.lineno, ".".join([*base, alias.name])) for alias in node.names]
    return found


def own_rooms(path: Path) -> Iterator[tuple[int, str]]:
    """Line and room of everything that the file imports from the package itself."""
    for line, name in imports(path):
        parts = name.split(".")
        if parts[0] == "ketastats":
            yield line, parts[1] if len(parts) > 1 else "__init__"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in the file."""
    return (node for node in nodes(path) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def broken(rule: Callable[[Path], object]) -> dict[str, object]:
    """What a rule finds wrong, by module."""
    found = {name: rule(path) for name, path in zip(IDENTIFIERS, MODULES, strict=True)}
    return {name: wrong for name, wrong in found.items() if wrong}


# ------------------------------------------------------------------------------------------------- who may import whom
def test_every_module_has_its_place_in_the_order() -> None:
    assert {room(path) for path in MODULES} <= {"__init__", *ORDER}, "give it its place in ORDER"


def test_imports_point_one_way() -> None:
    def allowed(here: str) -> set[str]:
        if here == "__init__":  # the public face names every room, and loads each when it is first used
            return set(ORDER)
        return {*ORDER[: ORDER.index(here) + 1]} | ({"__version__"} if here in {"report", "__main__"} else set())

    def backwards(path: Path) -> list[str]:
        targets = allowed(room(path))
        return [f"line {line}: {target}" for line, target in own_rooms(path) if target not in targets]

    assert broken(backwards) == {}


def test_imports_point_one_way_between_the_kinds_of_sets() -> None:
    reconstruct = SOURCE / "reconstruct"
    folders = {path.parent.name for path in reconstruct.glob("*/*.py")}
    assert folders == set(SETS), "give it its place in SETS"

    def backwards(path: Path) -> list[str]:
        if not path.is_relative_to(reconstruct) or path == reconstruct / "__init__.py":
            return []
        here = path.parent.name if path.parent != reconstruct else ""
        allowed = SETS[: SETS.index(here) + 1] if here else []
        targets = (
            (line, name.split(".")[2:3]) for line, name in imports(path) if name.startswith("ketastats.reconstruct")
        )
        return [f"line {line}: {kind}" for line, own in targets for kind in own if kind in SETS and kind not in allowed]

    assert broken(backwards) == {}


def test_only_the_rooms_that_read_articles_know_printed_numbers() -> None:
    def knows(path: Path) -> list[int]:
        return [line for line, target in own_rooms(path) if target == "reported" and room(path) in PLAIN]

    assert broken(knows) == {}


def test_numerics_knows_only_numpy_and_scipy() -> None:
    allowed = {"numpy", "scipy", *sys.stdlib_module_names} - {"dataclasses"}

    def outside(path: Path) -> list[str]:
        others = [name for _, name in imports(path) if name.split(".")[0] not in allowed]
        return [name for name in others if not name.startswith("ketastats.numerics")]

    assert broken(lambda path: room(path) == "numerics" and outside(path)) == {}
    assert outside(SOURCE / "numerics" / "lattice.py") == []
    assert outside(SOURCE / "reported.py") != []


def test_only_plots_draws() -> None:
    def drawing(path: Path) -> list[int]:
        return [line for line, name in imports(path) if name.split(".")[0] in {"matplotlib", "mpl_toolkits", "pylab"}]

    assert {room(SOURCE / name) for name in broken(drawing)} == {"plots"}


def test_printed_numbers_are_exact() -> None:
    path = SOURCE / "reported.py"
    names = {name.split(".")[0] for _, name in imports(path)}
    assert names & {"numpy", "scipy", "pandas"} == set()


def test_the_library_never_imports_scripts_or_tests() -> None:
    scripts = {file.stem for file in (ROOT / "analyses").glob("*.py")} - set(sys.stdlib_module_names)
    assert (
        broken(lambda path: {name.split(".")[0] for _, name in imports(path)} & {"analyses", "tests", *scripts}) == {}
    )


def test_import_loads_no_heavy_package() -> None:
    code = (
        "import sys, ketastats; "
        "print(sorted({'matplotlib', 'pandas', 'statsmodels', 'tqdm', 'scipy.stats'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# ------------------------------------------------------------------------------------------------ what no module does
def test_modules_are_short() -> None:
    sizes = {name: len(path.read_bytes().splitlines()) for name, path in zip(IDENTIFIERS, MODULES, strict=True)}
    assert {name: size for name, size in sizes.items() if size > 450} == {}, "split it along its nouns"


def test_functions_are_short() -> None:
    def long(path: Path) -> dict[str, int]:
        sizes = {}
        for node in functions(path):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            sizes[node.name] = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
        return {name: size for name, size in sizes.items() if size > 60}

    assert broken(long) == {}


def test_no_upper_tail_by_subtraction() -> None:
    assert broken(lambda path: [node.lineno for node in nodes(path) if _is_one_minus_lower_tail(node)]) == {}


def _is_one_minus_lower_tail(node: ast.AST) -> bool:
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.right, ast.Call)):
        return False
    called = node.right.func
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    is_one = isinstance(node.left, ast.Constant) and node.left.value == 1
    return is_one and (name in LOWER_TAIL or name.endswith("cdf"))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1 - stats.norm.cdf(x)", True),
        ("1.0 - nct_cdf(x, df, nc)", True),
        ("1 - special.ndtr(z)", True),
        ("stats.norm.sf(x)", False),
        ("1 - alpha", False),
        ("1 - level(x)", False),
    ],
)
def test_subtraction_from_one_is_recognised(code: str, expected: bool) -> None:
    assert _is_one_minus_lower_tail(ast.parse(code, mode="eval").body) is expected


def test_no_assert_as_validation() -> None:
    assert broken(lambda path: [node.lineno for node in nodes(path) if isinstance(node, ast.Assert)]) == {}


# ---------------------------------------------------------------------------------------------------- the public names
def public_modules() -> list[str]:
    """Dotted names of the modules that a user may import from; the kernels in numerics are private."""
    dotted = (path.relative_to(SOURCE.parent).with_suffix("").parts for path in MODULES)
    names = (parts[:-1] if parts[-1] == "__init__" else parts for parts in dotted)
    public = (parts for parts in names if not any(part.startswith("_") or part == "numerics" for part in parts))
    return [".".join(parts) for parts in public]


def public_names(module: ModuleType) -> Iterator[tuple[str, object]]:
    """Names in the module's `__all__` and what they stand for."""
    assert len(module.__all__) == len(set(module.__all__)), f"{module.__name__}.__all__ names something twice"
    for name in module.__all__:
        yield f"{module.__name__}.{name}", getattr(module, name)


@pytest.mark.parametrize("name", public_modules())
def test_public_names_exist_and_are_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} says what it is for"
    for path, value in public_names(module):
        if isinstance(value, type) or callable(value) or isinstance(value, ModuleType):
            assert inspect.getdoc(value), f"{path} has a docstring"


def sections(value: object) -> dict[str, list[str]]:
    """The sections of a numpydoc docstring by their headings."""
    found: dict[str, list[str]] = {"": []}
    lines = [*(inspect.getdoc(value) or "").splitlines(), ""]
    heading = ""
    for line, below in pairwise(lines):
        if line and below == "-" * len(line):
            heading = line
            found[heading] = []
        else:
            found[heading].append(line)
    return found


def documented_parameters(value: object) -> list[str]:
    """Names in the Parameters section: each stands at the margin, alone or before a colon."""
    lines = sections(value).get("Parameters", [])
    heads = (line.split(" : ")[0] for line in lines if line and not line.startswith((" ", "-")))
    return [name.strip().lstrip("*") for head in heads for name in head.split(",")]


@pytest.mark.parametrize("name", public_modules())
def test_public_functions_say_what_they_take_and_return_and_show_it(name: str) -> None:
    wrong = {}
    for path, value in public_names(importlib.import_module(name)):
        if inspect.isfunction(value):
            wrong[path] = {"Returns", "Examples"} - sections(value).keys()
    assert {path: missing for path, missing in wrong.items() if missing} == {}


def public_callables(name: str) -> Iterator[tuple[str, Callable[..., object]]]:
    """Functions, frozen results and the methods of classes that the module makes public."""
    for path, value in public_names(importlib.import_module(name)):
        if inspect.isfunction(value) or (isinstance(value, type) and is_dataclass(value)):
            yield path, value
        if isinstance(value, type):
            methods = ((key, getattr(value, key)) for key in vars(value) if not key.startswith("_"))
            yield from ((f"{path}.{key}", method) for key, method in methods if inspect.isroutine(method))


@pytest.mark.parametrize("name", public_modules())
def test_documented_parameters_are_those_of_the_signature(name: str) -> None:
    wrong = {}
    for path, value in public_callables(name):
        signature = [name for name in inspect.signature(value).parameters if name != "self" and name[0] != "_"]
        if documented_parameters(value) != signature:
            wrong[path] = {"documented": documented_parameters(value), "signature": signature}
    assert wrong == {}


def test_the_public_face_lists_itself() -> None:
    assert set(ketastats.__all__) <= set(dir(ketastats))
    with pytest.raises(AttributeError, match="no attribute 'power_of_hindsight'"):
        _ = ketastats.power_of_hindsight


def test_references_of_results_have_one_form() -> None:
    """Names, year, and the DOI: "Mee 1984, ..." and never "Mee (1984), ...", so that a reader can compare them."""
    form = re.compile(r"[^()]+ \d{4}[a-z]?, doi:10\.\d{4,}/\S+")
    odd = []
    for path in MODULES:
        holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
        bodies = [node.body[0] for node in nodes(path) if isinstance(node, holders) and node.body]
        docstrings = {id(first.value) for first in bodies if isinstance(first, ast.Expr)}
        for node in nodes(path):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if "doi:10" in text and id(node) not in docstrings and (not form.fullmatch(text) or " and " in text):
                odd.append(f"{path.name}:{node.lineno}: {text}")
    assert odd == []
