package dev.kvstore.node.transport.codec;

import dev.kvstore.core.message.PeerId;
import io.netty.buffer.ByteBuf;

/**
 * What a member says of itself at the start of a connection.
 *
 * @param version the newest protocol version that it speaks
 * @param clusterId empty while it belongs to no cluster
 * @param peerAddress where other members reach it, host:port
 * @param place where its cluster coordinates, empty where that has no name: see {@link dev.kvstore.node.transport.LocalPeer}
 */
public record Introduction(int version, String clusterId, PeerId id, String peerAddress, String place) {
    /** The same node, which belongs to that cluster. */
    public Introduction withCluster(String cluster) {
        return new Introduction(version, cluster, id, peerAddress, place);
    }

    /** Writes it. */
    void write(ByteBuf out) {
        out.writeInt(Protocol.MAGIC).writeShort(version);
        Wire.writeText(out, clusterId);
        Wire.writeText(out, id.name());
        Wire.writeText(out, id.storeId());
        Wire.writeLong(out, id.boot());
        Wire.writeText(out, peerAddress);
        Wire.writeText(out, place);
    }

    /**
     * Reads one; what a newer version may have put after it is ignored.
     *
     * @throws CodecException when it is none
     */
    public static Introduction read(ByteBuf in) throws CodecException {
        try {
            if (in.readInt() != Protocol.MAGIC) {
                throw new CodecException("what it sends is no greeting of this store");
            }
            int version = in.readUnsignedShort();
            String clusterId = Wire.readText(in);
            PeerId id = new PeerId(Wire.readText(in), Wire.readText(in), Wire.readLong(in));
            if (id.name().isEmpty() || id.storeId().isEmpty()) {
                throw new CodecException("a greeting without a name or a store id");
            }
            String peerAddress = Wire.readText(in);
            // the first builds ended here
            return new Introduction(version, clusterId, id, peerAddress, in.isReadable() ? Wire.readText(in) : "");
        } catch (IndexOutOfBoundsException e) {
            throw new CodecException("a greeting that is cut short", e);
        }
    }
}
