"""Codes of the linter's rules; a rule's own name is that of its module in ``harn.tools.lint.rules``."""

from __future__ import annotations

from harn.source.codes import CodeRow

LINT_ROWS: tuple[CodeRow, ...] = (
    CodeRow(
        "L001",
        "unused variable",
        "Nothing reads the variable: it is left over, or its name is misspelt where it should be read.",
        "pipeline default(task) {\n  let total = 3\n}\n",
        "pipeline default(task) {\n  let total = 3\n  println(total)\n}\n",
    ),
    CodeRow(
        "L002",
        "unused parameter",
        "The function does the same whatever is passed. A parameter that must be there for those who call is "
        "named with an underscore.",
        "fn twice(n, times) {\n  return n * 2\n}\npipeline default(task) {\n  println(twice(1, 2))\n}\n",
        "fn twice(n, _times) {\n  return n * 2\n}\npipeline default(task) {\n  println(twice(1, 2))\n}\n",
    ),
    CodeRow(
        "L003",
        "unused import",
        "The name is imported and never used.",
        'import { filter_nil } from "std/collections"\npipeline default(task) {\n  println(1)\n}\n',
        'import { filter_nil } from "std/collections"\npipeline default(task) {\n  println(filter_nil({a: nil}))\n}\n',
    ),
    CodeRow(
        "L004",
        "unused function",
        "The function is not exported, and nothing in the file calls or passes it. Functions with attributes "
        "are called by others.",
        "fn helper() {\n  return 1\n}\npipeline default(task) {\n  println(1)\n}\n",
        "fn helper() {\n  return 1\n}\npipeline default(task) {\n  println(helper())\n}\n",
    ),
    CodeRow(
        "L005",
        "unused type",
        "No annotation, construction or pattern refers to the type, and the file is no module that others "
        "take it from.",
        "type Name = string\npipeline default(task) {\n  println(1)\n}\n",
        'type Name = string\npipeline default(task) {\n  let name: Name = "Ada"\n  println(name)\n}\n',
    ),
    CodeRow(
        "L006",
        "unused pattern binding",
        "The pattern takes a part that nothing reads.",
        "pipeline default(task) {\n  let {a, b} = {a: 1, b: 2}\n  println(a)\n}\n",
        "pipeline default(task) {\n  let {a} = {a: 1, b: 2}\n  println(a)\n}\n",
    ),
    CodeRow(
        "L007",
        "var that is never assigned to",
        "A `let` says that the value stays; a `var` makes readers look for the assignment.",
        "pipeline default(task) {\n  var n = 1\n  println(n)\n}\n",
        "pipeline default(task) {\n  let n = 1\n  println(n)\n}\n",
    ),
    CodeRow(
        "L008",
        "shadowed variable",
        "Two variables of one name in scopes inside each other are easily mistaken for each other.",
        "pipeline default(task) {\n  let n = 1\n  for n in [2] {\n    println(n)\n  }\n  println(n)\n}\n",
        "pipeline default(task) {\n  let n = 1\n  for m in [2] {\n    println(m)\n  }\n  println(n)\n}\n",
    ),
    CodeRow(
        "L009",
        "undefined function",
        "Nothing of that name is declared, imported or built in. `harn check` refuses such a program.",
        "pipeline default(task) {\n  pritnln(1)\n}\n",
        "pipeline default(task) {\n  println(1)\n}\n",
    ),
    CodeRow(
        "L010",
        "unreachable code",
        "The statement before always leaves the block.",
        "fn f() {\n  return 1\n  println(2)\n}\npipeline default(task) {\n  println(f())\n}\n",
        "fn f() {\n  println(2)\n  return 1\n}\npipeline default(task) {\n  println(f())\n}\n",
    ),
    CodeRow(
        "L011",
        "comparison to bool",
        "A bool is a condition by itself. The fix is applied only where the other side is surely a bool.",
        "fn f(flag: bool) {\n  return flag == true\n}\npipeline default(task) {\n  println(f(true))\n}\n",
        "fn f(flag: bool) {\n  return flag\n}\npipeline default(task) {\n  println(f(true))\n}\n",
    ),
    CodeRow(
        "L012",
        "empty block",
        "Nothing stands in the block: it was forgotten, or the construct can go.",
        "pipeline default(task) {\n  if task {\n  }\n}\n",
        "pipeline default(task) {\n  if task {\n    println(1)\n  }\n}\n",
    ),
    CodeRow(
        "L013",
        "duplicate match arm",
        "The first of two equal patterns always wins.",
        "pipeline default(task) {\n  match task {\n    1 -> { println(1) }\n    1 -> { println(2) }\n"
        "    _ -> { println(3) }\n  }\n}\n",
        "pipeline default(task) {\n  match task {\n    1 -> { println(1) }\n    2 -> { println(2) }\n"
        "    _ -> { println(3) }\n  }\n}\n",
    ),
    CodeRow(
        "L014",
        "ternary for nil",
        "`??` gives the left side where it is not nil, else the right one.",
        "pipeline default(task) {\n  println(task == nil ? 5 : task)\n}\n",
        "pipeline default(task) {\n  println(task ?? 5)\n}\n",
    ),
    CodeRow(
        "L015",
        "needless else",
        "Behind a branch that returns, what follows is the other case anyway.",
        "fn sign(n) {\n  if n < 0 {\n    return -1\n  } else {\n    return 1\n  }\n}\npipeline default(task) {\n"
        "  println(sign(2))\n}\n",
        "fn sign(n) {\n  if n < 0 {\n    return -1\n  }\n  return 1\n}\npipeline default(task) {\n"
        "  println(sign(2))\n}\n",
    ),
    CodeRow(
        "L016",
        "arithmetic with true, false or nil",
        "No operator takes these; the program fails when it gets there.",
        "pipeline default(task) {\n  println(1 + nil)\n}\n",
        "pipeline default(task) {\n  println(1 + 2)\n}\n",
    ),
    CodeRow(
        "L017",
        "name out of convention",
        "Functions and variables are written `like_this`, types `LikeThis`.",
        "fn doIt() {\n  return 1\n}\npipeline default(task) {\n  println(doIt())\n}\n",
        "fn do_it() {\n  return 1\n}\npipeline default(task) {\n  println(do_it())\n}\n",
    ),
    CodeRow(
        "L018",
        "public function without documentation",
        "What others call says what it does: `harn doc` and editors show the comment `/** ... */` above it.",
        "pub fn f() {\n  return 1\n}\n",
        "/** One. */\npub fn f() {\n  return 1\n}\n",
    ),
    CodeRow(
        "L019",
        "function with very many branches",
        "Each `if`, `guard`, arm, loop, `catch`, ternary, `case`, `retry`, `&&` and `||` is a way through the "
        "function more. `[lint] complexity_threshold` sets how many are too many; `@complexity(allow)` "
        "exempts a function.",
        "fn f(n) {\n"
        + "".join(f"  if n == {n} {{\n    return {n}\n  }}\n" for n in range(26))
        + "  return nil\n}\npipeline default(task) {\n  println(f(1))\n}\n",
        "fn f(n) {\n  return n < 26 ? n : nil\n}\npipeline default(task) {\n  println(f(1))\n}\n",
    ),
    CodeRow(
        "L020",
        "pointless comparison",
        "The outcome is known before the program runs.",
        "pipeline default(task) {\n  if true {\n    println(1)\n  }\n}\n",
        "pipeline default(task) {\n  if task {\n    println(1)\n  }\n}\n",
    ),
    CodeRow(
        "L021",
        "deprecated call",
        "The function is marked `@deprecated`, or the builtin is: it will go.",
        '@deprecated(since: "2", use: "new_way")\nfn old_way() {\n  return 1\n}\npipeline default(task) {\n'
        "  println(old_way())\n}\n",
        "fn new_way() {\n  return 1\n}\npipeline default(task) {\n  println(new_way())\n}\n",
    ),
    CodeRow(
        "L022",
        "variable that is only returned",
        "The expression can be returned itself.",
        "fn f(n) {\n  let result = n + 1\n  return result\n}\npipeline default(task) {\n  println(f(1))\n}\n",
        "fn f(n) {\n  return n + 1\n}\npipeline default(task) {\n  println(f(1))\n}\n",
    ),
    CodeRow(
        "L023",
        "needless conversion",
        "The argument is of that kind already.",
        'pipeline default(task) {\n  println(to_string("a"))\n}\n',
        'pipeline default(task) {\n  println("a")\n}\n',
    ),
    CodeRow(
        "L024",
        "unchecked data from outside",
        "What is parsed may have any shape; a part that is missing is nil and fails much later.",
        'pipeline default(task) {\n  println(json_parse("{}").name)\n}\n',
        "type Person = {name: string}\npipeline default(task) {\n"
        '  let person = schema_expect(json_parse("{\\"name\\": \\"Ada\\"}"), Person)\n'
        "  println(person.name)\n}\n",
    ),
    CodeRow(
        "L025",
        "data in a system prompt",
        "Who writes the interpolated text can tell the model what to do.",
        'pipeline default(task) {\n  llm_call("hello", "You serve ${task}")\n}\n',
        'pipeline default(task) {\n  llm_call("hello ${task}", "You serve customers")\n}\n',
    ),
    CodeRow(
        "L026",
        "assertion outside of a test",
        "A failed assertion is the failure of a test. What must hold at run time is said by `require`.",
        "pipeline default(task) {\n  assert(task == 1)\n}\n",
        "pipeline default(task) {\n  require task == 1\n}\n",
    ),
    CodeRow(
        "L027",
        "require in a test",
        "The assertions show what they expected and what they got.",
        "pipeline test_one(task) {\n  require 1 + 1 == 2\n}\n",
        "pipeline test_one(task) {\n  assert_eq(1 + 1, 2)\n}\n",
    ),
    CodeRow(
        "L028",
        "public pipeline without a result type",
        "Hosts rely on the type a public pipeline declares.",
        "pub pipeline answer(task) {\n  return 42\n}\n",
        "pub pipeline answer(task) -> int {\n  return 42\n}\n",
    ),
    CodeRow(
        "L029",
        "break or continue outside of a loop",
        "They belong to the innermost loop; a closure, a function and a task have none around them.",
        "pipeline default(task) {\n  let stop = { -> break }\n  stop()\n}\n",
        "pipeline default(task) {\n  for i in [1, 2] {\n    println(i)\n    break\n  }\n}\n",
    ),
    CodeRow(
        "L030",
        "assignment to what is fixed",
        "`let`, parameters and the names of patterns keep their value. The program fails when it gets there.",
        "pipeline default(task) {\n  let n = 1\n  n = 2\n  println(n)\n}\n",
        "pipeline default(task) {\n  var n = 1\n  n = 2\n  println(n)\n}\n",
    ),
    CodeRow(
        "L031",
        "persona that calls what is no step",
        "What a persona calls by name should be a step: only then its cost, its outcome and its policy are "
        "known. `[lint] persona_step_allowlist` exempts functions.",
        '@persona(name: "captain")\nfn captain(task) {\n  return plan(task)\n}\nfn plan(task) {\n'
        "  return task\n}\npipeline default(task) {\n  println(captain(task))\n}\n",
        '@persona(name: "captain")\nfn captain(task) {\n  return plan(task)\n}\n@step(name: "plan")\n'
        "fn plan(task) {\n  return task\n}\npipeline default(task) {\n  println(captain(task))\n}\n",
    ),
    CodeRow(
        "L032",
        "hook of a step there is not",
        "`register_step_hook` names personas by a pattern and a step that these personas call; such a hook "
        "never runs otherwise.",
        '@step(name: "plan")\nfn plan(task) {\n  return task\n}\n@persona(name: "captain")\n'
        "fn captain(task) {\n  return plan(task)\n}\npipeline default(task) {\n"
        '  register_step_hook("cptain", "plan", "PreStep", { _ -> nil })\n  println(captain(task))\n}\n',
        '@step(name: "plan")\nfn plan(task) {\n  return task\n}\n@persona(name: "captain")\n'
        "fn captain(task) {\n  return plan(task)\n}\npipeline default(task) {\n"
        '  register_step_hook("captain", "plan", "PreStep", { _ -> nil })\n  println(captain(task))\n}\n',
    ),
    CodeRow(
        "L033",
        "approval that nobody looks at",
        "The program goes on whatever the answer was.",
        'pipeline default(task) {\n  request_approval("deploy", {})\n  println("deploying")\n}\n',
        'pipeline default(task) {\n  let answer = request_approval("deploy", {})\n  println(answer.approved)\n}\n',
    ),
    CodeRow(
        "L034",
        "background work without an end",
        "Where the program leaves early, the work goes on. A `defer` or `finally` stops it.",
        'pipeline default(task) {\n  let handle = walk_dir(".", {long_running: true})\n  println(handle)\n}\n',
        'pipeline default(task) {\n  let handle = walk_dir(".", {long_running: true})\n  defer {\n'
        "    println(handle)\n  }\n}\n",
    ),
    CodeRow(
        "L035",
        "imports out of order",
        "Those of the library come first, then by path: so one finds them, and two changes to a file do not collide.",
        'import "./b"\nimport "std/text"\nprintln(1)\n',
        'import "std/text"\nimport "./b"\nprintln(1)\n',
    ),
    CodeRow(
        "L036",
        "file without a header",
        "With `require_file_header = true` under `[lint]` in `harn.toml` every file begins with a `/** */` comment that says"
        " what it is for.",
        "println(1)\n",
        "/** Main. */\n\nprintln(1)\n",
    ),
    CodeRow(
        "L037",
        "documentation in line comments",
        "A `/** */` comment above a declaration is its documentation; `///` is a comment like any other.",
        "/// Twice a number.\nfn twice(n) {\n  return n * 2\n}\nprintln(twice(2))\n",
        "/** Twice a number. */\nfn twice(n) {\n  return n * 2\n}\nprintln(twice(2))\n",
    ),
)
