package dev.kvstore.e2e.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The places in this checkout that the tests use. */
public final class Checkout {
    private static final Path HOME = Path.of(System.getProperty("kvstore.home", "../.."))
            .toAbsolutePath()
            .normalize();

    private Checkout() {}

    /**
     * Its top folder.
     *
     * @return the folder
     */
    public static Path home() {
        return HOME;
    }

    /**
     * The chart.
     *
     * @return the folder
     */
    public static Path chart() {
        return HOME.resolve("helm/kvstore");
    }

    /**
     * The plain manifests and samples.
     *
     * @return the folder
     */
    public static Path deploy() {
        return HOME.resolve("deploy");
    }

    static Path docs() {
        return HOME.resolve("src/docs");
    }

    static String read(Path file) throws IOException {
        return Files.readString(file);
    }
}
