package dev.kvstore.testkit.bench;

import java.io.Serial;

/** A measurement needs a program that this machine does not have; the message says how to get it. */
final class MissingProgramException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private MissingProgramException(String message) {
        super(message);
    }

    static MissingProgramException etcd() {
        return new MissingProgramException("--peer etcd needs the program etcd, which is not on the path; on Debian:"
                + " apt-get install etcd-server");
    }
}
