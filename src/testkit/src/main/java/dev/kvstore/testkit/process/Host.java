package dev.kvstore.testkit.process;

import java.util.List;

/**
 * Where a node runs.
 *
 * @param address how others reach it
 * @param launcher what stands before a command to run it there; empty for this machine as it is
 */
public record Host(String address, List<String> launcher) {

    /** This machine. */
    public static final Host LOCAL = new Host("localhost", List.of());

    public Host {
        launcher = List.copyOf(launcher);
    }
}
