package dev.kvstore.core.data;

/**
 * Identifies a log entry: no two different entries of a partition ever share one. Equal identities at one place mean equal
 * logs up to that place (log matching, Ongaro and Ousterhout 2014).
 *
 * @param epoch the partition's epoch under which the entry was appended
 * @param boot the boot number of the primary that appended it
 * @param seq the entry's place in the log, one more than that of the entry before; also the version of the key it wrote
 */
public record EntryId(long epoch, long boot, long seq) {
    /** What stands before the first entry of a log. */
    public static final EntryId ZERO = new EntryId(0, 0, 0);

    @Override
    public String toString() {
        return epoch + "." + boot + "/" + seq;
    }
}
