package dev.kvstore.core;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noCodeUnits;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TimerTask;
import java.util.UUID;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** Holds the core free of frameworks, I/O, clocks, chance and threads: the same inputs must give the same effects. */
@AnalyzeClasses(packages = "dev.kvstore.core", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> PLAIN_PACKAGES = resideInAnyPackage(
            "java.lang",
            "java.lang.annotation",
            "java.util",
            "java.util.function",
            "java.util.stream",
            "java.nio",
            "java.nio.charset",
            "org.jspecify.annotations",
            "dev.kvstore.core..");

    private static final DescribedPredicate<JavaClass> CHECKSUMS =
            belongToAnyOf(Checksum.class, CRC32.class, CRC32C.class, Adler32.class);

    private static final DescribedPredicate<JavaClass> CHANCE_AND_TIMERS =
            belongToAnyOf(Random.class, SplittableRandom.class, UUID.class, Timer.class, TimerTask.class);

    private static final DescribedPredicate<JavaClass> THREADS_AND_PROCESSES = belongToAnyOf(
            Thread.class,
            ThreadGroup.class,
            ThreadLocal.class,
            InheritableThreadLocal.class,
            Runtime.class,
            Process.class,
            ProcessBuilder.class,
            ProcessHandle.class);

    private static final DescribedPredicate<JavaClass> MAPPED_MEMORY = resideInAPackage("java.nio")
            .and(describe("is mapped memory", type -> type.getSimpleName().startsWith("Mapped")));

    /** An array counts as what it holds. */
    private static final DescribedPredicate<JavaClass> PLAIN = describe(
            "are values, collections, buffers, checksums or the core itself; time, chance, files, sockets and threads"
                    + " come in as inputs and go out as effects",
            type -> {
                JavaClass component = type.getBaseComponentType();
                return component.isPrimitive()
                        || PLAIN_PACKAGES
                                .or(CHECKSUMS)
                                .and(not(CHANCE_AND_TIMERS))
                                .and(not(THREADS_AND_PROCESSES))
                                .and(not(MAPPED_MEMORY))
                                .test(component);
            });

    private static final DescribedPredicate<JavaAccess<?>> SYSTEM_BUT_ARRAYCOPY = describe(
            "System's clock, streams, properties or environment (take the time from the input)",
            access -> access.getTargetOwner().isEquivalentTo(System.class)
                    && !access.getTarget().getName().equals("arraycopy"));

    private static final DescribedPredicate<JavaCall<?>> HIDDEN_CHANCE =
            describe("a hidden source of chance (take a seeded source as an argument)", call -> {
                String name = call.getTargetOwner().getName() + "." + call.getName();
                return name.equals("java.lang.Math.random")
                        || (name.equals("java.util.Collections.shuffle")
                                && call.getTarget().getRawParameterTypes().size() == 1);
            });

    private static final DescribedPredicate<JavaCall<?>> PARALLEL = describe(
            "a parallel stream (one thread drives the core)",
            call -> call.getName().equals("parallelStream")
                    || (call.getName().equals("parallel")
                            && call.getTargetOwner().getPackageName().equals("java.util.stream")));

    @ArchTest
    static final ArchRule dependsOnlyOnPlainJava = classes().should().onlyDependOnClassesThat(PLAIN);

    @ArchTest
    static final ArchRule readsNoClockAndNoEnvironment = noClasses().should().accessTargetWhere(SYSTEM_BUT_ARRAYCOPY);

    @ArchTest
    static final ArchRule hidesNoChance = noClasses().should().callCodeUnitWhere(HIDDEN_CHANCE);

    @ArchTest
    static final ArchRule runsOnOneThread = noClasses().should().callCodeUnitWhere(PARALLEL);

    @ArchTest
    static final ArchRule locksNothing = noCodeUnits().should().haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("dev.kvstore.core.(*)..").should().beFreeOfCycles();
}
