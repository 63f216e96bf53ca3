package dev.kvstore.node.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.core.io.Input;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.message.PeerId;
import dev.kvstore.node.transport.codec.Introduction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mutual TLS, with certificates that vouch for themselves. */
@Timeout(120)
class TlsTest {
    private static final String PASSWORD = "password";
    private static final PeerId A = new PeerId("a", "store-a", 1);
    private static final PeerId B = new PeerId("b", "store-b", 1);

    @TempDir
    Path folder;

    @Test
    void onlyNodesWithACertificateOfTheAuthorityTalkToEachOther() throws Exception {
        TlsSettings tls = certificate("cluster");
        TlsSettings strange = certificate("stranger");
        try (TestNode a = TestNode.open(
                        A, "", TestNode.settings(TestNode.freePort()).withTls(tls));
                TestNode b = TestNode.open(
                        B, "", TestNode.settings(TestNode.freePort()).withTls(tls), a.address);
                TestNode stranger = TestNode.open(
                        new PeerId("stranger", "store", 1),
                        "",
                        TestNode.settings(TestNode.freePort())
                                .withTls(new TlsSettings(strange.certificate(), strange.key(), tls.authority())),
                        a.address);
                TestNode plain = TestNode.open("plain", TestNode.freePort(), a.address)) {
            a.awaitSeen(b);
            b.awaitSeen(a);
            Message large = new Message.Forward(1, Operations.put(1 << 20), 1_000);
            a.send(b, large);
            b.awaitInput(new Input.Received(A, large));

            TestNode.await(
                    "strangers were turned away", () -> a.transport.metrics().brokenConnections() >= 4);
            assertThat(stranger.rest()).isEmpty();
            assertThat(plain.rest()).isEmpty();
            try (RawPeer raw = RawPeer.dial(a.transport.port())) {
                raw.greet(new Introduction(1, "", new PeerId("raw", "store", 1), "", ""));
                raw.awaitEnd();
            }
        }
    }

    @Test
    void saysWhichFilesCannotBeUsed() throws Exception {
        Path rubbish = Files.writeString(folder.resolve("rubbish.pem"), "rubbish");
        TransportSettings settings = TestNode.settings(TestNode.freePort())
                .withTls(new TlsSettings(rubbish, rubbish, folder.resolve("missing.pem")));
        assertThatThrownBy(() -> TestNode.open(A, "", settings))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("rubbish.pem")
                .hasMessageContaining("PEM");
    }

    /** A new key and its certificate, which is its own authority. */
    private TlsSettings certificate(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:c=ca:true",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD);
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path certificate =
                pem(name + ".crt", "CERTIFICATE", keys.getCertificate(name).getEncoded());
        Path key = pem(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
        return new TlsSettings(certificate, key, certificate);
    }

    private Path pem(String file, String kind, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                folder.resolve(file), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
