package io.tradewind.servicekit.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The configuration of one process: a section per service and a few shared ones, each an immutable, validated record.
 * Sources, later wins: defaults, {@code tradewind.yaml}, variables {@code TRADEWIND_SECTION_KEY}, overrides from the
 * command line. Everything is bound and checked when it is built, so whoever holds a Settings holds a usable
 * configuration. Immutable, any thread; building blocks on the file and belongs to the main thread, before Vert.x runs.
 */
public final class Settings {
    /** The sections that every process has, whatever services run in it. */
    public static final Map<String, Class<? extends Record>> SHARED_SECTIONS = sharedSections();

    private final Map<String, Class<? extends Record>> types;
    private final Map<String, Record> values;
    private final Schema schema;
    private final List<String> warnings;
    private final Path file;

    private Settings(Builder builder, Schema schema, Map<String, Record> values) {
        this.types = new LinkedHashMap<>(builder.sections);
        this.values = values;
        this.schema = schema;
        this.warnings = List.copyOf(builder.warnings);
        this.file = builder.file;
    }

    private static Map<String, Class<? extends Record>> sharedSections() {
        Map<String, Class<? extends Record>> shared = new LinkedHashMap<>();
        shared.put(RuntimeConfig.SECTION, RuntimeConfig.class);
        shared.put(AdminConfig.SECTION, AdminConfig.class);
        shared.put(ClusterConfig.SECTION, ClusterConfig.class);
        shared.put(RedisConfig.SECTION, RedisConfig.class);
        shared.put(PostgresConfig.SECTION, PostgresConfig.class);
        return Collections.unmodifiableMap(shared);
    }

    public static Builder builder() {
        return new Builder();
    }

    /** The record with every key at its default; for tests and listings. */
    public static <C extends Record> C defaults(Class<C> type) {
        Binder binder = new Binder(List.of());
        C defaults = binder.bind("default", type, JsonNodeFactory.instance.objectNode());
        if (!binder.problems().isEmpty()) {
            throw new ConfigException(binder.problems());
        }
        return defaults;
    }

    static Record defaultsOrNull(Class<? extends Record> type) {
        return new Binder(List.of()).bind("default", type, JsonNodeFactory.instance.objectNode());
    }

    /** The section's record. Asking for a section that was not registered is a programming error. */
    public <C extends Record> C section(String name, Class<C> type) {
        Record value = values.get(name);
        if (!type.isInstance(value)) {
            throw new IllegalArgumentException(
                    "section " + name + " is registered as " + types.get(name) + ", not as " + type);
        }
        return type.cast(value);
    }

    public RuntimeConfig runtime() {
        return section(RuntimeConfig.SECTION, RuntimeConfig.class);
    }

    public AdminConfig admin() {
        return section(AdminConfig.SECTION, AdminConfig.class);
    }

    public ClusterConfig cluster() {
        return section(ClusterConfig.SECTION, ClusterConfig.class);
    }

    public RedisConfig redis() {
        return section(RedisConfig.SECTION, RedisConfig.class);
    }

    public PostgresConfig postgres() {
        return section(PostgresConfig.SECTION, PostgresConfig.class);
    }

    /** What was odd but not wrong: a healed file, unknown variables. Already logged once. */
    public List<String> warnings() {
        return warnings;
    }

    /** The file that was read, if one was given and existed. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    /** A commented default {@code tradewind.yaml}: every key with meaning and default. */
    public String describe() {
        return SettingsText.file(types);
    }

    /** The configuration in effect, one {@code key = value} per line, secrets masked. */
    public String effective() {
        return keys().stream().map(info -> info.key() + " = " + info.value()).collect(Collectors.joining("\n"));
    }

    /** Every key with its meaning, default and value in effect, in the order of the file. */
    public List<KeyInfo> keys() {
        List<KeyInfo> keys = new ArrayList<>();
        types.forEach((name, type) -> collect(name, type, values.get(name), defaultsOrNull(type), keys));
        return keys;
    }

