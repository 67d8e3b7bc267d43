package io.tradewind.allinone.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rows of text in aligned columns: numbers to the right, words to the left, two spaces between, no trailing spaces.
 * Colours are put around a cell after it was padded, so that they never shift a column.
 */
final class Table {

    private static final String GAP = "  ";
    private static final String RESET = "\u001b[0m";
    private static final String DIM = "\u001b[2m";
    private static final String GREEN = "\u001b[32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String RED = "\u001b[31m";

    private static final Map<String, String> COLOURS = Map.ofEntries(
            Map.entry("up", GREEN),
            Map.entry("running", GREEN),
            Map.entry("active", GREEN),
            Map.entry("filled", GREEN),
            Map.entry("degraded", YELLOW),
            Map.entry("starting", YELLOW),
            Map.entry("reducing", YELLOW),
            Map.entry("partially_filled", YELLOW),
            Map.entry("down", RED),
            Map.entry("failed", RED),
            Map.entry("halted", RED),
            Map.entry("rejected", RED));

    private record Column(String title, boolean number) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** A column of words. */
    Table text(String title) {
        columns.add(new Column(title, false));
        return this;
    }

    /** A column of numbers, to the right. */
    Table number(String title) {
        columns.add(new Column(title, true));
        return this;
    }

    /** @throws IllegalArgumentException unless there is one cell per column */
    Table row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    String render(boolean colours) {
        int[] widths = new int[columns.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = columns.get(c).title().length();
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        line(text, columns.stream().map(Column::title).toList(), widths, colours ? DIM : null, false);
        rows.forEach(row -> line(text, row, widths, null, colours));
        return text.toString();
    }

    private void line(StringBuilder text, List<String> cells, int[] widths, String lineColour, boolean cellColours) {
        StringBuilder line = new StringBuilder();
        int visible = 0;
        for (int c = 0; c < widths.length; c++) {
            String cell = cells.get(c);
            String padding = " ".repeat(widths[c] - cell.length());
            String colour = cellColours ? COLOURS.get(cell) : null;
            line.append(columns.get(c).number() ? padding : "");
            line.append(colour == null ? cell : colour + cell + RESET);
            if (!cell.isEmpty()) {
                visible = line.length();
            }
            line.append(columns.get(c).number() ? "" : padding).append(GAP);
        }
        line.setLength(visible);
        text.append(lineColour == null ? line : lineColour + line + RESET).append('\n');
    }
}
