package main

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

type metrics struct {
	inFlight        prometheus.Gauge
	requests        *prometheus.CounterVec
	duration        *prometheus.HistogramVec
	size            *prometheus.HistogramVec
	etcdRequests    *prometheus.CounterVec
	etcdDuration    *prometheus.HistogramVec
	etcdInFlight    prometheus.Gauge
	amqpConnected   prometheus.Gauge
	amqpBlocked     prometheus.Gauge
	amqpReconnects  prometheus.Counter
	published       *prometheus.CounterVec
	publishDuration prometheus.Histogram
	replies         prometheus.Counter
	bookings        *prometheus.CounterVec
	bookingDuration prometheus.Histogram
	bookingsWaiting prometheus.Gauge
	auditDuration   prometheus.Histogram
	auditWaiting    prometheus.Gauge
}

func newMetrics(reg prometheus.Registerer) *metrics {
	f := promauto.With(reg)
	gauge := func(name, help string) prometheus.Gauge {
		return f.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	buckets := []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	return &metrics{
		inFlight: gauge("http_requests_in_flight", "Requests being served."),
		requests: f.NewCounterVec(prometheus.CounterOpts{Name: "http_requests_total", Help: "Requests served."},
			[]string{"route", "method", "code"}),
		duration: f.NewHistogramVec(prometheus.HistogramOpts{Name: "http_request_duration_seconds",
			Help: "Time to serve a request.", Buckets: buckets}, []string{"route", "method", "code"}),
		size: f.NewHistogramVec(prometheus.HistogramOpts{Name: "http_response_size_bytes", Help: "Size of responses.",
			Buckets: prometheus.ExponentialBuckets(64, 4, 6)}, []string{"route"}),
		etcdRequests: f.NewCounterVec(prometheus.CounterOpts{Name: "etcd_client_requests_total",
			Help: "Requests to etcd."}, []string{"method", "code"}),
		etcdDuration: f.NewHistogramVec(prometheus.HistogramOpts{Name: "etcd_client_request_duration_seconds",
			Help: "Time of requests to etcd.", Buckets: buckets}, []string{"method"}),
		etcdInFlight:  gauge("etcd_client_requests_in_flight", "Requests to etcd under way."),
		amqpConnected: gauge("amqp_connections_open", "Open connections to the broker."),
		amqpBlocked:   gauge("amqp_connection_blocked", "Whether the broker blocks the publishing connection."),
		amqpReconnects: f.NewCounter(prometheus.CounterOpts{Name: "amqp_reconnects_total",
			Help: "Connections made anew."}),
		published: f.NewCounterVec(prometheus.CounterOpts{Name: "amqp_publishings_total",
			Help: "Messages published, by how the broker took them."}, []string{"outcome"}),
		publishDuration: f.NewHistogram(prometheus.HistogramOpts{Name: "amqp_publish_duration_seconds",
			Help: "Time until the broker has confirmed a message.", Buckets: buckets}),
		replies: f.NewCounter(prometheus.CounterOpts{Name: "amqp_replies_received_total", Help: "Replies of workers."}),
		bookings: f.NewCounterVec(prometheus.CounterOpts{Name: "parcel_bookings_total", Help: "Bookings by outcome."},
			[]string{"outcome"}),
		bookingDuration: f.NewHistogram(prometheus.HistogramOpts{Name: "parcel_booking_duration_seconds",
			Help: "Time from publishing a booking to its confirmation.", Buckets: buckets}),
		bookingsWaiting: gauge("parcel_bookings_waiting", "Bookings that wait for their confirmation."),
		auditDuration: f.NewHistogram(prometheus.HistogramOpts{Name: "audit_write_duration_seconds",
			Help: "Time to write a line of the audit log, with the wait for its lock.", Buckets: buckets}),
		auditWaiting: gauge("audit_writers_waiting", "Requests that wait for the audit log."),
	}
}

func (m *metrics) instrument(route string, h http.HandlerFunc) http.HandlerFunc {
	labels := prometheus.Labels{"route": route}
	counted := promhttp.InstrumentHandlerCounter(m.requests.MustCurryWith(labels), h)
	sized := promhttp.InstrumentHandlerResponseSize(m.size.MustCurryWith(labels), counted)
	timed := promhttp.InstrumentHandlerDuration(m.duration.MustCurryWith(labels), sized)
	return promhttp.InstrumentHandlerInFlight(m.inFlight, timed).ServeHTTP
}
