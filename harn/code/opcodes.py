"""The instruction set: one row an opcode, everything else derives from it.

A frame has one register list: parameters, captured values, locals (together the *slots*), then the operand stack. The stack
picture of a row shows what an instruction takes and leaves, top on the right. ``arg`` names the fields of the instruction's
argument: one field stands alone, several form a tuple.

    slot     index of a slot                    flag     slot holding the ownership flag of a variable
    name     a text                             own      the same, -1 for none
    count    a number of stack cells            target   index of an instruction
    const    None, bool, int, float or text     targets  a tuple of these
    global   index of a module variable         weight   instructions since the last charged point (see ``fuel``)
    owner    global holding a flag, -1 for none code     index into the module's functions
    spec     plain data described in the row

Ownership: a slot ``own`` is true while the variable beside it is the only holder of its list, dict or struct. Writes through an
owned variable change the value in place; otherwise they copy it first and own the copy. Every read that lets the
value escape (LOAD_SHARED) clears the flag.

A path (SET_PATH) holds a name for a property and None for a key, which lies on the stack; its kind is ``slot`` or ``module``.

Fuel is charged at back edges and calls with the weight in their argument; at zero the machine stands at its safepoint.
"""

from __future__ import annotations

from harn.source.typing import NamedTuple


class Op(NamedTuple):
    """One opcode. ``effect`` is ``"before -- after"``; counts in brackets refer to fields of the argument."""

    name: str
    arg: tuple[str, ...]
    pops: str
    pushes: str
    flags: frozenset[str]
    doc: str
    number: int = -1


def _row(name: str, arg: str, picture: str, doc: str, flags: str = "") -> Op:
    pops, _, pushes = picture.partition("--")
    return Op(name, tuple(arg.split()), pops.strip(), pushes.strip(), frozenset(flags.split()), doc)


