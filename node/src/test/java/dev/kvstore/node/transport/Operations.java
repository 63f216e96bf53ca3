package dev.kvstore.node.transport;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;

/** Operations for tests in which it does not matter which. */
final class Operations {
    static final Operation GET = new Operation.Get(Bytes.utf8("key"), false);

    private Operations() {}

    static Operation put(int valueBytes) {
        return new Operation.Put(Bytes.utf8("key"), Bytes.wrap(new byte[valueBytes]), 0, Condition.ALWAYS);
    }
}
