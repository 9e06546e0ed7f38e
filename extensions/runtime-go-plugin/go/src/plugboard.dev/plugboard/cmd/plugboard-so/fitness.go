package main

import (
	"bytes"
	"debug/dwarf"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"sort"
	"strings"
)

// Of every package in it a plugin, and a program that opens plugins, carries a
// hash under a name that begins so; Go 1.20 changed the dot into a colon.
var hashPrefixes = []string{"go.link.pkghashbytes.", "go:link.pkghashbytes."}

const shownPackages = 3

// unfitness says what keeps the object from being opened, by its file alone:
// "" if nothing is known to. Go looks only once the object is in the process,
// and one of another release of Go has done its harm by then. Objects that are
// not ELF, as on macOS, are left to that.
func unfitness(path string) string {
	object, err := elf.Open(path)
	if err != nil {
		return ""
	}
	defer object.Close()
	hashes, err := packageHashes(object)
	if err != nil {
		return ""
	}
	if len(hashes) == 0 {
		return "it is no shared object of Go's plugins. Build it with -buildmode=plugin"
	}
	own, err := ownHashes()
	if err != nil || len(own) == 0 {
		return ""
	}
	if release := releaseOf(object); release != "" && release != runtime.Version() {
		return fmt.Sprintf("it was built with %s, and plugboard-so with %s. Build both with the same release of Go",
			release, runtime.Version())
	}
	if !bytes.Equal(hashes["runtime"], own["runtime"]) {
		return fmt.Sprintf("it was built with another Go, or other flags of it, than plugboard-so (%s). "+
			"Build both with the same toolchain and flags", runtime.Version())
	}
	var others []string
	for name, hash := range hashes {
		if known, ok := own[name]; ok && !bytes.Equal(hash, known) {
			others = append(others, name)
		}
	}
	if len(others) == 0 {
		return ""
	}
	sort.Strings(others)
	if len(others) > shownPackages {
		others = append(others[:shownPackages], "others")
	}
	return fmt.Sprintf("it was built with another Go, or other versions or flags of %s, than plugboard-so (%s). "+
		"Build both with the same toolchain and flags", strings.Join(others, ", "), runtime.Version())
}

func ownHashes() (map[string][]byte, error) {
	path, err := os.Executable()
	if err != nil {
		return nil, err
	}
	own, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer own.Close()
	return packageHashes(own)
}

// packageHashes gives the hashes by package.
func packageHashes(file *elf.File) (map[string][]byte, error) {
	symbols, err := file.DynamicSymbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return nil, err
	}
	hashes := map[string][]byte{}
	for _, symbol := range symbols {
		for _, prefix := range hashPrefixes {
			if name := strings.TrimPrefix(symbol.Name, prefix); name != symbol.Name {
				hashes[name] = contentOf(file, symbol)
			}
		}
	}
	return hashes, nil
}

// contentOf is nil for what is not in the file.
func contentOf(file *elf.File, symbol elf.Symbol) []byte {
	if int(symbol.Section) >= len(file.Sections) || symbol.Size > 1024 {
		return nil
	}
	section := file.Sections[symbol.Section]
	if section.Type == elf.SHT_NOBITS || symbol.Value < section.Addr {
		return nil
	}
	content := make([]byte, symbol.Size)
	if _, err := section.ReadAt(content, int64(symbol.Value-section.Addr)); err != nil && err != io.EOF {
		return nil
	}
	return content
}

// releaseOf is the release of Go that compiled it, as the information for
// debuggers tells; "" where that was left out.
func releaseOf(file *elf.File) string {
	data, err := file.DWARF()
	if err != nil {
		return ""
	}
	reader := data.Reader()
	for {
		entry, err := reader.Next()
		if err != nil || entry == nil {
			return ""
		}
		reader.SkipChildren()
		producer, _ := entry.Val(dwarf.AttrProducer).(string)
		if compiler := strings.TrimPrefix(producer, "Go cmd/compile "); compiler != producer {
			release, _, _ := strings.Cut(compiler, ";")
			return strings.TrimSpace(release)
		}
	}
}
