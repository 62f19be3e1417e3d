<?php
/**
 * The import of this site's comments, in the background.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/**
 * Sends comments piece by piece, by WP-Cron. Where it stands is stored after each piece, so that it
 * goes on from there after whatever stopped it; a piece that comes twice is there once.
 */
final class Import_Job {

	const EVENT  = 'leave_a_reply_import';
	const OPTION = 'leave_a_reply_import';

	const RUNNING = 'running';
	const STOPPED = 'stopped';
	const FAILED  = 'failed';
	const DONE    = 'done';

	/** Seconds until it is looked again whether a piece has come in. */
	const PAUSE = 5;

	/** Seconds for the request that sends a piece. */
	const UPLOAD_SECONDS = 60;

	/**
	 * `after` is the last comment that came in; `piece` is the server's import that is under way, up to
	 * `upto`. Within a `run` a piece that is sent twice is one.
	 */
	const FRESH = array(
		'state'    => self::RUNNING,
		'run'      => '',
		'total'    => 0,
		'after'    => 0,
		'upto'     => 0,
		'piece'    => '',
		'sent'     => 0,
		'created'  => 0,
		'skipped'  => 0,
		'problems' => 0,
		'message'  => '',
	);

	/** Hook into WordPress. */
	public static function start() {
		add_action( self::EVENT, array( __CLASS__, 'step' ) );
	}

	/** Return where it stands; an empty array when it was never begun. */
	public static function status() {
		return (array) get_option( self::OPTION, array() );
	}

	/** Begin anew. What is there already stays, and is counted as skipped. */
	public static function begin() {
		$new = array(
			'run'   => wp_generate_uuid4(),
			'total' => Comment_File::total(),
		);
		self::store( $new + self::FRESH );
		self::schedule( 0 );
	}

	/** Go on from where it stands. */
	public static function resume() {
		$job = self::status();
		if ( $job && self::DONE !== $job['state'] ) {
			$again = array(
				'state'   => self::RUNNING,
				'run'     => wp_generate_uuid4(),
				'message' => '',
			);
			self::store( $again + $job );
			self::schedule( 0 );
		}
	}

	/** Stop after the piece that is under way. */
	public static function stop() {
		wp_clear_scheduled_hook( self::EVENT );
		$job = self::status();
		if ( self::RUNNING === ( $job['state'] ?? '' ) ) {
			self::store( array( 'state' => self::STOPPED ) + $job );
		}
	}

	/** Do what is next: see how a piece came in, or send one. */
	public static function step() {
		$job = self::status();
		if ( self::RUNNING !== ( $job['state'] ?? '' ) ) {
			return;
		}
		// Whatever ends this request early, the next one goes on.
		self::schedule( MINUTE_IN_SECONDS );
		$job = $job['piece'] ? self::followed( $job ) : self::sent( $job );
		// Somebody may have stopped it meanwhile, in another request.
		wp_cache_delete( self::OPTION, 'options' );
		if ( self::RUNNING !== ( self::status()['state'] ?? '' ) && self::RUNNING === $job['state'] ) {
			$job['state'] = self::STOPPED;
		}
		self::store( $job );
		wp_clear_scheduled_hook( self::EVENT );
		if ( self::RUNNING === $job['state'] ) {
			self::schedule( $job['pause'] ?? self::PAUSE );
		}
	}

	/**
	 * Send the next piece.
	 *
	 * @param array $job Where the import stands.
	 */
	private static function sent( $job ) {
		$comments = Comment_File::comments( $job['after'] );
		if ( ! $comments ) {
			return array( 'state' => self::DONE ) + $job;
		}
		$file    = Comment_File::write( $comments );
		$request = array(
			'headers' => array(
				'Content-Type'    => 'application/octet-stream',
				'Idempotency-Key' => $job['run'] . '-' . $job['after'],
			),
			'body'    => $file,
			'timeout' => self::UPLOAD_SECONDS,
		);
		$answer = Server::ask_with_key( 'POST', Server::url( '/api/v1/imports', array( array( 'format', 'wordpress' ) ) ), $request );
		if ( is_wp_error( $answer ) ) {
			return self::refused( $job, $answer );
		}
		$piece = array(
			'piece'   => (string) $answer['id'],
			'upto'    => (int) end( $comments )->comment_ID,
			'sent'    => count( $comments ),
			'message' => '',
			'pause'   => self::PAUSE,
		);
		return $piece + $job;
	}

	/**
	 * See how the piece that was sent comes in.
	 *
	 * @param array $job Where the import stands.
	 */
	private static function followed( $job ) {
		$piece = Server::ask_with_key( 'GET', Server::url( '/api/v1/imports/' . rawurlencode( $job['piece'] ) ) );
		if ( is_wp_error( $piece ) ) {
			return self::refused( $job, $piece );
		}
		if ( in_array( $piece['state'], array( 'waiting', 'running' ), true ) ) {
			return array( 'pause' => self::PAUSE ) + $job;
		}
		if ( 'done' !== $piece['state'] ) {
			return array(
				'state'   => self::FAILED,
				'piece'   => '',
				'message' => $piece['error'] ? $piece['error'] : $piece['state'],
			) + $job;
		}
		$came = array(
			'piece'    => '',
			'after'    => $job['upto'],
			'created'  => $job['created'] + $piece['created'],
			'skipped'  => $job['skipped'] + $piece['skipped'],
			'problems' => $job['problems'] + $piece['problem_count'],
			'pause'    => 0,
		);
		return $came + $job;
	}

	/**
	 * Try again later what the server can't do now; end with its words what it won't.
	 *
	 * @param array     $job   Where the import stands.
	 * @param \WP_Error $error What came in place of an answer.
	 */
	private static function refused( $job, $error ) {
		$data   = (array) $error->get_error_data();
		$status = (int) ( $data['status'] ?? 0 );
		if ( 0 === $status || 429 === $status || $status >= 500 ) {
			$pause = array(
				'pause'   => max( MINUTE_IN_SECONDS, (int) ( $data['retry_after'] ?? 0 ) ),
				'message' => $error->get_error_message(),
			);
			return $pause + $job;
		}
		// A piece that the server has forgotten is sent again.
		$ended = array(
			'state'   => self::FAILED,
			'piece'   => '',
			'message' => $error->get_error_message(),
		);
		return $ended + $job;
	}

	/**
	 * Have the next step done.
	 *
	 * @param int $seconds From now.
	 */
	private static function schedule( $seconds ) {
		wp_clear_scheduled_hook( self::EVENT );
		wp_schedule_single_event( time() + $seconds, self::EVENT );
	}

	/**
	 * Store where it stands.
	 *
	 * @param array $job The job.
	 */
	private static function store( $job ) {
		update_option( self::OPTION, $job, false );
	}
}
