"""The machine a benchmark ran on, and the versions of everybody who took part."""

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("duality", "greenlet", "httptools", "gevent", "uvloop")


def facts() -> dict[str, str]:
    """Processor, system, load, interpreter, versions; ``absent`` for what is not. Nothing names a user."""
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    return {
        "processor": processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "load before": load,
        "kernel": f"{platform.system()} {platform.release()}",
        "python": f"{platform.python_implementation()} {platform.python_version()} ({platform.python_compiler()})",
        **{name: package(name) for name in PACKAGES},
        "wrk": program("wrk", "-v"),
        "nginx": program("nginx", "-v"),
    }


def processor() -> str:
    """The model, as the kernel names it."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def package(name: str) -> str:
    """The version of an installed package."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "absent"


def program(name: str, option: str) -> str:
    """The version that a program on the search path tells of itself."""
    path = where(name)
    if path is None:
        return "absent"
    told = subprocess.run([path, option], capture_output=True, text=True, check=False)
    found = re.search(r"\d+(\.\d+)+\S*", told.stdout + told.stderr)
    return found[0] if found else "unknown"


def where(name: str) -> str | None:
    """The full path of a program; also where system programs are that an ordinary user's search path leaves out."""
    return shutil.which(name) or shutil.which(name, path="/usr/local/sbin:/usr/sbin:/sbin")
