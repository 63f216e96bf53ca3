package dev.kvstore.node.transport.connection;

import dev.kvstore.node.transport.TlsSettings;
import dev.kvstore.node.transport.TransportException;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import javax.net.ssl.SSLException;

/** Both roles of a node in TLS, as {@link TlsSettings} say. */
public record Tls(SslContext server, SslContext client) {
    /**
     * Reads the files.
     *
     * @throws TransportException when one cannot be used, with a message for a user
     */
    public static Tls of(TlsSettings settings) throws TransportException {
        try {
            SslContext server = SslContextBuilder.forServer(
                            settings.certificate().toFile(), settings.key().toFile())
                    .sslProvider(SslProvider.JDK)
                    .trustManager(settings.authority().toFile())
                    .clientAuth(ClientAuth.REQUIRE)
                    .build();
            SslContext client = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.JDK)
                    .keyManager(settings.certificate().toFile(), settings.key().toFile())
                    .trustManager(settings.authority().toFile())
                    .build();
            return new Tls(server, client);
        } catch (SSLException | IllegalArgumentException e) {
            throw new TransportException(
                    "The TLS files cannot be used (certificate %s, key %s, authority %s): %s. All must be PEM, the key PKCS 8 without a password."
                            .formatted(settings.certificate(), settings.key(), settings.authority(), reason(e)),
                    e);
        }
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown.getCause();
        return String.valueOf((cause == null ? thrown : cause).getMessage());
    }
}
