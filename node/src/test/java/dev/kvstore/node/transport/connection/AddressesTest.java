package dev.kvstore.node.transport.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private static final HostPort GIVEN = new HostPort("given", 1);
    private static final HostPort MEMBER = new HostPort("member", 1);
    private static final HostPort CALLER = new HostPort("caller", 1);

    private final Addresses addresses = new Addresses(Set.of(GIVEN));

    @Test
    void membersComeAndGoButWhatWasGivenStays() {
        addresses.members(Map.of(MEMBER, "m", GIVEN, "g"));
        assertThat(addresses.wanted()).containsExactlyInAnyOrder(GIVEN, MEMBER);
        assertThat(addresses.memberAt(GIVEN)).isEqualTo("g");
        addresses.members(Map.of());
        assertThat(addresses.wanted()).containsExactly(GIVEN);
        assertThat(addresses.memberAt(GIVEN)).isNull();
    }

    @Test
    void callersAreDialledBackAsLongAsTheyAreThere() {
        addresses.called("c", new HostPort("earlier", 1));
        addresses.called("c", CALLER);
        assertThat(addresses.wanted()).containsExactlyInAnyOrder(GIVEN, CALLER);
        addresses.hungUp("c");
        assertThat(addresses.wanted()).containsExactly(GIVEN);
    }
}
