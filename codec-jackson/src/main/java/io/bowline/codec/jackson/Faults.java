// SPDX-License-Identifier: Apache-2.0
package io.bowline.codec.jackson;

import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.exc.InvalidDefinitionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.exc.ValueInstantiationException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Jackson's exceptions in words of ours: the kind, the type and the place. Jackson's own words
 * quote values, so none of them is taken over.
 */
final class Faults {
  private static final int MAX_CONTENT_TYPE = 100;

  private final JavaType type;
  private final JsonMapper mapper;

  Faults(JavaType type, JsonMapper mapper) {
    this.type = type;
    this.mapper = mapper;
  }

  /** Why a body is no value of the type. */
  String unreadable(JacksonException failure) {
    return no() + kind(failure) + place(failure);
  }

  String isNull() {
    return no() + "the whole body is null";
  }

  String foreign(String contentType) {
    String shown =
        contentType.length() <= MAX_CONTENT_TYPE
            ? contentType
            : contentType.substring(0, MAX_CONTENT_TYPE) + "…";
    return no() + "its content-type is '" + shown + "', which is not JSON";
  }

  private String no() {
    return "no " + type.toCanonical() + ": ";
  }

  /** The type itself is at fault, so the message may be fine: nothing to dead-letter at once. */
  IllegalStateException undefined(InvalidDefinitionException failure) {
    return new IllegalStateException(
        "Jackson cannot make a "
            + type.toCanonical()
            + " of any JSON, as the type is defined"
            + path(failure)
            + "; give it a constructor, or the annotations that it needs");
  }

  /** The cause is what the value's own code threw, if it did. */
  IllegalArgumentException unwritable(JacksonException failure) {
    Throwable own = failure.getCause() instanceof JacksonException ? null : failure.getCause();
    return new IllegalArgumentException(
        "A value of "
            + type.toCanonical()
            + " cannot be written as JSON: "
            + failure.getClass().getSimpleName()
            + path(failure),
        own);
  }

  private static String kind(JacksonException failure) {
    if (failure instanceof UnrecognizedPropertyException) {
      return "an unknown property";
    }
    if (failure instanceof ValueInstantiationException refused) {
      return "values that " + refused.getType().toCanonical() + " refuses";
    }
    if (failure instanceof MismatchedInputException mismatched) {
      Class<?> target = mismatched.getTargetType();
      return target == null
          ? "a value that does not fit"
          : "a value that is no " + target.getName();
    }
    if (failure instanceof StreamConstraintsException) {
      return "JSON that is nested too deep, or has too long a name, number or text,";
    }
    return failure instanceof StreamReadException
        ? "malformed JSON"
        : failure.getClass().getSimpleName();
  }

  private String place(JacksonException failure) {
    TokenStreamLocation at = failure.getLocation();
    String line = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    return line + path(failure);
  }

  private String path(JacksonException failure) {
    StringBuilder path = new StringBuilder();
    for (JacksonException.Reference step : failure.getPath()) {
      if (step.getIndex() >= 0) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(isOwn(step) ? step.getPropertyName() : "*");
      }
    }
    return path.isEmpty() ? "" : ", in " + path;
  }

  /** Whether the name is the class's own; else the body chose it. */
  private boolean isOwn(JacksonException.Reference step) {
    Object from = step.from();
    if (from == null || from instanceof Map || step.getPropertyName() == null) {
      return false;
    }
    Class<?> owner = from instanceof Class<?> type ? type : from.getClass();
    try {
      var context = mapper._deserializationContext();
      var deserializer = context.findRootValueDeserializer(context.constructType(owner));
      var names = deserializer.getKnownPropertyNames();
      return names != null && names.contains(step.getPropertyName());
    } catch (JacksonException undefined) {
      return false;
    }
  }
}
