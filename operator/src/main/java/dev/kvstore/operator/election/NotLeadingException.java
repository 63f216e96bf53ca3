package dev.kvstore.operator.election;

import io.fabric8.kubernetes.client.KubernetesClientException;

/** A write that was not sent: the Lease has not been renewed lately, so another operator may be at work. */
public final class NotLeadingException extends KubernetesClientException {
    private static final long serialVersionUID = 1L;

    NotLeadingException(String request) {
        super("not sent, since the operators' Lease could not be renewed lately: " + request);
    }
}
