#!/usr/bin/env bash
# Runs inside the build of the operator's image: the operator started where there is no Kubernetes, which it says and ends.
# The JVM writes an AOT cache of what it loaded until then, which is most of what every start loads. Needs no network.
#   operator-training.sh FOLDER     where operator.args is, and where operator.aot goes
set -euo pipefail
app=$1
readonly LONGEST_S=120
output=$(mktemp)

status=0
KUBERNETES_MASTER=http://localhost:1 QUARKUS_KUBERNETES_CLIENT_REQUEST_RETRY_BACKOFF_LIMIT=0 \
    timeout "$LONGEST_S" java -XX:AOTCacheOutput="$app/operator.aot" "@$app/operator.args" >"$output" 2>&1 || status=$?
if ((status != 1)) || ! grep -q 'localhost.*:1\b' "$output" || [[ ! -s $app/operator.aot ]]; then
    echo "the training run ended with $status, or for another reason than the missing Kubernetes, or has left no AOT cache:" >&2
    cat "$output" >&2
    exit 1
fi
rm "$output"
