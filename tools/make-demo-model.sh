#!/usr/bin/env bash
# Makes the model that the demo ships with, and its card: tools/make-demo-model.sh
#
# Simulated shop -> import -> train -> quantize -> models/. The figures of the card are measured by a
# second training on the log without its last two weeks, judged on those. Where the log has purchases the
# model also learns how likely one is. One thread, for the same bytes everywhere; THREADS=2 is faster and
# gives others. Needs build/native/vitrine.
set -euo pipefail
cd "$(dirname "$0")/.."

vitrine=${VITRINE:-build/native/vitrine}
threads=${THREADS:-1}
work=build/demo-shop
split=2026-04-21
seed=1

node tools/demo-shop.mjs "$work" --seed "$seed" | tee "$work.txt"
"$vitrine" import --events "$work/events.tsv.gz" --catalog "$work/catalog.tsv" \
    -o "$work/clean.tsv.gz" --catalog-output "$work/catalog.vitrine" 2>&1 | tee "$work/import.txt"

learn() { # LOG OUT [more options of train]
    local log=$1 out=$2
    shift 2
    "$vitrine" train --preset base --seed "$seed" --threads "$threads" --format events --events "$log" \
        --catalog "$work/catalog.tsv" "$@" -o "$out"
}

"$vitrine" import --quiet --events "$work/clean.tsv.gz" --until "$split" -o "$work/before.tsv.gz"
"$vitrine" import --quiet --events "$work/clean.tsv.gz" --since "$split" -o "$work/after.tsv.gz"
learn "$work/before.tsv.gz" "$work/judged-f32.vitrine"
"$vitrine" quantize "$work/judged-f32.vitrine" --format events --events "$work/before.tsv.gz" \
    -o "$work/judged.vitrine"
"$vitrine" evaluate --model "$work/judged.vitrine" --format events --events "$work/after.tsv.gz" \
    --train "$work/before.tsv.gz" --k 5,10,20 | tee "$work/figures.txt"

learn "$work/clean.tsv.gz" "$work/model-f32.vitrine" --intent | tee "$work/train.txt"
"$vitrine" quantize "$work/model-f32.vitrine" --format events --events "$work/clean.tsv.gz" \
    -o models/demo.vitrine 2>&1 | tee "$work/quantize.txt"
cp "$work/catalog.vitrine" models/demo-catalog.vitrine

# The demo's other worlds: the same commands, other data.
for world in music courses; do
    place=build/demo-$world
    node tools/demo-domain.mjs "$world" "$place" --seed "$seed"
    verbs=$(cat "$place/type-map.txt")
    "$vitrine" import --quiet --events "$place/events.tsv.gz" --type-map "$verbs" --catalog "$place/catalog.tsv" \
        -o "$place/clean.tsv.gz" --catalog-output "models/$world-catalog.vitrine"
    intent=()
    if [[ $verbs == *=purchase* ]]; then intent=(--intent); fi
    "$vitrine" train --preset small --seed "$seed" --threads "$threads" --format events --events "$place/clean.tsv.gz" \
        --catalog "$place/catalog.tsv" --int8 "${intent[@]}" -o "models/$world.vitrine" | tee "$place/train.txt"
done
for name in demo music courses; do
    "$vitrine" convert "models/$name.vitrine" -o "$work/$name.safetensors"
    node tools/item-map.mjs "$work/$name.safetensors" >"models/$name-map.json"
done
node tools/model-card.mjs "$work" models "$split" "$threads" >models/README.md
echo "models/ is new: three models, their catalogs and maps, and the card"
