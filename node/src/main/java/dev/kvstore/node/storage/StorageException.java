package dev.kvstore.node.storage;

import java.nio.file.Path;

/** The store cannot be used. The message is for whoever runs the node: it names the folder and says what to do. */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final String WHAT_TO_DO =
            ". Nothing of it is served. If the disk is sound, start the node once with --refill (./kvstore start NAME"
                    + " --refill): that throws this copy away and fills the node from the other copies of its data. Do so"
                    + " with one node at a time";

    StorageException(String message) {
        super(message);
    }

    StorageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The store was written by another version of this program, and is left as it is. */
    static StorageException otherVersion(Path store, String detail) {
        return new StorageException(
                "the store in " + store + " was written by another version of this program: " + detail
                        + ". Nothing was changed in it. Start the version that wrote it, or one that is newer by no more than one"
                        + " format; or, if other nodes have copies of all that it holds, give this node an empty folder, or start it"
                        + " once with --refill");
    }

    /** What the store holds is in no form that this program knows. */
    static StorageException unreadable(Path store, String detail) {
        return damaged(store, detail + " (or a later version of this program has used it: then start that version)");
    }

    static StorageException damaged(Path store, String detail) {
        return new StorageException("the store in " + store + " is damaged: " + detail + WHAT_TO_DO);
    }

    /** The store was found damaged before, and a note was left. */
    static StorageException foundDamaged(Path store, Path note, String reason) {
        return new StorageException("the store in " + store + " was found damaged when it was in use, as " + note
                + " tells: " + reason + WHAT_TO_DO
                + ". If other copies are gone and the rest of this one is wanted, remove that note: what is damaged stays"
                + " unreadable, and the node stops when it meets it");
    }
}
