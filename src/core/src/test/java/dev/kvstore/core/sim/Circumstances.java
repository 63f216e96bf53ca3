package dev.kvstore.core.sim;

import dev.kvstore.core.ring.Rebalance;
import java.util.Random;

/**
 * What a run's cluster is like, and what else befalls it: rarer things than those of {@link Faults}, each in a few runs only.
 *
 * @param zones number of failure zones that the members are spread over, 0 for none; a zone then sometimes fails as a whole
 * @param minInSync writes are refused below this number of in-sync members
 * @param oneCopy whether some orders want a single copy
 * @param replaceAfterMs how long a failed member's copies wait for it
 * @param retainedDisk whether one member begins with a disk that was kept from a deleted cluster
 * @param losses mean time between two losses of all in-sync copies of a partition, in ms; 0 for none
 * @param recreates whether a loss of the register takes all processes along: the cluster is deleted and made anew on its disks
 * @param unsafeRestores whether a lost register is put back by order of a human while a member is away
 * @param rebalance how much may be on the move at a time
 */
record Circumstances(
        int zones,
        int minInSync,
        boolean oneCopy,
        long replaceAfterMs,
        boolean retainedDisk,
        int losses,
        boolean recreates,
        boolean unsafeRestores,
        Rebalance rebalance) {

    /** Drawn apart from everything else, so that a run to which nothing of this happens is the same without it. */
    static Circumstances draw(long seed, Faults faults) {
        Random random = new Random(seed * 0xD1B54A32D192ED03L + 29);
        int restores = random.nextInt(4);
        int copies = random.nextInt(8);
        boolean losesAll = random.nextInt(10) == 0 && faults.registerLosses() == 0;
        return new Circumstances(
                random.nextInt(6) == 0 ? 2 + random.nextInt(2) : 0,
                copies == 0 ? 2 : 1,
                copies == 1,
                random.nextInt(8) == 0 ? 1_500 : 300_000,
                random.nextInt(20) == 0,
                losesAll ? 3_000 + random.nextInt(5_000) : 0,
                restores == 0,
                restores == 1,
                new Rebalance(random.nextInt(6) == 0 ? 1 : 4, random.nextInt(10) == 0 ? 20 : 0));
    }
}
