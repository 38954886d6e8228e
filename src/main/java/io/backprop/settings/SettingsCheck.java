package io.backprop.settings;

import static java.util.Objects.requireNonNull;

import io.backprop.web.problem.SimilarNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.stereotype.Component;

/**
 * Rejects unknown settings before any bean is created. {@code @ConfigurationProperties(ignoreUnknownFields = false)} accepts
 * misspelled environment variables and prefixes (SettingsCheckTests).
 */
@Component
class SettingsCheck implements BeanFactoryPostProcessor {

    private static final String PREFIX = "backprop.";
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("backprop");

    /** A system property of the engine, which does not know Spring. */
    private static final ConfigurationPropertyName KERNEL = ROOT.append("kernel");

    /** The variables that Kubernetes sets for services whose name begins with {@code backprop}. */
    private static final Pattern SERVICE_LINK =
            Pattern.compile("backprop(\\..+)?\\.(service\\.(host|port.*)|port(\\[\\d+].*)?)");

    /** There are unknown settings. The message has a line for each. */
    static final class UnknownSettingException extends RuntimeException {

        private static final long serialVersionUID = 1;

        UnknownSettingException(String message) {
            super(message);
        }
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        Set<ConfigurationPropertyName> known = new TreeSet<>();
        for (String name : beans.getBeanNamesForType(Record.class, false, false)) {
            ConfigurationProperties properties = beans.findAnnotationOnBean(name, ConfigurationProperties.class, false);
            if (properties != null && properties.value().startsWith(PREFIX)) {
                addComponents(properties.value(), requireNonNull(beans.getType(name, false)), known);
            }
        }
        Environment environment =
                beans.getBean(ConfigurableApplicationContext.ENVIRONMENT_BEAN_NAME, Environment.class);
        List<String> unknown = new ArrayList<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource properties) {
                Predicate<ConfigurationPropertyName> isKnown = isKnown(known, source.getUnderlyingSource());
                properties.stream()
                        .filter(name -> ROOT.isAncestorOf(name) && !isKnown.test(list(name)))
                        .map(name -> describe(requireNonNull(properties.getConfigurationProperty(name)), known))
                        .forEach(unknown::add);
            }
        }
        if (!unknown.isEmpty()) {
            throw new UnknownSettingException(String.join(System.lineSeparator(), unknown));
        }
    }

    private static void addComponents(String prefix, Class<?> type, Set<ConfigurationPropertyName> known) {
        Arrays.stream(type.getRecordComponents())
                .map(component -> DataObjectPropertyName.toDashedForm(component.getName()))
                .forEach(name -> known.add(ConfigurationPropertyName.of(prefix).append(name)));
    }

    /** Returns the name of the list to which a property belongs, or the property's own. */
    private static ConfigurationPropertyName list(ConfigurationPropertyName name) {
        return name.isLastElementIndexed() ? name.getParent() : name;
    }

    private static Predicate<ConfigurationPropertyName> isKnown(
            Set<ConfigurationPropertyName> known, @Nullable Object source) {
        if (source instanceof SystemEnvironmentPropertySource) {
            Set<ConfigurationPropertyName> withDots =
                    known.stream() // Spring accepts underscores in place of dashes, too
                            .map(name ->
                                    ConfigurationPropertyName.of(name.toString().replace('-', '.')))
                            .collect(Collectors.toSet());
            return name -> known.contains(name)
                    || withDots.contains(name)
                    || SERVICE_LINK.matcher(name.toString()).matches();
        }
        boolean isJvm = source instanceof PropertySource<?> named
                && named.getName().equals(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        return name -> known.contains(name) || (isJvm && name.equals(KERNEL));
    }

    private static String describe(ConfigurationProperty property, Set<ConfigurationPropertyName> known) {
        List<String> names = known.stream()
                .map(name -> name.toString().substring(PREFIX.length()))
                .toList();
        return property.getName() + ", " + property.getOrigin() + ": "
                + SimilarNames.nearest(property.getName().toString().substring(PREFIX.length()), names)
                        .map(nearest -> "did you mean " + PREFIX + nearest + "?")
                        .orElse("known are "
                                + known.stream()
                                        .map(ConfigurationPropertyName::toString)
                                        .collect(Collectors.joining(", ")));
    }
}
