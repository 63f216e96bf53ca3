package dev.kvstore.node.http;

import dev.kvstore.core.data.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Bytes as JSON has them: the text when they are UTF-8, else base64url. */
record TextOrBytes(@Nullable String text, @Nullable String base64) {
    /** Nothing. */
    static final TextOrBytes NONE = new TextOrBytes(null, null);

    /** Of these bytes. */
    static TextOrBytes of(Bytes bytes) {
        try {
            // a new decoder reports what is malformed instead of replacing it
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.array()))
                    .toString();
            return new TextOrBytes(text, null);
        } catch (CharacterCodingException e) {
            return new TextOrBytes(null, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array()));
        }
    }
}
