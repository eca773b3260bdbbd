"""Rendering within runs: files, includes, projects, and that the host sees every read."""

from __future__ import annotations

from pathlib import Path

import pytest

import harn
from harn.cli import main as cli
from harn.testing import VirtualHost
from harn.testing.files import MemoryFiles

FILES = {
    "harn.toml": '[asset_roots]\nparts = "prompts/parts"\nup = "../x"\nodd = 5\n',
    "prompts/top.prompt": "top {{ include 'parts/name.prompt' with { name: name | upper } }} {{ name }}",
    "prompts/parts/name.prompt": "<{{ name }}{{ include '@parts/mark.prompt' }}>",
    "prompts/parts/mark.prompt": "!",
    "prompts/a.prompt": "A{{ include 'b.prompt' }}",
    "prompts/b.prompt": "B\n {{ include 'a.prompt' }}",
    "prompts/broken.prompt": "\n{{ if x }}",
    "prompts/inner.prompt": "{{ include 'broken.prompt' }}",
    "prompts/fails.prompt": "\n\n {{ x | nope }}",
    "prompts/outer.prompt": "{{ include 'fails.prompt' }}",
    "prompts/gone.prompt": "a {{ include 'nowhere.prompt' }}",
    "prompts/out.prompt": "{{ include '../secret.prompt' }}",
    "prompts/five.prompt": "{{ include x }}",
    "prompts/again.prompt": "{{ for n in ns }}{{ include n }},{{ end }}",
    "prompts/one.prompt": "1",
    "prompts/two.prompt": "2{{ include 'one.prompt' }}",
    "secret.prompt": "secret",
    **{f"deep/{n}.prompt": f"{n}{{{{ include '{n + 1}.prompt' }}}}" for n in range(40)},
    "deep/32.prompt": "end",
}
CIRCLE = "/prompts/a.prompt → /prompts/b.prompt → /prompts/a.prompt"
NOWHERE = "/prompts/nowhere.prompt: No such file or directory (os error 2)"
OUTSIDE = "/secret.prompt escapes template root /prompts"
SOURCE = """
fn attempt(path, data = {}) {
  try { return "ok ${render(path, data)}" } catch (err) { return "threw ${err}" }
}
"""


def rendered(path: str, data: str = "{}", host: VirtualHost | None = None) -> str:
    """What a program in `/src` gets of a template, or the error it catches."""
    program = harn.compile(f'{SOURCE}println(attempt("{path}", {data}))', path="/src/main.harn")
    return program.run(host=host or VirtualHost(files=FILES)).stdout.rstrip("\n")


@pytest.mark.parametrize(
    ("path", "data", "told"),
    [
        ("../prompts/top.prompt", '{name: "Ada"}', "ok top <ADA!> Ada"),
        ("@/prompts/top.prompt", '{name: "Ada"}', "ok top <ADA!> Ada"),
        ("@parts/name.prompt", "{}", "ok <{{name}}!>"),
        ("@/prompts/again.prompt", '{ns: ["one.prompt", "two.prompt", "one.prompt"]}', "ok 1,21,1,"),
        ("nowhere", "{}", "threw Failed to read template /src/nowhere: No such file or directory (os error 2)"),
        ("@nope/a", "{}", "threw asset alias 'nope' is not defined in [asset_roots] of /harn.toml"),
        ("@odd/a", "{}", "threw asset alias 'odd' is not defined in [asset_roots] of /harn.toml"),
        ("@/../a", "{}", "threw invalid project-root asset path '@/../a'"),
        ("@parts/../a", "{}", "threw invalid asset path '@parts/../a'"),
        ("@/prompts/a.prompt", "{}", f"threw /prompts/b.prompt at 2:2: circular include detected: {CIRCLE}"),
        ("@/prompts/broken.prompt", "{}", "threw /prompts/broken.prompt at 2:1: `{{ if }}` missing matching `{{ end }}`"),
        ("@/prompts/inner.prompt", "{}", "threw /prompts/broken.prompt at 2:1: `{{ if }}` missing matching `{{ end }}`"),
        ("@/prompts/outer.prompt", "{}", "threw /prompts/fails.prompt at 3:2: unknown filter `nope`"),
        ("@/prompts/gone.prompt", "{}", f"threw /prompts/gone.prompt at 1:3: failed to read included template {NOWHERE}"),
        ("@/prompts/out.prompt", "{}", f"threw /prompts/out.prompt at 1:1: include path {OUTSIDE}"),
        ("@/prompts/five.prompt", "{x: 5}", "threw /prompts/five.prompt at 1:1: include path must be a string (got int)"),
        ("@/deep/0.prompt", "{}", "ok " + "".join(map(str, range(32))) + "end"),
    ],
)  # fmt: skip
def test_files(path: str, data: str, told: str) -> None:
    assert rendered(path, data) == told


