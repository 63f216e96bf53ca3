package dev.kvstore.e2e.kubernetes;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The tests of this class run on a real cluster with the operator installed; without KUBECONFIG they are skipped. One such class
 * after the other runs beside those that are not on Kubernetes; they begin first, since together they take longest.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfEnvironmentVariable(
        named = "KUBECONFIG",
        matches = ".+",
        disabledReason = "KUBECONFIG is not set: there is no Kubernetes to test on")
@ExtendWith(Operator.class)
@Order(2)
@ResourceLock("kubernetes")
@interface OnKubernetes {}
