package dev.kvstore.testkit.bench.store;

import dev.kvstore.testkit.bench.load.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * etcd's gateway: JSON over HTTP, keys and values in base64. A range of one key is linearizable unless it asks not to be. The
 * answer's JSON is not parsed, which spares etcd's side of a comparison what a real client would spend on it.
 */
final class GatewayDialect implements Dialect {
    private static final byte[] FOUND = "\"kvs\":[".getBytes(StandardCharsets.US_ASCII);

    private final Values values;
    private final int encodedBytes;

    GatewayDialect(int valueBytes) {
        this.values = new Values(valueBytes, Base64.getEncoder()::encode);
        this.encodedBytes = values.any().length;
    }

    @Override
    public FullHttpRequest request(Kind kind, String key) {
        ByteBuf body = Unpooled.buffer(64 + key.length() * 2 + encodedBytes);
        body.writeCharSequence("{\"key\":\"", StandardCharsets.US_ASCII);
        body.writeBytes(Base64.getEncoder().encode(key.getBytes(StandardCharsets.UTF_8)));
        String path = switch (kind) {
            case PUT -> {
                body.writeCharSequence("\",\"value\":\"", StandardCharsets.US_ASCII);
                body.writeBytes(values.any());
                yield "/v3/kv/put";
            }
            case GET -> "/v3/kv/range";
        };
        body.writeCharSequence("\"}", StandardCharsets.US_ASCII);
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path, body);
        request.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
        return request;
    }

    @Override
    public @Nullable String judge(Kind kind, FullHttpResponse response) {
        boolean expected = response.status().code() == 200
                && switch (kind) {
                    case PUT -> true;
                    case GET ->
                        response.content().readableBytes() > encodedBytes
                                && ByteBufUtil.indexOf(Unpooled.wrappedBuffer(FOUND), response.content()) >= 0;
                };
        return expected ? null : KvDialect.describe(kind, response);
    }
}
