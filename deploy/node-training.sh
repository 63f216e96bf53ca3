#!/usr/bin/env bash
# Runs inside the build of the node's image: one node alone, started, used and stopped, so that the JVM writes an AOT cache
# of what such a run loads, and so that RocksDB's native library is unpacked for good. Needs no network.
#   node-training.sh FOLDER     where node.args is, and where node.aot goes
#
# The run that counts is one with Kubernetes, whose API server is away: such a node serves from the ring on its disk. A run
# before it puts that ring there.
set -euo pipefail
app=$1
readonly URL=http://localhost:8080 START_S=120
data=$(mktemp -d)
export KVSTORE_NAME=training KVSTORE_HOST=localhost KVSTORE_REPLICATION_FACTOR=1 KVSTORE_PARTITIONS=16
export KVSTORE_DATA=$data/node KVSTORE_COORDINATION=$data/coordination

fail() {
    cat "$data/log" >&2
    echo "node-training: $1" >&2
    exit 1
}

# Starts a node and waits until it is ready.
start() { # JVM FLAGS...
    java "$@" "@$app/node.args" >"$data/log" 2>&1 &
    node=$!
    local begun=$SECONDS
    until curl -fs -o "$data/answer" "$URL/q/health/ready"; do
        kill -0 "$node" 2>/dev/null || fail "the node has ended"
        ((SECONDS - begun < START_S)) || fail "the node is not ready after $START_S s"
        sleep 0.2
    done
}

stop() {
    kill "$node"
    # 143: ended by the signal, as a node does that was told to stop
    wait "$node" || [[ $? == 143 ]] || fail "the node has not ended as it should"
}

ask() { # CURL ARGUMENTS...
    curl -fsS -o "$data/answer" "$@"
}

start
stop

export KVSTORE_KUBERNETES_LEASE=l KVSTORE_KUBERNETES_RING=r KVSTORE_KUBERNETES_CONFIG=c KVSTORE_KUBERNETES_NAMESPACE=n
export KUBERNETES_MASTER=http://localhost:1
start -XX:AOTCacheOutput="$app/node.aot"
for i in {1..50}; do
    ask -X PUT --data-binary "value $i" "$URL/v1/keys/key$i"
    ask "$URL/v1/keys/key$i"
done
for path in v1/keys?prefix=key v1/cluster v1/cluster/ring v1/cluster/locate/key1 q/health/started q/health/live q/metrics; do
    ask "$URL/$path"
done
ask -X DELETE "$URL/v1/keys/key1"
stop
[[ -s $app/node.aot ]] || fail "the run has left no AOT cache"
rm -rf "$data"
