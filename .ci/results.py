"""Runs the Python examples of docs/results.md, and holds the columns of rows to what that page says."""

import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb
import pandas as pd
import polars as pl

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/results.md").read_text()
ESCALATE = pathlib.Path(sys.argv[1]).resolve()
REPLICATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.S)


def kinds() -> dict[str, str]:
    """The documented columns: a pattern for names, and the type."""
    found = {}
    for names, kind in re.findall(r"^\| (`.*?`) \| (int64|int32|string|double|boolean) \|", PAGE, re.M):
        for name in re.findall(r"`(.*?)`", names):
            found[re.sub(r"<.*?>", "[a-z0-9_]+", name)] = kind
    return found


def documented(columns: dict[str, str]) -> None:
    for name, kind in columns.items():
        wanted = {kind for pattern, kind in kinds().items() if re.fullmatch(pattern, name)}
        assert wanted == {kind}, f"{name} is {kind}, and the page says {wanted}"


def check(folder: pathlib.Path) -> None:
    """The same rows in pandas, polars and DuckDB, as documented, and as many as the tables say."""
    parquet = str(folder / "rows.parquet")
    frame = pd.read_parquet(parquet, dtype_backend="pyarrow")
    names = {"int64": "int64", "int32": "int32", "string": "string", "double": "double", "bool": "boolean", "float64": "double"}
    documented({name: names[str(kind).removesuffix("[pyarrow]")] for name, kind in frame.dtypes.items()})
    lazy = pl.read_parquet(parquet)
    names = {pl.Int64: "int64", pl.Int32: "int32", pl.String: "string", pl.Float64: "double", pl.Boolean: "boolean"}
    documented({name: names[kind] for name, kind in lazy.schema.items()})
    described = duckdb.sql(f"describe select * from '{parquet}'").fetchall()
    names = {"BIGINT": "int64", "INTEGER": "int32", "VARCHAR": "string", "DOUBLE": "double", "BOOLEAN": "boolean"}
    documented({row[0]: names[row[1]] for row in described})
    assert len(frame) == lazy.height == duckdb.sql(f"select count(*) from '{parquet}'").fetchall()[0][0]
    assert frame["replication"].to_list() == list(range(len(frame)))
    table = pd.read_csv(folder / "tables/outcomes.csv").set_index("outcome")["replications"]
    counts = frame["outcome"].value_counts()
    for outcome, count in table.items():
        found = int(frame["failed"].sum()) if outcome == "failed" else int(counts.get(outcome, 0))
        assert found == count, f"{outcome}: {found} rows, {count} in the table"
    print(f"{folder.name}: {len(frame)} rows of {len(frame.columns)} columns in pandas, polars and DuckDB")


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        run = lambda command: subprocess.run([str(ESCALATE), *command], cwd=place, check=True, stdout=subprocess.DEVNULL)
        pathlib.Path(place, "scenarios").symlink_to(ROOT / "scenarios")
        for line in "".join(blocks("sh")).splitlines():
            if line.startswith("escalate batch"):
                run(line.split()[1:])
        for number, block in enumerate(blocks("python")):
            print(f"--- example {number + 1}", flush=True)
            subprocess.run([sys.executable, "-c", block], cwd=place, check=True)
        check(pathlib.Path(place, "tutorial_rows"))
        csv = pd.read_csv(pathlib.Path(place, "tutorial_rows_csv/rows.csv"))
        parquet = pd.read_parquet(pathlib.Path(place, "tutorial_rows/rows.parquet"))
        pd.testing.assert_frame_equal(csv, parquet, check_dtype=False)
        run(["batch", "scenarios/korea_2024.toml", "-n", str(REPLICATIONS), "--parquet", "--out", "large", "--quiet"])
        check(pathlib.Path(place, "large"))


main()
