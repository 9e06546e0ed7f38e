package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"sort"
	"strings"
	"time"

	"plugboard.dev/plugboard"
)

// implementation makes what is contributed under one id.
type implementation func(e *extension) any

// beside answers calls beside each other, inTurn one at a time.
func beside(answer run) implementation {
	return func(e *extension) any {
		return plugboard.Methods{"run": func(call *plugboard.Call) (any, error) { return answer(e, call) }}
	}
}

func inTurn(answer run) implementation {
	return func(e *extension) any { return plugboard.InOrder(beside(answer)(e)) }
}

func giving(value any) implementation {
	return beside(func(*extension, *plugboard.Call) (any, error) { return value, nil })
}

func throwing(err error) implementation {
	return beside(func(*extension, *plugboard.Call) (any, error) { return nil, err })
}

func prefixed(prefix, suffix string) implementation {
	return beside(func(_ *extension, call *plugboard.Call) (any, error) {
		return prefix + plain(call.Arg(0)) + suffix, nil
	})
}

// plain writes a value as JavaScript joins it to a text.
func plain(value any) string {
	if number, ok := value.(float64); ok && number == math.Trunc(number) {
		return fmt.Sprintf("%.0f", number)
	}
	return fmt.Sprint(value)
}

func exiting(status int, otherwise run) implementation {
	return beside(func(e *extension, call *plugboard.Call) (any, error) {
		if call.Arg(0) == "exit" {
			os.Exit(status)
		}
		return otherwise(e, call)
	})
}

func echo(_ *extension, call *plugboard.Call) (any, error) { return call.Arg(0), nil }

func collect(double bool) implementation {
	return inTurn(func(e *extension, call *plugboard.Call) (any, error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if call.Arg(0) == "seen" {
			return append([]any{}, e.seen...), nil
		}
		e.seen = append(e.seen, call.Arg(0))
		if double {
			return call.Arg(0).(float64) * 2, nil
		}
		return plugboard.Undefined, nil
	})
}

func counted(e *extension) float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.count++
	return e.count
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "Null"
	case plugboard.UndefinedType:
		return "Undefined"
	case bool:
		return "Boolean"
	case string:
		return "String"
	case float64:
		return "Number"
	case *big.Int:
		return "BigInt"
	case *plugboard.Map:
		return "Map"
	case *plugboard.Set:
		return "Set"
	case time.Time, plugboard.InvalidDate:
		return "Date"
	case plugboard.RegExp:
		return "RegExp"
	case []byte:
		return "Uint8Array"
	case plugboard.ArrayBuffer:
		return "ArrayBuffer"
	}
	return "Object"
}

var door = beside(func(e *extension, call *plugboard.Call) (any, error) {
	if call.Arg(0) == "open" {
		e.door <- "through"
		return plugboard.Undefined, nil
	}
	through := <-e.door
	e.door <- through
	return through, nil
})

func deadline(_ *extension, call *plugboard.Call) (any, error) {
	if limit, ok := call.Deadline(); ok {
		return float64(limit.UnixMilli()), nil
	}
	return math.Inf(1), nil
}

func patient(e *extension, call *plugboard.Call) (any, error) {
	if call.Arg(0) != "hang" {
		return call.Arg(0), nil
	}
	ctx := call.Context()
	go func() {
		<-ctx.Done()
		_ = e.write(e.Context.Context(), "aborted")
	}()
	_ = e.write(ctx, "asked")
	<-e.Context.Context().Done()
	return nil, errors.New("nobody waits for this")
}

func scale(e *extension, call *plugboard.Call) (any, error) {
	number := counted(e)
	switch input := call.Arg(0).(type) {
	case string:
		if input == "calls" {
			return number - 1, nil
		}
		sum := sha256.Sum256([]byte(input))
		return hex.EncodeToString(sum[:]), nil
	case []byte:
		sum := sha256.Sum256(input)
		return hex.EncodeToString(sum[:]), nil
	case map[string]any:
		size := int(input["size"].(float64))
		switch input["make"] {
		case "text":
			return strings.Repeat("x", size), nil
		case "bytes":
			return make([]byte, size), nil
		default:
			list := make([]any, size/8)
			for index := range list {
				list[index] = index
			}
			return list, nil
		}
	}
	return nil, errors.New("nothing to weigh")
}

