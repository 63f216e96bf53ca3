package dev.kvstore.operator.fields;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Fields that somebody else has added to an object that is applied: an environment variable, a sidecar, a port. An apply leaves
 * them alone, since it only takes away what the same manager had applied before. So they are first taken over in the record of
 * who manages what, as if they had been applied; the next apply, which has them not, removes them, and nothing else.
 *
 * @param paths where they are; empty when there are none
 * @param record the record in which they are taken over
 */
public record Additions(SortedSet<String> paths, List<ManagedFieldsEntry> record) {
    /** What an object is about. Labels, annotations and finalizers of others are theirs, and so is the status. */
    private static final Set<String> CONTENT = Set.of("f:spec", "f:rules", "f:subjects", "f:data", "f:binaryData");

    /** The pods' annotation by which "kubectl rollout restart" orders, which is followed. */
    public static final String RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

    private static final String RESTART = "/f:spec/f:template/f:metadata/f:annotations/f:" + RESTARTED_AT;

    /** Says that an element or a map is there at all. */
    private static final String ITSELF = ".";

    /** What others than a manager have added to what it applied. */
    public static Additions of(HasMetadata object, String manager) {
        List<ManagedFieldsEntry> entries = object.getMetadata().getManagedFields();
        ManagedFieldsEntry own = entries.stream()
                .filter(each -> isOwn(each, manager))
                .findFirst()
                .orElse(null);
        SortedSet<String> paths = new TreeSet<>();
        if (own == null) {
            return new Additions(paths, entries);
        }
        Map<String, Object> ours = copy(own.getFieldsV1());
        List<ManagedFieldsEntry> record = new ArrayList<>();
        for (ManagedFieldsEntry entry : entries) {
            if (!isOwn(entry, manager)) {
                Map<String, Object> theirs = copy(entry.getFieldsV1());
                move(theirs, ours, "", paths);
                if (!theirs.isEmpty()) {
                    record.add(with(entry, theirs));
                }
            }
        }
        record.addFirst(with(own, ours));
        return new Additions(paths, record);
    }

    private static boolean isOwn(ManagedFieldsEntry entry, String manager) {
        return manager.equals(entry.getManager()) && "Apply".equals(entry.getOperation());
    }

    private static void move(Map<String, Object> theirs, Map<String, Object> ours, String at, Set<String> paths) {
        Iterator<Map.Entry<String, Object>> each = theirs.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<String, Object> field = each.next();
            String name = field.getKey();
            String path = at + "/" + name;
            if (name.equals(ITSELF) || path.equals(RESTART) || (at.isEmpty() && !CONTENT.contains(name))) {
                continue;
            }
            Map<String, Object> inTheirs = map(field.getValue());
            boolean shared = ours.containsKey(name);
            if (!shared && (inTheirs.isEmpty() || !name.startsWith("f:"))) {
                ours.put(name, inTheirs);
                paths.add(path);
                each.remove();
            } else if (!inTheirs.isEmpty()) {
                Map<String, Object> inOurs = map(ours.get(name));
                move(inTheirs, inOurs, path, paths);
                if (!inOurs.isEmpty()) {
                    ours.put(name, inOurs);
                }
                if (inTheirs.isEmpty()) {
                    each.remove();
                }
            }
        }
    }

    private static ManagedFieldsEntry with(ManagedFieldsEntry entry, Map<String, Object> fields) {
        FieldsV1 written = new FieldsV1();
        written.setAdditionalProperties(fields);
        return new ManagedFieldsEntryBuilder(entry).withFieldsV1(written).build();
    }

    private static Map<String, Object> copy(@Nullable FieldsV1 fields) {
        Map<String, Object> copy = new TreeMap<>();
        if (fields != null) {
            fields.getAdditionalProperties().forEach((name, value) -> copy.put(name, deepCopy(value)));
        }
        return copy;
    }

    private static Map<String, Object> deepCopy(Object fields) {
        Map<String, Object> copy = new TreeMap<>();
        map(fields).forEach((name, value) -> copy.put(name, deepCopy(value)));
        return copy;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object fields) {
        return fields instanceof Map<?, ?> ? (Map<String, Object>) fields : new TreeMap<>();
    }
}
