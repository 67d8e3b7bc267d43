package io.tradewind.contracts.orders;

import io.tradewind.contracts.state.Domains;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an account may be called. Its id is a partition key, so that it must not be one of the keys that Tradewind uses
 * itself.
 */
public final class AccountIds {

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final Set<String> RESERVED = Set.of(Domains.GLOBAL_KEY, Domains.MARKET_KEY);

    private AccountIds() {}

    /**
     * @return the id
     * @throws IllegalArgumentException when it may not be used; the message names it and the rule
     */
    public static String check(String accountId) {
        if (!FORM.matcher(accountId).matches()) {
            throw new IllegalArgumentException(
                    "account '" + accountId
                            + "': must be 1 to 64 letters, digits, dots, dashes and underscores, beginning with a letter or digit");
        }
        if (RESERVED.contains(accountId)) {
            throw new IllegalArgumentException("account '" + accountId + "': this name is kept for Tradewind itself");
        }
        return accountId;
    }
}
