package io.tradewind.contracts.state;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Writes down what it hears, on which thread, and whether it fits. */
final class Heard implements ChangeFollower.Listener {

    final List<CommittedTransaction> transactions = new ArrayList<>();
    final List<Long> resets = new ArrayList<>();
    final List<String> wrong = new ArrayList<>();
    private Thread thread;
    long next;
    boolean throwing;

    /** @param thread where it is to be called; {@code null}: wherever it is called first */
    Heard(Thread thread, long afterVersion) {
        this.thread = thread;
        this.next = afterVersion + 1;
    }

    @Override
    public void onChanges(List<CommittedTransaction> changes) {
        onThread();
        if (changes.isEmpty()) {
            wrong.add("told of nothing");
        }
        for (CommittedTransaction tx : changes) {
            if (tx.version() != next) {
                wrong.add("version " + tx.version() + " where " + next + " is next");
            }
            next = tx.version() + 1;
            transactions.add(tx);
        }
        if (throwing) {
            throw new IllegalStateException("listener");
        }
    }

    @Override
    public void onReset(long headVersion) {
        onThread();
        resets.add(headVersion);
        next = headVersion + 1;
        if (throwing) {
            throw new IllegalStateException("listener");
        }
    }

    private void onThread() {
        if (thread == null) {
            thread = Thread.currentThread();
        }
        if (Thread.currentThread() != thread) {
            wrong.add("called on " + Thread.currentThread());
        }
    }

    void assertVersions(long from, long to) {
        assertEquals(List.of(), wrong);
        assertEquals(
                LongStream.rangeClosed(from, to).boxed().toList(),
                transactions.stream().map(CommittedTransaction::version).toList());
    }
}
