<?php
/**
 * Plugin Name: Leave a Reply
 * Description: Leads the Akismet plugin to your own Leave a Reply. Put it into wp-content/mu-plugins/.
 * License: MIT
 *
 * In wp-config.php, to have Leave a Reply answer:
 *     define( 'LEAVE_A_REPLY_URL', 'https://comments.example' );
 *     define( 'WPCOM_API_KEY', 'abcdef123456' );   // made by create_key --scope akismet
 *
 * Or, to compare before you switch: Akismet goes on to answer, and Leave a Reply gets a copy.
 *     define( 'LEAVE_A_REPLY_URL', 'https://comments.example' );
 *     define( 'LEAVE_A_REPLY_COPY_KEY', 'abcdef123456' );   // made by create_key --scope akismet --mode shadow
 */

defined( 'ABSPATH' ) || exit;

final class Leave_A_Reply {

	const THEIR_HOST = 'rest.akismet.com';

	/** The id of a check whose comment waits for a person, until WordPress stores that comment. */
	private static $waiting = '';

	public static function start() {
		if ( ! defined( 'LEAVE_A_REPLY_URL' ) ) {
			return;
		}
		if ( defined( 'LEAVE_A_REPLY_COPY_KEY' ) ) {
			add_filter( 'http_response', array( __CLASS__, 'copy' ), 10, 3 );
			return;
		}
		add_filter( 'pre_http_request', array( __CLASS__, 'redirect' ), 10, 3 );
		add_filter( 'pre_comment_approved', array( __CLASS__, 'hold' ), 20 );
		add_action( 'wp_insert_comment', array( __CLASS__, 'remember' ) );
		add_action( 'rest_api_init', array( __CLASS__, 'listen' ) );
	}

	/** Send to Leave a Reply what is meant for Akismet. */
	public static function redirect( $answer, $arguments, $url ) {
		if ( wp_parse_url( $url, PHP_URL_HOST ) !== self::THEIR_HOST ) {
			return $answer;
		}
		unset( $arguments['headers']['Host'] );
		// Old plugins (5.0, for one) do not listen for later verdicts: this file does it for them.
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

	/** Keep a comment pending while a person is asked. */
	public static function hold( $approved ) {
		return self::$waiting && 1 === (int) $approved ? 0 : $approved;
	}

	/** Note with the comment by which id its verdict will come. */
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

	public static function knows_key( $request ) {
		$key = class_exists( 'Akismet' ) ? Akismet::get_api_key() : '';
		return $key && hash_equals( (string) $key, (string) $request['key'] );
	}

	/** Take verdicts, each for the comment of its id. */
	public static function receive_verdicts( $request ) {
		$results = array();
		foreach ( (array) $request['comments'] as $verdict ) {
			$guid             = (string) $verdict['guid'];
			$results[ $guid ] = self::apply( $guid, 'true' === $verdict['result'] );
		}
		return array( 'comments' => $results );
	}

	private static function apply( $guid, $is_spam ) {
		$found = get_comments(
			array(
				'meta_key'   => 'leave_a_reply_guid',
				'meta_value' => $guid,
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

	/** Tell Leave a Reply what was asked and what Akismet answered, without waiting for it. */
	public static function copy( $response, $arguments, $url ) {
		$call = self::call_of( $url );
		$reported = array( 'comment-check', 'submit-spam', 'submit-ham' );
		if ( wp_parse_url( $url, PHP_URL_HOST ) === self::THEIR_HOST && in_array( $call, $reported, true ) ) {
			$body = preg_replace( '/(^|&)(api_key|callback)=[^&]*/', '', $arguments['body'] );
			$body .= '&api_key=' . rawurlencode( LEAVE_A_REPLY_COPY_KEY );
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

	private static function call_of( $url ) {
		return basename( (string) wp_parse_url( $url, PHP_URL_PATH ) );
	}

	private static function our_url( $url ) {
		$query = wp_parse_url( $url, PHP_URL_QUERY );
		$path  = wp_parse_url( $url, PHP_URL_PATH );
		return untrailingslashit( LEAVE_A_REPLY_URL ) . $path . ( $query ? '?' . $query : '' );
	}
}

Leave_A_Reply::start();
