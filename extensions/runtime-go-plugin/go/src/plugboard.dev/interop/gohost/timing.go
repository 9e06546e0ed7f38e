package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"sort"
	"sync"
	"syscall"
	"time"

	"plugboard.dev/interop/netgreeter"
)

// oneByOne is how long calls took that were made one after the other.
type oneByOne struct {
	Calls    int     `json:"calls"`
	MedianUs float64 `json:"medianUs"`
	P99Us    float64 `json:"p99Us"`
}

// burst is how many calls a second many callers made.
type burst struct {
	Calls     int     `json:"calls"`
	Callers   int     `json:"callers"`
	PerSecond float64 `json:"perSecond"`
	// CPUUs is processor time a call, of this process.
	CPUUs float64 `json:"cpuUs"`
}

// takeTurns times what each line asks for, so that others can be timed in
// between. It ends with its input.
func takeTurns(input io.Reader, output io.Writer, greeter netgreeter.Greeter, o options) error {
	lines := bufio.NewScanner(input)
	answers := json.NewEncoder(output)
	for lines.Scan() {
		var kind string
		var calls int
		if _, err := fmt.Sscan(lines.Text(), &kind, &calls); err != nil {
			return fmt.Errorf("%q: %w", lines.Text(), err)
		}
		var timed any
		var err error
		switch kind {
		case "calls":
			timed, err = timeOneByOne(greeter, o.name, calls)
		case "burst":
			timed, err = timeBurst(greeter, o.name, calls, o.callers)
		default:
			err = fmt.Errorf("there is no turn %s", kind)
		}
		if err != nil {
			return err
		}
		if err := answers.Encode(timed); err != nil {
			return err
		}
	}
	return lines.Err()
}

// processorTime is what this process has used so far, in microseconds.
func processorTime() float64 {
	var usage syscall.Rusage
	// It fails for nobody but a caller that asks wrongly.
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e3
}

func timeOneByOne(greeter netgreeter.Greeter, name string, calls int) (*oneByOne, error) {
	// What is called first is slower than all that follows.
	for count := 0; count < calls/10; count++ {
		if _, err := greeter.Greet(name); err != nil {
			return nil, err
		}
	}
	took := make([]float64, calls)
	for index := range took {
		started := time.Now()
		if _, err := greeter.Greet(name); err != nil {
			return nil, err
		}
		took[index] = float64(time.Since(started)) / float64(time.Microsecond)
	}
	sort.Float64s(took)
	return &oneByOne{Calls: calls, MedianUs: took[calls/2], P99Us: took[calls*99/100]}, nil
}

func timeBurst(greeter netgreeter.Greeter, name string, calls, callers int) (*burst, error) {
	var wait sync.WaitGroup
	failures := make(chan error, callers)
	started, used := time.Now(), processorTime()
	for caller := 0; caller < callers; caller++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for count := 0; count < calls/callers; count++ {
				if _, err := greeter.Greet(name); err != nil {
					failures <- err
					return
				}
			}
		}()
	}
	wait.Wait()
	select {
	case err := <-failures:
		return nil, err
	default:
	}
	made := calls / callers * callers
	perSecond := float64(made) / time.Since(started).Seconds()
	cpu := (processorTime() - used) / float64(made)
	return &burst{Calls: made, Callers: callers, PerSecond: perSecond, CPUUs: cpu}, nil
}
