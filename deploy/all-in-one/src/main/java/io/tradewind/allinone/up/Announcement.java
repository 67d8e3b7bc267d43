package io.tradewind.allinone.up;

import io.tradewind.allinone.datadir.Credentials;
import io.tradewind.allinone.datadir.DataDirectory;
import io.tradewind.allinone.datadir.Endpoints;
import io.tradewind.gateway.domain.Tickets;
import io.tradewind.servicekit.ServiceKit;
import io.tradewind.servicekit.Version;
import io.tradewind.servicekit.config.Settings;
import io.tradewind.statestore.StateStoreConfig;
import io.tradewind.statestore.StateStoreMain;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Gathers what a ready instance tells people (the summary) and programs (the endpoints). Blocking; the main thread. */
final class Announcement {

    private final ServiceKit kit;
    private final Settings settings;
    private final DataDirectory directory;
    private final Credentials credentials;

    Announcement(ServiceKit kit, Settings settings, DataDirectory directory, Credentials credentials) {
        this.kit = kit;
        this.settings = settings;
        this.directory = directory;
        this.credentials = credentials;
    }

    /** @param servers what {@link ServerFacts#ask} found out */
    Summary summary(String gateway, List<ServerFacts> servers) {
        return new Summary(
                Version.current(),
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime()),
                kit.services().states(),
                gateway,
                gateway + "/?ticket=" + ticket(),
                kit.adminAddress(),
                credentials.keyId(),
                directory.root().resolve(Credentials.FILE),
                servers,
                directory.root(),
                directory.logs().resolve("tradewind.log"));
    }

    private String snapshots() {
        return settings.section(StateStoreMain.SERVICE.name(), StateStoreConfig.class)
                .snapshotDirectory()
                .map(directory -> directory.toAbsolutePath().normalize().toString())
                .orElse("");
    }

    private String ticket() {
        return Tickets.mint(
                credentials.keyId(),
                credentials.secretHash(),
                kit.clock(),
                Tickets.MAX_LIFETIME,
                UUID.randomUUID().toString().replace("-", ""));
    }

    Endpoints endpoints(String gateway) {
        return new Endpoints(
                ProcessHandle.current().pid(),
                gateway,
                kit.adminAddress(),
                settings.redis().uri(),
                settings.postgres().uri(),
                snapshots(),
                Instant.now(kit.clock()),
                Version.current());
    }
}
