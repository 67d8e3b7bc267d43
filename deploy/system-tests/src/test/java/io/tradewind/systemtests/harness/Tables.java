package io.tradewind.systemtests.harness;

import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables in Postgres, read over JDBC as an analyst would. Blocking; the caller closes it. */
public final class Tables implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final Connection connection;

    private Tables(Connection connection) {
        this.connection = connection;
    }

    /**
     * Waits for a server that has just been started again: it listens before it accepts connections.
     *
     * @param postgres as in endpoints.json, postgresql://user@host:port/database
     */
    public static Tables open(URI postgres) {
        String url = "jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getPort() + postgres.getPath()
                + "?connectTimeout=10&socketTimeout=30&user=" + postgres.getUserInfo();
        return new Tables(Waiting.valueOf(
                "Postgres accepts a connection", LIMIT, () -> DriverManager.getConnection(url), opened -> true));
    }

    /** Rows as text by column name. */
    public List<Map<String, String>> rows(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                return rows(result);
            }
        }
    }

    private static List<Map<String, String>> rows(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<Map<String, String>> rows = new ArrayList<>();
        while (result.next()) {
            Map<String, String> row = new LinkedHashMap<>();
            for (int c = 1; c <= columns.getColumnCount(); c++) {
                row.put(columns.getColumnLabel(c), result.getString(c));
            }
            rows.add(row);
        }
        return rows;
    }

    /** Returns when the rows have reached {@code versions} of each partition. */
    public void awaitVersions(long[] versions) {
        Waiting.valueOf("Postgres reaches the log", LIMIT, () -> behind(versions), List::isEmpty);
    }

    private List<String> behind(long[] versions) throws SQLException {
        List<String> behind = new ArrayList<>();
        for (Map<String, String> row : rows("SELECT partition, version FROM sync_offsets")) {
            int partition = Integer.parseInt(row.get("partition"));
            if (Long.parseLong(row.get("version")) < versions[partition]) {
                behind.add(partition + " at " + row.get("version") + " of " + versions[partition]);
            }
        }
        return behind;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
