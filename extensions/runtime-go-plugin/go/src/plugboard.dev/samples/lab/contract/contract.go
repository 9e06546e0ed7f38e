// Package contract is what the lab's host and its plugins agree on.
package contract

// Greeter is what a plugin that greets implements.
type Greeter interface {
	Greet(name string) string
	Lang() string
}

// Transformer is what a plugin that transforms texts implements.
type Transformer interface {
	Transform(input string) string
	Name() string
}
