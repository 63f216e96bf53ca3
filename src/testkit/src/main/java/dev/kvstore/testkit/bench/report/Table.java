package dev.kvstore.testkit.bench.report;

import java.util.List;

/**
 * A table of results.
 *
 * @param title what it shows, and under which conditions
 * @param columns the names of the columns
 * @param rows the cells, as many in each row as there are columns
 */
public record Table(String title, List<String> columns, List<List<String>> rows) {

    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        int width = columns.size();
        if (rows.stream().anyMatch(row -> row.size() != width)) {
            throw new IllegalArgumentException("a row of '" + title + "' has not " + width + " cells");
        }
    }
}
