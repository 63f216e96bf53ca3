package dev.kvstore.testkit.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.testkit.bench.report.Format;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class BenchArgumentsTest {

    @Test
    void withoutOptionsAnOwnClusterIsPutUnderLoad() {
        Plan plan = parse();
        assertThat(plan.what()).containsExactlyInAnyOrder(Plan.What.PUT, Plan.What.GET);
        assertThat(plan.nodes()).isEmpty();
        assertThat(plan.peer()).isNull();
        assertThat(plan.connections()).isEqualTo(64);
        assertThat(plan.keys()).isEqualTo(100_000);
        assertThat(plan.valueBytes()).isEqualTo(100);
    }

    @Test
    void whatIsGivenIsTaken() {
        Plan plan =
                parse("--what", "get", "--peer", "etcd", "--replication=2", "--output", "json", "--nodes", "a:1,b:2");
        assertThat(plan.what()).containsExactly(Plan.What.GET);
        assertThat(plan.peer()).isEqualTo(Plan.Peer.ETCD);
        assertThat(plan.replication()).isEqualTo(2);
        assertThat(plan.output()).isEqualTo(Format.JSON);
        assertThat(plan.nodes()).extracting(Object::toString).containsExactly("http://a:1", "http://b:2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    --replication 4                          | --replication is 2 or 3
                    --connections 0                          | --connections is from 1 to 2000, not 0
                    --connections many                       | 'many' is not an int
                    --what put,delete                        | delete
                    --peer redis                             | redis
                    --what failover --nodes a:1              | --nodes is for --what put,get
                    --what memory --peer etcd                | --peer is for --what put and get
                    --nodes http://a:1                       | 'http://a:1' is not HOST:PORT
                    --rate 0                                 | --rate is from 1 to 1000000
                    --seconds 0                              | --seconds is from 1 to 3600, not 0
                    --fast                                   | --fast
                    """)
    void whatMakesNoSenseIsRefusedWithTheReason(String arguments, String reason) {
        assertThatThrownBy(() -> parse(arguments.split(" ")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(reason);
    }

    private static Plan parse(String... arguments) {
        BenchArguments options = new BenchArguments();
        new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return options.plan();
    }
}
