package dev.kvstore.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryFileTest {

    @TempDir
    Path folder;

    @Test
    void readsBackWhatItWrote() throws IOException {
        Operation put = new Operation.Put("k\n\"", "v\u00e4", 1500, Condition.ifVersion(7));
        Operation delete = Operation.delete("k", Condition.ifVersion(3));
        History history = History.of(
                new Call("a", Operation.get("k"), -5, 6, new Outcome.Value("v", 9)),
                new Call("a", Operation.get("k"), 1, 2, new Outcome.NotFound()),
                new Call("a", Operation.staleGet("k"), 1, 2, new Outcome.NotFound()),
                new Call("b", Operation.put("k", "v", Condition.IF_ABSENT), 1, 2, new Outcome.Created(Long.MAX_VALUE)),
                new Call("b", put, 1, 2, new Outcome.Replaced(8)),
                new Call("b", put, 1, 2, Outcome.conditionFailedAt(8)),
                new Call("b", put, 1, 2, Outcome.conditionFailedAbsent()),
                new Call("b", put, 1, 2, new Outcome.ConditionFailed(new Outcome.Current.NotTold())),
                new Call("b", delete, 1, 2, new Outcome.Deleted()),
                new Call("c", delete, 1, 2, new Outcome.Refused("503 no-primary")),
                Call.unknown("c", delete, 1, "timeout"));
        Path file = folder.resolve("history.jsonl");

        HistoryFile.write(file, history);

        assertThat(HistoryFile.read(file)).isEqualTo(history);
        assertThat(Files.readAllLines(file)).hasSize(history.calls().size());
    }

    @Test
    void namesTheLineThatIsNoCall() throws IOException {
        Path file = folder.resolve("history.jsonl");
        HistoryFile.write(file, History.of(new Call("a", Operation.get("k"), 1, 2, new Outcome.NotFound())));
        Files.writeString(file, Files.readString(file) + "{\"client\":\"a\"}\n");

        assertThatThrownBy(() -> HistoryFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("line 2");
    }
}
