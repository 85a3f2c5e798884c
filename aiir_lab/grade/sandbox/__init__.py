"""Warm, confined kernels: each submission in its own namespaces, started in milliseconds."""

from aiir_lab.grade.sandbox.availability import require_isolation, why_unavailable
from aiir_lab.grade.sandbox.host import Sandbox, SandboxError, SandboxKernel, shared_sandbox
from aiir_lab.grade.sandbox.limits import Limits

__all__ = [
    "Limits",
    "Sandbox",
    "SandboxError",
    "SandboxKernel",
    "require_isolation",
    "shared_sandbox",
    "why_unavailable",
]
