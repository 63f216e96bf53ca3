package dev.kvstore.operator.reconciler;

import dev.kvstore.operator.observed.Observed;
import dev.kvstore.operator.status.Situation.Remark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A human's word that what partitions held is given up, from an annotation: their numbers, separated by commas. It holds for
 * the loss at hand only: the config names the epoch of each, which grows when the loss is cleared.
 *
 * @param accepted partitions that are given up, each with the epoch at which it was lost; as long as the annotation is there
 *     also those that were cleared since, whose epochs are over
 * @param refusal set when the annotation names anything else; then nothing is accepted
 * @param done whether all that it names was cleared, so that it can be taken off
 */
record LossOrder(SortedMap<Integer, Long> accepted, Optional<Remark> refusal, boolean done) {
    static final String ANNOTATION = "kvstore.dev/accept-data-loss";
    private static final LossOrder NONE = new LossOrder(new TreeMap<>(), Optional.empty(), false);

    static LossOrder of(Observed observed) {
        String text = Optional.ofNullable(observed.cluster().getMetadata().getAnnotations())
                .map(annotations -> annotations.get(ANNOTATION))
                .orElse(null);
        if (text == null) {
            return NONE;
        }
        SortedMap<Integer, Long> lost = observed.ring().map(ring -> ring.lost()).orElseGet(TreeMap::new);
        Map<Integer, Long> before =
                observed.config().map(config -> config.acceptLoss()).orElse(Map.of());
        SortedMap<Integer, Long> accepted = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        boolean done = true;
        for (String each : text.split(",", -1)) {
            String word = each.strip();
            Integer number = word.matches("[0-9]{1,4}") ? Integer.valueOf(word) : null;
            if (number != null && lost.containsKey(number)) {
                accepted.put(number, lost.get(number));
                done = false;
            } else if (number != null && before.containsKey(number)) {
                // cleared; told on, so that a later pass knows it from one that was never lost
                accepted.put(number, before.get(number));
            } else {
                wrong.add(word.isEmpty() ? "nothing" : word);
            }
        }
        return wrong.isEmpty() ? new LossOrder(accepted, Optional.empty(), done) : refused(wrong, lost, before);
    }

    /** What was accepted before stays so. */
    private static LossOrder refused(List<String> wrong, SortedMap<Integer, Long> lost, Map<Integer, Long> before) {
        SortedMap<Integer, Long> kept = new TreeMap<>(before);
        kept.keySet().retainAll(lost.keySet());
        Remark refusal = new Remark(
                "AcceptanceRefused",
                "the annotation " + ANNOTATION + " names " + String.join(", ", wrong) + ", which is not lost; lost are "
                        + (lost.isEmpty() ? "none" : lost.keySet())
                        + ": correct the annotation or take it off, nothing of it was done");
        return new LossOrder(kept, Optional.of(refusal), false);
    }
}
