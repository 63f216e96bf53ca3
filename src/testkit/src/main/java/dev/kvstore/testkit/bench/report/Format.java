package dev.kvstore.testkit.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How a report is written. */
public enum Format {
    /** Aligned columns, for a terminal. */
    TABLE {
        @Override
        public String write(Report report) {
            StringBuilder text = new StringBuilder();
            report.machine()
                    .forEach((name, value) ->
                            text.append(name).append(": ").append(value).append('\n'));
            for (Table table : report.tables()) {
                text.append('\n').append(table.title()).append('\n');
                List<Integer> widths = widths(table);
                text.append(line(table.columns(), widths, "  "));
                table.rows().forEach(row -> text.append(line(row, widths, "  ")));
            }
            report.remarks().forEach(remark -> text.append('\n').append(remark).append('\n'));
            return text.toString();
        }
    },
    /** Tables to be pasted into a document. */
    MARKDOWN {
        @Override
        public String write(Report report) {
            StringBuilder text = new StringBuilder("`" + report.command() + "`\n\n");
            text.append(report.machine().entrySet().stream()
                            .map(fact -> fact.getKey() + ": " + fact.getValue())
                            .collect(Collectors.joining("; ")))
                    .append(".\n");
            for (Table table : report.tables()) {
                text.append('\n').append(table.title()).append(":\n\n");
                text.append(cells(table.columns()));
                text.append(cells(table.columns().stream().map(column -> "---").toList()));
                table.rows().forEach(row -> text.append(cells(row)));
            }
            report.remarks().forEach(remark -> text.append('\n').append(remark).append('\n'));
            return text.toString();
        }
    },
    /** For programs: cells are texts, by the name of their column. */
    JSON {
        @Override
        public String write(Report report) {
            Map<String, Object> root = new LinkedHashMap<>();
            root.put("command", report.command());
            root.put("machine", report.machine());
            root.put("tables", report.tables().stream().map(Format::json).toList());
            root.put("remarks", report.remarks());
            try {
                return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts that cannot be written as JSON", e);
            }
        }
    };

    /**
     * Writes a report.
     *
     * @param report which
     * @return the text, with a line feed at its end
     */
    public abstract String write(Report report);

    private static List<Integer> widths(Table table) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < table.columns().size(); column++) {
            int index = column;
            int widest = table.rows().stream()
                    .mapToInt(row -> row.get(index).length())
                    .max()
                    .orElse(0);
            widths.add(Math.max(widest, table.columns().get(column).length()));
        }
        return widths;
    }

    private static String line(List<String> cells, List<Integer> widths, String gap) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(gap).append(cell).repeat(' ', widths.get(column) - cell.length());
        }
        return line.toString().stripTrailing() + "\n";
    }

    private static String cells(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static Map<String, Object> json(Table table) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (List<String> row : table.rows()) {
            Map<String, String> cells = new LinkedHashMap<>();
            for (int column = 0; column < row.size(); column++) {
                cells.put(table.columns().get(column), row.get(column));
            }
            rows.add(cells);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("title", table.title());
        json.put("rows", rows);
        return json;
    }
}
