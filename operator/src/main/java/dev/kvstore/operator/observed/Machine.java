package dev.kvstore.operator.observed;

/**
 * A machine of the Kubernetes cluster on which a pod runs.
 *
 * @param zone its zone; empty when it names none
 * @param gone whether it is no longer known, or was marked as out of service: nothing runs there any more
 */
public record Machine(String zone, boolean gone) {
    /** One that is there and names no zone. */
    public static final Machine PLAIN = new Machine("", false);
}
