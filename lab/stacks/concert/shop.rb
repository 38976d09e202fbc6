# The shop, an instance. Concerts and orders are in the database; seats are held by the seats service, asked by gRPC; a payment is
# a job whose answer the customer waits for, a ticket one that he asks after. A file in /tmp/release is a release that went wrong.

require "beaneater"
require "connection_pool"
require "json"
require "pg"
require "securerandom"
require "sinatra/base"
require_relative "metrics"
require "seats_services_pb"

# A connection to the queue, with a tube of its own for answers.
class Line
  def initialize
    @queue = Beaneater.new("queue:11300")
    @answers = "answers-#{SecureRandom.hex(4)}"
    @queue.tubes.watch!(@answers)
  end

  def put(tube, job, **options)
    @queue.tubes[tube].put(JSON.generate(job), **options)
  end

  def ask(tube, job, seconds)
    put(tube, job.merge(answers: @answers), pri: 100, ttr: 30)
    loop do
      answer = @queue.tubes.reserve(seconds)
      answer.delete
      found = JSON.parse(answer.body)
      # Not one that came too late for the order before.
      return found if found["order"] == job[:order]
    end
  end
end

class Shop < Sinatra::Base
  set environment: :production, show_exceptions: false, raise_errors: false, logging: false, protection: false
  use Metrics

  DB = ConnectionPool.new(size: 8, timeout: 3) { PG.connect("host=pgbouncer port=6432 dbname=concert user=concert connect_timeout=3") }
  LINES = ConnectionPool.new(size: 20, timeout: 3) { Line.new }
  SEATS = Concert::Seats::Stub.new("seats:50051", :this_channel_is_insecure, timeout: 1, interceptors: [Calls.new])
  Metrics.pools(db: DB, queue: LINES)
  KEPT = []

  error PG::Error, Timeout::Error, GRPC::BadStatus, Beaneater::NotConnected, Beaneater::TimedOutError do |failure|
    [503, JSON.generate(error: failure.class.name)]
  end

  before { content_type :json }

  helpers do
    def released?(name)
      File.exist?("/tmp/release/#{name}")
    end

    def rows(text, *values)
      DB.with do |db|
        db.exec_params(text, values).to_a
      rescue PG::ConnectionBad, PG::UnableToSend
        db.reset
        raise
      end
    end

    def seats(call, question)
      tries = 0
      begin
        SEATS.public_send(call, question)
      rescue GRPC::DeadlineExceeded, GRPC::Unavailable
        (tries += 1) < 3 ? retry : raise
      end
    end

    def free(*ids)
      seats(:free, Concert::Concerts.new(ids: ids)).free
    end
  end

  get("/health") { "{}" }

  get "/concerts" do
    # The last that was shown to everybody, for recommendations that were never built.
    if released?("recommend")
      KEPT << Array.new(3000) { |each| "seen #{each} by #{rand}" }
      GC.start
    end
    found = rows("SELECT id, artist, starts, price FROM concerts WHERE town = $1 ORDER BY starts LIMIT 20", params["town"])
    if released?("details")
      found = found.map { |each| rows("SELECT * FROM concerts WHERE id = $1", each["id"]).first }
      found.each do |each|
        each["free"] = free(each["id"].to_i)[each["id"].to_i]
        each["sold"] = rows("SELECT count(*) FROM seats WHERE concert = $1 AND held", each["id"]).first["count"]
      end
    else
      counts = free(*found.map { |each| each["id"].to_i })
      found.each { |each| each["free"] = counts[each["id"].to_i] }
    end
    JSON.generate(found)
  end

  get "/concerts/:id" do |id|
    found = rows("SELECT * FROM concerts WHERE id = $1", id).first or halt 404
    JSON.generate(found.merge("free" => free(id.to_i)[id.to_i]))
  end

  get "/customers/:id/orders" do |id|
    JSON.generate(rows("SELECT id, concert, status, ordered FROM orders WHERE customer = $1 ORDER BY id DESC LIMIT 20", id))
  end

  get "/orders/:id" do |id|
    JSON.generate(rows("SELECT id, status, ticket FROM orders WHERE id = $1", id).first)
  end

  post "/orders" do
    held = seats(:hold, Concert::Wish.new(concert: params["concert"].to_i, count: params["count"].to_i)).seats.to_a
    halt 200, JSON.generate(status: "sold out") if held.empty?
    order = rows("INSERT INTO orders (customer, concert, seats, status, ordered) VALUES ($1, $2, $3, 'held', now()) RETURNING id",
                 params["customer"], params["concert"], "{#{held.join(",")}}").first["id"].to_i
    LINES.with do |line|
      answer = line.ask("payments", { order: order, concert: params["concert"].to_i, count: held.size, put: Time.now.to_f }, 5)
      halt 402, JSON.generate(answer) unless answer["paid"]
      line.put("tickets", { order: order, put: Time.now.to_f }, pri: 100, ttr: 30)
    end
    JSON.generate(id: order, status: "paid")
  end
end
