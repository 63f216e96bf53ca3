package dev.kvstore.node.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kvstore.core.data.Bytes;
import dev.kvstore.core.data.Condition;
import dev.kvstore.core.data.Operation;
import dev.kvstore.core.data.Outcome;
import dev.kvstore.core.data.Outcome.Failure;
import dev.kvstore.core.data.Stored;
import dev.kvstore.core.io.Effect;
import dev.kvstore.core.io.Input;
import dev.kvstore.core.io.Time;
import dev.kvstore.core.io.View;
import dev.kvstore.core.message.Message;
import dev.kvstore.core.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
    private static final long LONG_MS = 60_000;
    private static final long WAIT_S = 20;
    private static final Operation.Get GET = new Operation.Get(Bytes.utf8("k"), false);
    private static final Operation.Put PUT = new Operation.Put(Bytes.utf8("k"), Bytes.utf8("v"), 0, Condition.ALWAYS);

    private final Inbox inbox = new Inbox();
    private final AtomicLong monoMs = new AtomicLong(1_000);
    private final Clocks clocks = Clocks.of(monoMs::get, () -> 77);
    private final Admission admission = new Admission(2, 1_000);
    private final BlockingQueue<Defect> defects = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private @Nullable Engine engine;

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
        thread.shutdownNow();
    }

    @Test
    void answersAClientByTheReplyToItsInput() throws Exception {
        Engine running = start((inputs, now) -> replies(inputs, new Outcome.NotFound()));
        assertThat(outcome(running.execute(GET, LONG_MS).toCompletableFuture())).isEqualTo(new Outcome.NotFound());
        assertThat(admission.ops()).isZero();
        assertThat(admission.bytes()).isZero();
    }

    @Test
    void tellsTheCoreByWhenAnOperationMustBeAnswered() throws Exception {
        BlockingQueue<Input.Client> clients = new LinkedBlockingQueue<>();
        Engine running = start((inputs, now) -> {
            inputs.stream().filter(Input.Client.class::isInstance).forEach(input -> clients.add((Input.Client) input));
            return replies(inputs, new Outcome.NotFound());
        });
        running.execute(GET, 250);
        assertThat(taken(clients).deadlineMs()).isEqualTo(1_250);
    }

    @Test
    void refusesAtOnceWhatIsAboveABound() throws Exception {
        Engine running = start((inputs, now) -> List.of());
        var first = running.execute(GET, LONG_MS).toCompletableFuture();
        var second = running.execute(GET, LONG_MS).toCompletableFuture();
        assertThat(running.execute(GET, LONG_MS).toCompletableFuture().join())
                .isEqualTo(Outcome.failed(Failure.OVERLOADED));
        assertThat(first).isNotDone();
        running.close();
        assertThat(outcome(second)).isEqualTo(Outcome.failed(Failure.NO_PRIMARY));
    }

    @Test
    void refusesAtOnceWhatHoldsTooManyBytes() {
        Engine running = start((inputs, now) -> List.of());
        Operation large = new Operation.Put(Bytes.utf8("k"), Bytes.wrap(new byte[1_000]), 0, Condition.ALWAYS);
        assertThat(running.execute(large, LONG_MS).toCompletableFuture().join())
                .isEqualTo(Outcome.failed(Failure.OVERLOADED));
        assertThat(admission.ops()).isZero();
        assertThat(admission.bytes()).isZero();
    }

    @Test
    void beginsEffectsInTheirOrderAndFlushesAfterThem() throws Exception {
        Engine running = start((inputs, now) -> {
            List<Effect> effects = new ArrayList<>();
            if (inputs.contains(new Input.PeerSeen("b"))) {
                effects.add(new Effect.Persist(1, List.of()));
                effects.add(new Effect.Send("b", new Message.Goodbye()));
                effects.add(new Effect.Lookup(1, 0, Bytes.utf8("k")));
                effects.add(new Effect.Resign(5));
            }
            return effects;
        });
        inbox.post(new Input.PeerSeen("b"));
        while (!taken(done).equals("Persist")) {
            assertThat(running.running()).isTrue();
        }
        assertThat(taken(done)).isEqualTo("send b");
        assertThat(taken(done)).isEqualTo("Lookup");
        assertThat(taken(done)).isEqualTo("resign 5");
        assertThat(taken(done)).isEqualTo("flush");
    }

    @Test
    void takesWhatIsAnsweredWhileItsEffectBegins() throws Exception {
        Engine running = start((inputs, now) -> {
            List<Effect> effects = new ArrayList<>();
            for (Input input : inputs) {
                switch (input) {
                    case Input.Client client -> effects.add(new Effect.Lookup(client.id(), 0, Bytes.utf8("k")));
                    case Input.LookedUp found -> effects.add(new Effect.Reply(found.id(), new Outcome.NotFound()));
                    default -> {}
                }
            }
            return effects;
        });
        for (int i = 0; i < 1_000; i++) {
            assertThat(outcome(running.execute(GET, LONG_MS).toCompletableFuture()))
                    .isEqualTo(new Outcome.NotFound());
        }
    }

    @Test
    void readsTheClocksAfterItTookTheInputs() throws Exception {
        BlockingQueue<Time> times = new LinkedBlockingQueue<>();
        start((inputs, now) -> {
            if (inputs.contains(new Input.PeerSeen("b"))) {
                times.add(now);
            }
            return List.of();
        });
        monoMs.set(5_000);
        inbox.post(new Input.PeerSeen("b"));
        assertThat(taken(times)).isEqualTo(new Time(5_000, 77));
    }

    @Test
    void ticksWhileNothingElseHappens() throws Exception {
        Engine running = new Engine(
                core((inputs, now) -> {
                    if (inputs.contains(new Input.Tick())) {
                        done.add("tick");
                    }
                    return List.of();
                }),
                new RecordingPorts(),
                thread,
                Clocks.system(),
                inbox,
                admission,
                defects::add);
        engine = running;
        running.start();
        done.clear();
        for (int i = 0; i < 5; ) {
            i += taken(done).equals("tick") ? 1 : 0;
        }
        assertThat(running.turns()).isPositive();
    }

    @Test
    void stopsForGoodWhenTheCoreThrows() throws Exception {
        CountDownLatch thrown = new CountDownLatch(1);
        Engine running = start((inputs, now) -> {
            if (inputs.contains(new Input.PeerSeen("evil"))) {
                thrown.countDown();
                throw new IllegalStateException("a defect");
            }
            return List.of(new Effect.Persist(1, List.of()));
        });
        var waiting = running.execute(PUT, LONG_MS).toCompletableFuture();
        inbox.post(new Input.PeerSeen("evil"));
        Defect defect = taken(defects);
        assertThat(defect.cause()).hasMessage("a defect");
        assertThat(defect.lastInputs()).contains("evil");
        assertThat(thrown.getCount()).isZero();
        assertThat(outcome(waiting)).isEqualTo(Outcome.failed(Failure.UNKNOWN));
        assertThat(outcome(running.execute(GET, LONG_MS).toCompletableFuture()))
                .isEqualTo(Outcome.failed(Failure.NO_PRIMARY));
        assertThat(running.running()).isFalse();
        done.clear();
        inbox.post(new Input.PeerSeen("b"));
        assertThat(done.poll(200, TimeUnit.MILLISECONDS))
                .as("no effect any more")
                .isNull();
        assertThat(defects).isEmpty();
    }

    @Test
    void stopsForGoodWhenAnEffectCannotBeBegun() throws Exception {
        start((inputs, now) -> inputs.contains(new Input.PeerSeen("b"))
                ? List.of(new Effect.Send("unsendable", new Message.Goodbye()), new Effect.Persist(1, List.of()))
                : List.of());
        inbox.post(new Input.PeerSeen("b"));
        assertThat(taken(defects).cause()).hasMessage("unsendable");
        assertThat(done).doesNotContain("Persist");
    }

    @Test
    void drainsByTheCoresWord() throws Exception {
        BlockingQueue<Input.Drain> drains = new LinkedBlockingQueue<>();
        CompletableFuture<Boolean> allowed = new CompletableFuture<>();
        Engine running = start((inputs, now) -> {
            inputs.stream().filter(Input.Drain.class::isInstance).forEach(input -> drains.add((Input.Drain) input));
            return allowed.isDone() ? List.of(new Effect.Drained()) : List.of();
        });
        var drained = running.drain(400).toCompletableFuture();
        assertThat(taken(drains).deadlineMs()).isEqualTo(1_400);
        assertThat(drained).isNotDone();
        allowed.complete(true);
        inbox.post(new Input.PeerSeen("b"));
        drained.get(WAIT_S, TimeUnit.SECONDS);
    }

    @Test
    void knowsHowLongTheDiskHasBeenSilent() throws Exception {
        Engine running = start((inputs, now) ->
                inputs.contains(new Input.PeerSeen("b")) ? List.of(new Effect.Persist(7, List.of())) : List.of());
        assertThat(running.diskStuckForMs()).isZero();
        inbox.post(new Input.PeerSeen("b"));
        while (!taken(done).equals("Persist")) {
            assertThat(running.running()).isTrue();
        }
        monoMs.addAndGet(3_000);
        assertThat(running.diskStuckForMs()).isEqualTo(3_000);
        inbox.post(new Input.Persisted(7));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S);
        while (running.diskStuckForMs() != 0) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void answersWhatIsLeftWhenItIsClosed() throws Exception {
        Engine running = start((inputs, now) -> List.of());
        var read = running.execute(GET, LONG_MS).toCompletableFuture();
        var write = running.execute(PUT, LONG_MS).toCompletableFuture();
        running.close();
        assertThat(outcome(read)).isEqualTo(Outcome.failed(Failure.NO_PRIMARY));
        assertThat(outcome(write)).isEqualTo(Outcome.failed(Failure.UNKNOWN));
        assertThat(defects).isEmpty();
    }

    private Engine start(BiFunction<List<Input>, Time, List<Effect>> step) {
        Engine made = new Engine(core(step), new RecordingPorts(), thread, clocks, inbox, admission, defects::add);
        engine = made;
        made.start();
        return made;
    }

    private static List<Effect> replies(List<Input> inputs, Outcome outcome) {
        List<Effect> effects = new ArrayList<>();
        for (Input input : inputs) {
            if (input instanceof Input.Client client) {
                effects.add(new Effect.Reply(client.id(), outcome));
            }
        }
        return effects;
    }

    private static Outcome outcome(CompletableFuture<Outcome> answer) throws Exception {
        return answer.get(WAIT_S, TimeUnit.SECONDS);
    }

    private static <T> T taken(BlockingQueue<T> queue) throws InterruptedException {
        T element = queue.poll(WAIT_S, TimeUnit.SECONDS);
        if (element == null) {
            throw new AssertionError("nothing came in time");
        }
        return element;
    }

    private static Core core(BiFunction<List<Input>, Time, List<Effect>> step) {
        return new Core() {
            @Override
            public List<Effect> on(List<Input> inputs, Time now) {
                return step.apply(inputs, now);
            }

            @Override
            public View view() {
                return new View(null, null, false, false, Map.of(), List.of(), List.of(), 0, 0);
            }
        };
    }

    private final class RecordingPorts implements Ports {
        @Override
        public void store(Effect effect) {
            done.add(effect.getClass().getSimpleName());
            if (effect instanceof Effect.Lookup lookup) {
                inbox.post(new Input.LookedUp(lookup.id(), new Stored(Bytes.EMPTY, 1, 0)));
            }
        }

        @Override
        public void send(String to, Message message) {
            if (to.equals("unsendable")) {
                throw new IllegalStateException(to);
            }
            done.add("send " + to);
        }

        @Override
        public void flush() {
            done.add("flush");
        }

        @Override
        public void propose(Effect.ProposeRing proposal) {
            done.add("propose");
        }

        @Override
        public void resign(long forMs) {
            done.add("resign " + forMs);
        }

        @Override
        public void ring(Ring ring) {
            done.add("ring " + ring.version());
        }
    }
}
