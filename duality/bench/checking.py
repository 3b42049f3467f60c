"""What a check costs, and what the simulated I/O core costs beside the real one; every sample in a process of its own.

Rules: one schedule is all three runtimes with every law judged, beside three plain runs of the same application; what
is done once for an application (its texts, its programs) has been done before the clock is looked at. The two I/O
cores do the same, untraced.
"""

import gc
import json
import sys
import time
from typing import Any

from duality import run
from duality.bench.checked import echoes, exchange
from duality.bench.process import BenchError, cores, output, python
from duality.bench.result import Sample
from duality.core.io.real import RealIO
from duality.core.io.simulated import SimulatedIO
from duality.proof import Schedule, check
from duality.proof.trial import RUNTIMES

CHECK, SIMULATED = "check", "simulated"
CHECKED, RUN = "checked", "only run"
CONTENDERS = {CHECK: (CHECKED, RUN), SIMULATED: tuple(f"{on}, {io}" for on in RUNTIMES for io in ("simulated", "real"))}
UNITS = {CHECK: "us of processor per schedule", SIMULATED: "us of processor per echo"}
WARM = 50  # schedules, of which every rest of the first few is looked into


def measure(name: str, contender: str, number: int, times: int) -> Sample:
    """One sample of a contender of the measure ``name``; times: schedules, or echoes. Raises BenchError."""
    command = python("duality.bench.checking", name, contender, times)
    raw: dict[str, Any] = json.loads(output(command, cores()[0]))
    if raw["done"] != times:
        raise BenchError(f"{contender}: {raw['done']} of {times} were done.")
    return Sample(name, contender, number, raw["seconds"] / times * 1e6, UNITS[name], raw, command)


def checked(times: int) -> dict[str, float]:
    """Check the bounded buffer with so many schedules."""
    check(exchange, schedules=WARM, crossings=("direct",))
    gc.collect()
    began = time.process_time()
    verdict = check(exchange, schedules=times, crossings=("direct",), seed=1)
    seconds = time.process_time() - began
    return {"seconds": seconds, "done": verdict.schedules if verdict else 0, "steps": verdict.steps}


def only_run(times: int) -> dict[str, float]:
    """Run the bounded buffer so many times on each runtime, with drawn schedules."""
    done = [_plain(seed) for seed in range(WARM)]
    gc.collect()
    began = time.process_time()
    done = [_plain(seed) for seed in range(times)]
    return {"seconds": time.process_time() - began, "done": sum(done)}


def _plain(seed: int) -> bool:
    values = [run(exchange, on, io=SimulatedIO(seed), schedule=Schedule.seeded(seed)).value for on in RUNTIMES]
    return values == [sum(range(6))] * 3


def echoed(contender: str, times: int) -> dict[str, float]:
    """So many echoes on one runtime and one I/O core."""
    on, _, core = contender.partition(", ")
    io: Any = RealIO() if core == "real" else SimulatedIO(log=False)
    value = run(echoes, on, io=io, rounds=times, clock=time.process_time).value
    return {"seconds": value["seconds"], "done": value["back"]}


def main(name: str, contender: str, times: int) -> dict[str, float]:
    """Do the work of one contender; its raw numbers."""
    if name == SIMULATED:
        return echoed(contender, times)
    return checked(times) if contender == CHECKED else only_run(times)


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
