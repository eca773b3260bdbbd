"""The bodies of the hot instructions, written once by family and woven into ``harn/vm/loop.py`` by ``harn.vm.weave``.

Names a body may use: ``regs`` and ``sp`` (registers, first free cell), ``pc`` (already past the instruction), ``arg``, ``frame``,
``frames``, ``fuel``, ``vm``. Slow ways live in functions that the last tier shares, so the meaning of an operator stands
in one place (``harn.values.operators``). A body that must leave the loop sets ``sp`` as the protocol of
``harn.vm.loop`` says and breaks, or raises.
"""

from __future__ import annotations

_WRAPPED = "r if -9223372036854775808 <= r <= 9223372036854775807 else wrap(r)"


def _arithmetic(symbol: str, slow: str, left: str, right: str, target: str, setup: str, after: str) -> str:
    """``left symbol right`` into ``target``: ints with one wrap check, floats as they are, the rest in ``slow``."""
    return f"""
{setup}
a = {left}
b = {right}
if a.__class__ is int and b.__class__ is int:
    r = a {symbol} b
    {target} = {_WRAPPED}
elif a.__class__ is float and b.__class__ is float:
    {target} = a {symbol} b
else:
    {target} = {slow}(a, b, vm.value_bytes)
{after}"""


def _modulo(left: str, right: str, target: str, setup: str, after: str) -> str:
    """Python's % has the sign of the divisor, Harn's that of the dividend: inline only where they agree."""
    return f"""
{setup}
a = {left}
b = {right}
if a.__class__ is int and b.__class__ is int and a >= 0 and b > 0:
    {target} = a % b
else:
    {target} = modulo(a, b, vm.value_bytes)
{after}"""


_OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<", "==": "!=", "!=": "=="}
_SLOW_TEST = {
    "<": "less(a, b)",
    ">": "less(b, a)",
    "<=": "not less(b, a)",
    ">=": "not less(a, b)",
    "==": "equal(a, b)",
    "!=": "not equal(a, b)",
}


def _unless(symbol: str, left: str, right: str, setup: str, target: str) -> str:
    """Jump to ``target`` unless the comparison holds."""
    return f"""
{setup}
a = {left}
b = {right}
if a.__class__ is int and b.__class__ is int:
    if a {_OPPOSITE[symbol]} b:
        pc = {target}
elif not ({_SLOW_TEST[symbol]}):
    pc = {target}"""


def _compare(symbol: str) -> str:
    return f"""
sp -= 1
a = regs[sp - 1]
b = regs[sp]
if a.__class__ is int and b.__class__ is int:
    regs[sp - 1] = a {symbol} b
else:
    regs[sp - 1] = {_SLOW_TEST[symbol]}"""


_STACK = ("regs[sp - 1]", "regs[sp]", "regs[sp - 1]", "sp -= 1", "")
_TOP_SLOT = ("regs[sp - 1]", "regs[arg]", "regs[sp - 1]", "", "")
_TOP_CONST = ("regs[sp - 1]", "arg", "regs[sp - 1]", "", "")
_SLOT_CONST = ("regs[s]", "k", "regs[sp]", "s, k = arg", "sp += 1")
_SLOT_SLOT = ("regs[s]", "regs[t]", "regs[sp]", "s, t = arg", "sp += 1")

_COMPARISONS = {"LT": "<", "GT": ">", "LE": "<=", "GE": ">=", "EQ": "==", "NE": "!="}

_NEXT = """
c = regs[sp - 2]
i = regs[sp - 1]
if c.__class__ is list:
    if i < len(c):
        {store} = c[i]
        regs[sp - 1] = i + 1
        {after}
    else:
        pc = {target}
elif c.__class__ is int:
    if i < c:
        {store} = i
        regs[sp - 1] = i + 1
        {after}
    else:
        pc = {target}
else:
    frame.pc = pc
    frame.sp = sp
    task.request = (PULL, c)
    sp = PUMP
    break"""


