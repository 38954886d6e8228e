package io.backprop.security;

import io.backprop.web.problem.ProblemWriter;
import jakarta.servlet.Filter;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.BeanIds;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.FilterChainProxy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.ExceptionTranslationFilter;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/** The filters that decide whether a request is processed. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {
    /*
     * The chain is not built by HttpSecurity, which adds filters for sessions, saved requests and observations that each
     * request would pay for. It is applied to requests, but not again to their asynchronous dispatches
     * (spring.security.filter.dispatcher-types), which have been authorized and have no security context.
     */

    private static final Logger log = LoggerFactory.getLogger(SecurityConfiguration.class);

    @Bean
    Protection protection(SecurityProperties properties, Environment environment) {
        Protection protection = Protection.of(properties.mode(), environment);
        if (protection == Protection.NONE) {
            log.warn("Anyone who can connect may do everything, because of backprop.security.mode=none");
        }
        return protection;
    }

    @Bean
    ApiKeys apiKeys(ApiProperties properties, Protection protection, ObjectProvider<GeneratedKeyStore> store) {
        ApiKeys keys = ApiKeys.from(properties);
        if (!keys.isEmpty() && protection == Protection.HOSTS) {
            log.warn("The configured keys are not required, because the service listens on the loopback interface only;"
                    + " backprop.security.mode=keys requires them");
        }
        return keys.isEmpty() && protection == Protection.KEYS ? ApiKeys.generated(store.getObject()) : keys;
    }

    /** In the order in which they are applied. */
    @Bean
    SecurityFilterChain securityFilterChain(
            Protection protection,
            SecurityProperties properties,
            ServerProperties server,
            ApiKeys keys,
            AccessRules rules,
            RateFilters rates,
            ProblemWriter writer) {
        List<Filter> filters = new ArrayList<>();
        if (protection == Protection.HOSTS) {
            AllowedHosts hosts = new AllowedHosts(properties.hosts(), server.getAddress());
            filters.add(new LocalAccessFilter(hosts, rules::isOpen, writer));
        }
        filters.addAll(rates.byAddress());
        if (protection == Protection.KEYS) {
            AccessProblems problems = new AccessProblems(rules, writer);
            ExceptionTranslationFilter rejections = new ExceptionTranslationFilter(problems, new NullRequestCache());
            rejections.setAccessDeniedHandler(problems);
            filters.add(new ApiKeyFilter(keys));
            filters.addAll(rates.byKey());
            filters.add(rejections);
            filters.add(new AuthorizationFilter(rules));
        }
        return new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE, filters);
    }

    @Bean(BeanIds.SPRING_SECURITY_FILTER_CHAIN)
    FilterChainProxy filterChainProxy(SecurityFilterChain chain) {
        FilterChainProxy proxy = new FilterChainProxy(chain);
        proxy.setFirewall(new PathFirewall());
        return proxy;
    }
}
