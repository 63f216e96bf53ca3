package dev.kvstore.node.coordination.folder;

import dev.kvstore.core.io.Input;
import dev.kvstore.node.coordination.Observer;
import java.io.IOException;
import java.nio.file.Path;

/** A process that contends for the Lease, and prints who holds it until its input ends. */
final class LeaseHolderMain {
    private LeaseHolderMain() {}

    public static void main(String[] args) throws Exception {
        try (FolderCoordination node =
                FolderCoordination.open(Path.of(args[0]), args[1], FolderSettings.DEFAULT, Observer::monoMs)) {
            node.start(LeaseHolderMain::print);
            awaitEndOfInput();
        }
    }

    private static void print(Input input) {
        if (input instanceof Input.LeaderIs leader) {
            System.out.println("leader " + leader.name());
        }
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // nothing is expected to come
        }
    }
}
