package dev.kvstore.node.http;

/**
 * The bounds of the HTTP interface.
 *
 * @param requestTimeoutMs how long an operation may take before it is answered as failed
 * @param bodyTimeoutMs how long the body of a request may take to arrive
 * @param maxListBytes bytes of keys and values that a page of a list has at most
 * @param receivingRequests requests whose bodies may be arriving at a time
 * @param receivingBytes bytes of bodies that are arriving
 */
public record HttpSettings(
        long requestTimeoutMs, long bodyTimeoutMs, long maxListBytes, int receivingRequests, long receivingBytes) {}
