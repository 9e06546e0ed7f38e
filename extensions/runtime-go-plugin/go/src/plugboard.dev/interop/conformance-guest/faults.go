package main

import (
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"plugboard.dev/plugboard"
)

// failing does the fault if it is asked for it, and else gives back what it is given.
func failing(fault run) implementation {
	return beside(func(e *extension, call *plugboard.Call) (any, error) {
		if call.Arg(0) != "fault" {
			return call.Arg(0), nil
		}
		return fault(e, call)
	})
}

// takingMemory takes more and more of it, and makes use of every page.
func takingMemory(*extension, *plugboard.Call) (any, error) {
	var kept [][]byte
	for {
		taken := make([]byte, 1<<20)
		for at := 0; at < len(taken); at += 4096 {
			taken[at] = 1
		}
		kept = append(kept, taken)
		time.Sleep(time.Millisecond)
	}
}

// faults are the implementations of the table of faults.
var faults = map[string]implementation{
	`{ run: (input) => [input, ++calls] }`: beside(func(e *extension, call *plugboard.Call) (any, error) {
		return []any{call.Arg(0), counted(e)}, nil
	}),
	`{ run: (input) => { if (input === 'fault') for (;;); return input; } }`: failing(func(*extension, *plugboard.Call) (any, error) {
		for {
		}
	}),
	`{ run: (input) => { if (input === "fault") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return input; } }`: failing(
		func(*extension, *plugboard.Call) (any, error) {
			// Nobody ever writes to it: the thread stays in the system's own call.
			var pipe [2]int
			if err := syscall.Pipe(pipe[:]); err != nil {
				return nil, err
			}
			return syscall.Read(pipe[0], make([]byte, 1))
		}),
	`{ run: (input) => { if (input !== "fault") return input; const kept = [];
        for (;;) kept.push(Array.from({ length: 10_000 }, () => ({ kept }))); } }`: failing(takingMemory),
	`{ run: async (input) => { if (input !== "fault") return input; const kept = [];
        for (;;) { kept.push(Buffer.alloc(4 * 1024 * 1024, 1)); await new Promise((next) => setTimeout(next, 1)); } } }`: failing(takingMemory),
	`{ run: (input) => (input === 'fault' ? process.exit(3) : input) }`: failing(func(*extension, *plugboard.Call) (any, error) {
		os.Exit(3)
		return nil, nil
	}),
	`{ run: (input) => (input === 'fault' ? process.abort() : input) }`: failing(func(*extension, *plugboard.Call) (any, error) {
		_ = syscall.Kill(os.Getpid(), syscall.SIGABRT)
		select {}
	}),
	`{ run: async (input) => { if (input !== "fault") return input;
        Promise.reject(new Error("nobody looks")); return new Promise(() => {}); } }`: failing(func(*extension, *plugboard.Call) (any, error) {
		go func() { panic(errors.New("nobody looks")) }()
		select {}
	}),
	`{ run: async (input) => { if (input !== "fault") return input;
        setTimeout(() => { throw new Error("too late to catch"); }, 1); return new Promise(() => {}); } }`: failing(
		func(*extension, *plugboard.Call) (any, error) {
			time.AfterFunc(time.Millisecond, func() { panic(errors.New("too late to catch")) })
			select {}
		}),
	`{ run: (input) => { if (input === "pid") return process.pid; if (input === "fault") { write("asked"); return new Promise(() => {}); } return input; } }`: beside(
		func(e *extension, call *plugboard.Call) (any, error) {
			switch call.Arg(0) {
			case "pid":
				return os.Getpid(), nil
			case "fault":
				_ = e.write(call.Context(), "asked")
				select {}
			}
			return call.Arg(0), nil
		}),
	`{ run: (input) => { if (input !== "fault") return input;
        for (let line = 1; line <= 100_000; line++) context.logger.info("flood " + line); return "written"; } }`: failing(
		func(e *extension, _ *plugboard.Call) (any, error) {
			for line := 1; line <= 100_000; line++ {
				e.Logger().Info(fmt.Sprint("flood ", line))
			}
			return "written", nil
		}),
	`{ run: (input) => { if (input !== "fault") return input;
        for (let line = 1; line <= 100_000; line++) process.stdout.write("flood " + line + "\n"); return "written"; } }`: failing(
		func(*extension, *plugboard.Call) (any, error) {
			for line := 1; line <= 100_000; line++ {
				fmt.Println("flood", line)
			}
			return "written", nil
		}),
}
