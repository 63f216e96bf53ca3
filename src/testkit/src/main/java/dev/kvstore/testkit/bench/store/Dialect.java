package dev.kvstore.testkit.bench.store;

import dev.kvstore.testkit.bench.load.Kind;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import org.jspecify.annotations.Nullable;

/** How a store is spoken to over HTTP. */
interface Dialect {

    /** A new request, without the header that names the host. */
    FullHttpRequest request(Kind kind, String key);

    /** What is wrong with an answer; null when it is the one that was hoped for. */
    @Nullable
    String judge(Kind kind, FullHttpResponse response);
}
