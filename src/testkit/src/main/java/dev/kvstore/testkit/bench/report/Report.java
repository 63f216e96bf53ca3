package dev.kvstore.testkit.bench.report;

import java.util.List;
import java.util.Map;

/**
 * Everything that one run has to say.
 *
 * @param command what repeats it
 * @param machine facts about the machine, by name
 * @param tables the results
 * @param remarks what a reader must know beside the tables, such as failed requests
 */
public record Report(String command, Map<String, String> machine, List<Table> tables, List<String> remarks) {

    public Report {
        tables = List.copyOf(tables);
        remarks = List.copyOf(remarks);
    }
}
