#!/usr/bin/env bash
# Runs inside the build of the operator's image: the operator without its controllers, started, asked and stopped, so that
# the JVM writes an AOT cache of what a start loads. Needs neither a network nor a Kubernetes.
#   operator-training.sh FOLDER     where operator.args is, and where operator.aot goes
set -euo pipefail
app=$1
readonly URL=http://localhost:8080 START_S=120
answers=$(mktemp -d)

QUARKUS_OPERATOR_SDK_START_OPERATOR=false \
    java -XX:AOTCacheOutput="$app/operator.aot" "@$app/operator.args" &
operator=$!
curl -fsS --retry "$START_S" --retry-delay 1 --retry-all-errors --retry-max-time "$START_S" -o "$answers/started" \
    "$URL/q/health/started" 2>"$answers/errors" || { cat "$answers/errors" >&2; exit 1; }
curl -fsS -o "$answers/metrics" "$URL/q/metrics"
kill "$operator"
# 143: ended by the signal, as a program does that was told to stop
wait "$operator" || [[ $? == 143 ]]
[[ -s $app/operator.aot ]] || { echo "the training run has left no AOT cache" >&2; exit 1; }
rm -rf "$answers"
