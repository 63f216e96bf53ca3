package dev.kvstore.node.codec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.kvstore.core.ring.Assignment;
import dev.kvstore.core.ring.Member;
import dev.kvstore.core.ring.Ring;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ring as a JSON document. Equal rings give equal texts, byte for byte. Reading is strict: a field that is missing,
 * unknown, doubled or of another type is an error, since a ring that was understood by halves would not be the same ring;
 * what a later version adds raises {@link #FORMAT}.
 */
public final class RingJson {
    /** Version of the document's format. */
    public static final int FORMAT = 1;

    /** Most partitions that a ring can have. */
    private static final int MAX_PARTITIONS = 1024;

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private RingJson() {}

    /** The document of a ring, without line breaks. */
    public static String write(Ring ring) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            json.writeNumberField("format", FORMAT);
            json.writeStringField("clusterId", ring.clusterId());
            json.writeNumberField("version", ring.version());
            json.writeArrayFieldStart("members");
            for (Member member : ring.members()) {
                writeMember(json, member);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("partitions");
            for (Assignment partition : ring.partitions()) {
                writePartition(json, partition);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be written", e);
        }
        return text.toString();
    }

    /**
     * Reads a document.
     *
     * @throws RingFormatException when the text is not a ring of this format
     */
    public static Ring read(String text) throws RingFormatException {
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new RingFormatException("the ring is not JSON: " + e.getOriginalMessage());
        }
        Fields ring = Fields.of(root, "ring");
        long format = ring.number("format", 1);
        if (format > FORMAT) {
            throw new RingFormatException(
                    "the ring is of format " + format + ", which a later version of this program"
                            + " wrote; this one reads formats up to " + FORMAT,
                    true);
        }
        String clusterId = ring.text("clusterId");
        long version = ring.number("version", 1);
        List<Member> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Fields each : ring.objects("members")) {
            Member member = readMember(each);
            if (!names.add(member.name())) {
                throw new RingFormatException(each.where() + " has the name of another member, " + member.name());
            }
            members.add(member);
        }
        List<Assignment> partitions = new ArrayList<>();
        for (Fields each : ring.objects("partitions")) {
            partitions.add(readPartition(each));
        }
        ring.end();
        int count = partitions.size();
        if (Integer.bitCount(count) != 1 || count > MAX_PARTITIONS) {
            throw new RingFormatException(
                    "ring.partitions has " + count + " elements, not a power of two from 1 to " + MAX_PARTITIONS);
        }
        return new Ring(clusterId, version, members, partitions);
    }

    private static void writeMember(JsonGenerator json, Member member) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", member.name());
        json.writeStringField("storeId", member.storeId());
        json.writeNumberField("boot", member.boot());
        json.writeStringField("instance", member.instance());
        json.writeStringField("address", member.address());
        json.writeStringField("peerAddress", member.peerAddress());
        json.writeStringField("zone", member.zone());
        json.writeBooleanField("leaving", member.leaving());
        json.writeEndObject();
    }

    private static Member readMember(Fields member) throws RingFormatException {
        Member read = new Member(
                member.text("name"),
                member.text("storeId"),
                member.number("boot", 0),
                member.text("instance"),
                member.text("address"),
                member.text("peerAddress"),
                member.text("zone"),
                member.flag("leaving"));
        member.end();
        return read;
    }

    private static void writePartition(JsonGenerator json, Assignment partition) throws IOException {
        json.writeStartObject();
        json.writeNumberField("epoch", partition.epoch());
        json.writeStringField("primary", partition.primary());
        json.writeNumberField("since", partition.since());
        writeTexts(json, "inSync", partition.inSync());
        writeTexts(json, "replicas", partition.replicas());
        json.writeBooleanField("lost", partition.lost());
        json.writeNumberField("losses", partition.losses());
        json.writeEndObject();
    }

    private static Assignment readPartition(Fields partition) throws RingFormatException {
        Assignment read = new Assignment(
                partition.number("epoch", 0),
                partition.text("primary"),
                partition.number("since", 0),
                partition.texts("inSync"),
                partition.texts("replicas"),
                partition.flag("lost"),
                (int) partition.number("losses", 0, Integer.MAX_VALUE));
        partition.end();
        return read;
    }

    private static void writeTexts(JsonGenerator json, String name, List<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }
}
