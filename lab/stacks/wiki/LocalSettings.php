<?php
// The wiki's settings: two web servers behind a cache that is told of every change, one database, one memcached.
$wgSitename = 'Wiki';
// What varnish calls the site, however a reader reached it.
$wgServer = 'http://wiki';
$wgScriptPath = '/mediawiki';
$wgScriptExtension = '.php';
$wgSecretKey = str_repeat( '0123456789abcdef', 4 );
$wgUpgradeKey = false;
$wgLanguageCode = 'en';
$wgLocaltimezone = 'UTC';
$wgAuthenticationTokenVersion = '1';
$wgEnableEmail = false;

$wgDBtype = 'mysql';
$wgDBserver = getenv( 'WIKI_DB' ) ?: 'db';
$wgDBname = 'wiki';
$wgDBuser = 'wiki';
$wgDBpassword = 'wiki';
$wgDBTableOptions = 'ENGINE=InnoDB, DEFAULT CHARSET=binary';

if ( getenv( 'WIKI_DB' ) ) {
	// While the image is made: no cache, no one to tell.
	$wgMainCacheType = CACHE_NONE;
} else {
	$wgMainCacheType = CACHE_MEMCACHED;
	$wgParserCacheType = CACHE_MEMCACHED;
	$wgMessageCacheType = CACHE_MEMCACHED;
	$wgSessionCacheType = CACHE_MEMCACHED;
	$wgMemCachedServers = [ 'memcached:11211' ];
	$wgUseCdn = true;
	$wgCdnServers = [ 'varnish:80' ];
	$wgUsePrivateIPs = true;
	$wgStatsdServer = 'collectd:8125';
}
$wgCacheDirectory = '/var/lib/mediawiki/cache';
$wgLocalisationCacheConf['store'] = 'files';
$wgUseGzip = false;
$wgEnableUploads = false;
$wgDisableCounters = true;

// Jobs are the job runner's.
$wgJobRunRate = 0;
$wgPingback = false;
$wgRateLimits = [];
$wgGroupPermissions['user']['noratelimit'] = true;
$wgPasswordAttemptThrottle = [];
$wgDefaultSkin = 'vector';
wfLoadSkin( 'Vector' );
wfLoadExtension( 'ParserFunctions' );
wfLoadExtension( 'Cite' );
wfLoadExtension( 'CategoryTree' );
wfLoadExtension( 'PageImages' );
wfLoadExtension( 'TextExtracts' );
wfLoadExtension( 'WikiEditor' );

// An extension that has begun to wait for something outside, where the file says for how many microseconds.
$wgHooks['BeforePageDisplay'][] = static function () {
	$wait = @file_get_contents( '/tmp/slow-extension' );
	if ( $wait ) {
		usleep( (int)$wait );
	}
};
