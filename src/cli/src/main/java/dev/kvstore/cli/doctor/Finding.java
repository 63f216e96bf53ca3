package dev.kvstore.cli.doctor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kvstore.cli.model.Json;

/**
 * Something that a person should know.
 *
 * @param problem whether it is wrong; else it is only told
 * @param code stable, for programs
 * @param what what is wrong, in words
 * @param todo what to do about it, in words
 */
public record Finding(boolean problem, String code, String what, String todo) {
    static Finding problem(String code, String what, String todo) {
        return new Finding(true, code, what, todo);
    }

    static Finding note(String code, String what, String todo) {
        return new Finding(false, code, what, todo);
    }

    /** For programs. */
    public ObjectNode json() {
        return Json.object().put("code", code).put("what", what).put("todo", todo);
    }
}
