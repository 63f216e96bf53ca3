package dev.kvstore.cli.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.Json;
import dev.kvstore.cli.model.NodeAddress;
import dev.kvstore.cli.model.Problem;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a node answered: status, the headers that matter here, and the body.
 *
 * @param version from the {@code ETag}
 * @param retryAfterS from {@code Retry-After}, in seconds
 */
record Answer(NodeAddress node, int status, OptionalLong version, Optional<String> retryAfterS, byte[] body) {
    /** Whether this is the outcome that the interface names so, not a page of another program with the same status. */
    boolean isProblem(int status, String code) {
        return this.status == status && problem().code().equals(code);
    }

    /** The version that comes with every success on a key. */
    long requireVersion() {
        return version.orElseThrow(() -> foreign("it sends no version"));
    }

    Problem problem() {
        ObjectNode document = Json.parseObject(body).orElseGet(Json::object);
        String detail = Json.text(document, "detail")
                .or(() -> Json.text(document, "title"))
                .orElse("HTTP status " + status);
        return new Problem(status, Json.text(document, "code").orElse(""), detail, retryAfterS, version);
    }

    /** The failure that an answer other than success is. {@code write}: the request would have changed something. */
    ClientException failure(boolean write) {
        Problem problem = problem();
        return problem.code().isEmpty()
                ? foreign("status " + status + " without a problem document")
                : new ClientException.Refused(problem, write);
    }

    ClientException foreign(String what) {
        return new ClientException.Foreign(node, what);
    }
}
