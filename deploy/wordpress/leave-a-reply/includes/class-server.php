<?php
/**
 * Requests to the server.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** The server that the settings name. What it does not answer, or refuses, is a WP_Error. */
final class Server {

	const SECONDS = 15;

	/**
	 * Return the address of something on the server.
	 *
	 * @param string $path  The path, with a slash at its beginning.
	 * @param array  $query Pairs of a parameter's name and its value; a name may come again.
	 */
	public static function url( $path, $query = array() ) {
		$pairs = array();
		foreach ( $query as list( $name, $value ) ) {
			$pairs[] = rawurlencode( $name ) . '=' . rawurlencode( $value );
		}
		return Options::get( 'url' ) . $path . ( $pairs ? '?' . implode( '&', $pairs ) : '' );
	}

	/**
	 * Return the address of something below the site's public API.
	 *
	 * @param string $path  The path.
	 * @param array  $query Pairs of a parameter's name and its value.
	 */
	public static function site_url( $path, $query = array() ) {
		return self::url( '/api/v1/sites/' . rawurlencode( Options::get( 'site' ) ) . $path, $query );
	}

	/**
	 * Ask with the site's key.
	 *
	 * @param string $method    GET, POST, …
	 * @param string $url       An address of `url`.
	 * @param array  $arguments More for `wp_remote_request`.
	 * @return array|\WP_Error The JSON of the answer.
	 */
	public static function ask_with_key( $method, $url, $arguments = array() ) {
		$arguments['headers']['Authorization'] = 'Bearer ' . Options::get( 'key' );
		return self::ask( $method, $url, $arguments );
	}

	/**
	 * Ask, and return the JSON of the answer.
	 *
	 * @param string $method    GET, POST, …
	 * @param string $url       An address of `url`.
	 * @param array  $arguments More for `wp_remote_request`.
	 * @return array|\WP_Error With the data `status`, `type` and `retry_after` where it refuses.
	 */
	public static function ask( $method, $url, $arguments = array() ) {
		$defaults = array(
			'method'      => $method,
			'timeout'     => self::SECONDS,
			'redirection' => 0,
		);
		$response = wp_remote_request( $url, array_merge( $defaults, $arguments ) );
		if ( is_wp_error( $response ) ) {
			return $response;
		}
		$status = wp_remote_retrieve_response_code( $response );
		$answer = json_decode( wp_remote_retrieve_body( $response ), true );
		if ( $status < 400 && is_array( $answer ) ) {
			return $answer;
		}
		return self::refusal( $response, $status, $answer );
	}

	/**
	 * Return what an answer that is no success says.
	 *
	 * @param array $response The response.
	 * @param int   $status   Its status.
	 * @param mixed $answer   What its body was as JSON.
	 */
	private static function refusal( $response, $status, $answer ) {
		/* translators: %d: a status of HTTP, such as 404 */
		$message = sprintf( __( 'There is no Leave a Reply at this address: its answer was %d.', 'leave-a-reply' ), $status );
		$type    = '';
		if ( is_array( $answer ) && isset( $answer['type'] ) ) {
			// Types are urn:problem-type:leave-a-reply:…, of which the end is what to compare.
			$parts   = explode( ':', (string) $answer['type'] );
			$type    = end( $parts );
			$message = (string) ( $answer['detail'] ?? $answer['title'] ?? $type );
		}
		$data = array(
			'status'      => $status,
			'type'        => $type,
			'retry_after' => (int) wp_remote_retrieve_header( $response, 'retry-after' ),
		);
		return new \WP_Error( 'leave_a_reply_refused', $message, $data );
	}
}
