// Package plugboard lets a Go program be an extension of a Plugboard host.
//
// The program is an ordinary hashicorp/go-plugin binary: the host starts it,
// shakes hands and opens one stream, over which it says which extension is to
// be activated and calls what that contributes. A greeter needs no more than
//
//	type english struct{}
//
//	func (english) Greet(name string) string { return "Hello, " + name + "!" }
//
//	func main() {
//		plugboard.Serve(func(ctx *plugboard.Context) error {
//			return ctx.Contribute("greeters", "english", english{})
//		})
//	}
//
// and a manifest beside the binary:
//
//	runtime: { kind: "go-plugin", command: "./english" },
//	contributes: { greeters: [{ id: "english", lang: "English" }] },
//
// # Values
//
// What crosses to the host and back is what JavaScript's structured clone
// carries. It arrives in Go as
//
//	undefined               Undefined
//	null                    nil
//	boolean, string         bool, string
//	number                  float64
//	bigint                  *big.Int
//	array                   []any (see also Holes and NamedList)
//	plain object            map[string]any
//	Uint8Array              []byte
//	other memory            ArrayBuffer, DataView, Int8Array, … Float64Array
//	Date                    time.Time, or InvalidDate
//	Map, Set                *Map, *Set
//	RegExp                  RegExp
//	Error                   *ErrorValue
//	Object(1) and the like  Boxed
//
// and leaves Go the same way. Beside these, every integer and float that a
// number holds exactly, any slice, array and map, structs (by their json
// tags), errors, pointers and named types of all of them can be sent. Into
// turns what arrived into a type of your own.
//
// # Calls
//
// Every call runs in a goroutine of its own. Calls begin in the order in which
// the host made them; InOrder makes them come one at a time. A call's context ends when the caller no longer waits. A
// panic is an error of that call alone.
package plugboard
