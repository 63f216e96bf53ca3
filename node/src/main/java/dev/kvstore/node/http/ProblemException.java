package dev.kvstore.node.http;

/** A request cannot be carried out; the client is told this problem. Has no stack trace, as it is no defect. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    /** A request ends with this problem. */
    public ProblemException(Problem problem) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    /** A request ends with a problem of this code. */
    public ProblemException(ProblemCode code, String detail) {
        this(Problem.of(code, detail));
    }

    /** What the client is told. */
    public Problem problem() {
        return problem;
    }
}
