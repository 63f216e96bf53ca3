package dev.kvstore.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The nodes of this class run in containers, or need a Kubernetes. One such class after the other runs beside those whose
 * nodes are processes: both wait more than they compute. Classes that are {@link org.junit.jupiter.api.parallel.Isolated} run
 * when all others are done.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("containers")
public @interface InContainers {}
