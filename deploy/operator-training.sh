#!/usr/bin/env bash
# Runs inside the build of the operator's image: the operator started where there is no Kubernetes, for which it waits, asked
# for its health, and stopped. The JVM writes an AOT cache of what it loaded until then, which is most of what every start
# loads. Needs no network.
#   operator-training.sh FOLDER     where operator.args is, and where operator.aot goes
set -euo pipefail
app=$1
readonly URL=http://localhost:8080 LONGEST_S=120
output=$(mktemp)

fail() {
    cat "$output" >&2
    echo "operator-training: $1" >&2
    exit 1
}

KUBERNETES_MASTER=http://localhost:1 java -XX:AOTCacheOutput="$app/operator.aot" "@$app/operator.args" >"$output" 2>&1 &
operator=$!
begun=$SECONDS
until curl -fs -o /dev/null "$URL/q/health/live" && grep -q "the operator waits" "$output"; do
    kill -0 "$operator" 2>/dev/null || fail "the operator has ended"
    ((SECONDS - begun < LONGEST_S)) || fail "the operator does not wait for an API server after $LONGEST_S s"
    sleep 0.2
done
for path in started ready; do
    curl -s -o /dev/null "$URL/q/health/$path"
done
curl -fs -o /dev/null "$URL/q/metrics"
kill "$operator"
# 143: ended by the signal, as an operator does that was told to stop
wait "$operator" || [[ $? == 143 ]] || fail "the operator has not ended as it should"
[[ -s $app/operator.aot ]] || fail "the run has left no AOT cache"
rm "$output"
