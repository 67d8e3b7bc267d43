package io.tradewind.embeddedservers;

/** Uses the shared servers and exits, as a test run does. */
public final class SharedMain {
    private SharedMain() {}

    public static void main(String[] arguments) {
        System.out.println("redis " + SharedServers.redis().pid() + ";");
        System.out.println("postgres " + SharedServers.postgres().pid() + ";");
        System.out.println("cluster " + SharedServers.postgres().clusterDir() + ";");
    }
}
