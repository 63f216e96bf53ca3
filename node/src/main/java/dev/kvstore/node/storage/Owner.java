package dev.kvstore.node.storage;

/**
 * Who opens a data folder; it belongs to one member of one cluster.
 *
 * @param name the member's name
 * @param clusterId the cluster that the folder must be of, if it is of any; empty when that is not known
 */
public record Owner(String name, String clusterId) {
    /** A member of whatever cluster the folder belongs to. */
    public static Owner of(String name) {
        return new Owner(name, "");
    }
}
