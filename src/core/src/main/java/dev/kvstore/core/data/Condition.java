package dev.kvstore.core.data;

/** What must hold for a write to take effect. */
public sealed interface Condition {
    /** Always. */
    record Always() implements Condition {}

    /** Only when the key is absent. */
    record IfAbsent() implements Condition {}

    /** Only over this version of the key. */
    record IfVersion(long version) implements Condition {}

    /** The one instance that is needed of the unconditional case. */
    Condition ALWAYS = new Always();

    /** Whether it holds over a present version; 0 stands for an absent key. */
    default boolean holds(long presentVersion) {
        return switch (this) {
            case Always always -> true;
            case IfAbsent absent -> presentVersion == 0;
            case IfVersion wanted -> presentVersion == wanted.version() && presentVersion != 0;
        };
    }
}
