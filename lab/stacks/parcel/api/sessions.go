package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// sessions are kept in etcd, as are settings that change by the day; both are asked for through its JSON gateway.
type sessions struct {
	url    string
	client *http.Client
}

func newSessions(url string, m *metrics) *sessions {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	measured := promhttp.InstrumentRoundTripperInFlight(m.etcdInFlight,
		promhttp.InstrumentRoundTripperCounter(m.etcdRequests,
			promhttp.InstrumentRoundTripperDuration(m.etcdDuration, transport)))
	return &sessions{url: url, client: &http.Client{Transport: measured, Timeout: 5 * time.Second}}
}

type pair struct {
	Key   []byte `json:"key"`
	Value []byte `json:"value,omitempty"`
	Lease string `json:"lease,omitempty"`
}

func (s *sessions) call(ctx context.Context, path string, body, answer any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	got, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	told, err := io.ReadAll(got.Body)
	if err != nil {
		return err
	}
	if got.StatusCode != http.StatusOK {
		return fmt.Errorf("etcd: %s", got.Status)
	}
	return json.Unmarshal(told, answer)
}

func (s *sessions) get(ctx context.Context, key string) ([]byte, error) {
	var answer struct {
		Kvs []pair `json:"kvs"`
	}
	if err := s.call(ctx, "/v3/kv/range", pair{Key: []byte(key)}, &answer); err != nil {
		return nil, err
	}
	if len(answer.Kvs) == 0 {
		return nil, errNotFound
	}
	return answer.Kvs[0].Value, nil
}

func (s *sessions) create(ctx context.Context, customer int) (string, error) {
	raw := make([]byte, 16)
	rand.Read(raw)
	token := hex.EncodeToString(raw)
	var lease struct {
		ID string `json:"ID"`
	}
	if err := s.call(ctx, "/v3/lease/grant", map[string]string{"TTL": "1800"}, &lease); err != nil {
		return "", err
	}
	put := pair{Key: []byte("/sessions/" + token), Value: []byte(strconv.Itoa(customer)), Lease: lease.ID}
	var ignored json.RawMessage
	return token, s.call(ctx, "/v3/kv/put", put, &ignored)
}

func (s *sessions) customer(ctx context.Context, token string) (int, error) {
	if _, err := base64.StdEncoding.DecodeString(token); token == "" || err != nil {
		return 0, errUnauthorized
	}
	value, err := s.get(ctx, "/sessions/"+token)
	if err == errNotFound {
		return 0, errUnauthorized
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(value))
}

// surcharge is what fuel adds to a price today, in percent.
func (s *sessions) surcharge(ctx context.Context) (int, error) {
	value, err := s.get(ctx, "/settings/surcharge")
	if err == errNotFound {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(value))
}
