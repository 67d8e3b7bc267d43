package io.tradewind.systemtests.harness;

import java.net.URI;

/** A running Tradewind, however many processes it is made of, as far as the audit needs it. */
public interface Audited {

    ApiClient client();

    URI redis();

    /** As in endpoints.json, postgresql://user@host:port/database. */
    URI postgres();

    /** The ends of what it printed and logged, to be put behind a failure. */
    String quoted();
}
