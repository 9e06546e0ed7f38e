package plugboard

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"time"
)

// Into stores what arrived in the variable that target points to, in whatever
// type that has: numbers in integers if nothing is lost, arrays in slices,
// objects in maps and structs (by their json tags). Undefined and null leave
// the zero value.
func Into(value any, target any) error {
	pointer := reflect.ValueOf(target)
	if pointer.Kind() != reflect.Pointer || pointer.IsNil() {
		return fmt.Errorf("plugboard: Into needs a pointer, not %T", target)
	}
	return assign(value, pointer.Elem(), "the value")
}

func assign(value any, target reflect.Value, place string) error {
	if value == nil || value == any(Undefined) {
		if target.Type() == reflect.TypeOf(Undefined) || target.Kind() == reflect.Interface {
			if value != nil {
				target.Set(reflect.ValueOf(value))
				return nil
			}
		}
		target.Set(reflect.Zero(target.Type()))
		return nil
	}
	given := reflect.ValueOf(value)
	if given.Type().AssignableTo(target.Type()) {
		target.Set(given)
		return nil
	}
	switch target.Kind() {
	case reflect.Pointer:
		made := reflect.New(target.Type().Elem())
		if err := assign(value, made.Elem(), place); err != nil {
			return err
		}
		target.Set(made)
		return nil
	case reflect.String, reflect.Bool:
		if given.Kind() == target.Kind() {
			target.Set(given.Convert(target.Type()))
			return nil
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64:
		if done, err := assignNumber(value, target, place); done {
			return err
		}
	case reflect.Slice:
		if items, ok := value.([]any); ok {
			return assignItems(items, target, place)
		}
		if given.Type().ConvertibleTo(target.Type()) && given.Kind() == reflect.Slice {
			target.Set(given.Convert(target.Type()))
			return nil
		}
	case reflect.Map:
		if properties, ok := value.(map[string]any); ok && target.Type().Key().Kind() == reflect.String {
			return assignProperties(properties, target, place)
		}
	case reflect.Struct:
		if properties, ok := value.(map[string]any); ok {
			return assignFields(properties, target, place)
		}
	}
	return typeError(place, target.Type().String(), value)
}

func assignNumber(value any, target reflect.Value, place string) (bool, error) {
	var number float64
	switch v := value.(type) {
	case float64:
		number = v
	case *big.Int:
		switch {
		case target.CanInt() && v.IsInt64() && !target.OverflowInt(v.Int64()):
			target.SetInt(v.Int64())
		case target.CanUint() && v.IsUint64() && !target.OverflowUint(v.Uint64()):
			target.SetUint(v.Uint64())
		default:
			return true, typeError(place, target.Type().String(), value)
		}
		return true, nil
	default:
		return false, nil
	}
	switch {
	case target.CanFloat():
		target.SetFloat(number)
		return true, nil
	case number != math.Trunc(number) || math.Abs(number) > largestInteger:
	case target.CanInt() && !target.OverflowInt(int64(number)):
		target.SetInt(int64(number))
		return true, nil
	case target.CanUint() && number >= 0 && !target.OverflowUint(uint64(number)):
		target.SetUint(uint64(number))
		return true, nil
	}
	return true, &Error{
		Name:    "RangeError",
		Message: fmt.Sprintf("%s has to fit a %s, and %v does not.", place, target.Type(), number),
	}
}

func assignItems(items []any, target reflect.Value, place string) error {
	made := reflect.MakeSlice(target.Type(), len(items), len(items))
	for index, item := range items {
		if err := assign(item, made.Index(index), fmt.Sprintf("%s[%d]", place, index)); err != nil {
			return err
		}
	}
	target.Set(made)
	return nil
}

func assignProperties(properties map[string]any, target reflect.Value, place string) error {
	made := reflect.MakeMapWithSize(target.Type(), len(properties))
	for name, property := range properties {
		held := reflect.New(target.Type().Elem()).Elem()
		if err := assign(property, held, place+"."+name); err != nil {
			return err
		}
		made.SetMapIndex(reflect.ValueOf(name).Convert(target.Type().Key()), held)
	}
	target.Set(made)
	return nil
}

func assignFields(properties map[string]any, target reflect.Value, place string) error {
	for _, field := range reflect.VisibleFields(target.Type()) {
		name, _ := fieldName(field)
		property, given := properties[name]
		if name == "" || !given {
			continue
		}
		held, err := target.FieldByIndexErr(field.Index)
		if err != nil {
			continue
		}
		if err := assign(property, held, place+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func typeError(place, wanted string, value any) error {
	return &Error{
		Name:    "TypeError",
		Message: fmt.Sprintf("%s has to be a %s, not %s.", place, wanted, kindOf(value)),
	}
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case UndefinedType:
		return "undefined"
	case bool:
		return "a boolean"
	case string:
		return "a string"
	case float64:
		return "a number"
	case *big.Int:
		return "a bigint"
	case []any, *NamedList:
		return "an array"
	case map[string]any:
		return "an object"
	case time.Time, InvalidDate:
		return "a Date"
	}
	return fmt.Sprintf("a %T", value)
}
