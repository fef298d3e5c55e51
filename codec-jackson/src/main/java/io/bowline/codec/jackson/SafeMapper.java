// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;

/**
 * Jackson as Bowline sets it: nothing is guessed, and nothing is lost without a word. Each setting
 * is written down, the defaults of Jackson 3 too, since bodies outlive versions.
 */
final class SafeMapper {
  private SafeMapper() {}

  static JsonMapper build() {
    return times(enums(values(JsonMapper.builder()))).build();
  }

  private static JsonMapper.Builder values(JsonMapper.Builder mapper) {
    return mapper
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .enable(
            MapperFeature.SORT_CREATOR_PROPERTIES_FIRST,
            MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .annotationIntrospector(new NumbersRequired())
        // A newer producer may add properties.
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        // Without these "12", 12.9 and "" would become 12, 12 and null.
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
  }

  /** Jackson makes an absent one 0 or false: an amount that was never sent. */
  private static final class NumbersRequired extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable Boolean hasRequiredMarker(MapperConfig<?> config, AnnotatedMember member) {
      boolean number = member instanceof AnnotatedParameter && member.getRawType().isPrimitive();
      return number ? Boolean.TRUE : super.hasRequiredMarker(config, member);
    }
  }

  /** By name: toString is for people, and numbers change when a constant is added. */
  private static JsonMapper.Builder enums(JsonMapper.Builder mapper) {
    return mapper
        .disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING)
        .disable(EnumFeature.READ_ENUMS_USING_TO_STRING)
        .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
  }

  /** ISO 8601, and with the offset that was sent. */
  private static JsonMapper.Builder times(JsonMapper.Builder mapper) {
    return mapper
        .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE);
  }
}
