package dev.kvstore.core.mutants;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Loads a mutant beside the intact core: its changed sources are compiled into memory, and a class loader of its own defines
 * all classes of the core and of the simulator anew, the changed ones from there and the others from the intact classes.
 */
final class BrokenCore extends ClassLoader {
    private static final String CORE = "dev.kvstore.core.";
    private static final String RUN = "dev.kvstore.core.sim.RunSeed";
    private static final Path SOURCES = Path.of("src", "main", "java", "dev", "kvstore", "core");

    private final Map<String, byte[]> changed;

    private BrokenCore(Map<String, byte[]> changed) {
        super(BrokenCore.class.getClassLoader());
        this.changed = changed;
    }

    /**
     * The simulator on a core with these changes; it takes a seed and returns the violation, empty when there is none.
     *
     * @throws IllegalArgumentException when a text is not found exactly once, or the result does not compile
     */
    @SuppressWarnings("unchecked")
    static LongFunction<String> simulator(Mutant mutant) {
        try {
            Class<?> run = new BrokenCore(compile(mutant)).loadClass(RUN);
            return (LongFunction<String>) run.getConstructor().newInstance();
        } catch (ReflectiveOperationException wrong) {
            throw new IllegalStateException(wrong);
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(CORE)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] code = changed.get(name);
        if (code == null) {
            try (InputStream intact = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (intact == null) {
                    throw new ClassNotFoundException(name);
                }
                code = intact.readAllBytes();
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
        return defineClass(name, code, 0, code.length);
    }

    // ---- sources

    private static Map<String, String> patch(Mutant mutant) {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Mutant.Edit edit : mutant.edits()) {
            String source = sources.computeIfAbsent(edit.file(), BrokenCore::read);
            Matcher found = Pattern.compile(loosely(edit.find())).matcher(source);
            if (!found.find()) {
                throw new IllegalArgumentException(mutant.name() + ": " + edit.file() + " does not contain: "
                        + edit.find() + "\nThe core has changed; put the mutant's bug where it belongs now.");
            }
            String before = source.substring(0, found.start());
            String after = source.substring(found.end());
            if (found.find()) {
                throw new IllegalArgumentException(
                        mutant.name() + ": " + edit.file() + " contains more than once: " + edit.find());
            }
            sources.put(edit.file(), before + edit.replace() + after);
        }
        return sources;
    }

    private static String loosely(String text) {
        return text.strip()
                .lines()
                .flatMap(line -> List.of(line.strip().split("\\s+")).stream())
                .map(Pattern::quote)
                .collect(Collectors.joining("\\s+"));
    }

    private static String read(String file) {
        try {
            return Files.readString(SOURCES.resolve(file));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    // ---- compiling

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String file, String text) {
            super(URI.create("memory:///dev/kvstore/core/" + file), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Code extends SimpleJavaFileObject {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Code(String className) {
            super(URI.create("memory:///" + className.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return bytes;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, Code> classes = new HashMap<>();

        Memory(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location,
                String className,
                JavaFileObject.Kind kind,
                @Nullable FileObject sibling) {
            return classes.computeIfAbsent(className, Code::new);
        }
    }

    private static Map<String, byte[]> compile(Mutant mutant) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        List<Source> sources = new ArrayList<>();
        patch(mutant).forEach((file, text) -> sources.add(new Source(file, text)));
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        List<String> options = List.of("-classpath", System.getProperty("java.class.path"), "-proc:none", "-nowarn");
        try (Memory memory = new Memory(javac.getStandardFileManager(found, null, null))) {
            if (!javac.getTask(null, memory, found, options, null, sources).call()) {
                throw new IllegalArgumentException(mutant.name() + " does not compile: "
                        + found.getDiagnostics().stream()
                                .filter(each -> each.getKind() == Diagnostic.Kind.ERROR)
                                .map(Object::toString)
                                .collect(Collectors.joining("\n")));
            }
            Map<String, byte[]> code = new HashMap<>();
            memory.classes.forEach((name, each) -> code.put(name, each.bytes.toByteArray()));
            return code;
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
    }
}