def test_without_a_project() -> None:
    host = VirtualHost(files={"a.prompt": "a"})
    assert rendered("@/a.prompt", host=host) == (
        "threw package-root prompt path '@/a.prompt' has no project root: no harn.toml found above /src"
    )


def test_includes_are_no_deeper_than_they_may_be() -> None:
    host = VirtualHost(files=FILES | {"deep/32.prompt": "{{ include '33.prompt' }}", "deep/33.prompt": "end"})
    assert rendered("@/deep/0.prompt", host=host) == "threw /deep/32.prompt at 1:1: include depth exceeded (32 levels)"


def test_every_read_passes_the_host() -> None:
    with pytest.raises(harn.HarnError, match=r"fs\.read"):
        harn.run('println(render("a.prompt"))', host=VirtualHost(files={"a.prompt": "a"}), deny="fs.read")
    reads: list[tuple[object, ...]] = []

    class Watched(MemoryFiles):
        def read_text(self, path: str, most: int = 2**30) -> str:
            reads.append((path,))
            return super().read_text(path, most)

    host = VirtualHost(files={})
    host.files = Watched(FILES)
    assert rendered("@/prompts/two.prompt", host=host) == "ok 21"
    assert reads == [("/prompts/two.prompt",), ("/prompts/one.prompt",)]


def test_a_link_leads_out_of_no_template_root(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.prompt").write_text("secret")
    (tmp_path / "in" / "link.prompt").symlink_to(tmp_path / "secret.prompt")
    (tmp_path / "in" / "top.prompt").write_text("{{ include 'link.prompt' }}")
    (tmp_path / "in" / "main.harn").write_text('render("top.prompt")\n')
    with pytest.raises(harn.HarnError, match="escapes template root"):
        harn.load(str(tmp_path / "in" / "main.harn")).run()


@pytest.mark.parametrize("steps", [1, 7])
def test_a_run_rests_in_the_middle(steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between two steps of a rendering, and with every read on its way."""
    monkeypatch.setattr("harn.prompt.reading._STEPS", steps)
    text = "{{ for x in xs }}{{ include '/p.prompt' with { y: x } }}{{ end }}|{{ x }}"
    program = harn.compile(f'println(render_string("{text}", {{xs: ["a", "b"], x: "X"}}))', path="/main.harn")
    files = {"p.prompt": "[{{ if y }}{{ y | upper }}{{ end }}]"}
    run = program.start(host=VirtualHost(files=files))
    asked = 0
    while not isinstance(effect := run.advance(), harn.Result):
        assert isinstance(effect, harn.Effect)
        asked += 1
        run = program.restore(run.snapshot(), host=VirtualHost(files=files))
        run.resume({"real": "/p.prompt", "read_text": files["p.prompt"]}[effect.operation])
    assert effect.stdout == "[A][B]|X\n"
    assert asked >= 4


def test_a_render_is_cancelled_and_bounded() -> None:
    endless = "{{ for i in r }}{{ for j in r }}{{ end }}{{ end }}"
    source = f'println(render_string("{endless}", {{r: 1 to 1000000000}}))'
    with pytest.raises(harn.LimitError, match="instructions"):
        harn.run(source, limits=harn.Limits(instructions=50_000))
    timed = f'try {{ deadline 10ms {{ {source} }} }} catch (e) {{ println("stopped") }}'
    assert harn.run(timed).stdout == "stopped\n"


def test_an_uncaught_error_shows_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "main.harn"
    program.write_text('println(render("letter.prompt", {name: "x"}))\n')
    (tmp_path / "letter.prompt").write_text("Dear\n  {{ name | uper }},\n")
    assert cli.main(["run", str(program)]) == 1
    told = capsys.readouterr().err
    assert f"letter.prompt at 2:3: unknown filter `uper`\n  --> {tmp_path}/letter.prompt:2:13\n" in told
    assert " 2 |   {{ name | uper }},\n   |             ^^^^ did you mean `upper`?\n" in told
    assert f"--> {program}:1:9\n" in told


def test_an_excerpt_of_a_long_line_stays_short(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "main.harn"
    program.write_text('println(render_string(" ".repeat(100000) + "{{ x | nope }}" + " ".repeat(100000)))\n')
    assert cli.main(["run", str(program)]) == 1
    assert len(capsys.readouterr().err) < 1_000
