#!/usr/bin/env bash
# Holds two builds of escalate against each other, byte for byte: for changes that must not change a single answer, such
# as moving code about. Every kind of answer is asked for, of every shipped scenario and its variants, and all that
# both builds write is compared: files, standard output, messages and exit statuses. Manifests, which carry times and
# the build, are left out, and so is the commit that citations name.
#
#   .ci/bytes.sh FROZEN NEW [N_JOBS]
#
# FROZEN is the build from before, NEW the one in question, N_JOBS how many scenarios are played at a time (default: one
# a processor). Answers of FROZEN are kept in the folder BYTES_CACHE (default: target/bytes), by the hash of all they
# depend on, so that later calls only play NEW. BYTES_ONLY, a pattern such as 'textbook/*', plays only scenarios whose
# names match; `program` is what needs none.
#
# Nothing here depends on how long a build takes. Exit status: 0 if all is the same, 1 if something differs (each
# is named, and what NEW wrote is kept to be looked at), 2 if it could not be compared.
set -euo pipefail
export LC_ALL=C NO_COLOR=1 RUST_BACKTRACE=0

fail() {
    echo "bytes.sh: $1" >&2
    exit 2
}

# Runs escalate as one step of a job: its standard output, messages, exit status and files go to results/STEP.
# `@` among the arguments stands for the folder of files.
step() {
    local folder=results/$1 status=0
    shift
    mkdir -p "$folder"
    "$binary" --color never "${@/#@/$folder/files}" >"$folder/output.raw" 2>"$folder/messages.raw" </dev/null || status=$?
    echo "$status" >"$folder/status"
    local part
    for part in output messages; do
        sed -E 's/\(commit [^)]*\).*rustc.*|\(commit [^)]*\)/(build)/' "$folder/$part.raw" >"$folder/$part"
        rm "$folder/$part.raw"
    done
}

# What needs no scenario.
play_program() {
    local name
    step selftest selftest --threads 1
    step schema schema
    step man man
    step man_folder man @
    step new new scenario.toml
    step new_again new scenario.toml
    step new_check check scenario.toml
    step help --help
    for name in new check run batch exact export rare agree verify replay selftest test fmt diff schema completions man; do
        step "help_$name" "$name" --help
    done
    for name in bash zsh fish; do
        step "completions_$name" completions "$name"
    done
}

# Findings in the file and in damaged copies of it, its layout, and how it differs from another.
play_language() {
    local damage lines
    lines=$(wc -l <"$file")
    head -n $((lines / 3)) "$file" >third.toml
    head -c $(($(wc -c <"$file") * 2 / 3)) "$file" >torn.toml
    sed 's/chance/chanse/; s/ and / und /; s/ > 0/ > nought/' "$file" >misspelt.toml
    sed 's/ = /=/; /^$/d' "$file" >squeezed.toml
    for damage in "$file" third.toml torn.toml misspelt.toml; do
        step "check_$damage" check --verbose "$damage"
        step "check_json_$damage" check --format json "$damage"
    done
    step fmt_check fmt --check "$file"
    step fmt_diff fmt --diff squeezed.toml
    step fmt fmt squeezed.toml
    cp squeezed.toml results/fmt/files
    step diff_squeezed diff "$file" squeezed.toml
    step diff_other diff "$file" other.toml
    step diff_other_json diff --format json other.toml "$file"
}

# Results and chronicles of one variant, of which a batch has left the given folder.
play_variant() {
    local variant=$1 folder=$2 number
    step "verify_$variant" verify --threads 1 --sample 20 "$folder"
    for number in 0 1 2; do
        step "run_${variant}_$number" run --variant "$variant" --replication "$number" --all "$file"
        step "replay_${variant}_$number" replay --replication "$number" "$folder"
    done
    step "replay_json_$variant" replay --replication 3 --format json "$folder"
    step "exact_$variant" exact --threads 1 --variant "$variant" --max-states "$limit" --scores -o @ "$file"
    step "exact_ever_$variant" exact --threads 1 --variant "$variant" --max-states "$limit" --ever "$file"
    step "export_drn_$variant" export --variant "$variant" --max-states "$limit" drn "$file"
    [ "$variant" = base ] || {
        step "diff_$variant" diff --variant "$variant" "$file"
        step "diff_json_$variant" diff --variant "$variant" --format json "$file"
    }
}

