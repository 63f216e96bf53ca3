package dev.kvstore.node.engine;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Merges the pages of several partitions into one in byte order. A partition that has more keys than its page tells nothing
 * about keys after its page's last one, so the merged page ends there at the latest.
 */
final class PageMerge {
    private PageMerge() {}

    /**
     * Merges.
     *
     * @param pages one for each partition that may hold keys of the wanted range
     * @param limit keys that the merged page may have
     * @param upTo no key after this one; null for no such bound
     * @return its {@code more} says that keys may follow; it may then have fewer than {@code limit} keys, even none
     */
    static Outcome.Page merge(Collection<Outcome.Page> pages, int limit, @Nullable Bytes upTo) {
        Bytes bound = upTo;
        List<Outcome.Item> items = new ArrayList<>();
        if (blocked(pages)) {
            return new Outcome.Page(List.of(), true);
        }
        for (Outcome.Page page : pages) {
            if (page.more()) {
                bound = lesser(bound, page.items().getLast().key());
            }
            items.addAll(page.items());
        }
        Bytes last = bound;
        if (last != null) {
            items.removeIf(item -> item.key().compareTo(last) > 0);
        }
        items.sort(Comparator.comparing(Outcome.Item::key));
        boolean cut = items.size() > limit;
        return new Outcome.Page(List.copyOf(cut ? items.subList(0, limit) : items), cut || last != null);
    }

    /** Whether a partition has keys but names none, so that nothing can be said about any. */
    static boolean blocked(Collection<Outcome.Page> pages) {
        return pages.stream().anyMatch(page -> page.more() && page.items().isEmpty());
    }

    private static Bytes lesser(@Nullable Bytes one, Bytes other) {
        return one == null || other.compareTo(one) < 0 ? other : one;
    }
}
