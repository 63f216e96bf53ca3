package dev.kvstore.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A stub node as a process, started with a node's arguments: {@code NAME HOST PORT [PEERS] --data DIR ...}. */
final class StubNodeMain {
    private StubNodeMain() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[2]);
        List<Integer> ports = new ArrayList<>(List.of(port));
        if (!args[3].startsWith("--")) {
            Stream.of(args[3].split(","))
                    .map(peer -> Integer.parseInt(peer.substring(peer.indexOf(':') + 1)))
                    .forEach(ports::add);
        }
        List<String> members = ports.stream()
                .sorted()
                .map(p -> "node" + (p - ports.stream().mapToInt(i -> i).min().orElseThrow() + 1) + "=localhost:" + p)
                .toList();
        System.out.println(args[0] + " runs with " + String.join(" ", args));
        StubNode node = StubNode.start(port, new StubStore());
        node.cluster(StubNode.clusterOf(members, 4));
        Thread.sleep(java.time.Duration.ofMinutes(2));
    }
}
