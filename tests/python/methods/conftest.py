"""Lets the steps' assertions tell what they compared."""

import pytest

pytest.register_assert_rewrite("methods.tour", "methods.steps")
