package dev.kvstore.testkit.bench.store;

import dev.kvstore.testkit.bench.load.Answered;
import dev.kvstore.testkit.bench.load.Kind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpUtil;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to one node, with one request at a time and no pipelining. It connects when there is something to send, and
 * anew after a failure. All of its state belongs to its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the connection, which is heard
final class HttpLane {
    private static final int MAX_BODY_BYTES = 64 << 20;

    /** Before a failed connection is tried again: a node that is down must not keep the client busy. */
    private static final long RECONNECT_MS = 10;

    private final EventLoop loop;
    private final Bootstrap bootstrap;
    private final InetSocketAddress address;
    private final String host;
    private final Dialect dialect;
    private final long timeoutNs;

    private @Nullable Channel channel;
    private @Nullable Request waiting;

    private record Request(Kind kind, Answered answered, long begunNs) {}

    HttpLane(EventLoop loop, Bootstrap bootstrap, URI node, Dialect dialect, long timeoutNs) {
        this.loop = loop;
        this.bootstrap = bootstrap.clone(loop);
        this.address = new InetSocketAddress(node.getHost(), node.getPort());
        this.host = node.getAuthority();
        this.dialect = dialect;
        this.timeoutNs = timeoutNs;
    }

    /** Sends a request, from any thread; the answer to the one before has come. */
    void begin(Kind kind, String key, Answered answered) {
        FullHttpRequest http = dialect.request(kind, key);
        http.headers().set(HttpHeaderNames.HOST, host);
        Request request = new Request(kind, answered, System.nanoTime());
        if (loop.inEventLoop()) {
            send(request, http);
        } else {
            loop.execute(() -> send(request, http));
        }
    }

    /** Gives up a request that waits for too long, on the event loop. */
    void look(long nowNs) {
        Request request = waiting;
        if (request != null && nowNs - request.begunNs() > timeoutNs) {
            end(request, "no answer within " + TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms");
            Channel stuck = channel;
            channel = null;
            if (stuck != null) {
                stuck.close();
            }
        }
    }

    private void send(Request request, FullHttpRequest http) {
        waiting = request;
        Channel open = channel;
        if (open != null && open.isActive()) {
            open.writeAndFlush(http);
            return;
        }
        ChannelFuture connecting = bootstrap.handler(new Connection()).connect(address);
        connecting.addListener(done -> {
            if (!request.equals(waiting)) {
                // it was given up meanwhile
                http.release();
                connecting.channel().close();
            } else if (done.isSuccess()) {
                channel = connecting.channel();
                connecting.channel().writeAndFlush(http);
            } else {
                http.release();
                loop.schedule(
                        () -> end(request, "no connection: " + done.cause()), RECONNECT_MS, TimeUnit.MILLISECONDS);
            }
        });
    }

    private void end(Request request, @Nullable String failure) {
        if (request.equals(waiting)) {
            waiting = null;
            request.answered().answered(failure);
        }
    }

    /** What happens on one connection. */
    private final class Connection extends SimpleChannelInboundHandler<FullHttpResponse> {

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            context.pipeline()
                    .addBefore(context.name(), "codec", new HttpClientCodec())
                    .addBefore(context.name(), "aggregator", new HttpObjectAggregator(MAX_BODY_BYTES));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
            Request request = waiting;
            if (!context.channel().equals(channel) || request == null) {
                // an answer that nobody waits for any more
                context.close();
                return;
            }
            if (!HttpUtil.isKeepAlive(response)) {
                channel = null;
                context.close();
            }
            end(request, dialect.judge(request.kind(), response));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (context.channel().equals(channel)) {
                channel = null;
                Request request = waiting;
                if (request != null) {
                    end(request, "the connection was closed");
                }
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // closing it answers what waits
            context.close();
        }
    }
}
