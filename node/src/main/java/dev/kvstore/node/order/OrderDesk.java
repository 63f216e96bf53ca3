package dev.kvstore.node.order;

import dev.kvstore.core.ring.Desired;
import dev.kvstore.node.coordination.Coordination;
import java.util.concurrent.CompletionStage;

/** Where orders are given. */
public interface OrderDesk {
    /** The same as {@link Coordination#order}. */
    CompletionStage<Desired> order(Coordination.Order order);
}