# Flags: jump (may go to its target), back (a back edge), ends (never falls through), call (may enter Harn code or wait),
# throws (may raise), branch (pops or keeps depending on the way taken: see the verifier), fused (made by the assembler only),
# linker (made by the linker only).
# fmt: off
_TABLE: tuple[Op, ...] = (
    # --- constants, slots, cells, module variables
    _row("CONST", "const", "-- v", "Push a constant."),
    _row("DURATION", "count", "-- v", "Push a duration of that many milliseconds."),
    _row("LOAD", "slot", "-- v", "Push a slot; the variable keeps owning its value."),
    _row("LOAD_SHARED", "slot flag", "-- v", "Push a slot whose value escapes: the variable owns it no longer."),
    _row("STORE", "slot", "v --", "Pop into a slot that has no ownership flag."),
    _row("STORE_OWNED", "slot flag", "v --", "Pop a value nobody else holds into a slot."),
    _row("STORE_SHARED", "slot flag", "v --", "Pop a value others may hold into a slot."),
    _row("SHARE", "flag", "--", "Clear an ownership flag (a capture, an iteration)."),
    _row("POP", "", "v --", "Drop the top."),
    _row("DUP", "", "v -- v v", "Push the top again."),
    _row("NEW_CELL", "slot", "--", "Put a fresh, unset cell into a slot."),
    _row("LOAD_CELL", "slot name", "-- v", "Push what a cell holds; undefined variable while it is unset.", "throws"),
    _row("STORE_CELL", "slot", "v --", "Pop into a cell."),
    _row("LOAD_MODULE", "global name", "-- v", "Push a module variable; undefined variable while it is unset.", "throws"),
    _row("LOAD_MODULE_SHARED", "global name owner", "-- v", "The same for a value that escapes.", "throws"),
    _row("STORE_MODULE", "global owner", "v --", "Pop into a module variable; its value counts as shared."),
    _row("DEFINE_MODULE", "global name", "v --", "Bind a module-level function or type; fails where it is bound.", "throws"),
    _row("LOAD_BUILTIN", "name", "-- v", "Push a builtin as a value."),
    _row("LOOKUP_FN", "name", "-- v", "Find a function by name in the callers' scopes; undefined variable otherwise.", "throws"),
    _row("UNDEFINED", "name", "--", "Fail: nothing of that name can be assigned to.", "throws ends"),
    _row("EXTEND_MODULE", "global owner name", "v --", "global = global + v", "throws"),
    # --- operators
    _row("ADD", "", "a b -- v", "a + b", "throws"),
    _row("SUB", "", "a b -- v", "a - b", "throws"),
    _row("MUL", "", "a b -- v", "a * b", "throws"),
    _row("DIV", "", "a b -- v", "a / b", "throws"),
    _row("MOD", "", "a b -- v", "a % b", "throws"),
    _row("POW", "", "a b -- v", "a ** b", "throws"),
    _row("NEG", "", "a -- v", "-a", "throws"),
    _row("NOT", "", "a -- v", "!a"),
    _row("TRUTH", "", "a -- v", "The truth of a value as a bool."),
    _row("EQ", "", "a b -- v", "a == b"),
    _row("NE", "", "a b -- v", "a != b"),
    _row("LT", "", "a b -- v", "a < b"),
    _row("GT", "", "a b -- v", "a > b"),
    _row("LE", "", "a b -- v", "a <= b"),
    _row("GE", "", "a b -- v", "a >= b"),
    _row("IN", "", "a b -- v", "a in b"),
    _row("NOT_IN", "", "a b -- v", "a not in b"),
    # --- jumps
    _row("JUMP", "target", "--", "Go on at the target.", "jump ends"),
    _row("LOOP", "target weight", "--", "The back edge of a loop.", "jump ends back"),
    _row("JUMP_IF_FALSE", "target", "v --", "Pop; jump where it is falsy.", "jump"),
    _row("JUMP_IF_TRUE", "target", "v --", "Pop; jump where it is truthy.", "jump"),
    _row("JUMP_IF_SOME", "target", "v --", "Jump keeping the top where it is not nil, else pop it.", "jump branch"),
    _row("JUMP_IF_OK", "target", "v -- v", "Top a Result: put Ok's payload in its place and jump; keep an Err.", "jump throws"),
    _row("JUMP_IF_GIVEN", "target slot", "--", "Jump where the argument in the slot was passed.", "jump"),
    _row("JUMP_IF_LIST", "target slot", "--", "Jump where the slot holds a list.", "jump"),
    _row("JUMP_IF_CALLABLE", "target slot", "--", "Jump where the slot holds something that can be called.", "jump"),
    # --- calls
    _row("CALL", "count weight", "f (count) -- v", "Call f with that many arguments.", "call throws"),
    _row("CALL_SLOT", "slot count weight", "(count) -- v", "Call what a slot holds after the arguments.", "call throws"),
    _row("CALL_CELL", "slot name count weight", "(count) -- v", "Call what a cell holds.", "call throws"),
    _row("CALL_MODULE", "global name count weight", "(count) -- v", "Call what a module variable holds.", "call throws"),
    _row("CALL_FOUND", "name count weight", "(count) -- v", "Call a function found as LOOKUP_FN does.", "call throws"),
    _row("TAIL_CALL", "count weight", "f (count) -- v", "Call f, giving up the frame first where possible.", "call throws"),
    _row("TAIL_CALL_CELL", "slot name count weight", "(count) -- v", "TAIL_CALL of what a cell holds.", "call throws"),
    _row("TAIL_CALL_MODULE", "global name count weight", "(count) -- v", "TAIL_CALL of a module variable.", "call throws"),
    _row("CALL_SPREAD", "weight", "f args -- v", "Call f with the arguments in a list.", "call throws"),
    _row("CALL_BUILTIN", "name count", "(count) -- v", "Call a builtin by its key.", "call throws"),
    _row("CALL_BUILTIN_SPREAD", "name", "args -- v", "Call a builtin with the arguments in a list.", "call throws"),
    _row("CALL_METHOD", "name count own weight", "r (count) -- v", "A method; own: of the receiver's variable.", "call throws"),
    _row("CALL_METHOD_OPT", "name count own weight", "r (count) -- v", "The same; nil where the receiver is nil.", "call throws"),
    _row("CALL_METHOD_SPREAD", "name spec weight", "r args -- v", "Arguments in a list; spec: let nil through.", "call throws"),
    _row("PIPE", "weight", "v f -- v", "Call f with v.", "call throws"),
    _row("RETURN", "", "v --", "Leave the frame with a value.", "ends"),
    # --- access
    _row("GET", "name", "r -- v", "A property.", "throws"),
    _row("GET_OPT", "name", "r -- v", "A property, nil where the receiver is nil.", "throws"),
    _row("INDEX", "", "r i -- v", "An element.", "throws"),
    _row("INDEX_OPT", "", "r i -- v", "An element, nil where the receiver is nil.", "throws"),
    _row("SLICE", "", "r a b -- v", "A slice; a missing bound is nil.", "throws"),
    # --- making values
    _row("LIST", "count", "(count) -- v", "A list of that many elements."),
    _row("LIST_PUSH", "", "xs v -- xs", "Append to a list that is still being built."),
    _row("LIST_SPREAD", "", "xs ys -- xs", "Append all of a list to one still being built.", "throws"),
    _row("DICT", "spec", "(len spec) -- v", "A dict with the keys of spec, values in the order of the keys."),
    _row("DICT_PUT", "", "d k v -- d", "Add an entry to a dict still being built.", "throws"),
    _row("DICT_SPREAD", "", "d other -- d", "Add all entries of a dict to one still being built.", "throws"),
    _row("STRUCT", "", "t d -- v", "An instance of the struct type t from a dict.", "throws"),
    _row("RANGE", "spec", "a b -- v", "A range; spec: whether it excludes its end.", "throws"),
    _row("INTERPOLATE", "count", "(count) -- v", "The display texts of that many values, joined."),
    _row("CLOSURE", "code", "-- v", "A function value; captures are copied from the slots its code names."),
    _row("STRUCT_TYPE", "name spec", "-- v", "A struct type with the fields of spec."),
    _row("ENUM_TYPE", "name spec", "-- v", "An enum type; spec: ((variant, (field, ...)), ...)."),
    _row("METHOD", "name", "t f -- t", "Give the type t the method f.", "throws"),
    _row("RESULT_TYPE", "", "-- v", "The enum type of Ok and Err."),
    # --- changing variables in place
    _row("SET_INDEX", "slot flag", "v i --", "slot[i] = v", "throws"),
    _row("SET_FIELD", "slot own name", "v --", "slot.name = v", "throws"),
    _row("SET_PATH", "spec", "v (keys spec) --", "A nested place; spec: (kind, slot, own, path).", "throws"),
    _row("APPEND", "slot flag", "v --", "slot = slot + [v]", "throws"),
    _row("EXTEND", "slot own", "v --", "slot = slot + v", "throws"),
    # --- iteration
    _row("ITER", "", "v -- c i", "Begin iterating: the collection and a position."),
    _row("FOR", "target", "c i -- c i v", "Push the next element, or jump keeping c and i.", "jump branch call throws"),
    _row("END_FOR", "", "c i --", "Drop a finished iteration."),
    # --- destructuring and matching (the subject stays on the stack)
    _row("NEED_LIST", "", "v -- v", "Fail unless the top is a list.", "throws"),
    _row("NEED_DICT", "", "v -- v", "Fail unless the top is a dict.", "throws"),
    _row("NEED_PAIR", "", "v -- v", "Fail unless the top is a pair.", "throws"),
    _row("ITEM", "count", "v -- v x", "Push element number count of a list or payload of a variant, nil past the end."),
    _row("REST", "count", "v -- v x", "Push the elements of a list from number count on."),
    _row("FIELD", "name", "v -- v x", "Push an entry of a dict or a field of a pair, nil where there is none."),
    _row("FIELDS_REST", "spec", "v -- v x", "Push a dict of the entries not named in spec."),
    _row("IS_LIST", "count", "v -- v b", "Whether the top is a list of at least count elements."),
    _row("IS_DICT", "", "v -- v b", "Whether the top is a dict."),
    _row("IS_VARIANT", "name", "v t -- v b", "Whether v is that variant of the enum type t."),
    # --- errors
    _row("THROW", "", "v --", "Throw a value.", "throws ends"),
    _row("RAISE", "spec", "--", "Raise (kind, text), an error known when the program was compiled.", "throws ends"),
    _row("RETHROW", "", "e --", "Go on with a caught error.", "throws ends"),
    _row("CAUGHT", "", "e -- v", "What a catch binds of an error."),
    _row("CAUGHT_ENUM", "name", "e -- e b", "Whether a caught error is a thrown value of the enum of that name."),
    _row("WRAP_OK", "", "v -- v", "Result.Ok(v); a Result stays as it is."),
    _row("WRAP_ERR", "", "e -- v", "Result.Err of what a catch would bind."),
    _row("PEND", "slot spec", "--", "Note the way into a finally block: spec is its number, 0 for falling through."),
    _row("PEND_VALUE", "slot spec", "v --", "The same, with the value of a return."),
    _row("END_FINALLY", "slot targets", "--", "Go on as noted: the target of each numbered way from 2 on.", "throws jump"),
    _row("PENDED", "slot", "-- v", "Push the value a PEND_VALUE noted."),
    _row("DEFER", "spec", "--", "Register deferred block (index, slots kept as they are now)."),
    _row("END_DEFER", "", "--", "The end of a deferred block.", "ends"),
    # --- generators, modules
    _row("YIELD", "", "v -- r", "Hand a value to the puller and rest; goes on with nil.", "call throws"),
    _row("IMPORT", "count", "--", "Initialise import number count of the module, where that has not happened.", "call throws"),
    _row("BIND_IMPORT", "count", "--", "Bind the names of an import in the module.", "throws"),
    # --- fused forms: chosen by the assembler, printed as their parts
    _row("ADD_SLOT", "slot", "a -- v", "LOAD slot; ADD", "fused throws"),
    _row("ADD_CONST", "const", "a -- v", "CONST; ADD", "fused throws"),
    _row("SUB_SLOT", "slot", "a -- v", "LOAD slot; SUB", "fused throws"),
    _row("SUB_CONST", "const", "a -- v", "CONST; SUB", "fused throws"),
    _row("MUL_CONST", "const", "a -- v", "CONST; MUL", "fused throws"),
    _row("MOD_CONST", "const", "a -- v", "CONST; MOD", "fused throws"),
    _row("SLOT_ADD_CONST", "slot const", "-- v", "LOAD slot; CONST; ADD", "fused throws"),
    _row("SLOT_SUB_CONST", "slot const", "-- v", "LOAD slot; CONST; SUB", "fused throws"),
    _row("SLOT_ADD_SLOT", "slot slot", "-- v", "LOAD slot; LOAD slot; ADD", "fused throws"),
    _row("SLOT_MUL_SLOT", "slot slot", "-- v", "LOAD slot; LOAD slot; MUL", "fused throws"),
    _row("SLOT_MOD_CONST", "slot const", "-- v", "LOAD slot; CONST; MOD", "fused throws"),
    _row("INCREMENT", "slot const", "--", "LOAD slot; CONST; ADD; STORE slot", "fused throws"),
    _row("ACCUMULATE", "slot slot", "--", "LOAD slot; LOAD slot; ADD; STORE slot", "fused throws"),
    _row("ADD_STORE", "slot", "a b --", "ADD; STORE slot", "fused throws"),
    _row("RETURN_SLOT", "slot", "--", "LOAD slot; RETURN", "fused ends"),
    _row("GET_SLOT", "slot name", "-- v", "LOAD slot; GET name", "fused throws"),
    _row("INDEX_SLOTS", "slot slot", "-- v", "LOAD slot; LOAD slot; INDEX", "fused throws"),
    _row("FOR_STORE", "target slot", "c i -- c i", "FOR target; STORE slot", "fused jump call throws"),
    _row("UNLESS_LT", "target", "a b --", "LT; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_GT", "target", "a b --", "GT; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_LE", "target", "a b --", "LE; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_GE", "target", "a b --", "GE; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_EQ", "target", "a b --", "EQ; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_NE", "target", "a b --", "NE; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_LT_CONST", "target const", "a --", "CONST; LT; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_GT_CONST", "target const", "a --", "CONST; GT; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_EQ_CONST", "target const", "a --", "CONST; EQ; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_NE_CONST", "target const", "a --", "CONST; NE; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_LT_CONST", "target slot const", "--", "LOAD slot; CONST; LT; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_GT_CONST", "target slot const", "--", "LOAD slot; CONST; GT; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_LE_CONST", "target slot const", "--", "LOAD slot; CONST; LE; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_GE_CONST", "target slot const", "--", "LOAD slot; CONST; GE; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_EQ_CONST", "target slot const", "--", "LOAD slot; CONST; EQ; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_NE_CONST", "target slot const", "--", "LOAD slot; CONST; NE; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_LT_SLOT", "target slot slot", "--", "LOAD slot; LOAD slot; LT; JUMP_IF_FALSE", "fused jump"),
    _row("UNLESS_SLOT_GT_SLOT", "target slot slot", "--", "LOAD slot; LOAD slot; GT; JUMP_IF_FALSE", "fused jump"),
    # --- put in place by the linker
    _row("LINK", "", "--", "Link the function in place of this instruction, at its first call.", "linker"),
    _row("CALL_PLAIN", "name count", "(count) -- v", "A pure, plain builtin (at its first call).", "linker throws"),
)
# fmt: on

