package io.tradewind.servicekit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and SIGINT into an orderly end. A JVM shutdown hook cannot choose the exit code (it stays 143), and a
 * clean drain is a success, so the signals are handled instead. The JDK's handler is reached by reflection because its
 * package, supported though it is, cannot be compiled against without a warning.
 */
public final class Signals {
    private static final String[] TERMINATING = {"TERM", "INT"};
    private static final int EXIT_IMPATIENT = 130;

    /** The same wish often arrives twice: {@code timeout} and supervisors signal a process and then its group. */
    static final long SAME_WISH_MS = 500;

    private Signals() {}

    /** Runs the action once, on a thread of the JVM's, at the first signal; another one, more than {@value #SAME_WISH_MS} ms later, ends the process at once. */
    public static void onTerminate(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object once = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, new Once(action)::invoke);
            for (String name : TERMINATING) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), once);
            }
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("SIGTERM cannot be handled; start the JVM without -Xrs", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this JDK has no sun.misc.Signal", e);
        }
    }

    private static final class Once {
        private final Runnable action;
        private boolean signalled;
        private long firstNs;

        Once(Runnable action) {
            this.action = action;
        }

        Object invoke(Object proxy, Method method, Object[] arguments) {
            return switch (method.getName()) {
                case "handle" -> {
                    signalled();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "drain on signal";
            };
        }

        private synchronized void signalled() {
            if (!signalled) {
                signalled = true;
                firstNs = System.nanoTime();
                action.run();
            } else if (System.nanoTime() - firstNs > TimeUnit.MILLISECONDS.toNanos(SAME_WISH_MS)) {
                Runtime.getRuntime().halt(EXIT_IMPATIENT);
            }
        }
    }
}
