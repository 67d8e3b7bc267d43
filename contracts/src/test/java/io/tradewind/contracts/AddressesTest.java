package io.tradewind.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tradewind.contracts.state.Partitions;
import io.tradewind.contracts.wire.WireCodec;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AddressesTest {

    private static final Path PROTOCOL = Path.of("..", "docs", "PROTOCOL.md");

    /** Every address; those with a partition written as {@code {p}} when asked for the pattern. */
    private static List<String> addresses(boolean asPattern) throws ReflectiveOperationException {
        List<String> found = new ArrayList<>();
        for (Field field : Addresses.class.getFields()) {
            found.add((String) field.get(null));
        }
        for (Method method : Addresses.class.getDeclaredMethods()) {
            if (Modifier.isPublic(method.getModifiers()) && method.getParameterTypes()[0] == String.class) {
                found.add((String) method.invoke(null, "{domain}"));
            } else if (Modifier.isPublic(method.getModifiers())) {
                for (int p = 0; p < (asPattern ? 1 : Partitions.COUNT); p++) {
                    String address = (String) method.invoke(null, p);
                    assertTrue(address.endsWith("." + p), address);
                    found.add(asPattern ? address.replace(".0", ".{p}") : address);
                }
            }
        }
        return found;
    }

    @Test
    void shouldBeDistinctAndInOneNamespace() throws Exception {
        List<String> all = addresses(false);
        assertTrue(all.contains(Addresses.stateCommit(0)), "the list is read from the class");
        assertEquals(all.size(), new HashSet<>(all).size());
        all.forEach(address -> assertTrue(address.startsWith("tradewind."), address));
    }

    @Test
    void shouldAllBeDocumented() throws Exception {
        String protocol = Files.readString(PROTOCOL);
        for (String address : new TreeSet<>(addresses(true))) {
            assertTrue(protocol.contains("`" + address + "`"), address + " is missing in " + PROTOCOL);
        }
    }

    @Test
    void shouldHaveEveryMessageDocumented() throws IOException {
        String protocol = Files.readString(PROTOCOL);
        for (WireCodec<?> codec : MessageCodecs.all()) {
            String name = "`" + codec.type().getSimpleName() + "`";
            assertTrue(protocol.contains(name), name + " is missing in " + PROTOCOL);
        }
    }
}
