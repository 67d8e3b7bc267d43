package io.tradewind.embeddedservers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class BinaryCacheTest {
    private static final String RESOURCE = "io/tradewind/embeddedservers/supervisor.sh";

    @TempDir
    Path directory;

    private final AtomicInteger unpacked = new AtomicInteger();

    private Path unpack() {
        return BinaryCache.in(directory.resolve("cache"))
                .unpacked(
                        "thing-1",
                        RESOURCE,
                        (in, into) -> {
                            unpacked.incrementAndGet();
                            BinaryCache.program("thing").unpack(in, into);
                        },
                        folder -> Files.isExecutable(folder.resolve("thing")) ? null : "not executable");
    }

    @Test
    void shouldUnpackOnlyOnce() {
        Path first = unpack();

        assertEquals(first, unpack());
        assertEquals(1, unpacked.get());
    }

    @Test
    void shouldUnpackAnewWhatWasDamaged() throws Exception {
        Path program = unpack().resolve("thing");
        long size = Files.size(program);
        Files.writeString(program, "torn");
        unpack();
        assertEquals(size, Files.size(program));

        Files.delete(program);
        unpack();
        assertEquals(size, Files.size(program));
        assertEquals(3, unpacked.get());
    }

    @Test
    void shouldStandSeveralUnpackingAtOnce() throws Exception {
        int racers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Path>> results = new ArrayList<>();
        for (int i = 0; i < racers; i++) {
            results.add(threads.submit(() -> {
                start.await();
                return unpack();
            }));
        }
        start.countDown();
        Set<Path> folders = new HashSet<>();
        for (Future<Path> result : results) {
            folders.add(result.get(60, TimeUnit.SECONDS));
        }
        threads.shutdown();

        Path folder = folders.iterator().next();
        assertEquals(1, folders.size());
        assertTrue(BinaryCache.isComplete(folder));
        try (Stream<Path> left = Files.list(folder.getParent())) {
            assertEquals(List.of(folder), left.toList());
        }
    }

    @Test
    void shouldNotRunProgramsFromAFolderThatOthersCanChange() throws Exception {
        Path cache = Files.createDirectory(directory.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        EmbeddedServerException failure = assertThrows(EmbeddedServerException.class, this::unpack);

        assertTrue(failure.getMessage().contains("can be written by others"), failure.getMessage());
    }

    @Test
    void shouldSayWhyProgramsDoNotRun() {
        EmbeddedServerException failure = assertThrows(EmbeddedServerException.class, () -> BinaryCache.in(directory)
                .unpacked("thing-1", RESOURCE, BinaryCache.program("thing"), folder -> "libx.so is missing"));

        assertTrue(failure.getMessage().contains("libx.so is missing"), failure.getMessage());
    }
}
