package dev.kvstore.node.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of keys. What is no UTF-8 comes as base64url in the field of the same name with 64 behind.
 *
 * @param next give it as {@code after} for the next page; absent on the last one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"keys", "next", "next64"})
record ListAnswer(
        List<Item> keys, @Nullable String next, @Nullable String next64) {
    /** One key. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"key", "key64", "version", "value", "value64"})
    record Item(
            @Nullable String key,
            @Nullable String key64,
            long version,
            @Nullable String value,
            @Nullable String value64) {}

    /** The answer to a list. */
    static ListAnswer of(Outcome.Page page, boolean values) {
        List<Item> items = new ArrayList<>(page.items().size());
        for (Outcome.Item item : page.items()) {
            TextOrBytes key = TextOrBytes.of(item.key());
            TextOrBytes value = values ? TextOrBytes.of(item.stored().value()) : TextOrBytes.NONE;
            items.add(new Item(key.text(), key.base64(), item.stored().version(), value.text(), value.base64()));
        }
        Bytes last = page.more() ? page.items().getLast().key() : null;
        TextOrBytes next = last == null ? TextOrBytes.NONE : TextOrBytes.of(last);
        return new ListAnswer(items, next.text(), next.base64());
    }
}
