// The API of a parcel service: customers look for offices and prices, follow parcels, and book one, which is done when a
// worker behind the queue has printed its label.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	_ "github.com/go-sql-driver/mysql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

var (
	errNotFound     = errors.New("not found")
	errUnauthorized = errors.New("no session")
	errInvalid      = errors.New("invalid request")
	errTimeout      = errors.New("not confirmed in time")
	errFailed       = errors.New("worker failed")
)

const bookWithin = 8 * time.Second

type server struct {
	db       *sql.DB
	sessions *sessions
	queue    *queue
	audit    *audit
}

type handler func(r *http.Request, customer int) (any, error)

func main() {
	log.SetFlags(0)
	reg := prometheus.NewRegistry()
	reg.MustRegister(
		collectors.NewGoCollector(collectors.WithGoCollections(
			collectors.GoRuntimeMemStatsCollection|collectors.GoRuntimeMetricsCollection)),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	)
	db, err := sql.Open("mysql", getenv("DB_DSN", "parcel:parcel@tcp(db:3306)/parcel?timeout=3s&readTimeout=8s&writeTimeout=8s"))
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	db.SetConnMaxLifetime(20 * time.Second)
	reg.MustRegister(collectors.NewDBStatsCollector(db, "parcel"))
	m := newMetrics(reg)
	s := &server{
		db:       db,
		sessions: newSessions(getenv("ETCD", "http://etcd:2379"), m),
		queue:    newQueue(getenv("AMQP_URL", "amqp://guest:guest@queue:5672/"), m),
		audit:    newAudit(m),
	}
	go s.queue.run()
	go watchFlags()

	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.InstrumentMetricHandler(reg, promhttp.HandlerFor(reg, promhttp.HandlerOpts{})))
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("ok\n")) })
	mux.HandleFunc("/login", m.instrument("/login", s.login))
	route := func(path, name string, h handler) { mux.HandleFunc(path, m.instrument(name, s.authenticated(h))) }
	route("/offices", "/offices", s.offices)
	route("/quote", "/quote", s.quote)
	book, list := m.instrument("/parcels", s.authenticated(s.book)), m.instrument("/parcels", s.authenticated(s.list))
	mux.HandleFunc("/parcels", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			book(w, r)
		} else {
			list(w, r)
		}
	})
	route("/parcels/", "/parcels/{id}", s.track)
	log.Fatal(http.ListenAndServe(":8080", mux))
}

func getenv(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}

func respond(w http.ResponseWriter, body any, err error) {
	code := http.StatusOK
	if err != nil {
		switch {
		case errors.Is(err, errNotFound), errors.Is(err, sql.ErrNoRows):
			code = http.StatusNotFound
		case errors.Is(err, errUnauthorized):
			code = http.StatusUnauthorized
		case errors.Is(err, errInvalid):
			code = http.StatusBadRequest
		case errors.Is(err, errTimeout), errors.Is(err, context.DeadlineExceeded):
			code = http.StatusGatewayTimeout
		case errors.Is(err, errFailed):
			code = http.StatusBadGateway
		default:
			code = http.StatusServiceUnavailable
		}
		body = map[string]string{"error": err.Error()}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(body)
}

func (s *server) login(w http.ResponseWriter, r *http.Request) {
	customer, err := strconv.Atoi(r.FormValue("customer"))
	if err != nil {
		respond(w, nil, errInvalid)
		return
	}
	token, err := s.sessions.create(r.Context(), customer)
	respond(w, map[string]string{"token": token}, err)
}

func (s *server) authenticated(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 10*time.Second)
		defer cancel()
		r = r.WithContext(ctx)
		customer, err := s.sessions.customer(ctx, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		if err != nil {
			respond(w, nil, err)
			return
		}
		if flag("audit") {
			s.audit.write(r.URL.Path)
		}
		body, err := h(r, customer)
		respond(w, body, err)
	}
}

type office struct {
	ID    int    `json:"id"`
	Town  string `json:"town"`
	Name  string `json:"name"`
	Opens string `json:"opens"`
}

func (s *server) offices(r *http.Request, _ int) (any, error) {
	rows, err := s.db.QueryContext(r.Context(), "SELECT id, town, name, opens FROM offices WHERE town = ? ORDER BY name LIMIT 20", r.FormValue("town"))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []office{}
	for rows.Next() {
		var o office
		if err := rows.Scan(&o.ID, &o.Town, &o.Name, &o.Opens); err != nil {
			return nil, err
		}
		found = append(found, o)
	}
	return found, rows.Err()
}

func (s *server) price(ctx context.Context, from, to, grams int) (int, error) {
	var cents int
	err := s.db.QueryRowContext(ctx, `SELECT r.cents FROM rates r JOIN offices a ON a.id = ? JOIN offices b ON b.id = ?
		WHERE r.zone = ABS(a.zone - b.zone) AND r.grams >= ? ORDER BY r.grams LIMIT 1`, from, to, grams).Scan(&cents)
	if err != nil {
		return 0, err
	}
	extra, err := s.sessions.surcharge(ctx)
	return cents + cents*extra/100, err
}

