package dev.kvstore.testkit.bench;

import dev.kvstore.testkit.bench.report.Numbers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** What a reader has to know of a machine to judge its numbers. */
final class Machine {
    private static final int SYNCS = 100;
    private static final int SYNC_BYTES = 4_096;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private Machine() {}

    /** The facts, by name; the time of a sync is measured in this folder. */
    static Map<String, String> facts(Path folder) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("cores", Runtime.getRuntime().availableProcessors() + processor());
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("Java", Runtime.version().toString());
        facts.put("file system", Files.getFileStore(folder).type());
        facts.put("sync of 4 KiB", Numbers.ms(syncMs(folder)) + " ms (median)");
        return facts;
    }

    /** How long this folder's disk takes to write so much in a row and to sync it at the end. */
    static double writeSeconds(Path folder, int mib) throws IOException {
        byte[] chunk = new byte[CHUNK_BYTES];
        // a file system may store zeros as nothing
        new Random(mib).nextBytes(chunk);
        Path file = Files.createTempFile(folder, "write", "");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long begunNs = System.nanoTime();
            for (int i = 0; i < mib; i++) {
                ByteBuffer left = ByteBuffer.wrap(chunk);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            }
            channel.force(true);
            return (System.nanoTime() - begunNs) / NS_PER_S;
        } finally {
            Files.delete(file);
        }
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> " (" + line.substring(line.indexOf(':') + 1).strip() + ")")
                    .orElse("");
        } catch (IOException _) {
            // not Linux: the number has to do
            return "";
        }
    }

    private static double syncMs(Path folder) throws IOException {
        Path file = Files.createTempFile(folder, "sync", "");
        List<Double> times = new ArrayList<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < SYNCS; i++) {
                long begunNs = System.nanoTime();
                channel.write(ByteBuffer.allocate(SYNC_BYTES));
                channel.force(false);
                times.add((System.nanoTime() - begunNs) / NS_PER_MS);
            }
        } finally {
            Files.delete(file);
        }
        return Numbers.median(times);
    }
}
