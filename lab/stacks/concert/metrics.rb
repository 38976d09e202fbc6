# What the shop tells Prometheus of its requests, of its calls of other services, of its pools, of Puma and of Ruby.

require "grpc"
require "prometheus/client"
require "prometheus/client/rack/exporter"

REGISTRY = Prometheus::Client.registry

class Metrics
  REQUESTS = REGISTRY.counter(:http_requests_total, "Requests that were answered.")
  DURATION = REGISTRY.histogram(:http_request_duration_seconds, "How long a request took.", {},
                                [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
  @gauges = Hash.new { |all, name| all[name] = REGISTRY.gauge(name, name.to_s.tr("_", " "), {}, :livesum) }
  @pools = {}

  class << self
    def pools(**pools)
      @pools.update(pools)
    end

    def sample
      puma = JSON.parse(Puma.stats)
      { "running" => :puma_running, "backlog" => :puma_backlog, "pool_capacity" => :puma_pool_capacity,
        "max_threads" => :puma_max_threads, "requests_count" => :puma_requests_count }.each { |key, name| set(name, puma[key]) }
      @pools.each do |pool, connections|
        set(:connection_pool_size, connections.size, pool: pool)
        set(:connection_pool_available, connections.available, pool: pool)
      end
      GC.stat.each { |key, value| set(:"ruby_gc_stat_#{key}", value) }
      set(:ruby_gc_duration_seconds_total, GC.stat[:time] / 1000.0)
      set(:ruby_threads, Thread.list.size)
      set(:ruby_file_descriptors, Dir.children("/proc/self/fd").size)
      set(:ruby_process_resident_memory_bytes, File.read("/proc/self/statm").split[1].to_i * 4096)
      set(:ruby_process_cpu_seconds_total, Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID))
    end

    def set(name, value, **labels)
      @gauges[name].set(labels, value)
    end
  end

  def initialize(app)
    @app = app
    @exporter = Prometheus::Client::Rack::Exporter.new(app)
  end

  def call(env)
    if env["PATH_INFO"] == "/metrics"
      Metrics.sample
      return @exporter.call(env)
    end
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    @app.call(env).tap do |answer|
      labels = { method: env["REQUEST_METHOD"], path: env["sinatra.route"].to_s.split.last || "none" }
      REQUESTS.increment(labels.merge(status: answer.first.to_s))
      DURATION.observe(labels, Process.clock_gettime(Process::CLOCK_MONOTONIC) - start)
    end
  end
end

# Calls by gRPC, in the words of go-grpc-prometheus.
class Calls < GRPC::ClientInterceptor
  STARTED = REGISTRY.counter(:grpc_client_started_total, "Calls that were begun.")
  HANDLED = REGISTRY.counter(:grpc_client_handled_total, "Calls that came to an end.")
  DURATION = REGISTRY.histogram(:grpc_client_handling_seconds, "How long a call took.", {},
                                [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5])

  def request_response(request:, call:, method:, metadata:)
    labels = { grpc_method: method.to_s.split("/").last }
    start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    code = "OK"
    STARTED.increment(labels)
    yield
  rescue GRPC::BadStatus => e
    code = e.class.name.split("::").last
    raise
  ensure
    HANDLED.increment(labels.merge(grpc_code: code))
    DURATION.observe(labels, Process.clock_gettime(Process::CLOCK_MONOTONIC) - start)
  end
end
