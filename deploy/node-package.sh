#!/usr/bin/env bash
# Called by the build of the node, after Quarkus has packaged it: adds a program with a plain class path, which an AOT cache
# can cover whole, and makes that cache for nodes on this machine.
#   node-package.sh FOLDER AOT_CACHE     FOLDER is Quarkus' own; node.jar goes there
set -euo pipefail
app=$1
aot=$2
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
manifest=$(mktemp)
trap 'rm -f "$manifest"' EXIT

# in this order: rewritten classes come before those that they replace
(
    cd "$app"
    printf 'Main-Class: dev.kvstore.node.NodeMain\nClass-Path: \n'
    # a line that begins with a blank continues the one before it
    printf '  %s\n' quarkus/transformed-bytecode.jar quarkus/generated-bytecode.jar app/*.jar lib/boot/*.jar lib/main/*.jar
) >"$manifest"
# what the user has set is for the user's nodes
unset "${!KVSTORE_@}"
"$JAVA_HOME/bin/jar" --create --file "$app/node.jar" --manifest "$manifest"
"$here/node-training.sh" "$JAVA_HOME/bin/java" "$here/node.jvm" "$app/node.jar" "$aot"
