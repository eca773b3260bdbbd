"""Store, checkpoints and metadata: what is kept where, what is read again, and that no state is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import harn
from harn.builtins.folder_hashes import folder_hash
from harn.builtins.kept_state import as_kept, state_entries, state_text
from harn.builtins.metadata import file_name
from harn.host.host import Host
from harn.testing import VirtualHost
from tests.builtins.resting import thawed

MANY = 2**28
plain: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), plain, max_size=3))
def test_plain_data_comes_back_the_same(entries: dict[str, Any]) -> None:
    again = state_entries(state_text(entries, MANY), "x")
    assert again == entries
    assert list(map(type, again.values())) == [type(entries[name]) for name in sorted(entries)]


def test_what_is_nested_deep_is_kept() -> None:
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    kept = as_kept(deep, MANY)
    depth = 0
    while kept:
        kept, depth = kept[0], depth + 1
    assert depth == 5_000


def value(body: str, host: Host) -> Any:
    """What the body of a pipeline returns."""
    return harn.run(f"pipeline default(task) {{ {body} }}", host=host).value


def test_a_store_outlives_a_run_and_nothing_is_written_unasked() -> None:
    host = VirtualHost()
    reading = 'store_get("a"); store_list(); store_clear(); store_save(); store_delete("x"); checkpoint_clear()'
    value(f'{reading}; checkpoint_list(); checkpoint_delete("x"); metadata_get("."); metadata_save()', host)
    assert host.files.folders == {"/"}
    value('store_set("a", {f: 1.0, s: set(1)}); store_set(1, [nil])', host)
    assert value('return [store_get("a"), type_of(store_get("a").f), store_get("1"), store_list()]', host) == [
        {"f": 1.0, "s": None}, "float", [None], ["1", "a"],
    ]  # fmt: skip
    assert host.files.text("/.harn/store.json") == '{\n  "1": [null],\n  "a": {"f":1.0,"s":null}\n}\n'
    value('store_clear(); store_delete("a")', host)
    assert host.files.text("/.harn/store.json") == "{}\n"


def test_state_stands_by_the_project_or_by_the_program(tmp_path: Path) -> None:
    inner = tmp_path / "programs" / "deep"
    inner.mkdir(parents=True)
    program = inner / "work.harn"
    program.write_text('pipeline default(task) { store_set("k", 1); checkpoint("c", 2) }')
    harn.load(program).run()
    assert json.loads((inner / ".harn" / "store.json").read_text()) == {"k": 1}
    assert json.loads((inner / ".harn" / "checkpoints" / "work.json").read_text()) == {"c": 2}
    (tmp_path / "harn.toml").write_text("")
    harn.load(program).run()
    assert json.loads((tmp_path / ".harn" / "checkpoints" / "work.json").read_text()) == {"c": 2}
    assert sorted(one.name for one in tmp_path.iterdir()) == [".harn", "harn.toml", "programs"]


@pytest.mark.parametrize("content", ["", "[1]", '{"a":', "\ufeff{}"])
def test_a_file_that_is_not_understood_is_not_overwritten(content: str) -> None:
    host = VirtualHost(files={"/.harn/store.json": content})
    for call in ('store_get("a")', 'store_set("a", 1)', 'store_delete("a")', "store_list()"):
        with pytest.raises(harn.ThrownError, match=r"Runtime error: /\.harn/store\.json holds no state: "):
            value(call, host)
    assert host.files.text("/.harn/store.json") == content
    value("store_clear()", host)
    assert value("return store_list()", host) == []


def test_checkpoints_of_two_programs_do_not_meet(tmp_path: Path) -> None:
    for name in ("one.v2", "two"):
        (tmp_path / f"{name}.harn").write_text(
            f'pipeline default(task) {{ checkpoint("{name}", nil); return checkpoint_list() }}'
        )
        assert harn.load(tmp_path / f"{name}.harn").run().value == [name]
    kept = tmp_path / ".harn" / "checkpoints"
    assert sorted(one.name for one in kept.iterdir()) == ["one.v2.json", "two.json"]


def test_a_stage_is_done_once(tmp_path: Path) -> None:
    program = tmp_path / "p.harn"
    program.write_text(
        """
        import { checkpoint_stage, checkpoint_stage_retry } from "std/checkpoint"
        fn counted(name) { let n = (store_get(name) ?? 0) + 1
          store_set(name, n)
          return n }
        pipeline default(task) {
          let a = checkpoint_stage("a", { -> counted("a") })
          let b = try { checkpoint_stage("b", { -> throw "broke ${counted("b")}" }) }
          let c = checkpoint_stage_retry("c", 3, { -> if counted("c") < 3 { throw "early" } else { "late" } })
          let d = try { checkpoint_stage_retry("d", 2, { -> throw "never" }) }
          let e = try { checkpoint_stage_retry("e", 0, { -> 1 }) }
          return [a, unwrap_err(b), c, unwrap_err(d), unwrap_err(e), store_get("c"), checkpoint_list()]
        }
        """
    )
    never = "checkpoint_stage_retry failed after 2 attempts: never"
    unknown = "checkpoint_stage_retry failed after 0 attempts: unknown error"
    assert harn.load(program).run().value == [1, "broke 1", "late", never, unknown, 3, ["a", "c"]]
    assert harn.load(program).run().value == [1, "broke 2", "late", never, unknown, 3, ["a", "c"]]


def test_metadata_of_a_folder_is_its_own_and_that_of_those_above() -> None:
    host = VirtualHost(files={"/src/deep/a.rs": "fn", "/src/b": "x"})
    body = """
      metadata_set("", "kind", {language: "rust", owner: "all"})
      metadata_set("src/", "kind", {owner: "vm"})
      metadata_set("./src", "other", {n: 1})
      metadata_set("src", "other", "no dict")
    """
    reading = """return [metadata_get("src/deep", "kind"), metadata_get("src"), metadata_get("lib", "other"),
      metadata_resolve("src"), metadata_entries().map({ e -> e.dir }), metadata_entries("other")[1].local]"""
    expected = [
        {"language": "rust", "owner": "vm"}, {"language": "rust", "owner": "vm", "n": 1}, None,
        {"kind": {"language": "rust", "owner": "vm"}, "other": {"n": 1}}, [".", "src"], {"n": 1},
    ]  # fmt: skip
    assert value(body + reading, host) == expected
    assert ".harn" not in " ".join(host.files.content)
    assert value(f"{body} metadata_save(); metadata_save()", host) is None
    assert value(reading, host) == expected
    shard = json.loads(host.files.text("/.harn/metadata/other/entries.json"))
    assert (shard["version"], shard["namespace"], shard["entries"]) == (1, "other", {"src": {"n": 1}})


def test_what_a_program_holds_of_metadata_does_not_change() -> None:
    body = """
      metadata_set("a", "n", {x: 1})
      let held = metadata_entries("n")[0].local
      metadata_set("a", "n", {x: 2})
      return [held, metadata_get("a", "n")]
    """
    assert value(body, VirtualHost()) == [{"x": 1}, {"x": 2}]


def test_hashes_tell_what_has_changed() -> None:
    host = VirtualHost(files={"/src/a": "x"})
    assert value('metadata_set("src", "k", {v: 1}); return metadata_status("k").missing_content_hash', host) == ["src"]
    fresh = 'metadata_set("src", "k", {v: 1}); metadata_set("gone", "k", {v: 1}); metadata_refresh_hashes();'
    assert value(f"{fresh} metadata_save(); return metadata_stale()", host) == {
        "any_stale": False,
        "tier1": [],
        "tier2": [],
    }
    host.clock.advance(5)
    value('write_file("src/a", "y")', host)
    assert value("return metadata_stale()", host) == {"any_stale": True, "tier1": [], "tier2": ["src"]}
    value('write_file("src/b", "")', host)
    assert value("return metadata_status().stale", host) == {"any_stale": True, "tier1": ["src"], "tier2": []}


def test_the_hash_of_a_folder() -> None:
    listed: list[dict[str, Any]] = [
        {"path": "/d"},
        {"path": "/d/b", "size": 2, "modified": 7.9},
        {"path": "/d/a", "size": 1, "modified": 0.0},
        {"path": "/d/.harn", "size": 9, "modified": 9.0},
    ]
    assert folder_hash([], times=False) == "cbf29ce484222325"
    assert folder_hash(listed, times=True) == folder_hash(listed[:3], times=True) != folder_hash(listed, times=False)


@pytest.mark.parametrize(
    ("namespace", "name"), [("a-b.C_1", "a-b.C_1"), ("a/b", "a_2Fb"), ("", "_"), ("..", "_"), ("é", "_E9")]
)
def test_a_namespace_leads_nowhere_else(namespace: str, name: str) -> None:
    assert file_name(namespace) == name


def test_metadata_in_one_file_is_still_read() -> None:
    old = {"entries": {"": {"namespaces": {"n": {"x": 1}}}, "src": {"namespaces": {"n": {"y": 2}, "bad": 1}}, "no": 3}}
    host = VirtualHost(files={"/.harn/metadata/root.json": json.dumps(old), "/.harn/metadata/n/entries.json": "{}"})
    assert value('return metadata_resolve("src")', host) == {"n": {"x": 1, "y": 2}}


def test_a_run_rests_with_metadata_that_was_not_saved() -> None:
    body = 'metadata_set("a", "n", {x: 1}); env("REST"); metadata_save(); println(metadata_get("a"))'
    after = VirtualHost()
    assert thawed(body, VirtualHost(), after) == "{x: 1}\n"
    assert "/.harn/metadata/n/entries.json" in after.files.content


def test_listing_a_folder_with_sizes() -> None:
    host = VirtualHost(
        files={"/a/one.txt": "12", "/a/.two.txt": "", "/a/b/three.txt": "123", "/a/b/c/x": ""}, start=50.7
    )
    assert value('return scan_directory("a", ".txt", {include_hidden: true, max_depth: 0})', host) == [
        {"path": "a/.two.txt", "size": 0, "modified": 50, "is_dir": False},
        {"path": "a/one.txt", "size": 2, "modified": 50, "is_dir": False},
    ]
    paths = ".map({ e -> e.path })"
    assert value(f'return scan_directory("./a", {{include_files: false}}){paths}', host) == ["a/b", "a/b/c"]
    assert value(f'return scan_directory("", "**/*.txt"){paths}', host) == ["a/b/three.txt", "a/one.txt"]
    assert value(f'return scan_directory("none"){paths}', host) == []
