package dev.kvstore.testkit.load;

/**
 * How often each kind of operation comes up, relative to the others.
 *
 * @param gets linearizable reads
 * @param staleGets reads that any replica may answer
 * @param puts writes without condition
 * @param putsWithTtl writes of a value that expires
 * @param putsIfAbsent writes on condition that the key is absent
 * @param putsIfVersion writes on condition that the key is as the client last saw it
 * @param deletes deletions
 * @param deletesIfVersion deletions on condition that the key is as the client last saw it
 */
public record OperationMix(
        int gets,
        int staleGets,
        int puts,
        int putsWithTtl,
        int putsIfAbsent,
        int putsIfVersion,
        int deletes,
        int deletesIfVersion) {

    /** Some of everything, mostly reads and plain writes. */
    public static final OperationMix VARIED = new OperationMix(40, 4, 26, 4, 6, 10, 6, 4);

    /** Plain writes and reads only, in equal parts. */
    public static final OperationMix READS_AND_WRITES = new OperationMix(1, 0, 1, 0, 0, 0, 0, 0);

    public OperationMix {
        int least = Math.min(
                Math.min(Math.min(gets, staleGets), Math.min(puts, putsWithTtl)),
                Math.min(Math.min(putsIfAbsent, putsIfVersion), Math.min(deletes, deletesIfVersion)));
        if (least < 0
                || gets + staleGets + puts + putsWithTtl + putsIfAbsent + putsIfVersion + deletes + deletesIfVersion
                        == 0) {
            throw new IllegalArgumentException("weights are not negative, and one of them is positive");
        }
    }

    /** The kinds of operations, in the order of the record's components. */
    enum Kind {
        GET,
        STALE_GET,
        PUT,
        PUT_WITH_TTL,
        PUT_IF_ABSENT,
        PUT_IF_VERSION,
        DELETE,
        DELETE_IF_VERSION
    }

    int total() {
        int total = 0;
        for (Kind kind : Kind.values()) {
            total += weight(kind);
        }
        return total;
    }

    /** The kind at a place between 0 and the total. */
    Kind at(int place) {
        int left = place;
        for (Kind kind : Kind.values()) {
            left -= weight(kind);
            if (left < 0) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no place " + place + " in " + this);
    }

    private int weight(Kind kind) {
        return switch (kind) {
            case GET -> gets;
            case STALE_GET -> staleGets;
            case PUT -> puts;
            case PUT_WITH_TTL -> putsWithTtl;
            case PUT_IF_ABSENT -> putsIfAbsent;
            case PUT_IF_VERSION -> putsIfVersion;
            case DELETE -> deletes;
            case DELETE_IF_VERSION -> deletesIfVersion;
        };
    }
}
