package dev.kvstore.node.coordination;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kvstore.node.engine.Limits;

/** The bounds of a node as a JSON document. What it leaves out is as it was given at the start; what is not known is ignored. */
public final class LimitsJson {
    /** Version of the document's format. A document that does not name it is of the first one. */
    private static final int FORMAT = 1;

    private static final JsonMapper MAPPER = new JsonMapper();

    private LimitsJson() {}

    /**
     * Reads a document.
     *
     * @param otherwise what counts for bounds that it leaves out
     * @throws DesiredFormatException when it is none, or a value is out of its bounds
     */
    public static Limits read(String text, Limits otherwise) throws DesiredFormatException {
        try {
            JsonNode json = MAPPER.readTree(text);
            if (!json.isObject()) {
                throw new DesiredFormatException("the limits are not a JSON object");
            }
            DesiredJson.requireKnownFormat("the limits", json, FORMAT);
            return new Limits(
                    (int) number(json, "maxKeyBytes", otherwise.maxKeyBytes(), Integer.MAX_VALUE),
                    (int) number(json, "maxValueBytes", otherwise.maxValueBytes(), Integer.MAX_VALUE),
                    (int) number(json, "inFlightOps", otherwise.inFlightOps(), Integer.MAX_VALUE),
                    number(json, "inFlightBytes", otherwise.inFlightBytes(), Long.MAX_VALUE));
        } catch (JacksonException e) {
            throw new DesiredFormatException("the limits are not JSON: " + e.getOriginalMessage());
        } catch (IllegalArgumentException e) {
            throw new DesiredFormatException(String.valueOf(e.getMessage()));
        }
    }

    private static long number(JsonNode json, String name, long otherwise, long max) throws DesiredFormatException {
        JsonNode field = json.path(name);
        if (field.isMissingNode()) {
            return otherwise;
        }
        boolean whole = field.isIntegralNumber() && field.canConvertToLong();
        if (!whole || field.longValue() < 1 || field.longValue() > max) {
            throw new DesiredFormatException(name + " is not a whole number from 1 to " + max);
        }
        return field.longValue();
    }
}
