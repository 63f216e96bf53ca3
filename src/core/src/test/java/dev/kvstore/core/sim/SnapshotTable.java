package dev.kvstore.core.sim;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Stored;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The parts of all snapshots of a run; a part's bytes are its number in this table. */
final class SnapshotTable {
    private final List<Map<Bytes, Stored>> parts = new ArrayList<>();

    Bytes add(Map<Bytes, Stored> part) {
        parts.add(new TreeMap<>(part));
        return Bytes.wrap(ByteBuffer.allocate(4).putInt(parts.size() - 1).array());
    }

    Map<Bytes, Stored> part(Bytes data) {
        return parts.get(ByteBuffer.wrap(data.array()).getInt());
    }
}
