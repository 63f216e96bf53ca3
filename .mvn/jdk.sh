# Finds a JDK; sourced by ./kvstore, ./mvnw and .ci/run. POSIX sh.

JDK_MIN=25

# The major version of the JDK in folder $1; nothing if there is no JDK.
jdk_major() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    while IFS='"' read -r jdk_key jdk_value jdk_rest; do
        if [ "$jdk_key" = "JAVA_VERSION=" ]; then
            jdk_value=${jdk_value%%[!0-9]*}
            echo "$jdk_value"
            return 0
        fi
    done <"$1/release"
}

# True if folder $1 holds a JDK that is new enough.
jdk_fits() {
    jdk_found=$(jdk_major "$1")
    [ -n "$jdk_found" ] && [ "$jdk_found" -ge "$JDK_MIN" ]
}

# The folder of the JDK whose java is on the PATH; nothing if there is none.
jdk_on_path() {
    jdk_java=$(command -v java) || return 0
    while [ -L "$jdk_java" ]; do
        jdk_link=$(readlink "$jdk_java")
        case $jdk_link in
            /*) jdk_java=$jdk_link ;;
            *) jdk_java=${jdk_java%/*}/$jdk_link ;;
        esac
    done
    jdk_home=${jdk_java%/bin/java}
    if [ ! -r "$jdk_home/release" ]; then
        # a shim of a version manager: only java itself knows where it is
        jdk_home=$("$jdk_java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p')
    fi
    echo "$jdk_home"
}

# Prints the folder of a JDK that is new enough: JAVA_HOME, the one on the PATH, or the oldest such in the usual folders.
# Returns 1 and says what to install if there is none.
find_jdk() {
    if [ -n "${JAVA_HOME:-}" ] && jdk_fits "$JAVA_HOME"; then
        echo "$JAVA_HOME"
        return 0
    fi
    jdk_home=$(jdk_on_path)
    if [ -n "$jdk_home" ] && jdk_fits "$jdk_home"; then
        echo "$jdk_home"
        return 0
    fi
    jdk_best=
    jdk_best_major=
    for jdk_home in /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/java/* /opt/jdk* \
        /Library/Java/JavaVirtualMachines/*/Contents/Home "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/* "${HOME:-}"/.asdf/installs/java/* \
        "${HOME:-}"/.local/share/mise/installs/java/*; do
        if jdk_fits "$jdk_home" && { [ -z "$jdk_best" ] || [ "$jdk_found" -lt "$jdk_best_major" ]; }; then
            jdk_best=$jdk_home
            jdk_best_major=$jdk_found
        fi
    done
    if [ -n "$jdk_best" ]; then
        echo "$jdk_best"
        return 0
    fi
    echo "kvstore needs a JDK $JDK_MIN or newer, and none was found in JAVA_HOME, on the PATH or in the usual folders." >&2
    echo "Install one (for example Eclipse Temurin $JDK_MIN, or the package openjdk-$JDK_MIN-jdk of your system)," >&2
    echo "or set JAVA_HOME to where it is." >&2
    return 1
}
