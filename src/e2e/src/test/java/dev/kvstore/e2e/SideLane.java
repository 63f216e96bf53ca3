package dev.kvstore.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * One such class after the other runs beside the classes without an annotation, and beside those on Kubernetes: all of them
 * wait more than they compute. Classes that are {@link org.junit.jupiter.api.parallel.Isolated} run when all others are done.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("side lane")
public @interface SideLane {}
