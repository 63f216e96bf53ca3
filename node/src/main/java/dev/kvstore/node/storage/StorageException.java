package dev.kvstore.node.storage;

import java.nio.file.Path;

/** The store cannot be used. The message is for whoever runs the node: it names the folder and says what to do. */
public final class StorageException extends Exception {
    private static final long serialVersionUID = 1L;

    StorageException(String message) {
        super(message);
    }

    StorageException(String message, Throwable cause) {
        super(message, cause);
    }

    /** What the store holds is in no form that this program knows. */
    static StorageException unreadable(Path store, String detail) {
        return damaged(store, detail + " (or a later version of this program has used it: then start that version)");
    }

    static StorageException damaged(Path store, String detail) {
        return new StorageException("the store in " + store + " is damaged: " + detail
                + ". If the disk is sound, move this folder away and start the node again: it comes back empty and is filled"
                + " from the other copies of its data. Do so with one node at a time, and not while partitions have their"
                + " last copy here.");
    }
}