def _call(fields: str, callee: str, extra: int) -> str:
    """A call: a plain function (no defaults, types, rest, step) gets its frame here, everything else is for ``call_value``.

    ``extra`` is 1 where the callee lies on the stack below its arguments.
    """
    return f"""
{fields} = arg
i = sp - n
{callee}
if f.__class__ is Closure and f.code.simple == n and not f.flags and frame.depth < inline:
    if fuel <= 0:
        frame.pc = pc - 1
        frame.sp = sp
        sp = SLICE
        break
    fuel -= w
    frame.pc = pc
    frame.sp = i - {extra}
    i = frame.depth + 1
    frame = Frame()
    frame.depth = i
    frame.closure = f
    regs = frame.regs = regs[sp - n : sp] + f.tail
    f = frame.code = f.code
    frame.side = None
    frames.append(frame)
    instructions = f.instructions
    pc = 0
    sp = f.slots
else:
    frame.pc = pc
    frame.sp = i - {extra}
    fuel -= w
    sp = call_value(vm, task, f, regs[i:sp])
    break"""


def _tail_call(fields: str, callee: str, extra: int) -> str:
    """A tail call: a plain function takes over the frame, which keeps its depth; anything else is for ``tail_call``."""
    return f"""
{fields} = arg
i = sp - n
{callee}
if f.__class__ is Closure and f.code.simple == n and not f.flags and frame.side is None:
    if fuel <= 0:
        frame.pc = pc - 1
        frame.sp = sp
        sp = SLICE
        break
    fuel -= w
    frame.closure = f
    regs = frame.regs = regs[i:sp] + f.tail
    f = frame.code = f.code
    instructions = f.instructions
    pc = 0
    sp = f.slots
else:
    frame.pc = pc
    frame.sp = i - {extra}
    fuel -= w
    sp = tail_call(vm, task, frame, f, regs[i:sp])
    break"""


# A frame with a side record (deferred blocks, a step) is left by ``return_from``. A native below that only wants the next element
# of what it maps gets the same frame again (``hand_back``).
_RETURN = """
v = {value}
if frame.side is None:
    frames.pop()
    f = frames[-1]
    if f.__class__ is Frame:
        frame = f
        regs = frame.regs
        instructions = frame.code.instructions
        pc = frame.pc
        sp = frame.sp
        regs[sp] = v
        sp += 1
    else:
        if not hand_back(task, frame, v):
            sp = PUMP
            break
        fuel -= PUMP_WEIGHT
        if fuel <= 0:
            sp = SLICE
            break
        regs = frame.regs
        pc = 0
        sp = frame.sp
else:
    frame.pc = pc
    fuel -= PUMP_WEIGHT
    sp = return_from(vm, task, frame, v)
    break"""

_CHECKED = """
if f is UNSET:
    frame.pc = pc  # where names are visible is asked
    raise undefined(vm, frame, name)"""

