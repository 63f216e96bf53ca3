package dev.kvstore.node.transport.connection;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that are worth dialling, and who is behind them as far as known: those that the node was told of, those
 * of the ring's members, and those of nodes that are connected to this one.
 */
final class Addresses {
    private Set<HostPort> given;
    private Map<HostPort, String> members = Map.of();
    private final Map<String, HostPort> callers = new HashMap<>();

    Addresses(Set<HostPort> given) {
        this.given = Set.copyOf(given);
    }

    /** The node was told of these. */
    void given(Set<HostPort> addressesGiven) {
        given = Set.copyOf(addressesGiven);
    }

    /** The ring names these members, without this node. */
    void members(Map<HostPort, String> byAddress) {
        members = Map.copyOf(byAddress);
    }

    /** A node has connected to this one, and says that it is reached there. */
    void called(String name, HostPort address) {
        callers.put(name, address);
    }

    /** It is not connected to this one any more. */
    void hungUp(String name) {
        callers.remove(name);
    }

    Set<HostPort> wanted() {
        Set<HostPort> wanted = new HashSet<>(given);
        wanted.addAll(members.keySet());
        wanted.addAll(callers.values());
        return wanted;
    }

    /** Which member the ring knows under this address, or null. */
    @Nullable
    String memberAt(HostPort address) {
        return members.get(address);
    }
}
