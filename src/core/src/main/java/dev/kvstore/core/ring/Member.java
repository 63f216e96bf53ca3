package dev.kvstore.core.ring;

/**
 * A member of the cluster, as the ring knows it.
 *
 * @param name stable name, the member's identity
 * @param storeId random id that was written once to the member's disk
 * @param boot number of the member's start that the ring has seen last
 * @param instance what whoever runs the member calls that start, as a pod's UID; empty when nobody does
 * @param address where clients reach it, host:port
 * @param peerAddress where other members reach it, host:port
 * @param zone failure zone, empty when unknown
 * @param leaving whether it is to be emptied and dropped
 */
public record Member(
        String name,
        String storeId,
        long boot,
        String instance,
        String address,
        String peerAddress,
        String zone,
        boolean leaving) {
    /** The same, to be emptied and dropped or not. */
    public Member withLeaving(boolean leaves) {
        return new Member(name, storeId, boot, instance, address, peerAddress, zone, leaves);
    }
}
