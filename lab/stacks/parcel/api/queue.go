package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"strconv"
	"sync"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

const bookings = "bookings"

var errNoBroker = errors.New("no connection to the broker")

// queue publishes bookings and gives each reply of a worker to who waits for it. Publishing has a connection of its own, so
// that a broker that blocks publishers does not keep replies back.
type queue struct {
	url string
	m   *metrics

	mu      sync.Mutex
	channel *amqp.Channel
	replyTo string
	waiting map[string]chan reply
}

type reply struct {
	Label string `json:"label"`
	Error string `json:"error"`
}

func newQueue(url string, m *metrics) *queue {
	return &queue{url: url, m: m, waiting: map[string]chan reply{}}
}

func (q *queue) run() {
	for {
		if err := q.session(); err != nil {
			log.Printf("queue: %v", err)
		}
		q.m.amqpConnected.Set(0)
		q.m.amqpReconnects.Inc()
		time.Sleep(time.Second)
	}
}

func dial(url string) (*amqp.Connection, error) {
	return amqp.DialConfig(url, amqp.Config{Heartbeat: 10 * time.Second, Locale: "en_US", Dial: amqp.DefaultDial(2 * time.Second)})
}

// session lasts until either connection ends.
func (q *queue) session() error {
	publishing, err := dial(q.url)
	if err != nil {
		return err
	}
	defer publishing.Close()
	consuming, err := dial(q.url)
	if err != nil {
		return err
	}
	defer consuming.Close()
	out, err := publishing.Channel()
	if err != nil {
		return err
	}
	if err := out.Confirm(false); err != nil {
		return err
	}
	in, err := consuming.Channel()
	if err != nil {
		return err
	}
	if _, err := in.QueueDeclare(bookings, true, false, false, false, nil); err != nil {
		return err
	}
	own, err := in.QueueDeclare("", false, true, true, false, nil)
	if err != nil {
		return err
	}
	deliveries, err := in.Consume(own.Name, "", true, true, false, false, nil)
	if err != nil {
		return err
	}
	q.mu.Lock()
	q.channel, q.replyTo = out, own.Name
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		q.channel = nil
		q.mu.Unlock()
	}()
	q.m.amqpConnected.Set(2)
	blockings := publishing.NotifyBlocked(make(chan amqp.Blocking, 8))
	ended := publishing.NotifyClose(make(chan *amqp.Error, 1))
	for {
		select {
		case b := <-blockings:
			if b.Active {
				q.m.amqpBlocked.Set(1)
			} else {
				q.m.amqpBlocked.Set(0)
			}
		case err := <-ended:
			if err == nil {
				return nil
			}
			return err
		case d, open := <-deliveries:
			if !open {
				return errors.New("consumer ended")
			}
			q.m.replies.Inc()
			var told reply
			if json.Unmarshal(d.Body, &told) != nil {
				continue
			}
			q.mu.Lock()
			if to, ok := q.waiting[d.CorrelationId]; ok {
				to <- told
				delete(q.waiting, d.CorrelationId)
			}
			q.mu.Unlock()
		}
	}
}

func (q *queue) book(ctx context.Context, parcel int64) (string, error) {
	id := strconv.FormatInt(parcel, 10)
	answer := make(chan reply, 1)
	q.mu.Lock()
	channel, replyTo := q.channel, q.replyTo
	q.waiting[id] = answer
	q.mu.Unlock()
	defer func() {
		q.mu.Lock()
		delete(q.waiting, id)
		q.mu.Unlock()
	}()
	if channel == nil {
		q.m.bookings.WithLabelValues("not published").Inc()
		return "", errNoBroker
	}
	q.m.bookingsWaiting.Inc()
	defer q.m.bookingsWaiting.Dec()
	begun := time.Now()
	body, _ := json.Marshal(map[string]int64{"parcel": parcel, "published": begun.UnixMilli()})
	failed := make(chan error, 1)
	go func() {
		confirmation, err := channel.PublishWithDeferredConfirmWithContext(ctx, "", bookings, false, false, amqp.Publishing{
			ContentType: "application/json", DeliveryMode: amqp.Persistent, CorrelationId: id, ReplyTo: replyTo, Body: body,
		})
		if err == nil && !confirmation.Wait() {
			err = errors.New("not taken by the broker")
		}
		if err != nil {
			q.m.published.WithLabelValues("failed").Inc()
			failed <- err
			return
		}
		q.m.published.WithLabelValues("confirmed").Inc()
		q.m.publishDuration.Observe(time.Since(begun).Seconds())
	}()
	select {
	case told := <-answer:
		q.m.bookingDuration.Observe(time.Since(begun).Seconds())
		if told.Error != "" {
			q.m.bookings.WithLabelValues("failed").Inc()
			return "", errFailed
		}
		q.m.bookings.WithLabelValues("confirmed").Inc()
		return told.Label, nil
	case err := <-failed:
		q.m.bookings.WithLabelValues("not published").Inc()
		return "", err
	case <-ctx.Done():
		q.m.bookings.WithLabelValues("timed out").Inc()
		return "", errTimeout
	}
}
