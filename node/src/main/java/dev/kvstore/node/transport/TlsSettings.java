package dev.kvstore.node.transport;

import java.nio.file.Path;

/**
 * TLS between members, mutual: each side shows a certificate, and the other one takes it when the authority has signed it.
 * Names in certificates do not matter, since a member's identity is what its greeting says.
 *
 * @param certificate this member's certificate, or chain of them, as PEM
 * @param key its private key, PKCS 8 as PEM, without a password
 * @param authority the certificates, as PEM, of those who may sign members' certificates
 */
public record TlsSettings(Path certificate, Path key, Path authority) {}
