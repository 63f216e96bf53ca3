package dev.kvstore.node.transport.connection;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.logging.Logger.Level;

/** Logs what is wrong with other nodes once, however often they try again. */
final class Complaints {
    /** About how many nodes it remembers what it has said. */
    private static final int MAX_SUBJECTS = 1_024;

    private final Logger log;
    private final Map<String, String> last = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_SUBJECTS;
        }
    };

    Complaints(Logger log) {
        this.log = log;
    }

    /** Logs what is wrong, unless that was the last thing said about the same subject. */
    void about(String subject, String text) {
        about(Level.WARN, subject, text);
    }

    /** The same for what is to be expected now and then. */
    void note(String subject, String text) {
        about(Level.INFO, subject, text);
    }

    private void about(Level level, String subject, String text) {
        if (!text.equals(last.put(subject, text))) {
            log.logf(level, "%s: %s", subject, text);
        }
    }

    /** All is well with it again. */
    void settled(String subject) {
        last.remove(subject);
    }
}
