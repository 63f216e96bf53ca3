#!/usr/bin/env bash
# Runs one node alone, uses and stops it, so that the JVM writes an AOT cache of what such a run loads. Needs no network. In the
# build of the image it also unpacks RocksDB's native library for good.
#   node-training.sh JAVA FLAGS_FILE NODE_JAR AOT_CACHE [kubernetes]
#
# For Kubernetes the run that counts is one with its API server away: such a node serves from the ring on its disk. A run
# before it puts that ring there.
set -euo pipefail
java=$1
flags=$2
jar=$3
aot=$4
platform=${5:-}
readonly START_S=120
# with the one for other nodes below the range from which Linux takes the local ports of outgoing connections
readonly FIRST_PORT=11000 PEER_PORT_OFFSET=10000
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT

fail() {
    cat "$data/log" >&2
    echo "node-training: $1" >&2
    exit 1
}

is_free() { # PORT
    ! (: <"/dev/tcp/localhost/$1") 2>/dev/null
}

free_port() {
    local tried
    for ((tried = FIRST_PORT + RANDOM % PEER_PORT_OFFSET; ; tried++)); do
        if is_free "$tried" && is_free "$((tried + PEER_PORT_OFFSET))"; then
            echo "$tried"
            return
        fi
    done
}

# One request; false if it is not answered well.
ask() ( # METHOD PATH [BODY]
    body=${3:-}
    exec 3<>"/dev/tcp/localhost/$port"
    printf '%s /%s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "$2" "${#body}" "$body" >&3
    read -r _ status _ <&3
    cat <&3 >"$data/answer"
    [[ $status == 2* ]]
) 2>/dev/null

# Starts a node and waits until it is ready.
start() { # JVM FLAGS...
    "$java" "@$flags" "$@" -jar "$jar" >"$data/log" 2>&1 &
    node=$!
    local begun=$SECONDS
    until ask GET q/health/ready; do
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

port=$(free_port)
export KVSTORE_NAME=training KVSTORE_HOST=localhost KVSTORE_PORT=$port KVSTORE_REPLICATION_FACTOR=1 KVSTORE_PARTITIONS=16
export KVSTORE_DATA=$data/node KVSTORE_COORDINATION=$data/coordination

if [[ $platform == kubernetes ]]; then
    start
    stop
    export KVSTORE_KUBERNETES_LEASE=l KVSTORE_KUBERNETES_RING=r KVSTORE_KUBERNETES_CONFIG=c KVSTORE_KUBERNETES_NAMESPACE=n
    export KUBERNETES_MASTER=http://localhost:1
fi
start -XX:AOTCacheOutput="$aot"
for i in {1..50}; do
    ask PUT "v1/keys/key$i" "value $i" || fail "key$i could not be written"
    ask GET "v1/keys/key$i" || fail "key$i could not be read"
done
for path in v1/keys?prefix=key v1/cluster v1/cluster/ring v1/cluster/locate/key1 q/health/started q/health/live q/metrics; do
    ask GET "$path" || fail "$path could not be read"
done
ask DELETE v1/keys/key1 || fail "key1 could not be deleted"
stop
[[ -s $aot ]] || fail "the run has left no AOT cache"
