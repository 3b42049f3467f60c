"""Where control goes in each statement: Python itself is asked, by running small texts in every way."""

import subprocess
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.compiler.taken import taken, texts_of, told, told_besides

# `return` in a `finally` is frowned upon since Python 3.14, and means what it always has.
pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")
SIMPLE = """\
a()

a()
b()

return a()
b()

raise a()
b()

raise [a(), b()][0]

raise LookupError from a()

assert a()
b()

assert a(), b()
c()

assert a(), [b(), c()]
d()

def f(x=a()): b()
c()

@[a(), str][1]
def f(x=b()): c()

class C(*[a()][1:], metaclass=[b(), type][1]): pass
c()

x = y = a()
b()
"""
CHOICES = """\
if a(): b()
elif c(): return
d()

if a(): b()
else: return c()
d()

match a():
    case 1: b()
c()

match a():
    case 1 if b(): c()
d()
"""
LOOPS = """\
while a(): b()
c()

while a():
    if b(): break
    c()
else: d()
e()

while True:
    if a(): continue
    b()
    if c(): break
d()

while True:
    a()
    if b(): return c()

while a():
    if b(): continue
    return c()
else: return d()
e()

while True:
    while a():
        if b(): break
    else: break
    c()
d()

for x in many: a()
b()

for x in T: a()
b()

for x in T:
    if a(): break
    b()
else: c()
d()

for x in T:
    if a(): continue
    return b()
c()

for x in [a(), T][1]: b()
c()

for x in [a(), many][1]: b()
c()

for x in T:
    for y in U:
        if a(): break
    else: continue
    b()
c()

for {0: 1}[a()] in T: b()
c()

for [{}, {}][a()][b()] in T: c()

for [0, 1][a()] in many: b()
else: c()
"""
TRIES = """\
try: a()
except kind(): b()
c()

try: a()
except: b()
c()

try: a()
except BaseException as error: b()
else: c()
d()

try:
    a()
    b()
except kind(): c()
except kind(): raise
else: d()

try: a()
except [b(), kind()][1]: c()
except kind(): d()
e()

try: a()
except [b(), kind()][1]: c()
except: d()
e()

try: a()
finally: b()
c()

try: return a()
finally: b()
c()

try: a()
finally: return b()

try:
    if a(): return b()
except kind(): c()
finally: d()
e()

while a():
    try:
        if b(): break
    finally: c()
else: d()

while a():
    try:
        if b(): continue
        return
    finally: c()
d()

while a():
    try: b()
    except kind(): continue
    finally: break
c()
"""
GROUPS = """\
try: a()
except* part(): pass
b()

try: a()
except* [b(), part()][1]:
    for x in many: c()

try: a()
except* part(): x = [b(), c()]
except* [d(), part()][1]: e()

try: a()
except* part(): b()
except* part(): c()
else: d()
finally: e()
f()

try: a()
except* [b(), part()][1]: raise
c()

try: a()
except* [b(), part()][1]: pass
except* [c(), part()][1]: d()
e()

while True:
    try:
        if a(): break
    except* [b(), part()][1]: pass
    else: c()
d()
"""
MANAGERS = """\
with plain: a()
b()

with M: a()
b()

with S: a()
b()

with M, N: a()
b()

with plain, S, M as x: return a()
b()

with [a(), M][1]: b()
c()

with [a(), b(), M][2]: c()

with [a(), plain][1], [b(), M][1]: c()
d()

with M as {None: 1}[a()]: b()
c()

with M as [{}, {}][a()][b()]: c()

while a():
    with M:
        if b(): break
        continue
c()

while a():
    with plain:
        if b(): break
        return c()
d()

with M: return a()

with M: raise a()
b()

try:
    with M: a()
except: b()
c()

try:
    with plain, plain: a()
except: b()
c()
"""
# What is told though Python never takes it: a text is followed without asking what its values are.
WIDER = """\
pass
# begin > error

def f(): a()
# begin > error

while 0: a()
b()
# a > a, a > b, a > error, begin > a

for x in []: a()
b()
# a > a, a > b, a > error, begin > a

a()
try: b()
except* part(): c()
d()
# a > d

try: a()
except* part(): raise
except* [b(), part()][1]: c()
d()
# b > d

match a():
    case 1: b()
    case _: return
c()
# a > c

match a():
    case 1 if b(): return
    case 0 if c(): return d()
e()
# a > e, b > c

match a():
    case x if b(): c()
    case _: d()
e()
# a > e, b > e
"""


@pytest.mark.parametrize("text", texts_of(SIMPLE, CHOICES, LOOPS, TRIES, GROUPS, MANAGERS))
def test_what_is_told_is_what_python_does(text: str) -> None:
    assert told(text) == taken(text), text


@pytest.mark.parametrize("text", texts_of(WIDER))
def test_what_is_told_besides(text: str) -> None:
    told_besides(text)


def test_without_assertions_nothing_is_asked(pytestconfig: pytest.Config) -> None:
    text = "assert a(), b()\nc()"
    tell = (
        f"from tests.compiler.taken import taken, told; print(sorted(taken({text!r}))); print(sorted(told({text!r})))"
    )
    command = [sys.executable, "-O", "-c", tell]
    said = subprocess.run(command, cwd=pytestconfig.rootpath, capture_output=True, text=True, check=True, timeout=60)
    python, flow = said.stdout.splitlines()
    assert flow == python == str(sorted(taken("c()")))


def texts(loop: bool = False, depth: int = 2) -> st.SearchStrategy[str]:
    """Blocks of statements, one inside another; ``loop``: whether a loop is around."""
    plain = ["a()", "b()", "c()", "return d()", "raise e()", "assert f()", *(["break", "continue"] if loop else [])]
    one = st.sampled_from(plain)
    if depth:
        inner, turned = (texts(within, depth - 1).map(_indented) for within in (loop, True))
        one |= st.one_of(
            st.builds("if g():\n{}".format, inner),
            st.builds("if g():\n{}\nelse:\n{}".format, inner, inner),
            st.builds("match g():\n    case 1 if a():\n{}\n    case _:\n{}".format, *[inner.map(_indented)] * 2),
            st.builds("while g():\n{}\nelse:\n{}".format, turned, inner),
            st.builds("for x in T:\n{}".format, turned),
            st.builds("with {}:\n{}".format, st.sampled_from(["M", "S", "plain", "N, plain"]), inner),
            st.builds("try:\n{}\nfinally:\n{}".format, inner, inner),
            st.builds("try:\n{}\nexcept kind():\n{}\nelse:\n{}".format, inner, inner, inner),
            st.builds("try:\n{}\nexcept* part():\n    a()\nexcept* part():\n    b()".format, inner),
        )
    return st.lists(one, min_size=1, max_size=3).map("\n".join)


def _indented(text: str) -> str:
    return textwrap.indent(text, "    ")


@settings(max_examples=50)
@given(texts())
def test_all_that_python_does_is_told(text: str) -> None:
    assert taken(text, 5) <= told(text), text
