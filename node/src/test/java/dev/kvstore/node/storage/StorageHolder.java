package dev.kvstore.node.storage;

import java.nio.file.Path;

/** Opens a store, says so, and keeps it until it is killed. */
final class StorageHolder {
    private StorageHolder() {}

    public static void main(String[] args) throws Exception {
        try (Storage storage =
                Storage.open(Path.of(args[0]), Owner.of(Disk.NAME), input -> {}, StorageSettings.DEFAULT)) {
            System.out.println(storage.recovered().boot());
            Thread.currentThread().join();
        }
    }
}
