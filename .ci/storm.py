"""Holds the exports and the exact solutions of scenarios against the model checker Storm, which solves the chains in fractions.

Usage: storm.py ESCALATE FILE...
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import stormpy

ROOM = 1e-9


def endings(exact: dict) -> dict[str, float]:
    found = {f"outcome_{outcome['id']}": outcome["probability"] for outcome in exact["outcomes"]}
    return found | {"failed": exact["failed"]["probability"]}


def probability(model, formula) -> float:
    result = stormpy.model_checking(model, formula, only_initial_states=True)
    return float(result.get_value(model.initial_states[0]))


def chains(escalate: str, file: str, folder: pathlib.Path):
    """The scenario as Storm reads it from both formats, and how to ask for a label there."""
    drn, prism = folder / "chain.drn", folder / "chain.prism"
    for format, path in (("drn", drn), ("prism", prism)):
        subprocess.run([escalate, "export", format, file, "--out", str(path)], check=True)
    ask = 'P=? [F "{}"]'
    yield "drn", stormpy.build_model_from_drn[stormpy.Rational](str(drn)), lambda label: (
        stormpy.parse_properties(ask.format(label))[0]
    )
    program = stormpy.parse_prism_program(str(prism))
    options = stormpy.BuilderOptions(build_full=True)
    yield "prism", stormpy.build_model[stormpy.Rational](program, options=options), lambda label: (
        stormpy.parse_properties(ask.format(label), program)[0]
    )


def main(escalate: str, files: list[str]) -> int:
    worst, compared = 0.0, 0
    for file in files:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            subprocess.run([escalate, "exact", file, "--out", name], check=True, stdout=subprocess.DEVNULL)
            exact = endings(json.loads((folder / "exact.json").read_text()))
            for format, model, formula in chains(escalate, file, folder):
                for label, ours in exact.items():
                    theirs = probability(model, formula(label))
                    worst, compared = max(worst, abs(ours - theirs)), compared + 1
                    if abs(ours - theirs) > ROOM:
                        print(f"{file} {format} {label}: exact {ours}, Storm {theirs}", file=sys.stderr)
    print(f"Storm {stormpy.__version__}: {compared} probabilities of {len(files)} scenarios, at most {worst:.1e} apart")
    return 0 if worst <= ROOM and compared else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
