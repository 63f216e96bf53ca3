package dev.kvstore.cli.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kvstore.cli.output.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a line becomes words. */
class WordsTest {
    @Test
    void blanksPartWords() {
        assertThat(Words.of("  put  k\tv ")).containsExactly("put", "k", "v");
        assertThat(Words.of("   ")).isEmpty();
    }

    @Test
    void quotesHoldThemTogether() {
        assertThat(Words.of("put 'a b' \"c 'd'\" e'f 'g")).containsExactly("put", "a b", "c 'd'", "ef g");
        assertThat(Words.of("put k ''")).containsExactly("put", "k", "");
    }

    @Test
    void aBackslashTakesTheNextCharacterAsItIs() {
        assertThat(Words.of("a\\ b \\\"c \"d\\\"e\" 'f\\g' \\\\")).containsExactly("a b", "\"c", "d\"e", "f\\g", "\\");
    }

    @Test
    void aCommentBeginsAWord() {
        assertThat(Words.of("get a#b # c")).containsExactly("get", "a#b");
        assertThat(Words.of("put k '#'")).containsExactly("put", "k", "#");
        assertThat(Words.of("put k \\#")).containsExactly("put", "k", "#");
    }

    @ParameterizedTest
    @ValueSource(strings = {"put 'k", "put \"k", "put k\\", "it's"})
    void whatIsOpenAtTheEndIsRefused(String line) {
        assertThatThrownBy(() -> Words.of(line)).isInstanceOf(Failure.class);
    }
}
