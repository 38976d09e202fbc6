vcl 4.1;
# As MediaWiki's manual has it: pages for readers without a session are kept until they are purged.

import directors;

probe alive {
    .url = "/server-status?auto";
    .interval = 2s;
    .timeout = 1s;
    .window = 5;
    .threshold = 3;
}
backend web1 { .host = "web1"; .port = "80"; .probe = alive; .connect_timeout = 2s; .first_byte_timeout = 30s; }
backend web2 { .host = "web2"; .port = "80"; .probe = alive; .connect_timeout = 2s; .first_byte_timeout = 30s; }

sub vcl_init {
    new web = directors.round_robin();
    web.add_backend(web1);
    web.add_backend(web2);
}

sub vcl_recv {
    set req.backend_hint = web.backend();
    set req.http.Host = "wiki";
    if (req.method == "PURGE") {
        return (purge);
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.http.Authorization || req.http.Cookie ~ "([sS]ession|Token|UserID)=") {
        return (pass);
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_backend_response {
    set beresp.grace = 10s;
}
