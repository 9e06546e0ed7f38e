// English greets in English, from a shared object that a host opens.
package main

import "fmt"

// EnglishGreeter implements the contract's Greeter.
type EnglishGreeter struct{}

// Greet greets.
func (g EnglishGreeter) Greet(name string) string {
	return fmt.Sprintf("Hello, %s! Nice to meet you.", name)
}

// Lang is the language.
func (g EnglishGreeter) Lang() string { return "English" }

// Plugin is the symbol that the host looks up.
var Plugin EnglishGreeter
