package io.tradewind.allinone.cli;

import io.tradewind.servicekit.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** Says which Tradewind this is; needs no running instance. */
@Command(name = "version", header = "Show the version of Tradewind, Java and the machine.")
final class VersionCommand implements Callable<Integer> {

    private final Console console;

    VersionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        for (String line : new Provider().getVersion()) {
            console.out().println(line);
        }
        return ExitCode.OK;
    }

    /** For {@code --version}. */
    static final class Provider implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {
                "tradewind " + Version.current(),
                "java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch")
            };
        }
    }
}