func find(e *extension, ctx context.Context, id any) (any, error) {
	orders, err := e.Service("conformance.orders")
	if err != nil {
		return nil, err
	}
	return orders.Call(ctx, "find", id)
}

func keep(e *extension, call *plugboard.Call) (any, error) {
	ctx, storage, secrets := call.Context(), e.Storage(), e.Secrets()
	name := call.Arg(0).(string)
	value, found, err := storage.Get(ctx, "seen")
	if err != nil {
		return nil, err
	}
	seen, _ := value.([]any)
	if !found {
		seen = nil
	}
	before, given, err := secrets.Get(ctx, "key")
	if err != nil {
		return nil, err
	}
	steps := []func() error{
		func() error { return storage.Set(ctx, "seen", append(append([]any{}, seen...), name)) },
		func() error { return storage.Set(ctx, "gone", 1) },
		func() error { return storage.Delete(ctx, "gone") },
		func() error { return secrets.Set(ctx, "key", "secret of "+name) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	now, _, err := storage.Get(ctx, "seen")
	if err != nil {
		return nil, err
	}
	keys, err := storage.Keys(ctx)
	if err != nil {
		return nil, err
	}
	none, _, err := storage.Get(ctx, "none")
	result := map[string]any{"seen": now, "keys": keys, "before": any(before), "none": none}
	if !given {
		result["before"] = plugboard.Undefined
	}
	return result, err
}

// keepWrong stores what JSON can't carry, and then what it can.
func keepWrong(e *extension, call *plugboard.Call) (any, error) {
	ctx, storage := call.Context(), e.Storage()
	function := func() int { return 1 }
	wrong := []any{
		function,
		map[string]any{"list": []any{1, map[string]any{"a/b": function}}},
		map[string]any{"symbol": make(chan int)},
		map[string]any{"big": big.NewInt(1)},
		cycle(),
		map[string]any{"at": time.UnixMilli(0)},
		map[string]any{"map": &plugboard.Map{}},
		map[string]any{"not": math.NaN()},
		[]any{1, plugboard.Undefined},
		plugboard.Undefined,
		// For an object of a class and a getter that throws: other things that only Go has.
		map[string]any{"own": 1i},
		map[string]any{"it": &plugboard.Map{Entries: []plugboard.MapEntry{{Key: "it", Value: 1}}}},
		map[string]any{"bytes": []byte{1}},
	}
	outcomes := []any{}
	for _, value := range wrong {
		var refused *plugboard.Error
		if err := storage.Set(ctx, "key", value); errors.As(err, &refused) {
			outcomes = append(outcomes, []any{refused.Code, refused.Details["path"]})
		} else {
			outcomes = append(outcomes, fmt.Sprint("kept ", err))
		}
	}
	before, _, err := storage.Get(ctx, "key")
	if err != nil {
		return nil, err
	}
	twice := map[string]any{"n": 1}
	fine := map[string]any{"twice": []any{twice, twice}, "none": plugboard.Undefined, "nil": nil}
	if err := storage.Set(ctx, "key", fine); err != nil {
		return nil, err
	}
	after, _, err := storage.Get(ctx, "key")
	return []any{outcomes, before, after}, err
}

func useBase(e *extension, call *plugboard.Call) (any, error) {
	ctx := call.Context()
	switch wish := call.Arg(0); wish {
	case "calls":
		sum, err := e.base.Call(ctx, "add", 1, 2)
		if err != nil {
			return nil, err
		}
		later, err := e.base.Call(ctx, "later", &plugboard.Map{Entries: []plugboard.MapEntry{{Key: "k", Value: big.NewInt(1)}}})
		// A call of Go waits by itself; to the case that is what a promise is.
		return []any{"function", sum, later}, err
	case "values":
		values := map[string]any{}
		for _, name := range []string{"words", "version", "nothing", "at"} {
			values[name] = e.base.Value(name)
		}
		return values, nil
	case "fail":
		_, err := e.base.Call(ctx, "fail")
		own := ownError(err, "E_BASE")
		return []any{own.Name, own.Message, own.Code}, nil
	default:
		return e.base.Call(ctx, "add", wish, wish)
	}
}

// ownError is the error of the code: as thrown, or as a cause.
func ownError(err error, code string) *plugboard.Error {
	for err != nil {
		var found *plugboard.Error
		if !errors.As(err, &found) {
			break
		}
		if found.Code == code {
			return found
		}
		err = found.Cause
	}
	return &plugboard.Error{Name: "none", Message: fmt.Sprint(err)}
}

func codeOf(err error) any {
	var found *plugboard.Error
	if errors.As(err, &found) {
		return found.Code
	}
	return "allowed"
}

func cycle() map[string]any {
	circle := map[string]any{}
	circle["self"] = circle
	return circle
}

var contributions = map[string]implementation{
	`{ run: (input) => input }`: beside(echo),
	`{}`:                        func(*extension) any { return plugboard.Methods{} },
	// calls
	`{ run: (input) => { if (input === "seen") return seen; seen.push(input); return input * 2; } }`: collect(true),
	`{ run: (input) => { if (input === "seen") return seen; seen.push(input); } }`:                   collect(false),
	`{ run: (input, call) => {
    if (input !== "hang") return input;
    call.signal.addEventListener("abort", () => { write("aborted"); });
    write("asked");
    return new Promise(() => {});
  } }`: beside(patient),
	`{ run: (input) => (input === "open" ? void door.resolve("through") : door.promise) }`: door,
	`{ run: (...args) => [args.length, args[0], args[1].signal.aborted, typeof args[1].deadline] }`: beside(
		func(_ *extension, call *plugboard.Call) (any, error) {
			_, limited := call.Deadline()
			kind := map[bool]string{true: "number", false: "none"}[limited]
			// The call itself is what a case calls the context.
			return []any{len(call.Args) + 1, call.Arg(0), call.Cancelled() != nil, kind}, nil
		}),
	`{ run: (_, call) => call.deadline }`: beside(deadline),
	`{ run: (input, call) => input !== "late" ? input : new Promise((done) => {
          call.signal.addEventListener("abort", () => { done("too late"); write("answered"); });
        }) }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		if call.Arg(0) != "late" {
			return call.Arg(0), nil
		}
		<-call.Context().Done()
		go func() { _ = e.write(e.Context.Context(), "answered") }()
		return "too late", nil
	}),
	`{ run: () => { refused(() => context.contribute("subjects", "eager", {})); return codes; } }`: beside(
		func(e *extension, _ *plugboard.Call) (any, error) {
			return append(e.codes, codeOf(e.Contribute("subjects", "eager", plugboard.Methods{}))), nil
		}),
	// values
	`{ run: (input) => [Object.prototype.toString.call(input).slice(8, -1), input, { deep: [input] }] }`: beside(
		func(_ *extension, call *plugboard.Call) (any, error) {
			input := call.Arg(0)
			return []any{kindOf(input), input, map[string]any{"deep": []any{input}}}, nil
		}),
	`{ run: (input) => Object.keys(input).map((key) => [key, input[key] === undefined]) }`: beside(
		func(_ *extension, call *plugboard.Call) (any, error) {
			input := call.Arg(0).(map[string]any)
			var keys []string
			for key := range input {
				keys = append(keys, key)
			}
			sort.Strings(keys)
			var pairs []any
			for _, key := range keys {
				pairs = append(pairs, []any{key, input[key] == any(plugboard.Undefined)})
			}
			return pairs, nil
		}),
	`{ run: (input) => [input.name, input.message, new RangeError('back')] }`: beside(
		func(_ *extension, call *plugboard.Call) (any, error) {
			given := call.Arg(0).(*plugboard.ErrorValue)
			return []any{given.Name, given.Message, &plugboard.ErrorValue{Name: "RangeError", Message: "back"}}, nil
		}),
	`{ run: (input) => [input instanceof Uint8Array, [...input], Buffer.from('abc')] }`: beside(
		func(_ *extension, call *plugboard.Call) (any, error) {
			given, isBytes := call.Arg(0).([]byte)
			list := make([]any, len(given))
			for index, one := range given {
				list[index] = int(one)
			}
			return []any{isBytes, list, []byte("abc")}, nil
		}),
	`{ run: ({ bytes }) => [bytes.buffer.byteLength, { bytes: Buffer.from('abc') }] }`: beside(
		func(_ *extension, call *plugboard.Call) (any, error) {
			given := call.Arg(0).(map[string]any)["bytes"].([]byte)
			return []any{len(given), map[string]any{"bytes": []byte("abc")}}, nil
		}),
	`{ run: (input) => {
            if (input === "kept") return kept;
            input.list.push("changed"); input.bytes[0] = 255; return "done";
          } }`: beside(func(_ *extension, call *plugboard.Call) (any, error) {
		if call.Arg(0) == "kept" {
			return map[string]any{"list": []any{1}}, nil
		}
		given := call.Arg(0).(map[string]any)
		given["list"] = append(given["list"].([]any), "changed")
		given["bytes"].([]byte)[0] = 255
		return "done", nil
	}),
	`{ run: (input) => (input === 'calls' ? calls : ++calls) }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		if call.Arg(0) == "calls" {
			return e.count, nil
		}
		return counted(e), nil
	}),
	`{ run: (input) => {
            const cycle = {}; cycle.self = cycle;
            return { function: { inner: [() => {}] }, cycle, symbol: Symbol("s"), fine: "fine" }[input];
          } }`: beside(func(_ *extension, call *plugboard.Call) (any, error) {
		return map[string]any{
			"function": map[string]any{"inner": []any{func() {}}},
			"cycle":    cycle(),
			"symbol":   make(chan int),
			"fine":     "fine",
		}[call.Arg(0).(string)], nil
	}),
	// sizes
	`{ run: (input) => {
    calls++;
    if (input === "calls") return calls - 1;
    if (input?.make === "text") return "x".repeat(input.size);
    if (input?.make === "bytes") return new Uint8Array(input.size);
    if (input?.make === "list") return Array.from({ length: input.size / 8 }, (_, index) => index);
    return createHash("sha256").update(input).digest("hex");
  } }`: beside(scale),
	`{ run: (input, context) => {
          const doubled = Uint8Array.from(input, (byte) => byte * 2);
          context.transfer(doubled.buffer);
          return doubled;
        } }`: beside(func(_ *extension, call *plugboard.Call) (any, error) {
		doubled := append([]byte{}, call.Arg(0).([]byte)...)
		for index := range doubled {
			doubled[index] *= 2
		}
		return doubled, nil
	}),
	// errors
	`{ run: async () => { throw Object.assign(new TypeError("no such thing"), { code: "E_THING" }); } }`: throwing(
		&plugboard.Error{Name: "TypeError", Message: "no such thing", Code: "E_THING"}),
	`{ run: async () => { throw new TypeError("outer", { cause: Object.assign(new RangeError("middle", {
      cause: new Error("inner") }), { code: "E_MIDDLE" }) }); } }`: throwing(
		&plugboard.Error{Name: "TypeError", Message: "outer", Cause: &plugboard.Error{
			Name: "RangeError", Message: "middle", Code: "E_MIDDLE", Cause: errors.New("inner"),
		}}),
	`{ run: async () => { throw new (class PaymentError extends Error { name = "PaymentError"; })("declined"); } }`: throwing(
		&plugboard.Error{Name: "PaymentError", Message: "declined"}),
	`{ run: async () => { throw new ExtensionError("CALL_INVALID", "Not like this.", {
      extensionId: "acme.thrower", details: { field: "amount", allowed: [1, 2] }, cause: new RangeError("why") }); } }`: throwing(
		&plugboard.Error{
			Name: "ExtensionError", Message: "Not like this.", Code: "CALL_INVALID", IsExtensionError: true,
			ExtensionID: "acme.thrower", Details: map[string]any{"field": "amount", "allowed": []int{1, 2}},
			Cause: &plugboard.Error{Name: "RangeError", Message: "why"},
		}),
	`{ run: async () => { throw "just text"; } }`: throwing(&plugboard.Thrown{Value: "just text"}),
	`{ run: async () => { throw new AggregateError([new TypeError("first"), Object.assign(new Error("second"), { code: "E_2" })], "both"); } }`: throwing(
		&plugboard.Error{Name: "AggregateError", Message: "both", Errors: []error{
			&plugboard.Error{Name: "TypeError", Message: "first"}, &plugboard.Error{Message: "second", Code: "E_2"},
		}}),
	// context
	`{ run: (id) => orders.find(id) }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		return e.orders.Call(call.Context(), "find", call.Arg(0))
	}),
	`{ run: () => found }`: beside(func(e *extension, _ *plugboard.Call) (any, error) { return e.found, nil }),
	`{ run: async () => {
          const orders = context.services.get(Symbol.for("conformance.orders"));
          const found = orders.find("1");
          return [typeof found.then, typeof orders.secretly, typeof orders.then, (await found).id];
        } }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		orders, err := e.Service("conformance.orders")
		if err != nil {
			return nil, err
		}
		found, err := orders.Call(call.Context(), "find", "1")
		if err != nil {
			return nil, err
		}
		_, secret := orders.Call(call.Context(), "secretly")
		kind := map[bool]string{true: "undefined", false: "function"}[plugboard.HasCode(secret, "CALL_UNKNOWN_TARGET")]
		return []any{"function", kind, kind, found.(map[string]any)["id"]}, nil
	}),
	`{ run: async () => {
          const orders = context.services.get(Symbol.for("conformance.orders"));
          await orders.find(1, 2, { timeoutMs: 0 });
        } }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		orders, err := e.Service("conformance.orders")
		if err == nil {
			_, err = orders.Call(call.Context(), "find", 1, 2, map[string]any{"timeoutMs": 0})
		}
		return plugboard.Undefined, err
	}),
	`{ run: async () => {
          const cycle = {}; cycle.self = cycle;
          const wrong = [() => 1, { list: [1, { "a/b": () => 1 }] }, { [Symbol.iterator]: 1, symbol: Symbol("s") },
            { big: 1n }, cycle, { at: new Date(0) }, { map: new Map() }, { not: NaN }, [1, undefined], undefined,
            { own: new (class Own {})() }, { get it() { throw new Error("no"); } }, { bytes: Uint8Array.of(1) }];
          const outcomes = [];
          for (const value of wrong)
            outcomes.push(await context.storage.set("key", value).then(() => "kept", (error) => [error.code, error.details.path]));
          const before = await context.storage.get("key");
          const twice = { n: 1 };
          await context.storage.set("key", { twice: [twice, twice], none: undefined, nil: null });
          return [outcomes, before, await context.storage.get("key")];
        } }`: beside(keepWrong),
	`{ run: (count) => { for (let line = 1; line <= count; line++) context.logger.info("flood " + line); } }`: beside(
		func(e *extension, call *plugboard.Call) (any, error) {
			for line := 1; line <= int(call.Arg(0).(float64)); line++ {
				e.Logger().Info(fmt.Sprint("flood ", line))
			}
			return plugboard.Undefined, nil
		}),
	`{ run: (count) => {
          const orders = context.services.get(Symbol.for("conformance.orders"));
          return Promise.all(Array.from({ length: count }, (_, index) => orders.find(String(index))));
        } }`: beside(findMany),
	`{ run: async () => {
          try { await context.services.get(Symbol.for("conformance.orders")).fail("x"); }
          catch (error) {
            // As thrown, or as the cause of an error that names the service.
            const own = error.code === "E_STOCK" ? error : error.cause;
            return [own.name, own.message, own.code, own.cause.message];
          }
        } }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		orders, err := e.Service("conformance.orders")
		if err != nil {
			return nil, err
		}
		_, err = orders.Call(call.Context(), "fail", "x")
		own := ownError(err, "E_STOCK")
		return []any{own.Name, own.Message, own.Code, own.Cause.Error()}, nil
	}),
	`{ run: () => { try { context.services.get(Symbol.for("conformance.orders")); return "given"; }
          catch (error) { return [error.code, error.message]; } } }`: beside(func(e *extension, _ *plugboard.Call) (any, error) {
		_, err := e.Service("conformance.orders")
		return []any{codeOf(err), fmt.Sprint(err)}, nil
	}),
	`{ run: () => { try { context.dependency("acme.base"); return "given"; } catch (error) { return error.code; } } }`: beside(
		func(e *extension, _ *plugboard.Call) (any, error) {
			_, err := e.Dependency("acme.base")
			return codeOf(err), nil
		}),
	`{ run: () => { try { context.contributions("subjects"); return "given"; } catch (error) { return error.code; } } }`: beside(
		func(e *extension, _ *plugboard.Call) (any, error) {
			_, err := e.Contributions("subjects")
			return codeOf(err), nil
		}),
	`{ run: () => ({ ...context.extension }) }`: beside(func(e *extension, _ *plugboard.Call) (any, error) {
		itself := e.Extension()
		return map[string]any{"id": itself.ID, "version": itself.Version, "path": itself.Path}, nil
	}),
	`{ run: async (name) => {
          const { storage, secrets } = context;
          const seen = (await storage.get("seen")) ?? [];
          const before = await secrets.get("key");
          await storage.set("seen", [...seen, name]);
          await storage.set("gone", 1);
          await storage.delete("gone");
          await secrets.set("key", "secret of " + name);
          seen.push("a change of the copy");
          return { seen: await storage.get("seen"), keys: await storage.keys(), before, none: await storage.get("none") };
        } }`: beside(keep),
	`{ run: async () => {
          const cycle = {}; cycle.self = cycle;
          const outcomes = [];
          for (const value of [cycle, { big: 1n }, "fine"])
            outcomes.push(await context.storage.set("key", value).then(() => "kept", () => "refused"));
          return outcomes;
        } }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		var outcomes []any
		for _, value := range []any{cycle(), map[string]any{"big": big.NewInt(1)}, "fine"} {
			err := e.Storage().Set(call.Context(), "key", value)
			outcomes = append(outcomes, map[bool]string{true: "kept", false: "refused"}[err == nil])
		}
		return outcomes, nil
	}),
	`{ run: () => [context.configuration.all(), context.configuration.get("word"), context.configuration.get("none")] }`: beside(
		func(e *extension, _ *plugboard.Call) (any, error) {
			settings := e.Configuration()
			return []any{settings.All(), settings.Get("word"), settings.Get("none")}, nil
		}),
	"{ run: (word) => { for (const level of [\"debug\", \"info\", \"warn\", \"error\"]) context.logger[level](word, { level, list: [1] }); } }": beside(
		func(e *extension, call *plugboard.Call) (any, error) {
			word, log := call.Arg(0).(string), e.Logger()
			log.Debug(word, "level", "debug", "list", []int{1})
			log.Info(word, "level", "info", "list", []int{1})
			log.Warn(word, "level", "warn", "list", []int{1})
			log.Error(word, "level", "error", "list", []int{1})
			return plugboard.Undefined, nil
		}),
	`{ run: () => { for (let line = 0; line < 100; line++) context.logger.info("line " + line);
          context.logger.error("failed", { error: Object.assign(new TypeError("why"), { code: "E_WHY" }) }); } }`: beside(
		func(e *extension, _ *plugboard.Call) (any, error) {
			for line := 0; line < 100; line++ {
				e.Logger().Info(fmt.Sprintf("line %d", line))
			}
			e.Logger().Error("failed", "error", &plugboard.Error{Name: "TypeError", Message: "why", Code: "E_WHY"})
			return plugboard.Undefined, nil
		}),
	`{ run: () => { const cycle = {}; cycle.self = cycle;
          context.logger.info("odd", { f: () => {}, cycle, symbol: Symbol("s"), fine: 1 }); return "fine"; } }`: beside(
		func(e *extension, _ *plugboard.Call) (any, error) {
			e.Logger().Info("odd", "f", func() {}, "cycle", cycle(), "symbol", make(chan int), "fine", 1)
			return "fine", nil
		}),
	`{ run: () => {
            console.log("one\ntwo"); process.stdout.write("thr"); process.stdout.write("ee\n");
            console.error("oops");
          } }`: beside(func(*extension, *plugboard.Call) (any, error) {
		fmt.Println("one\ntwo")
		fmt.Print("thr")
		fmt.Print("ee\n")
		fmt.Fprintln(os.Stderr, "oops")
		return plugboard.Undefined, nil
	}),
	`{ run: () => { process.stdout.write("half a line"); } }`: beside(func(*extension, *plugboard.Call) (any, error) {
		fmt.Print("half a line")
		return plugboard.Undefined, nil
	}),
	`{ run: async (width) => ({
    size: panels.size,
    entries: panels.entries().map(({ id, extensionId, item }) => [id, extensionId, item.title]),
    drawn: await Promise.all([...panels].map((panel) => panel.render(width))),
    none: panels.get("nothing") === undefined,
  }) }`: beside(drawPanels),
	`{ render: (width) => "#".repeat(width) }`: panel("#"),
	`{ render: (width) => "~".repeat(width) }`: panel("~"),
	`{ render() { throw new RangeError("too wide"); } }`: func(*extension) any {
		return plugboard.Methods{"render": func(*plugboard.Call) (any, error) {
			return nil, &plugboard.Error{Name: "RangeError", Message: "too wide"}
		}}
	},
	`{ execute: (...args) => [args.length, ...args] }`: func(*extension) any {
		return plugboard.Methods{"execute": func(call *plugboard.Call) (any, error) {
			return append([]any{len(call.Args)}, call.Args...), nil
		}}
	},
	// dependencies
	`{ run: async (wish) => {
    if (wish === "calls") {
      const sum = base.add(1, 2);
      return [typeof sum.then, await sum, await base.later(new Map([["k", 1n]]))];
    }
    if (wish === "values") return { words: base.words, version: base.version, nothing: base.nothing, at: base.at };
    if (wish === "fail") {
      try { await base.fail(); } catch (error) {
        const own = error.code === "E_BASE" ? error : error.cause;
        return [own.name, own.message, own.code];
      }
    }
    return base.add(wish, wish);
  } }`: beside(useBase),
	`{ run: async (wish) => (base.current === undefined ? 'alone' : base.current.add(wish, wish)) }`: beside(
		func(e *extension, call *plugboard.Call) (any, error) {
			if !e.base.Active() {
				return "alone", nil
			}
			return e.base.Call(call.Context(), "add", call.Arg(0), call.Arg(0))
		}),
	`{ run: () => context.dependency("acme.base").word() }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		base, err := e.Dependency("acme.base")
		if err != nil {
			return nil, err
		}
		return base.Call(call.Context(), "word")
	}),
	// generations
	`{ run: (input) => { write(input); return 'echo ' + input; } }`: beside(
		func(e *extension, call *plugboard.Call) (any, error) {
			go func() { _ = e.write(context.Background(), call.Arg(0).(string)) }()
			return "echo " + call.Arg(0).(string), nil
		}),
	`{ run: (input) => 'other ' + input }`: prefixed("other ", ""),
	`{ run: (input) => (input === 'count' ? count : ++count) }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		if call.Arg(0) == "count" {
			return e.count, nil
		}
		return counted(e), nil
	}),
	`{ run: () => ++count }`: beside(func(e *extension, _ *plugboard.Call) (any, error) { return counted(e), nil }),
	`{ run: () => ++calls }`: beside(func(e *extension, _ *plugboard.Call) (any, error) { return counted(e), nil }),
	`{ run: () => context.state }`: beside(func(e *extension, _ *plugboard.Call) (any, error) {
		state := e.State()
		if state == nil {
			return plugboard.Undefined, nil
		}
		return state, nil
	}),
	`{ run: (input) => input + " from 1.0.0" }`: prefixed("", " from 1.0.0"),
	`{ run: (input) => input + " from 2.0.0" }`: prefixed("", " from 2.0.0"),
	`{ run: (input) => {
      if (input === "wait") { write("asked"); return new Promise((done) => setTimeout(done, 200, "from 1")); }
      return "next";
    } }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		if call.Arg(0) != "wait" {
			return "next", nil
		}
		_ = e.write(call.Context(), "asked")
		time.Sleep(200 * time.Millisecond)
		return "from 1", nil
	}),
	`{ run: () => context.signal.aborted }`: beside(func(e *extension, _ *plugboard.Call) (any, error) {
		return e.Context.Context().Err() != nil, nil
	}),
	`{ run: async () => { setInterval(async () => {
          await orders.find("late").catch(() => {}); await base.word().catch(() => {});
          await context.storage.set("late", true).catch(() => {}); }, 5).unref(); return orders.find("in time"); } }`: beside(
		func(e *extension, call *plugboard.Call) (any, error) {
			go func() {
				for range time.Tick(5 * time.Millisecond) {
					_, _ = e.orders.Call(context.Background(), "find", "late")
					_, _ = e.base.Call(context.Background(), "word")
					_ = e.Storage().Set(context.Background(), "late", true)
				}
			}()
			return e.orders.Call(call.Context(), "find", "in time")
		}),
	`{ run: async () => (await context.storage.delete("late"), await context.storage.keys()) }`: beside(
		func(e *extension, call *plugboard.Call) (any, error) {
			if err := e.Storage().Delete(call.Context(), "late"); err != nil {
				return nil, err
			}
			return e.Storage().Keys(call.Context())
		}),
	`{ run: () => "1.0.0" }`: giving("1.0.0"),
	`{ run: () => "2.0.0" }`: giving("2.0.0"),
	// crashes
	`{ run: (input) => {
    calls++;
    if (input === "exit") process.exit(3);
    if (input === "hang") return new Promise(() => {});
    return calls;
  } }`: exiting(3, func(e *extension, call *plugboard.Call) (any, error) {
		number := counted(e)
		if call.Arg(0) == "hang" {
			select {}
		}
		return number, nil
	}),
	`{ run: (input) => (input === 'exit' ? process.exit(5) : input) }`: exiting(5, echo),
	`{ run: () => { for (;;); } }`: beside(func(*extension, *plugboard.Call) (any, error) {
		for {
		}
	}),
}

