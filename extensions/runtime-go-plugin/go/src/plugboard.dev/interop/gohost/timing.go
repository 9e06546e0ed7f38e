package main

import (
	"sort"
	"sync"
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
	started := time.Now()
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
	return &burst{Calls: made, Callers: callers, PerSecond: float64(made) / time.Since(started).Seconds()}, nil
}