func (s *server) quote(r *http.Request, _ int) (any, error) {
	from, _ := strconv.Atoi(r.FormValue("from"))
	to, _ := strconv.Atoi(r.FormValue("to"))
	grams, _ := strconv.Atoi(r.FormValue("grams"))
	cents, err := s.price(r.Context(), from, to, grams)
	return map[string]int{"cents": cents}, err
}

type parcel struct {
	ID     int64   `json:"id"`
	Status string  `json:"status"`
	From   string  `json:"from"`
	To     string  `json:"to"`
	Label  string  `json:"label,omitempty"`
	Events []event `json:"events,omitempty"`
}

type event struct {
	What string `json:"what"`
	At   string `json:"at"`
}

const parcels = `SELECT p.id, p.status, a.name, b.name, p.label FROM parcels p JOIN offices a ON a.id = p.sender_office
	JOIN offices b ON b.id = p.receiver_office `

func (s *server) list(r *http.Request, customer int) (any, error) {
	if flag("details") {
		return s.listDetails(r.Context(), customer)
	}
	rows, err := s.db.QueryContext(r.Context(), parcels+"WHERE p.customer = ? ORDER BY p.id DESC LIMIT 40", customer)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := []parcel{}
	for rows.Next() {
		var p parcel
		if err := rows.Scan(&p.ID, &p.Status, &p.From, &p.To, &p.Label); err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, rows.Err()
}

// The list as a later release has it, with each parcel's events, hours and price of today.
func (s *server) listDetails(ctx context.Context, customer int) (any, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT id FROM parcels WHERE customer = ? ORDER BY id DESC LIMIT 40", customer)
	if err != nil {
		return nil, err
	}
	ids := []int64{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			rows.Close()
			return nil, err
		}
		ids = append(ids, id)
	}
	rows.Close()
	found := []parcel{}
	for _, id := range ids {
		p, err := s.one(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, place := range []string{p.From, p.To} {
			var hours string
			if err := s.db.QueryRowContext(ctx, "SELECT opens FROM offices WHERE name = ?", place).Scan(&hours); err != nil {
				return nil, err
			}
		}
		for range p.Events {
			var newest string
			if err := s.db.QueryRowContext(ctx, "SELECT MAX(at) FROM events WHERE parcel = ?", id).Scan(&newest); err != nil {
				return nil, err
			}
		}
		var from, to, grams int
		if err := s.db.QueryRowContext(ctx, "SELECT sender_office, receiver_office, grams FROM parcels WHERE id = ?", id).
			Scan(&from, &to, &grams); err != nil {
			return nil, err
		}
		if _, err := s.price(ctx, from, to, grams); err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, rows.Err()
}

func (s *server) one(ctx context.Context, id int64) (parcel, error) {
	var p parcel
	err := s.db.QueryRowContext(ctx, parcels+"WHERE p.id = ?", id).Scan(&p.ID, &p.Status, &p.From, &p.To, &p.Label)
	if err != nil {
		return p, err
	}
	rows, err := s.db.QueryContext(ctx, "SELECT what, at FROM events WHERE parcel = ? ORDER BY id", id)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	for rows.Next() {
		var e event
		if err := rows.Scan(&e.What, &e.At); err != nil {
			return p, err
		}
		p.Events = append(p.Events, e)
	}
	return p, rows.Err()
}

func (s *server) track(r *http.Request, _ int) (any, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(r.URL.Path, "/parcels/"), 10, 64)
	if err != nil {
		return nil, errInvalid
	}
	return s.one(r.Context(), id)
}

type booking struct {
	From  int `json:"from"`
	To    int `json:"to"`
	Grams int `json:"grams"`
}

// book answers when a worker has confirmed the parcel, or failed.
func (s *server) book(r *http.Request, customer int) (any, error) {
	var b booking
	if err := json.NewDecoder(r.Body).Decode(&b); err != nil {
		return nil, errInvalid
	}
	ctx, cancel := context.WithTimeout(r.Context(), bookWithin)
	defer cancel()
	cents, err := s.price(ctx, b.From, b.To, b.Grams)
	if err != nil {
		return nil, err
	}
	done, err := s.db.ExecContext(ctx, `INSERT INTO parcels (customer, sender_office, receiver_office, grams, cents, status, created)
		VALUES (?, ?, ?, ?, ?, 'booked', NOW())`, customer, b.From, b.To, b.Grams, cents)
	if err != nil {
		return nil, err
	}
	id, err := done.LastInsertId()
	if err != nil {
		return nil, err
	}
	label, err := s.queue.book(ctx, id)
	return map[string]any{"id": id, "label": label}, err
}
