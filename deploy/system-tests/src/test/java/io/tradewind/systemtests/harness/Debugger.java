package io.tradewind.systemtests.harness;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.Method;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.AttachingConnector;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Stops a single thread of a program that runs, at a place in its code, as the debugger of an IDE does. All others run
 * on: to them that thread hangs. The program is the one that users have; nothing in it knows of this.
 *
 * <p>Blocking; one thread. Whoever attached it closes it, which lets every thread go on.
 */
public final class Debugger implements AutoCloseable {

    private static final Duration ATTACH_LIMIT = Duration.ofMinutes(1);

    private final VirtualMachine vm;

    private Debugger(VirtualMachine vm) {
        this.vm = vm;
    }

    /** Attaches to a program that waits for it on a port of this machine. */
    public static Debugger attach(int port) throws IOException {
        AttachingConnector connector = Bootstrap.virtualMachineManager().attachingConnectors().stream()
                .filter(each -> each.transport().name().equals("dt_socket"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this JDK cannot attach to another JVM by a socket"));
        Map<String, Connector.Argument> arguments = connector.defaultArguments();
        arguments.get("hostname").setValue("127.0.0.1");
        arguments.get("port").setValue(Integer.toString(port));
        arguments.get("timeout").setValue(Long.toString(ATTACH_LIMIT.toMillis()));
        try {
            return new Debugger(connector.attach(arguments));
        } catch (IllegalConnectorArgumentsException e) {
            throw new IllegalStateException("arguments " + arguments, e);
        }
    }

    /**
     * Stops the first thread that comes by, and only that one.
     *
     * @param className of a class that the program has used before
     * @param methodName the thread stands at its beginning
     */
    public Stopped stopAt(String className, String methodName, Duration limit) throws InterruptedException {
        BreakpointRequest stop = vm.eventRequestManager()
                .createBreakpointRequest(method(className, methodName).location());
        stop.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
        stop.addCountFilter(1);
        stop.enable();
        long deadlineNs = System.nanoTime() + limit.toNanos();
        while (true) {
            long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
            EventSet events = leftMs <= 0 ? null : vm.eventQueue().remove(leftMs);
            if (events == null) {
                throw new AssertionError(
                        "nobody came by " + className + "." + methodName + " within " + limit.toMillis() + " ms");
            }
            for (Event event : events) {
                if (event instanceof BreakpointEvent reached && stop.equals(event.request())) {
                    vm.eventRequestManager().deleteEventRequest(stop);
                    return new Stopped(reached.thread());
                }
            }
            events.resume();
        }
    }

    private Method method(String className, String name) {
        return vm.classesByName(className).stream()
                .flatMap(type -> type.methodsByName(name).stream())
                .filter(method -> !method.isAbstract() && !method.isBridge())
                .findFirst()
                .orElseThrow(() -> new AssertionError(className + "." + name + " is not in the program"));
    }

    /** A thread that hangs. */
    public static final class Stopped {

        private final ThreadReference thread;

        private Stopped(ThreadReference thread) {
            this.thread = thread;
        }

        public String name() {
            return thread.name();
        }

        /** It goes on as if no time had passed. */
        public void goOn() {
            thread.resume();
        }
    }

    @Override
    public void close() {
        try {
            vm.dispose();
        } catch (VMDisconnectedException e) {
            // The program has ended, and with it everything that was stopped.
            return;
        }
    }
}
