"""Linking: functions at their first call, builtins at theirs, modules at their import."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from harn.code.assembler import Assembler
from harn.code.chunk import Chunk, ImportSpec, ModuleChunk, Param, RefusedCode
from harn.code.opcodes import NUMBER, OPS
from harn.compiler.build import build
from harn.compiler.cache import Cache
from harn.source.file import SourceFile
from harn.values.kinds import UNSET, Builtin, Closure, Duration
from harn.vm.defects import InternalFault
from harn.vm.frame import Ended, Outcome, Returned, Threw
from harn.vm.link import link
from harn.vm.machine import Machine, ModuleInstance
from harn.vm.modules import NEW, READY, Program, load
from harn.vm.ops.linking import builtin_value
from tests.vm.handmade import finish, function


def module(*chunks: Chunk, names: tuple[str, ...] = (), **fields: Any) -> ModuleChunk:
    empty: dict[str, Any] = {"exports": (), "private": (), "imports": (), "pipelines": (), "source_digest": ""}
    return ModuleChunk("test.harn", True, chunks, names, **{**empty, **fields})


def calls(*instructions: tuple[Any, ...], params: tuple[str, ...] = ()) -> Chunk:
    """A function of these instructions."""

    def emit(asm: Assembler) -> None:
        for instruction in instructions:
            asm.emit(*instruction)

    return function("f", params, emit)


def main_of(chunk: ModuleChunk) -> Closure:
    linked = link(chunk)
    return Closure(linked.functions[0], [], ModuleInstance(linked))


def names_of(closure: Closure) -> list[str]:
    return [OPS[op].name for op, _ in closure.code.instructions]


def value(outcome: Outcome) -> Any:
    assert isinstance(outcome, Returned), outcome
    return outcome.value


def test_a_function_is_linked_at_its_first_call() -> None:
    inner = calls(("DURATION", 1500), ("RETURN",))
    outer = calls(("CLOSURE", 1), ("CALL", 0), ("RETURN",))
    main = main_of(module(outer, inner))
    inner_code = main.code.module.functions[1]
    assert names_of(main) == ["LINK"]
    instructions = main.code.instructions
    duration = value(finish(Machine(), main))
    assert isinstance(duration, Duration)
    assert duration.ms == 1500
    assert main.code.instructions is instructions
    assert names_of(main) == ["CLOSURE", "CALL", "RETURN"]
    assert instructions[0][1] is inner_code


def test_a_pure_builtin_takes_the_place_of_its_name() -> None:
    main = main_of(module(calls(("LOAD", 0), ("CALL_BUILTIN", "len", 1), ("RETURN",), params=("x",))))
    for _ in range(2):
        assert value(finish(Machine(), main, [1, 2, 3])) == 3
        assert names_of(main) == ["LOAD", "CALL_PLAIN", "RETURN"]


def test_a_builtin_that_fails_at_its_first_call_fails_at_the_next() -> None:
    main = main_of(module(calls(("LOAD", 0), ("LOAD", 0), ("CALL_BUILTIN", "set_add", 2), ("RETURN",), params=("x",))))
    first, second = (finish(Machine(), main, "no number") for _ in range(2))
    assert isinstance(first, Threw)
    assert isinstance(second, Threw)
    assert str(first.error) == str(second.error)


def test_a_wrong_number_of_arguments_is_told_by_the_machine() -> None:
    main = main_of(module(calls(("CALL_BUILTIN", "len", 0), ("RETURN",))))
    for _ in range(2):
        outcome = finish(Machine(), main)
        assert isinstance(outcome, Threw)
        assert "Arity mismatch: 'len' expects 1 argument(s), got 0" in str(outcome.error)


def test_a_builtin_as_a_value_is_one_object() -> None:
    main = main_of(module(calls(("LOAD_BUILTIN", "len"), ("RETURN",))))
    found = value(finish(Machine(), main))
    assert isinstance(found, Builtin)
    assert found is value(finish(Machine(), main)) is builtin_value("len")


def test_unsound_functions_are_refused_when_they_are_called() -> None:
    """Code from a file: what is never called is never looked at, what is called is looked through first."""
    inner = calls(("CONST", 1), ("RETURN",))._replace(code=((NUMBER["ADD"], None), (NUMBER["RETURN"], None)))
    linked = link(module(calls(("CLOSURE", 1), ("CALL", 0), ("RETURN",)), inner), verified=False)
    ended = finish(Machine(), Closure(linked.functions[0], [], ModuleInstance(linked)))
    assert isinstance(ended, Ended)
    assert isinstance(ended.completion.payload, InternalFault)
    assert "unsound code: function 1, instruction 0: it takes 2 cells of 0" in str(ended.completion.payload)
    with pytest.raises(RefusedCode):
        link(module(inner, names=(1,)), verified=False)  # type: ignore[arg-type]


def test_annotated_parameters_are_checked() -> None:
    chunk = calls(("LOAD", 0), ("RETURN",), params=("x",))._replace(
        params=(Param("x", "required", ("name", "int", ())),)
    )
    main = main_of(module(chunk))
    assert value(finish(Machine(), main, 3)) == 3
    assert isinstance(finish(Machine(), main, "three"), Threw)


def test_two_runs_share_code_and_no_state() -> None:
    text = "var n = 0\nfn bump() { n = n + 1\n return n }\npipeline default(t) { bump()\n return bump() }"
    program = load(build(SourceFile("<text>", text), cache=Cache(None)))
    machines = [Machine() for _ in range(2)]
    tasks = [machine.start(program) for machine in machines]
    assert machines[0].entry is not machines[1].entry
    assert tasks[0].frames is not tasks[1].frames


def importing(*imports: ImportSpec, names: tuple[str, ...] = ("x",)) -> ModuleChunk:
    """An entry that runs its imports and gives its first module variable."""
    instructions = [(op, number) for number in range(len(imports)) for op in ("IMPORT", "BIND_IMPORT")]
    return module(calls(*instructions, ("LOAD_MODULE", 0, "x"), ("RETURN",)), names=names, imports=tuple(imports))


def exporting(*instructions: tuple[Any, ...]) -> ModuleChunk:
    """A module that exports its variable ``x``, which these instructions leave on the stack."""
    return module(
        calls(*instructions, ("STORE_MODULE", 0, -1), ("CONST", None), ("RETURN",)), names=("x",), exports=(("x", 0),)
    )


def spec(target: str, problem: str = "") -> ImportSpec:
    return ImportSpec(target, None, False, (("x", 0),), (0, 0), target, problem)


def run_program(entry: ModuleChunk, **modules: ModuleChunk) -> tuple[Machine, Outcome]:
    machine = Machine()
    task = machine.start(Program(link(entry), modules))
    assert task.request is not None
    return machine, finish(machine, task.request[1])


def test_a_module_is_initialised_once() -> None:
    machine, outcome = run_program(importing(spec("a"), spec("a")), a=exporting(("LIST", 0)))
    assert value(outcome) == []
    assert machine.modules["a"].state == READY


def test_identical_values_may_be_bound_twice_others_may_not() -> None:
    passing_on = module(
        calls(("IMPORT", 0), ("BIND_IMPORT", 0), ("CONST", None), ("RETURN",)), names=("x",), exports=(("x", 0),)
    )
    passing_on = passing_on._replace(imports=(spec("a"),))
    _, outcome = run_program(importing(spec("a"), spec("b")), a=exporting(("LIST", 0)), b=passing_on)
    assert value(outcome) == []
    _, outcome = run_program(importing(spec("a"), spec("b")), a=exporting(("LIST", 0)), b=exporting(("LIST", 0)))
    assert isinstance(outcome, Threw)
    assert "Import collision: 'x' is already defined when importing test.harn" in str(outcome.error)


def test_a_module_that_fails_is_new_again() -> None:
    machine, outcome = run_program(importing(spec("a")), a=exporting(("CONST", 1), ("CONST", 0), ("DIV",)))
    assert isinstance(outcome, Threw)
    assert machine.modules["a"].state == NEW
    assert machine.modules["a"].slots == [UNSET]


def test_an_import_that_leads_nowhere_raises_its_problem() -> None:
    _, outcome = run_program(importing(spec("", "Import error: cannot read 'a'")))
    assert isinstance(outcome, Threw)
    assert str(outcome.error).startswith("Runtime error: Import error: cannot read 'a'")


def test_a_program_imports_the_builtins_it_uses() -> None:
    script = (
        "import sys\nfrom harn.compiler.build import build\nfrom harn.source.file import SourceFile\n"
        "from harn.vm.modules import load\nfrom harn.vm.machine import Machine\nfrom harn.vm.driver import run_task\n"
        "built = build(SourceFile('<text>', 'fn unused() { sqrt(2) }\\nlet n = len([1])'))\n"
        "before = set(sys.modules)\n"
        "vm = Machine()\nrun_task(vm, vm.start(load(built)))\n"
        "print(*sorted(name for name in sys.modules if name.startswith('harn.builtins.') and name not in before))\n"
    )
    for _ in range(2):  # the second time the code comes from the cache
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) == 1