BODIES: dict[str, str] = {
    "CALL": _call("n, w", "f = regs[i - 1]", 1),
    "CALL_SLOT": _call("s, n, w", "f = regs[s]", 0),
    "CALL_CELL": _call("s, name, n, w", "f = regs[s].value" + _CHECKED, 0),
    "CALL_MODULE": _call("s, name, n, w", "f = frame.closure.module.slots[s]" + _CHECKED, 0),
    "TAIL_CALL": _tail_call("n, w", "f = regs[i - 1]", 1),
    "TAIL_CALL_CELL": _tail_call("s, name, n, w", "f = regs[s].value" + _CHECKED, 0),
    "TAIL_CALL_MODULE": _tail_call("s, name, n, w", "f = frame.closure.module.slots[s]" + _CHECKED, 0),
    "RETURN": _RETURN.format(value="regs[sp - 1]"),
    "RETURN_SLOT": _RETURN.format(value="regs[arg]"),
    "LOAD": "regs[sp] = regs[arg]\nsp += 1",
    "CONST": "regs[sp] = arg\nsp += 1",
    "STORE": "sp -= 1\nregs[arg] = regs[sp]",
    "POP": "sp -= 1",
    "DUP": "regs[sp] = regs[sp - 1]\nsp += 1",
    "LOAD_SHARED": "regs[sp] = regs[arg[0]]\nregs[arg[1]] = False\nsp += 1",
    "STORE_OWNED": "sp -= 1\nregs[arg[0]] = regs[sp]\nregs[arg[1]] = True",
    "STORE_SHARED": "sp -= 1\nregs[arg[0]] = regs[sp]\nregs[arg[1]] = False",
    "SHARE": "regs[arg] = False",
    "LOAD_CELL": """
v = regs[arg[0]].value
if v is UNSET:
    frame.pc = pc
    raise undefined(vm, frame, arg[1])
regs[sp] = v
sp += 1""",
    "LOAD_MODULE": """
v = frame.closure.module.slots[arg[0]]
if v is UNSET:
    frame.pc = pc
    raise undefined(vm, frame, arg[1])
regs[sp] = v
sp += 1""",
    "ADD": _arithmetic("+", "add", *_STACK),
    "ADD_SLOT": _arithmetic("+", "add", *_TOP_SLOT),
    "ADD_CONST": _arithmetic("+", "add", *_TOP_CONST),
    "SLOT_ADD_CONST": _arithmetic("+", "add", *_SLOT_CONST),
    "SLOT_ADD_SLOT": _arithmetic("+", "add", *_SLOT_SLOT),
    "SUB": _arithmetic("-", "subtract", *_STACK),
    "SUB_SLOT": _arithmetic("-", "subtract", *_TOP_SLOT),
    "SUB_CONST": _arithmetic("-", "subtract", *_TOP_CONST),
    "SLOT_SUB_CONST": _arithmetic("-", "subtract", *_SLOT_CONST),
    "MUL": _arithmetic("*", "multiply", *_STACK),
    "MUL_CONST": _arithmetic("*", "multiply", *_TOP_CONST),
    "SLOT_MUL_SLOT": _arithmetic("*", "multiply", *_SLOT_SLOT),
    "MOD": _modulo(*_STACK),
    "MOD_CONST": _modulo(*_TOP_CONST),
    "SLOT_MOD_CONST": _modulo(*_SLOT_CONST),
    "DIV": "sp -= 1\nregs[sp - 1] = divide(regs[sp - 1], regs[sp], vm.value_bytes)",
    "ADD_STORE": _arithmetic("+", "add", "regs[sp]", "regs[sp + 1]", "regs[arg]", "sp -= 2", ""),
    "INCREMENT": _arithmetic("+", "add", "regs[s]", "k", "regs[s]", "s, k = arg", ""),
    "ACCUMULATE": _arithmetic("+", "add", "regs[s]", "regs[t]", "regs[s]", "s, t = arg", ""),
    "NOT": "regs[sp - 1] = not regs[sp - 1]",
    "TRUTH": "regs[sp - 1] = True if regs[sp - 1] else False",
    "JUMP": "pc = arg",
    "JUMP_IF_FALSE": "sp -= 1\nif not regs[sp]:\n    pc = arg",
    "JUMP_IF_TRUE": "sp -= 1\nif regs[sp]:\n    pc = arg",
    "LOOP": """
pc, w = arg
fuel -= w
if fuel <= 0:
    frame.pc = pc
    frame.sp = sp
    sp = SLICE
    break""",
    "GET": """
r = regs[sp - 1]
if r.__class__ is dict:
    regs[sp - 1] = r.get(arg)
elif r.__class__ is Struct:
    regs[sp - 1] = r.fields.get(arg)
else:
    regs[sp - 1] = get_property(r, arg)""",
    "GET_SLOT": """
r = regs[arg[0]]
if r.__class__ is dict:
    regs[sp] = r.get(arg[1])
elif r.__class__ is Struct:
    regs[sp] = r.fields.get(arg[1])
else:
    regs[sp] = get_property(r, arg[1])
sp += 1""",
    "INDEX": """
sp -= 1
c = regs[sp - 1]
i = regs[sp]
if c.__class__ is list and i.__class__ is int:
    try:
        regs[sp - 1] = c[i]
    except IndexError:
        regs[sp - 1] = None
else:
    regs[sp - 1] = get_index(c, i)""",
    "INDEX_SLOTS": """
c = regs[arg[0]]
i = regs[arg[1]]
if c.__class__ is list and i.__class__ is int:
    try:
        regs[sp] = c[i]
    except IndexError:
        regs[sp] = None
else:
    regs[sp] = get_index(c, i)
sp += 1""",
    "SET_INDEX": """
sp -= 2
c = regs[arg[0]]
i = regs[sp + 1]
if c.__class__ is list and regs[arg[1]] is True and i.__class__ is int and 0 <= i < len(c):
    c[i] = regs[sp]
else:
    set_index(regs, arg[0], arg[1], i, regs[sp], vm.value_bytes)""",
    "APPEND": """
sp -= 1
c = regs[arg[0]]
if regs[arg[1]] is True and c.__class__ is list and len(c) < longest:
    c.append(regs[sp])
else:
    append(regs, arg[0], arg[1], regs[sp], vm.value_bytes)""",
    "LIST": "if arg:\n    sp -= arg\n    regs[sp] = regs[sp : sp + arg]\nelse:\n    regs[sp] = []\nsp += 1",
    "DICT": "n = len(arg)\nsp -= n\nregs[sp] = dict(zip(arg, regs[sp : sp + n]))\nsp += 1",
    "INTERPOLATE": "sp -= arg\nregs[sp] = interpolate(regs[sp : sp + arg], vm.value_bytes)\nsp += 1",
    "CLOSURE": "regs[sp] = Closure(arg, [regs[s] for s in arg.captures], frame.closure.module)\nsp += 1",
    "ITER": "regs[sp - 1], regs[sp] = begin_iteration(regs[sp - 1])\nsp += 1",
    "END_FOR": "sp -= 2",
    "FOR": _NEXT.format(store="regs[sp]", after="sp += 1", target="arg"),
    "FOR_STORE": _NEXT.format(store="regs[arg[1]]", after="", target="arg[0]"),
    "CALL_PLAIN": """
f, n = arg
if n == 1:
    regs[sp - 1] = f(regs[sp - 1])
elif n == 2:
    sp -= 1
    regs[sp - 1] = f(regs[sp - 1], regs[sp])
else:
    sp -= n
    regs[sp] = f(*regs[sp : sp + n])
    sp += 1""",
    "CALL_METHOD": """
n = arg[1]
r = regs[sp - n - 1]
if r.__class__ is arg[4]:
    if n == 1:
        sp -= 1
        regs[sp - 1] = arg[5](r, regs[sp])
    elif n == 0:
        regs[sp - 1] = arg[5](r)
    else:
        sp -= n
        regs[sp - 1] = arg[5](*regs[sp - 1 : sp + n])
else:
    frame.pc = pc
    frame.sp = sp - n - 1
    sp = call_method(vm, task, frame, arg, sp)
    if sp < 0:
        fuel -= arg[3]  # not where the site only learns its method: what is charged does not depend on earlier runs
        break""",
}

for _name, _symbol in _COMPARISONS.items():
    BODIES[_name] = _compare(_symbol)
    BODIES[f"UNLESS_{_name}"] = _unless(_symbol, "regs[sp]", "regs[sp + 1]", "sp -= 2", "arg")
    # The assembler fuses int constants only: the right side need not be looked at.
    _whole = _unless(_symbol, "regs[s]", "k", "t, s, k = arg", "t").replace(" and b.__class__ is int", "")
    BODIES[f"UNLESS_SLOT_{_name}_CONST"] = _whole
    BODIES[f"UNLESS_{_name}_CONST"] = _whole.replace("t, s, k = arg", "t, k = arg\nsp -= 1").replace(
        "regs[s]", "regs[sp]"
    )
    BODIES[f"UNLESS_SLOT_{_name}_SLOT"] = _unless(_symbol, "regs[s]", "regs[k]", "t, s, k = arg", "t")
