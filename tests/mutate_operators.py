"""The faults that ``tests/mutate.py`` plants: one change each to the syntax tree of a module."""

from __future__ import annotations

import ast
import copy
import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

#: A comparison is tried with its boundary moved, and turned round.
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_PAIRS = [
    ("min", "max"),
    ("minimum", "maximum"),
    ("fmin", "fmax"),
    ("nanmin", "nanmax"),
    ("argmin", "argmax"),
    ("floor", "ceil"),
    ("any", "all"),
    ("exp", "expm1"),
    ("log", "log1p"),
    ("sin", "cos"),
    ("ROUND_FLOOR", "ROUND_CEILING"),
]
NAMES = dict(_PAIRS) | {second: first for first, second in _PAIRS}
#: What no run can tell apart, or what only a type checker reads.
UNREAD = {"annotation", "returns", "decorator_list", "type_params"}
#: The shortest text by which a report names a change: a lone ``1 -> 2`` says too little.
SHOWN = 16


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A module with one change, its place, and the lines that a run passes if it meets the change."""

    function: str
    line: int
    lines: range
    before: str
    after: str
    _write: Callable[[], str] = dataclasses.field(repr=False, compare=False)

    @property
    def text(self) -> str:
        """The changed module, written anew when it is asked for."""
        return self._write()

    @property
    def name(self) -> str:
        """The change without its line, so that it keeps its name when lines move."""
        return f"{self.function}: {self.before} -> {self.after}"

    @property
    def names(self) -> tuple[str, str]:
        """Its name, and that of any change to the same expression."""
        return self.name, f"{self.function}: {self.before} -> *"


@dataclass(frozen=True)
class Site:
    """Where a node hangs in the tree: ``setattr(parent, field, node)``, or its place in a list."""

    parents: tuple[ast.AST, ...]
    field: str
    position: int | None

    def put(self, node: Any) -> None:
        """Hang another node there."""
        parent = self.parents[-1]
        if self.position is None:
            setattr(parent, self.field, node)
        else:
            getattr(parent, self.field)[self.position] = node


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """Every changed copy of one node, its children as they were."""
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in COMPARISONS[type(operator)]:
                changed = copy.deepcopy(node)
                changed.ops[index] = other()
                yield changed
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in ARITHMETIC:
        changed = copy.deepcopy(node)
        changed.op = ARITHMETIC[type(node.op)]()
        yield changed
    elif isinstance(node, ast.BoolOp):
        changed = copy.deepcopy(node)
        changed.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        yield changed
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in other_values(node.value))
    elif isinstance(node, ast.Name) and node.id in NAMES:
        yield ast.Name(NAMES[node.id], node.ctx)
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield ast.Attribute(node.value, NAMES[node.attr], node.ctx)


def other_values(value: object) -> tuple[int | float, ...]:
    """The values that stand in for a constant: one off, half as much again, or the other truth."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1, value - 1)
    if isinstance(value, float):
        return (value * 1.5 if value else 1.0,)
    return ()


def sites(node: ast.AST, parents: tuple[ast.AST, ...] = ()) -> Iterator[tuple[Site, ast.AST]]:
    """Every node that a run may read, with its place, in the order of the file."""
    parents = (*parents, node)
    for field, value in ast.iter_fields(node):
        if field in UNREAD or isinstance(node, ast.JoinedStr) or is_unread(node):
            continue
        for position, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield Site(parents, field, position), child
                yield from sites(child, parents)


def is_unread(node: ast.AST) -> bool:
    """Whether the node is an import, a branch for type checkers only, or the check of lengths in ``zip``."""
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Import | ast.ImportFrom)


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of the file."""
    tree = ast.parse(source)
    for site, node in list(sites(tree)):
        functions = [p.name for p in site.parents if isinstance(p, ast.FunctionDef | ast.ClassDef)]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and not functions:
            continue  # a union of types
        shown = excerpt(site, node)
        before = " ".join(ast.unparse(shown).split())
        for changed in variants(node):
            site.put(changed)
            after = " ".join(ast.unparse(changed if shown is node else shown).split())
            site.put(node)
            name = ".".join(functions) or "module"
            write = partial(written, tree, site, node, changed)
            lines = range(statement(site, node).lineno, (node.end_lineno or node.lineno) + 1)
            yield Mutant(function=name, line=node.lineno, lines=lines, before=before, after=after, _write=write)


def written(tree: ast.Module, site: Site, node: ast.AST, changed: ast.AST) -> str:
    """The module with the changed node in its place."""
    site.put(changed)
    text = ast.unparse(tree)
    site.put(node)
    return text


def statement(site: Site, node: ast.AST) -> ast.AST:
    """The statement that the node is part of, or the function within one."""
    return next(around for around in (node, *reversed(site.parents)) if isinstance(around, ast.stmt | ast.Lambda))


def excerpt(site: Site, node: ast.AST) -> ast.AST:
    """The smallest expression around the node whose text says where it stands, or the node itself."""
    simple = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return
    for around in (node, *reversed(site.parents)):
        if isinstance(around, simple) or (isinstance(around, ast.expr) and len(ast.unparse(around)) >= SHOWN):
            return around
    return node
