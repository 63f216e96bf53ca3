package dev.kvstore.core.mutants;

import java.util.List;

/**
 * The core with one bug in it.
 *
 * @param name what the broken core does, in a few words
 * @param likelySeed a seed that caught it, tried before the others: for speed, and for what few seeds show
 * @param edits where its sources differ; more than one where a second guard would hide the first one's absence
 */
record Mutant(String name, long likelySeed, List<Edit> edits) {
    /**
     * One change of a source file.
     *
     * @param file relative to the core's package
     * @param find text that stands in the file exactly once; runs of white space match each other
     * @param replace what stands there instead
     */
    record Edit(String file, String find, String replace) {}

    static Mutant of(String name, long likelySeed, String file, String find, String replace) {
        return new Mutant(name, likelySeed, List.of(new Edit(file, find, replace)));
    }

    static Mutant of(String name, long likelySeed, Edit... edits) {
        return new Mutant(name, likelySeed, List.of(edits));
    }

    /** The first of the seeds that are tried: 0, or a later one of a bug that few seeds show. */
    long firstSeed() {
        return likelySeed - likelySeed % Hunt.SEEDS;
    }

    @Override
    public String toString() {
        return name;
    }
}
