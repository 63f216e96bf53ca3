package dev.kvstore.cli.command;

import picocli.CommandLine.Parameters;

/** The node that a command is about. */
public final class NodeParameter {
    /** By this label the prompt knows where to offer the nodes' names. */
    public static final String LABEL = "NODE";

    @Parameters(index = "0", paramLabel = LABEL, description = "The node's name, as in node1.")
    private String name = "";

    /** As the user wrote it. */
    public String name() {
        return name;
    }
}
