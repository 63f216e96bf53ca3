package dev.kvstore.node.transport.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.message.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MessageCodecTest {
    private static final int ROUNDS = 300;

    private final MessageCodec codec = new MessageCodec();

    @ParameterizedTest
    @EnumSource
    void readsBackWhatItWrote(MessageType type) throws CodecException {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Message message = new RandomMessages(seed).message(type);
            assertThat(MessageType.of(message)).isEqualTo(type);
            for (int version = Protocol.OLDEST; version <= Protocol.VERSION; version++) {
                assertThat(MessageCodec.read(written(message, version), version))
                        .isEqualTo(message);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesAMessageThatIsCutShortOrTooLong(MessageType type) {
        for (int seed = 0; seed < 20; seed++) {
            for (int version : new int[] {Protocol.OLDEST, Protocol.VERSION}) {
                ByteBuf whole = written(new RandomMessages(seed).message(type), version);
                for (int length = 0; length < whole.readableBytes(); length++) {
                    ByteBuf part = whole.slice(0, length);
                    assertThatThrownBy(() -> MessageCodec.read(part, version)).isInstanceOf(CodecException.class);
                }
                whole.writeByte(0);
                assertThatThrownBy(() -> MessageCodec.read(whole, version)).isInstanceOf(CodecException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void noticesEveryChangedBit(MessageType type) {
        ByteBuf whole = written(new RandomMessages(7).message(type), Protocol.VERSION);
        for (int bit = 0; bit < 8 * whole.readableBytes(); bit++) {
            ByteBuf changed = whole.copy();
            changed.setByte(bit / 8, changed.getByte(bit / 8) ^ (1 << (bit % 8)));
            assertThatThrownBy(() -> MessageCodec.read(changed, Protocol.VERSION))
                    .isInstanceOf(CodecException.class)
                    .hasMessageContaining("checksum");
        }
    }

    /** Whatever the bytes are: a message, or a complaint; never another exception, never memory for lengths that are made up. */
    @ParameterizedTest
    @EnumSource
    void survivesChangedBytes(MessageType type) {
        Random random = new Random(type.code());
        for (int seed = 0; seed < ROUNDS; seed++) {
            ByteBuf bytes = written(new RandomMessages(seed).message(type), Protocol.OLDEST);
            for (int i = 0; i < 3; i++) {
                bytes.setByte(1 + random.nextInt(Math.max(1, bytes.readableBytes() - 1)), random.nextInt());
            }
            try {
                assertThat(MessageCodec.read(bytes, Protocol.OLDEST)).isNotNull();
            } catch (CodecException e) {
                assertThat(e).hasMessageMatching("(?s).+");
            }
        }
    }

    private ByteBuf written(Message message, int version) {
        ByteBuf out = Unpooled.buffer();
        codec.write(out, message, version);
        return out;
    }
}
