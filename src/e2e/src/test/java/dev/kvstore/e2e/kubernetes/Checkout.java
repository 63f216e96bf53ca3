package dev.kvstore.e2e.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The places in this checkout that the tests use. */
final class Checkout {
    private static final Path HOME = Path.of(System.getProperty("kvstore.home", "../.."))
            .toAbsolutePath()
            .normalize();

    private Checkout() {}

    static Path home() {
        return HOME;
    }

    static Path chart() {
        return HOME.resolve("helm/kvstore");
    }

    static Path deploy() {
        return HOME.resolve("deploy");
    }

    static Path docs() {
        return HOME.resolve("src/docs");
    }

    static String read(Path file) throws IOException {
        return Files.readString(file);
    }
}
