package io.backprop.web.problem;

import java.beans.PropertyEditorSupport;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.PropertyEditorRegistrar;
import org.springframework.beans.PropertyEditorRegistry;
import org.springframework.stereotype.Component;
import org.springframework.web.bind.support.ConfigurableWebBindingInitializer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/** Accepts numbers and booleans in URLs and headers only as JSON does; Spring also accepts 0x10, +1, "on" and "". */
@Component
class StrictParameterBinder implements PropertyEditorRegistrar {
    /*
     * Not converters: if a converter fails, Spring falls back to its own lenient editors. Not @InitBinder: Spring would scan
     * the method for annotations at each request, which takes 4 % of the time of a small prediction.
     */

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern NUMBER = Pattern.compile(INTEGER + "(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Pattern BOOLEAN = Pattern.compile("true|false");

    StrictParameterBinder(RequestMappingHandlerAdapter adapter) {
        if (adapter.getWebBindingInitializer() instanceof ConfigurableWebBindingInitializer initializer) {
            initializer.setPropertyEditorRegistrar(this);
        }
    }

    @Override
    public void registerCustomEditors(PropertyEditorRegistry binder) {
        binder.registerCustomEditor(int.class, new Editor(INTEGER, Integer::valueOf));
        binder.registerCustomEditor(Integer.class, new Editor(INTEGER, Integer::valueOf));
        binder.registerCustomEditor(long.class, new Editor(INTEGER, Long::valueOf));
        binder.registerCustomEditor(Long.class, new Editor(INTEGER, Long::valueOf));
        binder.registerCustomEditor(Float.class, new Editor(NUMBER, Float::valueOf));
        binder.registerCustomEditor(boolean.class, new Editor(BOOLEAN, Boolean::valueOf));
        binder.registerCustomEditor(Boolean.class, new Editor(BOOLEAN, Boolean::valueOf));
    }

    /** Whether a value is an integer of any size. */
    static boolean isInteger(@Nullable Object value) {
        return value instanceof String text && INTEGER.matcher(text).matches();
    }

    private static final class Editor extends PropertyEditorSupport {

        private final Pattern form;
        private final Function<String, Object> conversion;

        Editor(Pattern form, Function<String, Object> conversion) {
            this.form = form;
            this.conversion = conversion;
        }

        @Override
        public void setAsText(String text) {
            if (!form.matcher(text).matches()) {
                throw new IllegalArgumentException("must match " + form + ", but was \"" + text + '"');
            }
            setValue(conversion.apply(text));
        }
    }
}
