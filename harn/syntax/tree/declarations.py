"""Declarations, their attributes and what may be public."""

from __future__ import annotations

import re

import attrs
from lark import Token

from harn.source.span import Span
from harn.syntax import nodes
from harn.syntax.tree.common import Child, Complaint, Piece, around, place, start


class Declarations:
    """Alternatives of the rules ``declaration``, ``pipeline_decl``, ``import_decl`` and below."""

    reserved: frozenset[str]

    def text(self, token: Token) -> str:
        raise NotImplementedError

    def doc_before(self, offset: int) -> str:
        """The doc comment that ends right before an offset."""
        raise NotImplementedError

    def public(self, children: list[Child]) -> Child:
        return self._marked(children[0], children[1], pub=True)

    def attributed(self, children: list[Child]) -> Child:
        return self._marked(children[0][0], children[1], attributes=tuple(children[0]))

    def attributed_public(self, children: list[Child]) -> Child:
        return self._marked(children[0][0], children[2], attributes=tuple(children[0]), pub=True)

    def _marked(self, opening: Child, node: Child, **marks: Child) -> Child:
        """The declaration with ``pub`` or attributes, which begins where these begin."""
        marks["span"] = Span(start(opening), node.span.end)
        if not isinstance(node, (nodes.Impl, nodes.Import)) and not node.doc:
            marks["doc"] = self.doc_before(start(opening))
        return attrs.evolve(node, **marks)

    def _named(self, children: list[Child], name: Token) -> dict[str, Child]:
        """What all named declarations have in common."""
        span = around(children)
        return {"doc": self.doc_before(span.start), "name_span": place(name), "span": span}

    def fn(self, children: list[Child]) -> nodes.Fn:
        _, name, type_params, _, params, _, result, where, block = children[-9:]
        return nodes.Fn(
            str(name),
            params,
            block.value,
            result=result,
            type_params=tuple(type_params),
            where=tuple(where),
            stream=len(children) == 10,
            **self._named(children, name),
        )

    def gen_fn(self, children: list[Child]) -> nodes.Fn:
        return self.fn(children)

    def pipeline(self, children: list[Child]) -> nodes.Pipeline:
        _, name, _, names, _, result = children[:6]
        return nodes.Pipeline(
            str(name),
            tuple(str(param) for param in names),
            children[-1].value,
            result=result,
            extends=str(children[7]) if len(children) == 9 else None,
            **self._named(children, name),
        )

    def pipeline_extends(self, children: list[Child]) -> nodes.Pipeline:
        return self.pipeline(children)

    def override(self, children: list[Child]) -> nodes.Override:
        _, name, _, names, _, block = children
        return nodes.Override(str(name), tuple(str(param) for param in names), block.value, span=around(children))

    def tool(self, children: list[Child]) -> nodes.Tool:
        _, name, _, params, _, result, _, body, _ = children
        description, statements = body
        return nodes.Tool(
            str(name),
            params,
            tuple(statements),
            description=description,
            result=result,
            **self._named(children, name),
        )

    def tool_plain(self, children: list[Child]) -> tuple[None, list[Child]]:
        return None, children[0]

    def tool_described(self, children: list[Child]) -> tuple[str, list[Child]]:
        return self.text(children[1]), children[3] if len(children) == 4 else []

    def skill(self, children: list[Child]) -> nodes.Skill:
        name = children[1]
        return nodes.Skill(str(name), tuple(children[3]), **self._named(children, name))

    def config_field(self, children: list[Child]) -> nodes.ConfigField:
        return nodes.ConfigField(str(children[0]), children[-1], span=around(children))

    def config_entry(self, children: list[Child]) -> nodes.ConfigField:
        return nodes.ConfigField(str(children[0]), children[-1], span=around(children))

    def summarize(self, children: list[Child]) -> Piece:
        return Piece(children[1].value, children[0].start_pos, children[1].end_pos)

    def pack_name(self, children: list[Child]) -> nodes.EvalPack:
        return self._pack(children, str(children[1]), str(children[1]))

    def pack_name_id(self, children: list[Child]) -> nodes.EvalPack:
        return self._pack(children, str(children[1]), self.text(children[2]))

    def pack_id(self, children: list[Child]) -> nodes.EvalPack:
        pack = self.text(children[1])
        return self._pack(children, self._pack_name(pack), pack)

    def _pack(self, children: list[Child], name: str, pack: str) -> nodes.EvalPack:
        """Fields, statements and at most one ``summarize`` block, in any order."""
        fields: list[nodes.ConfigField] = []
        body: list[nodes.Statement] = []
        summarize: nodes.Block | None = None
        for item in children[-2]:
            if isinstance(item, nodes.ConfigField):
                fields.append(item)
            elif isinstance(item, Piece):
                if summarize is not None:
                    raise Complaint("one summarize block", item.start_pos, found="duplicate summarize block")
                summarize = item.value
            else:
                body.append(item)
        return nodes.EvalPack(
            name, pack, tuple(fields), tuple(body), summarize, **self._named(children, children[1])
        )

    def _pack_name(self, pack: str) -> str:
        """The name a pack known by its id only is bound to."""
        name = re.sub(r"[^a-z0-9_]+", "_", pack.translate(_ASCII_LOWER)).strip("_")
        if name and not name[0].isdigit() and name not in self.reserved:
            return name
        return f"eval_pack_{name}"

    def struct(self, children: list[Child]) -> nodes.Struct:
        _, name, type_params, _, fields, _ = children
        return nodes.Struct(str(name), tuple(fields), tuple(type_params), **self._named(children, name))

    def struct_field(self, children: list[Child]) -> nodes.StructField:
        return nodes.StructField(str(children[0]), optional=len(children) == 2, span=around(children))

    def struct_field_typed(self, children: list[Child]) -> nodes.StructField:
        optional = len(children) == 4
        return nodes.StructField(str(children[0]), children[-1], optional=optional, span=around(children))

    def enum(self, children: list[Child]) -> nodes.Enum:
        _, name, type_params, _, variants, _ = children
        return nodes.Enum(str(name), tuple(variants), tuple(type_params), **self._named(children, name))

    def variant(self, children: list[Child]) -> nodes.Variant:
        return nodes.Variant(str(children[0]), span=place(children[0]))

    def variant_payload(self, children: list[Child]) -> nodes.Variant:
        return nodes.Variant(str(children[0]), children[2], span=around(children))

    def impl(self, children: list[Child]) -> nodes.Impl:
        return nodes.Impl(str(children[1]), tuple(children[3]), span=around(children))

    def interface(self, children: list[Child]) -> nodes.Interface:
        _, name, type_params, _, members, _ = children
        methods = tuple(member for member in members if isinstance(member, nodes.InterfaceMethod))
        types = tuple(member for member in members if isinstance(member, nodes.AssociatedType))
        return nodes.Interface(str(name), methods, types, tuple(type_params), **self._named(children, name))

    def associated_type(self, children: list[Child]) -> nodes.AssociatedType:
        default = children[3] if len(children) == 4 else None
        return nodes.AssociatedType(str(children[1]), default, span=around(children))

    def interface_method(self, children: list[Child]) -> nodes.InterfaceMethod:
        _, name, type_params, _, params, close, result = children
        span = Span(children[0].start_pos, close.end_pos if result is None else result.span.end)
        return nodes.InterfaceMethod(str(name), params, result, tuple(type_params), span=span)

    def type_alias(self, children: list[Child]) -> nodes.TypeAlias:
        _, name, type_params, _, type_ = children
        return nodes.TypeAlias(str(name), type_, tuple(type_params), **self._named(children, name))

    def import_all(self, children: list[Child]) -> nodes.Import:
        return nodes.Import(self.text(children[1]), span=around(children))

    def import_names(self, children: list[Child]) -> nodes.Import:
        names = tuple(str(name) for name in children[2])
        return nodes.Import(self.text(children[5]), names, span=around(children))

    def attribute(self, children: list[Child]) -> nodes.Attribute:
        return nodes.Attribute(str(children[1]), span=around(children))

    def attribute_args(self, children: list[Child]) -> nodes.Attribute:
        return nodes.Attribute(str(children[1]), tuple(children[3]), span=around(children))

    def attr_arg(self, children: list[Child]) -> nodes.AttributeArg:
        return nodes.AttributeArg(children[0], span=around(children))

    def attr_arg_named(self, children: list[Child]) -> nodes.AttributeArg:
        key, _, value = children
        return nodes.AttributeArg(value, name=str(key), name_span=place(key), span=around(children))

    def attr_negative_int(self, children: list[Child]) -> nodes.IntLiteral:
        return nodes.IntLiteral(-int(str(children[1])), span=around(children))

    def attr_negative_float(self, children: list[Child]) -> nodes.FloatLiteral:
        text = f"-{children[1]}"
        return nodes.FloatLiteral(float(text), text=text, span=around(children))


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
