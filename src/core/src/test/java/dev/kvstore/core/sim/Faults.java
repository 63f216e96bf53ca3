package dev.kvstore.core.sim;

import java.util.List;
import java.util.Random;

/**
 * How rough a run is. Each seed draws its own mixture, so that some runs are about one kind of trouble and some about all.
 *
 * @param loss probability that a message is lost
 * @param duplication probability that a message comes twice
 * @param slow probability that a message takes long
 * @param slowMs how long at most
 * @param crashes mean time between two crashes, in ms; 0 for none
 * @param pauses mean time between two pauses
 * @param cuts mean time between two cuts of the network
 * @param wipes probability that a crash takes the disk along
 * @param registerOutages mean time between two outages of the register
 * @param registerUnknown probability that a compare-and-set has an unknown outcome
 * @param drift greatest deviation of a clock's rate, as a fraction
 * @param drains probability that a stop is graceful
 * @param orders mean time between two changes of what the cluster should be: its members, its copies
 * @param registerLosses mean time between two losses of what the register holds
 * @param fullDisks mean time between two disks that take no writes for a while
 * @param lateMs how much later the second of two copies of a message comes at most
 * @param slowSyncMs how long a slow sync of a disk takes at most
 * @param isolations probability that a change of the ring meets a primary that is cut off at this moment
 */
record Faults(
        double loss,
        double duplication,
        double slow,
        int slowMs,
        int crashes,
        int pauses,
        int cuts,
        double wipes,
        int registerOutages,
        double registerUnknown,
        double drift,
        double drains,
        int orders,
        int registerLosses,
        int fullDisks,
        int lateMs,
        int slowSyncMs,
        double isolations) {
    static final Faults NONE = new Faults(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 0);

    static Faults draw(Random random) {
        int registerLosses = random.nextInt(5) == 0 ? 3_000 + random.nextInt(5_000) : 0;
        return new Faults(
                random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.05,
                random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.2,
                random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.1,
                50 + random.nextInt(1_500),
                random.nextInt(4) == 0 ? 0 : 700 + random.nextInt(4_000),
                random.nextInt(2) == 0 ? 1_000 + random.nextInt(4_000) : 0,
                random.nextInt(3) == 0 ? 0 : 1_000 + random.nextInt(4_000),
                random.nextInt(2) == 0 ? 0.5 : 0,
                random.nextInt(3) == 0 ? 3_000 + random.nextInt(5_000) : 0,
                registerLosses > 0 || random.nextInt(3) == 0 ? 0.3 : 0.02,
                random.nextInt(3) == 0 ? 0 : 0.1,
                random.nextInt(2) == 0 ? 0.4 : 0,
                random.nextInt(3) == 0 ? 0 : 1_000 + random.nextInt(3_000),
                registerLosses,
                random.nextInt(2) == 0 ? 1_000 + random.nextInt(3_000) : 0,
                random.nextInt(2) == 0 ? 5_000 : 0,
                random.nextInt(2) == 0 ? 700 : 60,
                List.of(0.0, 0.4, 1.0, 1.0).get(random.nextInt(4)));
    }
}
