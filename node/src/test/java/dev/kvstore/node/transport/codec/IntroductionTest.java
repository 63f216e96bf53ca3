package dev.kvstore.node.transport.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.message.PeerId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class IntroductionTest {
    private static final PeerId ID = new PeerId("demo-0", "store", 3);

    @Test
    void isReadAsItWasWritten() throws CodecException {
        Introduction written = new Introduction(2, "cluster", ID, "demo-0:8081", "space/demo-ring");
        ByteBuf bytes = Unpooled.buffer();
        written.write(bytes);
        bytes.writeByte(7); // of a later build
        assertThat(Introduction.read(bytes)).isEqualTo(written);
    }

    @Test
    void isReadWithoutThePlaceThatTheFirstBuildsDidNotTell() throws CodecException {
        assertThat(Introduction.read(ofTheFirstBuilds()))
                .isEqualTo(new Introduction(2, "cluster", ID, "demo-0:8081", ""));
    }

    @Test
    void isRefusedWhenItIsCutShort() {
        ByteBuf bytes = ofTheFirstBuilds();
        bytes.writerIndex(bytes.writerIndex() - 1);
        assertThatThrownBy(() -> Introduction.read(bytes)).isInstanceOf(CodecException.class);
    }

    private static ByteBuf ofTheFirstBuilds() {
        ByteBuf bytes = Unpooled.buffer();
        bytes.writeInt(Protocol.MAGIC).writeShort(2);
        Wire.writeText(bytes, "cluster");
        Wire.writeText(bytes, ID.name());
        Wire.writeText(bytes, ID.storeId());
        Wire.writeLong(bytes, ID.boot());
        Wire.writeText(bytes, "demo-0:8081");
        return bytes;
    }
}
