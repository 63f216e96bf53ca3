package dev.kvstore.node.transport;

import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.CodecException;
import dev.kvstore.node.transport.codec.FrameKind;
import dev.kvstore.node.transport.codec.Frames;
import dev.kvstore.node.transport.codec.Introduction;
import dev.kvstore.node.transport.codec.MessageCodec;
import dev.kvstore.node.transport.codec.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** A connection whose other end does just what a test says, byte by byte. */
final class RawPeer implements AutoCloseable {
    private static final int READ_TIMEOUT_MS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private int version = Protocol.VERSION;

    RawPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(READ_TIMEOUT_MS);
        this.in = new DataInputStream(socket.getInputStream());
    }

    static RawPeer dial(int port) throws IOException {
        return new RawPeer(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    static Introduction introduction(PeerId id) {
        // nobody listens at that address: this node will not be dialled back
        return new Introduction(Protocol.VERSION, "", id, "", "");
    }

    /** Greets as the one that has dialled. */
    RawPeer greet(Introduction introduction) throws IOException {
        version = introduction.version();
        write(Frames.introduction(UnpooledByteBufAllocator.DEFAULT, FrameKind.HELLO, introduction));
        return this;
    }

    RawPeer start() throws IOException {
        write(Frames.empty(UnpooledByteBufAllocator.DEFAULT, FrameKind.START));
        return this;
    }

    /** Answers a greeting as the one that was dialled. */
    RawPeer welcome(Introduction introduction) throws IOException {
        version = introduction.version();
        read(FrameKind.HELLO);
        write(Frames.introduction(UnpooledByteBufAllocator.DEFAULT, FrameKind.WELCOME, introduction));
        read(FrameKind.START);
        return this;
    }

    void write(ByteBuf bytes) throws IOException {
        write(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void message(Message message) throws IOException {
        ByteBuf out = Unpooled.buffer();
        Frames.begin(out, FrameKind.MESSAGE);
        new MessageCodec().write(out, message, version);
        Frames.end(out, 0);
        write(out);
    }

    /** The content of the next frame of a kind; signs of life in between are passed over. */
    ByteBuf read(FrameKind kind) throws IOException {
        while (true) {
            byte[] frame = new byte[in.readInt()];
            in.readFully(frame);
            ByteBuf content = Unpooled.wrappedBuffer(frame);
            FrameKind found = kind(content.readUnsignedByte());
            if (found == kind) {
                return content;
            }
            if (found != FrameKind.PING && found != FrameKind.ALIVE) {
                throw new IOException(found + " instead of " + kind);
            }
        }
    }

    private static FrameKind kind(int code) throws IOException {
        try {
            return FrameKind.of(code);
        } catch (CodecException e) {
            throw new IOException(e);
        }
    }

    Message readMessage() throws IOException, CodecException {
        return MessageCodec.read(read(FrameKind.MESSAGE), version);
    }

    /** Reads until the other side closes. */
    void awaitEnd() throws IOException {
        byte[] rest = new byte[1 << 16];
        try {
            while (in.read(rest) >= 0) {
                // what comes before the end does not matter
            }
        } catch (SocketException e) {
            // a reset is an end too
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
