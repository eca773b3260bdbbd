"""Hypothesis strategies for syntax trees, shared by the tests of every layer that reads trees.

``programs``, ``statements``, ``expressions``, ``types`` (in ``trees``) cover the whole language: whatever they give can be
written, and reads back as itself. ``pure.programs`` gives small programs that run to their end without touching the world.
"""
