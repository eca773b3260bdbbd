"""Declarations, their attributes and what may be public."""

from __future__ import annotations

import re

import attrs
from lark import Token

from harn.source.span import Span
from harn.syntax import nodes
from harn.syntax.tree.common import Child, Complaint, Piece, place


class Declarations:
    """Alternatives of the rules ``declaration``, ``pipeline_decl``, ``import_decl`` and below."""

    reserved: frozenset[str]

    def text(self, token: Token) -> str:
        raise NotImplementedError

    def doc_before(self, offset: int) -> str:
        """The doc comment that ends right before an offset."""
        raise NotImplementedError

    def public(self, children: list[Child], span: Span) -> Child:
        return self._marked(children[1], span, pub=True)

    def attributed(self, children: list[Child], span: Span) -> Child:
        return self._marked(children[1], span, attributes=tuple(children[0]))

    def attributed_public(self, children: list[Child], span: Span) -> Child:
        return self._marked(children[2], span, attributes=tuple(children[0]), pub=True)

    def _marked(self, node: Child, span: Span, **marks: Child) -> Child:
        """The declaration with ``pub`` or attributes, which begins where these begin."""
        if not isinstance(node, (nodes.Impl, nodes.Import)) and not node.doc:
            marks["doc"] = self.doc_before(span.start)
        return attrs.evolve(node, span=span, **marks)

    def _named(self, name: Token, span: Span) -> dict[str, Child]:
        """What all named declarations have in common."""
        return {"doc": self.doc_before(span.start), "name_span": place(name), "span": span}

    def fn(self, children: list[Child], span: Span) -> nodes.Fn:
        _, name, type_params, _, params, _, result, where, block = children[-9:]
        return nodes.Fn(
            str(name),
            params,
            block.value,
            result=result,
            type_params=tuple(type_params),
            where=tuple(where),
            stream=len(children) == 10,
            **self._named(name, span),
        )

    def gen_fn(self, children: list[Child], span: Span) -> nodes.Fn:
        return self.fn(children, span)

    def pipeline(self, children: list[Child], span: Span) -> nodes.Pipeline:
        _, name, _, names, _, result = children[:6]
        return nodes.Pipeline(
            str(name),
            tuple(str(param) for param in names),
            children[-1].value,
            result=result,
            extends=str(children[7]) if len(children) == 9 else None,
            **self._named(name, span),
        )

    def pipeline_extends(self, children: list[Child], span: Span) -> nodes.Pipeline:
        return self.pipeline(children, span)

    def override(self, children: list[Child], span: Span) -> nodes.Override:
        _, name, _, names, _, block = children
        return nodes.Override(str(name), tuple(str(param) for param in names), block.value, span=span)

    def tool(self, children: list[Child], span: Span) -> nodes.Tool:
        _, name, _, params, _, result, _, body, _ = children
        description, statements = body
        return nodes.Tool(
            str(name),
            params,
            tuple(statements),
            description=description,
            result=result,
            **self._named(name, span),
        )

    def tool_plain(self, children: list[Child], span: Span) -> tuple[None, list[Child]]:
        return None, children[0]

    def tool_described(self, children: list[Child], span: Span) -> tuple[str, list[Child]]:
        return self.text(children[1]), children[3] if len(children) == 4 else []

    def skill(self, children: list[Child], span: Span) -> nodes.Skill:
        name = children[1]
        return nodes.Skill(str(name), tuple(children[3]), **self._named(name, span))

    def config_field(self, children: list[Child], span: Span) -> nodes.ConfigField:
        return nodes.ConfigField(str(children[0]), children[-1], span=span)

    def config_entry(self, children: list[Child], span: Span) -> nodes.ConfigField:
        return nodes.ConfigField(str(children[0]), children[-1], span=span)

    def summarize(self, children: list[Child], span: Span) -> Piece:
        return Piece(children[1].value, span)

    def pack_name(self, children: list[Child], span: Span) -> nodes.EvalPack:
        return self._pack(children, span, str(children[1]), str(children[1]))

    def pack_name_id(self, children: list[Child], span: Span) -> nodes.EvalPack:
        return self._pack(children, span, str(children[1]), self.text(children[2]))

    def pack_id(self, children: list[Child], span: Span) -> nodes.EvalPack:
        pack = self.text(children[1])
        return self._pack(children, span, self._pack_name(pack), pack)

    def _pack(self, children: list[Child], span: Span, name: str, pack: str) -> nodes.EvalPack:
        """Fields, statements and at most one ``summarize`` block, in any order."""
        fields: list[nodes.ConfigField] = []
        body: list[nodes.Statement] = []
        summarize: nodes.Block | None = None
        for item in children[-2]:
            if isinstance(item, nodes.ConfigField):
                fields.append(item)
            elif isinstance(item, Piece):
                if summarize is not None:
                    raise Complaint("one summarize block", item.span.start, found="duplicate summarize block")
                summarize = item.value
            else:
                body.append(item)
        return nodes.EvalPack(name, pack, tuple(fields), tuple(body), summarize, **self._named(children[1], span))

    def _pack_name(self, pack: str) -> str:
        """The name a pack known by its id only is bound to."""
        name = re.sub(r"[^a-z0-9_]+", "_", pack.translate(_ASCII_LOWER)).strip("_")
        if name and not name[0].isdigit() and name not in self.reserved:
            return name
        return f"eval_pack_{name}"

    def struct(self, children: list[Child], span: Span) -> nodes.Struct:
        _, name, type_params, _, fields, _ = children
        return nodes.Struct(str(name), tuple(fields), tuple(type_params), **self._named(name, span))

    def struct_field(self, children: list[Child], span: Span) -> nodes.StructField:
        return nodes.StructField(str(children[0]), optional=len(children) == 2, span=span)

    def struct_field_typed(self, children: list[Child], span: Span) -> nodes.StructField:
        optional = len(children) == 4
        return nodes.StructField(str(children[0]), children[-1], optional=optional, span=span)

    def enum(self, children: list[Child], span: Span) -> nodes.Enum:
        _, name, type_params, _, variants, _ = children
        return nodes.Enum(str(name), tuple(variants), tuple(type_params), **self._named(name, span))

    def variant(self, children: list[Child], span: Span) -> nodes.Variant:
        return nodes.Variant(str(children[0]), span=span)

    def variant_payload(self, children: list[Child], span: Span) -> nodes.Variant:
        return nodes.Variant(str(children[0]), children[2], span=span)

    def impl(self, children: list[Child], span: Span) -> nodes.Impl:
        return nodes.Impl(str(children[1]), tuple(children[3]), span=span)

    def interface(self, children: list[Child], span: Span) -> nodes.Interface:
        _, name, type_params, _, members, _ = children
        methods = tuple(member for member in members if isinstance(member, nodes.InterfaceMethod))
        types = tuple(member for member in members if isinstance(member, nodes.AssociatedType))
        return nodes.Interface(str(name), methods, types, tuple(type_params), **self._named(name, span))

    def associated_type(self, children: list[Child], span: Span) -> nodes.AssociatedType:
        default = children[3] if len(children) == 4 else None
        return nodes.AssociatedType(str(children[1]), default, span=span)

    def interface_method(self, children: list[Child], span: Span) -> nodes.InterfaceMethod:
        _, name, type_params, _, params, _, result = children
        return nodes.InterfaceMethod(str(name), params, result, tuple(type_params), span=span)

    def type_alias(self, children: list[Child], span: Span) -> nodes.TypeAlias:
        _, name, type_params, _, type_ = children
        return nodes.TypeAlias(str(name), type_, tuple(type_params), **self._named(name, span))

    def import_all(self, children: list[Child], span: Span) -> nodes.Import:
        return nodes.Import(self.text(children[1]), span=span)

    def import_names(self, children: list[Child], span: Span) -> nodes.Import:
        names = tuple(str(name) for name in children[2])
        return nodes.Import(self.text(children[5]), names, span=span)

    def attribute(self, children: list[Child], span: Span) -> nodes.Attribute:
        return nodes.Attribute(str(children[1]), span=span)

    def attribute_args(self, children: list[Child], span: Span) -> nodes.Attribute:
        return nodes.Attribute(str(children[1]), tuple(children[3]), span=span)

    def attr_arg(self, children: list[Child], span: Span) -> nodes.AttributeArg:
        return nodes.AttributeArg(children[0], span=span)

    def attr_arg_named(self, children: list[Child], span: Span) -> nodes.AttributeArg:
        key, _, value = children
        return nodes.AttributeArg(value, name=str(key), name_span=place(key), span=span)

    def attr_negative_int(self, children: list[Child], span: Span) -> nodes.IntLiteral:
        return nodes.IntLiteral(-int(str(children[1])), span=span)

    def attr_negative_float(self, children: list[Child], span: Span) -> nodes.FloatLiteral:
        text = f"-{children[1]}"
        return nodes.FloatLiteral(float(text), text=text, span=span)


_ASCII_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
