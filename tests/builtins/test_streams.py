"""Streams: pipelines equal the same pipelines over lists, draw no more than they need, and leave no task behind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import accumulate, islice, takewhile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import harn

SOURCES = """
gen fn emitted(items) {
  for item in items {
    emit item
  }
}

gen fn slowly(items) {
  for item in items {
    sleep(item % 3)
    emit item
  }
}

fn yielded(items) {
  for item in items {
    yield item
  }
}

fn sent(items) {
  let ch = channel("sent", 100)
  for item in items {
    send(ch, item)
  }
  close_channel(ch)
  return ch
}

fn worked(items) {
  return parallel each items with { max_concurrent: 1 } { item -> item } as stream
}
"""

KINDS = ["{0}", "iter({0})", "emitted({0})", "slowly({0})", "yielded({0})", "sent({0})", "worked({0})"]
"""A source of some elements, in Harn."""


def printed(body: str, seed: int | None = None) -> list[str]:
    """What a program prints, on a virtual clock."""
    text = f"{SOURCES}\npipeline default() {{\n{body}\n}}\n"
    return harn.run(text, host=harn.Host.system().deterministic(1), seed=seed).stdout.splitlines()


# ------------------------------------------------------------------------------------------ against lists

Step = tuple[str, Callable[[Iterator[int]], Iterator[int]]]
"""An operator in Harn, ``{0}`` for its source, and the same in Python."""


def _merged(*sources: list[int]) -> Iterator[int]:
    """Elements of sources that are always ready: in turn, those that have ended passed over."""
    rest = [list(source) for source in sources]
    while any(rest):
        yield from (source.pop(0) for source in rest if source)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    """One operator that takes ints and gives ints."""
    n = draw(st.integers(0, 4))
    other = draw(st.lists(st.integers(0, 9), max_size=4))
    table: list[Step] = [
        ("stream.map({0}, { v -> v + 1 })", lambda it: (v + 1 for v in it)),
        ("stream.filter({0}, { v -> v % 2 == 0 })", lambda it: (v for v in it if v % 2 == 0)),
        ("stream.tap({0}, { v -> v + 1 })", lambda it: it),
        (f"stream.take({{0}}, {n})", lambda it: islice(it, n)),
        (f"stream.take_until({{0}}, {{ v -> v > {n + 4} }})", lambda it: takewhile(lambda v: v <= n + 4, it)),
        ("stream.scan({0}, 1, { sum, v -> sum + v })", lambda it: islice(accumulate(it, initial=1), 1, None)),
        ("stream.broadcast({0}, 2)[1]", lambda it: it),
        (f"stream.interleave({{0}}, {other})", lambda it: _merged(list(it), other)),
        (
            f"stream.map(stream.zip({{0}}, {other}), {{ both -> both.first * 10 + both.second }})",
            lambda it: (a * 10 + b for a, b in zip(it, other, strict=False)),
        ),
        ("stream.throttle({0}, 500)", lambda it: it),
        ("stream.merge({0})", lambda it: it),
        ("stream.race({0}, [])", lambda it: it),
        ("{0}.iter()", lambda it: it),
    ]
    return draw(st.sampled_from(table))


items = st.lists(st.integers(0, 9), max_size=6)


def _written(source: str, chain: list[Step]) -> str:
    for operator, _ in chain:
        source = operator.replace("{0}", source if source.startswith("stream.") else f"iter({source})")
    return source


@settings(max_examples=60)
@given(items, st.sampled_from(KINDS), st.lists(steps(), min_size=1, max_size=4))
def test_pipelines_equal_those_over_lists(elements: list[int], kind: str, chain: list[Step]) -> None:
    wanted: Iterator[int] = iter(elements)
    for _, python in chain:
        wanted = python(wanted)
    body = f"println(stream.collect({_written(kind.format(elements), chain)}))"
    assert printed(body) == [str(list(wanted))]


@settings(max_examples=30)
@given(st.lists(st.tuples(items, st.sampled_from(KINDS)), min_size=1, max_size=4), st.integers(0, 99))
def test_a_merge_loses_and_doubles_nothing(sources: list[tuple[list[int], str]], seed: int) -> None:
    marked = [[place * 100 + item for item in elements] for place, (elements, _) in enumerate(sources)]
    written = ", ".join(kind.format(own) for own, (_, kind) in zip(marked, sources, strict=True))
    found: list[int] = json.loads(printed(f"println(stream.collect(stream.merge({written})))", seed)[0])
    assert sorted(found) == sorted(item for own in marked for item in own)
    for own in marked:
        assert [item for item in found if own and item // 100 == own[0] // 100] == own


@settings(max_examples=30)
@given(st.lists(st.tuples(items, st.sampled_from(KINDS[:3])), min_size=1, max_size=4))
def test_sources_that_never_wait_take_turns(sources: list[tuple[list[int], str]]) -> None:
    written = ", ".join(kind.format(elements) for elements, kind in sources)
    wanted = list(_merged(*(elements for elements, _ in sources)))
    assert printed(f"println(stream.collect(stream.merge({written})))") == [str(wanted)]


@settings(max_examples=30)
@given(items, st.lists(st.integers(0, 2), min_size=1, max_size=20))
def test_branches_are_read_at_any_pace(elements: list[int], reads: list[int]) -> None:
    body = f"""
    let drawn = atomic(0)
    let copies = stream.broadcast(stream.tap(emitted({elements}), {{ _ -> atomic_add(drawn, 1) }}), 3)
    var seen = [[], [], []]
    for n in {reads} {{
      for v in stream.take(copies[n], 1) {{
        seen[n] = seen[n].push(v)
      }}
    }}
    println(seen)
    println(copies.map({{ copy -> stream.collect(copy) }}))
    println(atomic_get(drawn))
    """
    at = [min(reads.count(n), len(elements)) for n in range(3)]
    wanted = [[elements[:place] for place in at], [elements[place:] for place in at], len(elements)]
    assert printed(body) == [str(part) for part in wanted]


# ------------------------------------------------------------------------------------------ no more than is asked for


class Counted:
    """Elements that count how many of them were drawn."""

    def __init__(self, elements: list[int]) -> None:
        self.elements = iter(elements)
        self.drawn = 0

    def __iter__(self) -> Iterator[int]:
        for element in self.elements:
            self.drawn += 1
            yield element


LAZY = ("broadcast", "interleave")
"""Operators whose twins above draw everything at once."""


@settings(max_examples=60)
@given(st.integers(0, 5), st.lists(steps(), max_size=4), st.sampled_from(["emitted({0})", "yielded({0})", "{0}"]))
def test_nothing_is_drawn_that_is_not_asked_for(most: int, chain: list[Step], kind: str) -> None:
    chain = [step for step in chain if not any(word in step[0] for word in LAZY)]
    elements = list(range(20))
    counted = Counted(elements)
    wanted: Iterator[int] = iter(counted)
    for _, python in chain:
        wanted = python(wanted)
    expected = list(islice(wanted, most))
    source = f"stream.tap({kind.format(elements)}, {{ _ -> atomic_add(drawn, 1) }})"
    body = f"""
    let drawn = atomic(0)
    println(stream.collect(stream.take({_written(source, chain)}, {most})))
    println(atomic_get(drawn))
    """
    assert printed(body) == [str(expected), str(counted.drawn)]


# ------------------------------------------------------------------------------------------ nothing is left behind

ABANDONED = [
    "parallel each [{0}] {{ n -> work(n) }} as stream",
    "parallel each [{0}] with {{ max_concurrent: 2 }} {{ n -> work(n) }} as stream",
    "stream.merge(each([{0}]), each([{0}]))",
    "stream.race(each([{0}]), channel(), each([{0}]))",
    "stream.debounce(each([{0}]), 1)",
    "stream.map(stream.merge(each([{0}]), each([{0}])), {{ v -> v }})",
    "stream.merge(parallel each [{0}] {{ n -> work(n) }} as stream, each([{0}]))",
]


@settings(max_examples=40)
@given(
    st.lists(st.integers(0, 9), min_size=1, max_size=5),
    st.sampled_from(ABANDONED),
    st.integers(0, 3),
    st.booleans(),
)
def test_abandoned_pipelines_leave_no_task(pauses: list[int], written: str, most: int, loop: bool) -> None:
    made = written.format(", ".join(map(str, pauses)))
    taken = f"stream.collect(stream.take({made}, {most}))"
    if loop:
        taken = f"for v in {made} {{ seen += 1\n if seen >= {most} {{ break }} }}"
    body = f"""
    let open = atomic(0)
    fn work(n) {{
      atomic_add(open, 1)
      try {{
        sleep(n * 100)
        return n
      }} finally {{
        atomic_add(open, 0 - 1)
      }}
    }}
    gen fn each(items) {{
      for item in items {{
        emit work(item)
      }}
    }}
    var seen = 0
    {taken}
    sleep(1ms)
    println(atomic_get(open))
    """
    assert printed(body) == ["0"]


@pytest.mark.parametrize("made", ["parallel each [1, 0, 2] { n -> work(n) } as stream", "stream.merge(one(1), one(0))"])
def test_an_error_leaves_no_task(made: str) -> None:
    body = f"""
    let ends = channel("ends", 9)
    fn work(n) {{
      defer {{ send(ends, n) }}
      sleep(n * 10)
      return 1 / n
    }}
    gen fn one(n) {{
      emit work(n)
    }}
    println(try {{ stream.collect({made}) }} catch (e) {{ e }})
    sleep(1ms)
    close_channel(ends)
    println(stream.collect(ends))
    """
    error, ends = printed(body)
    assert error.startswith("Runtime error: Division by zero")
    assert sorted(json.loads(ends)) == ([0, 1, 2] if "parallel" in made else [0, 1])


# ------------------------------------------------------------------------------------------ parallel streams


@settings(max_examples=30)
@given(st.lists(st.integers(0, 30), max_size=8), st.integers(0, 4))
def test_results_come_in_order_of_completion(pauses: list[int], most: int) -> None:
    body = f"""
    let results = parallel each {[list(both) for both in enumerate(pauses)]} with {{ max_concurrent: {most} }} {{ item ->
      sleep(item[1] * 125) // eighths of a second: sums of them are exact, so that what ends together does so
      item[0]
    }} as stream
    println(stream.collect(results))
    """
    assert printed(body) == [str(_completion(pauses, most or len(pauses)))]


def _completion(pauses: list[int], most: int) -> list[int]:
    """Places in the order their items end where ``most`` run at once and results are taken at once."""
    running: list[tuple[int, int, int]] = []
    order, found = 0, []
    waiting = list(enumerate(pauses))
    now = 0
    while waiting or running:
        while waiting and len(running) < most:
            place, pause = waiting.pop(0)
            running.append((now + pause, order, place))
            order += 1
        running.sort()
        now, _, place = running.pop(0)
        found.append(place)
    return found


def test_a_stream_moves_between_tasks() -> None:
    body = """
    let results = parallel each [30, 20, 10] with { max_concurrent: 1 } { n -> n } as stream
    println(results.next().value)
    println(await(spawn { results.next().value }))
    println(results.next().value)
    let lost = await(spawn {
      parallel each [5, 50] { n ->
        sleep(n)
        n
      } as stream
    })
    println(await(spawn { lost.next().value }))
    println(try { lost.next() } catch (e) { e })
    println(lost.next())
    """
    assert printed(body) == [
        "30", "20", "10", "5",
        "Runtime error: parallel each: an item was cancelled with the task that pulled the stream before",
        "{done: true, value: nil}",
    ]  # fmt: skip
