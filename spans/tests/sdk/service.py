"""One service that OpenTelemetry's own SDK traces: service.py NAME PORT FORM OUT [CALLEE_URL].

Serves on the loopback address until its standard input ends. It waits in a queue before its server span begins, works,
asks the callee where there is one, and stores in a database that has no spans of its own. FORM says what becomes of a
batch of spans: a line of OTLP's JSON in the file OUT, with ids as the OTLP specification says (hex) or as protobuf's
own JSON has them (base64); a message with its length in front there, as the Collector's file exporter writes it
(protobuf); or what OpenTelemetry's own exporter sends to a Zipkin at the address OUT (zipkin).
"""

import base64
import json
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf.json_format import MessageToDict
from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.exporter.zipkin.json import ZipkinExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

QUEUE_S, WORK_S, STORE_S = 0.040, 0.020, 0.010
IDS = ("traceId", "spanId", "parentSpanId")


class File(SpanExporter):
    """Appends each batch of spans to a file, as the Collector's file exporter does."""

    def __init__(self, path, form):
        self.out = open(path, "ab")
        self.form = form

    def export(self, spans):
        request = encode_spans(spans)
        if self.form == "protobuf":
            message = request.SerializeToString()
            self.out.write(len(message).to_bytes(4, "big") + message)
        else:
            self.out.write(json.dumps(self.as_json(request)).encode() + b"\n")
        self.out.flush()
        return SpanExportResult.SUCCESS

    def as_json(self, request):
        request = MessageToDict(request)
        if self.form == "hex":
            for resource in request["resourceSpans"]:
                for scope in resource["scopeSpans"]:
                    for span in scope["spans"]:
                        span |= {key: base64.b64decode(span[key]).hex() for key in IDS if key in span}
        return request


class Handler(BaseHTTPRequestHandler):
    """Answers every request after some work; 500 where the path asks for it."""

    def do_GET(self):
        time.sleep(QUEUE_S)
        tracer = trace.get_tracer("sdk")
        context = propagate.extract(self.headers)
        with tracer.start_as_current_span("GET /", context=context, kind=SpanKind.SERVER) as span:
            failed = self.path == "/fail"
            with tracer.start_as_current_span("work"):
                time.sleep(WORK_S)
            if self.server.callee:
                self.ask(tracer)
            with tracer.start_as_current_span("INSERT", kind=SpanKind.CLIENT, attributes={"db.system.name": "sqlite"}):
                time.sleep(STORE_S)
            if failed:
                span.set_status(Status(StatusCode.ERROR))
        self.send_response(500 if failed else 200)
        self.end_headers()

    def ask(self, tracer):
        with tracer.start_as_current_span("GET", kind=SpanKind.CLIENT):
            headers = {}
            propagate.inject(headers)
            request = urllib.request.Request(self.server.callee, headers=headers)
            urllib.request.urlopen(request, timeout=10).read()

    def log_message(self, *_):
        pass


def main():
    name, port, form, out, *callee = sys.argv[1:]
    exporter = ZipkinExporter(endpoint=out) if form == "zipkin" else File(out, form)
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=200))
    trace.set_tracer_provider(provider)
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), Handler)
    server.callee = callee[0] if callee else None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    sys.stdin.read()
    server.shutdown()
    provider.shutdown()


if __name__ == "__main__":
    main()
