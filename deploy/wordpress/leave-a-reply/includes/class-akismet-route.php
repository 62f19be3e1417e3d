<?php
/**
 * The Akismet plugin, led to the server.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** Answers for Akismet, or gets a copy of what it is asked and answers, as `akismet` is set. */
final class Akismet_Route {

	const THEIR_HOST = 'rest.akismet.com';

	/** What `akismet` may be set to. */
	const OFF    = 'off';
	const ANSWER = 'answer';
	const COPY   = 'copy';

	/**
	 * The id of a check whose comment waits for a person, until WordPress stores that comment.
	 *
	 * @var string
	 */
	private static $waiting = '';

	/** Hook into WordPress. */
	public static function start() {
		$mode = Options::get( 'akismet' );
		if ( ! Options::get( 'url' ) || ! Options::get( 'akismet_key' ) ) {
			return;
		}
		if ( self::COPY === $mode ) {
			add_filter( 'http_response', array( __CLASS__, 'copy' ), 10, 3 );
		} elseif ( self::ANSWER === $mode ) {
			add_filter( 'akismet_get_api_key', array( __CLASS__, 'key' ) );
			add_filter( 'akismet_predefined_api_key', '__return_true' );
			add_filter( 'pre_http_request', array( __CLASS__, 'redirect' ), 10, 3 );
			add_filter( 'pre_comment_approved', array( __CLASS__, 'hold' ), 20 );
			add_action( 'wp_insert_comment', array( __CLASS__, 'remember' ) );
			add_action( 'rest_api_init', array( __CLASS__, 'listen' ) );
		}
	}

	/** Return the key that the Akismet plugin uses in place of its own. */
	public static function key() {
		return Options::get( 'akismet_key' );
	}

	/**
	 * Send to the server what is meant for Akismet.
	 *
	 * @param false|array|\WP_Error $answer    What another plugin answers.
	 * @param array                 $arguments The request.
	 * @param string                $url       Its address.
	 */
	public static function redirect( $answer, $arguments, $url ) {
		if ( wp_parse_url( $url, PHP_URL_HOST ) !== self::THEIR_HOST ) {
			return $answer;
		}
		unset( $arguments['headers']['Host'] );
		// Old plugins (5.0, for one) do not listen for later verdicts: this class does it for them.
		$listens = is_string( $arguments['body'] ) && strpos( $arguments['body'], 'callback=' ) === false
			&& self::call_of( $url ) === 'comment-check';
		if ( $listens ) {
			$callback          = rest_url( 'leave-a-reply/v1/verdicts' );
			$arguments['body'] .= '&callback=' . rawurlencode( $callback );
		}
		$answer = wp_remote_request( self::our_url( $url ), $arguments );
		if ( $listens && wp_remote_retrieve_header( $answer, 'x-akismet-recheck-after' ) ) {
			self::$waiting = wp_remote_retrieve_header( $answer, 'x-akismet-guid' );
		}
		return $answer;
	}

	/**
	 * Keep a comment pending while a person is asked.
	 *
	 * @param int|string|\WP_Error $approved What WordPress would do.
	 */
	public static function hold( $approved ) {
		return self::$waiting && in_array( $approved, array( 1, '1' ), true ) ? 0 : $approved;
	}

	/**
	 * Note with the comment by which id its verdict will come.
	 *
	 * @param int $comment_id The comment.
	 */
	public static function remember( $comment_id ) {
		if ( self::$waiting ) {
			add_comment_meta( $comment_id, 'leave_a_reply_guid', self::$waiting, true );
			self::$waiting = '';
		}
	}

	/** Listen for verdicts. */
	public static function listen() {
		register_rest_route(
			'leave-a-reply/v1',
			'/verdicts',
			array(
				'methods'             => 'POST',
				'callback'            => array( __CLASS__, 'receive_verdicts' ),
				'permission_callback' => array( __CLASS__, 'knows_key' ),
			)
		);
	}

	/**
	 * Tell whether a request comes from the server.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	public static function knows_key( $request ) {
		return is_string( $request['key'] ) && hash_equals( (string) self::key(), $request['key'] );
	}

	/**
	 * Take verdicts, each for the comment of its id.
	 *
	 * @param \WP_REST_Request $request The request.
	 */
	public static function receive_verdicts( $request ) {
		$results = array();
		foreach ( (array) $request['comments'] as $verdict ) {
			$guid             = (string) $verdict['guid'];
			$results[ $guid ] = self::apply( $guid, 'true' === $verdict['result'] );
		}
		return array( 'comments' => $results );
	}

	/**
	 * Apply one verdict.
	 *
	 * @param string $guid    The id of the check.
	 * @param bool   $is_spam The verdict.
	 */
	private static function apply( $guid, $is_spam ) {
		$found = get_comments(
			array(
				'meta_key'   => 'leave_a_reply_guid', // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_key -- Few have it.
				'meta_value' => $guid, // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_value
				'status'     => 'any',
				'number'     => 1,
			)
		);
		if ( ! $found ) {
			return array(
				'status'  => 'error',
				'message' => 'There is no such comment.',
			);
		}
		// What somebody decided on the site itself stays.
		if ( wp_get_comment_status( $found[0] ) === 'unapproved' ) {
			$is_spam ? wp_spam_comment( $found[0] ) : wp_set_comment_status( $found[0], 'approve' );
		}
		return array( 'status' => 'success' );
	}

	/**
	 * Tell the server what was asked and what Akismet answered, without waiting for it.
	 *
	 * @param array  $response  Akismet's answer.
	 * @param array  $arguments The request.
	 * @param string $url       Its address.
	 */
	public static function copy( $response, $arguments, $url ) {
		$call     = self::call_of( $url );
		$reported = array( 'comment-check', 'submit-spam', 'submit-ham' );
		if ( wp_parse_url( $url, PHP_URL_HOST ) === self::THEIR_HOST && in_array( $call, $reported, true ) ) {
			$body  = preg_replace( '/(^|&)(api_key|callback)=[^&]*/', '', $arguments['body'] );
			$body .= '&api_key=' . rawurlencode( self::key() );
			if ( 'comment-check' === $call ) {
				$body .= '&comment_check_response=' . rawurlencode( wp_remote_retrieve_body( $response ) );
			}
			unset( $arguments['headers']['Host'] );
			$arguments['body']     = $body;
			$arguments['blocking'] = false;
			$arguments['timeout']  = 1;
			wp_remote_request( self::our_url( $url ), $arguments );
		}
		return $response;
	}

	/**
	 * Return which call an address is of.
	 *
	 * @param string $url The address.
	 */
	private static function call_of( $url ) {
		return basename( (string) wp_parse_url( $url, PHP_URL_PATH ) );
	}

	/**
	 * Return the same address on the server.
	 *
	 * @param string $url The address.
	 */
	private static function our_url( $url ) {
		$query = wp_parse_url( $url, PHP_URL_QUERY );
		$path  = wp_parse_url( $url, PHP_URL_PATH );
		return Options::get( 'url' ) . $path . ( $query ? '?' . $query : '' );
	}
}
