package io.tradewind.statestore.snapshot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Fills the small disk that it is given, and says what it finds; run by {@link DirectorySnapshotStoreFaultIT}. */
final class FullDiskMain {

    private FullDiskMain() {}

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[0]);
        DirectorySnapshotStore store = DirectorySnapshotStore.open(directory);
        State small = State.random(new Random(1), 50);
        SnapshotId kept = SnapshotStoreContract.write(store, small);
        State large = State.random(new Random(2), 100_000);
        try (SnapshotWriter writer = store.create(large.info())) {
            large.writeTo(writer);
            writer.complete();
            System.out.println("not refused");
        } catch (IOException e) {
            System.out.println("refused: " + e.getMessage());
        }
        try (Stream<Path> files = Files.list(directory.resolve("03"))) {
            List<String> left = files.map(file -> file.getFileName().toString()).toList();
            System.out.println(left.equals(List.of(kept.name())) ? "nothing left" : "left: " + left);
        }
        System.out.println(small.equals(State.read(store, kept)) ? "the old one is whole" : "the old one is damaged");
        SnapshotId next = SnapshotStoreContract.write(store, small);
        System.out.println(small.equals(State.read(store, next)) ? "the next one is whole" : "the next one is damaged");
    }
}
