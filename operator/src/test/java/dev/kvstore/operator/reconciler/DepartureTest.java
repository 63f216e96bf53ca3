package dev.kvstore.operator.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.kvstore.operator.observed.Scene;
import dev.kvstore.operator.status.Situation.Remark;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DepartureTest {
    private static final String SMALLER = "{\"replicas\":3,\"partitions\":4}";
    private static final Map<String, String> FIVE =
            Map.of("demo-0", "", "demo-1", "", "demo-2", "", "demo-3", "", "demo-4", "");
    private static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

    private final List<String> asked = new ArrayList<>();
    private HttpServer node;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void listen() throws IOException {
        node = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        node.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        node.start();
    }

    @AfterEach
    void close() {
        node.stop(0);
    }

    @Test
    void nodesJudgeWhetherMembersMayLeave() {
        assertThat(departure().refusal(shrinking().observed())).isEmpty();
        assertThat(asked)
                .containsExactly(
                        "PATCH /v1/cluster/desired?dryRun=true {\"members\":{\"demo-3\":null,\"demo-4\":null}}");

        status = 409;
        answer = "{\"detail\":\"demo-0 has room for 5 bytes more\"}";
        assertThat(departure().refusal(shrinking().observed()))
                .contains(new Remark("MembersCannotLeave", "demo-0 has room for 5 bytes more"));
    }

    @Test
    void nobodyIsAskedWhereNobodyIsToLeaveOrTheNodesWereToldAlready() {
        assertThat(departure().refusal(Scene.running(3).at(0, LOOPBACK).observed()))
                .isEmpty();
        assertThat(departure()
                        .refusal(shrinking()
                                .told(3, Map.of("demo-0", "", "demo-1", "", "demo-2", ""), Map.of())
                                .observed()))
                .isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void orderIsFollowedWhereNoNodeAnswers() {
        status = 503;
        assertThat(departure().refusal(shrinking().at(1, LOOPBACK).observed())).isEmpty();
        assertThat(asked).hasSize(2);
    }

    private static Scene shrinking() {
        return Scene.running(5).told(5, FIVE, Map.of()).spec(SMALLER).at(0, LOOPBACK);
    }

    private Departure departure() {
        return new Departure(node.getAddress().getPort());
    }
}
