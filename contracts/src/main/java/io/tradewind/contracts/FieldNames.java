package io.tradewind.contracts;

import java.util.List;

/**
 * The fields that somebody wants of many documents, each with a place of its own in what {@link
 * JsonObjects#read(Json, FieldNames)} gives. Found by the bytes of their names, without making text of them. Immutable,
 * any thread.
 */
public final class FieldNames {

    private final String[] names;
    /** Place and one, by hash; zero where there is none. A power of two, at most a quarter full. */
    private final int[] table;

    private FieldNames(List<String> names) {
        this.names = names.toArray(String[]::new);
        int size = Integer.highestOneBit(Math.max(1, names.size())) * 8;
        this.table = new int[size];
        for (int place = 0; place < this.names.length; place++) {
            String name = this.names[place];
            if (name == null) {
                continue;
            }
            if (names.indexOf(name) != place) {
                throw new IllegalArgumentException("field '" + name + "' is wanted twice");
            }
            int slot = slot(hash(name));
            while (table[slot] != 0) {
                slot = (slot + 1) & (table.length - 1);
            }
            table[slot] = place + 1;
        }
    }

    /** @param names in the order of the places; {@code null} for a place that no field fills */
    public static FieldNames of(List<String> names) {
        return new FieldNames(names);
    }

    /** How many places there are. */
    public int size() {
        return names.length;
    }

    /** Whether no field is wanted at all. */
    public boolean isEmpty() {
        for (String name : names) {
            if (name != null) {
                return false;
            }
        }
        return true;
    }

    /** @return the name at a place, or {@code null} */
    String name(int place) {
        return names[place];
    }

    /** @return the place of the field with that name, or -1 */
    int place(byte[] in, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + in[i];
        }
        for (int slot = slot(hash); table[slot] != 0; slot = (slot + 1) & (table.length - 1)) {
            int place = table[slot] - 1;
            if (PlainJson.same(names[place], in, from, to)) {
                return place;
            }
        }
        return -1;
    }

    private static int hash(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            hash = 31 * hash + name.charAt(i);
        }
        return hash;
    }

    private int slot(int hash) {
        return (hash ^ hash >>> 12) & (table.length - 1);
    }
}
