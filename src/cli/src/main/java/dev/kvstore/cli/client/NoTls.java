package dev.kvstore.cli.client;

import java.security.KeyManagementException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Keeps the HTTP client from reading the machine's certificates, which costs more time than all else that it does. */
final class NoTls {
    private NoTls() {}

    /** A context that trusts nobody: requests are plain HTTP, and one to {@code https} could not succeed. */
    static SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (NoSuchAlgorithmException | KeyManagementException e) {
            throw new IllegalStateException("every Java has TLS", e);
        }
    }
}
