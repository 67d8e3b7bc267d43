package io.tradewind.allinone;

import io.tradewind.allinone.cli.Console;
import io.tradewind.allinone.cli.Tradewind;

/** What the {@code tradewind} script starts, for every command but {@code bench}. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(Tradewind.run(Console.system(), args));
    }
}
