package dev.kvstore.node.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Strict reading of one JSON object: every field is asked for once, and {@link #end} refuses those that nobody asked for. */
final class Fields {
    private final JsonNode node;
    private final String where;
    private final Set<String> asked = new HashSet<>();

    private Fields(JsonNode node, String where) {
        this.node = node;
        this.where = where;
    }

    /** The fields of a node; {@code where} names it in messages. */
    static Fields of(JsonNode node, String where) throws RingFormatException {
        if (!node.isObject()) {
            throw new RingFormatException(where + " is not an object");
        }
        return new Fields(node, where);
    }

    String where() {
        return where;
    }

    String text(String name) throws RingFormatException {
        return text(field(name), path(name));
    }

    boolean flag(String name) throws RingFormatException {
        JsonNode field = field(name);
        if (!field.isBoolean()) {
            throw new RingFormatException(path(name) + " is neither true nor false");
        }
        return field.booleanValue();
    }

    long number(String name, long min) throws RingFormatException {
        return number(name, min, Long.MAX_VALUE);
    }

    long number(String name, long min, long max) throws RingFormatException {
        JsonNode field = field(name);
        boolean fits = field.isIntegralNumber() && field.canConvertToLong();
        if (!fits || field.longValue() < min || field.longValue() > max) {
            throw new RingFormatException(path(name) + " is not a whole number from " + min + " to " + max);
        }
        return field.longValue();
    }

    List<String> texts(String name) throws RingFormatException {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : array(name)) {
            texts.add(text(element, path(name) + "[" + texts.size() + "]"));
        }
        return texts;
    }

    List<Fields> objects(String name) throws RingFormatException {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode element : array(name)) {
            objects.add(of(element, path(name) + "[" + objects.size() + "]"));
        }
        return objects;
    }

    /** To be called when every known field was asked for. */
    void end() throws RingFormatException {
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!asked.contains(name)) {
                throw new RingFormatException(path(name) + " is not known");
            }
        }
    }

    private JsonNode array(String name) throws RingFormatException {
        JsonNode field = field(name);
        if (!field.isArray()) {
            throw new RingFormatException(path(name) + " is not an array");
        }
        return field;
    }

    private JsonNode field(String name) throws RingFormatException {
        asked.add(name);
        JsonNode field = node.get(name);
        if (field == null) {
            throw new RingFormatException(path(name) + " is missing");
        }
        return field;
    }

    private static String text(JsonNode node, String path) throws RingFormatException {
        if (!node.isTextual()) {
            throw new RingFormatException(path + " is not a text");
        }
        return node.textValue();
    }

    private String path(String name) {
        return where + "." + name;
    }
}
