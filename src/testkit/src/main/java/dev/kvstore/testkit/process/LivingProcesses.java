package dev.kvstore.testkit.process;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Every process that was started and not yet seen to end. They are killed when this JVM ends, however a test left them. */
final class LivingProcesses {

    private static final Set<ManagedProcess> LIVING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> LIVING.forEach(ManagedProcess::killNow), "kill-test-processes"));
    }

    private LivingProcesses() {}

    static void add(ManagedProcess process) {
        LIVING.add(process);
    }

    static void remove(ManagedProcess process) {
        LIVING.remove(process);
    }
}