func findMany(e *extension, call *plugboard.Call) (any, error) {
	orders, err := e.Service("conformance.orders")
	if err != nil {
		return nil, err
	}
	count := int(call.Arg(0).(float64))
	answers := make([]any, count)
	done := make(chan error, count)
	for index := 0; index < count; index++ {
		begun := make(chan struct{})
		go func(index int) {
			close(begun)
			var err error
			answers[index], err = orders.Call(call.Context(), "find", fmt.Sprint(index))
			done <- err
		}(index)
		<-begun
		time.Sleep(time.Millisecond)
	}
	for range answers {
		if err := <-done; err != nil {
			return nil, err
		}
	}
	return answers, nil
}

func drawPanels(e *extension, call *plugboard.Call) (any, error) {
	entries, drawn := []any{}, []any{}
	for _, entry := range e.panels.Entries() {
		entries = append(entries, []any{entry.ID, entry.ExtensionID, entry.Item["title"]})
		panel, err := entry.Call(call.Context(), "render", call.Arg(0))
		if err != nil {
			return nil, err
		}
		drawn = append(drawn, panel)
	}
	_, found := e.panels.Get("nothing")
	return map[string]any{"size": len(entries), "entries": entries, "drawn": drawn, "none": !found}, nil
}

func panel(sign string) implementation {
	return func(*extension) any {
		return plugboard.Methods{"render": func(call *plugboard.Call) (any, error) {
			return strings.Repeat(sign, int(call.Arg(0).(float64))), nil
		}}
	}
}
