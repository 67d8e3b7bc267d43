package io.tradewind.servicekit.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the key a user probably meant: pure functions. */
final class Nearest {
    private Nearest() {}

    /** The candidate with the smallest edit distance, or empty when none is similar enough to be worth a hint. */
    static Optional<String> to(String word, Collection<String> candidates) {
        return candidates.stream()
                .min(Comparator.<String>comparingInt(candidate -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                // More than half wrong is not a typing error; a hint would only mislead.
                .filter(candidate -> distance(word, candidate) <= Math.max(word.length(), candidate.length()) / 2);
    }

    /** A sentence part to append to "unknown key". */
    static String hint(String word, Collection<String> candidates) {
        return to(word, candidates)
                .map(candidate -> "; did you mean " + candidate + "?")
                .orElse("");
    }

    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
            }
            int[] swap = previous;
            previous = current;
            current = swap;
        }
        return previous[b.length()];
    }
}
