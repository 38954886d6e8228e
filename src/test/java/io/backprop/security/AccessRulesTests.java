package io.backprop.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;
import static org.mockito.Mockito.withSettings;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.ExposableEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.StaticWebApplicationContext;

/** See {@code AccessTests} for the rules themselves. */
class AccessRulesTests {

    @Test
    void eachServiceOfAProcessHasItsOwnPaths() {
        AccessRules first = new AccessRules();
        AccessRules second = new AccessRules();

        assertThat(first.isProbe(liveness("/actuator"))).isTrue();
        assertThat(second.isProbe(liveness("/manage"))).isTrue();
        assertThat(second.isOpen(liveness("/manage"))).isTrue();
    }

    /** Returns a request to a service whose actuator has a base path. */
    private static MockHttpServletRequest liveness(String basePath) {
        ExposableEndpoint<?> health =
                mock(ExposableEndpoint.class, withSettings().extraInterfaces(PathMappedEndpoint.class));
        when(health.getEndpointId()).thenReturn(EndpointId.of("health"));
        when(((PathMappedEndpoint) health).getRootPath()).thenReturn("health");
        MockServletContext servletContext = new MockServletContext();
        StaticWebApplicationContext context = new StaticWebApplicationContext();
        context.setServletContext(servletContext);
        context.registerBean(PathMappedEndpoints.class, () -> new PathMappedEndpoints(basePath, () -> List.of(health)));
        context.refresh();
        servletContext.setAttribute(WebApplicationContext.ROOT_WEB_APPLICATION_CONTEXT_ATTRIBUTE, context);
        return new MockHttpServletRequest(servletContext, "GET", basePath + "/health/liveness");
    }
}
