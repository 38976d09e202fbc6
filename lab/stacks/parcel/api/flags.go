package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// Features that are being tried, each a file in this folder.
const flagFolder = "/tmp/features"

var (
	flagsMu sync.RWMutex
	flags   = map[string]bool{}
)

func watchFlags() {
	for range time.Tick(200 * time.Millisecond) {
		found := map[string]bool{}
		entries, _ := os.ReadDir(flagFolder)
		for _, each := range entries {
			found[each.Name()] = true
		}
		flagsMu.Lock()
		flags = found
		flagsMu.Unlock()
	}
}

func flag(name string) bool {
	flagsMu.RLock()
	defer flagsMu.RUnlock()
	return flags[name]
}

// audit is a log of who asked for what. One writes at a time, and waits until the line has reached the disk.
type audit struct {
	m  *metrics
	mu sync.Mutex
}

func newAudit(m *metrics) *audit { return &audit{m: m} }

func (a *audit) write(path string) {
	begun := time.Now()
	a.m.auditWaiting.Inc()
	a.mu.Lock()
	a.m.auditWaiting.Dec()
	defer a.mu.Unlock()
	if file, err := os.OpenFile("/tmp/audit.log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644); err == nil {
		fmt.Fprintln(file, begun.Format(time.RFC3339), path)
		file.Sync()
		file.Close()
	}
	// As on the file server where it is to be kept.
	time.Sleep(60 * time.Millisecond)
	a.m.auditDuration.Observe(time.Since(begun).Seconds())
}