HOT: tuple[str, ...] = (
    # groups of eight (see harn.vm.weave)
    "LOAD", "LOOP", "UNLESS_SLOT_LT_CONST", "INCREMENT", "ADD", "STORE", "RETURN", "CONST",
    "CALL_MODULE", "FOR_STORE", "SLOT_SUB_CONST", "GET_SLOT", "ADD_SLOT", "ADD_STORE", "SLOT_MOD_CONST", "SLOT_ADD_CONST",
    "CALL_SLOT", "RETURN_SLOT", "CALL_CELL", "TAIL_CALL_CELL", "TAIL_CALL_MODULE", "CALL_METHOD",
    "UNLESS_SLOT_LE_CONST", "CALL_PLAIN",
    "ACCUMULATE", "UNLESS_EQ", "MUL_CONST", "JUMP_IF_FALSE", "EQ", "SLOT_ADD_SLOT", "SET_INDEX", "INTERPOLATE",
    "UNLESS_SLOT_GE_CONST", "UNLESS_SLOT_EQ_CONST", "SUB_CONST", "APPEND", "GET", "UNLESS_GT", "INDEX_SLOTS", "INDEX",
    "DUP", "LOAD_MODULE", "ITER", "END_FOR", "CLOSURE", "ADD_CONST", "POP", "SUB_SLOT",
    "UNLESS_EQ_CONST", "UNLESS_GT_CONST", "UNLESS_LT_CONST", "UNLESS_NE_CONST", "JUMP", "DICT", "LIST", "CALL",
    "SUB", "MUL", "MOD", "DIV", "MOD_CONST", "SLOT_MUL_SLOT", "FOR", "NOT",
    "UNLESS_SLOT_GT_CONST", "UNLESS_SLOT_NE_CONST", "UNLESS_SLOT_LT_SLOT", "UNLESS_SLOT_GT_SLOT", "UNLESS_LT",
    "UNLESS_LE", "UNLESS_GE", "UNLESS_NE",
    "NE", "LT", "GT", "LE", "TAIL_CALL", "LOAD_CELL",
    "GE", "JUMP_IF_TRUE", "LOAD_SHARED", "STORE_OWNED", "STORE_SHARED", "SHARE", "TRUTH",
)  # fmt: skip
"""Opcodes that stand inline in the loop, most frequent first. They have the lowest numbers, in this order."""

_ORDER = {name: place for place, name in enumerate(HOT)}
OPS: tuple[Op, ...] = tuple(
    op._replace(number=number) for number, op in enumerate(sorted(_TABLE, key=lambda op: _ORDER.get(op.name, len(HOT))))
)
"""All rows; a row's place is its number."""

BY_NAME: dict[str, Op] = {op.name: op for op in OPS}
NUMBER: dict[str, int] = {op.name: op.number for op in OPS}
"""Name -> number."""