# The first column of a table of results, without its head and without the rows that no scenario names.
names() {
    [ ! -e "$1" ] || tail -n +2 "$1" | cut -d, -f1 | grep -vxE 'failed|unfinished' || true
}

# Splitting: every outcome of the base and a milestone; of variants the first outcome, which is the gravest.
play_rare() {
    local variant=$1 folder=$2 small=(--threads 1 --repetitions 3 --effort 32) goal goals
    mapfile -t goals < <(names "$folder/tables/outcomes.csv")
    [ "$variant" = base ] || goals=("${goals[@]:0:1}")
    for goal in "${goals[@]}"; do
        step "rare_${variant}_$goal" rare "${small[@]}" --variant "$variant" --outcome "$goal" --tell -o @ "$file"
    done
    [ "$variant" = base ] || return 0
    while read -r goal; do
        step "rare_milestone_$goal" rare "${small[@]}" --milestone "$goal" -o @ "$file"
    done < <(names "$folder/tables/milestones.csv" | head -n 1)
    # Quiet, as it says how long it will take.
    [ -z "${goals[*]}" ] || step until batch --quiet --threads 1 --until "half_width(${goals[0]}) < 0.02" --at-most 2000 -o @ "$file"
}

# Answers about the scenario as a whole, and then for each variant that the batch has left a folder of.
play_scenario() {
    local manifest folder variant
    play_language
    step batch batch --threads 1 --replications 2000 --all-variants --rows -o @ "$file"
    step batch_parquet batch --threads 1 --replications 500 --seed 2 --parquet -o @ "$file"
    step batch_portable batch --threads 2 --portable --replications 500 --seed 3 --all-variants -o @ "$file"
    step verify_all verify --threads 1 results/batch_parquet/files
    step test test --threads 1 "$file"
    step run_json run --replication 4 --format json --all "$file"
    step exact_files exact --threads 1 --max-states "$limit" --ever -o @ "$file"
    step exact_pruned exact --threads 1 --max-states "$limit" --prune 1e-4 --until-undecided 0.05 -o @ "$file"
    step exact_outcomes exact --threads 1 --max-states "$limit" --outcomes-only --horizon 3 -o @ "$file"
    step export_prism export --max-states "$limit" -o @ prism "$file"
    # Splitting has its own steps; here it would take minutes for scenarios that are not small.
    local rare=(--no-rare)
    [[ $name != textbook/* ]] || rare=()
    step agree agree --threads 1 --replications 2000 --max-states "$limit" --all-variants "${rare[@]}" "$file"
    while read -r manifest; do
        folder=$(dirname "$manifest")
        variant=$(sed -n 's/^  "variant": "\(.*\)",$/\1/p' "$manifest")
        play_variant "$variant" "$folder"
        play_rare "$variant" "$folder"
    done < <(find results/batch/files -name manifest.json 2>/dev/null | sort)
}

# Plays the job NAME with a binary in a new folder, where all names are relative: no answer depends on where it is.
play() (
    binary=$1 name=$2 file=$(basename "$2").toml limit=20000
    # Some steps of the benchmarks have a million ways to go.
    [[ $name != benchmarks/* ]] || limit=1000
    rm -rf "$3"
    mkdir -p "$3/results"
    [ "$name" = program ] || cp "$scenarios/$name.toml" "$3/$file"
    cp "$scenarios/tutorial.toml" "$3/other.toml"
    cd "$3"
    if [ "$name" = program ]; then play_program; else play_scenario; fi
)

# The steps of a job in which the frozen build crashed: there is no answer to compare with.
crashed() {
    local status
    for status in "$1"/results/*/status; do
        [ "$(<"$status")" -lt 101 ] || basename "$(dirname "$status")"
    done
}

# Compares two folders of a job; each difference becomes a line, by its place in the results of the job.
compare() {
    local name=$1 old=$2/results new=$3/results leave_out=(--exclude=manifest.json) one
    while read -r one; do
        leave_out+=("--exclude=$one")
        echo "not compared, as the frozen build crashed: $name: $one"
    done < <(crashed "$2")
    { diff -rq "${leave_out[@]}" "$old" "$new" || [ $? = 1 ]; } | sed -E \
        -e "s|^Files $old/(.*) and .* differ\$|differs: $name: \1|" \
        -e "s|^Only in $old/?(.*): (.*)\$|only of the frozen build: $name: \1/\2|" \
        -e "s|^Only in $new/?(.*): (.*)\$|only of the new build: $name: \1/\2|" \
        -e 's|: /|: |'
    find "$old" -name status | wc -l | sed 's/^/outputs /'
    find "$old" -path '*/files*' -type f ! -name manifest.json | wc -l | sed 's/^/files /'
}

# One job, from the cache or played anew, with its report beside it. The report appears only when it is whole.
job() {
    local name=$1 key kept fresh=$work/${1//\//-}
    key=$({ echo "$frozen_hash" "$name"; cat "$script" "$scenarios/tutorial.toml"; [ "$name" = program ] ||
        cat "$scenarios/$name.toml"; } | sha256sum | cut -c1-16)
    kept=$cache/${name//\//-}-$key
    if [ ! -d "$kept" ]; then
        play "$frozen" "$name" "$fresh.frozen"
        # Somebody else may have put it there meanwhile, the same.
        mv -T "$fresh.frozen" "$kept" 2>/dev/null || [ -d "$kept" ]
    fi
    play "$new" "$name" "$fresh"
    compare "$name" "$kept" "$fresh" >"$fresh.part"
    grep -qE '^(differs|only of)' "$fresh.part" || rm -r "$fresh"
    mv "$fresh.part" "$fresh.report"
}

[ $# = 2 ] || [ $# = 3 ] || fail "usage: .ci/bytes.sh FROZEN NEW [N_JOBS]"
for binary in "$1" "$2"; do
    { [ -f "$binary" ] && [ -x "$binary" ]; } || fail "$binary is not a program"
done
jobs=${3:-$(nproc)}
[[ $jobs =~ ^[1-9][0-9]{0,3}$ ]] || fail "N_JOBS is a number from 1, not $jobs"
frozen=$(realpath "$1") new=$(realpath "$2") script=$(realpath "$0")
root=$(dirname "$(dirname "$script")")
scenarios=$root/scenarios cache=${BYTES_CACHE:-$root/target/bytes}
mkdir -p "$cache" || fail "$cache cannot be made"
cache=$(realpath "$cache")
frozen_hash=$(sha256sum <"$frozen")

# The largest first, so that none is left to run alone at the end.
names=()
while read -r name; do
    # shellcheck disable=SC2053 # The right side is a pattern.
    [[ $name != ${BYTES_ONLY:-*} ]] || names+=("$name")
done < <(cd "$scenarios" && { find . -path ./evidence -prune -o -name '*.toml' -printf '%s %P\n' |
    sort -k1,1nr -k2 | sed 's/^[0-9]* //; s/\.toml$//'; echo program; })
[ ${#names[@]} != 0 ] || fail "no scenario is called ${BYTES_ONLY:-*}"
# In the cache, so that what was played is moved there and not copied.
work=$(mktemp -d "$cache/new.XXXXXX")

stop() {
    local running
    mapfile -t running < <(jobs -p)
    [ ${#running[@]} = 0 ] || kill -- "${running[@]/#/-}" 2>/dev/null || true
    rm -rf "$work"
}
trap 'stop; exit 2' INT TERM
# Each job is a group of processes, so that an interrupt ends what it runs, too.
set -m
for name in "${names[@]}"; do
    while [ "$(jobs -pr | wc -l)" -ge "$jobs" ]; do wait -n || true; done
    job "$name" &
done
wait

for name in "${names[@]}"; do
    [ -e "$work/${name//\//-}.report" ] || fail "$name could not be compared; see $work"
done
cat "$work"/*.report | grep -vE '^(outputs|files) ' || true
total() { cat "$work"/*.report | awk -v what="$1" '$1 == what { sum += $2 } END { print sum + 0 }'; }
differences=$(cat "$work"/*.report | grep -cE '^(differs|only of)' || true)
echo "compared $(total outputs) outputs and $(total files) files in ${#names[@]} jobs: $differences differences"
if [ "$differences" != 0 ]; then
    echo "the new build's are in $work, the frozen build's in $cache"
    exit 1
fi
rm -rf "$work"
