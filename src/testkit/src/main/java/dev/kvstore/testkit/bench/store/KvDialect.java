package dev.kvstore.testkit.bench.store;

import dev.kvstore.testkit.bench.load.Kind;
import dev.kvstore.testkit.load.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** This store's own interface. */
final class KvDialect implements Dialect {
    private static final String KEYS = "/v1/keys/";
    private static final int SHOWN_BYTES = 200;

    private final Values values;
    private final int valueBytes;

    KvDialect(int valueBytes) {
        this.values = new Values(valueBytes, UnaryOperator.identity());
        this.valueBytes = valueBytes;
    }

    @Override
    public FullHttpRequest request(Kind kind, String key) {
        String path = KEYS + Bytes.of(key).toPercentEncoded();
        return switch (kind) {
            case PUT -> {
                ByteBuf value = Unpooled.wrappedBuffer(values.any());
                FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.PUT, path, value);
                request.headers().set(HttpHeaderNames.CONTENT_LENGTH, value.readableBytes());
                yield request;
            }
            case GET -> new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path, Unpooled.EMPTY_BUFFER);
        };
    }

    @Override
    public @Nullable String judge(Kind kind, FullHttpResponse response) {
        int status = response.status().code();
        boolean expected = switch (kind) {
            case PUT -> status == 201 || status == 204;
            case GET -> status == 200 && response.content().readableBytes() == valueBytes;
        };
        return expected ? null : describe(kind, response);
    }

    /** An answer in short. */
    static String describe(Kind kind, FullHttpResponse response) {
        ByteBuf body = response.content();
        return kind + " was answered " + response.status() + " with " + body.readableBytes() + " bytes: "
                + body.toString(
                        body.readerIndex(), Math.min(SHOWN_BYTES, body.readableBytes()), StandardCharsets.UTF_8);
    }
}