    private void collect(String path, Class<?> type, Record value, Record defaults, List<KeyInfo> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = path + "." + Schema.kebab(component.getName());
            Object mine = value == null ? null : SettingsText.get(component, value);
            Object usual = defaults == null ? null : SettingsText.get(component, defaults);
            if (Schema.isNested(component.getType())) {
                collect(key, component.getType(), (Record) mine, (Record) usual, keys);
            } else {
                Schema.Leaf leaf = schema.leaves().get(key);
                String shown = SettingsText.value(mine);
                keys.add(new KeyInfo(
                        key,
                        leaf.variable(),
                        Schema.expects(leaf.type()),
                        leaf.secret() ? "" : SettingsText.value(usual),
                        leaf.secret() && !shown.isEmpty() ? Redaction.MASK : shown,
                        leaf.doc(),
                        leaf.secret()));
            }
        }
    }

    /** Collects the sources. Used once, by one thread. */
    public static final class Builder {
        // Held here, not in Settings: programs choose the log level before the first logger is made.
        private final Logger log = LoggerFactory.getLogger(Settings.class);
        private final Map<String, Class<? extends Record>> sections = new LinkedHashMap<>(SHARED_SECTIONS);
        private final Map<String, String> environment = new TreeMap<>();
        private final TreeSet<String> foreign = new TreeSet<>();
        private final Map<String, String> overrides = new LinkedHashMap<>();
        private final List<String> warnings = new ArrayList<>();
        private final List<ConfigException.Problem> problems = new ArrayList<>();
        private Path file;
        private Clock clock = Clock.systemUTC();
        private boolean ignoreUnknownSections;

        private Builder() {}

        /** The file to read; it must exist. */
        public Builder file(Path path) {
            this.file = path;
            return this;
        }

        /** The file to read if it is there. */
        public Builder fileIfPresent(Path path) {
            this.file = Files.exists(path) ? path : null;
            return this;
        }

        /** All variables; those that do not begin with {@code TRADEWIND_} are ignored. */
        public Builder environment(Map<String, String> variables) {
            variables.forEach((name, value) -> {
                if (name.startsWith(Schema.ENVIRONMENT_PREFIX)) {
                    environment.put(name, value);
                }
            });
            return this;
        }

        /** Variables with our prefix that are no settings, such as those a start script reads. */
        public Builder foreignEnvironment(String... names) {
            foreign.addAll(Arrays.asList(names));
            return this;
        }

        /** Sets one key; the last call for a key wins. */
        public Builder override(String key, String value) {
            overrides.put(key.trim(), value);
            return this;
        }

        /** Sets one key from the command line's {@code section.key=value}. */
        public Builder override(String assignment) {
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                problems.add(new ConfigException.Problem("--set " + assignment, null, "must be section.key=value"));
                return this;
            }
            return override(assignment.substring(0, equals), assignment.substring(equals + 1));
        }

        /** Adds sections to the shared ones. */
        public Builder sections(Map<String, Class<? extends Record>> more) {
            more.forEach(this::section);
            return this;
        }

        /** Adds one section. */
        public Builder section(String name, Class<? extends Record> type) {
            sections.put(name, type);
            return this;
        }

        /** Lets sections of services that do not run here stand in the file; otherwise they are an error. */
        public Builder ignoreUnknownSections() {
            ignoreUnknownSections = true;
            return this;
        }

        /** The clock that names a file that is set aside. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Reads, merges, binds and checks; a {@link ConfigException} tells every problem that was found. */
        public Settings build() {
            Schema schema = new Schema(sections);
            ObjectNode tree = file == null
                    ? JsonNodeFactory.instance.objectNode()
                    : ConfigFile.read(file, () -> SettingsText.file(sections), clock, this::warn);
            noteUnknownSections(tree, schema);
            applyEnvironment(tree, schema);
            applyOverrides(tree, schema);
            Map<String, Record> values = bind(tree, schema);
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
            return new Settings(this, schema, values);
        }

        private void noteUnknownSections(ObjectNode tree, Schema schema) {
            tree.fieldNames().forEachRemaining(name -> {
                if (!sections.containsKey(name) && ignoreUnknownSections) {
                    log.info("section {} of {} belongs to no service that runs here", name, file);
                } else if (!sections.containsKey(name)) {
                    String hint = Nearest.hint(name, sections.keySet());
                    // A key that was written without its section deserves a better hint than another section.
                    String whole =
                            hint.isEmpty() ? Nearest.hint(name, schema.leaves().keySet()) : hint;
                    problems.add(new ConfigException.Problem(name, null, "unknown section" + whole));
                }
            });
            if (file != null) {
                sections.keySet().stream()
                        .filter(name -> !tree.has(name))
                        .forEach(name -> log.info("{} has no section {}: defaults are used", file, name));
            }
        }

        private void applyEnvironment(ObjectNode tree, Schema schema) {
            environment.forEach((variable, value) -> {
                String key = schema.keyOf(variable);
                if (key != null) {
                    put(tree, schema.leaves().get(key), key, value);
                } else if (!foreign.contains(variable)) {
                    warn("variable " + variable + " sets no known key and is ignored"
                            + Nearest.hint(variable, schema.keyByVariable().keySet()));
                }
            });
        }

        private void applyOverrides(ObjectNode tree, Schema schema) {
            overrides.forEach((key, value) -> {
                Schema.Leaf leaf = schema.leafFor(key);
                if (leaf == null) {
                    problems.add(new ConfigException.Problem(
                            key,
                            null,
                            "unknown key" + Nearest.hint(key, schema.leaves().keySet())));
                } else {
                    put(tree, leaf, key, value);
                }
            });
        }

        private void put(ObjectNode tree, Schema.Leaf leaf, String key, String value) {
            JsonNode node = TextNode.valueOf(value);
            String text = value.trim();
            if ((leaf.isList() && text.startsWith("[")) || (leaf.isMap() && key.equals(leaf.key()))) {
                try {
                    node = ConfigFile.parseInline(text);
                } catch (JsonProcessingException e) {
                    String shown = leaf.secret() ? Redaction.MASK : value;
                    problems.add(new ConfigException.Problem(
                            key, shown, "must be " + Schema.expects(leaf.type()) + " in YAML"));
                    return;
                }
            }
            // An entry of a map may have dots in its own name.
            String last = key.equals(leaf.key())
                    ? key.substring(key.lastIndexOf('.') + 1)
                    : key.substring(leaf.key().length() + 1);
            ObjectNode parent = tree;
            for (String step :
                    key.substring(0, key.length() - last.length() - 1).split("\\.", -1)) {
                JsonNode child = parent.get(step);
                if (child == null || child.isNull()) {
                    child = parent.putObject(step);
                }
                if (!(child instanceof ObjectNode mapping)) {
                    return; // The file has something else there, which binding reports.
                }
                parent = mapping;
            }
            parent.set(last, node);
        }

        private Map<String, Record> bind(ObjectNode tree, Schema schema) {
            Binder binder = new Binder(schema.leaves().keySet());
            Map<String, Record> values = new LinkedHashMap<>();
            sections.forEach((name, type) -> values.put(name, binder.bind(name, type, tree.path(name))));
            problems.addAll(binder.problems());
            return values;
        }

        private void warn(String message) {
            warnings.add(message);
            log.warn("{}", message);
        }
    }
}
