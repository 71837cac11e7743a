"""What the product's source must not hold: strings run as code, statements made of words."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT, name_of, product_modules, tree_of

_RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
_REBUILDS_OBJECTS = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "jsonpickle", "yaml"}
_PARSES_XML_UNGUARDED = ("xml.dom", "xml.sax", "xml.etree", "xml.parsers")
_GUESSABLE = {"random"}
# Each is a constant of ours or one of a few words that the code chooses; values go as parameters.
NAMED_BY_US = {
    ("database/connecting.py", "pragma"),
    ("search/sqlite_facets.py", "columns"),
    ("search/sqlite_facets.py", "inner"),
    ("search/sqlite_generations.py", "', '.join(COLUMNS)"),
    ("search/sqlite_generations.py", "SCHEMA_VERSION"),
    ("search/sqlite_index.py", "_FTS_COLUMNS"),
    ("search/sqlite_index.py", "_FTS_PLACES"),
    ("search/sqlite_searching.py", "column"),
    ("search/sqlite_searching.py", "condition"),
    ("search/sqlite_searching.py", "rank"),
    ("search/sqlite_searching.py", "weights"),
}
_STATEMENT = re.compile(
    r"\b(SELECT\s|INSERT INTO|UPDATE\s\w+\sSET|DELETE FROM|REPLACE INTO|ORDER BY|PRAGMA\s"
    r"|CREATE (TABLE|INDEX|TRIGGER|VIRTUAL))"
)
_STATEMENTS = {"execute", "executescript", "executemany", "exec_driver_sql", "text"}


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for module in product_modules():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.Call):
                yield name_of(module), node


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func)


def test_no_text_is_run_as_code() -> None:
    found = [(name, _name(call)) for name, call in _calls() if _name(call) in _RUNS_TEXT]

    assert found == []


def test_nothing_rebuilds_objects_from_bytes() -> None:
    found = [
        (name_of(module), imported)
        for module in product_modules()
        for node in ast.walk(tree_of(module))
        for imported in _imported(node)
        if imported.split(".")[0] in _REBUILDS_OBJECTS
        or imported.startswith(_PARSES_XML_UNGUARDED)
        or imported in _GUESSABLE
    ]

    assert found == []


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []


def test_programs_are_started_by_lists_and_by_no_shell() -> None:
    starting = [
        (name, call)
        for name, call in _calls()
        if _name(call) in {"subprocess.run", "subprocess.Popen", "subprocess.check_output"}
    ]
    shells = [
        (name, _name(call))
        for name, call in _calls()
        if _name(call) in {"os.system", "os.popen", "pty.spawn", "subprocess.getoutput"}
        or any(one.arg == "shell" for one in call.keywords)
    ]

    assert shells == []
    assert {name for name, _ in starting} == {"workers/child_pool.py", "workers/doctor.py"}
    assert all(isinstance(call.args[0], ast.List) for _, call in starting)


def _is_made_of_words(node: ast.expr) -> bool:
    """Say whether an expression puts a statement together, other than by an f-string."""
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Mod) or (
            isinstance(node.op, ast.Add) and not isinstance(node.right, ast.Constant)
        )
    return isinstance(node, ast.Call) and _name(node).endswith((".format", ".join", ".replace"))


def test_no_statement_is_put_together_where_it_is_executed_but_by_f_strings() -> None:
    found = {
        (name, ast.unparse(call.args[0]))
        for name, call in _calls()
        if call.args
        and _name(call).rsplit(".", 1)[-1] in _STATEMENTS
        and _is_made_of_words(call.args[0])
    }

    # A verb of the two that the audit log forbids.
    assert found == {
        ("database/migrations/versions/0001_first_tables.py", "_APPEND_ONLY.format(verb=verb)")
    }


def test_what_stands_in_the_braces_of_a_statement_is_named_by_us() -> None:
    found: set[tuple[str, str]] = set()
    for module in product_modules():
        for node in ast.walk(tree_of(module)):
            if isinstance(node, ast.JoinedStr) and _STATEMENT.search(_words_of(node)):
                found |= {
                    (name_of(module), ast.unparse(part.value))
                    for part in node.values
                    if isinstance(part, ast.FormattedValue)
                }

    assert found == NAMED_BY_US


def _words_of(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_dependency_is_pinned_by_version_and_digest(lock: str) -> None:
    text = (PROJECT / lock).read_text()
    entries = [one for one in re.split(r"\n(?=[a-z0-9])", text) if re.match(r"[a-z0-9]", one)]

    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9._\[\]-]+==\S+", entry), entry[:80]
        assert "--hash=sha256:" in entry, entry[:80]
    assert "--index-url" not in text
    assert "git+" not in text


def test_dependencies_are_installed_by_their_digests_alone() -> None:
    installing = [
        line
        for file in ("deploy/install.sh", "deploy/Dockerfile")
        for line in (PROJECT / file).read_text().splitlines()
        if "pip install" in line
    ]

    assert installing
    for line in installing:
        assert "--require-hashes" in line or "--no-index" in line, line


def test_no_secret_stands_in_the_repository() -> None:
    kinds = re.compile(
        "-----BEGIN [A-Z ]*PRIVATE KEY-----"
        r"|\bsoh_[A-Za-z0-9_-]{43}\b|\bAKIA[0-9A-Z]{16}\b|\$argon2id\$v="
    )
    found = [
        name_of(file)
        for folder in PROJECT.iterdir()
        if folder.is_dir() and not folder.name.startswith(".") and folder.name != "var"
        for file in folder.rglob("*")
        if file.suffix in _TEXTS and file.is_file() and kinds.search(file.read_text("utf-8"))
    ]

    assert found == []


_TEXTS = {".py", ".md", ".toml", ".html", ".js", ".yml", ".sh", ".po", ".json"}


def test_temporary_files_are_made_by_the_safe_functions() -> None:
    found = [
        (name, _name(call))
        for name, call in _calls()
        if _name(call) in {"tempfile.mktemp", "os.tempnam", "os.tmpnam"}
    ]
    fixed = [
        name_of(module)
        for module in product_modules()
        if re.search(r"[\"']/(tmp|var/tmp|dev/shm)", Path(module).read_text())
    ]

    assert found == []
    assert fixed == []


def test_digests_that_protect_something_are_strong() -> None:
    found = [
        (name, _name(call)) for name, call in _calls() if re.search(r"\b(md5|sha1)\b", _name(call))
    ]

    assert found == []


def test_secrets_are_compared_in_constant_time() -> None:
    callers = (PROJECT / "web/callers.py").read_text()
    signing_in = (PROJECT / "workers/signing_in.py").read_text()

    assert "hmac.compare_digest(" in callers
    assert "hmac.compare_digest(" in signing_in
    assert not re.search(r"csrf\s*[!=]=", callers)
