package dev.kvstore.node.engine;

import dev.kvstore.core.io.Input;
import java.util.List;

/**
 * The core, or something that carries out its effects, has thrown: its state is not to be trusted any more.
 *
 * @param inputs what the core was given last
 */
public record Defect(Throwable cause, List<Input> inputs) {
    private static final int SHOWN_INPUTS = 16;
    private static final int SHOWN_CHARS = 400;

    /** The last inputs, a line each, cut to a readable length. */
    public String lastInputs() {
        StringBuilder text = new StringBuilder();
        int from = Math.max(0, inputs.size() - SHOWN_INPUTS);
        if (from > 0) {
            text.append("  (").append(from).append(" before these)\n");
        }
        for (Input input : inputs.subList(from, inputs.size())) {
            String line = input.toString();
            text.append("  ")
                    .append(line, 0, Math.min(line.length(), SHOWN_CHARS))
                    .append('\n');
        }
        return text.toString();
    }
}
