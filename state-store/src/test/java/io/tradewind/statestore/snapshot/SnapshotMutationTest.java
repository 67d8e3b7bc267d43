package io.tradewind.statestore.snapshot;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Entity;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of mutated files, of our form and of those without header. Each must be refused, or read as the very state
 * that was written; whatever else is thrown, or a reader that never comes back, fails the test.
 *
 * <p>A file without header may also be read as several of the files that it was mixed from, each of them whole: one
 * behind the other they are a file that gzip and zstd call right, and nothing in it says how many there were.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SnapshotMutationTest {

    private static final int MUTATIONS = 6_000;

    /** Reads one form. */
    @FunctionalInterface
    private interface Form {
        State decode(SnapshotId id, byte[] bytes) throws IOException, DamagedSnapshotException;
    }

    private static final List<State> STATES = List.of(
            State.random(new Random(1), 0),
            State.random(new Random(2), 3),
            State.random(new Random(3), 200),
            State.random(new Random(4), 8_000));

    @Test
    void shouldNeverReadAMutatedSnapshotAsAnotherState() throws Exception {
        byte[][] files = new byte[STATES.size()][];
        for (int i = 0; i < files.length; i++) {
            files[i] = STATES.get(i).encode();
        }
        run(files, STATES, State::decode, read -> false);
    }

    @Test
    void shouldNeverReadAMutatedGzipFileAsAnotherState() throws Exception {
        List<State> states = STATES.stream().map(State::legacy).toList();
        byte[][] files = new byte[states.size()][];
        for (int i = 0; i < files.length; i++) {
            files[i] = LegacyDecoderTest.gzip(states.get(i));
        }
        run(files, states, State::decodeLegacy, SnapshotMutationTest::isMadeOfWholeFiles);
    }

    @Test
    void shouldNeverReadAMutatedZstdFileAsAnotherState() throws Exception {
        List<State> states = STATES.stream().map(State::legacy).toList();
        byte[][] files = new byte[states.size()][];
        for (int i = 0; i < files.length; i++) {
            files[i] = LegacyDecoderTest.zstd(states.get(i));
        }
        run(files, states, State::decodeLegacy, SnapshotMutationTest::isMadeOfWholeFiles);
    }

    private static void run(byte[][] files, List<State> states, Form form, Predicate<State> alsoRight) {
        int[] refused = new int[1];
        Seeds.each(MUTATIONS, random -> {
            int which = random.nextInt(10) == 0 ? random.nextInt(files.length) : random.nextInt(files.length - 1);
            byte[] mutated = mutate(random, files[which], files[random.nextInt(files.length)]);
            State state = states.get(which);
            try {
                State read = form.decode(state.id(), mutated);
                assertTrue(
                        read.equals(state) || alsoRight.test(read),
                        () -> "read as " + read.entities().size() + " entities, " + read.info() + " instead of "
                                + state.entities().size() + ", " + state.info());
            } catch (DamagedSnapshotException e) {
                refused[0]++;
                assertTrue(e.getMessage().startsWith("snapshot 7.snapshot of partition 3 "), e.getMessage());
            }
        });
        assertTrue(System.getProperty("seed") != null || refused[0] > MUTATIONS / 2, refused[0] + " refused");
    }

    private static boolean isMadeOfWholeFiles(State read) {
        List<Entity> left = read.entities();
        boolean found = true;
        while (found && !left.isEmpty()) {
            found = false;
            for (State state : STATES) {
                int size = state.entities().size();
                if (size > 0 && size <= left.size() && left.subList(0, size).equals(state.entities())) {
                    left = left.subList(size, left.size());
                    found = true;
                    break;
                }
            }
        }
        return found;
    }

    private static byte[] mutate(Random random, byte[] file, byte[] other) {
        byte[] mutated = file.clone();
        for (int step = random.nextInt(4); step >= 0 && mutated.length > 0; step--) {
            int at = random.nextInt(mutated.length);
            int length = 1 + random.nextInt(Math.min(64, mutated.length - at));
            switch (random.nextInt(8)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt(256);
                case 2 -> mutated = Arrays.copyOf(mutated, at);
                case 3 -> Arrays.fill(mutated, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xFF));
                case 4 -> mutated = splice(mutated, at, mutated, at, at + length, random.nextInt(1 + length));
                case 5 -> mutated = splice(mutated, at, other, 0, Math.min(other.length, length), 0);
                case 6 -> mutated = splice(mutated, at, other, Math.min(at, other.length), other.length, length);
                default -> mutated = splice(mutated, mutated.length, other, 0, other.length, 0);
            }
        }
        return mutated;
    }

    /** Puts a piece of another file in, over so many bytes. */
    private static byte[] splice(byte[] file, int at, byte[] other, int from, int to, int over) {
        int rest = Math.min(file.length, at + over);
        byte[] spliced = Arrays.copyOf(file, at + (to - from) + (file.length - rest));
        System.arraycopy(other, from, spliced, at, to - from);
        System.arraycopy(file, rest, spliced, at + (to - from), file.length - rest);
        return spliced;
    }
}
