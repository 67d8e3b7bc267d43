package io.tradewind.servicekit.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-04T12:00:00Z"), ZoneOffset.UTC);

    enum Mode {
        FAST,
        VERY_SAFE
    }

    record PaperConfig(@Doc("Cash to begin with.") BigDecimal cash, Boolean open) {
        PaperConfig {
            cash = Check.orDefault(cash, new BigDecimal("1000000"));
            open = Check.orDefault(open, true);
        }
    }

    @Doc("A toy that a desk plays with.")
    record ToyConfig(
            @Doc("Port to listen on.") Integer port,
            @Doc("Time to wait.") Duration patience,
            @Doc("Most bytes in a body.") DataSize maxBody,
            @Doc("Symbols to trade.") List<String> symbols,
            @Doc("Weight per lane.") Map<String, Integer> weights,
            @Doc("How to work.") Mode mode,
            @Doc("Text for greeting.") String greeting,
            @Secret @Doc("Key to sign with.") String signingKey,
            @Doc("The paper desk.") PaperConfig paper) {
        ToyConfig {
            port = Check.port("port", Check.orDefault(port, 8080));
            patience = Check.inRange(
                    "patience",
                    Check.orDefault(patience, Duration.ofMillis(250)),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1));
            maxBody = Check.inRange(
                    "max-body", Check.orDefault(maxBody, DataSize.ofKiB(64)), new DataSize(1), DataSize.ofMiB(1));
            symbols = List.copyOf(Check.orDefault(symbols, List.of("AAPL", "BTC/USD")));
            weights = Map.copyOf(Check.orDefault(weights, Map.of("high", 4)));
            mode = Check.orDefault(mode, Mode.VERY_SAFE);
            greeting = Check.orDefault(greeting, "hello: \"you\" # there");
            signingKey = Check.orDefault(signingKey, "");
            Check.that(signingKey.length() < 30, "signing-key", signingKey, "must be shorter than 30");
        }
    }

    record Flat(int port) {}

    @TempDir
    Path dir;

    private static Settings.Builder builder() {
        return Settings.builder().section("toy-shop", ToyConfig.class).clock(NOON);
    }

    private static ToyConfig toy(Settings.Builder builder) {
        return builder.build().section("toy-shop", ToyConfig.class);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(dir.resolve("tradewind.yaml"), text);
    }

    private static String failure(Settings.Builder builder) {
        return assertThrows(ConfigException.class, builder::build).getMessage();
    }

    @Test
    void shouldDefaultEverythingWithoutAnySource() {
        ToyConfig toy = toy(builder());
        assertEquals(8080, toy.port());
        assertEquals(new BigDecimal("1000000"), toy.paper().cash());
        assertEquals(toy, Settings.defaults(ToyConfig.class));
    }

    @Test
    void shouldDefaultTheSharedSections() {
        Settings settings = Settings.builder().build();
        assertEquals("127.0.0.1", settings.admin().host());
        assertEquals(9090, settings.admin().port());
        assertEquals(false, settings.admin().strictPort());
        assertEquals("redis://127.0.0.1:6379", settings.redis().uri());
        assertEquals(
                "postgresql://127.0.0.1:5432/tradewind", settings.postgres().uri());
        assertEquals(Duration.ofSeconds(1), settings.runtime().heartbeat());
        assertEquals(Duration.ofSeconds(8), settings.runtime().stopTimeout());
        assertTrue(settings.runtime().eventLoops() >= 2);
        assertEquals(5701, settings.cluster().port());
        assertEquals(List.of("127.0.0.1"), settings.cluster().members());
    }

    @Test
    void shouldReadEveryKindOfValueFromTheFile() throws IOException {
        ToyConfig toy = toy(builder().file(file("""
                                toy-shop:
                                  port: 9001
                                  patience: 2s
                                  max-body: 128KiB
                                  symbols: [MSFT, SPY]
                                  weights: {low: 1, high: 8}
                                  mode: fast
                                  greeting: hi
                                  paper:
                                    cash: 12.50
                                    open: false
                                """)));
        assertEquals(9001, toy.port());
        assertEquals(Duration.ofSeconds(2), toy.patience());
        assertEquals(DataSize.ofKiB(128), toy.maxBody());
        assertEquals(List.of("MSFT", "SPY"), toy.symbols());
        assertEquals(Map.of("low", 1, "high", 8), toy.weights());
        assertEquals(Mode.FAST, toy.mode());
        assertEquals(new BigDecimal("12.50"), toy.paper().cash());
        assertEquals(false, toy.paper().open());
    }

    @Test
    void shouldLetLaterSourcesWin() throws IOException {
        Settings.Builder sources = builder()
                .file(file("toy-shop: {port: 9001, greeting: file, mode: fast}"))
                .environment(Map.of("TRADEWIND_TOY_SHOP_PORT", "9002", "TRADEWIND_TOY_SHOP_GREETING", "variable"))
                .override("toy-shop.port=9003");
        ToyConfig toy = toy(sources);
        assertEquals(9003, toy.port());
        assertEquals("variable", toy.greeting());
        assertEquals(Mode.FAST, toy.mode());
    }

    @Test
    void shouldMapVariablesToNestedKeys() {
        ToyConfig toy = toy(builder()
                .environment(Map.of(
                        "TRADEWIND_TOY_SHOP_PAPER_CASH", "500",
                        "TRADEWIND_TOY_SHOP_MAX_BODY", "1MiB",
                        "TRADEWIND_TOY_SHOP_SYMBOLS", "GOOG, ETH/USD",
                        "TRADEWIND_TOY_SHOP_WEIGHTS", "{low: 2}",
                        "TRADEWIND_TOY_SHOP_MODE", "VERY_SAFE",
                        "PATH", "/bin")));
        assertEquals(new BigDecimal("500"), toy.paper().cash());
        assertEquals(DataSize.ofMiB(1), toy.maxBody());
        assertEquals(List.of("GOOG", "ETH/USD"), toy.symbols());
        assertEquals(Map.of("low", 2), toy.weights());
        assertEquals(Mode.VERY_SAFE, toy.mode());
    }

    @Test
    void shouldSetOneEntryOfAMap() {
        ToyConfig toy = toy(builder().override("toy-shop.weights.brk.b", "7"));
        assertEquals(Map.of("brk.b", 7), toy.weights());
    }

    @Test
    void shouldWarnOfUnknownVariablesNamingTheNearest() {
        Settings settings = builder()
                .environment(Map.of("TRADEWIND_TOY_SHOP_PROT", "1", "TRADEWIND_HOME", "/x"))
                .foreignEnvironment("TRADEWIND_HOME")
                .build();
        assertEquals(1, settings.warnings().size());
        String warning = settings.warnings().get(0);
        assertTrue(warning.contains("TRADEWIND_TOY_SHOP_PROT"), warning);
        assertTrue(warning.contains("did you mean TRADEWIND_TOY_SHOP_PORT?"), warning);
    }

    @Test
    void shouldRefuseUnknownOverridesNamingTheNearest() {
        assertEquals(
                "toy-shop.prot: unknown key; did you mean toy-shop.port?",
                failure(builder().override("toy-shop.prot", "1")));
        assertTrue(failure(builder().override("nonsense")).contains("must be section.key=value"));
    }

    @Test
    void shouldRefuseUnknownKeysAndSectionsInTheFile() throws IOException {
        String message =
                failure(builder().file(file("toy-shop: {paper: {chas: 1}}\ntoyshop: {port: 9001}\nzzzzzzzzzzzz: 1\n")));
        assertTrue(message.contains("toy-shop.paper.chas: unknown key; did you mean toy-shop.paper.cash?"), message);
        assertTrue(message.contains("toyshop: unknown section; did you mean toy-shop?"), message);
        assertTrue(message.contains("zzzzzzzzzzzz: unknown section"), message);
    }

    @Test
    void shouldLetSectionsOfOtherServicesStandWhenAskedTo() throws IOException {
        Settings settings = builder()
                .file(file("toy-shop: {port: 9001}\nelsewhere: {port: 1}\n"))
                .ignoreUnknownSections()
                .build();
        assertEquals(9001, settings.section("toy-shop", ToyConfig.class).port());
    }

    @Test
    void shouldNameKeyValueAndLimit() {
        assertEquals(
                "toy-shop.port = 80: must be within 1024..65535",
                failure(builder().override("toy-shop.port", "80")));
        assertEquals(
                "toy-shop.patience = 2m: must be within 1ms..1m",
                failure(builder().override("toy-shop.patience", "2m")));
        assertEquals(
                "toy-shop.max-body = 2MiB: must be within 1B..1MiB",
                failure(builder().override("toy-shop.max-body", "2MiB")));
        assertEquals(
                "toy-shop.mode = slow: must be one of fast, very-safe",
                failure(builder().override("toy-shop.mode", "slow")));
        assertEquals(
                "toy-shop.port = http: must be a whole number",
                failure(builder().override("toy-shop.port", "http")));
        assertEquals(
                "toy-shop.patience = 5: must be a duration such as 250ms, 5s, 1m or 2h",
                failure(builder().override("toy-shop.patience", "5")));
        assertEquals(
                "toy-shop.weights.low = heavy: must be a whole number",
                failure(builder().override("toy-shop.weights", "{low: heavy}")));
    }

    @Test
    void shouldReportAllProblemsTogether() throws IOException {
        ConfigException failure = assertThrows(ConfigException.class, () -> builder()
                .file(file("toy-shop: {port: many, mode: odd, colour: red}\nadmin: {port: 99999}\nredis: 5\n"))
                .override("gatewy.port", "1")
                .build());
        List<String> keys =
                failure.problems().stream().map(ConfigException.Problem::key).toList();
        assertEquals(
                List.of("gatewy.port", "admin.port", "redis", "toy-shop.colour", "toy-shop.port", "toy-shop.mode"),
                keys);
    }

    @Test
    void shouldTreatAnEmptySectionAsDefaults() throws IOException {
        assertEquals(Settings.defaults(ToyConfig.class), toy(builder().file(file("toy-shop:\n  # port: 1\n"))));
        assertEquals(Settings.defaults(ToyConfig.class), toy(builder().file(file(""))));
    }

    @Test
    void shouldSetACorruptedFileAsideAndHealIt() throws IOException {
        String broken = "toy-shop:\n  port: 9001\n  signing-key: [hunter2\n paper: }\n";
        Path file = file(broken);
        Settings settings = builder().file(file).build();

        assertEquals(8080, settings.section("toy-shop", ToyConfig.class).port());
        Path aside = dir.resolve("tradewind.yaml.corrupt-20260304T120000Z");
        assertEquals(broken, Files.readString(aside));
        assertEquals(settings.describe(), Files.readString(file));
        String warning = settings.warnings().get(0);
        assertTrue(warning.contains("line 4"), warning);
        assertTrue(warning.contains(aside.getFileName().toString()), warning);
        assertFalse(warning.contains("hunter2"), warning);
        assertEquals(List.of(), builder().file(file).build().warnings());
    }

    @Test
    void shouldSetAsideWhatIsNotText() throws IOException {
        for (byte[] junk : List.of(
                new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1},
                "just a line".getBytes(StandardCharsets.UTF_8),
                "a: \0\0".getBytes(StandardCharsets.UTF_8),
                "\t\t- : {{".getBytes(StandardCharsets.UTF_8))) {
            Path file = Files.write(dir.resolve("tradewind.yaml"), junk);
            Settings settings = builder().file(file).build();
            assertEquals(1, settings.warnings().size());
            assertTrue(Files.exists(dir.resolve("tradewind.yaml.corrupt-20260304T120000Z")));
            assertEquals(settings.describe(), Files.readString(file));
        }
    }

    @Test
    void shouldRefuseADoubleKeyInsteadOfChoosing() throws IOException {
        String message = failure(builder().file(file("toy-shop:\n  port: 9001\n  port: 9002\n")));
        assertTrue(message.contains("port") && message.contains("keep one of them"), message);
        assertTrue(Files.exists(dir.resolve("tradewind.yaml")));
    }

    @Test
    void shouldRefuseAMissingFileOnlyWhenItWasAskedFor() {
        Path missing = dir.resolve("none.yaml");
        assertTrue(failure(builder().file(missing)).contains("none.yaml: cannot be read"));
        assertEquals(8080, toy(builder().fileIfPresent(missing)).port());
    }

    @Test
    void shouldMaskSecretsInEveryPrint() throws IOException {
        Settings settings = builder()
                .override("toy-shop.signing-key", "hunter2")
                .override("postgres.password", "hunter2")
                .override("redis.uri", "redis://joe:hunter2@db:6379")
                .build();
        String printed =
                settings.effective() + settings.describe() + settings.keys() + settings.postgres() + settings.redis();
        assertFalse(printed.contains("hunter2"), printed);
        assertTrue(settings.effective().contains("toy-shop.signing-key = ********"));
        assertTrue(settings.effective().contains("redis.uri = redis://joe:********@db:6379"));

        String rejected = failure(builder().override("toy-shop.signing-key", "hunter2".repeat(5)));
        assertEquals("toy-shop.signing-key = ********: must be shorter than 30", rejected);
        String wrongType = failure(builder().file(file("toy-shop: {signing-key: [hunter2]}")));
        assertFalse(wrongType.contains("hunter2"), wrongType);
        String badUri = failure(builder().override("redis.uri", "http://joe:hunter2@db"));
        assertFalse(badUri.contains("hunter2"), badUri);
    }

    @Test
    void shouldDescribeEveryKeySoThatItReadsBack() throws IOException {
        Settings settings = builder().build();
        for (KeyInfo key : settings.keys()) {
            assertFalse(key.doc().isBlank() && !key.key().equals("toy-shop.paper.open"), key.key());
        }
        String described = settings.describe();
        assertTrue(described.contains("# A toy that a desk plays with.\ntoy-shop:\n"), described);
        assertTrue(described.contains("  # Port to listen on.\n  # port: 8080\n"), described);
        // A key's line begins "# name:", a comment's does not end its first word with a colon.
        String uncommented = described.replaceAll("(?m)^( +)# ([a-z-]+:( .*)?)$", "$1$2");
        Settings again = builder().file(file(uncommented)).build();
        assertEquals(settings.keys(), again.keys());
        assertEquals(settings.section("toy-shop", ToyConfig.class), again.section("toy-shop", ToyConfig.class));
        assertEquals(List.of(), again.warnings());
    }

    @Test
    void shouldTieKeysTogether() {
        assertEquals(
                "cluster.heartbeat-timeout = 10s: must be at least twice heartbeat-interval (6s),"
                        + " or one lost packet drops a member",
                failure(builder().override("cluster.heartbeat-interval", "6s")));
        assertTrue(failure(builder().override("redis.reconnect-min", "9s")).contains("reconnect-max"));
    }

    @Test
    void shouldRefuseRecordsThatCannotTellMissingFromZero() {
        Settings.Builder flat = Settings.builder().section("flat", Flat.class);
        assertTrue(assertThrows(IllegalArgumentException.class, flat::build)
                .getMessage()
                .contains("boxed"));
    }

    @Test
    void shouldRefuseASectionThatWasNotRegistered() {
        Settings settings = builder().build();
        assertThrows(IllegalArgumentException.class, () -> settings.section("toy-shop", AdminConfig.class));
        assertThrows(IllegalArgumentException.class, () -> settings.section("other", ToyConfig.class));
    }
}
