// Command plugboard-so runs a Go shared object as an extension of Plugboard.
//
// The object is one that was built with -buildmode=plugin and exports a symbol
// Plugin, as the hosts of Go's own plugin package expect it. The manifest
// names it as the argument:
//
//	runtime: { kind: "go-plugin", command: "./plugboard-so", args: ["english.so"] },
//
// What Plugin implements is contributed under every id that the manifest
// declares: a greeter has Greet and Lang, a transformer has Transform and
// Name. For a point of the application's own, Plugin's methods are taken by
// their names. A second argument names another symbol.
//
// A Go process can't let go of an object, nor open a rebuilt one again. Here
// every generation of the extension has a process of its own, so it can.
package main

import (
	"os"

	"plugboard.dev/plugboard"
)

func main() {
	object := &object{args: os.Args[1:]}
	plugboard.ServeProgram(plugboard.Program{Load: object.load, Activate: object.activate})
}
