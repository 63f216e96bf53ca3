package dev.kvstore.testkit.bench.store;

import dev.kvstore.testkit.bench.load.Answered;
import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.bench.load.Store;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** etcd over gRPC, with its Java client: calls of all lanes share one connection to each node. Gets are linearizable. */
public final class EtcdGrpc implements Store {
    private final String name;
    private final Values values;
    private final ProcessorTime processorTime;
    private final Client client;
    private final KV kv;

    /**
     * A client.
     *
     * @param name what it is called in tables
     * @param nodes where etcd's nodes answer clients
     * @param valueBytes how long values are
     * @param processes etcd's processes
     */
    public EtcdGrpc(String name, List<URI> nodes, int valueBytes, List<ProcessHandle> processes) {
        this.name = name;
        this.processorTime = new ProcessorTime(processes);
        this.values = new Values(valueBytes, UnaryOperator.identity());
        this.client = Client.builder()
                .endpoints(nodes)
                .loadBalancerPolicy("round_robin")
                .build();
        this.kv = client.getKVClient();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void begin(Kind kind, int lane, String key, Answered answered) {
        ByteSequence bytes = ByteSequence.from(key, StandardCharsets.UTF_8);
        CompletableFuture<@Nullable String> answer = switch (kind) {
            case PUT -> kv.put(bytes, ByteSequence.from(values.any())).thenApply(put -> null);
            case GET -> kv.get(bytes).thenApply(get -> get.getKvs().size() == 1 ? null : key + " is not there");
        };
        // runs when the answer comes; what it does cannot fail
        var _ = answer.whenComplete(
                (failure, thrown) -> answered.answered(thrown == null ? failure : String.valueOf(thrown.getMessage())));
    }

    @Override
    public long cpuNs() {
        return processorTime.usedNs();
    }

    @Override
    public void close() {
        client.close();
    }
}
