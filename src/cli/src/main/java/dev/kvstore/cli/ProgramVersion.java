package dev.kvstore.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that the build gave this program. */
final class ProgramVersion implements IVersionProvider {
    /** Maven puts it into every jar. */
    private static final String RESOURCE = "/META-INF/maven/dev.kvstore/kvstore-cli/pom.properties";

    @Override
    public String[] getVersion() {
        return new String[] {"kvstore " + text()};
    }

    static String text() {
        Properties properties = new Properties();
        try (InputStream in = ProgramVersion.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unpackaged");
    }
}
