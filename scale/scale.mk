# The chain over shards. Included by the Makefile.
#
# make scale SHARDS=FILE: one shard per line; scale/README.md has the variables, which reach the map through the environment.
ENGINE ?= xargs
SCALE ?= target/scale

.PHONY: scale test-scale

scale: $(addprefix $(BIN)/,prom-fetch grid-build znorm peaks dtw pca rank report) $(if $(filter spark,$(ENGINE)),.venv-scale/ready) ## Run the chain over the SHARDS of a file by ENGINE=xargs|parallel|spark, into SCALE
	@BIN=$(abspath $(BIN)) ENGINE=$(call q,ENGINE) SPARK_SUBMIT=$${SPARK_SUBMIT:-$(abspath .venv-scale/bin/spark-submit)} \
	  scale/run $(call q,SHARDS) $(call q,SCALE)

.venv-scale/ready: scale/requirements.txt
	@lab/setup java=default-jre-headless
	python3 -m venv .venv-scale
	.venv-scale/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

test-scale: debug ## Test scale: shards against the whole, by xargs, GNU parallel and Spark, from files and from Prometheus (2 minutes)
	@BIN=target/debug scale/tests/run
