package dev.kvstore.node.engine;

import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.io.View;
import java.util.List;

/** What the engine drives: inputs in, effects out. Called by one thread only; never blocks. */
public interface Core {
    /** Takes inputs; {@code now} was read after they were taken. */
    List<Effect> on(List<Input> inputs, Time now);

    /** How things stand. */
    View view();
}
