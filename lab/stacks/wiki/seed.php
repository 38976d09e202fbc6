<?php
// Fills a new wiki: users, and pages with text and links. Run once, while the image is made.
require_once '/usr/share/mediawiki/maintenance/Maintenance.php';

use MediaWiki\MediaWikiServices;
use MediaWiki\Revision\SlotRecord;

class Seed extends Maintenance {
	private const PAGES = 400;
	private const USERS = 20;
	private const WORDS = 'river stone market engine garden winter copper bridge harbour letter mountain signal paper island '
		. 'glass forest window station silver music lantern valley thread orchard compass marble ticket shadow meadow circle '
		. 'anchor pepper candle village mirror feather kettle summit ribbon granite';

	public function execute() {
		mt_srand( 1 );
		$author = $this->users();
		for ( $number = 1; $number <= self::PAGES; $number++ ) {
			$this->page( $number, $author );
		}
	}

	private function users(): User {
		for ( $number = 1; $number <= self::USERS; $number++ ) {
			$user = User::newFromName( "Editor$number" );
			$user->addToDatabase();
			$user->changeAuthenticationData( [
				'username' => "Editor$number", 'password' => 'correct horse', 'retype' => 'correct horse' ] );
		}
		return $user;
	}

	private function page( int $number, User $author ) {
		$text = "{{DISPLAYTITLE:Article $number}}\n" . $this->prose( 60 );
		for ( $section = 1; $section <= 8; $section++ ) {
			$text .= "\n== Section $section ==\n" . $this->prose( 120 );
		}
		$text .= "\n[[Category:Topic " . ( $number % 20 ) . ']]';
		$page = MediaWikiServices::getInstance()->getWikiPageFactory()->newFromTitle( Title::newFromText( "Article $number" ) );
		$updater = $page->newPageUpdater( $author );
		$updater->setContent( SlotRecord::MAIN, new WikitextContent( $text ) );
		$updater->saveRevision( CommentStoreComment::newUnsavedComment( 'new' ) );
	}

	/** Words, of which one in fifteen is a link, and a reference. */
	private function prose( int $length ): string {
		$words = explode( ' ', self::WORDS );
		$text = '';
		for ( $at = 0; $at < $length; $at++ ) {
			$word = $words[mt_rand( 0, count( $words ) - 1 )];
			$text .= $at % 15 == 7 ? "[[Article " . mt_rand( 1, self::PAGES ) . "|$word]] " : "$word ";
		}
		return $text . '<ref>Page ' . mt_rand( 1, 999 ) . "</ref>\n";
	}
}

$maintClass = Seed::class;
require_once RUN_MAINTENANCE_IF_MAIN;
