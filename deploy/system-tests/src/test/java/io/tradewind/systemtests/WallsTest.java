package io.tradewind.systemtests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The walls between the modules, as docs/ARCHITECTURE.md and docs/HACKING.md describe them. Whoever runs into one has
 * found a design decision: move the code, or change the decision in docs/adr first.
 */
class WallsTest {

    private static final String ROOT = "io.tradewind.";

    /** Package of each service, and what its main, verticle and config begin with. */
    private static final Map<String, String> SERVICES = new TreeMap<>(Map.of(
            "gateway", "Gateway",
            "orderqueue", "OrderQueue",
            "statestore", "StateStore",
            "dbsync", "DbSync",
            "strategyexecutor", "StrategyExecutor",
            "monitor", "Monitor"));

    /** What may see several services, and is seen by none. */
    private static final String[] ASSEMBLIES = {ROOT + "allinone..", ROOT + "benchmarks..", ROOT + "systemtests.."};

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.tradewind");
    }

    @Test
    void shouldKeepServicesApart() {
        for (String service : SERVICES.keySet()) {
            noClasses()
                    .that()
                    .resideInAPackage(packages(service))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(allServicesBut(service)))
                    .because("services meet in contracts only")
                    .check(classes);
        }
    }

    @Test
    void shouldLetServicesKnowNoServerTheyDoNotStart() {
        for (String service : SERVICES.keySet()) {
            noClasses()
                    .that()
                    .resideInAPackage(packages(service))
                    .should()
                    .dependOnClassesThat(resideInAPackage(packages("embeddedservers")))
                    .because("a service is told where Redis and Postgres are")
                    .check(classes);
        }
    }

    @Test
    void shouldLetOnlyAssembliesSeeSeveralServices() {
        noClasses()
                .that(not(resideInAnyPackage(ASSEMBLIES)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(ASSEMBLIES))
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage(packages("contracts"), packages("servicekit"), packages("embeddedservers"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(allServicesBut("")))
                .check(classes);
    }

    @Test
    void shouldKeepTheServiceKitFreeOfTradewind() {
        onlyKnowsItself("servicekit", "it starts any service and knows no trading term");
    }

    @Test
    void shouldKeepContractsAtTheBottom() {
        onlyKnowsItself("contracts", "everybody depends on contracts");
    }

    @Test
    void shouldKeepEmbeddedServersFreeOfTradewind() {
        onlyKnowsItself("embeddedservers", "it runs servers, for tests of every module too");
    }

    /** The event bus is allowed: docs/adr/0007. */
    @Test
    void shouldKeepContractsFreeOfInputAndOutput() {
        noClasses()
                .that()
                .resideInAPackage(packages("contracts"))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.net..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.sql..",
                                "javax.net..",
                                "io.netty..",
                                "io.vertx.core.file..",
                                "io.vertx.core.net..",
                                "io.vertx.core.http..",
                                "io.vertx.core.datagram..",
                                "io.vertx.core.dns..",
                                "io.vertx.redis..",
                                "io.vertx.pgclient..",
                                "io.vertx.sqlclient..",
                                "io.vertx.ext..")
                        .or(named("java\\.io\\.(File.*|RandomAccessFile|Console)")))
                .check(classes);
    }

    @Test
    void shouldChangeTheStatusOfAnOrderByItsEventsOnly() {
        for (String service : SERVICES.keySet()) {
            noClasses()
                    .that()
                    .resideInAPackage(packages(service))
                    .should()
                    .callMethodWhere(DescribedPredicate.describe(
                            "an order is put into a status",
                            call -> call.getTargetOwner().getName().equals(ROOT + "contracts.orders.Order")
                                    && List.of("withStatus", "withFill").contains(call.getName())))
                    .because("OrderLife says which status follows from which event")
                    .check(classes);
        }
    }

    @Test
    void shouldKeepDomainsPure() {
        noClasses()
                .that(inADomain())
                .should()
                .dependOnClassesThat(resideInAPackage("io.vertx..").and(not(named("io\\.vertx\\.core\\.Future"))))
                .because("a domain is rules; of Vert.x it knows io.vertx.core.Future at most")
                .check(classes);
        noClasses()
                .that(inADomain())
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "java.net..",
                                "java.nio.file..",
                                "java.nio.channels..",
                                "java.sql..",
                                "io.netty..",
                                "com.hazelcast..",
                                "io.micrometer..",
                                ROOT + "servicekit..")
                        .or(named("java\\.io\\.(File.*|RandomAccessFile|Console)")))
                .because("a domain touches nothing outside")
                .check(classes);
    }

    @Test
    void shouldKeepDomainsFreeOfClocksThreadsAndChance() {
        noClasses()
                .that(inADomain())
                .should()
                .dependOnClassesThat(named("java\\.lang\\.(Thread|ThreadLocal|Timer)(\\$.*)?")
                        .or(named("java\\.util\\.Timer(Task)?"))
                        .or(named("java\\.util\\.concurrent\\.(.*Executor.*|Thread.*|ForkJoin.*|CompletableFuture)"))
                        .or(named("java\\.util\\.concurrent\\.locks\\..*"))
                        .or(named("java\\.security\\.SecureRandom"))
                        .or(named("java\\.time\\.Clock")))
                .because("time and chance are handed in, so that a seed replays a run")
                .check(classes);
        noClasses()
                .that(inADomain())
                .should()
                .accessTargetWhere(readsClockOrChance())
                .because("time and chance are handed in, so that a seed replays a run")
                .check(classes);
    }

    @Test
    void shouldGiveEveryServiceTheSameFace() {
        List<String> missing = new ArrayList<>();
        SERVICES.forEach((service, prefix) -> {
            for (String part : List.of("Main", "Verticle", "Config")) {
                String name = ROOT + service + "." + prefix + part;
                if (!classes.contain(name)) {
                    missing.add(name);
                }
            }
        });
        assertEquals(List.of(), missing);
    }

    /** A rule about a package that was renamed would hold for ever. */
    @Test
    void shouldLookAtEveryModule() {
        for (String module : SERVICES.keySet()) {
            assertTrue(knows(module), "no classes in " + ROOT + module);
        }
        for (String module : Set.of("contracts", "servicekit", "embeddedservers", "allinone", "benchmarks")) {
            assertTrue(knows(module), "no classes in " + ROOT + module);
        }
        assertFalse(knows("nowhere"));
    }

    private static boolean knows(String module) {
        return classes.stream().anyMatch(each -> each.getPackageName().startsWith(ROOT + module));
    }

    private static void onlyKnowsItself(String module, String why) {
        noClasses()
                .that()
                .resideInAPackage(packages(module))
                .should()
                .dependOnClassesThat(resideInAPackage("io.tradewind..").and(not(resideInAPackage(packages(module)))))
                .because(why)
                .check(classes);
    }

    private static DescribedPredicate<JavaClass> inADomain() {
        return resideInAnyPackage(
                SERVICES.keySet().stream().map(s -> ROOT + s + "..domain..").toArray(String[]::new));
    }

    private static DescribedPredicate<JavaClass> named(String pattern) {
        return DescribedPredicate.describe(
                "named " + pattern, each -> each.getName().matches(pattern));
    }

    /** Static ways to the time of day, to a stopwatch or to unseeded chance. */
    private static DescribedPredicate<JavaAccess<?>> readsClockOrChance() {
        Set<String> forbidden = Set.of(
                "java.lang.System.currentTimeMillis",
                "java.lang.System.nanoTime",
                "java.lang.Math.random",
                "java.util.UUID.randomUUID",
                "java.time.InstantSource.system",
                "java.util.concurrent.ThreadLocalRandom.current",
                "java.util.random.RandomGenerator.getDefault");
        return DescribedPredicate.describe("reads a clock or unseeded chance", access -> {
            AccessTarget target = access.getTarget();
            String owner = target.getOwner().getName();
            boolean now = owner.startsWith("java.time.") && target.getName().equals("now");
            boolean unseeded = (owner.equals("java.util.Random") || owner.equals("java.util.SplittableRandom"))
                    && target instanceof AccessTarget.ConstructorCallTarget constructor
                    && constructor.getRawParameterTypes().isEmpty();
            boolean newDate = owner.equals("java.util.Date")
                    && target instanceof AccessTarget.ConstructorCallTarget constructor
                    && constructor.getRawParameterTypes().isEmpty();
            return now || unseeded || newDate || forbidden.contains(owner + "." + target.getName());
        });
    }

    private static String packages(String module) {
        return ROOT + module + "..";
    }

    private static String[] allServicesBut(String service) {
        return SERVICES.keySet().stream()
                .filter(other -> !other.equals(service))
                .map(WallsTest::packages)
                .toArray(String[]::new);
    }
}
