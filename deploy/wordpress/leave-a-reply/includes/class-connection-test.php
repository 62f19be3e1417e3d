<?php
/**
 * Whether what is set works.
 *
 * @package Leave_A_Reply
 */

namespace Leave_A_Reply;

defined( 'ABSPATH' ) || exit;

/** Tries what the plugin needs of the server. Each result is a sentence and whether it is good. */
final class Connection_Test {

	/** An import that does not exist: a key that may ask for it is told so. */
	const NO_IMPORT = '/api/v1/imports/00000000-0000-4000-8000-000000000000';

	/**
	 * Return the results, in the order in which one mends them.
	 *
	 * @return array<int, array{0: bool, 1: string}>
	 */
	public static function run() {
		if ( ! Options::get( 'url' ) || ! Options::get( 'site' ) ) {
			return array( array( false, __( 'Set the address of the server and the site first.', 'leave-a-reply' ) ) );
		}
		$site = self::site();
		if ( ! $site[0] ) {
			return array( $site );
		}
		$results = array( $site );
		if ( Options::get( 'key' ) ) {
			$results[] = self::key();
		}
		if ( Options::get( 'sign_on_secret' ) ) {
			$results[] = self::sign_on();
		}
		return $results;
	}

	/** Whether there is the site, and browsers may call it from here. */
	private static function site() {
		$origin = self::origin();
		$form   = Server::ask( 'GET', Server::site_url( '/form', array( array( 'thread', home_url( '/' ) ) ) ), array( 'headers' => array( 'Origin' => $origin ) ) );
		if ( is_wp_error( $form ) && 'foreign-origin' === self::type( $form ) ) {
			/* translators: 1: the slug of a site, 2: an address such as https://blog.example */
			return array( false, sprintf( __( 'The server knows the site “%1$s”, but not that its pages are at %2$s. Add this to its origins there.', 'leave-a-reply' ), Options::get( 'site' ), $origin ) );
		}
		if ( is_wp_error( $form ) ) {
			return array( false, $form->get_error_message() );
		}
		if ( ! isset( $form['form_token'] ) ) {
			return array( false, __( 'There is no Leave a Reply at this address.', 'leave-a-reply' ) );
		}
		return array( true, __( 'The server answers, and knows the site and where its pages are.', 'leave-a-reply' ) );
	}

	/** Whether the key is good for imports. */
	private static function key() {
		$import = Server::ask_with_key( 'GET', Server::url( self::NO_IMPORT ) );
		$status = is_wp_error( $import ) ? ( $import->get_error_data()['status'] ?? 0 ) : 200;
		if ( 404 === $status && '' !== self::type( $import ) ) {
			return array( true, __( 'The key is good for importing comments.', 'leave-a-reply' ) );
		}
		/* translators: %s: what the server says */
		return array( false, sprintf( __( 'The key: %s', 'leave-a-reply' ), is_wp_error( $import ) ? $import->get_error_message() : '' ) );
	}

	/** Whether a token for whoever asks is taken. */
	private static function sign_on() {
		$request = array(
			'headers' => array( 'Content-Type' => 'application/json' ),
			'body'    => wp_json_encode( array( 'token' => Sign_On::token() ) ),
		);
		$reader = Server::ask( 'POST', Server::site_url( '/sign-on' ), $request );
		if ( is_wp_error( $reader ) ) {
			/* translators: %s: what the server says */
			return array( false, sprintf( __( 'Single sign-on: %s', 'leave-a-reply' ), $reader->get_error_message() ) );
		}
		/* translators: %s: the name of whoever is logged in */
		return array( true, sprintf( __( 'Single sign-on works: you are %s there.', 'leave-a-reply' ), $reader['name'] ?? '' ) );
	}

	/**
	 * Return the end of a refusal's type.
	 *
	 * @param \WP_Error $error The refusal.
	 */
	private static function type( $error ) {
		return $error->get_error_data()['type'] ?? '';
	}

	/** Return the origin of this site's pages, as browsers send it. */
	private static function origin() {
		$home = wp_parse_url( home_url() );
		return $home['scheme'] . '://' . $home['host'] . ( isset( $home['port'] ) ? ':' . $home['port'] : '' );
	}
}
